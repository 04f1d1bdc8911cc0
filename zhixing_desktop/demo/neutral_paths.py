"""Pictures show an office's folders, not those of the machine on which they were made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

_REST = r"[^\s“”。，；（）]*"


def neutral(words: str, folders: Mapping[Path, str]) -> str:
    """Return words in which each path below one of the folders is written as an office has it.

    ``folders`` tells what each is called in the picture (``D:\\知行\\数据``); the first that fits
    counts.
    """
    if not folders:
        return words
    names = {str(folder.absolute()): name for folder, name in folders.items()}

    def written(found: re.Match[str]) -> str:
        return names[found[1]] + found[2].replace("/", "\\")

    below = "|".join(re.escape(folder) for folder in names)
    return re.sub(f"({below})({_REST})", written, words)


@contextmanager
def shown_neutral(widget: QWidget, folders: Mapping[Path, str]) -> Iterator[None]:
    """Let a window's labels and fields show neutral paths while it lasts."""
    changed: list[tuple[QLabel | QLineEdit, str]] = []
    pieces: list[QLabel | QLineEdit] = [
        *widget.findChildren(QLabel),
        *widget.findChildren(QLineEdit),
    ]
    for piece in pieces:
        words = piece.text()
        shown = neutral(words, folders)
        if shown != words:
            changed.append((piece, words))
            piece.setText(shown)
    yield
    for piece, words in changed:
        piece.setText(words)
