"""Cases of the sample that end in a rarer way, one of each.

Each takes the place of what the case's own chance would have brought, so that the others stay as
they are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from zhixing_desktop.exchange.case_list import CaseRow
from zhixing_desktop.services.sample_assets import money
from zhixing_desktop.services.sample_closing import close, completed, restrict
from zhixing_desktop.services.sample_script import Script, beginning, filing, searching

Plan = Callable[[Script], None]
_OLD_ENOUGH = timedelta(days=270)
_EARLIEST = 60


class Specials:
    """The rarer endings that are still to be shown."""

    def __init__(self) -> None:
        self._open: list[tuple[Callable[[CaseRow], bool], Plan]] = [
            (_of_court, dismissed),
            (_of_arbitration, not_enforced),
            (_of_court, restriction_lifted),
        ]

    def take(self, place: int, row: CaseRow, now: datetime) -> Plan | None:
        """Return how the case at ``place`` goes if it is to show a rarer ending, else None."""
        plain = row.kind == "first" and not row.is_non_litigation and row.content == ("money",)
        if place < _EARLIEST or not plain or now - row.filed_at < _OLD_ENOUGH:
            return None
        for number, (fits, plan) in enumerate(self._open):
            if fits(row):
                del self._open[number]
                return plan
        return None


def _of_court(row: CaseRow) -> bool:
    return row.basis_type == "民事判决书"


def _of_arbitration(row: CaseRow) -> bool:
    return row.basis_type == "仲裁裁决书"


def dismissed(s: Script) -> None:
    """The application does not meet the conditions: dismissed by a ruling."""
    _reviewed(s, "驳回申请")


def not_enforced(s: Script) -> None:
    """An award that is not enforced (不予执行)."""
    _reviewed(s, "不予执行")


def _reviewed(s: Script, way: str) -> None:
    filing(s)
    s.wait(1, 2)
    s.done(5, 1, 2, 3)
    s.story.refused = way
    s.done(6, 1)
    s.wait(1, 3)
    close(s, way, {}, ())


def restriction_lifted(s: Script) -> None:
    """The debtor pays after he was restricted; the restriction is lifted, the case closed."""
    filing(s)
    beginning(s)
    searching(s)
    restrict(s, listed=False)
    s.wait(5, 20)
    money(s, int(s.row.amount))
    for number in range(1, s.debtors + 1):
        ground = {s.label(36, "restriction_lift_ground"): "执行完毕"}
        day = datetime.combine(s.t.date(), time())
        s.say("解除限制消费", 36, f"debtor/{number}", ground, at=day)
    completed(s)
