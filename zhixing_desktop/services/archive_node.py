"""What the steps of archiving enter at node 44 (归档)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.documents.duties import Duties
from zhixing_desktop.dossier.retention import Retention
from zhixing_desktop.services import dossier_duties, paper_duties
from zhixing_desktop.services.archive_types import ARCHIVING, ArchiveCheck
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.workflow.completeness import (
    EMPTY,
    current_value,
    fields_in_play,
    items_in_play,
    materials_in_play,
    papers_in_play,
)
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import ItemEntry, NewFact
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import CaseView

COMPLETE, MENDED = "材料齐全", "缺件已补齐"
_DONE = (State.DONE, State.DONE_LATE)
_RENEWED = frozenset({"dossier_check_result", "main_volume_pages", "side_volume_pages",
                      "images_made_on"})  # fmt: skip
"""What a package made anew says anew; the rest stays as it was entered."""


def of_package(
    found: ArchiveCheck, ctx: Context, retention: Retention, filed_by: str, *, again: bool
) -> dict[str, Any]:
    """Return the fields that a package brings.

    Whether the dossier is complete is only said where the check found nothing at all; ``again``
    tells that an earlier package was returned.
    """
    today = ctx.now.date().isoformat()
    values = {
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

    With ``archived`` both work items are done, with papers and materials.  What the node refuses
    does not keep the step from being taken.
    """
    node = view.instances.get(ARCHIVING)
    if node is None or node.state in _DONE:
        return [], ()
    items = _items(ctx) if archived else {}
    duty = Duties(ARCHIVING, _new(ctx, values), items)
    duties = paper_duties.allowed(conn, bureau, actor, ctx, [duty])
    made, notes = dossier_duties.facts_or_notes(ctx, view, duties)
    told = paper_duties.notes_of(ctx, duties) if made else ()
    return made, (*told, *(note.removeprefix("材料已经入卷；") for note in notes))


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
            ctx.now,
            papers={**wanted, **papers},
            materials=_materials(ctx, item.item),
        )
    return entries


def _materials(ctx: Context, item: int) -> Sequence[str]:
    spec = ctx.rulebook.nodes[ARCHIVING.node]
    there = materials_in_play(ctx, spec, ARCHIVING.subject)
    return tuple(material.name for material in there if material.item == item)
