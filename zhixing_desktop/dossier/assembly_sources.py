"""The PDFs that a volume's pages come from: opened few at a time, never mended."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from pikepdf import Page, Pdf

_OPEN = 16
"""Sources open at a time: all of a part, so that none is opened twice, yet never thousands."""


class Sources:
    """The PDFs that pages come from, opened when they are needed and few at a time."""

    def __init__(self, files: Mapping[str, Path | bytes]) -> None:
        """Take the files by their keys; nothing is opened yet."""
        self._files = files
        self._opened: OrderedDict[str, Pdf] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self.version = "1.7"
        """The newest PDF version of those opened so far."""

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, *_: object) -> None:
        while self._opened:
            self._opened.popitem()[1].close()

    def count(self, key: str) -> int:
        """Return how many pages a source has; :class:`StoreError` where it cannot be read."""
        if key not in self._counts:
            self._open(key)
        return self._counts[key]

    def page(self, key: str, number: int) -> Page:
        """Return a page from 0 on; :class:`StoreError` where it cannot be read."""
        pages, count = self._open(key).pages, self._counts[key]
        if not 0 <= number < count:
            raise StoreError(
                f"卷宗材料的文件只有{count}页，没有第{number + 1}页（{self.name(key)}）。"
                "请核对这份材料的页数，必要时重新放入。",
                data={"kind": "page_missing", "source": key, "page": number},
            )
        return pages[number]

    def weight(self, key: str) -> int:
        """Return about how many bytes a page of a source has; as :meth:`count` raises."""
        count = max(self.count(key), 1)
        return self._sizes[key] // count

    def name(self, key: str) -> str:
        """Return what a person may find a source by."""
        file = self._files[key]
        return key if isinstance(file, bytes) else file.name

    def _open(self, key: str) -> Pdf:
        known = self._opened.get(key)
        if known is not None:
            self._opened.move_to_end(key)
            return known
        file = self._files[key]
        opened = self._read(key, file)
        self._sizes[key] = len(file) if isinstance(file, bytes) else file.stat().st_size
        self._counts[key] = len(opened.pages)
        while len(self._opened) >= _OPEN:
            self._opened.popitem(last=False)[1].close()
        self._opened[key] = opened
        self.version = max(self.version, opened.pdf_version)
        return opened

    def _read(self, key: str, file: Path | bytes) -> Pdf:
        """Open a source; what is torn is not mended: it would be printed with parts missing."""
        from pikepdf import AccessMode, Pdf, PdfError

        try:
            return Pdf.open(
                io.BytesIO(file) if isinstance(file, bytes) else file,
                attempt_recovery=False,
                # A file that is mapped into the memory counts as memory taken.
                access_mode=AccessMode.default if isinstance(file, bytes) else AccessMode.stream,
            )
        except (PdfError, OSError, ValueError) as error:
            raise unusable(self.name(key), key, error) from error


def unusable(name: str, key: str, error: Exception) -> StoreError:
    """Return what to tell a person of a source that cannot be read."""
    return StoreError(
        f"卷宗材料的文件读不出来（{name}），没有生成。请先检查卷宗文件是否完好，必要时从备份恢复。",
        data={"kind": "source", "source": key, "why": str(error)},
    )
