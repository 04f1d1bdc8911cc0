"""Where the paper volumes are: handed over, given back, overdue; each step with its slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    Cell,
    Paper,
    Paragraph,
    Signature,
    Signer,
    Style,
    Table,
    text_of,
)
from zhixing_desktop.documents.blocks import Row as TableRow
from zhixing_desktop.models.dossier_tables import dossier_moves, dossier_volumes
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_front import volume_title
from zhixing_desktop.services.dossier_types import SIDE, SIDES
from zhixing_desktop.services.dossier_volume_rows import refuse_stale_volume, volume_rows
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.paper_files import draw_one
from zhixing_desktop.services.paper_types import PDF_ENDING
from zhixing_desktop.services.permission import may, permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.services.sight import ask_sight
from zhixing_desktop.workflow.day_words import date_words, time_words
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

HANDED, BACK = "handed", "back"
_KINDS = {HANDED: "交出", BACK: "归还"}
_MOVE = "dossier.move"
_ROOM = "　　　　　　　　"
"""Room to sign in."""


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A step in the life of a paper volume; ``kind`` is ``handed`` or ``back``."""

    id: int
    kind: str
    from_holder: str
    to_holder: str
    place: str
    purpose: str
    due_on: date | None
    who: str
    at: datetime

    @property
    def label(self) -> str:
        """The word for it."""
        return _KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class WhereLine:
    """Where a paper volume is; ``overdue``: it should have been given back before today.

    ``version`` is to be given back with a step.
    """

    volume_id: int
    side: str
    number: int
    title: str
    holder: str
    place: str
    due_on: date | None
    overdue: bool
    version: int
    moves: tuple[MoveLine, ...]


def hand_over(
    bureau: Bureau, actor: Actor, volume_id: int, to_holder: str, purpose: str,
    due_on: date | None = None, place: str = "", *, version: int,
) -> MoveLine:  # fmt: skip
    """Record that somebody takes a paper volume; ``due_on``: until when it is lent.

    Raises ``NotAllowedError``, :class:`InputRefusedError` naming everything that is wrong,
    ``StaleEditError``.
    """
    return _move(
        bureau, actor, volume_id, HANDED, to_holder.strip(), purpose.strip(), due_on,
        place.strip(), version,
    )  # fmt: skip


def give_back(
    bureau: Bureau, actor: Actor, volume_id: int, *, place: str = "", version: int
) -> MoveLine:
    """Record that a paper volume is with the one who acts again; raises as :func:`hand_over`."""
    return _move(bureau, actor, volume_id, BACK, actor.name, "归还", None, place.strip(), version)


def where(bureau: Bureau, actor: Actor, case: str | int) -> tuple[WhereLine, ...]:
    """Return where a case's paper volumes are, with all their steps, the newest first.

    Raises ``NotAllowedError`` for a case that he may not see; 副卷 is left out for whoever may not.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        ask_sight(conn, bureau, actor, row["id"])
        inner = may(conn, bureau, actor, "dossier.side", case=row["id"])
        today = bureau.database.now(conn).date()
        found = []
        for side in SIDES:
            volumes = volume_rows(conn, row["id"], side)
            if side == SIDE and not inner:
                continue
            for volume in volumes:
                kept = rows_where(conn, dossier_moves, "volume_id", volume["id"], order="id")
                found.append(_where_line(volume, len(volumes), kept, today))
    return tuple(found)


def slip(bureau: Bureau, actor: Actor, move_id: int) -> FilePages:
    """Return the slip of a step (交接单) to look at and to print; two halves, one for each side.

    Raises ``NotAllowedError``, :class:`InputRefusedError` for an unknown step, ``StoreError``.
    """
    with bureau.database.reading() as conn:
        rows = rows_where(conn, dossier_moves, "id", move_id)
        if not rows:
            raise InputRefusedError(
                f"没有第{move_id}号交接记录。", [Problem("交接记录", "请核对编号")]
            )
        volume = _volume(conn, rows[0]["volume_id"])
        permit(conn, bureau, actor, _MOVE, case=volume["case_id"])
        case = case_store.find_case(conn, volume["case_id"])
        count = len(volume_rows(conn, case["id"], volume["side"]))
        title = volume_title(volume["side"], volume["number"], count)
        court = read_settings(conn).court.name
        paper = slip_paper(court, case["case_no"], title, volume, _line(rows[0]))
        data = draw_one(conn, bureau, paper, PDF_ENDING)
    return file_pages(f"交接单-{title}", PDF, data)


def slip_paper(court: str, case_no: str, title: str, volume: Row, move: MoveLine) -> Paper:
    """Return a slip as a paper of blocks."""
    state = "已装订" if volume["state"] == "bound" else "未装订"
    words: Sequence[tuple[str, str]] = (
        ("案　　号", case_no),
        ("卷　　册", f"{title}，{state}，编有页码{volume['pages']}页"),
        ("事　　由", f"{move.label}：{move.purpose}"),
        ("移 交 人", move.from_holder),
        ("接 收 人", move.to_holder),
        ("存放地点", move.place),
        ("归还期限", date_words(move.due_on) if move.due_on is not None else "——"),
        ("交接时间", f"{date_words(move.at.date())}{time_words(move.at)}　登记人：{move.who}"),
    )
    rows = tuple(
        TableRow((Cell((text_of(name),), label=True, align=Align.CENTER), Cell((text_of(said),))))
        for name, said in words
    )
    blocks: tuple[Block, ...] = (
        Paragraph(text_of(court), Style.COURT, Align.CENTER, first=0),
        Paragraph(text_of("卷宗交接单"), Style.TITLE, Align.CENTER, first=0),
        Paragraph(text_of(f"编号：{move.id}"), align=Align.RIGHT, first=0),
        Table((6, 32), rows),
        Paragraph(text_of("卷宗已经当面清点，页数无误，交接双方签名确认。")),
        Signature(
            (Signer("移交人", text_of(_ROOM)), Signer("接收人", text_of(_ROOM))),
            text_of(date_words(move.at.date())),
        ),
    )
    return Paper(
        "dossier-slip", "卷宗交接单", court, blocks, str(move.id), move.at.date(), dense=True,
        unnumbered=True,
    )  # fmt: skip


# ------------------------------------------------------------------------------------- the parts


def _move(
    bureau: Bureau, actor: Actor, volume_id: int, kind: str, to_holder: str, purpose: str,
    due_on: date | None, place: str, version: int,
) -> MoveLine:  # fmt: skip
    with bureau.database.writing() as conn:
        found = _volume(conn, volume_id)
        case = case_store.find_case(conn, found["case_id"], lock=True)
        permit(conn, bureau, actor, _MOVE, case=case["id"])
        volume = _volume(conn, volume_id)
        moment = bureau.database.now(conn)
        _refuse(volume, kind, to_holder, purpose, due_on, moment.date())
        refuse_stale_volume(volume, version)
        after = {
            **volume,
            "holder": to_holder,
            "place": place,
            "due_on": due_on,
            "version": version + 1,
        }
        row = {
            "volume_id": volume_id,
            "kind": kind,
            "from_holder": volume["holder"],
            "to_holder": to_holder,
            "place": place,
            "purpose": purpose,
            "due_on": due_on,
            "who": actor.name,
            "at": moment,
        }
        with recorder(conn, bureau, actor, _MOVE, case["id"]) as record:
            row["id"] = record.new_id(dossier_moves)
            record.update(dossier_volumes, {"id": volume_id}, volume, after)
            record.insert(dossier_moves, row)
    return _line(row)


def _refuse(
    volume: Row, kind: str, to_holder: str, purpose: str, due_on: date | None, today: date
) -> None:
    problems = []
    if kind == HANDED and not to_holder:
        problems.append(Problem("接收人", "请填写接收人"))
    elif to_holder == volume["holder"]:
        problems.append(Problem("接收人", f"这一册现在就在{to_holder}处，不需要交接"))
    if not purpose:
        problems.append(Problem("事由", "请填写交接的事由"))
    if due_on is not None and due_on < today:
        problems.append(Problem("归还期限", "归还期限不能早于今天"))
    if problems:
        listed = "；".join(f"{problem.where}：{problem.sentence}" for problem in problems)
        raise InputRefusedError(f"没有登记交接。{listed}", problems)


def _volume(conn: Connection, volume_id: int) -> Row:
    rows = rows_where(conn, dossier_volumes, "id", volume_id)
    if not rows:
        raise InputRefusedError(
            f"没有第{volume_id}号纸质卷册。", [Problem("卷册", "请核对编号，打印以后才有")]
        )
    return rows[0]


def _line(row: dict[str, Any] | Row) -> MoveLine:
    return MoveLine(
        row["id"], row["kind"], row["from_holder"], row["to_holder"], row["place"],
        row["purpose"], row["due_on"], row["who"], row["at"],
    )  # fmt: skip


def _where_line(volume: Row, count: int, kept: Sequence[Row], today: date) -> WhereLine:
    due = volume["due_on"]
    return WhereLine(
        volume_id=volume["id"],
        side=volume["side"],
        number=volume["number"],
        title=volume_title(volume["side"], volume["number"], count),
        holder=volume["holder"],
        place=volume["place"],
        due_on=due,
        overdue=due is not None and due < today,
        version=volume["version"],
        moves=tuple(_line(row) for row in reversed(kept)),
    )
