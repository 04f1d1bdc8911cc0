"""What is dropped or pasted: files of this computer, or a picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from zhixing_desktop.services.dossier_types import Piece

PASTED = "粘贴的图片.png"


def holds_pieces(data: QMimeData) -> bool:
    """Tell whether there is anything that could be taken in."""
    return data.hasImage() or any(url.isLocalFile() for url in data.urls())


def pieces_of(data: QMimeData) -> tuple[Piece, ...]:
    """Return files (those of a folder in the order of their names), else the picture."""
    found: list[Piece] = []
    for url in data.urls():
        if url.isLocalFile():
            found += _of_path(Path(url.toLocalFile()))
    if found or not data.hasImage():
        return tuple(found)
    image = data.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return ()
    return (Piece(PASTED, _png(image)),)


def _of_path(path: Path) -> list[Piece]:
    if not path.is_dir():
        return [Piece(path.name, path)]
    try:
        inside = sorted(one for one in path.iterdir() if one.is_file() and one.name[0] not in ".~")
    except OSError:
        # The folder itself is brought, and said to be unreadable with what to do about it.
        return [Piece(path.name, path)]
    return [Piece(one.name, one) for one in inside]


def _png(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    buffer.close()
    return bytes(data.data())
