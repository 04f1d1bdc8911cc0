"""A row of the list in the words it is drawn with; made off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import CaseLine, CaseQuery, count, page
from zhixing_desktop.services.due_words import day_words, days_left, days_left_words
from zhixing_desktop.services.sight import why_nothing
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.money import format_money


class Column(IntEnum):
    """The columns from left to right."""

    CASE_NO = 0
    PARTIES = 1
    OFFICER = 2
    NODE = 3
    DUE = 4
    STATE = 5
    AMOUNT = 6


HEADERS = ("案号", "当事人", "承办人", "当前节点", "最近期限", "状态", "标的（元）")
COMPACT_HEADERS = ("案号／当事人", *HEADERS[1:3], "当前节点／承办人", *HEADERS[4:])
SORT_NAMES = ("case_no", "parties", "officer", "node", "due", "state", "amount")
NO_OFFICER = "未分案"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row: the words of its columns, and what decides its colours.

    ``urgency`` is ``overdue``, ``warned`` or empty; ``due_day`` and ``due_left`` are the two halves
    of the due words, ``provisional`` tells that the day rests on a year not yet announced.
    """

    id: int
    texts: tuple[str, ...]
    state: State
    urgency: str
    due_day: str
    due_left: str
    provisional: bool
    tooltip: str


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the database: how many rows there are in all, and some of them.

    ``why`` says why a person sees none at all, empty where he may see some.
    """

    total: int
    blocks: dict[int, tuple[CaseRow, ...]]
    why: str = ""


def row_of(line: CaseLine, now: datetime, doubtful: Callable[[date], bool]) -> CaseRow:
    """Return a row in words; ``doubtful`` tells whether the calendar of a day is provisional."""
    due_day = due_left = urgency = ""
    provisional = False
    if line.closed_at is not None:
        due_day = f"{line.closing_way or '已结'}"
        due_left = f"{day_words(line.closed_at, now)}结案"
    elif line.next_due_at is not None:
        due_day = day_words(line.next_due_at, now)
        due_left = days_left_words(line.next_due_at, now)
        provisional = doubtful(line.next_due_at.date())
        left = days_left(line.next_due_at, now)
        if line.next_due_at < now:
            urgency = "overdue"
        elif left == 0 or line.state is State.WARNED:
            urgency = "warned"
    doubt = "暂定" if provisional else ""
    due = f"{due_day}（{due_left}）{doubt}" if due_day else "—"
    node = f"{line.current_node} {line.current_node_name}" if line.current_node else "—"
    amount = format_money(line.amount, unit=False) if line.amount is not None else "—"
    officer = line.officer or NO_OFFICER
    state = "已结" if line.closed_at is not None else line.state.label
    texts = (line.case_no, line.parties, officer, node, due, state, amount)
    tooltip = "\n".join(
        f"{head}：{text}" for head, text in zip(HEADERS, texts, strict=True) if text
    )
    return CaseRow(line.id, texts, line.state, urgency, due_day, due_left, provisional, tooltip)


def read_page(
    bureau: Bureau, actor: Actor, query: CaseQuery, blocks: tuple[int, ...], size: int
) -> Page:
    """Read the number of rows and some blocks of ``size`` rows each."""
    now = bureau.database.now()
    doubtful = bureau.rules.calendar.is_provisional
    found: dict[int, tuple[CaseRow, ...]] = {}
    for block in blocks:
        part = CaseQuery(
            filter=query.filter,
            search=query.search,
            officer_id=query.officer_id,
            sort=query.sort,
            descending=query.descending,
            offset=block * size,
            limit=size,
        )
        found[block] = tuple(row_of(line, now, doubtful) for line in page(bureau, actor, part))
    total = count(bureau, actor, query)
    return Page(total, found, "" if total else why_nothing(bureau, actor))
