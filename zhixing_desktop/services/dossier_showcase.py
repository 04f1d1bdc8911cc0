"""One case of the sample bureau with a filled dossier: what a new user finds to look at.

Papers are issued by the services and file themselves; scans and photographs are drawn
(``showcase_pictures``) and filed for the duties of their nodes, so that each closes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from zhixing_desktop.services import (
    case_list,
    cases,
    dossier_arrivals,
    dossier_intake,
    papers,
    people,
)
from zhixing_desktop.services import showcase_pictures as drawn
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.dossier import dossier
from zhixing_desktop.services.dossier_filing import Change, change_item, file_item, replace_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_tray_rows import TraySource
from zhixing_desktop.services.dossier_triangle import Hole, HoleKind, triangle
from zhixing_desktop.services.dossier_types import (
    SIDE,
    Filing,
    ItemLine,
    Medium,
    Origin,
    Piece,
)
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_showcase import as_its_officer
from zhixing_desktop.services.paper_types import Offer
from zhixing_desktop.workflow.day_words import date_words
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.subjects import CASE
from zhixing_desktop.workflow.views import InstanceView

_CHIEF, _FILER = "执行局长", "立案人员"
_ORDINARY = re.compile("执[0-9]")
_MOST_CASES = 500
_MOST_PAPERS = 12
_FILING_NODES, _ARCHIVING = 4, 44
_IDENTITY, _EVIDENCE = ("主体资格", "身份"), ("举证", "证明材料", "其他")
_MEETING = 1
_LACKING = (HoleKind.MATERIAL_MISSING, HoleKind.MATERIAL_REPORTED)
_NUMBER = "410811199001010000"
"""No real number: its last digit does not check."""


@dataclass(frozen=True, slots=True)
class Showcase:
    """The case with the filled dossier; ``officer`` works on it."""

    case_id: int
    case_no: str
    officer: str


def fill_showcase(bureau: Bureau) -> Showcase | None:
    """Fill the dossier of one closed case that waits for its archive.

    ``None`` where the bureau has no such case.  Takes some seconds.
    """
    found = _case(bureau)
    if found is None:
        return None
    detail, officer = found
    _Filling(bureau, officer, detail).run()
    return Showcase(detail.id, detail.case_no, officer.name)


def showcase(bureau: Bureau) -> Showcase | None:
    """Return the case whose dossier was filled, while it waits for its archive."""
    found = _case(bureau)
    if found is None:
        return None
    detail, officer = found
    if not dossier(bureau, officer, detail.id).main.items:
        return None
    return Showcase(detail.id, detail.case_no, officer.name)


def _case(bureau: Bureau) -> tuple[CaseDetail, Actor] | None:
    """Return the first case that is closed and not archived, an ordinary one where there is."""
    chief = next(p for p in people.all_people(bureau) if _CHIEF in p.roles).actor()
    query = case_list.CaseQuery(filter="closed", limit=_MOST_CASES, sort="case_no")
    lines = [
        line
        for line in case_list.page(bureau, chief, query)
        if line.officer and line.current_node == _ARCHIVING
    ]
    lines.sort(key=lambda line: (not _ORDINARY.search(line.case_no), line.id))
    for line in lines:
        officer = people.find_person(bureau, line.officer).actor()
        detail = cases.detail(bureau, officer, line.id)
        if detail.context.index.event("archived", "case") is None:
            return detail, officer
    return None


class _Filling:
    """One dossier on its way: papers, what the nodes lack, things beside, the tray."""

    def __init__(self, bureau: Bureau, officer: Actor, detail: CaseDetail) -> None:
        self._bureau, self._officer, self._detail = bureau, officer, detail
        self._id = detail.id
        # What lies with the nodes of the filing is filed by who works there.
        filers = (p.actor() for p in people.all_people(bureau) if _FILER in p.roles)
        self._filer = next(filers, officer)
        self._papers = 0

    def run(self) -> None:
        """Do it."""
        for view, offer in self._wanted():
            self._issue(view, offer)
        self._sign()
        for hole in self._lacking():
            self._file_for(hole)
        self._beside()
        self._settle()
        self._tray()

    def _wanted(self) -> Iterator[tuple[InstanceView, Offer]]:
        """Yield papers that the rules wanted of this case, one of each form."""
        seen: set[str] = set()
        for key, view in sorted(self._detail.view.instances.items()):
            if view.state not in (State.DONE, State.DONE_LATE) or key.node >= _ARCHIVING:
                continue
            for offer in papers.offers(self._bureau, self._officer, self._id, key):
                if offer.required and offer.form not in seen and not offer.why_not:
                    seen.add(offer.form)
                    yield view, offer

    def _issue(self, view: InstanceView, offer: Offer) -> None:
        if self._papers >= _MOST_PAPERS:
            return
        try:
            made = as_its_officer(self._bureau, self._officer, self._detail, view, offer)
            if not made.gaps:
                issue(self._bureau, self._officer, made.wish)
                self._papers += 1
        except ZhixingError:
            # What the case's facts do not give is not made up.
            return

    def _sign(self) -> None:
        """The first paper comes back signed and scanned: its unsigned page is replaced."""
        view = dossier(self._bureau, self._officer, self._id)
        item = next((one for one in view.main.items if one.paper_id is not None), None)
        if item is None:
            return
        page = drawn.sheet(
            item.name, self._words(item.name), self._officer.name, self._day(), seal="院印"
        )
        taken = take_in(self._bureau, [Piece(f"{item.name}（签名盖章）.jpg", page)])
        replace_item(
            self._bureau, self._officer, item.id, taken, "更换为签名盖章后的扫描件",
            version=item.version, medium=Medium.ORIGINAL,
        )  # fmt: skip

    def _lacking(self) -> list[Hole]:
        holes = triangle(self._bureau, self._officer, self._id).holes
        return [hole for hole in holes if hole.kind in _LACKING and hole.material]

    def _file_for(self, hole: Hole) -> None:
        """File what a node is waiting for."""
        assert hole.key is not None
        name = hole.material
        page = drawn.sheet(name, self._words(name), self._officer.name, self._day(), seal="经办")
        filing = Filing(name, hole.key, material=name, origin=Origin.OTHER)
        self._file(filing, name, page, self._filer if hole.key.node <= _FILING_NODES else None)

    def _under(self, words: Sequence[str]) -> int:
        """Return the place in the catalogue whose name has one of some words; the last without."""
        places = dossier(self._bureau, self._officer, self._id).main.places
        named = (p.number for word in words for p in places if word in p.name)
        return next(named, places[-1].number)

    def _beside(self) -> None:
        """Things without a duty: an identity card, a photograph, paper only, the 副卷."""
        card = drawn.id_card("王某某", _NUMBER, "河南省某某县某某镇某某村1号")
        self._file(
            Filing("申请执行人身份证复印件", place=self._under(_IDENTITY), origin=Origin.SUBMITTED),
            "身份证", card,
        )  # fmt: skip
        words = ["今收到贵院发还的执行案款。", f"案号：{self._detail.case_no}。"]
        receipt = drawn.on_desk(drawn.sheet("收　条", words, "王某某", self._day()))
        looked = dossier_intake.looked_at(self._bureau, [Piece("手机拍照.jpg", receipt)])[0]
        flat = dossier_intake.straightened(self._bureau, looked).after or looked
        self._file(
            Filing("收条（当事人手机拍照）", place=self._under(_EVIDENCE), origin=Origin.SUBMITTED),
            "收条", flat.piece.content,
        )  # fmt: skip
        file_item(
            self._bureau, self._officer, self._id,
            Filing(
                "授权委托书原件", place=self._under(_IDENTITY), origin=Origin.SUBMITTED,
                medium=Medium.PAPER, paper_pages=2,
            ),
        )  # fmt: skip
        talk = ["时间、地点、参加人：略。", "评议意见：同意承办人的处理意见。", "（以下为样本）"]
        notes = drawn.sheet("合议庭评议笔录", talk, "合议庭成员", self._day())
        self._file(Filing("合议庭评议笔录", place=_MEETING, side=SIDE), "评议笔录", notes)

    def _settle(self) -> None:
        """What the catalogue could not place by itself, a clerk places."""
        view = dossier(self._bureau, self._officer, self._id)
        last = view.main.places[-1].number
        for item in view.main.unplaced:
            self._place(item, last)

    def _place(self, item: ItemLine, place: int) -> None:
        change_item(self._bureau, self._officer, item.id, Change(place=place), version=item.version)

    def _tray(self) -> None:
        """Two scans of which nobody knows yet whose they are."""
        unknown = drawn.sheet(
            "汇款凭证", ["付款人：某某公司", "金额：略", "附言：没有写明案号"], "", ""
        )
        arrived = ((Piece("SCAN0001.jpg", unknown), TraySource.FOLDER),
                   (Piece("IMG_2025.jpg", drawn.on_desk(unknown)), TraySource.DROPPED))  # fmt: skip
        for piece, source in arrived:
            dossier_arrivals.arrive(self._bureau, self._officer, piece, source)

    def _file(
        self, filing: Filing, name: str, content: bytes | Path, by: Actor | None = None
    ) -> None:
        taken = take_in(self._bureau, [Piece(f"{name}.jpg", content)])
        file_item(
            self._bureau, by or self._officer, self._id,
            replace(filing, thing_on=self._on()), taken,
        )  # fmt: skip

    def _words(self, name: str) -> list[str]:
        detail = self._detail
        return [
            f"案号：{detail.case_no}",
            f"材料名称：{name}",
            "本页是示例案件的材料样本，由程序画成，不是真实文书。",
            "人名、号码、印章都是虚构的。",
            "用来演示扫描入卷、自动编目、编页、打印和核对。",
        ]

    def _on(self) -> date:
        """The day that things bear: when the case was filed."""
        filed = self._detail.context.index.event("case_filed", CASE)
        return (filed.happened_at if filed is not None else self._detail.now).date()

    def _day(self) -> str:
        return date_words(self._on())
