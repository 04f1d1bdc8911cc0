"""The workstation's own file: defaults, round trip, torn files, atomic writing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from zhixing_desktop import settings
from zhixing_desktop.settings import Settings, load_settings, save_settings
from zhixing_desktop.workflow.errors import StoreError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home of the workstation"
    monkeypatch.setenv(settings.HOME_VARIABLE, str(folder))
    return folder


def test_first_start_has_a_local_database_and_writes_nothing(home: Path) -> None:
    found = load_settings()
    assert found.database_url == f"sqlite:///{home / 'zhixing.db'}"
    assert (found.last_user, found.font_scale, found.theme) == ("", 100, "system")
    assert not home.exists()


def test_what_is_saved_comes_back(home: Path) -> None:
    given = Settings(
        database_url="postgresql://court/zhixing",
        files_dir="/srv/files",
        scan_folder="/srv/scans",
        last_user="张承办",
        font_scale=125,
        theme="dark",
        layout={"splitter": "AAAA"},
    )
    save_settings(given)
    assert load_settings() == given
    assert [path.name for path in home.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["{torn", "[1, 2]", "\ufeff\x00", '"a word"'])
def test_a_torn_file_is_put_aside_and_the_program_starts(home: Path, text: str) -> None:
    home.mkdir()
    (home / "settings.json").write_text(text, "utf-8")
    assert load_settings().font_scale == 100
    assert (home / "settings.json.broken").read_text("utf-8") == text
    assert not (home / "settings.json").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("font_scale", 999),
        ("font_scale", True),
        ("font_scale", "100"),
        ("theme", "pink"),
        ("last_user", 7),
        ("layout", {"a": 1}),
        ("of_a_later_version", "x"),
    ],
)
def test_a_value_that_makes_no_sense_stands_at_its_default(
    home: Path, name: str, value: object
) -> None:
    home.mkdir()
    (home / "settings.json").write_text(json.dumps({name: value, "database_url": "x"}), "utf-8")
    assert load_settings() == Settings(database_url="x")


def test_a_failed_write_leaves_the_old_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_settings(Settings(last_user="张承办"))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="没有保存"):
        save_settings(Settings(last_user="孙法官"))
    assert load_settings().last_user == "张承办"
    assert [path.name for path in home.iterdir()] == ["settings.json"]


def test_without_the_variable_the_users_own_folders_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(settings.HOME_VARIABLE, raising=False)
    assert settings.config_dir().name == "zhixing"
    assert settings.log_file().name == "zhixing.log"
