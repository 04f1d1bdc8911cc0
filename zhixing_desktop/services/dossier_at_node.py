"""What lies in the dossier for a node instance, for the panel that shows the node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_rows import case_items, item_lines
from zhixing_desktop.services.dossier_types import FILED, SIDE, ItemLine
from zhixing_desktop.services.permission import may
from zhixing_desktop.services.sight import ask_sight
from zhixing_desktop.workflow.views import Key


@dataclass(frozen=True, slots=True)
class AtNode:
    """The things filed for one instance, and those that are issued papers.

    ``by_material``: what was filed as each material of the rulebook, in the order of the dossier.
    ``by_paper``: the sheet of each issued paper; its ``current`` is above 1 where another page has
    taken the place of the one the program made.  ``may_file`` tells whether this person may file
    here.
    """

    key: Key
    by_material: Mapping[str, tuple[ItemLine, ...]]
    others: tuple[ItemLine, ...]
    by_paper: Mapping[int, ItemLine]
    may_file: bool


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
    own = [line for line in lines if line.key == key]
    names = dict.fromkeys(line.material for line in own if line.material)
    return AtNode(
        key,
        {name: tuple(line for line in own if line.material == name) for name in names},
        tuple(line for line in own if not line.material and line.paper_id is None),
        {line.paper_id: line for line in lines if line.paper_id is not None},
        filing,
    )
