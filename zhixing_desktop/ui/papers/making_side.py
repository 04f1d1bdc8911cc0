"""The data of a paper beside its preview: what is asked, what nodes say, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from zhixing_desktop.services.paper_types import ApprovalLine, GapLine, Preview
from zhixing_desktop.ui.forms.choices import ChoiceEditor
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.making import Surroundings
from zhixing_desktop.ui.forms.notices import OfferBar
from zhixing_desktop.ui.forms.parts import Box, Link, WideLink, Words, em, show_if
from zhixing_desktop.ui.node_panel.pieces import Section
from zhixing_desktop.ui.papers.ask_row import AskRow
from zhixing_desktop.ui.papers.edited_box import EditedBox
from zhixing_desktop.ui.papers.reading import Datum
from zhixing_desktop.ui.papers.words import day_of
from zhixing_desktop.workflow.errors import Problem

_LABEL_CHARS = 8.5
ASK = "ask."
RECIPIENT = "recipient"


class MakingSide(QWidget):
    """Everything left of the page.

    ``changed`` for what a person typed; ``wanted`` carries the source of a datum that is entered
    elsewhere; ``approval_wanted`` asks to apply for the decision the paper needs.
    """

    changed = Signal()
    wanted = Signal(str)
    approval_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, AskRow] = {}
        self.gap_links: list[WideLink] = []
        self.datum_links: list[Link] = []
        self.day: DateEditor | None = None
        self.recipient: ChoiceEditor | None = None
        self._dated = False
        self._gaps: tuple[GapLine, ...] | None = None
        self._citations: tuple[str, ...] | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        self.offer = OfferBar(self)
        box.addWidget(self.offer)
        self.problem = Box("loud", self)
        inner = QVBoxLayout(self.problem)
        inner.setContentsMargins(8, 4, 8, 4)
        self.problem_words = Words(tone="bad")
        inner.addWidget(self.problem_words)
        self.problem.hide()
        box.addWidget(self.problem)
        self.edited = EditedBox(self)
        box.addWidget(self.edited)
        self.approval = _ApprovalBox(self)
        self.approval.button.clicked.connect(lambda _on=False: self.approval_wanted.emit())
        box.addWidget(self.approval)
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area = area
        content = QWidget(area)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, em(self, 0.5), 0)
        column.setSpacing(4)
        self.asks = Section("填写", unfolded=True)
        self.gaps = Section("还缺什么", unfolded=True)
        self.data = Section("取自各节点的内容", unfolded=True)
        self.citations = Section("引用的条文", unfolded=False)
        for section in (self.gaps, self.asks, self.data, self.citations):
            column.addWidget(section)
        column.addStretch(1)
        area.setWidget(content)
        box.addWidget(area, 1)
        self.setMinimumWidth(em(self, 22))

    # ------------------------------------------------------------------------------- filling

    def fill(
        self,
        preview: Preview,
        around: Surroundings,
        recipients: Sequence[tuple[str, str]],
        now: datetime,
        *,
        dated: bool,
        edited: bool = False,
    ) -> None:
        """Make the editors for a paper anew; ``dated`` tells that somebody has said its day.

        ``edited``: a Word file that was taken back is its text, and nothing is to be typed.
        """
        self._dated = dated
        _empty(self.asks)
        self.rows, self.recipient, self.day = {}, None, None
        show_if(self.edited, edited)
        self.asks.setEnabled(not edited)
        if recipients:
            self.recipient = ChoiceEditor(recipients)
            self.recipient.set_value(preview.wish.recipient or None)
            self.recipient.edited.connect(self.changed)
            self._beside("本份交给", self.recipient)
        for line in preview.asks:
            row = AskRow(line, around, self)
            row.changed.connect(self.changed)
            self.asks.body.addWidget(row)
            self.rows[line.name] = row
        self.day = DateEditor(now)
        self.day.set_value(preview.wish.day.isoformat() if preview.wish.day else None)
        self.day.edited.connect(self._day_typed)
        self._beside("文书日期", self.day)
        self._say_weekday()
        self.show_preview(preview)

    def _beside(self, label: str, editor: DateEditor | ChoiceEditor) -> None:
        editor.setAccessibleName(label)
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 2, 0, 6)
        column.setSpacing(1)
        column.addWidget(Words(label, selectable=False))
        column.addWidget(editor)
        self.asks.body.addWidget(holder)

    def _day_typed(self) -> None:
        self._dated = True
        self._say_weekday()
        self.changed.emit()

    def _say_weekday(self) -> None:
        if self.day is not None and self.day.side is not None:
            self.day.side.setText(self.day.hint())

    def show_preview(self, preview: Preview) -> None:
        """Show what a change has brought: proposals, gaps, approval, articles."""
        for line in preview.asks:
            row = self.rows.get(line.name)
            if row is not None:
                row.take(line)
                row.refuse("")
        if self.day is not None and not self._dated and preview.wish.day is not None:
            self.day.set_value(preview.wish.day.isoformat())
            self._say_weekday()
        show_if(self.problem, False)
        self._show_gaps(preview.gaps)
        self.approval.show_line(preview.approval)
        self._show_citations(preview.citations)

    def show_data(self, data: Sequence[Datum]) -> None:
        """Show the fields of nodes that the paper takes, with the way to each."""
        _empty(self.data)
        self.datum_links = []
        self.data.setVisible(bool(data))
        for datum in data:
            holder = QWidget(self.data)
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 1, 0, 1)
            line.setSpacing(6)
            name = Words(datum.label, tone="muted")
            name.setFixedWidth(em(self, _LABEL_CHARS))
            line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Words(datum.words or "（没有填写）"), 1)
            act = "更改" if datum.words else "去填写"
            link = Link(f"{act}…")
            link.setAccessibleName(f"{act}{datum.label}")
            link.clicked.connect(lambda _on=False, s=datum.source: self.wanted.emit(s))
            line.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
            self.datum_links.append(link)
            self.data.body.addWidget(holder)

    def _show_gaps(self, gaps: tuple[GapLine, ...]) -> None:
        missing = {gap.source for gap in gaps}
        for name, row in self.rows.items():
            row.mark_missing(f"{ASK}{name}" in missing)
        if gaps == self._gaps:
            # With every keystroke anew it would flicker, and the focus would be lost.
            return
        self._gaps = gaps
        self.gaps.head.setText(f"还缺什么（{len(gaps)}）")
        _empty(self.gaps)
        self.gap_links = []
        show_if(self.gaps, bool(gaps))
        for gap in gaps:
            link = WideLink(f"· {gap.label}　（{gap.place}）")
            link.setProperty("where", gap.source)
            link.clicked.connect(lambda _on=False, s=gap.source: self.wanted.emit(s))
            self.gap_links.append(link)
            self.gaps.body.addWidget(link)

    def _show_citations(self, citations: tuple[str, ...]) -> None:
        if citations == self._citations:
            return
        self._citations = citations
        self.citations.head.setText(f"引用的条文（{len(citations)}）")
        _empty(self.citations)
        show_if(self.citations, bool(citations))
        for words in citations:
            self.citations.body.addWidget(Words(words))

    # ------------------------------------------------------------------------------- answers

    def asked(self) -> dict[str, Any]:
        """Return what a person has answered, by name."""
        return {name: row.value() for name, row in self.rows.items() if row.touched}

    def paper_day(self) -> date | None:
        """Return the paper's day; ``None`` while nobody has said it: then the day it is issued."""
        return day_of(self.day.value()) if self.day is not None and self._dated else None

    def whom(self) -> str:
        """Return the party whose copy it is (subject), empty for none."""
        return str(self.recipient.value() or "") if self.recipient is not None else ""

    def body(self) -> dict[str, Any]:
        """Return what was typed, for a crash."""
        day = self.paper_day()
        return {"asked": self.asked(), "day": day and day.isoformat(), "recipient": self.whom()}

    def restore(self, body: Mapping[str, Any]) -> None:
        """Show what was typed before a crash."""
        for name, value in dict(body.get("asked", {})).items():
            if name in self.rows:
                self.rows[name].put(value)
        if self.day is not None and body.get("day"):
            self.day.set_value(body["day"])
            self._dated = True
            self._say_weekday()
        if self.recipient is not None:
            self.recipient.set_value(body.get("recipient") or None)
        self.changed.emit()

    def refuse(self, sentence: str, problems: Sequence[Problem] = ()) -> None:
        """Show what is wrong: at its field where there is one, the rest above."""
        rest = []
        for problem in problems:
            row = self._row_of(problem)
            if row is not None:
                row.refuse(problem.sentence)
            else:
                rest.append(problem.sentence)
        told = "\n".join(dict.fromkeys(rest)) if problems else sentence
        self.problem_words.setText(told)
        show_if(self.problem, bool(told))

    def go_to(self, source: str) -> bool:
        """Put the cursor to what is asked here; False where it is entered elsewhere."""
        row = self.rows.get(source.removeprefix(ASK)) if source.startswith(ASK) else None
        if row is not None:
            self.asks.unfold()
            self.area.ensureWidgetVisible(row)
            row.focus()
            return True
        if source.startswith((RECIPIENT, f"party/{RECIPIENT}")) and self.recipient is not None:
            self.recipient.setFocus()
            return True
        return False

    def _row_of(self, problem: Problem) -> AskRow | None:
        for name, row in self.rows.items():
            if problem.where in (name, row.label):
                return row
        return None


class _ApprovalBox(Box):
    """The decision a paper needs before it is issued, how it stands, the way to apply for it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("strong", parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 6, 10, 6)
        self.words = Words()
        self.button = QPushButton("申请审批…", self)
        self.button.setAutoDefault(False)
        line.addWidget(self.words, 1)
        line.addWidget(self.button)
        self.hide()

    def show_line(self, approval: ApprovalLine | None) -> None:
        """Show how the decision stands; nothing where none is needed."""
        show_if(self, approval is not None)
        if approval is None:
            return
        self.set_strength("strong" if approval.bars else "calm")
        head = "呈报审批" if approval.presented else "签发须经审批"
        tail = "，批准后才能签发。" if approval.bars else "。"
        self.words.setText(f"{head}：{approval.label}　{approval.words}{tail}")
        self.button.setVisible(approval.status not in ("granted", "pending"))


def _empty(section: Section) -> None:
    while (entry := section.body.takeAt(0)) is not None:
        widget = entry.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
