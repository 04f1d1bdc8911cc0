"""The few announcements that may interrupt, in a corner of the window; the focus stays."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.services.popups import Interruption, Popup
from zhixing_desktop.ui.forms.parts import Box, Link, Words, em, folded

_WIDTH = 36


class PopupBox(Box):
    """``case_requested`` with case and node, ``read`` with the announcements that were put away."""

    case_requested = Signal(int, int)
    read = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__("loud", window)
        self.popups: list[Popup] = []
        self._more = 0
        self.setAccessibleName("紧急提醒")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.addWidget(Words("紧急提醒", bold=True, tone="bad"))
        self._rows = QVBoxLayout()
        column.addLayout(self._rows)
        foot = QHBoxLayout()
        self.rest = Words(tone="muted", middle=True)
        foot.addWidget(self.rest, 1)
        self.known = QPushButton("知道了", self)
        self.known.setAutoDefault(False)
        self.known.clicked.connect(self.put_away)
        foot.addWidget(self.known)
        column.addLayout(foot)
        self.setFixedWidth(em(self, _WIDTH))
        self.hide()
        window.installEventFilter(self)

    def show_more(self, found: Interruption) -> None:
        """Show some more; those that stand there stay."""
        if not found.shown:
            return
        self.popups += found.shown
        self._more = found.more
        for popup in found.shown:
            self._add(popup)
        words = f"另有{self._more}条，见“新情况”" if self._more else ""
        self.rest.setText(words)
        self.show()
        self.raise_()
        self._place()

    def _add(self, popup: Popup) -> None:
        holder = QWidget(self)
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 2, 0, 4)
        # What happened; limit, work and next node are one click or the tool tip away.
        words = Words(popup.sentence.partition("；")[0])
        words.setToolTip(folded(popup.sentence))
        line.addWidget(words, 1)
        link = Link("打开案件")
        link.clicked.connect(lambda _on=False, p=popup: self.case_requested.emit(p.case_id, p.node))
        line.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        self._rows.addWidget(holder)

    def put_away(self) -> None:
        """Hide it; what stood there counts as read."""
        ids = [popup.alert_id for popup in self.popups]
        self.forget()
        self.read.emit(ids)

    def forget(self) -> None:
        """Hide it and read nothing: somebody else sits down."""
        self.popups = []
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.hide()

    def sentences(self) -> Sequence[str]:
        """Return what is shown."""
        return [popup.sentence for popup in self.popups]

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        height = min(self.layout_height(), window.height() - em(self, 4))
        self.resize(self.width(), height)
        margin = em(self, 1)
        self.move(window.width() - self.width() - margin, window.height() - height - 3 * margin)

    def layout_height(self) -> int:
        """Return how high it wants to be."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return layout.totalHeightForWidth(self.width())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)
