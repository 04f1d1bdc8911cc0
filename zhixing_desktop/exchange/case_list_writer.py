"""Writing case lists, and the empty template with its explanations.

The columns are those of ``columns``; what is written here is read back by ``case_list`` to the same
values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhixing_desktop.exchange.case_rows import CaseRow, EventRow, PartyRow
from zhixing_desktop.exchange.cells import tidy_text
from zhixing_desktop.exchange.columns import (
    CASES,
    CREDITOR,
    DEBTOR,
    ENTRIES,
    EVENTS,
    EXTRA_PREFIX,
    PARTIES,
    SHEETS,
    SIDES,
    CellType,
    Column,
)
from zhixing_desktop.exchange.files import replacing
from zhixing_desktop.exchange.headings import is_taken
from zhixing_desktop.workflow import case_numbers, subjects

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FORMATS = {
    CellType.DAY: "yyyy-mm-dd",
    CellType.BIRTHDAY: "yyyy-mm-dd",
    CellType.MOMENT: "yyyy-mm-dd hh:mm:ss",
    CellType.MONEY: "#,##0.00",
    CellType.NODE: "0",
}
_EXPLAINED = "填写说明"
_CHOICES = "选项"
_TEMPLATE_ROWS = 5000
_LONGEST_INLINE = 250
# Further columns beyond these would make a sheet of mostly empty cells.
_MOST_FURTHER = 30
_HEAD_FILL, _REQUIRED_FILL = "FFDDE6F0", "FFF6DDD8"
_RULES = (
    "每张表的第一行是表头，请勿改动；从第二行起填写，一行一条，不要合并单元格，不要留公式。",
    "底色较深（红）的栏必须填写，其余的没有就留空，不要填“无”“略”“详见卷宗”等。",
    "日期写成 2024-03-05，可以带时间 2024-03-05 09:30；金额以元为单位，保留两位小数。",
    "证件号码、账号、电话的单元格已设为文本，请勿改成数值，否则第15位以后会丢失。",
    "《当事人》《办理记录》的案号必须在《案件列表》中出现；两张表都可以留空。",
    "《办理记录》表头右边可以增加栏目（如字段名称），与固定栏目同名的在前面加“字段：”。",
    "有任何一处不合要求时整份文件都不导入，程序会逐处列出，请改正后重新导入。",
)


def write_case_list(
    path: Path,
    cases: Iterable[CaseRow],
    parties: Iterable[PartyRow] = (),
    events: Iterable[EventRow] = (),
) -> None:
    """Write a workbook that ``read_case_list`` reads back; an older file of that name is replaced.

    Parties marked ``from_list`` are written as names in the case list only; what was entered has a
    column of its own, or stands in 填写内容 where there would be too many columns.  Raises
    ``StoreError`` when the folder or file cannot be written (open in Excel, full disk); then
    nothing is changed.
    """
    everyone = list(parties)
    records = list(events)
    extra = list(dict.fromkeys(header for event in records for header in event.data))
    if len(extra) > _MOST_FURTHER:
        extra = []
    more = tuple(Column(header, _extra_header(header), CellType.TEXT) for header in extra)
    rows = ([getattr(p, c.name) for c in PARTIES.columns] for p in everyone if not p.from_list)
    with replacing(path) as stream, _streamed() as book:
        _fill(book, CASES.title, CASES.columns, _case_values(cases, everyone))
        _fill(book, PARTIES.title, PARTIES.columns, rows)
        _fill(book, EVENTS.title, EVENTS.columns + more, _event_values(records, extra))
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


def _extra_header(name: str) -> str:
    """Return the heading of a further column, marked where a fixed one is called so."""
    return f"{EXTRA_PREFIX}{name}" if is_taken(EVENTS, name) else name


def _case_values(cases: Iterable[CaseRow], parties: list[PartyRow]) -> Iterator[list[Any]]:
    names: dict[tuple[str, str], list[str]] = {}
    for party in parties:
        side = SIDES.get(party.standing, party.standing)
        names.setdefault((party.case_no, side), []).append(party.name)
    for case in cases:
        raw = case.case_no_raw
        instead = {
            "case_no": raw if case_numbers.normalise(raw) == case.case_no else case.case_no,
            "creditors": tuple(names.get((case.case_no, CREDITOR), ())),
            "debtors": tuple(names.get((case.case_no, DEBTOR), ())),
        }
        yield [
            instead[c.name] if c.name in instead else getattr(case, c.name) for c in CASES.columns
        ]


def _event_values(events: list[EventRow], extra: list[str]) -> Iterator[list[Any]]:
    for event in events:
        others = {name: words for name, words in event.data.items() if name not in extra}
        entries = tuple(others.items())
        fixed = [entries if c.name == ENTRIES else getattr(event, c.name) for c in EVENTS.columns]
        yield [*fixed, *(event.data.get(header, "") for header in extra)]


def _fill(
    book: Workbook, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> None:
    """Write one sheet of a write-only workbook."""
    from openpyxl.cell import WriteOnlyCell

    sheet = book.create_sheet(title)
    _lay_out(sheet, columns)
    head = []
    for column in columns:
        cell = WriteOnlyCell(sheet, value=column.header)
        _dress_head(cell, column)
        head.append(cell)
    sheet.append(head)
    for values in rows:
        line: list[Any] = []
        for column, value in zip(columns, values, strict=True):
            shown = _shown(column, value)
            if shown is None:
                line.append(None)
                continue
            cell = WriteOnlyCell(sheet, value=shown)
            if isinstance(shown, str):
                cell.data_type = "s"  # a text that begins with = is no formula
                cell.number_format = "@"
            else:
                cell.number_format = _FORMATS.get(column.type, "General")
            line.append(cell)
        sheet.append(line)


def _shown(column: Column, value: Any) -> Any:
    """Return what stands in the cell (text, number, day or moment); None for an empty one."""
    if value is None or value in ("", ()):
        return None
    write = _WRITERS.get(column.type)
    shown = write(column, value) if write else value
    if isinstance(shown, str):
        return "".join(c for c in shown if c >= " " or c in "\n\t")
    return shown


_WRITERS: dict[CellType, Callable[[Column, Any], str]] = {
    CellType.TEXT: lambda column, value: str(value),
    CellType.CODE: lambda column, value: str(value),
    CellType.FLAG: lambda column, value: "是" if value else "否",
    CellType.CHOICE: lambda column, value: column.option_of(value),
    CellType.CHOICES: lambda column, value: "、".join(map(column.option_of, value)),
    CellType.NAMES: lambda column, value: "、".join(value),
    CellType.LINES: lambda column, value: "\n".join(f"{name}：{tidy_text(v)}" for name, v in value),
    CellType.SUBJECT: lambda column, value: subjects.label(value),
}


def template_workbook(things: Sequence[str] = (), officers: Sequence[str] = ()) -> bytes:
    """Return an empty workbook to fill in: explanations, three sheets, drop-down lists.

    ``things`` are the labels of events offered under 办理事项, ``officers`` the names offered for
    officers; other entries stay possible there.
    """
    from openpyxl import Workbook

    book = Workbook()
    _explain(book.worksheets[0])
    lists: dict[str, Sequence[str]] = {}
    for spec in SHEETS:
        sheet = book.create_sheet(spec.title)
        _lay_out(sheet, spec.columns)
        for index, column in enumerate(spec.columns, start=1):
            cell = sheet.cell(row=1, column=index, value=column.header)
            _dress_head(cell, column)
            offered = _offered(column, things, officers)
            if offered:
                strict = column.type in (CellType.CHOICE, CellType.FLAG)
                _offer(sheet, index, offered, lists, strict=strict)
    _write_lists(book, lists)
    book.active = 0
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _offered(column: Column, things: Sequence[str], officers: Sequence[str]) -> Sequence[str]:
    """Return what the drop-down list of a column offers."""
    if column.type is CellType.FLAG:
        return ("是", "否")
    if column.name == "what":
        return things
    if column.name in ("officer", "clerk"):
        return officers
    return column.options


def _explain(sheet: Worksheet) -> None:
    """Write the sheet that says how to fill in the others."""
    from openpyxl.styles import Alignment, Font

    sheet.title = _EXPLAINED
    sheet.append(["案件导入模板填写说明"])
    sheet["A1"].font = Font(bold=True, size=14)
    for number, rule in enumerate(_RULES, start=1):
        sheet.append([f"{number}. {rule}"])
    sheet.append([])
    sheet.append(["工作表", "栏目", "是否必填", "填写要求", "示例", "可选内容"])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for spec in SHEETS:
        for column in spec.columns:
            row = [spec.title, column.header, "必填" if column.required else "", column.help]
            sheet.append([*row, column.example, "、".join(column.options)])
    for letter, width in zip("ABCDEF", (12, 18, 10, 52, 28, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for cells in sheet.iter_rows(min_row=len(_RULES) + 3):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _lay_out(sheet: Any, columns: Sequence[Column]) -> None:
    """Set widths and formats of whole columns, so that typed numbers stay text."""
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "B2"
    for index, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = column.width
        dimension.number_format = _FORMATS.get(column.type, "@")


def _dress_head(cell: Any, column: Column) -> None:
    """Make a heading look like one; required columns are coloured."""
    from openpyxl.styles import Alignment, Font, PatternFill

    cell.font = Font(bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    colour = _REQUIRED_FILL if column.required else _HEAD_FILL
    cell.fill = PatternFill("solid", fgColor=colour)


def _offer(
    sheet: Worksheet,
    index: int,
    options: Sequence[str],
    lists: dict[str, Sequence[str]],
    *,
    strict: bool,
) -> None:
    """Put a drop-down list on a column; a long one is kept on a sheet of its own."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    inline = ",".join(options)
    if len(inline) <= _LONGEST_INLINE and '"' not in inline:
        source = f'"{inline}"'
    else:
        key = "\n".join(options)
        lists.setdefault(key, options)
        letter = get_column_letter(list(lists).index(key) + 1)
        source = f"'{_CHOICES}'!${letter}$1:${letter}${len(options)}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True)
    rule.showErrorMessage = strict
    rule.errorTitle, rule.error = "不在可选范围内", "请从下拉列表中选择。"
    sheet.add_data_validation(rule)
    letter = get_column_letter(index)
    rule.add(f"{letter}2:{letter}{_TEMPLATE_ROWS}")


def _write_lists(book: Workbook, lists: dict[str, Sequence[str]]) -> None:
    """Write the long lists to a hidden sheet."""
    if not lists:
        return
    sheet = book.create_sheet(_CHOICES)
    for index, options in enumerate(lists.values(), start=1):
        for row, option in enumerate(options, start=1):
            sheet.cell(row=row, column=index, value=option)
    sheet.sheet_state = "hidden"
