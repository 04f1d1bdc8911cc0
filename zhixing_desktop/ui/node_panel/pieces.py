"""Pieces of the node panel: a state badge and sections that fold."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.ui.icons import paint_icon
from zhixing_desktop.ui.theme import theme_for
from zhixing_desktop.workflow.facts import State


class StateBadge(QWidget):
    """A state as icon and word, with the chart's colours and border."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(state.label)

    def sizeHint(self) -> QSize:
        """Return the size of icon, word and border."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.state.label) + metrics.height() + em(self, 1.6)
        return QSize(width, metrics.height() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as the chart does."""
        look = theme_for(self.palette()).state(self.state)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(look.fill))
        painter.setPen(QPen(QColor(look.border), look.width, look.line))
        edge = look.width / 2 + 0.5
        box = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.drawRoundedRect(box, 5, 5)
        side = float(self.fontMetrics().height() - 2)
        gap = em(self, 0.5)
        place = QRectF(gap, (self.height() - side) / 2, side, side)
        paint_icon(painter, look.icon, place, QColor(look.text))
        painter.setPen(QColor(look.text))
        words = self.rect().adjusted(round(gap + side + em(self, 0.3)), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.state.label)
        painter.end()


class _Head(QToolButton):
    """The line one clicks to fold a section: an arrow, its title, a count."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setBold(True)
        self.setFont(font)

    def sizeHint(self) -> QSize:
        """Return one line with air above."""
        return QSize(em(self, 8), self.fontMetrics().height() + 10)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the arrow, the title and a thin line below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        lively = self.hasFocus() or self.underMouse()
        colour = palette.color(palette.ColorRole.Link if lively else palette.ColorRole.WindowText)
        middle = self.height() / 2
        side = em(self, 0.32)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(palette.ColorRole.PlaceholderText))
        painter.translate(side * 1.6, middle)
        if self.isChecked():
            painter.rotate(90)
        painter.drawPolygon(
            QPolygonF([QPointF(-side / 1.4, -side), QPointF(side, 0), QPointF(-side / 1.4, side)])
        )
        painter.resetTransform()
        painter.setPen(colour)
        words = self.rect().adjusted(round(side * 4), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setPen(palette.color(palette.ColorRole.Mid))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()


class Section(QWidget):
    """A titled part of the panel that folds; ``body`` takes its widgets."""

    def __init__(self, title: str, *, unfolded: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.head = _Head(title, self)
        self.head.setChecked(unfolded)
        self._inner = QWidget(self)
        self.body = QVBoxLayout(self._inner)
        self.body.setContentsMargins(em(self, 0.6), 4, 0, 8)
        self.body.setSpacing(3)
        self._inner.setVisible(unfolded)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.head)
        box.addWidget(self._inner)
        self.head.toggled.connect(self._inner.setVisible)

    @property
    def unfolded(self) -> bool:
        """Whether its content shows."""
        return self.head.isChecked()

    def unfold(self) -> None:
        """Show the content."""
        self.head.setChecked(True)
