"""The rows of the tray (待归区): scans that wait until somebody says where they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import dossier_tray
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_types import SIDE, Cut
from zhixing_desktop.services.permission import may
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StaleEditError,
)

WAITING, FILED, ASIDE = "waiting", "filed", "aside"
_INNER = "副卷中的一件材料"
_STATES = {WAITING: "待归入", FILED: "已入卷", ASIDE: "已搁置"}


class TraySource(StrEnum):
    """How a scan came into the tray."""

    FOLDER = "folder"
    STACK = "stack"
    DROPPED = "dropped"
    PASTED = "pasted"

    @property
    def label(self) -> str:
        """The word for it."""
        return _SOURCES[self]


_SOURCES = {
    TraySource.FOLDER: "扫描文件夹",
    TraySource.STACK: "整批扫描",
    TraySource.DROPPED: "拖入或者选择的文件",
    TraySource.PASTED: "粘贴",
}


@dataclass(frozen=True, slots=True)
class TrayLine:
    """A scan in the tray.

    ``cuts`` are its pages in the kept file ``digest``, upright as they will be filed; empty for a
    file without pages.  ``case_id`` where it is known to whose case it belongs.  ``item_id`` is
    what it was filed as.  ``version`` is given back with whatever is done about it.
    """

    id: int
    digest: str
    name: str
    media_type: str
    source: TraySource
    cuts: tuple[Cut, ...]
    case_id: int | None
    case_no: str
    hint: str
    state: str
    item_id: int | None
    arrived_by: str
    arrived_at: datetime
    settled_by: str
    settled_at: datetime | None
    reason: str
    version: int

    @property
    def pages(self) -> int:
        """How many pages wait."""
        return len(self.cuts)

    @property
    def state_words(self) -> str:
        """The word for its state."""
        return _STATES[self.state]

    @property
    def pages_words(self) -> str:
        """Which pages of the file it is: ``第3-5页``; empty for a file without pages."""
        return page_words([cut.page + 1 for cut in self.cuts])


def page_words(numbers: Sequence[int]) -> str:
    """Return numbers of pages in words: ``第3-5、8页``; empty for none."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
    return f"第{'、'.join(parts)}页" if parts else ""


def tray_row(conn: Connection, tray_id: int, *, lock: bool = False) -> Row:
    """Return a row of the tray; :class:`InputRefusedError` for an unknown number."""
    found = rows_where(conn, dossier_tray, "id", tray_id, lock=lock)
    if not found:
        raise InputRefusedError(
            f"待归区没有第{tray_id}号扫描件", [Problem("待归扫描件", "请核对编号，或者刷新后再试")]
        )
    return found[0]


def tray_lines(
    conn: Connection, bureau: Bureau, actor: Actor, rows: Sequence[Row]
) -> tuple[TrayLine, ...]:
    """Return rows as this person reads them: a hint names nothing of a 副卷 that he may not see."""
    inner = _inner_words(conn, bureau, actor, rows)
    types = _by_key(conn, "SELECT digest, media_type FROM files WHERE digest IN", rows, "digest")
    cases = _by_key(conn, "SELECT id, case_no FROM cases WHERE id IN", rows, "case_id")
    return tuple(
        _line(
            {**row, "hint": _covered(row["hint"], inner.get(row["case_id"], ()))},
            types.get(row["digest"], ""),
            cases.get(row["case_id"], ""),
        )
        for row in rows
    )


def hint_for(conn: Connection, bureau: Bureau, actor: Actor, row: Row) -> str:
    """Return what was noticed on a scan, as this person may read it."""
    inner = _inner_words(conn, bureau, actor, [row])
    return _covered(row["hint"], inner.get(row["case_id"], ()))


def _inner_words(
    conn: Connection, bureau: Bureau, actor: Actor, rows: Sequence[Row]
) -> dict[int, list[tuple[str, str]]]:
    """Return by case what of its 副卷 this person may not read: names, and why things left it.

    Asked as it stands now: a thing may have been put into the 副卷 after the hint was written.
    """
    found: dict[int, list[tuple[str, str]]] = {}
    for case_id in {row["case_id"] for row in rows if row["case_id"] is not None and row["hint"]}:
        if not may(conn, bureau, actor, "dossier.side", case=case_id):
            things = ask(
                conn,
                "SELECT name, reason FROM dossier_items WHERE case_id = ? AND side = ?",
                (case_id, SIDE),
            )
            # The longest first: a name may be a part of another one.
            found[case_id] = sorted(map(tuple, things), key=lambda one: -len(one[0]))
    return found


def _covered(hint: str, inner: Sequence[tuple[str, str]]) -> str:
    for name, reason in inner:
        hint = hint.replace(f"“{name}”", _INNER)
        if reason:
            hint = hint.replace(f"（{reason}）", "")
    return hint


def _by_key(conn: Connection, question: str, rows: Sequence[Row], column: str) -> dict[Any, str]:
    keys = sorted({row[column] for row in rows if row[column] is not None})
    if not keys:
        return {}
    return dict(map(tuple, ask(conn, f"{question} ({', '.join('?' * len(keys))})", keys)))


def _line(row: Row, media_type: str, case_no: str) -> TrayLine:
    return TrayLine(
        id=row["id"],
        digest=row["digest"],
        name=row["name"],
        media_type=media_type,
        source=TraySource(row["source"]),
        cuts=cuts_of(row),
        case_id=row["case_id"],
        case_no=case_no,
        hint=row["hint"],
        state=row["state"],
        item_id=row["item_id"],
        arrived_by=row["arrived_by"],
        arrived_at=row["arrived_at"],
        settled_by=row["settled_by"] or "",
        settled_at=row["settled_at"],
        reason=row["reason"],
        version=row["version"],
    )


def cuts_of(row: Row) -> tuple[Cut, ...]:
    """Return the pages of a row."""
    return tuple(Cut(*cut) for cut in row["cuts"])


def same_pages(conn: Connection, digest: str, cuts: Sequence[Cut]) -> Row | None:
    """Return the row of the same pages of the same file, whatever became of it."""
    wanted = [cut.page for cut in cuts]
    for row in rows_where(conn, dossier_tray, "digest", digest, order="id"):
        if [cut[1] for cut in row["cuts"]] == wanted:
            return row
    return None


def filed_pages(conn: Connection, digest: str) -> dict[tuple[int, ...], int]:
    """Return which pages of a file are in dossiers already, each set with the item's number."""
    rows = ask(
        conn,
        "SELECT item_id, originals, cuts FROM dossier_versions WHERE originals LIKE ? ORDER BY id",
        (f'%"{digest}"%',),
    )
    return {_own_pages(digest, *map(_json, row[1:])): row[0] for row in rows}


def _own_pages(digest: str, originals: list[str], cuts: list[list[int]]) -> tuple[int, ...]:
    return tuple(page for source, page, _ in cuts if originals[source] == digest)


def _json(text: Any) -> Any:
    from json import loads

    return loads(text) if isinstance(text, str) else text


def refuse_settled(row: Row, yours: int) -> None:
    """Raise where a row was dealt with or changed since it was looked at.

    ``RuleRefusedError`` says what became of it, ``StaleEditError`` has both versions.
    """
    if row["state"] != WAITING:
        raise RuleRefusedError(
            f"“{row['name']}”{_STATES[row['state']]}（{row['settled_by']}），不在待归之列，"
            "请刷新列表。",
            data={"kind": row["state"], "tray": row["id"], "item": row["item_id"]},
        )
    if row["version"] != yours:
        raise StaleEditError(
            f"“{row['name']}”刚刚被别人改动过（您看到的是第{yours}版，现在是第{row['version']}版）。"
            "没有归入，请刷新后核对再办。",
            data={"kind": "stale", "yours": yours, "theirs": row["version"], "tray": row["id"]},
        )


def new_tray_row(
    bureau: Bureau,
    conn: Connection,
    who: str,
    digest: str,
    name: str,
    source: TraySource,
    cuts: Sequence[Cut],
    case_id: int | None,
    hint: str,
) -> Row:
    """Return a row that waits, without its number."""
    return {
        "digest": digest,
        "cuts": [[0, cut.page, cut.turn] for cut in cuts],
        "name": name,
        "source": source.value,
        "pages": len(cuts),
        "case_id": case_id,
        "hint": hint,
        "state": WAITING,
        "item_id": None,
        "arrived_by": who,
        "arrived_at": bureau.database.now(conn),
        "settled_by": None,
        "settled_at": None,
        "reason": "",
        "version": 1,
    }
