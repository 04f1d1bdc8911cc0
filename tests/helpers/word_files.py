"""Word files for tests: made with python-docx as a clerk's Word would, or spoilt part by part."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

CLASSIC_ZIP_MOMENT = (2024, 3, 11, 9, 0, 0)


def saved(document: Document) -> bytes:
    """Return a document as bytes."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def docx_of(*paragraphs: str, rows: Sequence[Sequence[str]] = ()) -> bytes:
    """Return a .docx with paragraphs and, below them, a table."""
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    if rows:
        table = document.add_table(0, len(rows[0]))
        for row in rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
    return saved(document)


def in_runs(*parts: str) -> bytes:
    """Return a .docx with one paragraph cut into runs, as Word cuts what is typed and mended."""
    document = docx.Document()
    paragraph = document.add_paragraph()
    for number, part in enumerate(parts):
        paragraph.add_run(part).bold = number % 2 == 1
    return saved(document)


def opened(data: bytes) -> Document:
    """Return a .docx as python-docx reads it."""
    return docx.Document(io.BytesIO(data))


def part(data: bytes, name: str) -> str:
    """Return a part of a .docx as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode("utf-8")


def changed(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Return a .docx with one part changed, or added from nothing."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in archive.infolist():
            content = archive.read(entry)
            if entry.filename == name:
                content = change(content.decode("utf-8")).encode("utf-8")
            made.writestr(entry.filename, content)
        if name not in archive.namelist():
            made.writestr(name, change(""))
    return stream.getvalue()


def in_body(data: bytes, before: str, after: str) -> bytes:
    """Return a .docx with a piece of its document's XML put in place of another, which is there."""

    def change(xml: str) -> str:
        assert before in xml
        return xml.replace(before, after, 1)

    return changed(data, "word/document.xml", change)


def related(data: bytes, kind: str, target: str, source: str = "word/document.xml") -> bytes:
    """Return a .docx in which a part leads to something outside of the file."""
    folder, _, name = source.rpartition("/")
    relation = (
        '<Relationship Id="rIdX" TargetMode="External" Target="' + target + '" Type="'
        f'http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
    )
    return changed(
        data,
        f"{folder}/_rels/{name}.rels",
        lambda xml: xml.replace("</Relationships>", f"{relation}</Relationships>"),
    )


def words_in(data: bytes) -> list[str]:
    """Return the words of a .docx in order, as python-docx reads them; none empty."""
    return [words for words in _words(opened(data)) if words]


def _words(document: Document) -> Iterator[str]:
    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            yield item.text
        elif isinstance(item, Table):
            seen = set()
            for row in item.rows:
                for cell in row.cells:
                    if cell._tc not in seen:
                        seen.add(cell._tc)
                        yield from (paragraph.text for paragraph in cell.paragraphs)


def squeezed(words: str) -> str:
    """Return words without anything white, to compare what was laid out differently."""
    return re.sub(r"\s", "", words)
