"""Cases with something that waits for a decision, for the tests of the panels."""

from __future__ import annotations

from datetime import timedelta

from helpers.bureau import Office
from helpers.every_node import open_node
from zhixing_desktop.services import work
from zhixing_desktop.workflow.views import Key

NOTICE, QUERY = Key(7, "case"), Key(3, "case")
WHY = "被执行人下落不明，现已查明新的送达地址"
LATE = "2024-06-26T09:00"
NAMES = ("乙建强", "丙文博", "丁小平", "戊丽娟")


def frozen_notices(office: Office, count: int, first: int = 9300) -> list[tuple[int, int]]:
    """Cases whose 执行通知 is frozen, each with its application: case and number."""
    cases = [office.register(first + n, NAMES[n % len(NAMES)]) for n in range(count)]
    for case in cases:
        open_node(office, case, NOTICE.node)
    office.at(LATE).sweep()
    return [(case, apply(office, case, NOTICE)) for case in cases]


def frozen_query(office: Office, number: int = 9400) -> tuple[int, int]:
    """A case whose first network query is frozen, which 中院 unfreezes."""
    case = office.register(number, "己")
    office.fill(case, 1)
    office.fill(case, 2)
    office.at(office.clock.now() + timedelta(days=1)).sweep()
    return case, apply(office, case, QUERY, "吴立案")


def apply(
    office: Office, case: int, key: Key, by: str | None = None, matter: str = "unfreeze"
) -> int:
    """Apply for a decision; return the application's number."""
    actor = office.actor(by) if by is not None else office.actor()
    made = work.request_approval(office.bureau, actor, case, key, matter, WHY)
    return made.facts[0].seq
