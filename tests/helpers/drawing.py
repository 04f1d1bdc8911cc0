"""What the tests of drawn papers need: the layout, a shelf of fonts, the words of a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2

from zhixing_desktop.documents.blocks import Paper, words_of
from zhixing_desktop.documents.fonts import FontShelf
from zhixing_desktop.documents.layout import LayoutProfile
from zhixing_desktop.documents.layout_reader import load_layout
from zhixing_desktop.documents.lines import drawable
from zhixing_desktop.paths import resources_dir


def official_layout() -> LayoutProfile:
    """Return the program's layout."""
    return load_layout(resources_dir() / "layout")


def stand_in_shelf(layout: LayoutProfile) -> FontShelf:
    """Return a shelf of the program's own fonts only: the same on every machine."""
    return FontShelf(layout.fonts, [], resources_dir() / "fonts")


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF for as long as the block lasts."""
    document = pypdfium2.PdfDocument(data)
    try:
        yield document
    finally:
        document.close()


def texts(data: bytes) -> list[str]:
    """Return the text of each page of a PDF as a reader copies it."""
    found = []
    with opened(data) as document:
        for page in document:
            text = page.get_textpage()
            found.append(str(text.get_text_range()).replace("\r\n", "\n"))
            text.close()
            page.close()
    return found


def drawn_words(data: bytes, paper: Paper, layout: LayoutProfile, head: str = "") -> str:
    """Return the words of a PDF without its page numbers, marks, repeated heads, line ends.

    ``head`` are the words of a repeated head.  Ordinary spaces are left out: a reader puts some
    between what stands side by side.
    """
    whole = ""
    for number, text in enumerate(texts(data), 1):
        words = squeezed(text)
        if paper.draft:
            words = without(words, squeezed(layout.draft.words))
        if paper.signed_pages:
            words = without(words, squeezed(layout.signed_foot.said(paper.signed_by)))
        words = without(words, squeezed(layout.page_number.words(number)))
        if head and number > 1:
            words = without(words, head)
        whole += words
    return whole


def without(words: str, end: str) -> str:
    """Return words without their end, which must be there."""
    assert words.endswith(end), (words[-60:], end)
    return words.removesuffix(end)


def wanted_words(paper: Paper) -> str:
    """Return a paper's own words in the same manner."""
    return squeezed("".join(drawable(words) for words in words_of(paper)))


def squeezed(words: str) -> str:
    """Return words without line ends and ordinary spaces; U+3000 stays."""
    return words.replace("\n", "").replace(" ", "")
