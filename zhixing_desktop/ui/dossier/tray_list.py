"""The scans that wait, one under the other, each with its first page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QListWidgetItem, QWidget

from zhixing_desktop.services import dossier_tray_pages
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_tray_rows import TrayLine
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.ui.page_images import page_image

_WIDE, _HIGH = 4.5, 6.0
_LINE = Qt.ItemDataRole.UserRole


class TrayList(QListWidget):
    """``chosen`` tells that other lines are looked at: several with Ctrl or Shift."""

    chosen = Signal()

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._icons: dict[int, QIcon] = {}
        self._queue: list[int] = []
        self._drawing = False
        self.setAccessibleName("待归扫描件")
        self.setIconSize(QSize(em(self, _WIDE), em(self, _HIGH)))
        self.setWordWrap(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(False)
        # Rows break anew when the border is moved.
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        empty = QPixmap(self.iconSize())
        empty.fill(Qt.GlobalColor.transparent)
        self._empty = QIcon(empty)
        self.itemSelectionChanged.connect(self.chosen.emit)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._want())

    def show_lines(self, lines: Sequence[TrayLine]) -> None:
        """Show these; what was chosen stays so, else what now stands in its place."""
        row, before = self.currentRow(), {one.id for one in self.lines()}
        again: list[QListWidgetItem] = []
        self.blockSignals(True)
        self.clear()
        for one in lines:
            item = QListWidgetItem(self._icons.get(one.id, self._empty), _words(one))
            item.setData(_LINE, one)
            item.setToolTip(one.hint or one.reason)
            self.addItem(item)
            if one.id in before:
                again.append(item)
        if again:
            self.setCurrentItem(again[0])
            for item in again:
                item.setSelected(True)
        else:
            self.setCurrentRow(min(max(row, 0), self.count() - 1))
        self.blockSignals(False)
        self.chosen.emit()
        self._want()

    def lines(self) -> tuple[TrayLine, ...]:
        """Return the lines that are looked at, from the top."""
        found = [line_of(self.item(at)) for at in range(self.count()) if self.item(at).isSelected()]
        return tuple(one for one in found if one is not None)

    def _want(self) -> None:
        """Draw what is on the screen and has no picture yet."""
        shown = self.viewport().rect()
        self._queue = []
        for at in range(self.count()):
            item = self.item(at)
            one = line_of(item)
            if one is None or one.id in self._icons or not one.cuts:
                continue
            if self.visualItemRect(item).intersects(shown):
                self._queue.append(one.id)
        self._draw()

    def _draw(self) -> None:
        if self._drawing or not self._queue:
            return
        self._drawing = True
        number = self._queue.pop(0)
        bureau, actor = self._bureau, self._actor_of()
        width = round(self.iconSize().width() * self.devicePixelRatioF())

        def job() -> QImage | None:
            made = dossier_tray_pages.first_page(bureau, actor, number, width)
            return page_image(made) if made is not None else None

        def drawn(image: QImage | None) -> None:
            self._icons[number] = _icon(image) if image is not None else self._empty
            for at in range(self.count()):
                one = line_of(self.item(at))
                if one is not None and one.id == number:
                    self.item(at).setIcon(self._icons[number])
            self._drawing = False
            self._draw()

        def lost(_error: Exception) -> None:
            drawn(None)

        self._bridge.read(self, job, drawn, lost)


def _icon(image: QImage) -> QIcon:
    """A picture that keeps its colours where its row is chosen."""
    picture = QPixmap.fromImage(image)
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon


def line_of(item: QListWidgetItem | None) -> TrayLine | None:
    """Return what stands in a row."""
    found = item.data(_LINE) if item is not None else None
    return found if isinstance(found, TrayLine) else None


def _words(one: TrayLine) -> str:
    pages = f"{one.pages}页" if one.pages else "没有页面"
    head = f"{one.name}　{pages}"
    parts = [head, f"{one.arrived_at:%m-%d %H:%M}　{one.source.label}"]
    if one.case_no:
        parts.append(one.case_no)
    if one.hint or one.reason:
        parts.append(one.hint or one.reason)
    return "\n".join(parts)
