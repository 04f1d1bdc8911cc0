"""Real workbook files for the tests of Excel in and out, whole ones and broken ones."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

CASE_HEAD = ["案号", "立案时间", "承办人", "案由", "申请标的额", "申请执行人", "被执行人"]
CASE_LINE = ["（2024）豫0811执1号", "2024-03-01", "王建国", "借贷", 1000, "张三", "李四"]
Sheets = dict[str, Sequence[Sequence[Any]]]


def workbook(path: Path, sheets: Sheets, dress: Callable[[Workbook], None] | None = None) -> Path:
    """Write a workbook of plain rows; ``dress`` may merge cells, set formats and so on."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    if dress is not None:
        dress(book)
    book.save(path)
    return path


def case_file(
    folder: Path, *lines: Sequence[Any], head: Sequence[Any] | None = None, **more: Any
) -> Path:
    """Write a workbook with one sheet 案件列表; further sheets by keyword."""
    rows = [list(head or CASE_HEAD), *map(list, lines)]
    return workbook(folder / "列表导出.xlsx", {"案件列表": rows, **more})


def line(**changes: Any) -> list[Any]:
    """Return a sound line of ``CASE_HEAD`` with some cells changed by heading."""
    row = list(CASE_LINE)
    for header, value in changes.items():
        row[CASE_HEAD.index(header)] = value
    return row


def as_excel_writes(path: Path) -> Path:
    """Move all texts to the shared strings, where Excel keeps them."""
    texts: list[bytes] = []

    def shared(found: re.Match[bytes]) -> bytes:
        texts.append(found[2])
        return b'<c%s t="s"><v>%d</v></c>' % (found[1], len(texts) - 1)

    def sheet(xml: bytes) -> bytes:
        return re.sub(rb'<c([^>]*) t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>', shared, xml)

    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    for name in sheets:
        rewrite(path, name, sheet)
    entry = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
    rewrite(path, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", entry))
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    items = b"".join(b"<si><t>%s</t></si>" % text for text in texts)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", b'<sst xmlns="%s">%s</sst>' % (main, items))
    return path


def rewrite(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one file inside a workbook."""
    copy = path.with_suffix(".tmp")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info.filename)
            new.writestr(info.filename, change(content) if info.filename == part else content)
    shutil.move(copy, path)
    return path
