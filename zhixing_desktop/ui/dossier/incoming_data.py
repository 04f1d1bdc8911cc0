"""What is dropped or pasted: files of this computer or of a share, or a picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from zhixing_desktop.services.dossier_types import Piece

PASTED = "粘贴的图片.png"
EMPTY = "文件夹中没有可以收取的文件"


def holds_pieces(data: QMimeData) -> bool:
    """Tell whether there is anything that could be taken in."""
    return data.hasImage() or any(url.isLocalFile() for url in data.urls())


def pieces_of(data: QMimeData) -> tuple[Piece, ...]:
    """Return files and folders as they were dropped, else the picture.

    The disk is not asked: it may be a share that does not answer, and this is the window's thread.
    """
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if paths or not data.hasImage():
        return tuple(Piece(path.name, path) for path in paths)
    image = data.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return ()
    return (Piece(PASTED, _png(image)),)


def unfolded(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return pieces with each folder replaced by its files, in the order of their names.

    For a thread: asks the disk.  A folder that cannot be read stays, to be refused in words.
    """
    return tuple(one for piece in pieces for one in _inside(piece))


def _inside(piece: Piece) -> list[Piece]:
    path = piece.content
    if not isinstance(path, Path):
        return [piece]
    try:
        if not path.is_dir():
            return [piece]
        inside = sorted(one for one in path.iterdir() if one.is_file() and one.name[0] not in ".~")
    except OSError:
        return [piece]
    return [Piece(one.name, one) for one in inside]


def _png(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    buffer.close()
    return bytes(data.data())
