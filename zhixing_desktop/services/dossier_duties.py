"""What a filing enters at its node: the material is there, the duty to upload is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from zhixing_desktop.documents.duties import Duties
from zhixing_desktop.services.paper_duties import facts_of
from zhixing_desktop.workflow.completeness import (
    EMPTY,
    current_value,
    fields_in_play,
    items_in_play,
    materials_in_play,
    notices_in_play,
    papers_in_play,
)
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import ItemEntry, NewFact
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.rulebook import Material, NodeSpec, WorkItem
from zhixing_desktop.workflow.views import CaseView, Key


def upon_filing(ctx: Context, key: Key, filed: Collection[str]) -> Duties:
    """Return what there is to enter at an instance once materials lie in its dossier.

    ``filed``: the names of all its materials that do.  A work item that is nothing but an upload
    is reported done when its last required material is there; another one that has been reported
    gets the name added; one that has not takes it along when it is reported.
    """
    spec = ctx.rulebook.nodes.get(key.node)
    if spec is None:
        return Duties(key)
    there: dict[int, list[str]] = {}
    for material in materials_in_play(ctx, spec, key.subject):
        if material.name in filed and material.item is not None:
            there.setdefault(material.item, []).append(material.name)
    done = ctx.index.items.get(key, {})
    items: dict[int, ItemEntry] = {}
    for item in items_in_play(ctx, spec, key.subject):
        entry = _entry(ctx, spec, key, item, there.get(item.item, []), done.get(item.item))
        if entry is not None:
            items[item.item] = entry
    return Duties(key, _days(ctx, spec, key, items), items)


def _entry(
    ctx: Context,
    spec: NodeSpec,
    key: Key,
    item: WorkItem,
    there: Sequence[str],
    before: Fact | None,
) -> ItemEntry | None:
    if not there:
        return None
    if before is not None:
        if before.data.get("not_needed"):
            return None
        more = [name for name in there if name not in before.data.get("materials", ())]
        return ItemEntry(before.happened_at, materials=more) if more else None
    if not item.dossier or papers_in_play(ctx, item, key.subject):
        return None
    if notices_in_play(ctx, item, key.subject):
        return None
    wanted = _required(ctx, spec, key, item)
    whole = all(material.name in there for material in wanted)
    return ItemEntry(ctx.now, materials=tuple(there)) if wanted and whole else None


def _required(ctx: Context, spec: NodeSpec, key: Key, item: WorkItem) -> list[Material]:
    in_play = materials_in_play(ctx, spec, key.subject)
    return [m for m in in_play if m.required and m.item == item.item]


def _days(ctx: Context, spec: NodeSpec, key: Key, items: Mapping[int, ItemEntry]) -> dict[str, str]:
    """Return the days of filing that the rulebook asks for at those work items, while unsaid."""
    return {
        field.name: ctx.now.date().isoformat()
        for field in fields_in_play(ctx, spec, key.subject)
        if field.filed_day and field.item in items and current_value(ctx, key, field) in EMPTY
    }


def merged(duties: Sequence[Duties], more: Duties) -> list[Duties]:
    """Return duties with those of a filing: a work item reported anyway takes them along."""
    found = list(duties)
    if more.empty:
        return found
    for place, duty in enumerate(found):
        if duty.key != more.key:
            continue
        items = dict(more.items)
        for number, entry in duty.items.items():
            extra = more.items.get(number)
            names = (*entry.materials, *(extra.materials if extra is not None else ()))
            items[number] = ItemEntry(
                entry.done_on,
                entry.papers,
                entry.notices,
                tuple(dict.fromkeys(names)),
                entry.not_needed,
            )
        values = {**more.values, **duty.values}
        found[place] = Duties(duty.key, values, items, (*duty.notes, *more.notes))
        return found
    return [*found, more]


def facts_or_notes(
    ctx: Context, view: CaseView, duties: Sequence[Duties]
) -> tuple[list[NewFact], list[str]]:
    """Return the facts that duties make, and in words why a node did not take them.

    A thing is filed whatever its node says: nothing may keep it out of the dossier.
    """
    made: list[NewFact] = []
    notes: list[str] = []
    for duty in duties:
        try:
            made += facts_of(ctx, view, [duty])
        except (InputRefusedError, RuleRefusedError) as refusal:
            spec = ctx.rulebook.nodes[duty.key.node]
            notes.append(
                f"材料已经入卷；节点{spec.number}“{spec.name}”没有登记：{refusal.sentence}"
            )
    return made, notes
