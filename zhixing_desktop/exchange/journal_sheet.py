"""The journal as an Excel workbook: a row for each change, streamed to disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhixing_desktop.exchange.files import replacing

if TYPE_CHECKING:
    from openpyxl import Workbook

HEADINGS = (
    ("编号", 10),
    ("时间", 20),
    ("人员", 14),
    ("代何人", 14),
    ("工作站", 16),
    ("事项", 24),
    ("案号", 26),
    ("内容", 36),
    ("原来", 36),
    ("现在", 60),
    ("算法", 10),
    ("校验值", 68),
)
LONGEST = 1_000_000
"""Rows of a sheet; Excel takes 1,048,576."""
_CELL = 32_000
"""Characters of a cell; Excel takes 32,767."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A change of a journal row, or the row itself where it changed nothing that is told."""

    id: int
    at: datetime
    actor: str
    on_behalf_of: str
    workstation: str
    action: str
    case_no: str
    what: str
    before: str
    after: str
    algorithm: str
    hash: str


def write_journal_sheet(path: Path, about: Sequence[str], rows: Iterable[SheetRow]) -> None:
    """Write the workbook: a sheet that says what was asked for (``about``), then the rows.

    An older file is replaced when all is written.  What ``rows`` raises ends the writing and leaves
    the older file.  Raises ``StoreError`` when the file cannot be written.
    """
    with replacing(path) as stream, _streamed() as book:
        _say(book, about)
        _fill(book, rows)
        book.save(stream)


@contextmanager
def _streamed() -> Iterator[Workbook]:
    """A workbook whose rows go to disk at once; its sheets are closed also after an error."""
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    book = Workbook(write_only=True)
    try:
        yield book
    finally:
        for sheet in book.worksheets:
            if isinstance(sheet, WriteOnlyWorksheet) and not sheet.closed:
                with suppress(OSError):
                    sheet.close()


def _say(book: Workbook, about: Sequence[str]) -> None:
    sheet = book.create_sheet("说明")
    sheet.column_dimensions["A"].width = 110
    for line in about:
        sheet.append([_text(sheet, line)])


def _fill(book: Workbook, rows: Iterable[SheetRow]) -> None:
    sheet, count, number = _new_sheet(book, 1), 0, 1
    for row in rows:
        if count == LONGEST:
            count, number = 0, number + 1
            sheet = _new_sheet(book, number)
        count += 1
        sheet.append(
            [
                row.id,
                row.at,
                *(
                    _text(sheet, words)
                    for words in (
                        row.actor,
                        row.on_behalf_of,
                        row.workstation,
                        row.action,
                        row.case_no,
                        row.what,
                        row.before,
                        row.after,
                        row.algorithm,
                        row.hash,
                    )
                ),
            ]
        )


def _new_sheet(book: Workbook, number: int) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet("日志" if number == 1 else f"日志{number}")
    sheet.freeze_panes = "A2"
    head = []
    for place, (words, width) in enumerate(HEADINGS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        cell = WriteOnlyCell(sheet, value=words)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.column_dimensions["B"].number_format = "yyyy-mm-dd hh:mm:ss"
    sheet.append(head)
    return sheet


def _text(sheet: Any, words: str) -> Any:
    """Return words as a cell; what begins like a formula or holds control signs stays text."""
    from openpyxl.cell import WriteOnlyCell

    plain = "".join(sign for sign in words if sign >= " " or sign in "\n\t")
    if len(plain) > _CELL:
        plain = f"{plain[:_CELL]}……（以下略，共{len(plain)}字）"
    if not plain:
        return None
    if plain[0] not in "=+-@":
        return plain
    cell = WriteOnlyCell(sheet, value=plain)
    cell.data_type = "s"
    return cell
