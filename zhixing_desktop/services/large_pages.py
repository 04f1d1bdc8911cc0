"""Pages of a kept PDF that is too large to be held in the memory: drawn from where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.models import file_folder
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.dossier_types import Cut
from zhixing_desktop.services.file_pages import FilePages, PagePicture
from zhixing_desktop.services.file_store import KeptFile, files_folder

LARGE = 64 << 20
"""Bytes from which on a file is not read into the memory to be looked at."""


@dataclass(frozen=True, slots=True)
class LargePages(FilePages):
    """Pages of a PDF at ``path``; ``cuts`` are which of them, in order, each turned clockwise."""

    path: Path = Path()
    cuts: tuple[Cut, ...] = ()

    def picture(self, page: int, width: int) -> PagePicture:
        """Return a page as :class:`FilePages` does."""
        (found,) = self.pictures([page], width)
        return found

    def pictures(self, pages: Sequence[int], width: int) -> tuple[PagePicture, ...]:
        """Return several pages as :class:`FilePages` does."""
        return tuple(self._drawn(self.cuts[page], width) for page in pages)

    def _drawn(self, cut: Cut, width: int) -> PagePicture:
        import numpy as np

        from zhixing_desktop.dossier.pdf_pages import page_raster

        drawn = page_raster(self.path, cut.page, width)
        rows = np.frombuffer(drawn.data, np.uint8).reshape(drawn.height, drawn.stride // 4, 4)
        turned = np.ascontiguousarray(np.rot90(rows[:, : drawn.width], -(cut.turn // 90) % 4))
        high, wide = turned.shape[:2]
        return PagePicture(turned.tobytes(), width=wide, height=high, stride=4 * wide)


def large_pages(
    bureau: Bureau, kept: KeptFile, name: str, cuts: Sequence[Cut] | None = None
) -> FilePages | None:
    """Return the pages of a large kept PDF, all of them or ``cuts``; ``None`` for any other file.

    The file is read once, piece by piece, to prove that it is what was kept.  Raises ``StoreError``
    where it is missing or changed.
    """
    if kept.media_type != file_folder.PDF or kept.bytes <= LARGE:
        return None
    from zhixing_desktop.dossier.pdf_pages import page_count

    path = file_folder.path_of(files_folder(bureau), kept.digest, kept.media_type)
    file_folder.proven_size(path, kept.digest)
    shown = tuple(cuts) if cuts is not None else _whole(page_count(path))
    return LargePages(name, kept.media_type, len(shown), b"", path, shown)


def _whole(count: int) -> tuple[Cut, ...]:
    return tuple(Cut(0, page) for page in range(count))
