"""Which materials of a node are there, whatever their evidence is.

Most are filed.  One that is ``collective`` (节点四十三 案件材料) is the dossier as a whole.  One
that goes to the archive (节点四十四 工作内容2, 影像卷宗) is in the package that was handed over; it
is never a thing of the dossier that it is made of.  One that is the same thing as what was filed at
another node (``Material.lies_at``) lies there, and no second sheet is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import archive_packages
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services.archive_types import HANDED, RECEIVED
from zhixing_desktop.services.bureau import Row
from zhixing_desktop.services.dossier_rows import case_items, filed_materials
from zhixing_desktop.services.dossier_types import FILED, MAIN
from zhixing_desktop.services.paper_rows import case_papers
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.completeness import materials_in_play
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.item_entries import is_reported
from zhixing_desktop.workflow.rulebook import Elsewhere, Material
from zhixing_desktop.workflow.views import Key


class MaterialsThere:
    """The materials of a case that are there; ``rows`` are all things of its dossier."""

    def __init__(self, conn: Connection, ctx: Context, case_id: int, rows: Sequence[Row]) -> None:
        filed = [row for row in rows if row["state"] == FILED]
        self._filed = {
            (row["node"], row["subject"], row["material"]) for row in filed if row["material"]
        }
        self._anything = any(row["side"] == MAIN for row in filed)
        packages = rows_where(conn, archive_packages, "case_id", case_id)
        self._archived = any(row["state"] in (HANDED, RECEIVED) for row in packages)
        self._elsewhere = ThingsElsewhere(conn, ctx, case_id, filed)

    def has(self, key: Key, material: Material) -> bool:
        """Tell whether an instance's material is there."""
        if material.at_archive:
            return self._archived
        if material.collective and self._anything:
            return True
        if (key.node, key.subject, material.name) in self._filed:
            return True
        return bool(self._elsewhere.of(material))

    def elsewhere(self, material: Material) -> tuple[Row, ...]:
        """Return the things filed at other places that are an instance's material."""
        return self._elsewhere.of(material)

    def names(self, key: Key, materials: Iterable[Material]) -> frozenset[str]:
        """Return the names of those of an instance's materials that are there."""
        return frozenset(one.name for one in materials if self.has(key, one))


class ThingsElsewhere:
    """What was filed at its own place and is the same thing as a material of another one.

    ``filed`` are the things that lie in the dossier.  The thing has to lie at every instance that
    says it has it (款项1, 款项2 …): one sheet of several does not stand for the others.
    """

    def __init__(self, conn: Connection, ctx: Context, case_id: int, filed: Sequence[Row]) -> None:
        self._ctx, self._filed = ctx, filed
        self._papers: Mapping[int, str] | None = None
        self._conn, self._case_id = conn, case_id

    def of(self, material: Material) -> tuple[Row, ...]:
        """Return the things that are the material, none unless all are there."""
        found: list[Row] = []
        for place in material.lies_at:
            there = [row for row in self._filed if self._is(row, place)]
            own = {row["subject"] for row in there}
            if not there or not set(self._told(place)) <= own:
                return ()
            found += there
        return tuple(found)

    def _is(self, row: Row, place: Elsewhere) -> bool:
        if row["node"] != place.node:
            return False
        return place.name in (row["material"], self._names.get(row["paper_id"] or 0))

    def _told(self, place: Elsewhere) -> Iterator[str]:
        """Yield the subjects of the instances whose node says that the thing was made there."""
        for (node, subject), items in self._ctx.index.items.items():
            reports = (is_reported(fact.data, place.name) for fact in items.values())
            if node == place.node and any(reports):
                yield subject

    @property
    def _names(self) -> Mapping[int, str]:
        if self._papers is None:
            rows = case_papers(self._conn, self._case_id)
            self._papers = {row["id"]: str(row["name"]) for row in rows}
        return self._papers


def place_words(rows: Iterable[Row]) -> str:
    """Return in words at which nodes things were filed: 已归入节点33（款项1）."""
    places = []
    for row in rows:
        label = subjects.label(row["subject"]) if row["subject"] != subjects.CASE else ""
        places.append(f"节点{row['node']}{f'（{label}）' if label else ''}")
    return f"已归入{'、'.join(dict.fromkeys(places))}"


def materials_for(conn: Connection, ctx: Context, case_id: int, key: Key) -> tuple[str, ...]:
    """Return the names of the materials that lie in the dossier for an instance.

    Those filed for it, and those that are the same thing as what lies at another place.
    """
    found = dict.fromkeys(filed_materials(conn, case_id, key))
    wanted = materials_in_play(ctx, ctx.rulebook.nodes[key.node], key.subject)
    asked = [one for one in wanted if one.lies_at and one.name not in found]
    if asked:
        filed = [row for row in case_items(conn, case_id) if row["state"] == FILED]
        things = ThingsElsewhere(conn, ctx, case_id, filed)
        found |= dict.fromkeys(one.name for one in asked if things.of(one))
    return tuple(found)
