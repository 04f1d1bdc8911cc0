"""Finds where node, electronic and paper dossier of a case disagree; decides nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from zhixing_desktop.dossier.volume import PlannedPage, VolumeItem, VolumePlan
from zhixing_desktop.models.dossier_tables import dossier_prints, dossier_proofs
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services.bureau import Bureau, Row
from zhixing_desktop.services.dossier_materials import MaterialsThere
from zhixing_desktop.services.dossier_rows import case_items
from zhixing_desktop.services.dossier_triangle_types import Hole, HoleKind, hole
from zhixing_desktop.services.dossier_types import FILED, SIDES
from zhixing_desktop.services.dossier_volume_rows import printed_plans, volume_items, volume_rows
from zhixing_desktop.services.paper_rows import case_papers, case_services
from zhixing_desktop.services.paper_types import ISSUED
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.completeness import materials_in_play
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.facts import Fact, State
from zhixing_desktop.workflow.rulebook import Material, NodeSpec
from zhixing_desktop.workflow.views import CaseView, Key

_AFTER_CLOSING = "closing_done"


def holes_of(
    bureau: Bureau, conn: Connection, case: Row, ctx: Context, view: CaseView
) -> Iterator[Hole]:
    """Yield the disagreements of a case: at its nodes, of its papers, of its things, on paper."""
    rows = case_items(conn, case["id"])
    yield from _Nodes(conn, case["id"], ctx, view, rows).holes()
    yield from _of_papers(conn, case["id"], rows)
    yield from _unplaced(rows)
    for side in SIDES:
        yield from _Paper(bureau, conn, case, side).holes()


# ------------------------------------------------------------------------------- node and files


class _Nodes:
    """What the nodes say against what lies in the dossier for them."""

    def __init__(
        self, conn: Connection, case_id: int, ctx: Context, view: CaseView, rows: Sequence[Row]
    ) -> None:
        self._ctx, self._view, self._rows = ctx, view, rows
        self._there = MaterialsThere(conn, ctx, case_id, rows)

    def holes(self) -> Iterator[Hole]:
        """Yield them, node by node."""
        for key, instance in sorted(self._view.instances.items()):
            if instance.state is State.NOT_APPLICABLE:
                continue
            spec = self._ctx.rulebook.nodes[key.node]
            late = _after_closing(spec)
            for material in materials_in_play(self._ctx, spec, key.subject):
                yield from self._material(key, material, before=material.item not in late)
        yield from self._without_node()

    def _material(self, key: Key, material: Material, *, before: bool) -> Iterator[Hole]:
        """Yield what is wrong with a material; ``before``: it has to be right before 报结 (A62)."""
        done = self._ctx.index.items.get(key, {})
        fact = done.get(material.item or 0)
        if fact is not None and fact.data.get("not_needed"):
            return
        told = any(material.name in one.data.get("materials", ()) for one in done.values())
        kind, words = self._wrong(key, material, fact, told=told)
        if kind is not None:
            yield hole(
                kind,
                f"{_where(key)}{words}",
                blocks=before,
                cite=material.cite,
                key=key,
                material=material.name,
            )

    def _wrong(
        self, key: Key, material: Material, fact: Fact | None, *, told: bool
    ) -> tuple[HoleKind | None, str]:
        name = f"“{material.name}”"
        if self._there.has(key, material):
            if told or material.collective or not self._asked(material, fact):
                return None, ""
            return HoleKind.MATERIAL_UNREPORTED, f"的{name}已经入卷，节点没有登记。"
        if told and material.at_archive:
            return HoleKind.NOT_ARCHIVED, f"登记了{name}，没有归档包移交档案部门。"
        if told:
            return HoleKind.MATERIAL_REPORTED, f"登记了{name}，电子卷宗中没有。"
        if material.required and not material.at_archive and self._due(key, fact):
            return (
                HoleKind.MATERIAL_MISSING,
                f"应当有{name}，节点没有登记，电子卷宗中也没有。",
            )
        return None, ""

    def _asked(self, material: Material, fact: Fact | None) -> bool:
        """Whether the node should have said by now that it has a filed material.

        What lies there before its work item is reported is taken along by the report; once 报结 is
        prepared the report itself is what is missing.  One of no work item is never reported.
        """
        return material.item is not None and (fact is not None or self._closing)

    def _due(self, key: Key, fact: Fact | None) -> bool:
        """Whether a required material must be there: its work is reported, or 报结 is prepared."""
        return fact is not None or (key.node == CLOSING_NODE and self._closing)

    @property
    def _closing(self) -> bool:
        return bool(self._ctx.closing_way)

    def _without_node(self) -> Iterator[Hole]:
        """Yield the things filed for a node that was never started."""
        for row in self._rows:
            if row["state"] != FILED or row["node"] is None or row["paper_id"] or row["service_id"]:
                continue
            key = Key(row["node"], row["subject"])
            instance = self._view.instances.get(key)
            if instance is None or instance.state is State.NOT_STARTED:
                yield hole(
                    HoleKind.NODE_NOT_STARTED,
                    f"“{row['name']}”归入{_where(key)}，这个节点没有启动。",
                    key=key,
                    item=row["id"],
                    side=row["side"],
                )


def _after_closing(spec: NodeSpec) -> frozenset[int]:
    """Return the work items that may follow within days after the closing (reading A62)."""
    return frozenset(
        item for limit in spec.time_limits if limit.anchor == _AFTER_CLOSING for item in limit.items
    )


def _where(key: Key) -> str:
    about = subjects.label(key.subject) if key.subject != subjects.CASE else ""
    return f"节点{key.node}{f'（{about}）' if about else ''}"


def _of_papers(conn: Connection, case_id: int, rows: Sequence[Row]) -> Iterator[Hole]:
    filed = {row["paper_id"]: row for row in rows if row["paper_id"] and row["state"] == FILED}
    issued = {row["id"]: row for row in case_papers(conn, case_id) if row["state"] == ISSUED}
    for paper in issued.values():
        key, item = Key(paper["node"], paper["subject"]), filed.get(paper["id"])
        words = f"《{paper['name']}》{paper['number']}"
        if item is None:
            kind, words = HoleKind.PAPER_UNFILED, f"{words}已经签发，电子卷宗中没有。"
            yield hole(kind, words, key=key, paper=paper["id"])
        elif item["pages"] == 0:
            yield hole(
                HoleKind.PAPER_WITHOUT_PAGES,
                f"{words}还没有 PDF，卷宗中没有它的页面。",
                key=key,
                paper=paper["id"],
                item=item["id"],
                side=item["side"],
            )
    proofs = {row["service_id"] for row in rows if row["service_id"] and row["state"] == FILED}
    for service in case_services(conn, case_id):
        served = service["withdrawn_by"] is None and service["effective_on"] is not None
        if served and service["id"] not in proofs and service["paper_id"] in issued:
            name = issued[service["paper_id"]]["name"]
            yield hole(
                HoleKind.PROOF_MISSING,
                f"《{name}》送达{service['recipient']}，送达凭证没有入卷。",
                paper=service["paper_id"],
                service=service["id"],
                service_version=service["version"],
            )


def _unplaced(rows: Sequence[Row]) -> Iterator[Hole]:
    for row in rows:
        if row["state"] == FILED and row["place"] == 0:
            words = f"“{row['name']}”还没有编目。"
            yield hole(HoleKind.UNPLACED, words, item=row["id"], side=row["side"])


# ------------------------------------------------------------------------------ files and paper


class _Paper:
    """One side's electronic dossier against its paper, as it was printed last."""

    def __init__(self, bureau: Bureau, conn: Connection, case: Row, side: str) -> None:
        self._conn, self._case_id, self._side = conn, case["id"], side
        self._items = {item.item_id: item for item in volume_items(bureau, conn, case, side)}
        self._printed = printed_plans(conn, case["id"], side)

    def holes(self) -> Iterator[Hole]:
        """Yield them: first what paper lacks, then what it has too much, then the proofs."""
        on_paper: dict[int, set[tuple[int, int]]] = {}
        for volume in self._printed:
            for page in volume.pages:
                on_paper.setdefault(page.item_id, set()).add((page.version, page.item_page))
        for item in self._items.values():
            there = on_paper.get(item.item_id, set())
            if not {(item.version, page) for page in range(1, item.pages + 1)} <= there:
                yield self._lacking(item, old=bool(there))
        yield from self._too_much()
        yield from self._proofs()

    def _lacking(self, item: VolumeItem, *, old: bool) -> Hole:
        own = item.on_paper_only or item.original
        if old:
            kind, words = HoleKind.OLD_PRINT, "的纸质页是旧的版本"
            mend = "纸质卷宗中换成新的原件，并打印变动的页面" if own else ""
        else:
            kind = HoleKind.NOT_PRINTED
            words = "没有编入纸质卷宗的页码" if own else "没有打印入纸质卷宗"
            mend = self._addition(own=own)
        where = f"“{item.title}”{words}。"
        return hole(kind, where, mend=mend, item=item.item_id, side=self._side)

    def _addition(self, *, own: bool) -> str:
        """Return how what is not on paper yet comes into it; of a bound side at its end."""
        if own:
            return "打印变动的页面，在原件上编写页码后放入纸质卷宗"
        if self._printed and all(volume.bound for volume in self._printed):
            return "补印新增的页面；卷宗已经装订，按续编的页码接在末册最后一页之后"
        return ""

    def _too_much(self) -> Iterator[Hole]:
        moved = self._bound_elsewhere()
        for volume in self._printed:
            gone = [page for page in volume.pages if self._is_gone(page)]
            twice = [page for page in volume.pages if (volume.number, _place(page)) in moved]
            title = f"{SIDES[self._side]}第{volume.number}册"
            if gone:
                yield self._of_volume(
                    HoleKind.GONE_ON_PAPER, volume, f"{title}有{len(gone)}页是已经撤出的材料。"
                )
            elif twice:
                yield self._of_volume(
                    HoleKind.GONE_ON_PAPER, volume, f"{title}有{len(twice)}页已经编入别的册。"
                )

    def _is_gone(self, page: PlannedPage) -> bool:
        item = self._items.get(page.item_id)
        return item is None or page.item_page > item.pages

    def _bound_elsewhere(self) -> set[tuple[int, tuple[int, int]]]:
        """Return the pages that stand in two volumes, of the volume that was printed earlier."""
        prints = rows_where(self._conn, dossier_prints, "case_id", self._case_id, order="id")
        order = {row["volume"]: row["id"] for row in prints if row["side"] == self._side}
        last: dict[tuple[int, int], int] = {}
        found = set()
        for volume in sorted(self._printed, key=lambda one: order.get(one.number, 0)):
            for page in volume.pages:
                before = last.get(_place(page), volume.number)
                if before != volume.number:
                    found.add((before, _place(page)))
                last[_place(page)] = volume.number
        return found

    def _proofs(self) -> Iterator[Hole]:
        made = rows_where(self._conn, dossier_proofs, "case_id", self._case_id, order="id")
        last = {row["volume"]: row for row in made if row["side"] == self._side}
        volumes = {row["number"]: row for row in self._volume_rows()}
        for volume in self._printed:
            if not volume.pages:
                continue
            proof, row = last.get(volume.number), volumes[volume.number]
            title = f"{SIDES[self._side]}第{volume.number}册"
            if proof is None or proof["expected"] != row["layout"]:
                again = "" if proof is None else "变动以后"
                words = f"{title}{again}还没有用扫描件核对过。"
                yield self._of_volume(HoleKind.NOT_PROVEN, volume, words)
            elif not proof["same"]:
                count = len(proof["findings"])
                words = f"{title}核对时发现与电子卷宗不一致，有{count}处。"
                yield self._of_volume(HoleKind.PROVEN_DIFFERENT, volume, words)

    def _volume_rows(self) -> list[Row]:
        return volume_rows(self._conn, self._case_id, self._side)

    def _of_volume(self, kind: HoleKind, volume: VolumePlan, words: str) -> Hole:
        return hole(kind, words, side=self._side, volume=volume.number)


def _place(page: PlannedPage) -> tuple[int, int]:
    return page.item_id, page.item_page
