"""The dialog of every node: how long it keeps the window waiting until it stands there.

    .venv/bin/python bench/bench_dialogs.py [--cases 120] [--rounds 9]

Beside each in the same run: a bare dialog with as many plain labels and lines as the node has
fields, work items, papers, notices and materials.  The goal is less than 50 ms.  What counts is the
time of the window's own thread, so that a busy machine makes little difference.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import thread_time

from PySide6.QtWidgets import QApplication, QDialog, QGridLayout, QLabel, QLineEdit, QWidget

from zhixing_desktop import app
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import case_list, cases, people
from zhixing_desktop.services.bureau import Actor, Bureau, open_bureau
from zhixing_desktop.services.node_saving import Place, read_opening
from zhixing_desktop.services.sample import SAMPLE_NOW, make_sample
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.node_dialog import NodeDialog
from zhixing_desktop.workflow.rulebook import NodeSpec
from zhixing_desktop.workflow.views import Key

GOAL_MS = 50.0


def chief(bureau: Bureau) -> Actor:
    """Return somebody who sees every case."""
    return next(p for p in people.all_people(bureau) if "执行局长" in p.roles).actor()


def places(bureau: Bureau) -> dict[int, tuple[int, Key]]:
    """Return a case and an instance for each node that the sample knows."""
    found: dict[int, tuple[int, Key]] = {}
    actor = chief(bureau)
    for line in case_list.page(bureau, actor, case_list.CaseQuery(filter="all", limit=500)):
        for key in cases.detail(bureau, actor, line.id).view.instances:
            found.setdefault(key.node, (line.id, key))
    return found


def pieces(spec: NodeSpec) -> int:
    """Return how many things a person can fill in."""
    inner = sum(2 + len(item.papers) + len(item.notify) for item in spec.work_items)
    return len(spec.fields) + inner + len(spec.materials)


def bare(count: int, host: QWidget) -> QDialog:
    """Return a dialog with ``count`` labels and lines."""
    dialog = QDialog(host)
    grid = QGridLayout(dialog)
    for row in range(count):
        grid.addWidget(QLabel("栏目名称"), row, 0)
        grid.addWidget(QLineEdit(), row, 1)
    return dialog


def timed(make: Callable[[], QDialog], rounds: int) -> float:
    """Return the median of making a dialog and opening it, in milliseconds."""
    spent = []
    for _ in range(rounds + 2):
        begun = thread_time()
        dialog = make()
        dialog.open()
        spent.append((thread_time() - begun) * 1000)
        QApplication.processEvents()
        dialog.done(0)
        dialog.deleteLater()
        QApplication.sendPostedEvents(None, 52)  # deferred deletes
        QApplication.processEvents()
    return statistics.median(spent[2:])


def main() -> None:
    """Print the figures, the slowest node first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app.make_application(sys.argv[:1])
    with tempfile.TemporaryDirectory() as name:
        database = make_sample(Path(name), cases=options.cases, progress=lambda _: None)
        bureau = open_bureau(
            f"sqlite:///{database}",
            clock=FixedClock(SAMPLE_NOW),
            resources=resources_dir(),
            workstation="bench",
        )
        bridge, host = Bridge(), QWidget()
        host.show()
        rows = []
        for node, (case, key) in sorted(places(bureau).items()):
            place = Place(bureau, chief(bureau), case, key)
            opening = read_opening(place)
            count = pieces(bureau.rules.book.nodes[node])
            ours = timed(lambda: NodeDialog(bridge, place, opening, host), options.rounds)  # noqa: B023 - called at once
            raw = timed(lambda: bare(count, host), options.rounds)  # noqa: B023 - called at once
            rows.append((ours, raw, node, count))
        bridge.close()
        bureau.close()
    slow = [row for row in rows if row[0] >= GOAL_MS]
    print(f"{len(rows)} nodes, {len(slow)} of them at or above {GOAL_MS:.0f} ms")
    for ours, raw, node, count in sorted(rows, reverse=True)[:10]:
        print(f"node {node:2}  {count:3} pieces  {ours:6.1f} ms  bare {raw:5.1f} ms")


if __name__ == "__main__":
    main()
