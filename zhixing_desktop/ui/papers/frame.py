"""What the window of a paper is made of: heading, both sides, the pages, the row of buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.paper_types import DRAFT, ISSUED, VOID
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.page_view import PageView
from zhixing_desktop.ui.papers.edited_text import can_take_back
from zhixing_desktop.ui.papers.issued_side import IssuedSide
from zhixing_desktop.ui.papers.making_side import MakingSide
from zhixing_desktop.ui.papers.open_paper import OpenPaper
from zhixing_desktop.ui.papers.words import about, state_words


class PaperFrame(QDialog):
    """The pieces on the screen; they say how a paper stands, and do nothing by themselves.

    ``making`` is the left side of a paper that is made, ``issued`` that of one that was; ``page``
    the pages, ``said`` what a step has brought; each button is named for what it does.
    """

    help_page = "papers"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setWindowTitle("文书")
        self.title = Words(bold=True, scale=1.2)
        self.state = Words(tone="muted")
        self.said = Words(tone="muted", middle=True)
        self.making = MakingSide(self)
        self.issued = IssuedSide(self)
        self.page = PageView(bridge, self)
        self.keep = self._button("保存草稿", "Ctrl+S")
        self.issue = self._button("签发…", "Ctrl+Enter")
        self.serve = self._button("送达…")
        self.proof = self._button("送达回证…")
        self.print = self._button("打印…", "Ctrl+P")
        self.to_pdf = self._button("导出 PDF…")
        self.to_word = self._button("导出 Word…")
        self.take_back = self._button("取回改过的 Word…")
        self.take_back.setToolTip("把在 Word、WPS 中改过的这份文书取回，作为定稿")
        self.void = self._button("作废…")
        self.redo = self._button("重新制作")
        self.leave = self._button("关闭", "Esc")
        self._lay_out()

    def _button(self, words: str, keys: str = "") -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        if keys:
            button.setToolTip(f"{words.rstrip('…')}（{keys}）")
        return button

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """All buttons below, from left to right."""
        return (
            *(self.keep, self.issue, self.serve, self.proof, self.print, self.to_pdf),
            *(self.to_word, self.take_back, self.void, self.redo, self.leave),
        )

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.addWidget(self.title)
        box.addWidget(self.state)
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.sides = QStackedWidget(self)
        self.sides.addWidget(self.making)
        self.sides.addWidget(self.issued)
        self.across.addWidget(self.sides)
        self.across.addWidget(self.page)
        self.across.setStretchFactor(0, 2)
        self.across.setStretchFactor(1, 3)
        self.across.setChildrenCollapsible(False)
        self.across.setHandleWidth(em(self, 0.6))
        box.addWidget(self.across, 1)
        holder = QWidget(self)
        flow = FlowLayout(holder)
        flow.setSpacing(em(self, 0.4))
        for button in self.buttons:
            flow.addWidget(button)
        foot = QHBoxLayout()
        foot.addWidget(self.said, 1)
        foot.addWidget(holder, 3)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        wide, high = em(self, 96), em(self, 60)
        self.resize(min(wide, room.width() - 20), min(high, room.height() - 40))
        self.across.setSizes([round(self.width() * 0.42), round(self.width() * 0.58)])

    def arm(self, paper: OpenPaper) -> None:
        """Show the buttons that fit the state; what runs keeps them all grey."""
        line = paper.line
        making, issued = paper.state == DRAFT, paper.state == ISSUED
        there = making or issued
        fits = {
            self.keep: making and not paper.edited,
            self.issue: making,
            self.serve: issued,
            self.proof: issued,
            self.print: there,
            self.to_pdf: there,
            self.to_word: there,
            self.take_back: can_take_back(line),
            self.void: (making and line is not None) or issued,
            self.redo: line is not None and line.state == VOID and line.replaced_by is None,
        }
        for button, fit in fits.items():
            button.setVisible(fit)
            button.setEnabled(paper.opening is not None and not paper.busy)
        self.void.setText("删去草稿…" if making else "作废…")

    def name(self, paper: OpenPaper) -> None:
        """Say in the heading which paper it is and how it stands."""
        line, preview, opening = paper.line, paper.preview, paper.opening
        if line is not None:
            name, words, case_no = line.name, line.about_words, line.case_no
            state = f"{state_words(line)}　{line.number}".rstrip()
        elif preview is not None and opening is not None:
            name, case_no = preview.name, opening.case.case_no
            words, state = paper.about(), "还没有保存"
        else:
            return
        if preview is not None and paper.state == DRAFT and preview.number:
            state = f"{state}　签发时的文号：{preview.number}"
        self.title.setText(f"《{name}》{about(words)}")
        self.state.setText(f"{case_no}　{state}")
        self.setWindowTitle(f"{name}{about(words)} — {case_no}")
