"""文书 in the node panel: what can be made at the node, how each paper stands, the way to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zhixing_desktop.services.paper_types import VOID, Offer, PaperLine
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Link, Mark, Words, em
from zhixing_desktop.ui.node_panel.pieces import Section
from zhixing_desktop.ui.papers.words import about, latest_of, offer_words, state_words

if TYPE_CHECKING:
    # With what makes papers, which nobody needs before a case is shown.
    from zhixing_desktop.ui.papers.reading import Shelf

TITLE = "文书"
_SHOWN_GAPS = 3


@dataclass(frozen=True, slots=True)
class PaperActs:
    """What a click does: make a paper of an offer, open one, go to all of the node."""

    make: Callable[[Offer], None]
    open: Callable[[PaperLine], None]
    pack: Callable[[], None]


class OfferRow(QWidget):
    """One paper that can be made: its name, how it stands, what is missing, the way to it."""

    def __init__(self, offer: Offer, lacking: Sequence[str], acts: PaperActs) -> None:
        super().__init__()
        self.offer = offer
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 2, 0, 4)
        box.setSpacing(1)
        head = QHBoxLayout()
        name = f"《{offer.name}》{about(offer.about_words)}"
        words = Words(name, bold=offer.required)
        head.addWidget(words, 1)
        must = "必需　" if offer.required else ""
        pressing = offer.required and latest_of(offer) is None
        self.state = Mark(f"{must}{offer_words(offer)}", tone="bad" if pressing else "muted")
        head.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(head)
        self.lacking = Words("", tone="bad")
        if lacking:
            more = f"等{len(lacking)}项" if len(lacking) > _SHOWN_GAPS else ""
            self.lacking.setText(f"缺　{'、'.join(lacking[:_SHOWN_GAPS])}{more}")
            box.addWidget(self.lacking)
        if offer.why_not:
            box.addWidget(Words(offer.why_not, tone="muted"))
        line = QWidget(self)
        flow = FlowLayout(line)
        flow.setSpacing(em(self, 0.8))
        self.links: list[Link] = []
        for paper in offer.papers:
            told = paper.number or state_words(paper)
            mark = "（已作废）" if paper.state == VOID else ""
            self._link(flow, f"打开{told}{mark}…", partial(acts.open, paper), name)
        self.make = self._link(
            flow, "再制作一份…" if offer.papers else "制作…", lambda: acts.make(offer), name
        )
        box.addWidget(line)
        self.scans = Words("", tone="muted")
        self.scans.hide()
        box.addWidget(self.scans)

    def show_scans(self, versions: Mapping[int, int]) -> None:
        """Say whether the page in the dossier is still the one that the program made."""
        told = []
        for paper in self.offer.papers:
            version = versions.get(paper.id, 0)
            if version > 1:
                told.append(f"{paper.number}已换成签名盖章的扫描件（卷宗第{version}版）")
            elif version:
                told.append(f"{paper.number}卷宗中还是未签名的页面")
        self.scans.setText("；".join(told))
        self.scans.setVisible(bool(told))

    def _link(self, flow: FlowLayout, words: str, act: Callable[[], None], name: str) -> Link:
        link = Link(words)
        link.setAccessibleName(f"{name}：{words}")
        link.clicked.connect(lambda _on=False: act())
        flow.addWidget(link)
        self.links.append(link)
        return link


class PapersSection(Section):
    """Filled when the papers have been read; what need not be made lies behind a link."""

    def __init__(self, acts: PaperActs, folds: dict[str, bool], *, unfolded: bool) -> None:
        super().__init__(TITLE, unfolded=unfolded)
        self._acts, self._folds = acts, folds
        self.rows: list[OfferRow] = []
        self.more: Link | None = None
        self.pack: Link | None = None
        self._rest = QWidget(self)
        self._scans: Mapping[int, int] = {}
        self.say("正在读取…")

    def say(self, words: str, *, bad: bool = False) -> None:
        """Show nothing but some words."""
        self._clear()
        self.body.addWidget(Words(words, tone="bad" if bad else "muted"))

    def show_shelf(self, shelf: Shelf) -> None:
        """Show the papers of the instance."""
        self._clear()
        first = [offer for offer in shelf.offers if offer.required or offer.papers]
        rest = [offer for offer in shelf.offers if offer not in first]
        made = sum(bool(offer.papers) for offer in first)
        self.head.setText(f"{TITLE}（{made}/{len(first)}）" if first else TITLE)
        for offer in first:
            self.body.addWidget(self._row(offer, shelf))
        if not shelf.offers:
            self.body.addWidget(Words("本节点没有需要制作的文书", tone="muted"))
            return
        self._rest = QWidget(self)
        inner = QVBoxLayout(self._rest)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(1)
        for offer in rest:
            inner.addWidget(self._row(offer, shelf))
        if rest:
            self.more = Link("")
            self.more.clicked.connect(self._toggle)
            self.body.addWidget(self.more)
            self.body.addWidget(self._rest)
            self._show_rest(self._folds.get("其他文书", not first), len(rest))
        self.pack = Link("整组办理：签发、打印、导出本节点的文书…")
        self.pack.clicked.connect(lambda _on=False: self._acts.pack())
        self.body.addWidget(self.pack)

    def show_scans(self, versions: Mapping[int, int]) -> None:
        """Say of which issued papers the signed scan lies in the dossier, by their numbers."""
        self._scans = versions
        for row in self.rows:
            row.show_scans(versions)

    def row(self, name: str, words: str = "") -> OfferRow:
        """Return the row of a form's name and what it is for; ``KeyError`` for none."""
        for row in self.rows:
            if row.offer.name == name and words in row.offer.about_words:
                return row
        raise KeyError(name)

    def _row(self, offer: Offer, shelf: Shelf) -> OfferRow:
        row = OfferRow(offer, shelf.lacking.get((offer.form, offer.about), ()), self._acts)
        row.show_scans(self._scans)
        self.rows.append(row)
        return row

    def _toggle(self) -> None:
        shown = self._rest.isHidden()
        self._folds["其他文书"] = shown
        layout = self._rest.layout()
        self._show_rest(shown, layout.count() if layout is not None else 0)

    def _show_rest(self, shown: bool, count: int) -> None:
        assert self.more is not None
        self._rest.setVisible(shown)
        self.more.setText("收起其他文书" if shown else f"其他可以制作的文书（{count}）")
        self.more.updateGeometry()

    def _clear(self) -> None:
        self.rows, self.more, self.pack = [], None, None
        while (entry := self.body.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
