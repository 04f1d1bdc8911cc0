"""From starting the program to a list of cases that can be used, on a bureau of 300 cases.

The sign-in lies between; its password is compared with a cheap hash (a test's), so what is measured
is the program and not the Argon2id of a real bureau.

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
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD, give_accounts

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
    # Whoever sits there presses Enter at once: the sample's password and a cheap hash.
    dialog = shell.desk and shell.desk.gate.dialog
    if dialog is not None and not dialog.password.text():
        print("asked", flush=True)
        dialog.password.setText(sys.argv[3])
        dialog.try_enter()
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


def seconds(code: str, words: tuple[str, ...], *arguments: str) -> list[float]:
    """Return the times from the start of a process to each of its words."""
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
        took = []
        for expected in words:
            word = process.stdout.readline()
            took.append(perf_counter() - begin)
            if word != f"{expected}\n":
                raise RuntimeError(f"the window did not come up: {word!r}")
        process.communicate(timeout=60)
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
        give_accounts(bureau)
        bureau.close()
        make(path, CASES)
        ours, asked, bare = [], [], []
        for _ in range(times):
            where = (f"sqlite:///{path}", OFFICER.name, SAMPLE_PASSWORD)
            first, last = seconds(OURS, ("asked", "ready"), *where)
            asked.append(first)
            ours.append(last)
            bare += seconds(BARE, ("ready",))
    mine, its = statistics.median(ours), statistics.median(bare)
    door = statistics.median(asked)
    print(
        f"start to the sign-in: {door * 1000:.0f} ms, {door / its:.2f} x; "
        f"from there to a usable list: {(mine - door) * 1000:.0f} ms"
    )
    print(
        f"start to a usable list: {mine * 1000:.0f} ms (best {min(ours) * 1000:.0f}); "
        f"bare window with SQLAlchemy {its * 1000:.0f} ms; {mine / its:.2f} x"
    )


if __name__ == "__main__":
    main()
