"""Pages as Qt's pictures: decoded, turned and scaled; made off the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QTransform

from zhixing_desktop.services.file_pages import PagePicture
from zhixing_desktop.workflow.errors import StoreError

MOST_PIXELS = 32_000_000
"""A page that is magnified further only gets blurred and takes the workstation's memory."""


def page_image(picture: PagePicture) -> QImage:
    """Return a page as a picture, upright as its file says.

    Raises ``StoreError`` where it cannot be decoded.
    """
    if picture.stride:
        drawn = QImage(
            picture.data,
            picture.width,
            picture.height,
            picture.stride,
            QImage.Format.Format_RGB32,
        )
        # Qt does not keep the bytes alive.
        return drawn.copy()
    buffer = QBuffer()
    buffer.setData(QByteArray(picture.data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    image, why = _decoded(buffer, picture.place)
    if why:
        raise StoreError(
            f"这张图片{why}，不能显示。请对照纸质原件，并请重新扫描。",
            data={"kind": "file_damaged"},
        )
    return image


def _decoded(buffer: QBuffer, place: int) -> tuple[QImage, str]:
    """Decode one page; say why where it cannot be.

    In a function of its own: the reader must be gone before the buffer it reads, or Qt crashes.
    """
    reader = QImageReader(buffer)
    # By its content: a file may be called what it is not.
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if place:
        reader.jumpToImage(place)
    image = reader.read()
    if not image.isNull():
        return image, ""
    size = reader.size()
    return image, "太大" if size.width() * size.height() > MOST_PIXELS else "已经损坏"


def shown(image: QImage, room: QSize, *, turn: int, zoom: float, whole: bool) -> QImage:
    """Return the page as it is shown in a space of some pixels.

    ``turn``: quarters of a circle to the right; ``zoom``: 1 fills the space's width, or, where the
    ``whole`` page is wanted, keeps all of it in sight.
    """
    turned = image.transformed(QTransform().rotate(90 * (turn % 4))) if turn % 4 else image
    across, down = max(turned.width(), 1), max(turned.height(), 1)
    scale = room.width() / across
    if whole:
        scale = min(scale, room.height() / down)
    scale *= zoom
    if across * down * scale * scale > MOST_PIXELS:
        scale = (MOST_PIXELS / (across * down)) ** 0.5
    wanted = QSize(max(round(across * scale), 1), max(round(down * scale), 1))
    return turned.scaled(
        wanted,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
