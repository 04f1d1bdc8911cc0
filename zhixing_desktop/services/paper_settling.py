"""A paper settled: everything that its issue asks for checked, all that is wrong told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from zhixing_desktop.services.bureau import Bureau, Row
from zhixing_desktop.services.paper_making import Made, Numbered, make, next_number
from zhixing_desktop.services.paper_places import Place, approval_of, locate, minor_bar
from zhixing_desktop.services.paper_rows import case_papers
from zhixing_desktop.services.paper_types import (
    ISSUED,
    ApprovalLine,
    PaperWish,
)
from zhixing_desktop.services.papers import Opened, open_case, wish_of
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.day_words import date_words
from zhixing_desktop.workflow.errors import (
    Cite,
    InputRefusedError,
    Problem,
    RuleRefusedError,
)


def settled(
    conn: Connection, bureau: Bureau, opened: Opened, place: Place, wish: PaperWish
) -> tuple[Made, Numbered]:
    """Check everything and return the paper as it would be issued now.

    Raises ``RuleRefusedError`` (not approved, never for a minor), :class:`InputRefusedError` naming
    all that is missing and every day that cannot be.
    """
    ctx = opened.ctx
    day = wish.day or ctx.now.date()
    barred = minor_bar(ctx, bureau.papers.laws(bureau.rules), place, day)
    if barred is not None:
        raise barred
    number = next_number(conn, ctx, place.form, opened.row["id"], day)
    _refuse_unapproved(ctx, place, case_papers(conn, opened.row["id"]))
    made = make_settled(conn, bureau, opened, place, wish, number, day, draft=False)
    problems = [*_day_problems(ctx, place, day)]
    problems += [
        Problem(gap.label, f"“{gap.label}”还没有，请填写：{gap.place}", data={"gap": gap.source})
        for gap in made.gaps
    ]
    if problems:
        listed = "；".join(problem.sentence.rstrip("。") for problem in problems)
        raise InputRefusedError(
            f"《{place.form.name}》没有签发，有{len(problems)}处需要补正：{listed}。", problems
        )
    return made, number


def settled_draft(conn: Connection, bureau: Bureau, row: Row) -> Made:
    """Return a kept draft as it would be issued now; raises as :func:`settled`."""
    opened = open_case(conn, bureau, row["case_id"])
    wish = wish_of(row)
    place = locate(bureau, opened.ctx, opened.view, wish)
    return settled(conn, bureau, opened, place, wish)[0]


def foreseen(conn: Connection, bureau: Bureau, row: Row) -> Made:
    """Return an issued paper as it would be made anew today, nothing checked and nothing written.

    For what is drawn before the step that makes the old one void: in it ``settled_draft`` checks,
    and gives the same paper where nothing has changed meanwhile.  No number is given out by it.
    """
    opened = open_case(conn, bureau, row["case_id"])
    wish = replace(wish_of(row), day=None)
    place = locate(bureau, opened.ctx, opened.view, wish)
    day = opened.ctx.now.date()
    number = next_number(conn, opened.ctx, place.form, opened.row["id"], day)
    return make_settled(conn, bureau, opened, place, wish, number, day, draft=False)


def make_settled(
    conn: Connection,
    bureau: Bureau,
    opened: Opened,
    place: Place,
    wish: PaperWish,
    number: Numbered,
    day: date | None,
    *,
    draft: bool,
) -> Made:
    """Return a paper with its number and day; ``draft``: what is missing does not matter yet."""
    return make(
        conn,
        bureau,
        opened.ctx,
        opened.view,
        place,
        wish,
        case_id=opened.row["id"],
        number=number.words,
        day=day or opened.ctx.now.date(),
        draft=draft,
    )


def _refuse_unapproved(ctx: Context, place: Place, rows: Sequence[Row]) -> None:
    approval = approval_of(ctx, place)
    if approval is None or approval.presented:
        return
    data = {"matter": approval.matter, "status": approval.status, "request": approval.request}
    cite = _cite_of(ctx, approval)
    if approval.status != "granted":
        raise RuleRefusedError(
            f"《{place.form.name}》须经批准才能签发：{approval.label}（{approval.words}）。"
            f"请先在节点{approval.node}申请审批。",
            cite=cite,
            data=data,
        )
    used = [
        row
        for row in rows
        if row["state"] == ISSUED
        and row["form"] == place.form.key
        and row["about"] == place.about
        and row["request_seq"] == approval.request
        and (row["node"], row["subject"]) == tuple(place.key)
    ]
    if used:
        raise RuleRefusedError(
            f"第{approval.request}号批准已经用于《{used[-1]['name']}》{used[-1]['number']}，"
            "一项批准只能签发一份。需要重新制作的，先作废原来的；另有一件的，另行申请。",
            cite=cite,
            data={**data, "paper": used[-1]["id"]},
        )


def _cite_of(ctx: Context, approval: ApprovalLine) -> Cite | None:
    spec = ctx.rulebook.nodes[approval.node]
    for entry in spec.approvals:
        if entry.matter == approval.matter:
            return entry.cite
    return spec.unfreeze.cite if spec.unfreeze is not None else None


def _day_problems(ctx: Context, place: Place, day: date) -> list[Problem]:
    today = ctx.now.date()
    if day > today:
        return [Problem("文书日期", f"文书日期不能在将来（{date_words(day)}）")]
    filed = ctx.index.event("case_filed", subjects.CASE)
    # What is handed out when the application comes in may be older than the filing.
    first = ctx.index.opened_at if place.key.node == 1 or filed is None else filed.happened_at
    if first is not None and day < first.date():
        words = "收到申请" if filed is None or place.key.node == 1 else "立案"
        sentence = f"文书日期（{date_words(day)}）早于{words}之日（{date_words(first.date())}）"
        return [Problem("文书日期", sentence)]
    return []
