"""What stands above a form: what is refused, a draft that was kept, what others did meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.ui.forms.parts import Box, WideLink, Words

MAX_LINES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One refusal: where to go, the sentence, and the words it rests on."""

    where: str
    sentence: str
    cite: str = ""


class RefusalList(Box):
    """Everything that is wrong, at once; a click goes to the field."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("loud", parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(12, 8, 12, 8)
        self._box.setSpacing(3)
        self.lines: tuple[Line, ...] = ()
        self.links: list[WideLink] = []
        self.hide()

    def show_lines(self, heading: str, lines: Sequence[Line]) -> None:
        """Show some refusals under a heading."""
        self.clear()
        self.lines = tuple(lines)
        self._box.addWidget(Words(heading, tone="bad", bold=True))
        for line in lines[:MAX_LINES]:
            if line.where:
                link = WideLink(f"· {line.sentence}")
                link.setToolTip(line.cite)
                link.setProperty("where", line.where)
                link.clicked.connect(self._clicked)
                self.links.append(link)
                self._box.addWidget(link)
            else:
                self._box.addWidget(Words(line.sentence))
            if line.cite and not line.where:
                self._box.addWidget(Words(f"依据　{line.cite}", tone="muted"))
        if len(lines) > MAX_LINES:
            rest = f"还有{len(lines) - MAX_LINES}处，改正以上各处后再次保存时显示。"
            self._box.addWidget(Words(rest, tone="muted"))
        self.show()

    def clear(self) -> None:
        """Take everything away."""
        self.lines = ()
        self.links = []
        while (entry := self._box.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.hide()

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, WideLink):
            self.wanted.emit(str(sender.property("where")))


class OfferBar(Box):
    """A question that is answered before the form is used: 恢复 or 丢弃."""

    taken = Signal()
    dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("strong", parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 12, 8)
        self.words = Words()
        line.addWidget(self.words, 1)
        self.take = QPushButton("恢复", self)
        self.drop = QPushButton("丢弃", self)
        for button in (self.take, self.drop):
            button.setAutoDefault(False)
            line.addWidget(button)
        self.take.clicked.connect(self.taken)
        self.drop.clicked.connect(self.dropped)
        self.hide()

    def offer(self, words: str) -> None:
        """Ask."""
        self.words.setText(words)
        self.show()
        self.take.setFocus()


class MeanwhileBox(Box):
    """What others changed while the form was open: theirs and mine side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("strong", parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(12, 8, 12, 8)
        self._box.setSpacing(3)
        self.hide()

    def show_changes(self, heading: str, changes: Sequence[str]) -> None:
        """Show what others did."""
        while (entry := self._box.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._box.addWidget(Words(heading, bold=True))
        for words in changes:
            self._box.addWidget(Words(f"· {words}"))
        self.show()

    def texts(self) -> list[str]:
        """Return the words that are shown."""
        found = []
        for at in range(self._box.count()):
            entry = self._box.itemAt(at)
            widget = entry.widget() if entry is not None else None
            if isinstance(widget, Words):
                found.append(widget.text())
        return found
