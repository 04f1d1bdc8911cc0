"""The kinds of disagreement between node, electronic and paper dossier, and what holds for each.

Whether a kind stops 报结 follows from the rules: X30 (节点四十三 工作内容2), X37 (节点四十四
工作内容2) and X42 (第一部分 总体要求3) name what has to agree; reading A62 lets what may come
within seven days after the closing come later.  A proof of service that is still out, and a volume
that was not scanned yet, are not named: they are shown and stop nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypedDict, Unpack

from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.views import Key

CITE = Cite("节点四十三 工作内容2", "电子卷宗应当和实际执行、纸质卷宗保持一致。")
ALL_AGREE = Cite("第一部分 总体要求3", "流程节点、电子卷宗、纸质卷宗应当保持一致。")
CHECKED = Cite("节点四十四 工作内容2", "案件报结前，流程系统自动核查电子卷宗材料，自动编目")
ARCHIVED = Cite("节点四十四 工作内容2", "影像卷宗应上传至河南法院档案系统提交归档。")


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
    NODE_NOT_STARTED = "node_not_started"
    PAPER_UNFILED = "paper_unfiled"
    PAPER_WITHOUT_PAGES = "paper_without_pages"
    PROOF_MISSING = "proof_missing"
    UNPLACED = "unplaced"
    NOT_PRINTED = "not_printed"
    OLD_PRINT = "old_print"
    GONE_ON_PAPER = "gone_on_paper"
    NOT_PROVEN = "not_proven"
    PROVEN_DIFFERENT = "proven_different"
    NOT_ARCHIVED = "not_archived"


@dataclass(frozen=True, slots=True)
class HoleRule:
    """What holds for every hole of a kind, unless the place says otherwise."""

    edge: Edge
    mend: str
    cite: Cite


_NODE, _FILES, _PAPER = Edge.NODE_FILES, Edge.FILES, Edge.FILES_PAPER
HOLE_RULES: Mapping[HoleKind, HoleRule] = MappingProxyType(
    {
        HoleKind.MATERIAL_MISSING: HoleRule(_NODE, "把这份材料入卷", ALL_AGREE),
        HoleKind.MATERIAL_REPORTED: HoleRule(_NODE, "把这份材料入卷", ALL_AGREE),
        HoleKind.MATERIAL_UNREPORTED: HoleRule(_NODE, "在节点登记这项材料", ALL_AGREE),
        HoleKind.NODE_NOT_STARTED: HoleRule(
            _NODE, "启动这个节点并登记办理情况；放错了的，撤出后重新入卷", ALL_AGREE
        ),
        HoleKind.PAPER_UNFILED: HoleRule(_NODE, "把签发的文书重新入卷", ALL_AGREE),
        HoleKind.PAPER_WITHOUT_PAGES: HoleRule(
            _FILES, "补入 PDF，或者更换为签名盖章后的扫描件", CITE
        ),
        HoleKind.PROOF_MISSING: HoleRule(_NODE, "扫描送达凭证并入卷", ALL_AGREE),
        HoleKind.UNPLACED: HoleRule(_FILES, "选定目录项", CHECKED),
        HoleKind.NOT_PRINTED: HoleRule(_PAPER, "补印变动的页面", CITE),
        HoleKind.OLD_PRINT: HoleRule(_PAPER, "补印变动的页面", CITE),
        HoleKind.GONE_ON_PAPER: HoleRule(
            _PAPER, "重新打印这一册变动的页面，并从纸质卷宗中取出这些页", CITE
        ),
        HoleKind.NOT_PROVEN: HoleRule(_PAPER, "扫描装订好的卷宗，逐页核对", CITE),
        HoleKind.PROVEN_DIFFERENT: HoleRule(_PAPER, "按核对结果改正后再核对", CITE),
        HoleKind.NOT_ARCHIVED: HoleRule(_NODE, "制作归档包并移交档案部门", ARCHIVED),
    }
)
SHOWN_ONLY = frozenset({HoleKind.PROOF_MISSING, HoleKind.NOT_PROVEN, HoleKind.NOT_ARCHIVED})
"""What no rule names as a bar to 报结; all the others stop it."""


@dataclass(frozen=True, slots=True)
class Hole:
    """One disagreement.

    ``blocks`` tells that 报结, of a closed case 归档, is refused while it is there.  ``mend`` says
    what to do; ``key`` and ``material``, ``item``, ``paper``, ``service``, ``side`` and ``volume``
    say where, as far as they concern it; ``service_version`` is to be given back with what mends
    the service's proof.
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
    service: int | None = None
    service_version: int = 0


class Where(TypedDict, total=False):
    """Where a hole is; the parts of :class:`Hole` that say so."""

    key: Key
    material: str
    item: int
    paper: int
    side: str
    volume: int
    service: int
    service_version: int


def hole(
    kind: HoleKind,
    sentence: str,
    *,
    blocks: bool = True,
    cite: Cite | None = None,
    mend: str = "",
    **where: Unpack[Where],
) -> Hole:
    """Return a disagreement of a kind; it stops 报结 where its kind does and ``blocks`` is left.

    ``cite`` and ``mend`` are the kind's own where the place knows nothing better.
    """
    rule = HOLE_RULES[kind]
    return Hole(
        kind,
        rule.edge,
        sentence,
        mend or rule.mend,
        blocks and kind not in SHOWN_ONLY,
        cite or rule.cite,
        **where,
    )


@dataclass(frozen=True, slots=True)
class Triangle:
    """The holes of a case, and whether the bureau refuses 报结 for them (``since``).

    ``closed``: it is closed already; what is found now stands in the way of 归档.
    """

    case_id: int
    case_no: str
    holes: tuple[Hole, ...]
    enforced: bool
    closed: bool = False

    @property
    def step(self) -> str:
        """The step that the case must not take with holes: 报结, and once closed 归档."""
        return "归档" if self.closed else "报结"

    @property
    def blocking(self) -> tuple[Hole, ...]:
        """Those that stand in the way of :attr:`step`."""
        return tuple(hole for hole in self.holes if hole.blocks)
