"""A paper whose words come from a Word file: a filled template, an edited text of record.

For the screen and for whatever looks at a paper's words; what is printed and served is the Word
file itself and its PDF.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    Cell,
    Paper,
    Paragraph,
    Row,
    Table,
    text_of,
)
from zhixing_desktop.documents.word_package import W, open_package
from zhixing_desktop.documents.word_reading import paragraph_text, paragraphs_of
from zhixing_desktop.workflow.errors import InputRefusedError

_ALIGNS = {"center": Align.CENTER, "right": Align.RIGHT, "end": Align.RIGHT}


def as_paper(data: bytes, paper: Paper) -> Paper:
    """Return ``paper`` with the words of a Word file in place of its own.

    Raises ``InputRefusedError`` where the file cannot be read.
    """
    package, problems = open_package(data)
    if package is None:
        raise InputRefusedError("Word 文件读不出来。", problems)
    return replace(paper, blocks=tuple(_blocks(package.body())), signed_pages=False)


def words_in(data: bytes) -> tuple[str, ...]:
    """Return the words of a Word file's paragraphs in the order of reading, none empty."""
    package, problems = open_package(data)
    if package is None:
        raise InputRefusedError("Word 文件读不出来。", problems)
    found = (paragraph_text(item) for _, item in paragraphs_of(package.body()))
    return tuple(words for words in found if words.strip())


def _blocks(parent: Element) -> Iterator[Block]:
    for item in parent:
        if item.tag == f"{W}p":
            words = paragraph_text(item)
            if words.strip():
                yield Paragraph(text_of(words), align=_align(item), first=0)
            for box in item.iter(f"{W}txbxContent"):
                yield from _blocks(box)
        elif item.tag == f"{W}tbl":
            yield from _table(item)
        elif item.tag in (f"{W}sdt", f"{W}sdtContent"):
            yield from _blocks(item)


def _align(paragraph: Element) -> Align:
    found = paragraph.find(f"{W}pPr/{W}jc")
    return _ALIGNS.get(found.get(f"{W}val", "") if found is not None else "", Align.LEFT)


def _table(table: Element) -> Iterator[Block]:
    """Yield a table, or its rows as paragraphs where cells reach over several rows."""
    rows = [
        [(_span(cell), _texts(cell)) for cell in row.findall(f"{W}tc")]
        for row in table.findall(f"{W}tr")
    ]
    columns = {sum(span for span, _ in row) for row in rows}
    merged = next(table.iter(f"{W}vMerge"), None) is not None
    if merged or len(columns) != 1:
        for row in rows:
            for _, texts in row:
                yield from (Paragraph(text_of(words), first=0) for words in texts)
        return
    yield Table(
        (1,) * columns.pop(),
        tuple(
            Row(tuple(Cell(tuple(text_of(w) for w in texts), columns=span) for span, texts in row))
            for row in rows
        ),
    )


def _span(cell: Element) -> int:
    found = cell.find(f"{W}tcPr/{W}gridSpan")
    value = found.get(f"{W}val", "1") if found is not None else "1"
    return int(value) if value.isdecimal() and int(value) > 0 else 1


def _texts(cell: Element) -> list[str]:
    words = (paragraph_text(item) for _, item in paragraphs_of(cell))
    return [text for text in words if text.strip()]
