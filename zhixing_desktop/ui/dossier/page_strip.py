"""The pages of a thing: a strip of thumbnails, and the one that is looked at in full."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget

from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.thumbs import BELOW, ThumbModel, ThumbView
from zhixing_desktop.ui.forms.parts import em, show_if
from zhixing_desktop.ui.page_images import page_image
from zhixing_desktop.ui.page_view import PageView

_ROOT = QModelIndex()
_STRIP_EM = 6.5


class _FileModel(ThumbModel):
    """The pages of one file."""

    def __init__(self, bridge: Bridge, width: int, parent: QWidget) -> None:
        super().__init__(bridge, self._pictures, parent)
        self._width = width
        self._file: FilePages | None = None

    def show_file(self, pages: FilePages | None) -> None:
        """Show another file."""
        self.beginResetModel()
        self._file = pages
        self.forget()
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Return how many pages there are."""
        return self._file.count if self._file is not None else 0

    def name_of(self, row: int) -> Hashable:
        """Pages are called by their numbers, with the file they are of."""
        return self._file, row

    def look(self, row: int, role: int) -> Any:
        """Say the number of a page."""
        if role == BELOW:
            return str(row + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"第{row + 1}页"
        return None

    def _pictures(self, names: Sequence[Any]) -> Sequence[QImage]:
        file: FilePages = names[0][0]
        found = file.pictures([page for _, page in names], self._width)
        return [page_image(one) for one in found]


class Pages(QWidget):
    """Page by page with a strip of all of them where there are several."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        self.strip = ThumbView(self, wide=_STRIP_EM, grid=False)
        self.strip.setAccessibleName("各页缩略图")
        self.strip.setFixedWidth(self.strip.cell.width() + em(self, 2))
        ratio = self.devicePixelRatioF()
        self.model = _FileModel(bridge, round(self.strip.picture_width * ratio), self)
        self.strip.setModel(self.model)
        self.view = PageView(bridge, self)
        line.addWidget(self.strip)
        line.addWidget(self.view, 1)
        self.strip.selectionModel().currentChanged.connect(self._chosen)
        self.view.page_shown.connect(self._shown)
        self.strip.hide()

    def show_file(self, pages: FilePages) -> None:
        """Show a file from its first page on."""
        self.model.show_file(pages)
        show_if(self.strip, pages.count > 1)
        self.view.show_file(pages)

    def clear(self, words: str = "", *, bad: bool = False) -> None:
        """Show nothing but some words."""
        self.model.show_file(None)
        self.strip.hide()
        self.view.clear(words, bad=bad)

    def _chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self.view.go_to(index.row())

    def _shown(self, page: int) -> None:
        index = self.model.index(page - 1)
        if index.isValid() and self.strip.currentIndex().row() != page - 1:
            self.strip.setCurrentIndex(index)
            self.strip.scrollTo(index)
