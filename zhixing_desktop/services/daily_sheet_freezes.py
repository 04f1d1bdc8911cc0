"""The day's freezes in three figures: what froze, what was lifted, what stands.

Counted from the journal's changes of state: yesterday's standing ones and what froze, less what
was lifted, are today's.  Announcements alone would count a freeze that was lifted at noon as one
that the chief still has in the evening.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, func, select, type_coerce

from zhixing_desktop.models.tables import instances, journal
from zhixing_desktop.workflow.facts import State

FROZE, LIFTED, STANDING = "新冻结", "解冻", "现冻结节点"
_FROZEN = State.FROZEN.value


def freezes_of_day(conn: Connection, begin: datetime, end: datetime) -> tuple[tuple[str, int], ...]:
    """Return how many nodes froze and how many were lifted in a time, and how many stand now."""
    # Of the day's rows only those in which some state is or was the frozen one are read whole.
    told = type_coerce(journal.c.payload, Text).contains(f'"{_FROZEN}"')
    question = select(journal.c.payload).where(journal.c.at >= begin, journal.c.at < end, told)
    froze = lifted = 0
    for payload in conn.execute(question).scalars():
        for before, after in _states(payload):
            froze += after == _FROZEN != before
            lifted += before == _FROZEN != after
    # Of closed cases, too: closing lifts no freeze (X3), and node 43 may have frozen before it.
    standing = select(func.count()).where(instances.c.state == _FROZEN)
    return ((FROZE, froze), (LIFTED, lifted), (STANDING, int(conn.execute(standing).scalar_one())))


def _states(changes: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the state before and after of each instance whose state a journal row changed."""
    for change in changes:
        if change.get("table") != instances.name:
            continue
        if change["op"] == "insert_many":
            place = list(change["columns"]).index("state")
            yield from (("", str(row[place])) for row in change["rows"])
            continue
        before, after = change["before"] or {}, change["after"] or {}
        if "state" in before or "state" in after:
            yield str(before.get("state", "")), str(after.get("state", ""))
