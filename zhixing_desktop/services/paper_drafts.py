"""Drafts of papers: kept and changed with their answers, nothing of the case's data; made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.tables import papers
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.paper_held import locked, refuse_stale, refuse_state
from zhixing_desktop.services.paper_making import Numbered
from zhixing_desktop.services.paper_new_rows import draft_row, remember
from zhixing_desktop.services.paper_places import locate
from zhixing_desktop.services.paper_rows import case_papers, one_line
from zhixing_desktop.services.paper_settling import make_settled
from zhixing_desktop.services.paper_types import (
    DRAFT,
    VOID,
    PaperLine,
    PaperWish,
)
from zhixing_desktop.services.papers import Opened, open_case, see_whole, wish_of
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.workflow.errors import (
    RuleRefusedError,
)


def keep_draft(bureau: Bureau, actor: Actor, wish: PaperWish) -> PaperLine:
    """Keep a paper as a draft: its answers, nothing of the case's data.

    What is missing does not matter yet.  Raises ``NotAllowedError``, :class:`InputRefusedError`
    (no such form or subject, answers that are wrong).
    """
    with bureau.database.writing() as conn:
        case_store.find_case(conn, wish.case, lock=True)
        opened = open_case(conn, bureau, wish.case)
        row = keep_row(conn, bureau, actor, opened, wish, replaces=None)
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], row)


def keep_row(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    opened: Opened,
    wish: PaperWish,
    replaces: int | None,
) -> Row:
    place = locate(bureau, opened.ctx, opened.view, wish)
    permit(conn, bureau, actor, "paper.draft", case=opened.ctx, key=place.key)
    see_whole(conn, bureau, actor, opened.row["id"])
    made = make_settled(conn, bureau, opened, place, wish, Numbered(), wish.day, draft=True)
    with recorder(conn, bureau, actor, "paper.draft", opened.row["id"]) as record:
        row = draft_row(record, conn, bureau, actor, opened, place, wish, made)
        row |= {"state": DRAFT, "day": wish.day, "replaces_id": replaces}
        # What was not typed is taken from the case each time anew.
        row |= {"asked": dict(made.typed), "enclosed": list(wish.enclosed or ())}
        record.insert(papers, row)
    remember(conn, bureau, actor, place, opened.row["id"], wish.asked, made)
    return row


def change_draft(
    bureau: Bureau,
    actor: Actor,
    paper_id: int,
    asked: Mapping[str, Any],
    day: date | None = None,
    *,
    version: int,
) -> PaperLine:
    """Set the answers of a kept draft; ``version`` is the row's that was looked at.

    Raises :class:`StaleEditError` with both versions, else as :func:`keep_draft`.
    """
    with bureau.database.writing() as conn:
        before, opened = locked(conn, bureau, paper_id)
        wish = replace(wish_of(before), asked=asked, day=day)
        place = locate(bureau, opened.ctx, opened.view, wish)
        permit(conn, bureau, actor, "paper.draft", case=opened.ctx, key=place.key)
        see_whole(conn, bureau, actor, opened.row["id"])
        refuse_stale(before, version, asked)
        refuse_state(before, DRAFT, "修改")
        if before["edited"]:
            raise RuleRefusedError(
                f"《{before['name']}》已经取回改过的 Word 作为定稿，填写项不再生效。"
                "要改填写项的，先放弃定稿。",
                data={"kind": "edited", "paper": paper_id},
            )
        made = make_settled(conn, bureau, opened, place, wish, Numbered(), day, draft=True)
        after = {**before, "asked": dict(made.typed), "day": day, "version": version + 1}
        with recorder(conn, bureau, actor, "paper.draft", before["case_id"]) as record:
            record.update(papers, {"id": paper_id}, before, after)
        remember(conn, bureau, actor, place, before["case_id"], asked, made)
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], after)


def again(bureau: Bureau, actor: Actor, paper_id: int) -> PaperLine:
    """Keep a draft with the answers of a void paper, which it replaces once it is issued.

    Raises ``RuleRefusedError`` where the paper is not void or has been made again already.
    """
    with bureau.database.writing() as conn:
        before, opened = locked(conn, bureau, paper_id)
        row = again_in(conn, bureau, actor, (before, opened))
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], row)


def again_in(conn: Connection, bureau: Bureau, actor: Actor, held: tuple[Row, Opened]) -> Row:
    """Do the same within a writing transaction that has :func:`locked` the paper."""
    before, opened = held
    if before["state"] != VOID:
        raise RuleRefusedError(
            f"《{before['name']}》{before['number']}没有作废，先作废才能重新制作。",
            data={"kind": before["state"]},
        )
    rows = case_papers(conn, before["case_id"])
    later = [r for r in rows if r["replaces_id"] == before["id"] and r["state"] != VOID]
    if later:
        raise RuleRefusedError(
            f"《{before['name']}》已经重新制作（第{later[-1]['id']}号文书）。",
            data={"kind": "again", "paper": later[-1]["id"]},
        )
    wish = replace(wish_of(before), day=None)
    return keep_row(conn, bureau, actor, opened, wish, replaces=before["id"])
