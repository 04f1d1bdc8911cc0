"""Where the program finds its own files, in a checkout and unpacked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.errors import StoreError


def test_a_checkout_has_them_beside_the_package() -> None:
    assert (resources_dir() / "guideline").is_dir()


def test_the_one_folder_program_has_them_where_it_was_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources_dir() == tmp_path / "resources"


def test_an_incomplete_copy_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    with pytest.raises(StoreError, match="资源文件夹不见了") as refusal:
        resources_dir()
    assert refusal.value.data == {"missing": str(tmp_path / "resources")}
