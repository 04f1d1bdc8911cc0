"""A sheet with a heading: finding the heading, reading the rows by the table of columns.

All mistakes go into one ``Findings``; a row with a mistake is still read to its end, so that one
pass names everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from zhixing_desktop.exchange import cells
from zhixing_desktop.exchange.cells import CellError
from zhixing_desktop.exchange.columns import EXTRA_PREFIX, CellType, Column, SheetSpec
from zhixing_desktop.exchange.headings import HEADER_ROWS, Findings, Header, find_header, place
from zhixing_desktop.exchange.sheets import Book, Limits, Merged, refused
from zhixing_desktop.workflow import case_numbers

_STEP = 500
_TOTALS = re.compile(
    r"合计|总计|小计|共计?\d+[条件行]|制表|填表|导出|打印|审核人|说明[:：]|注[:：]"
)
_EMPTY: dict[CellType, Any] = {
    CellType.TEXT: "",
    CellType.CODE: "",
    CellType.CHOICE: "",
    CellType.OWN_NUMBER: "",
    CellType.NAMES: (),
    CellType.CHOICES: (),
    CellType.LINES: (),
    CellType.SUBJECT: "case",
}


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as values by field.

    ``sound`` is False where a cell was refused; ``raw`` is the text of the case number as it stood;
    ``extra`` are the further columns.
    """

    number: int
    values: dict[str, Any]
    raw: str
    sound: bool
    extra: dict[str, str]


@dataclass(slots=True)
class _Context:
    """What reading one sheet needs at every row."""

    spec: SheetSpec
    court: str
    epoch: datetime
    findings: Findings
    complete: bool
    unnamed: set[int] = field(default_factory=set)


def read_rows(
    book: Book,
    title: str,
    spec: SheetSpec,
    findings: Findings,
    *,
    court: str,
    limits: Limits,
    progress: Callable[[str, int], None] | None = None,
) -> Iterator[RawRow]:
    """Yield the data rows of a sheet; blank rows, repeated headings and totals are left out.

    Mistakes go to ``findings``.  Raises ``InputRefusedError`` when there are more rows than
    ``limits`` allows.  ``progress`` is called with the sheet and the rows read so far.
    """
    merged = book.merged(title)
    stream = book.rows(title)
    top = list(islice(stream, HEADER_ROWS))
    header = find_header(top, merged, spec, findings)
    if header is None:
        return
    context = _Context(spec, court, book.epoch, findings, header.complete(spec))
    covered = _merged_rows(merged, header)
    count = 0
    for number, values in _chained(top, stream):
        if number < header.first_data_row or all(map(cells.is_blank, values)):
            continue
        if _is_no_data(number, values, header, context):
            continue
        count += 1
        if count > limits.rows:
            raise refused(
                book.path,
                f"《{spec.title}》超过{limits.rows}行，请按年度或者承办人分成几个文件。",
            )
        if progress is not None and count % _STEP == 0:
            progress(spec.title, count)
        if number in covered:
            _refuse_merged(number, covered[number], context)
            continue
        yield _read_row(number, values, header, context)
    _warn_unnamed(context)


def _chained(
    top: list[tuple[int, tuple[object, ...]]], rest: Iterator[tuple[int, tuple[object, ...]]]
) -> Iterator[tuple[int, tuple[object, ...]]]:
    yield from top
    yield from rest


def _merged_rows(merged: tuple[Merged, ...], header: Header) -> dict[int, Merged]:
    """Return the data rows that a merged range touches, in columns that are read."""
    rows: dict[int, Merged] = {}
    read = header.columns.keys() | header.extra.keys()
    for area in merged:
        if area.top <= header.row or read.isdisjoint(range(area.left, area.right + 1)):
            continue
        # A range down to the last row of the sheet is a slip; its rows are blank anyway.
        for number in range(area.top, min(area.bottom, area.top + 100_000) + 1):
            rows.setdefault(number, area)
    return rows


def _refuse_merged(number: int, area: Merged, context: _Context) -> None:
    """Say once that a range must be taken apart."""
    if number == area.top:
        rows = f"第{area.top}" + (f"至{area.bottom}行" if area.bottom > area.top else "行")
        context.findings.add(
            f"《{context.spec.title}》{rows}", "有合并单元格，请取消合并，在每一行填写完整内容。"
        )


def _is_no_data(number: int, values: tuple[object, ...], header: Header, context: _Context) -> bool:
    """Tell whether a row is a repeated heading or a line of totals (which is mentioned)."""
    if all(_is_heading(values, header, index) for index in islice(header.columns, 2)):
        return True
    first = next(v for v in values if not cells.is_blank(v))
    if not isinstance(first, str) or not _TOTALS.match(cells.tidy_text(first).replace(" ", "")):
        return False
    keys = [i for i, c in header.columns.items() if c.type is CellType.OWN_NUMBER]
    if any(i < len(values) and re.search(r"\d\s*号", str(values[i])) for i in keys):
        return False
    context.findings.add(
        place(context.spec.title, number), f"“{first.strip()}”一行不是数据，不导入。", "warning"
    )
    return True


def _is_heading(values: tuple[object, ...], header: Header, index: int) -> bool:
    """Tell whether a cell says again what its column's heading says."""
    value = values[index] if index < len(values) else None
    return isinstance(value, str) and cells.tidy_text(value) == header.texts[index]


def _read_row(number: int, values: tuple[object, ...], header: Header, context: _Context) -> RawRow:
    """Read one row; every mistake is noted at its column."""
    title = context.spec.title
    read: dict[str, Any] = {c.name: _EMPTY.get(c.type) for c in context.spec.columns}
    raw, sound = "", context.complete
    for index, column in header.columns.items():
        value = values[index] if index < len(values) else None
        where = place(title, number, header.texts[index])
        if cells.is_blank(value):
            if column.required:
                sound = False
                context.findings.add(where, f"{column.header}没有填写。")
            continue
        try:
            cells.check_readable(value)
            read[column.name] = _read_cell(column, value, context)
        except CellError as error:
            sound = False
            context.findings.add(where, f"{column.header}{error}。")
        if column.type is CellType.OWN_NUMBER:
            raw = str(value)
    extra = _read_extra(number, values, header, context)
    for index, value in enumerate(values):
        named = index < len(header.texts) and header.texts[index]
        if not named and not cells.is_blank(value):
            context.unnamed.add(index)
    return RawRow(number, read, raw, sound, extra)


def _read_cell(column: Column, value: object, context: _Context) -> Any:
    """Read one cell by the type of its column."""
    if column.type is CellType.DAY:
        return cells.read_day(value, epoch=context.epoch)
    if column.type is CellType.BIRTHDAY:
        return cells.read_day(value, earliest=cells.EARLIEST_BIRTH, epoch=context.epoch)
    if column.type is CellType.MOMENT:
        return cells.read_moment(value, epoch=context.epoch)
    if column.type is CellType.OWN_NUMBER:
        return _own_number(value, context.court)
    if column.options:
        return _read_options(column, value)
    return _PLAIN[column.type](value)


def _read_options(column: Column, value: object) -> Any:
    """Read one option, or several without repeating any, as what the program keeps."""
    if column.type is CellType.CHOICE:
        return column.code_of(cells.read_choice(value, column.options, column.synonyms))
    known = (
        cells.read_choice(word, column.options, column.synonyms)
        for word in cells.split_words(value)
    )
    return tuple(dict.fromkeys(column.code_of(word) for word in known))


_PLAIN: dict[CellType, Callable[[object], Any]] = {
    CellType.TEXT: cells.read_text,
    CellType.CODE: cells.read_code,
    CellType.NAMES: cells.split_words,
    CellType.LINES: cells.read_entries,
    CellType.MONEY: cells.read_money,
    CellType.FLAG: cells.read_flag,
    CellType.NODE: cells.read_node,
    CellType.SUBJECT: cells.read_subject,
}


def _own_number(value: object, court: str) -> str:
    """Read a case number of our own court, normalised."""
    text = cells.read_text(value)
    for problem in case_numbers.check_own(text, court=court):
        raise CellError(problem.sentence.rstrip("。"))
    return str(case_numbers.parse(text, court))


def _read_extra(
    number: int, values: tuple[object, ...], header: Header, context: _Context
) -> dict[str, str]:
    """Read the further columns as text where the sheet keeps them."""
    extra: dict[str, str] = {}
    if not context.spec.keeps_extra:
        return extra
    for index, text in header.extra.items():
        value = values[index] if index < len(values) else None
        if cells.is_blank(value):
            continue
        try:
            cells.check_readable(value)
            extra[text.removeprefix(EXTRA_PREFIX)] = _plain(value)
        except CellError as error:
            context.findings.add(place(context.spec.title, number, text), f"{text}{error}。")
    return extra


def _plain(value: object) -> str:
    """Write any cell as text: days as 2024-03-05, moments as 2024-03-05 09:30:00."""
    if isinstance(value, datetime | date):
        moment, day_only = cells.read_moment(value)
        return moment.date().isoformat() if day_only else str(moment)
    return cells.read_text(value)


def _warn_unnamed(context: _Context) -> None:
    """Mention columns with data but without a heading."""
    for index in sorted(context.unnamed):
        context.findings.add(
            f"《{context.spec.title}》", f"第{index + 1}列没有表头，其中的内容不导入。", "warning"
        )
