"""Whether a PDF came from a scanner or from a program: by what its first pages are made of."""

from __future__ import annotations

from pathlib import Path

from zhixing_desktop.dossier.pdf_opening import open_pdf
from zhixing_desktop.workflow.errors import StoreError

_LOOKED_AT = 3


def looks_scanned(content: bytes | Path) -> bool:
    """Tell whether the first pages of a PDF are pictures and no text.

    A scanner that lays invisible words over its pictures counts as a program: a guess that a
    person sees and can put right.  ``False`` where the file cannot be read.
    """
    import pikepdf

    try:
        with open_pdf(content) as pdf:
            pages = [pdf.pages[place] for place in range(min(_LOOKED_AT, len(pdf.pages)))]
            return bool(pages) and all(_only_pictures(page) for page in pages)
    except (StoreError, pikepdf.PdfError, OSError, ValueError, TypeError, RuntimeError):
        return False


def _only_pictures(page: object) -> bool:
    import pikepdf

    assert isinstance(page, pikepdf.Page)
    found = page.resources
    return len(found.get("/Font", {})) == 0 and len(found.get("/XObject", {})) > 0
