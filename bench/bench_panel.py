"""The deciders' panel with 2,000 waiting items: opening, going on, and what holds up the window.

Also 督办 and 待他人决定 with as many each.

    .venv/bin/python bench/bench_panel.py [--items 2000] [--rounds 9]

Beside it in the same run: the same rows on bare sqlite3.  Goals: the list stands there in 100 ms
and three times its raw query; the window's own thread is never busy for more than 50 ms.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from bench_steps import raw_connection
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer

from zhixing_desktop import app
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.types import moment_text
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import people, supervision, waiting, work
from zhixing_desktop.services.bureau import Actor, Bureau, open_bureau
from zhixing_desktop.services.decision_sheet import decision_sheet
from zhixing_desktop.services.sample import SAMPLE_NOW, make_sample
from zhixing_desktop.ui.approvals.list_tab import ListTab
from zhixing_desktop.ui.approvals.waiting_list import place_of
from zhixing_desktop.ui.approvals.window import DecisionsWindow
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.workflow.views import Key

CHIEF = "梁宏伟"
PAGE = 200
OPEN_MS, TIMES, BLOCK_MS = 100.0, 3.0, 50.0
_ROWS = (
    "SELECT w.*, c.case_no, c.parties_text, s.name FROM waiting w JOIN cases c ON c.id = w.case_id "
    "LEFT JOIN staff s ON s.id = c.officer_id WHERE w.level = 'local' AND w.due_roles IN "
    "('执行局长', '执行局长、主管院领导') AND w.requested_by <> ? "
    "ORDER BY w.frozen_at IS NULL, w.frozen_at, w.due_at IS NULL, w.due_at, w.requested_at, "
    "w.case_id, w.request_seq LIMIT 200"
)
_COUNTS = (
    "SELECT matter, count(*) FROM waiting w JOIN cases c ON c.id = w.case_id WHERE w.level = "
    "'local' AND w.due_roles IN ('执行局长', '执行局长、主管院领导') GROUP BY matter"
)


_SUPERVISED = (
    "SELECT i.*, c.case_no, c.parties_text, s.name, EXISTS (SELECT 1 FROM waiting w WHERE "
    "w.case_id = i.case_id AND w.node = i.node AND w.subject = i.subject) FROM instances i "
    "JOIN cases c ON c.id = i.case_id LEFT JOIN staff s ON s.id = c.officer_id "
    "WHERE c.closed_at IS NULL AND (i.state = 'frozen' OR (i.state = 'overdue' AND i.node IN "
    "(23, 26))) ORDER BY i.frozen_at IS NULL, i.frozen_at, i.due_at IS NULL, i.due_at, i.id "
    "LIMIT 200"
)
_SUPERVISED_COUNT = (
    "SELECT count(*) FROM instances i JOIN cases c ON c.id = i.case_id WHERE c.closed_at IS NULL "
    "AND (i.state = 'frozen' OR (i.state = 'overdue' AND i.node IN (23, 26)))"
)
_AWAY = (
    "SELECT w.*, c.case_no, c.parties_text, s.name FROM waiting w JOIN cases c ON c.id = w.case_id "
    "LEFT JOIN staff s ON s.id = c.officer_id WHERE w.level <> 'local' AND w.stage <> '' "
    "ORDER BY w.frozen_at IS NULL, w.frozen_at, w.due_at IS NULL, w.due_at, w.requested_at, "
    "w.case_id, w.request_seq LIMIT 200"
)
_AWAY_COUNT = "SELECT count(*) FROM waiting WHERE level <> 'local' AND stage <> ''"


def fill_lists(path: Path, wanted: int) -> None:
    """Let many nodes be frozen, each announced, and as many letters be on their way."""
    conn = sqlite3.connect(path)
    cases = [row[0] for row in conn.execute("SELECT id FROM cases WHERE closed_at IS NULL")]
    frozen, told, letters = [], [], []
    for number in range(wanted):
        case, subject = cases[number % len(cases)], f"asset/{1000 + number}"
        at = moment_text(SAMPLE_NOW - timedelta(minutes=number))
        due = moment_text(SAMPLE_NOW - timedelta(minutes=number, seconds=1))
        frozen.append((case, 23, subject, 1, "frozen", at, at))
        told.append((case, 23, subject, 1, "23-a", "freeze", due, at, at, "[]", ""))
        letters.append(
            (case, 200_000 + number, 23, subject, "unfreeze", "higher", "", "forwarded", "某", at,
             at, 0)
        )  # fmt: skip
    for table, columns, rows in (
        ("instances", "case_id, node, subject, occurrence, state, opened_at, frozen_at", frozen),
        (
            "alerts",
            "case_id, node, subject, occurrence, limit_id, step, due_at, legal_at, noticed_at, "
            "recipients, sentence",
            told,
        ),
        (
            "waiting",
            "case_id, request_seq, node, subject, matter, level, due_roles, stage, requested_by, "
            "requested_at, frozen_at, urges",
            letters,
        ),
    ):
        marks = ", ".join("?" * len(rows[0]))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
        conn.executemany(statement, rows)
    conn.commit()
    conn.execute("ANALYZE")
    conn.close()


def lists(bureau: Bureau, actor: Actor, path: Path, rounds: int) -> None:
    """Measure a page of 督办 and of 待他人决定 with their counts, and their pages in the window."""
    conn = raw_connection(path)

    def away() -> None:
        waiting.pending_at_others(bureau, actor)
        waiting.count_at_others(bureau, actor)

    pairs: tuple[tuple[str, Callable[[], Any], tuple[str, str]], ...] = (
        (
            "督办, first page   ",
            lambda: supervision.supervised(bureau, actor),
            (_SUPERVISED, _SUPERVISED_COUNT),
        ),
        ("待他人决定, first  ", away, (_AWAY, _AWAY_COUNT)),
    )
    for name, ours, statements in pairs:
        mine, its = beside(ours, partial(_asked, conn, statements), rounds)
        good = "" if mine <= TIMES * its else "   TOO SLOW"
        print(f"{name}   {mine:8.2f} ms   raw {its:8.2f} ms   {mine / its:5.2f} x{good}")
    conn.close()
    bridge, watch = Bridge(), Watch()
    made = DecisionsWindow(bureau, bridge, lambda: actor)
    made.resize(1366, 728)
    made.show()
    until(lambda: bridge.pending == 0)
    for name, tab in (("督办", made.supervision), ("待他人决定", made.away)):
        opened, blocks = [], []
        for _ in range(rounds):
            made.tabs.setCurrentIndex(0)
            until(lambda: bridge.pending == 0)
            tab.lines.clear()
            watch.start()
            begin = perf_counter()
            made.tabs.setCurrentWidget(tab)
            until(partial(_filled, tab))
            tab.table.repaint()
            opened.append(perf_counter() - begin)
            blocks.append(watch.stop())
        good = "" if median(opened) <= OPEN_MS else "   TOO SLOW"
        print(
            f"{name} stands there   {median(opened):8.2f} ms{good}, "
            f"busy {statistics.median(blocks):.2f} ms at a time"
        )
    made.close()
    until(lambda: bridge.pending == 0)
    bridge.close()


def _asked(conn: sqlite3.Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        conn.execute(statement).fetchall()


def _filled(tab: ListTab) -> bool:
    return bool(tab.lines)


def fill(path: Path, wanted: int) -> None:
    """Let many more applications wait: rows beside the real ones, later than they."""
    conn = sqlite3.connect(path)
    cases = [row[0] for row in conn.execute("SELECT id FROM cases ORDER BY id")]
    there = conn.execute("SELECT count(*) FROM waiting").fetchone()[0]
    rows = []
    for number in range(max(wanted - there, 0)):
        at = moment_text(SAMPLE_NOW - timedelta(minutes=number) / 10)
        frozen = at if number % 3 else None
        case, request = cases[number % len(cases)], 100_000 + number
        roles = "执行局长、主管院领导"
        rows.append(
            (
                case,
                request,
                7,
                "case",
                "unfreeze",
                "local",
                roles,
                "",
                "某",
                at,
                frozen,
                at,
                None,
                0,
            )
        )
    marks = ", ".join("?" * 14)
    conn.executemany(f"INSERT INTO waiting VALUES ({marks})", rows)  # noqa: S608
    conn.commit()
    conn.execute("ANALYZE")
    conn.close()


def apply(bureau: Bureau) -> None:
    """Let the officers of the sample apply for what is frozen, so that the first items are real."""
    with bureau.database.reading() as conn:
        found = conn.exec_driver_sql(
            "SELECT i.case_id, i.node, i.subject, s.name FROM instances i "
            "JOIN cases c ON c.id = i.case_id JOIN staff s ON s.id = c.officer_id "
            "WHERE i.state = 'frozen' AND i.node IN (7, 17, 31, 32) AND c.closed_at IS NULL "
            "ORDER BY i.frozen_at LIMIT 20"
        ).all()
    for case, node, subject, officer in found:
        actor = people.find_person(bureau, officer).actor()
        why = "送达地址核实耗时较长，现已查明"
        work.request_approval(bureau, actor, case, Key(node, subject), "unfreeze", why)


class Watch(QObject):
    """Ticks without a pause; how long the window's own thread worked between two ticks.

    Its own time, so that what else the machine does makes little difference.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest = self._since = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin anew."""
        self.longest, self._since = 0.0, thread_time()
        self._timer.start(0)

    def stop(self) -> float:
        """Return the longest work at a time, in milliseconds."""
        self._tick()
        self._timer.stop()
        return self.longest * 1000

    def _tick(self) -> None:
        now = thread_time()
        self.longest, self._since = max(self.longest, now - self._since), now


def until(true: Callable[[], bool]) -> None:
    """Let the window work until something holds."""
    while not true():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def median(times: list[float]) -> float:
    """Return the middle one, in milliseconds."""
    return statistics.median(times) * 1000


def beside(ours: Callable[[], Any], raw: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """Measure both in turns."""
    mine: list[float] = []
    its: list[float] = []
    for _ in range(rounds):
        for job, kept in ((ours, mine), (raw, its)):
            begin = perf_counter()
            job()
            kept.append(perf_counter() - begin)
    return median(mine), median(its)


def questions(bureau: Bureau, actor: Actor, path: Path, rounds: int) -> None:
    """Measure what the panel asks when it opens, and the sheet of one application."""
    conn = raw_connection(path)

    def ours() -> None:
        waiting.waiting_for(bureau, actor)
        waiting.waiting_by_matter(bureau, actor)

    def raw() -> None:
        conn.execute(_ROWS, (actor.name,)).fetchall()
        conn.execute(_COUNTS).fetchall()

    mine, its = beside(ours, raw, rounds)
    good = "" if mine <= TIMES * its else "   TOO SLOW"
    print(f"first page and counts {mine:8.2f} ms   raw {its:8.2f} ms   {mine / its:5.2f} x{good}")
    first = waiting.waiting_for(bureau, actor)[0]
    place = place_of(first)
    mine, its = beside(
        lambda: decision_sheet(bureau, actor, *place),
        lambda: conn.execute("SELECT * FROM facts WHERE case_id = ?", place[:1]).fetchall(),
        rounds,
    )
    print(f"sheet of one item     {mine:8.2f} ms   raw {its:8.2f} ms (the case's facts)")
    conn.close()


def _listed(made: DecisionsWindow) -> bool:
    return bool(made.panel.list.waiting.rows)


def _shows_other(made: DecisionsWindow, before: object) -> bool:
    return made.panel.content is not before


def window(bureau: Bureau, actor: Actor, rounds: int) -> None:
    """Measure the window: until the list stands there, until everything does, the next item."""
    bridge, watch = Bridge(), Watch()
    listed, whole, following, blocks = [], [], [], []
    for _ in range(rounds):
        watch.start()
        begin = perf_counter()
        made = DecisionsWindow(bureau, bridge, lambda: actor)
        made.resize(1366, 728)
        made.show()
        until(partial(_listed, made))
        made.panel.list.repaint()
        listed.append(perf_counter() - begin)
        until(partial(_shows_other, made, None))
        made.panel.repaint()
        whole.append(perf_counter() - begin)
        blocks.append(watch.stop())
        watch.start()
        begin, before = perf_counter(), made.panel.content
        made.panel.list.setCurrentIndex(made.panel.list.waiting.index(1))
        until(partial(_shows_other, made, before))
        made.panel.repaint()
        following.append(perf_counter() - begin)
        blocks.append(watch.stop())
        made.close()
        until(lambda: bridge.pending == 0)
        QCoreApplication.processEvents()
    opened = median(listed)
    print(f"the list stands there {opened:8.2f} ms{'' if opened <= OPEN_MS else '   TOO SLOW'}")
    print(f"the first sheet, too  {median(whole):8.2f} ms")
    print(f"the next item         {median(following):8.2f} ms")
    # The first window of a run also loads fonts and styles, which the program has long done.
    worst, usual = max(blocks[2:]), statistics.median(blocks)
    good = "" if usual <= BLOCK_MS else "   TOO LONG"
    print(f"the window was busy   {usual:8.2f} ms at a time, at most {worst:.2f} ms{good}")
    bridge.close()


def open_sample(path: Path) -> Bureau:
    """Open the sample at its present."""
    return open_bureau(
        f"sqlite:///{path}",
        clock=FixedClock(SAMPLE_NOW),
        resources=resources_dir(),
        workstation="bench",
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app.make_application(sys.argv[:1])
    app.apply_theme("light")
    with tempfile.TemporaryDirectory() as name:
        path = make_sample(Path(name))
        bureau = open_sample(path)
        apply(bureau)
        bureau.close()
        fill(path, given.items)
        bureau = open_sample(path)
        actor = people.find_person(bureau, CHIEF).actor()
        print(f"{waiting.count_waiting(bureau, actor)} items wait for {CHIEF}")
        questions(bureau, actor, path, given.rounds)
        window(bureau, actor, given.rounds)
        bureau.close()
        fill_lists(path, given.items)
        bureau = open_sample(path)
        lists(bureau, actor, path, given.rounds)
        bureau.close()


if __name__ == "__main__":
    main()
