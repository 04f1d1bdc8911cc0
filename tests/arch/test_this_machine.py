"""What ``tools/setup.sh`` promises about the machine, seen from Qt."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

OPEN_A_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("执行立案")
label.show()
app.processEvents()
sys.exit(0 if app.platformName() == "xcb" and label.isVisible() else 1)
"""


def test_qt_finds_a_font_for_chinese(qapp: QApplication) -> None:
    assert QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese) != []


@pytest.mark.e2e
@pytest.mark.skipif(sys.platform != "linux", reason="X11 is the display of Linux")
def test_a_window_opens_on_a_real_display() -> None:
    """Offscreen hides a missing library of the X11 plug-in; this does not."""
    environment = os.environ | {"QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-c", OPEN_A_WINDOW],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the scripts are for Linux")
@pytest.mark.parametrize("script", ["tools/setup.sh", "tools/check.sh", ".ci/run"])
def test_the_scripts_can_be_run(script: str) -> None:
    path = Path(__file__).parents[2] / script
    assert os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0
