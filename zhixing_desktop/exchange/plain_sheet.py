"""A plain list as an Excel workbook: a row of headings, then words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from zhixing_desktop.exchange.files import replacing


def write_plain_sheet(
    path: Path,
    title: str,
    headings: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[str]],
) -> None:
    """Write one sheet called ``title``; ``headings`` are words and widths in characters.

    Everything stays text, also what begins like a formula; control signs are left out.  An older
    file is replaced when all is written.  Raises ``StoreError`` when the file cannot be written.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    head = []
    for place, (words, width) in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        cell = WriteOnlyCell(sheet, value=words)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for row in rows:
        cells = []
        for words in row:
            plain = "".join(sign for sign in words if sign >= " " or sign == "\n")
            cell = WriteOnlyCell(sheet, value=plain)
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    with replacing(path) as stream:
        book.save(stream)
