"""A page that is to be filed, large; a photograph that was made straight beside what it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.file_pages import PagePicture
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.page_images import page_image
from zhixing_desktop.workflow.errors import ZhixingError

_ACROSS = 1400
Draw = Callable[[int], PagePicture]


class _Picture(QLabel):
    """A picture as large as there is room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("正在打开…", parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setWordWrap(True)
        self.image = QImage()

    def show_image(self, image: QImage) -> None:
        """Show another one."""
        self.image = image
        self._fit()

    def _fit(self) -> None:
        if self.image.isNull():
            return
        ratio = self.devicePixelRatioF()
        keep, smooth = (
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        shown = QPixmap.fromImage(self.image.scaled(self.size() * ratio, keep, smooth))
        shown.setDevicePixelRatio(ratio)
        self.setPixmap(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the room."""
        super().resizeEvent(event)
        self._fit()


class LookDialog(QDialog):
    """Shows one or two pages; ``undo`` (where it may be undone) puts back what was before."""

    help_page = "dossier"

    def __init__(
        self,
        bridge: Bridge,
        title: str,
        pages: Sequence[tuple[str, Draw, int]],
        undo: Callable[[], object] | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        box = QVBoxLayout(self)
        line = QHBoxLayout()
        self.pictures: list[_Picture] = []
        for words, draw, turn in pages:
            column = QVBoxLayout()
            column.addWidget(Words(words, bold=True))
            picture = _Picture(self)
            picture.setAccessibleName(words)
            self.pictures.append(picture)
            column.addWidget(picture, 1)
            line.addLayout(column, 1)
            self._draw(bridge, picture, draw, turn)
        box.addLayout(line, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        self.undo: QPushButton | None = None
        if undo is not None:
            self.undo = QPushButton("不用，恢复原样", self)
            self.undo.setAutoDefault(False)
            self.undo.clicked.connect(lambda _on=False: undo())
            self.undo.clicked.connect(self.accept)
            foot.addWidget(self.undo)
        self.keep = QPushButton("采用" if undo is not None else "关闭", self)
        self.keep.clicked.connect(self.accept)
        foot.addWidget(self.keep)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        wide = em(self, 46 * len(pages))
        self.resize(min(wide, room.width() - 20), min(em(self, 56), room.height() - 40))
        self.keep.setFocus()

    def _draw(self, bridge: Bridge, picture: _Picture, draw: Draw, turn: int) -> None:
        def job() -> QImage:
            image = page_image(draw(_ACROSS))
            return image.transformed(QTransform().rotate(turn)) if turn else image

        def failed(error: Exception) -> None:
            words = error.sentence if isinstance(error, ZhixingError) else "没有打开。"
            picture.setText(words)

        bridge.read(picture, job, picture.show_image, failed)
