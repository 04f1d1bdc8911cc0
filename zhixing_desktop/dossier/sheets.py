"""The separator sheets and the stick-on stamps that the program prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.dossier import separators, stamp
from zhixing_desktop.dossier.qr import matrix
from zhixing_desktop.dossier.separators import Separator
from zhixing_desktop.dossier.sheet_canvas import HIGH, WIDE, SheetCanvas
from zhixing_desktop.dossier.stamp import Stamp, short_line
from zhixing_desktop.workflow.errors import InputRefusedError

COLUMNS = 3
ROWS = 8
LABELS = COLUMNS * ROWS
"""On a sheet of A4: 70 × 37.1 mm each, without gaps, the common sheet of 24 labels."""
_CELL_WIDE = WIDE / COLUMNS
_CELL_HIGH = HIGH / ROWS
_LARGE_CODE = 56.0
_SMALL_CODE = 24.0
_LABEL_CODE = 21.0
_SIDES = {"main": "正卷", "side": "副卷"}
_HOW = (
    "放在该件材料首页之前，与材料一并放入扫描仪。",
    "本页之后、下一张分隔页（或者带页标的文书）之前的各页，归入上列一件。",
    "双面扫描、正反颠倒均可识别；背面为空白的，自动略去。",
    "本页不入卷，可以重复使用。",
)


@dataclass(frozen=True, slots=True)
class SeparatorSheet:
    """A separator with its words for people.

    ``place_words`` is the place in the catalogue (正卷 第8项 执行通知书、报告财产令), ``item_name``
    the name of the thing, empty where it is not filed yet.
    """

    separator: Separator
    court: str
    case_number: str
    place_words: str
    item_name: str


@dataclass(frozen=True, slots=True)
class Label:
    """A stamp to stick on a page that exists only on paper, with its words for people."""

    stamp: Stamp
    case_number: str
    item_name: str


def separator_sheets(items: Sequence[SeparatorSheet], font: Path) -> bytes:
    """Return the PDF of separator sheets, one on an A4 page each.

    ``font`` is a TrueType file with Chinese.  Raises :class:`InputRefusedError` where there are no
    items, :class:`StoreError` where the font cannot be used.
    """
    if not items:
        raise InputRefusedError("没有选择要打印分隔页的件，请先选择。")
    canvas = SheetCanvas("分隔页", font)
    for item in items:
        _separator(canvas, item)
        canvas.next_sheet()
    return canvas.bytes()


def label_sheet(labels: Sequence[Label], font: Path, start_at: int = 1) -> bytes:
    """Return the PDF of stick-on stamps, 3 × 8 on an A4 page, row by row.

    ``start_at`` (1 to 24) is the first label on the first sheet that is still there.  Raises
    :class:`InputRefusedError` where there are no labels or no such place, :class:`StoreError`
    where the font cannot be used.
    """
    if not labels:
        raise InputRefusedError("没有需要粘贴页标的页，不必打印。")
    if not 1 <= start_at <= LABELS:
        raise InputRefusedError(f"每张标签纸有{LABELS}格，请填写从第几格（1至{LABELS}）开始打印。")
    canvas = SheetCanvas("粘贴用页标", font)
    for number, label in enumerate(labels, start=start_at - 1):
        cell = number % LABELS
        if cell == 0 and number >= LABELS:
            canvas.next_sheet()
        _label(canvas, label, cell % COLUMNS * _CELL_WIDE, cell // COLUMNS * _CELL_HIGH)
    canvas.next_sheet()
    return canvas.bytes()


def _separator(canvas: SheetCanvas, item: SeparatorSheet) -> None:
    code = matrix(separators.encode(item.separator))
    left, right, middle = 22.0, 184.0, 103.0
    # A dark edge finds the sheets in a pile that lies on the table.
    for step in range(24):
        canvas.bar(WIDE - 12.0, 10.0 + step * 11.6, 7.0, 7.0)
    canvas.words(middle, 26.0, item.court, 14, middle=True)
    canvas.words(middle, 44.0, "分　隔　页", 34, middle=True)
    canvas.line(left, 52.0, right, 52.0, 0.5)
    canvas.code(middle - _LARGE_CODE / 2, 66.0, code, _LARGE_CODE)
    rows = (
        ("案　号", item.case_number),
        ("归　入", item.place_words or "待定（扫描后再归入）"),
        ("件　名", item.item_name or "新收材料"),
    )
    base = 144.0
    for name, words in rows:
        canvas.line(left, base - 9.0, right, base - 9.0)
        canvas.words(left + 2.0, base, name, 16)
        last = canvas.lines(left + 30.0, base, words, 20, wide=right - left - 32.0, most=3)
        base = last + 16.0
    canvas.line(left, base - 9.0, right, base - 9.0)
    top = HIGH - 22.0 - _SMALL_CODE
    # A second code where the first is torn, stamped over or stained.
    canvas.code(left, top, code, _SMALL_CODE)
    beside = left + _SMALL_CODE + 8.0
    canvas.words(beside, top - 8.0, "使用方法", 12)
    for number, words in enumerate(_HOW, start=1):
        row = top - 7.0 + number * 6.2
        canvas.fitted(beside, row, f"{number}．{words}", 10.5, wide=right - beside)
    canvas.words(beside, top + _SMALL_CODE, f"编号 {item.separator.token.upper()}", 9)


def _label(canvas: SheetCanvas, label: Label, left: float, top: float) -> None:
    shown = label.stamp
    _corner_ticks(canvas, left, top)
    canvas.code(left + 6.0, top + 6.5, matrix(stamp.encode(shown)), _LABEL_CODE)
    canvas.words(left + 16.5, top + 32.4, short_line(shown), 6.5, middle=True)
    at, wide = left + 31.0, _CELL_WIDE - 36.0
    page = f"{shown.page}-{shown.insert}" if shown.insert else f"{shown.page}"
    canvas.fitted(at, top + 8.5, f"{_SIDES[shown.side]}第{shown.volume}册", 10, wide=wide)
    canvas.fitted(at, top + 16.5, f"第 {page} 页", 18, wide=wide)
    canvas.fitted(at, top + 21.8, label.case_number, 8, wide=wide)
    canvas.lines(at, top + 26.2, label.item_name, 8, wide=wide, most=2)
    canvas.fitted(at, top + 34.0, f"本件第{shown.item_page}页", 7, wide=wide)


def _corner_ticks(canvas: SheetCanvas, left: float, top: float) -> None:
    """Mark where to cut, for who prints on plain paper."""
    for x in (left, left + _CELL_WIDE):
        for y in (top, top + _CELL_HIGH):
            canvas.line(max(x - 1.5, 0), y, min(x + 1.5, WIDE), y, 0.1)
            canvas.line(x, max(y - 1.5, 0), x, min(y + 1.5, HIGH), 0.1)
