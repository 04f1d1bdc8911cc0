"""Whether a PDF is pages and nothing but pages: only entries that are known to be harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_CATALOGUE = frozenset(
    {
        "/Type", "/Pages", "/Metadata", "/Outlines", "/PageLabels", "/PageMode", "/PageLayout",
        "/ViewerPreferences", "/Lang", "/MarkInfo", "/StructTreeRoot", "/OutputIntents", "/Version",
        "/Extensions", "/Names", "/Dests", "/OpenAction", "/OCProperties",
    }
)  # fmt: skip
_PAGE = frozenset(
    {
        "/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox",
        "/Resources", "/Contents", "/Rotate", "/Group", "/Tabs", "/StructParents", "/Metadata",
        "/LastModified", "/UserUnit", "/Thumb", "/PieceInfo", "/Annots", "/Trans",
    }
)  # fmt: skip
_MOST_ENTRIES = 20_000


def plain_page(page: Object) -> bool:
    """Tell whether a page has only entries that neither run nor carry a file."""
    return set(page.keys()) <= _PAGE


def plain_catalogue(pdf: Pdf) -> bool:
    """Tell whether a PDF's catalogue has only such entries; its bookmarks lead to pages only."""
    from pikepdf import Dictionary

    root = pdf.Root
    if not set(root.keys()) <= _CATALOGUE:
        return False
    names = root.get("/Names")
    if isinstance(names, Dictionary) and not set(names.keys()) <= {"/Dests"}:
        return False
    outlines = root.get("/Outlines")
    return not isinstance(outlines, Dictionary) or _leads_to_pages(outlines)


def _leads_to_pages(outlines: Object) -> bool:
    from pikepdf import Dictionary

    waiting: list[Object | None] = [outlines.get("/First")]
    for _ in range(_MOST_ENTRIES):
        if not waiting:
            return True
        entry = waiting.pop()
        if not isinstance(entry, Dictionary):
            continue
        action = entry.get("/A")
        if isinstance(action, Dictionary) and action.get("/S") != "/GoTo":
            return False
        waiting += [entry.get("/Next"), entry.get("/First")]
    return False
