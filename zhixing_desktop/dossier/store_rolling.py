"""Which kept files are read today, so that each is read at least every so many days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from zhixing_desktop.dossier.store_faults import KnownFile

DAYS = 30
PAUSE_DAYS = 10
"""The longest time that no workstation runs: the holidays of the Spring Festival with the weekends
beside them."""


def rolling(
    known_with_last_checked: Iterable[tuple[KnownFile, date | None]],
    today: date,
    days: int = DAYS,
    budget_bytes: int | None = None,
    *,
    pause_days: int = PAUSE_DAYS,
) -> tuple[KnownFile, ...]:
    """Return the files to read today, the one that waits longest first.

    Beside each file stands the day on which its bytes were last found right; the day of filing
    will do for a new one, and ``None`` means never.  A file is read before it can become older
    than ``days``, even if the program then stands still for ``pause_days``; that promise goes
    before the budget.  Up to ``budget_bytes`` the next ones follow, so that the work is spread;
    without a budget it is the daily share of all bytes.  What was read today is not read again.
    """
    waiting = [
        (date.min if checked is None else checked, row) for row, checked in known_with_last_checked
    ]
    cycle = max(days - pause_days, 1)
    total = sum(row.bytes for _, row in waiting)
    budget = -(-total // cycle) if budget_bytes is None else budget_bytes
    waiting.sort(key=lambda entry: (entry[0], entry[1].digest))
    chosen: list[KnownFile] = []
    used = 0
    for checked, row in waiting:
        due = (today - checked).days >= cycle
        full = used >= budget or (used > 0 and used + row.bytes > budget)
        if checked >= today or (full and not due):
            break
        chosen.append(row)
        used += row.bytes
    return tuple(chosen)
