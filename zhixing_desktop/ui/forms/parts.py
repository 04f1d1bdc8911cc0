"""Small pieces that panels and dialogs share: words with a tone, help, headings, links.

Colours come from palette roles only, so that a change of theme needs no code here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.workflow.errors import Cite

TONES = {
    "plain": QPalette.ColorRole.WindowText,
    "muted": QPalette.ColorRole.PlaceholderText,
    "bad": QPalette.ColorRole.BrightText,
    "link": QPalette.ColorRole.Link,
}
_POPUP_CHARS = 34
_HINT_CHARS = 20


def em(widget: QWidget, count: float) -> int:
    """Return the width of ``count`` Chinese characters in the widget's font."""
    return round(widget.fontMetrics().horizontalAdvance("汉") * count)


class _Heights:
    """Heights that were measured: a layout asks for the same dozens of times while it settles."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], int] = {}

    def of(self, width: int, words: str, measure: Callable[[int], int]) -> int:
        """Return the height of some words in a width."""
        known = self._known.get((width, words))
        if known is None:
            known = self._known[width, words] = measure(width)
        return known

    def forget_on(self, event: QEvent) -> None:
        """Forget all where what changed is the font."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._known.clear()


class Words(QLabel):
    """Plain words that wrap; never read as rich text, whatever somebody typed."""

    def __init__(
        self,
        text: str = "",
        *,
        tone: str = "plain",
        bold: bool = False,
        scale: float = 1.0,
        middle: bool = False,
        selectable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        # Before anything is set: each of it may ask for a height.
        self._heights = _Heights()
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        flag = Qt.AlignmentFlag
        self.setAlignment(flag.AlignLeft | (flag.AlignVCenter if middle else flag.AlignTop))
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.set_tone(tone)
        if bold or scale != 1.0:
            # A form has hundreds of these; a font that is no other is not set anew.
            font = self.font()
            font.setBold(bold)
            font.setPointSizeF(font.pointSizeF() * scale)
            self.setFont(font)
        self.setText(text)

    def sizeHint(self) -> QSize:
        """Return a moderate width; the height follows from the width that is given."""
        natural = self.fontMetrics().size(0, self.text()).width() + 2 * self.margin() + 4
        width = min(natural, em(self, _HINT_CHARS))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return one line of a few characters, so that a narrow panel may be narrow."""
        return QSize(min(self.sizeHint().width(), em(self, 4)), self.fontMetrics().height())

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped words."""
        return self._heights.of(width, self.text(), super().heightForWidth)

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font."""
        self._heights.forget_on(event)
        super().changeEvent(event)

    def set_tone(self, tone: str) -> None:
        """Choose the colour: plain, muted, bad or link."""
        self.setForegroundRole(TONES[tone])


class Mark(QLabel):
    """A short word that does not wrap: a required star, a number, a unit."""

    def __init__(
        self, text: str, *, tone: str = "plain", bold: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setForegroundRole(TONES[tone])
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if bold:
            font = self.font()
            font.setBold(True)
            self.setFont(font)


class Link(QPushButton):
    """A flat button that looks like a link and is reached by keyboard."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFlat(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the words and a little air."""
        size = self.fontMetrics().size(Qt.TextFlag.TextSingleLine, self.text())
        return QSize(size.width() + 6, size.height() + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the same: a link is not squeezed."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words only; underlined under the mouse and with the focus."""
        painter = QPainter(self)
        role = QPalette.ColorRole.Link if self.isEnabled() else QPalette.ColorRole.PlaceholderText
        painter.setPen(self.palette().color(role))
        font = self.font()
        font.setUnderline(self.isEnabled() and (self.underMouse() or self.hasFocus()))
        painter.setFont(font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


class WideLink(QToolButton):
    """A link whose words wrap: the click area of a line in a list."""

    def __init__(self, text: str, *, tone: str = "link", parent: QWidget | None = None) -> None:
        self._heights = _Heights()
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setText(text)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._role = TONES[tone]

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped words."""
        return self._heights.of(width, self.text(), self._measured)

    def _measured(self, width: int) -> int:
        return self._box(width).height() + 2

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font."""
        self._heights.forget_on(event)
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Return the height in the present width."""
        width = max(self.width(), em(self, 8))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return one line of some characters."""
        return QSize(em(self, 4), self.fontMetrics().height() + 4)

    def _box(self, width: int) -> QRect:
        flags = Qt.TextFlag.TextWordWrap
        return self.fontMetrics().boundingRect(0, 0, max(width, 1), 100_000, flags, self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the wrapped words; underlined under the mouse and with the focus."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self._role))
        font = self.font()
        font.setUnderline(self.underMouse() or self.hasFocus())
        painter.setFont(font)
        flags = Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(0, 1, 0, 0), flags, self.text())
        painter.end()


class Rule(QFrame):
    """A thin line between two sections."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.HLine)
        self.setFrameShadow(QFrame.Shadow.Plain)
        self.setForegroundRole(QPalette.ColorRole.Mid)


class Box(QFrame):
    """A framed area; ``strength`` is calm, strong or loud, which only the frame and fill show."""

    def __init__(self, strength: str = "calm", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strength = strength

    def set_strength(self, strength: str) -> None:
        """Change how loud the box is."""
        self._strength = strength
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint fill and frame from the palette."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        role = QPalette.ColorRole
        edge = {"calm": role.Mid, "strong": role.Link, "loud": role.BrightText}[self._strength]
        width = 1.0 if self._strength == "calm" else 1.6
        fill = palette.color(role.Base)
        if palette.color(role.Window).lightness() < 128:
            # On a dark screen the fields are wells in a lighter plate; frames alone do not show.
            fill = _mixed(palette.color(role.Window), palette.color(role.WindowText), 0.07)
        if self._strength != "calm":
            fill = _mixed(fill, palette.color(edge), 0.08)
        painter.setBrush(fill)
        painter.setPen(QPen(palette.color(edge), width))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    keep = 1 - share
    return QColor.fromRgbF(
        one.redF() * keep + other.redF() * share,
        one.greenF() * keep + other.greenF() * share,
        one.blueF() * keep + other.blueF() * share,
    )


def small_icon(kind: str, colour: QColor, side: int, ratio: float) -> QIcon:
    """Draw ``info``, ``calendar`` or ``print`` in one colour; sharp on scaled screens."""
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / 16, side / 16)
    painter.setPen(QPen(colour, 1.3))
    if kind == "info":
        painter.drawEllipse(QPointF(8, 8), 6.2, 6.2)
        painter.drawLine(QPointF(8, 7.4), QPointF(8, 11.4))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(8, 4.9), 0.35, 0.35)
    else:
        painter.drawRoundedRect(QRectF(2, 3.2, 12, 10.8), 1.4, 1.4)
        painter.drawLine(QPointF(2, 6.6), QPointF(14, 6.6))
        painter.drawLine(QPointF(5.2, 1.8), QPointF(5.2, 4.4))
        painter.drawLine(QPointF(10.8, 1.8), QPointF(10.8, 4.4))
        painter.setBrush(colour)
        for x in (5.2, 8.0, 10.8):
            painter.drawEllipse(QPointF(x, 10.2), 0.5, 0.5)
    painter.end()
    return QIcon(pixmap)


class IconButton(QToolButton):
    """A flat button with one of the small icons, drawn anew for palette and screen."""

    def __init__(self, kind: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setAutoRaise(True)
        if tip:
            self.setToolTip(tip)
            self.setAccessibleName(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon in the palette's muted colour, in the link colour when it is active."""
        painter = QPainter(self)
        role = QPalette.ColorRole
        lively = self.isEnabled() and (self.underMouse() or self.hasFocus())
        colour = self.palette().color(role.Link if lively else role.PlaceholderText)
        side = round(self.fontMetrics().height() * 0.95)
        icon = small_icon(self._kind, colour, side, self.devicePixelRatioF())
        place = QPoint((self.width() - side) // 2, (self.height() - side) // 2)
        painter.drawPixmap(place, icon.pixmap(QSize(side, side), self.devicePixelRatioF()))
        painter.end()

    def sizeHint(self) -> QSize:
        """Return a square a little larger than a line."""
        side = self.fontMetrics().height() + 6
        return QSize(side, side)


class InfoButton(IconButton):
    """Help behind an icon: the words of the guideline, on hovering and on click or space.

    ``tell`` gives the paragraphs; it is asked when somebody wants to read them.
    """

    def __init__(
        self, heading: str, tell: Callable[[], Sequence[str]], parent: QWidget | None = None
    ) -> None:
        super().__init__("info", "", parent)
        self._heading = heading
        self._tell = tell
        self.setAccessibleName(f"{heading}的依据")
        # Reached by mouse and Ctrl+F1-like help; Tab goes from field to field.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.clicked.connect(self.show_help)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What there is to read."""
        return tuple(self._tell())

    def event(self, event: QEvent) -> bool:
        """Fold the words for the tool tip once it is wanted."""
        if event.type() == QEvent.Type.ToolTip and not self.toolTip():
            self.setToolTip(folded("\n\n".join(self.paragraphs)))
        return super().event(event)

    def show_help(self) -> None:
        """Show the words in a small window that a click elsewhere closes."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setFrameShape(QFrame.Shape.Box)
        box = QVBoxLayout(popup)
        box.addWidget(Words(self._heading, bold=True))
        for entry in self.paragraphs:
            box.addWidget(Words(entry))
        popup.setFixedWidth(em(self, _POPUP_CHARS))
        popup.move(self.mapToGlobal(QPoint(0, self.height())))
        popup.show()


def show_if(widget: QWidget, wanted: bool) -> None:
    """Show or hide, unless that is how it stands: a call that changes nothing costs as much."""
    said = widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
    if not said or widget.isHidden() == wanted:
        widget.setVisible(wanted)


def keep_if(widget: QWidget, wanted: bool) -> None:
    """Show or hide; what is wanted and was never hidden comes with its parent by itself."""
    if not wanted or widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
        show_if(widget, wanted)


def fit_height(window: QWidget) -> None:
    """Make a window as high as what it shows needs; never lower than it is."""
    layout = window.layout()
    if layout is None:
        return
    layout.activate()
    wanted = layout.totalHeightForWidth(window.width())
    room = window.screen().availableGeometry().height()
    window.resize(window.width(), min(max(window.height(), wanted), room))


def folded(text: str, width: int = 42) -> str:
    """Break long lines for a tool tip, which does not wrap plain words."""
    lines = []
    for line in text.split("\n"):
        rest = line
        while len(rest) > width:
            lines.append(rest[:width])
            rest = rest[width:]
        lines.append(rest)
    return "\n".join(lines)


def cite_words(cite: Cite, readings: dict[str, str] | None = None) -> list[str]:
    """Return a citation as paragraphs, its reading written out."""
    found = [f"{cite.paragraph}：“{cite.quote}”"]
    if cite.reading:
        told = (readings or {}).get(cite.reading, "")
        found.append(f"释义 {cite.reading}：{told}" if told else f"释义 {cite.reading}")
    return found
