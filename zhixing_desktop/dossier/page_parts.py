"""Clean pages of one source, written to files of their own, in the order in which they are wanted.

Pages are put in order within the file they came with: taken into another one, their bytes would
all be in the memory.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.incoming import PageCut, Source
from zhixing_desktop.dossier.pdf_cleaning import Cleaner
from zhixing_desktop.dossier.pdf_forms import fix_marks
from zhixing_desktop.dossier.pdf_layers import mark_layers, settle_layers
from zhixing_desktop.dossier.pdf_opening import open_pdf
from zhixing_desktop.dossier.picture_files import picture
from zhixing_desktop.dossier.picture_pages import page_of
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from pikepdf import Page, Pdf

_BATCH = 64 * 1024 * 1024
"""So many bytes of pictures stay in the memory before they go to a file of their own."""

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A file with clean pages: ``pages`` of them; ``layered`` tells that some may be hidden."""

    path: Path
    pages: int
    layered: bool


def pdf_part(
    source: Source, cuts: Sequence[PageCut], place: Path, step: Step, *, alone: bool
) -> Part:
    """Write the pages of a PDF that are wanted to ``place``.

    ``alone`` tells that no other part follows: its layers are settled at once.  Raises
    :class:`StoreError` where the PDF cannot be opened, pikepdf's errors where it is torn.
    """
    with open_pdf(source.content) as pdf:
        fix_marks(pdf)
        layered = mark_layers(pdf)
        cleaner = Cleaner(pdf, some=len({cut.page for cut in cuts}) < len(pdf.pages))
        fresh = []
        for cut in cuts:
            fresh.append(cleaner.page(cut.page, cut.turn))
            step()
        only_pages(pdf, fresh)
        if layered and alone:
            settle_layers(pdf)
        write_pdf(pdf, place)
    return Part(place, len(cuts), layered)


def picture_parts(source: Source, cuts: Sequence[PageCut], folder: Path, step: Step) -> list[Part]:
    """Write the pages of a picture file that are wanted to files in ``folder``.

    Raises :class:`StoreError` where a page is torn.
    """
    from PIL import Image

    parts: list[Part] = []
    waiting: list[tuple[bytes, int]] = []
    number = 0
    try:
        with picture(source.content) as image:
            for cut in cuts:
                number = cut.page
                if image.format == "TIFF":
                    image.seek(number)
                waiting.append((page_of(source.content, image), cut.turn))
                step()
                if sum(len(data) for data, _ in waiting) >= _BATCH:
                    parts.append(_batch(waiting, folder / f"{len(parts)}.pdf"))
                    waiting = []
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise StoreError(
            f"“{source.name}”第{number + 1}页的图片已经损坏，不能作为卷宗页。请重新扫描这一页。",
            data={"kind": "file_damaged", "page": number + 1},
        ) from error
    if waiting:
        parts.append(_batch(waiting, folder / f"{len(parts)}.pdf"))
    return parts


def _batch(pages: Sequence[tuple[bytes, int]], place: Path) -> Part:
    from pikepdf import Pdf

    with ExitStack() as opened, Pdf.new() as joined:
        for data, turn in pages:
            single = opened.enter_context(Pdf.open(io.BytesIO(data)))
            joined.pages.append(Cleaner(single, some=False).page(0, turn))
        write_pdf(joined, place)
    return Part(place, len(pages), layered=False)


def only_pages(pdf: Pdf, pages: Sequence[Page]) -> None:
    """Leave nothing in an opened PDF but these pages, which are its own."""
    from pikepdf import Array, Dictionary, Name

    tree = pdf.make_indirect(Dictionary(Type=Name.Pages, Count=len(pages), Kids=Array()))
    for page in pages:
        page.obj[Name.Parent] = tree
        tree[Name.Kids].append(page.obj)
    pdf.trailer[Name.Root] = pdf.make_indirect(Dictionary(Type=Name.Catalog, Pages=tree))
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]


def write_pdf(pdf: Pdf, place: Path) -> None:
    """Write a PDF so that the same pages give the same bytes; no password, no day, no time."""
    from pikepdf import ObjectStreamMode

    pdf.save(
        place,
        object_stream_mode=ObjectStreamMode.generate,
        min_version="1.7",
        fix_metadata_version=False,
        deterministic_id=True,
        encryption=False,
    )
