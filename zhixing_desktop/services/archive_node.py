"""What the steps of archiving enter at node 44 (归档)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.documents.duties import Duties
from zhixing_desktop.dossier.retention import Retention
from zhixing_desktop.services import dossier_duties, paper_duties
from zhixing_desktop.services.archive_types import ARCHIVING, ArchiveCheck
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import may
from zhixing_desktop.workflow import decide
from zhixing_desktop.workflow.completeness import (
    EMPTY,
    current_value,
    fields_in_play,
    items_in_play,
    materials_in_play,
    missing,
    papers_in_play,
)
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import ItemEntry, NewFact
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.facts import FIELDS, NOTHING, State
from zhixing_desktop.workflow.new_facts import after
from zhixing_desktop.workflow.views import CaseView

COMPLETE, MENDED = "材料齐全", "缺件已补齐"
_DONE = (State.DONE, State.DONE_LATE)
_RENEWED = frozenset({"dossier_check_result", "main_volume_pages", "side_volume_pages",
                      "images_made_on", "images_uploaded_on"})  # fmt: skip
"""What a package made anew says anew; the rest stays as it was entered."""
_OF_RECEIPT = ("archive_number", "archive_received_by")
"""Beside the day of archiving: what a return takes back."""


def of_package(
    found: ArchiveCheck,
    ctx: Context,
    retention: Retention,
    filed_by: str,
    *,
    again: bool,
    first_filed: datetime | None,
) -> dict[str, Any]:
    """Return the fields that a package brings.

    Whether the dossier is complete is only said where the check found nothing at all; ``again``
    tells that an earlier package was returned.  ``first_filed``: when the first thing came into the
    dossier; one that began before 报结 was made along with the case (随案生成).
    """
    today = ctx.now.date().isoformat()
    values: dict[str, Any] = {
        "dossier_checked_on": today,
        "catalogued_on": today,
        "images_made_on": today,
        "retention_period": retention.label,
        "main_volume_pages": found.main,
        "side_volume_pages": found.side,
        "filed_by": filed_by,
    }
    if not any(problem.where == "三卷一致" for problem in found.problems):
        values["dossier_check_result"] = MENDED if again else COMPLETE
    closing = ctx.index.event("closing_requested", ARCHIVING.subject)
    if first_filed is not None and closing is not None and first_filed <= closing.recorded_at:
        values["dossier_generated"] = True
    return {name: value for name, value in values.items() if value}


def entered(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    ctx: Context,
    view: CaseView,
    values: Mapping[str, Any],
    *,
    archived: bool = False,
) -> tuple[list[NewFact], tuple[str, ...]]:
    """Return the facts that a step brings at node 44, and in words what was entered and what not.

    With ``archived`` both work items are done, with papers and materials, and the node is completed
    where nothing is missing then: 归档 is all that it is about.  What the node refuses does not
    keep the step from being taken.
    """
    node = view.instances.get(ARCHIVING)
    if node is None or node.state in _DONE:
        return [], ()
    items = _items(ctx) if archived else {}
    duty = Duties(ARCHIVING, _new(ctx, values), items)
    duties = paper_duties.allowed(conn, bureau, actor, ctx, [duty])
    made, notes = dossier_duties.facts_or_notes(ctx, view, duties)
    told = paper_duties.notes_of(ctx, duties) if made else ()
    notes = [note.removeprefix("材料已经入卷；") for note in notes]
    if archived:
        ended, said = _completed(conn, bureau, actor, ctx, made)
        made, notes = [*made, *ended], [*notes, said]
    return made, (*told, *notes)


def _completed(
    conn: Connection, bureau: Bureau, actor: Actor, ctx: Context, made: Sequence[NewFact]
) -> tuple[list[NewFact], str]:
    """Return what completes node 44 after some facts, or nothing; and in words which it was."""
    then = after(ctx, made)
    name = f"节点{ARCHIVING.node}“{then.rulebook.nodes[ARCHIVING.node].name}”"
    lacking = missing(then, ARCHIVING)
    if lacking:
        names = "、".join(f"“{entry.label}”" for entry in lacking)
        return [], f"{name}还没有办结，缺少{names}。请补录后办结。"
    if not may(conn, bureau, actor, "node.complete", case=ctx, key=ARCHIVING):
        return [], f"{name}已经齐备，请有权的人员办结。"
    try:
        return decide.complete(then, view_of(then), ARCHIVING, ctx.now), f"{name}已经办结。"
    except RuleRefusedError as refusal:
        return [], f"{name}没有办结：{refusal.sentence}"


def reopened(ctx: Context, points: Sequence[str]) -> tuple[list[NewFact], tuple[str, ...]]:
    """Return the facts that open node 44 again when the archive gives a package back.

    What was entered with an earlier receipt (the day, the number, who took it) is taken back with
    the reason, and so is the completion.  The fifteen days are those that run from 报结 (节点四十四
    完成时限); a return does not begin new ones.
    """
    reason = f"档案部门退回：{'；'.join(points)}"
    made: list[NewFact] = []
    done = ctx.index.completed.get(ARCHIVING)
    if done is not None:
        made += decide.withdraw(ctx, done.seq, reason)
    archived = ctx.index.event("archived", ARCHIVING.subject)
    if archived is not None:
        made += decide.withdraw(after(ctx, made), archived.seq, reason)
    values = ctx.index.values.get(ARCHIVING, NOTHING)
    gone = {name: None for name in _OF_RECEIPT if values.get(name) not in EMPTY}
    if gone:
        fields = {"values": gone}
        subject, node = ARCHIVING.subject, ARCHIVING.node
        made.append(NewFact(FIELDS, subject, ctx.now, node, fields, None, reason))
    if not made:
        return [], ()
    name = ctx.rulebook.nodes[ARCHIVING.node].name
    return made, (f"节点{ARCHIVING.node}“{name}”重新打开，归档期限仍自报结起算。",)


def _new(ctx: Context, values: Mapping[str, Any]) -> dict[str, Any]:
    spec = ctx.rulebook.nodes[ARCHIVING.node]
    fields = {field.name: field for field in fields_in_play(ctx, spec, ARCHIVING.subject)}
    found = {}
    for name, value in values.items():
        if name not in fields:
            continue
        there = current_value(ctx, ARCHIVING, fields[name])
        if there in EMPTY or (name in _RENEWED and there != value):
            found[name] = value
    return found


def _items(ctx: Context) -> dict[int, ItemEntry]:
    spec = ctx.rulebook.nodes[ARCHIVING.node]
    done = ctx.index.items.get(ARCHIVING, {})
    today = ctx.now.date().isoformat()
    entries = {}
    for item in items_in_play(ctx, spec, ARCHIVING.subject):
        before = done.get(item.item)
        papers = before.data.get("papers", {}) if before is not None else {}
        wanted = dict.fromkeys(papers_in_play(ctx, item, ARCHIVING.subject), today)
        entries[item.item] = ItemEntry(
            before.happened_at if before is not None else ctx.now,
            papers={**wanted, **papers},
            materials=_materials(ctx, item.item),
        )
    return entries


def _materials(ctx: Context, item: int) -> Sequence[str]:
    spec = ctx.rulebook.nodes[ARCHIVING.node]
    there = materials_in_play(ctx, spec, ARCHIVING.subject)
    return tuple(material.name for material in there if material.item == item)
