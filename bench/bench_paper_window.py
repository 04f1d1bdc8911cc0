"""Papers at the workstation: the first preview and later ones, an issue, a batch in the window.

    .venv/bin/python bench/bench_paper_window.py [--papers 1000] [--rounds 9]

Goals: the first preview after a click in 150 ms (forms and fonts are read at the start of the
window, ``papers.warm_up``), and the window's thread never busy for more than 50 ms: neither while a
paper's window opens and follows what is typed, nor while ``BatchWindow`` is opened, a form is
chosen, all cases are ticked, the papers are issued and another form is chosen.  What counts there
is the thread time of each turn of the event loop, so that a busy machine makes little difference.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, thread_time
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from helpers.bureau import Office, make_bureau
from helpers.paper_forms import court_forms, lend
from zhixing_desktop import app
from zhixing_desktop.services import papers, work
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.case_list import CaseQuery
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.papers.batch_window import BatchWindow
from zhixing_desktop.ui.papers.dialog import PaperDialog
from zhixing_desktop.ui.papers.many import MOST_CASES, Act
from zhixing_desktop.workflow.views import Key

_T = TypeVar("_T")
FIRST_MS, BLOCK_MS = 150.0, 50.0
NOTICE, BATCH = "07-enforcement-notice", "01-batch"
LONGEST = "43-current-termination-ruling"
"""The form with the most to be filled in and to be told."""
_FORM = """---
name: 批量通知书
kind: notice
nodes: [1]
number: case
signs: 立案人员
seal: 院印
dossier: {first: 8, resumed: 8, preservation: 11}
basis: 试验用
---
@title
@flush {{ case.creditor_names }}：
你与{{ case.debtor_names }}一案的申请已经收到。
@sign
@day
@seal 院印
@end
"""


def milliseconds(act: Callable[[], object]) -> float:
    begun = perf_counter()
    act()
    return (perf_counter() - begun) * 1000


def previews(office: Office, rounds: int) -> bool:
    """Measure previews of the court's own notice, drawn as a PDF, and issues; tell of the goal."""
    bureau = office.bureau
    case = office.register(1, debtor="乙建强", cause="民间借贷纠纷", basis="（2023）豫0811民初1号")
    for node in (1, 2, 3, 4):
        office.fill(case, node)
    key = Key(7, "case")
    work.record_work(bureau, office.actor(), case, key, {"performance_until": "2024-03-20"}, {})
    court_forms(bureau)
    cold = milliseconds(lambda: papers.warm_up(bureau))
    wish = PaperWish(case, NOTICE, key, "debtor/1")

    def preview() -> None:
        papers.draw_preview(bureau, papers.preview(bureau, office.actor(), wish))

    first = milliseconds(preview)
    later = statistics.median(milliseconds(preview) for _ in range(rounds))
    print(f"warm_up {cold:.0f} ms; first preview {first:.0f} ms, later {later:.0f} ms")
    return first <= FIRST_MS


def openings(office: Office, rounds: int) -> bool:
    """Measure how long the window's thread is busy while a paper's window opens and follows."""
    bureau, actor, case = office.bureau, office.actor(), office.case_ids[0]
    bridge, met = Bridge(), True
    for form, key, about in (
        (NOTICE, Key(7, "case"), "debtor/1"),
        (LONGEST, Key(43, "case"), ""),
    ):
        wish, turns = PaperWish(case, form, key, about), Turns()
        for _ in range(rounds):
            _open_once(bridge, PaperDialog(bureau, bridge, lambda: actor, wish), turns)
        print(f"window of {form}: longest turns in ms: {turns.words()}")
        met = met and turns.longest_of_all <= BLOCK_MS
    bridge.close()
    return met


def _open_once(bridge: Bridge, dialog: PaperDialog, turns: Turns) -> None:
    turns.of("shown", dialog.show)
    turns.until("filled", lambda: bridge.pending == 0)
    turns.of("typed", dialog.making.changed.emit)
    turns.until("followed", lambda: not dialog.live.waiting and bridge.pending == 0)
    dialog.drafting.settle()
    turns.until("kept", lambda: bridge.pending == 0)
    dialog.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def batch(office: Office, folder: Path, count: int) -> bool:
    """Issue many papers in the window; tell whether its thread was free enough."""
    bureau, filer = office.bureau, office.actor("吴立案")
    lend(bureau, folder / "papers", **{BATCH: _FORM})
    for number in range(2, count + 2):
        office.register(number)
    wishes = [PaperWish(case, BATCH) for case in office.case_ids[1:10]]
    alone = statistics.median(milliseconds(lambda w=w: issue(bureau, filer, w)) for w in wishes)
    print(f"an issue {alone:.0f} ms")
    bridge, turns = Bridge(), Turns()
    query = CaseQuery(filter="all", sort="case_no")
    window = turns.of("made", lambda: BatchWindow(bureau, bridge, lambda: filer, query))
    turns.of("shown", window.show)
    turns.until("filled", lambda: bridge.pending == 0)
    turns.of("form chosen", lambda: window.choose_form(BATCH))
    turns.of("none ticked", window.none.click)
    turns.of("all ticked", window.all.click)
    turns.until("painted", lambda: bridge.pending == 0)
    begun = perf_counter()
    turns.of("begun", lambda: window.start(Act.ISSUE))
    turns.until("issued", lambda: not window.chain.running and bridge.pending == 0)
    spent = perf_counter() - begun
    turns.of("another form", lambda: window.form.setCurrentIndex(0))
    turns.until("painted again", lambda: bridge.pending == 0)
    rows, longest = window.cases.rowCount(), turns.longest_of_all
    print(f"batch: longest turns of the window in ms: {turns.words()}")
    print(
        f"{rows} papers in one batch: {spent:.0f} s, {len(window.issued)} issued; "
        f"longest turn of all {longest:.1f} ms (goal <= {BLOCK_MS:.0f})"
    )
    window.close()
    bridge.close()
    return longest <= BLOCK_MS


class Turns:
    """How long the window's own thread was busy, by what was done: ``longest`` in milliseconds."""

    def __init__(self) -> None:
        self.longest: dict[str, float] = {}

    @property
    def longest_of_all(self) -> float:
        return max(self.longest.values())

    def words(self) -> str:
        return ", ".join(f"{what} {spent:.1f}" for what, spent in self.longest.items())

    def of(self, what: str, act: Callable[[], _T]) -> _T:
        """Measure an act, and the turn of the event loop after it."""
        begun = thread_time()  # which does not run on while the thread waits
        made = act()
        self._note(what, begun)
        begun = thread_time()
        QCoreApplication.processEvents()
        self._note(what, begun)
        return made

    def until(self, what: str, over: Callable[[], bool]) -> None:
        """Measure turn after turn until something is over, and the one that paints it."""
        while not over():
            begun = thread_time()
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
            self._note(what, begun)
        self.of(what, QCoreApplication.processEvents)

    def _note(self, what: str, begun: float) -> None:
        spent = (thread_time() - begun) * 1000
        self.longest[what] = max(self.longest.get(what, 0.0), spent)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=MOST_CASES)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app.make_application(sys.argv[:1])
    with tempfile.TemporaryDirectory() as name:
        office = make_bureau(Path(name))
        for key, words in (("court.name", "焦作市山阳区人民法院"), ("court.phone", "0391-1234567")):
            change_setting(office.bureau, office.actor("何管理"), key, words, "首次设置")
        met = [
            previews(office, options.rounds),
            openings(office, options.rounds),
            batch(office, Path(name), options.papers),
        ]
        office.close()
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
