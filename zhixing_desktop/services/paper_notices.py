"""Papers whose service takes effect on a later day (公告送达): entered at their nodes by the beat.

Asked at every beat, worked on once a day: ``meta`` keeps the day until which everything has been
entered.
"""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.upgrades import put_meta
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.workflow.errors import StoreError, ZhixingError

DONE = "notices_settled"
"""The word in ``meta``: the day until which services that took effect later have been entered."""
_DONE = "SELECT value FROM meta WHERE key = ?"
_DUE = (
    "SELECT s.paper_id, s.effective_on, s.entered_at FROM services_of_papers s "
    "JOIN papers p ON p.id = s.paper_id WHERE s.effective_on > ? AND s.effective_on <= ? "
    "AND s.withdrawn_by IS NULL AND p.state = 'issued' ORDER BY s.effective_on, s.id"
)
_log = logging.getLogger(__name__)


def settle_due(bureau: Bureau) -> int:
    """Enter at their nodes the services whose day has come; return how many papers were looked at.

    Nobody has to open the paper.  What is entered already is left alone, so that several
    workstations may do so at once, and again after an interruption.  A node that refuses is logged
    and keeps nobody else's from being entered.  Raises ``StoreError``.
    """
    database = bureau.database
    today = database.now().date()
    done = _done(database.ask(_DONE, (DONE,)))
    if done >= today:
        return 0
    # Either database takes a day as it is written.
    rows = database.ask(_DUE, (done.isoformat(), today.isoformat()))
    # What counted on the day it was entered was entered at the node then.
    due = list(dict.fromkeys(int(row[0]) for row in rows if _day(row[1]) > _day(row[2])))
    for paper_id in due:
        _settle(bureau, paper_id)
    with database.writing() as conn:
        if _done(ask(conn, _DONE, (DONE,))) < today:
            put_meta(conn, DONE, today.isoformat())
    return len(due)


def _settle(bureau: Bureau, paper_id: int) -> None:
    # Forms come along, which are not read on days without a notice.
    from zhixing_desktop.services.paper_serving import settle_by_time

    try:
        settle_by_time(bureau, paper_id)
    except StoreError:
        raise
    except ZhixingError as refused:
        _log.warning("service of paper %d not entered at its node: %s", paper_id, refused.sentence)


def _done(found: list[tuple[Any, ...]]) -> date:
    return _day(found[0][0]) if found else date.min


def _day(stored: object) -> date:
    return date.fromisoformat(str(stored)[:10])
