"""A paper on the screen, page by page: turning over, larger, smaller, by keyboard.

What it shows comes from a service (``FilePages``); drawing and scaling are done off the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollArea, QSpinBox, QToolButton, QVBoxLayout, QWidget

from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Mark, Words, em
from zhixing_desktop.ui.page_images import page_image, shown
from zhixing_desktop.workflow.errors import ZhixingError

STEP, LEAST, MOST = 1.25, 0.25, 8.0
_RESIZED_MS = 60
"""While an edge of the window is pulled the page is not drawn anew for each pixel."""
_Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Look:
    """How a page is looked at."""

    page: int = 0
    zoom: float = 1.0
    whole: bool = False
    turn: int = 0


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A page ready for the screen, with the picture it was made from where that serves again."""

    ticket: int
    page: int
    base: QImage | None
    image: QImage


class PageView(QWidget):
    """Shows one file; ``page_shown`` carries the number of a page (from 1 on) that is drawn now.

    Alt+Page Down and Alt+Page Up turn over, Ctrl and plus, minus or 0 change the size from
    wherever the cursor stands in the window.
    """

    page_shown = Signal(int)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._pages: FilePages | None = None
        self._look = _Look()
        self._base: tuple[int, QImage] | None = None
        self._asked = 0
        self.area = _PageArea(self)
        self.canvas = _Canvas(self.area)
        self.area.setWidget(self.canvas)
        self.words = Words("", tone="muted", parent=self)
        self._bar = self._made_bar()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._bar)
        box.addWidget(self.words)
        box.addWidget(self.area, 1)
        box.addStretch(0)
        self.setMinimumSize(em(self, 16), em(self, 14))
        self.setFocusProxy(self.area)
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.setInterval(_RESIZED_MS)
        self._resized.timeout.connect(self._draw)
        self.area.turned.connect(self._step)
        self.area.jumped.connect(self.go_to)
        self.area.zoomed.connect(self._zoom_by)
        self.area.fitted.connect(self.fit_width)
        self.area.room_changed.connect(self._on_room)
        self._keys()
        self.clear()

    # ------------------------------------------------------------------------------ building

    def _made_bar(self) -> QWidget:
        bar = QWidget(self)
        line = FlowLayout(bar)
        line.setSpacing(4)
        self.before = self._button("上一页", "Alt+PgUp", lambda: self._step(-1))
        self.after = self._button("下一页", "Alt+PgDn", lambda: self._step(1))
        self.number = QSpinBox(self)
        self.number.setPrefix("第 ")
        self.number.setSuffix(" 页")
        # Typed numbers count when they are complete, not after the first digit.
        self.number.setKeyboardTracking(False)
        self.number.setAccessibleName("页码")
        self.number.valueChanged.connect(lambda value: self.go_to(value - 1))
        self.total = Mark("", tone="muted")
        self.smaller = self._button("缩小", "Ctrl+-", lambda: self._zoom_by(1 / STEP))
        self.larger = self._button("放大", "Ctrl++", lambda: self._zoom_by(STEP))
        self.width_button = self._button("适合宽度", "Ctrl+0", self.fit_width)
        self.whole_button = self._button("整页", "Ctrl+9", self.fit_page)
        self.turn_button = self._button("旋转", "Ctrl+R", self.turn)
        self._several = (self.before, self.number, self.total, self.after)
        for widget in (
            *self._several,
            self.smaller,
            self.larger,
            self.width_button,
            self.whole_button,
            self.turn_button,
        ):
            line.addWidget(widget)
        return bar

    def _button(self, words: str, keys: str, act: _Act) -> QToolButton:
        button = QToolButton(self)
        button.setText(words)
        button.setToolTip(f"{words}（{keys}）")
        button.setAccessibleName(words)
        button.clicked.connect(lambda _on=False: act())
        return button

    def _keys(self) -> None:
        acts: tuple[tuple[str, _Act], ...] = (
            ("Alt+PgUp", lambda: self._step(-1)),
            ("Alt+PgDown", lambda: self._step(1)),
            ("Ctrl++", lambda: self._zoom_by(STEP)),
            ("Ctrl+=", lambda: self._zoom_by(STEP)),
            ("Ctrl+-", lambda: self._zoom_by(1 / STEP)),
            ("Ctrl+0", self.fit_width),
            ("Ctrl+9", self.fit_page),
            ("Ctrl+R", self.turn),
        )
        for keys, act in acts:
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # ------------------------------------------------------------------------------- showing

    def clear(self, words: str = "", *, bad: bool = False) -> None:
        """Show nothing but some words: that it is being opened, or why it cannot be."""
        self._asked += 1
        self._pages, self._base, self._look = None, None, _Look()
        self._say(words, bad=bad)
        self._bar.hide()
        self.area.hide()
        self.canvas.show_image(QImage(), 1.0)

    def show_file(self, pages: FilePages) -> None:
        """Show a file from its first page on, as wide as there is room."""
        self._pages, self._base, self._look = pages, None, _Look()
        self.area.setAccessibleName(f"{pages.name}，共{pages.count}页")
        self.number.blockSignals(True)
        self.number.setRange(1, pages.count)
        self.number.setValue(1)
        self.number.blockSignals(False)
        self.total.setText(f"共{pages.count}页")
        for widget in self._several:
            widget.setVisible(pages.count > 1)
        self._bar.show()
        self.area.show()
        self._say("正在打开…")
        self._draw()

    def replace_file(self, pages: FilePages) -> None:
        """Show another version of the file: page and size stay, the old page until it is drawn."""
        if self._pages is None:
            self.show_file(pages)
            return
        self._pages, self._base = pages, None
        self._look = replace(self._look, page=min(self._look.page, pages.count - 1))
        self.area.setAccessibleName(f"{pages.name}，共{pages.count}页")
        self.number.blockSignals(True)
        self.number.setRange(1, pages.count)
        self.number.setValue(self._look.page + 1)
        self.number.blockSignals(False)
        self.total.setText(f"共{pages.count}页")
        for widget in self._several:
            widget.setVisible(pages.count > 1)
        self._draw()

    @property
    def page(self) -> int:
        """The page that is looked at, from 0 on."""
        return self._look.page

    @property
    def zoom(self) -> float:
        """How much larger than what fits."""
        return self._look.zoom

    def go_to(self, page: int) -> None:
        """Go to a page (from 0 on), the last one where there are not so many."""
        if self._pages is None:
            return
        at = min(max(page, 0), self._pages.count - 1)
        if at == self._look.page:
            return
        self._look = replace(self._look, page=at)
        self.number.blockSignals(True)
        self.number.setValue(at + 1)
        self.number.blockSignals(False)
        self.area.verticalScrollBar().setValue(0)
        self._draw()

    def shows(self, pages: FilePages) -> bool:
        """Tell whether this very file is shown."""
        return self._pages is pages

    def show_page(self, page: int, turn: int) -> None:
        """Show a page (from 0 on) turned clockwise by so many degrees, a multiple of 90."""
        look = replace(self._look, turn=turn // 90 % 4)
        if self._pages is None or look == replace(self._look, page=page):
            self.go_to(page)
            return
        self._look = look
        if page == look.page:
            self._draw()
        else:
            self.go_to(page)

    def fit_width(self) -> None:
        """Show the page as wide as there is room."""
        self._look = replace(self._look, zoom=1.0, whole=False)
        self._draw()

    def fit_page(self) -> None:
        """Show all of the page."""
        self._look = replace(self._look, zoom=1.0, whole=True)
        self._draw()

    def turn(self) -> None:
        """Turn the page a quarter to the right: papers are scanned lying, too."""
        self._look = replace(self._look, turn=(self._look.turn + 1) % 4)
        self._draw()

    def _step(self, by: int) -> None:
        self.go_to(self._look.page + by)

    def _zoom_by(self, factor: float) -> None:
        zoom = min(max(self._look.zoom * factor, LEAST), MOST)
        self._look = replace(self._look, zoom=zoom)
        self._draw()

    def _on_room(self) -> None:
        if self._pages is not None:
            self._resized.start()

    def _say(self, words: str, *, bad: bool = False) -> None:
        self.words.set_tone("bad" if bad else "muted")
        self.words.setText(words)
        self.words.setVisible(bool(words))

    # ------------------------------------------------------------------------------- drawing

    def _draw(self) -> None:
        pages, look = self._pages, self._look
        if pages is None:
            return
        self._asked += 1
        ticket, ratio = self._asked, self.devicePixelRatioF()
        room = self.area.room() * ratio
        known = self._base[1] if self._base is not None and self._base[0] == look.page else None
        self.before.setEnabled(look.page > 0)
        self.after.setEnabled(look.page < pages.count - 1)

        def job() -> _Drawn | None:
            # Whoever turns many pages at once does not wait for those he passes by.
            if ticket != self._asked:
                return None
            base, kept = known, known
            if base is None:
                picture = pages.picture(look.page, round(room.width() * max(look.zoom, 0.5)))
                base = page_image(picture)
                # What has been drawn for a width is drawn anew for another: it stays sharp.
                kept = None if picture.stride else base
            image = shown(base, room, turn=look.turn, zoom=look.zoom, whole=look.whole)
            return _Drawn(ticket, look.page, kept, image)

        def show(found: _Drawn | None) -> None:
            if found is None or found.ticket != self._asked:
                return
            self._say("")
            self._base = (found.page, found.base) if found.base is not None else None
            self.canvas.show_image(found.image, ratio)
            self.page_shown.emit(found.page + 1)

        def failed(error: Exception) -> None:
            if ticket != self._asked:
                return
            self.canvas.show_image(QImage(), 1.0)
            if not isinstance(error, ZhixingError):
                self._bridge.failed.emit(error)
                return
            self._say(error.sentence, bad=True)

        self._bridge.read(self, job, show, failed)


class _PageArea(QScrollArea):
    """The space a page is looked at in.

    ``turned`` by so many pages, ``jumped`` to a page, ``zoomed`` by a factor, ``fitted`` back;
    ``room_changed`` when there is more or less room.
    """

    turned = Signal(int)
    jumped = Signal(int)
    zoomed = Signal(float)
    fitted = Signal()
    room_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        flag = Qt.AlignmentFlag
        self.setAlignment(flag.AlignHCenter | flag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setBackgroundRole(QPalette.ColorRole.Mid)
        # The room does not depend on what is shown in it, or a page would grow and shrink in turns.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def room(self) -> QSize:
        """How large a page may be without being moved."""
        return self.maximumViewportSize().expandedTo(QSize(1, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say so where the width or the height that counts is another one."""
        super().resizeEvent(event)
        self.room_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Up and Down go on to the next page at the end of this one."""
        key, bar = Qt.Key(event.key()), self.verticalScrollBar()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if (
            plain
            and key in (Qt.Key.Key_PageDown, Qt.Key.Key_Space)
            and bar.value() == bar.maximum()
        ):
            self.turned.emit(1)
        elif plain and key == Qt.Key.Key_PageUp and bar.value() == bar.minimum():
            self.turned.emit(-1)
        elif plain and key == Qt.Key.Key_Home:
            self.jumped.emit(0)
        elif plain and key == Qt.Key.Key_End:
            self.jumped.emit(_LAST)
        elif plain and key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.zoomed.emit(STEP if key == Qt.Key.Key_Plus else 1 / STEP)
        elif plain and key == Qt.Key.Key_Space:
            bar.triggerAction(bar.SliderAction.SliderPageStepAdd)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel with Ctrl makes larger and smaller."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(STEP if event.angleDelta().y() > 0 else 1 / STEP)
            event.accept()
            return
        super().wheelEvent(event)


_LAST = 1_000_000


class _Canvas(QWidget):
    """The page itself, on white."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.image = QImage()

    def show_image(self, image: QImage, ratio: float) -> None:
        """Show a picture that is ready for a screen of this ratio."""
        image.setDevicePixelRatio(ratio)
        self.image = image
        size = image.deviceIndependentSize().toSize()
        self.setFixedSize(max(size.width(), 1), max(size.height(), 1))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it is."""
        painter = QPainter(self)
        painter.drawImage(0, 0, self.image)
        painter.end()
