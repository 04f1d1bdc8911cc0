"""节点 – 电子卷宗 – 纸质卷宗: where the three of a case disagree, and what mends each.

Rules X30, X37 and X42 of the guideline (第一部分 总体要求3, 节点四十三 工作内容2, 节点四十四
工作内容2); reading A62: what may come within seven days after the closing does not stand in its
way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from zhixing_desktop.dossier.volume import PlannedPage, VolumePlan
from zhixing_desktop.models.dossier_tables import dossier_proofs
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_rows import case_items, filed_materials
from zhixing_desktop.services.dossier_types import FILED, SIDE, SIDES
from zhixing_desktop.services.dossier_volumes import (
    printed_plans,
    volume_items,
    volume_rows,
)
from zhixing_desktop.services.paper_rows import case_papers, case_services
from zhixing_desktop.services.paper_types import ISSUED
from zhixing_desktop.services.permission import may
from zhixing_desktop.services.sight import ask_sight
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.completeness import materials_in_play
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import Cite, RuleRefusedError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.rulebook import Material
from zhixing_desktop.workflow.views import CaseView, Key

CITE = Cite("节点四十三 工作内容2", "电子卷宗应当和实际执行、纸质卷宗保持一致。")
_CHECKED = Cite("节点四十四 工作内容2", "案件报结前，流程系统自动核查电子卷宗材料，自动编目")
_AFTER_CLOSING = "closing_done"
_ARCHIVING = 44
_LISTED = 8
_INNER = "副卷有一处不一致。"


class Edge(StrEnum):
    """Which two of the three disagree."""

    NODE_FILES = "node_files"
    FILES = "files"
    FILES_PAPER = "files_paper"

    @property
    def label(self) -> str:
        """The two in words."""
        return _EDGES[self]


_EDGES = {
    Edge.NODE_FILES: "节点—电子卷宗",
    Edge.FILES: "电子卷宗",
    Edge.FILES_PAPER: "电子卷宗—纸质卷宗",
}


class HoleKind(StrEnum):
    """What is wrong; a window knows by it what a click has to open."""

    MATERIAL_MISSING = "material_missing"
    MATERIAL_REPORTED = "material_reported"
    MATERIAL_UNREPORTED = "material_unreported"
    PAPER_UNFILED = "paper_unfiled"
    PAPER_WITHOUT_PAGES = "paper_without_pages"
    PROOF_MISSING = "proof_missing"
    UNPLACED = "unplaced"
    NOT_PRINTED = "not_printed"
    OLD_PRINT = "old_print"
    GONE_ON_PAPER = "gone_on_paper"
    NOT_PROVEN = "not_proven"
    PROVEN_DIFFERENT = "proven_different"


@dataclass(frozen=True, slots=True)
class Hole:
    """One disagreement.

    ``blocks`` tells that 报结 is refused while it is there.  ``mend`` says what to do; ``key`` and
    ``material``, ``item``, ``paper``, ``side`` and ``volume`` say where, as far as they concern it.
    """

    kind: HoleKind
    edge: Edge
    sentence: str
    mend: str
    blocks: bool
    cite: Cite
    key: Key | None = None
    material: str = ""
    item: int | None = None
    paper: int | None = None
    side: str = ""
    volume: int | None = None


@dataclass(frozen=True, slots=True)
class Triangle:
    """The holes of a case, and whether the bureau refuses 报结 for them (``since``)."""

    case_id: int
    case_no: str
    holes: tuple[Hole, ...]
    enforced: bool

    @property
    def blocking(self) -> tuple[Hole, ...]:
        """Those that stand in the way of 报结."""
        return tuple(hole for hole in self.holes if hole.blocks)


def triangle(bureau: Bureau, actor: Actor, case: str | int) -> Triangle:
    """Return where node, electronic and paper dossier of a case disagree.

    What lies in the 副卷 is not named to whoever may not see it.  Raises ``NotAllowedError`` for a
    case that he may not see.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        ask_sight(conn, bureau, actor, row["id"])
        _, index = case_store.load_index(bureau, conn, row["id"], row["version"])
        ctx = case_store.context_of(bureau, index, bureau.database.now(conn))
        found = triangle_of(bureau, conn, row, ctx, view_of(ctx))
        if may(conn, bureau, actor, "dossier.side", case=row["id"]):
            return found
        return replace(found, holes=tuple(_unnamed(hole) for hole in found.holes))


def _unnamed(hole: Hole) -> Hole:
    """Return a disagreement of the 副卷 without the name of its thing."""
    return replace(hole, sentence=_INNER, item=None) if hole.side == SIDE else hole


def triangle_of(
    bureau: Bureau, conn: Connection, case: Row, ctx: Context, view: CaseView
) -> Triangle:
    """Return the same within a transaction that has asked whether he may."""
    rows = case_items(conn, case["id"])
    holes = [
        *_of_nodes(conn, case["id"], ctx, view),
        *_of_papers(conn, ctx, case["id"], rows),
        *_unplaced(rows),
        *(hole for side in SIDES for hole in _of_paper(bureau, conn, case, side)),
    ]
    return Triangle(case["id"], case["case_no"], tuple(holes), enforced(conn, case))


def enforced(conn: Connection, case: Row) -> bool:
    """Tell whether 报结 of a case is refused while there are holes: the court's setting says since
    which day of filing."""
    since = read_settings(conn).dossier.since
    filed = case["filed_at"]
    return bool(since) and filed is not None and filed.date() >= date.fromisoformat(since)


def refuse_holes(bureau: Bureau, conn: Connection, case: Row, ctx: Context, view: CaseView) -> None:
    """Raise ``RuleRefusedError`` naming the holes that the rules know (X30, X37, X42).

    ``data["holes"]`` are their kinds, for the window.
    """
    found = triangle_of(bureau, conn, case, ctx, view)
    if not found.enforced or not found.blocking:
        return
    listed = "；".join(hole.sentence.rstrip("。") for hole in _some(found.blocking))
    more = len(found.blocking) - _LISTED
    tail = f"……另有{more}处" if more > 0 else ""
    raise RuleRefusedError(
        f"节点、电子卷宗、纸质卷宗有{len(found.blocking)}处不一致，不能报结：{listed}{tail}。"
        "请在“三卷一致”中逐项处理。",
        cite=CITE,
        data={"kind": "dossier_holes", "holes": [hole.kind.value for hole in found.blocking]},
    )


def _some(holes: Sequence[Hole]) -> list[Hole]:
    """Return so many as a sentence bears, of every kind at least one."""
    first = {hole.kind: hole for hole in reversed(holes)}
    rest = [hole for hole in holes if first[hole.kind] is not hole]
    return [*first.values(), *rest][:_LISTED]


# ------------------------------------------------------------------------------- node and files


def _of_nodes(conn: Connection, case_id: int, ctx: Context, view: CaseView) -> Iterator[Hole]:
    for key, instance in sorted(view.instances.items()):
        if instance.state is State.NOT_APPLICABLE or key.node == _ARCHIVING:
            continue
        spec = ctx.rulebook.nodes[key.node]
        after = [limit for limit in spec.time_limits if limit.anchor == _AFTER_CLOSING]
        late = {item for limit in after for item in limit.items}
        there = set(filed_materials(conn, case_id, key))
        done = ctx.index.items.get(key, {})
        reported = {name for fact in done.values() for name in fact.data.get("materials", ())}
        for material in materials_in_play(ctx, spec, key.subject):
            fact = done.get(material.item or 0)
            not_needed = fact is not None and bool(fact.data.get("not_needed"))
            if material.name in there:
                if fact is not None and not not_needed and material.name not in reported:
                    yield _unreported(key, material)
            elif material.name in reported:
                yield _reported(key, material, blocks=material.item not in late)
            elif material.required and not not_needed and fact is not None:
                yield _missing(key, material, blocks=material.item not in late)


def _where(key: Key) -> str:
    about = subjects.label(key.subject) if key.subject != subjects.CASE else ""
    return f"节点{key.node}{f'（{about}）' if about else ''}"


def _unreported(key: Key, material: Material) -> Hole:
    return Hole(
        HoleKind.MATERIAL_UNREPORTED,
        Edge.NODE_FILES,
        f"{_where(key)}的“{material.name}”已经入卷，节点没有登记。",
        "在节点补充登记这项材料",
        blocks=True,
        cite=material.cite,
        key=key,
        material=material.name,
    )


def _reported(key: Key, material: Material, *, blocks: bool) -> Hole:
    return Hole(
        HoleKind.MATERIAL_REPORTED,
        Edge.NODE_FILES,
        f"{_where(key)}登记了“{material.name}”，电子卷宗中没有。",
        "把这份材料入卷",
        blocks=blocks,
        cite=material.cite,
        key=key,
        material=material.name,
    )


def _missing(key: Key, material: Material, *, blocks: bool) -> Hole:
    return Hole(
        HoleKind.MATERIAL_MISSING,
        Edge.NODE_FILES,
        f"{_where(key)}应当有“{material.name}”，节点没有登记，电子卷宗中也没有。",
        "把这份材料入卷",
        blocks=blocks,
        cite=material.cite,
        key=key,
        material=material.name,
    )


def _of_papers(conn: Connection, ctx: Context, case_id: int, rows: Sequence[Row]) -> Iterator[Hole]:
    filed = {row["paper_id"]: row for row in rows if row["paper_id"] and row["state"] == FILED}
    proofs = {row["service_id"] for row in rows if row["service_id"] and row["state"] == FILED}
    names: dict[int, str] = {}
    for paper in case_papers(conn, case_id):
        if paper["state"] != ISSUED:
            continue
        names[paper["id"]] = paper["name"]
        item = filed.get(paper["id"])
        where = {"key": Key(paper["node"], paper["subject"]), "paper": paper["id"]}
        if item is None:
            yield Hole(
                HoleKind.PAPER_UNFILED,
                Edge.NODE_FILES,
                f"《{paper['name']}》{paper['number']}已经签发，电子卷宗中没有。",
                "把签发的文书入卷",
                blocks=True,
                cite=CITE,
                **where,
            )
        elif item["pages"] == 0:
            yield Hole(
                HoleKind.PAPER_WITHOUT_PAGES,
                Edge.FILES,
                f"《{paper['name']}》{paper['number']}还没有 PDF，卷宗中没有它的页面。",
                "补入 PDF，或者更换为签名盖章后的扫描件",
                blocks=True,
                cite=CITE,
                item=item["id"],
                **where,
            )
    for service in case_services(conn, case_id):
        if service["withdrawn_by"] or service["effective_on"] is None:
            continue
        if service["id"] not in proofs and service["paper_id"] in names:
            yield Hole(
                HoleKind.PROOF_MISSING,
                Edge.NODE_FILES,
                f"《{names[service['paper_id']]}》送达{service['recipient']}，送达凭证没有入卷。",
                "扫描送达回证并入卷",
                blocks=False,
                cite=CITE,
                paper=service["paper_id"],
            )


def _unplaced(rows: Sequence[Row]) -> Iterator[Hole]:
    for row in rows:
        if row["state"] == FILED and row["place"] == 0:
            yield Hole(
                HoleKind.UNPLACED,
                Edge.FILES,
                f"“{row['name']}”还没有编目。",
                "选定目录项",
                blocks=True,
                cite=_CHECKED,
                item=row["id"],
                side=row["side"],
            )


# ------------------------------------------------------------------------------ files and paper


def _of_paper(bureau: Bureau, conn: Connection, case: Row, side: str) -> Iterator[Hole]:
    items = {item.item_id: item for item in volume_items(bureau, conn, case, side)}
    if not items:
        return
    printed = printed_plans(conn, case["id"], side)
    on_paper: dict[int, set[tuple[int, int]]] = {}
    for volume in printed:
        for page in volume.pages:
            on_paper.setdefault(page.item_id, set()).add((page.version, page.item_page))
    for item in items.values():
        there = on_paper.get(item.item_id, set())
        wanted = {(item.version, page) for page in range(1, item.pages + 1)}
        if wanted <= there:
            continue
        old = bool(there)
        yield Hole(
            HoleKind.OLD_PRINT if old else HoleKind.NOT_PRINTED,
            Edge.FILES_PAPER,
            f"“{item.title}”的纸质页是旧的版本。" if old else f"“{item.title}”没有打印入纸质卷宗。",
            "补印变动的页面",
            blocks=True,
            cite=CITE,
            item=item.item_id,
            side=side,
        )
    yield from _gone(printed, set(items), side)
    yield from _proofs(conn, case["id"], side)


def _gone(printed: Sequence[VolumePlan], items: set[int], side: str) -> Iterator[Hole]:
    for volume in printed:
        gone: list[PlannedPage] = [page for page in volume.pages if page.item_id not in items]
        if gone:
            yield Hole(
                HoleKind.GONE_ON_PAPER,
                Edge.FILES_PAPER,
                f"{SIDES[side]}第{volume.number}册有{len(gone)}页是已经撤出的材料。",
                "重新打印目录，并从纸质卷宗中取出这些页",
                blocks=True,
                cite=CITE,
                side=side,
                volume=volume.number,
            )


def _proofs(conn: Connection, case_id: int, side: str) -> Iterator[Hole]:
    made = rows_where(conn, dossier_proofs, "case_id", case_id, order="id")
    last = {row["volume"]: row for row in made if row["side"] == side}
    for volume in volume_rows(conn, case_id, side):
        proof = last.get(volume["number"])
        title = f"{SIDES[side]}第{volume['number']}册"
        if proof is None or proof["expected"] != volume["layout"]:
            again = "" if proof is None else "变动以后"
            yield Hole(
                HoleKind.NOT_PROVEN,
                Edge.FILES_PAPER,
                f"{title}{again}还没有用扫描件核对过。",
                "扫描装订好的卷宗，逐页核对",
                blocks=False,
                cite=CITE,
                side=side,
                volume=volume["number"],
            )
        elif not proof["same"]:
            yield Hole(
                HoleKind.PROVEN_DIFFERENT,
                Edge.FILES_PAPER,
                f"{title}核对时发现与电子卷宗不一致，有{len(proof['findings'])}处。",
                "按核对结果改正后再核对",
                blocks=True,
                cite=CITE,
                side=side,
                volume=volume["number"],
            )
