"""What the tests of the command line share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def clean_environment(tmp_path: Path) -> dict[str, str]:
    """An environment without anybody's settings, database or clock."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ZHIXING_")}
    root = str(Path(__file__).resolve().parents[2])
    return {**kept, "ZHIXING_HOME": str(tmp_path / "home"), "PYTHONPATH": root}
