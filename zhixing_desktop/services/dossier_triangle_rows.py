"""节点 – 电子卷宗 – 纸质卷宗 line by line: also what agrees, so that the whole can be seen.

What disagrees and what stops 报结 is decided by ``dossier_triangle`` alone; this puts its holes
beside the words of the three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_materials import MaterialsThere, place_words
from zhixing_desktop.services.dossier_rows import case_items, item_lines
from zhixing_desktop.services.dossier_triangle import Hole, HoleKind, Triangle, triangle_of
from zhixing_desktop.services.dossier_types import FILED, SIDE, SIDES, ItemLine, Medium
from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.services.paper_rows import case_papers
from zhixing_desktop.services.paper_types import ISSUED
from zhixing_desktop.services.permission import may
from zhixing_desktop.services.sight import ask_sight
from zhixing_desktop.workflow.completeness import materials_in_play
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.rulebook import Material
from zhixing_desktop.workflow.subjects import CASE
from zhixing_desktop.workflow.views import CaseView, Key

NOTHING = "—"
_PAPER_WORDS = {
    HoleKind.NOT_PRINTED: "没有打印入卷",
    HoleKind.OLD_PRINT: "是旧的版本",
    HoleKind.GONE_ON_PAPER: "还有已经撤出的页",
    HoleKind.NOT_PROVEN: "没有核对过",
    HoleKind.PROVEN_DIFFERENT: "核对时不一致",
}
_HIDDEN = "副卷有一处不一致，您不能查看副卷，请由承办人处理。"


@dataclass(frozen=True, slots=True)
class TriangleRow:
    """One thing or duty: what node, electronic and paper dossier say of it.

    ``holes`` are its disagreements, empty where the three agree.  ``item`` is the thing, ``key``
    and ``material`` its duty, as far as there are any.
    """

    what: str
    where: str
    node: str
    files: str
    paper: str
    holes: tuple[Hole, ...] = ()
    item: int | None = None
    key: Key | None = None
    material: str = ""

    @property
    def agrees(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.holes


@dataclass(frozen=True, slots=True)
class TriangleSheet:
    """The triangle of a case with all its rows: first those with holes that stop 报结."""

    triangle: Triangle
    rows: tuple[TriangleRow, ...]


def triangle_sheet(bureau: Bureau, actor: Actor, case: str | int) -> TriangleSheet:
    """Return what node, electronic and paper dossier of a case say, row by row.

    Things of the 副卷 are not named to whoever may not see them.  Raises ``NotAllowedError`` for a
    case that he may not see.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        ask_sight(conn, bureau, actor, row["id"])
        both = may(conn, bureau, actor, "dossier.side", case=row["id"])
        _, index = case_store.load_index(bureau, conn, row["id"], row["version"])
        ctx = case_store.context_of(bureau, index, bureau.database.now(conn))
        view = view_of(ctx)
        found = triangle_of(bureau, conn, row, ctx, view)
        if not both:
            found = replace(found, holes=tuple(_hidden(hole) for hole in found.holes))
        made = _Rows(bureau, conn, ctx, row, found, both=both)
        rows = tuple(made.all(ctx, view))
    return TriangleSheet(found, tuple(sorted(rows, key=_urgency)))


def _hidden(hole: Hole) -> Hole:
    if hole.side != SIDE:
        return hole
    return replace(hole, sentence=_HIDDEN, mend="", item=None, volume=None)


def _urgency(row: TriangleRow) -> int:
    if row.agrees:
        return 2
    return 0 if any(hole.blocks for hole in row.holes) else 1


class _Rows:
    """The rows of one case; each hole stands in one of them."""

    def __init__(
        self,
        bureau: Bureau,
        conn: Connection,
        ctx: Context,
        case: Row,
        found: Triangle,
        *,
        both: bool,
    ) -> None:
        every = case_items(conn, case["id"])
        self._there = MaterialsThere(conn, ctx, case["id"], every)
        rows = [one for one in every if one["state"] == FILED]
        lines = item_lines(bureau, conn, case, rows)
        self._lines = [line for line in lines if both or line.side != SIDE]
        self._case, self._conn = case, conn
        self._left = list(found.holes)

    def all(self, ctx: Context, view: CaseView) -> Iterator[TriangleRow]:
        """Yield all rows: duties, papers, other things, volumes, what is left."""
        shown: set[int] = set()
        for made in (*self._duties(ctx, view), *self._papers()):
            if made.item is not None:
                shown.add(made.item)
            yield made
        for line in self._lines:
            if line.id not in shown:
                yield self._thing(line, line.name, NOTHING)
        yield from self._volumes()
        for hole in self._left:
            yield TriangleRow(hole.edge.label, "", NOTHING, NOTHING, NOTHING, (hole,))

    def _take(self, *wanted: tuple[str, object]) -> tuple[Hole, ...]:
        """Take the holes that fit all of some names out of what is left."""
        found = [h for h in self._left if all(getattr(h, name) == v for name, v in wanted)]
        self._left = [hole for hole in self._left if hole not in found]
        return tuple(found)

    def _duties(self, ctx: Context, view: CaseView) -> Iterator[TriangleRow]:
        for key, instance in sorted(view.instances.items()):
            if instance.state is State.NOT_APPLICABLE:
                continue
            spec = ctx.rulebook.nodes[key.node]
            done = ctx.index.items.get(key, {})
            told = {name for fact in done.values() for name in fact.data.get("materials", ())}
            about = (
                f"（{subject_words(ctx.index.name_of, key.subject)}）"
                if key.subject != CASE
                else ""
            )
            where = f"节点{key.node} {spec.name}{about}"
            for material in materials_in_play(ctx, spec, key.subject):
                own = [x for x in self._lines if x.key == key and x.material == material.name]
                holes = self._take(("key", key), ("material", material.name))
                reported = material.name in told
                if not own and not reported and not holes:
                    continue
                node = "已登记" if reported else ("没有登记" if holes else NOTHING)
                for line in own:
                    made = self._thing(line, material.name, node, where)
                    yield replace(made, holes=(*holes, *made.holes))
                    holes = ()
                if not own:
                    paper = NOTHING
                    files = self._elsewhere(key, material)
                    yield TriangleRow(
                        material.name, where, node, files, paper, holes, None, key, material.name
                    )

    def _elsewhere(self, key: Key, material: Material) -> str:
        """Return where a material is of which no single thing was filed."""
        if not self._there.has(key, material):
            return "没有"
        if material.at_archive:
            return "归档包已移交"
        other = self._there.elsewhere(material)
        return place_words(other) if other else "全部卷宗材料"

    def _papers(self) -> Iterator[TriangleRow]:
        filed = {line.paper_id: line for line in self._lines if line.paper_id is not None}
        for paper in case_papers(self._conn, self._case["id"]):
            if paper["state"] != ISSUED:
                continue
            what = f"《{paper['name']}》{paper['number']}"
            holes = self._take(("paper", paper["id"]))
            line = filed.get(paper["id"])
            node = f"{paper['day']}签发"
            if line is None:
                key = Key(paper["node"], paper["subject"])
                where = f"节点{key.node}"
                yield TriangleRow(what, where, node, "没有", NOTHING, holes, None, key)
            else:
                made = self._thing(line, what, node)
                yield replace(made, holes=(*holes, *made.holes))

    def _thing(self, line: ItemLine, what: str, node: str, where: str = "") -> TriangleRow:
        holes = self._take(("item", line.id))
        files = f"{line.place_name}　{line.pages}页"
        if line.medium is Medium.PAPER:
            files = "仅有纸质"
        elif line.current > 1:
            files += f"　第{line.current}版"
        place = where or (f"节点{line.key.node}" if line.key is not None else "")
        paper = next((_PAPER_WORDS[h.kind] for h in holes if h.kind in _PAPER_WORDS), "")
        if not paper:
            paper = "不入纸质卷" if line.medium is Medium.ELECTRONIC else "一致"
        return TriangleRow(what, place, node, files, paper, holes, line.id, line.key, line.material)

    def _volumes(self) -> Iterator[TriangleRow]:
        named: Sequence[tuple[str, int | None]] = list(
            dict.fromkeys((h.side, h.volume) for h in self._left if h.volume is not None)
        )
        for side, number in named:
            holes = self._take(("side", side), ("volume", number))
            paper = "；".join(dict.fromkeys(_PAPER_WORDS.get(h.kind, "") for h in holes))
            title = f"{SIDES[side]}第{number}册"
            yield TriangleRow(title, "", NOTHING, NOTHING, paper, holes)
