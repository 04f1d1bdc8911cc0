"""Pages of several PDF files joined into one by qpdf, which reads them piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zhixing_desktop.dossier.page_parts import write_pdf
from zhixing_desktop.dossier.pdf_layers import settle_layers


def join_pages(wanted: Sequence[tuple[Path, int]], target: Path, *, layered: bool) -> None:
    """Write a PDF of pages: each is a file and a page of it (from 0 on).

    ``layered`` tells that hidden layers are marked in some (``pdf_layers``).  Raises
    ``RuntimeError`` where qpdf cannot join them, ``OSError`` where the disk does not take it.
    """
    from pikepdf import Job

    job = Job(
        {
            "empty": "",
            # Nothing is written there: qpdf would not say that the disk is full.
            "outputFile": str(target),
            "removeUnreferencedResources": "no",
            "pages": _ranges(wanted),
        }
    )
    with job.create_pdf() as joined:
        if layered:
            settle_layers(joined)
        write_pdf(joined, target)


def _ranges(wanted: Sequence[tuple[Path, int]]) -> list[dict[str, str]]:
    """The pages in qpdf's words: runs of one file together."""
    runs: list[tuple[Path, list[str]]] = []
    first = last = -1
    for place, page in wanted:
        if runs and runs[-1][0] == place and page == last + 1:
            runs[-1][1][-1] = f"{first + 1}-{page + 1}"
        else:
            if not runs or runs[-1][0] != place:
                runs.append((place, []))
            runs[-1][1].append(str(page + 1))
            first = page
        last = page
    return [{"file": str(place), "range": ",".join(pages)} for place, pages in runs]
