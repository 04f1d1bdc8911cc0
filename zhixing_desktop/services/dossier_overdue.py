"""What of the dossiers is overdue over the whole bureau: volumes not given back, dossiers not
archived within their time (节点四十四); paged and sorted by the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import archive_packages
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.services import traces
from zhixing_desktop.services.archive_types import ARCHIVING, HANDED, MADE, RECEIVED, RETURNED
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import search_key
from zhixing_desktop.services.dossier_types import SIDE, SIDES
from zhixing_desktop.services.permission import may, permit
from zhixing_desktop.services.sight import seen_cases
from zhixing_desktop.workflow.facts import State

PAGE = 100
ALL = 1_000_000
"""More lines than any bureau has: the whole list as one page."""
HEADINGS = (
    ("案号", 26),
    ("当事人", 36),
    ("承办人", 12),
    ("事项", 14),
    ("卷宗", 16),
    ("现在何处", 20),
    ("期限", 12),
    ("逾期天数", 10),
    ("下一步", 40),
)


class OverdueKind(StrEnum):
    """What is overdue."""

    LENT = "lent"
    ARCHIVE = "archive"

    @property
    def label(self) -> str:
        """The words for it."""
        return {OverdueKind.LENT: "借出未还", OverdueKind.ARCHIVE: "未按期归档"}[self]


class OverdueSort(StrEnum):
    """By what the list is sorted; what is longest overdue comes first in ``DUE``."""

    CASE = "case"
    PARTIES = "parties"
    OFFICER = "officer"
    KIND = "kind"
    WHAT = "what"
    HOLDER = "holder"
    DUE = "due"


_COLUMNS = {
    OverdueSort.CASE: "year {0}, type {0}, number {0}",
    OverdueSort.PARTIES: "parties {0}",
    OverdueSort.OFFICER: "officer {0}",
    OverdueSort.KIND: "kind {0}",
    OverdueSort.WHAT: "side {0}, volume {0}",
    OverdueSort.HOLDER: "holder {0}",
    OverdueSort.DUE: "due {0}",
}
_STEPS = {
    "": "核查卷宗，制作归档包",
    MADE: "把归档包和纸质卷宗移交档案部门",
    HANDED: "档案部门检查、接收或者退回",
    RETURNED: "按退回的问题整改，重新制作归档包",
    RECEIVED: "已经接收，办结节点44",
}
_ENDED = (State.DONE, State.DONE_LATE, State.NOT_APPLICABLE, State.NOT_STARTED)
# Days are text in one database and dates in the other: as text they compare the same.
_OVERDUE = (
    "SELECT 'lent' AS kind, v.id AS number_of, v.case_id AS case_id, v.side AS side, "
    "v.number AS volume, v.holder AS holder, v.place AS place, "
    "substr(CAST(v.due_on AS TEXT), 1, 10) AS due "
    "FROM dossier_volumes v WHERE v.due_on IS NOT NULL "
    "UNION ALL SELECT 'archive', i.id, i.case_id, '', 0, '', '', "
    "substr(CAST(i.due_at AS TEXT), 1, 10) FROM instances i "
    "WHERE i.node = ? AND i.due_at IS NOT NULL AND i.state NOT IN (?, ?, ?, ?)"
)
_LINE = (
    "SELECT x.kind, x.case_id, c.case_no, c.parties_text AS parties, "
    "coalesce(o.name, '') AS officer, "
    "x.side, x.volume, x.holder, x.place, x.due, x.number_of, c.year, c.type, c.number"
)
_FROM = (
    f" FROM ({_OVERDUE}) x JOIN cases c ON c.id = x.case_id "
    "LEFT JOIN staff o ON o.id = c.officer_id WHERE x.due < ? AND "
)


@dataclass(frozen=True, slots=True)
class OverdueQuery:
    """Which part of the list; ``kind`` is empty for both, ``search`` as in the list of cases."""

    kind: str = ""
    search: str = ""
    sort: OverdueSort = OverdueSort.DUE
    descending: bool = False
    offset: int = 0
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """One volume or dossier that is overdue; ``days`` since ``due_on``; ``step``: what comes next.

    ``holder`` has the volume; of a dossier it is empty.
    """

    kind: OverdueKind
    case_id: int
    case_no: str
    parties: str
    officer: str
    what: str
    holder: str
    due_on: date
    days: int
    step: str

    @property
    def words(self) -> tuple[str, ...]:
        """The line as it stands in a list, in the order of :data:`HEADINGS`."""
        return (
            self.case_no,
            self.parties,
            self.officer,
            self.kind.label,
            self.what,
            self.holder,
            self.due_on.isoformat(),
            str(self.days),
            self.step,
        )


@dataclass(frozen=True, slots=True)
class OverduePage:
    """A page of the list; ``total`` is how many the question has."""

    lines: tuple[OverdueLine, ...]
    total: int


def overdue_page(bureau: Bureau, actor: Actor, query: OverdueQuery) -> OverduePage:
    """Return a page of what is overdue in cases that the person sees.

    A volume of the 副卷 stands there only for whoever may see that.
    """
    with bureau.database.reading() as conn:
        return _page(conn, bureau, actor, query)


def export_overdue(bureau: Bureau, actor: Actor, path: Path, query: OverdueQuery) -> int:
    """Write the whole list of a question to an Excel file, journalled; return how many lines.

    An older file is replaced.  Raises ``NotAllowedError``, ``StoreError`` where it cannot be
    written.
    """
    from zhixing_desktop.exchange.plain_sheet import write_plain_sheet

    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "export.list")
        found = _page(conn, bureau, actor, replace(query, offset=0, limit=ALL))
    with traces.leaving(bureau, actor, traces.LISTED, path) as (draft, told):
        write_plain_sheet(draft, "卷宗逾期清单", HEADINGS, [line.words for line in found.lines])
        told.update({"内容": "卷宗逾期清单", "行数": found.total})
    return found.total


def _page(conn: Connection, bureau: Bureau, actor: Actor, query: OverdueQuery) -> OverduePage:
    today = bureau.database.now(conn).date()
    condition, values = _condition(conn, bureau, actor, query, today)
    start = [ARCHIVING.node, *(state.value for state in _ENDED), today.isoformat()]
    ((total,),) = ask(conn, f"SELECT count(*){_FROM}{condition}", (*start, *values))
    way = "DESC" if query.descending else "ASC"
    order = f"{_COLUMNS[query.sort].format(way)}, due, kind, number_of"
    rows = ask(
        conn,
        f"SELECT * FROM ({_LINE}{_FROM}{condition}) y ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608 - our own words
        (*start, *values, query.limit, query.offset),
    )
    return OverduePage(tuple(_lines(conn, rows, today)), int(total))


def _condition(
    conn: Connection, bureau: Bureau, actor: Actor, query: OverdueQuery, today: date
) -> tuple[str, list[Any]]:
    seen, values = seen_cases(conn, bureau, actor)
    parts, found = [seen], list(values)
    hidden = _hidden_sides(conn, bureau, actor, today)
    if hidden:
        parts.append(f"NOT (x.side = ? AND x.case_id IN ({', '.join('?' * len(hidden))}))")
        found += [SIDE, *hidden]
    if query.kind:
        parts.append("x.kind = ?")
        found.append(OverdueKind(query.kind).value)
    key = search_key(query.search)
    if key:
        for sign in "!%_":
            key = key.replace(sign, f"!{sign}")
        parts.append("c.search_text LIKE ? ESCAPE '!'")
        found.append(f"%{key}%")
    return " AND ".join(parts), found


def _hidden_sides(conn: Connection, bureau: Bureau, actor: Actor, today: date) -> list[int]:
    """Return the cases of which a volume of the 副卷 is overdue that he may not see: few."""
    rows = ask(
        conn,
        "SELECT DISTINCT case_id FROM dossier_volumes WHERE side = ? AND due_on < ?",
        (SIDE, today.isoformat()),
    )
    return [
        case_id for (case_id,) in rows if not may(conn, bureau, actor, "dossier.side", case=case_id)
    ]


def _lines(conn: Connection, rows: list[tuple[Any, ...]], today: date) -> Iterator[OverdueLine]:
    for kind, case_id, case_no, parties, officer, side, number, holder, place, due, *_ in rows:
        due_on = date.fromisoformat(due)
        lent = kind == OverdueKind.LENT
        yield OverdueLine(
            OverdueKind(kind),
            case_id,
            case_no,
            parties,
            officer,
            f"{SIDES[side]}第{number}册" if lent else "全案卷宗",
            f"{holder}　{place}".strip() if lent else "",
            due_on,
            (today - due_on).days,
            "催还，登记归还或者续借" if lent else _step(conn, case_id),
        )


def _step(conn: Connection, case_id: int) -> str:
    made = rows_where(conn, archive_packages, "case_id", case_id, order="id")
    return _STEPS[made[-1]["state"] if made else ""]
