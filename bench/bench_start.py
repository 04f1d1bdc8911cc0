"""From starting the program to a list of cases that can be used, on a bureau of 300 cases.

    .venv/bin/python bench/bench_start.py [--times 7]

Beside it in the same run: a bare PySide6 window with SQLAlchemy imported, twice which is the goal.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from bench_list import make
from bench_steps import bureau_at
from case_script import OFFICER, START, staff

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services.rules import load_rules

CASES = 300

OURS = """
import sys
from datetime import datetime
from zhixing_desktop.lasting import lasting
with lasting():  # as the command does
    from zhixing_desktop import app
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.settings import Settings
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QTableView

url, user = sys.argv[1:3]
application = app.make_application(sys.argv[:1])
app.apply_theme("system")
shell = app.Shell(application, Settings(), FixedClock(datetime(2026, 3, 2, 9)), "test")
shell.start(url, user)

def look():
    window = shell.desk and shell.desk.window
    for view in window.findChildren(QTableView) if window else ():
        if view.isVisible() and view.model() and view.model().rowCount() >= 100:
            view.grab()
            print("ready", flush=True)
            timer.stop()
            window.close()
            return

timer = QTimer()
timer.timeout.connect(look)
timer.start(2)
application.exec()
"""

BARE = """
import sys
import sqlalchemy
from PySide6.QtWidgets import QApplication, QWidget

application = QApplication(sys.argv[:1])
window = QWidget()
window.resize(1280, 800)
window.show()
window.grab()
print("ready", flush=True)
application.quit()
"""


def seconds(code: str, *arguments: str) -> float:
    """Return the time from the start of a process to its word."""
    home = tempfile.gettempdir()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": home}
    begin = perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        word = process.stdout.readline()
        took = perf_counter() - begin
        process.communicate(timeout=60)
    if word != "ready\n":
        raise RuntimeError(f"the window did not come up: {word!r}")
    return took


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=7)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "bureau.db"
        bureau = bureau_at(path, FixedClock(START), load_rules(resources_dir()))
        staff(bureau)
        bureau.close()
        make(path, CASES)
        ours, bare = [], []
        for _ in range(times):
            ours.append(seconds(OURS, f"sqlite:///{path}", OFFICER.name))
            bare.append(seconds(BARE))
    mine, its = statistics.median(ours), statistics.median(bare)
    print(
        f"start to a usable list: {mine * 1000:.0f} ms (best {min(ours) * 1000:.0f}); "
        f"bare window with SQLAlchemy {its * 1000:.0f} ms; {mine / its:.2f} x"
    )


if __name__ == "__main__":
    main()
