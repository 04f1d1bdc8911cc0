"""What the tests of the command line share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpers.command_line import CommandLine, without_settings
from helpers.desk import rulebook
from zhixing_desktop.services import rules


@pytest.fixture
def clean_environment(tmp_path: Path) -> dict[str, str]:
    """An environment without anybody's settings, database or clock."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ZHIXING_")}
    root = str(Path(__file__).resolve().parents[2])
    return {**kept, "ZHIXING_HOME": str(tmp_path / "home"), "PYTHONPATH": root}


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> CommandLine:
    """The command line in this process, with its own settings; the rulebook is read once."""
    without_settings(monkeypatch, tmp_path)
    book = rulebook()
    monkeypatch.setattr(rules, "load_rulebook", lambda resources: book)
    return CommandLine(capsys, monkeypatch, tmp_path)
