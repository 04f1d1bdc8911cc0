"""Pages of several PDF files joined into one by qpdf, which reads them piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from zhixing_desktop.dossier.page_parts import Part, only_pages, write_pdf
from zhixing_desktop.dossier.pdf_layers import settle_layers


def join_pages(parts: Sequence[Part], order: Sequence[tuple[int, int]], target: Path) -> None:
    """Write the pages of all parts in an order: each is the number of a part and a page of it.

    Both count from 0.  Raises ``RuntimeError`` where qpdf cannot join them, ``OSError`` where the
    disk does not take it.
    """
    from pikepdf import Job, Page

    job = Job(
        {
            "empty": "",
            # Nothing is written there: qpdf would not say that the disk is full.
            "outputFile": str(target),
            "removeUnreferencedResources": "no",
            "pages": [{"file": str(part.path), "range": "1-z"} for part in parts],
        }
    )
    begins = [0, *accumulate(part.pages for part in parts)]
    with job.create_pdf() as joined:
        pages = [page.obj for page in joined.pages]
        only_pages(joined, [Page(pages[begins[part] + page]) for part, page in order])
        if any(part.layered for part in parts):
            settle_layers(joined)
        write_pdf(joined, target)


def one_after_another(files: Sequence[bytes]) -> bytes:
    """Return small PDFs as one, such as cover and catalogue; they are held in memory."""
    from io import BytesIO

    from pikepdf import Pdf

    with Pdf.new() as joined:
        opened = [Pdf.open(BytesIO(data)) for data in files]
        for pdf in opened:
            joined.pages.extend(pdf.pages)
        out = BytesIO()
        joined.save(out, deterministic_id=True)
        for pdf in opened:
            pdf.close()
    return out.getvalue()
