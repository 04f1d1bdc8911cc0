"""What lies in the dossier for a node instance, for the panel that shows the node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_materials import ThingsElsewhere
from zhixing_desktop.services.dossier_rows import case_items, item_lines
from zhixing_desktop.services.dossier_types import FILED, SIDE, ItemLine
from zhixing_desktop.services.permission import may
from zhixing_desktop.services.sight import ask_sight
from zhixing_desktop.workflow.completeness import materials_in_play
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.views import Key


@dataclass(frozen=True, slots=True)
class AtNode:
    """The things filed for one instance, and those that are issued papers.

    ``by_material``: what was filed as each material of the rulebook, in the order of the dossier.
    ``by_paper``: the sheet of each issued paper; its ``current`` is above 1 where another page has
    taken the place of the one the program made.  ``may_file`` tells whether this person may file
    here.  ``elsewhere``: by material, what was filed at another place and is the same thing.
    """

    key: Key
    by_material: Mapping[str, tuple[ItemLine, ...]]
    others: tuple[ItemLine, ...]
    by_paper: Mapping[int, ItemLine]
    may_file: bool
    elsewhere: Mapping[str, tuple[ItemLine, ...]] = field(default_factory=dict)


def at_node(bureau: Bureau, actor: Actor, case: int, key: Key) -> AtNode:
    """Return what lies in the dossier for an instance.

    Things of the 副卷 only for whoever may see them.  Raises ``NotAllowedError`` for a case that he
    may not see.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        ask_sight(conn, bureau, actor, row["id"])
        side = may(conn, bureau, actor, "dossier.side", case=row["id"])
        filing = may(conn, bureau, actor, "dossier.file", case=row["id"], key=key)
        found = [
            one
            for one in case_items(conn, row["id"])
            if one["state"] == FILED and (side or one["side"] != SIDE)
        ]
        lines = item_lines(bureau, conn, row, found)
        _, index = case_store.load_index(bureau, conn, row["id"], row["version"])
        ctx = case_store.context_of(bureau, index, bureau.database.now(conn))
        elsewhere = _elsewhere(conn, ctx, row["id"], key, found)
    own = [line for line in lines if line.key == key]
    names = dict.fromkeys(line.material for line in own if line.material)
    return AtNode(
        key,
        {name: tuple(line for line in own if line.material == name) for name in names},
        tuple(line for line in own if not line.material and line.paper_id is None),
        {line.paper_id: line for line in lines if line.paper_id is not None},
        filing,
        {
            name: tuple(line for line in lines if line.id in things)
            for name, things in elsewhere.items()
            if name not in names
        },
    )


def _elsewhere(
    conn: Connection, ctx: Context, case_id: int, key: Key, filed: Sequence[Row]
) -> dict[str, set[int]]:
    """Return by material the numbers of the things that are it and were filed at another place."""
    things = ThingsElsewhere(conn, ctx, case_id, filed)
    wanted = materials_in_play(ctx, ctx.rulebook.nodes[key.node], key.subject)
    found = {material.name: {row["id"] for row in things.of(material)} for material in wanted}
    return {name: rows for name, rows in found.items() if rows}
