"""A year's table of the calendar as a file: Excel or CSV, read as the text that is parsed.

Columns 日期、类别、名称、来源, as ``workflow.calendar_sheet`` wants them; line numbers stay.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from zhixing_desktop.exchange.cells import tidy_text
from zhixing_desktop.exchange.sheets import Limits, opened, refused
from zhixing_desktop.workflow.calendar_sheet import CalendarSheet
from zhixing_desktop.workflow.errors import StoreError

HEADS = ("日期", "类别", "名称", "来源")
TITLE = "放假安排"
_MOST_BYTES = 2_000_000
_MOST_ROWS = 5_000
_PLAIN = (".csv", ".txt")


def calendar_text(path: Path) -> str:
    """Return a table as CSV text, from an .xlsx workbook or a CSV file (UTF-8 or GB 18030).

    Raises ``InputRefusedError`` for a file of another kind, ``StoreError`` when it cannot be read.
    """
    return _plain_text(path) if path.suffix.lower() in _PLAIN else _sheet_text(path)


def _plain_text(path: Path) -> str:
    if not path.is_file():
        raise refused(path, "文件不存在，请重新选择。")
    try:
        raw = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
    except OSError as error:
        raise StoreError(
            f"读不了文件“{path.name}”：可能正被其他程序占用或者没有权限，请关闭后重试。",
            data={"path": str(path), "reason": str(error)},
        ) from error
    if not raw:
        raise refused(path, "文件是空的或者过大，请选择一个年度的放假安排表。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused(path, "文字编码无法识别，请另存为“Excel 工作簿（*.xlsx）”后再导入。")


def _sheet_text(path: Path) -> str:
    """The first sheet that holds anything; each row one line, so that line numbers agree."""
    with opened(path, Limits(file_bytes=_MOST_BYTES * 10)) as book:
        for title in book.titles:
            lines = []
            for number, cells in book.rows(title):
                if number > _MOST_ROWS:
                    raise refused(path, "行数过多，请选择一个年度的放假安排表。")
                lines.append(_line([_words(cell) for cell in cells]))
            if any(lines):
                return "\n".join(lines)
    raise refused(path, "工作簿中没有内容。")


def _words(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (datetime, date)):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return tidy_text(str(cell))


def _line(cells: Sequence[str]) -> str:
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    if not kept:
        return ""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(kept)
    return out.getvalue()


def calendar_workbook(year: int, days: CalendarSheet) -> bytes:
    """Return a workbook to fill in for a year, with the statutory days that are known."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = TITLE
    sheet.append(HEADS)
    sheet.append((year, "年度", None, f"国务院办公厅关于{year}年部分节假日安排的通知"))
    for row in days.days:
        if row.day.year == year:
            sheet.append((row.day, "休" if row.kind == "rest" else "班", row.name, None))
    for column, width in zip("ABCD", (14, 8, 14, 48), strict=True):
        sheet.column_dimensions[column].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
