"""The heading of a sheet: where it stands, and which column is which.

Exports carry titles above the heading, headings in two lines, other names for the same column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhixing_desktop.exchange import cells
from zhixing_desktop.exchange.columns import CellType, Column, SheetSpec, fold_header
from zhixing_desktop.exchange.sheets import Merged
from zhixing_desktop.workflow.errors import Problem

HEADER_ROWS = 30
MAX_PROBLEMS = 5000
# Counters of lines; they say nothing about the case.
_COUNTERS = frozenset({"序号", "行号", "No", "No."})


class Findings:
    """Collects what is wrong; keeps the first ``MAX_PROBLEMS`` and counts all."""

    def __init__(self) -> None:
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.error_count = 0

    def add(self, where: str, sentence: str, severity: str = "error") -> None:
        """Note one finding at a place."""
        kept = self.errors if severity == "error" else self.warnings
        self.error_count += severity == "error"
        if len(kept) < MAX_PROBLEMS:
            kept.append(Problem(where, sentence, severity))


@dataclass(frozen=True, slots=True)
class Header:
    """Where the heading stands and what its columns are."""

    row: int
    columns: dict[int, Column]
    extra: dict[int, str]
    texts: tuple[str, ...]
    first_data_row: int

    def complete(self, spec: SheetSpec) -> bool:
        """Tell whether all required columns are there."""
        named = {column.name for column in self.columns.values()}
        return all(column.name in named for column in spec.columns if column.required)


def place(title: str, row: int, header: str = "") -> str:
    """Return a place a person finds: 《案件列表》第5行“立案时间”."""
    return f"《{title}》第{row}行" + (f"“{header}”" if header else "")


def find_header(
    top: list[tuple[int, tuple[object, ...]]],
    merged: tuple[Merged, ...],
    spec: SheetSpec,
    findings: Findings,
) -> Header | None:
    """Return the row among the first that names most columns; None when none does."""
    known = _known(spec)
    grid = dict(top)
    best: tuple[int, int] = (0, 0)
    for number, values in top:
        texts = _header_texts(number, values, grid, merged)
        hits = len({known[t].name for t in map(_without_bracket, texts) if t in known})
        best = max(best, (hits, -number))
    if best[0] < 2:
        listed = "、".join(c.header for c in spec.columns if c.required)
        findings.add(
            f"《{spec.title}》",
            f"前{HEADER_ROWS}行没有找到表头；表头至少要有：{listed}。请使用程序提供的导入模板。",
        )
        return None
    row = -best[1]
    texts = _header_texts(row, grid[row], grid, merged)
    columns, extra = _match_columns(texts, known, row, spec, findings)
    last = row
    for area in merged:
        if area.top <= row <= area.bottom:
            last = max(last, area.bottom)
            if area.right > area.left:
                findings.add(
                    place(spec.title, row),
                    f"表头第{area.left + 1}列至第{area.right + 1}列是合并单元格，"
                    "请取消合并，每一列写一个名称。",
                )
    return Header(row, columns, extra, texts, last + 1)


def _header_texts(
    number: int,
    values: tuple[object, ...],
    grid: dict[int, tuple[object, ...]],
    merged: tuple[Merged, ...],
) -> tuple[str, ...]:
    """Return the headings of a row; one merged downwards into it counts (two-line headings)."""
    texts = [cells.tidy_text(v) if isinstance(v, str) else "" for v in values]
    for area in merged:
        if area.top < number <= area.bottom and area.left == area.right:
            above = grid.get(area.top, ())
            value = above[area.left] if area.left < len(above) else None
            texts += [""] * (area.left + 1 - len(texts))
            texts[area.left] = cells.tidy_text(value) if isinstance(value, str) else ""
    return tuple(texts)


def _known(spec: SheetSpec) -> dict[str, Column]:
    """Return the columns of a sheet by every folded heading they are known under."""
    return {fold_header(n): c for c in spec.columns for n in (c.header, *c.aliases)}


def is_taken(spec: SheetSpec, text: str) -> bool:
    """Tell whether a further column may not simply be called so."""
    forms = (fold_header(text), _without_bracket(text))
    return any(form in _known(spec) or form in _COUNTERS for form in forms)


def _without_bracket(text: str) -> str:
    """Return a heading without any bracket at its end: 申请标的额（万元） is 申请标的额."""
    return re.sub(r"\([^()]*\)$", "", fold_header(text))


def _match_columns(
    texts: tuple[str, ...],
    known: dict[str, Column],
    row: int,
    spec: SheetSpec,
    findings: Findings,
) -> tuple[dict[int, Column], dict[int, str]]:
    """Match headings to columns; note double, missing and ignored ones."""
    columns: dict[int, Column] = {}
    extra: dict[int, str] = {}
    first: dict[str, str] = {}
    for index, text in enumerate(texts):
        column = known.get(fold_header(text)) or known.get(_without_bracket(text))
        where = place(spec.title, row, text)
        if column is None:
            if text and fold_header(text) not in _COUNTERS:
                extra[index] = text
        elif column.name in first:
            findings.add(where, f"与“{first[column.name]}”是同一栏，请只保留一列。")
        else:
            columns[index] = column
            first[column.name] = text
            if "万" in text and column.type is CellType.MONEY:
                findings.add(where, "这一栏以万元为单位，请换算成元并把表头改为元。")
    for column in spec.columns:
        if column.required and column.name not in first:
            findings.add(place(spec.title, row), f"表头缺少“{column.header}”一栏，请补上。")
    _note_extra(list(extra.values()), row, spec, findings)
    return columns, extra


def _note_extra(texts: list[str], row: int, spec: SheetSpec, findings: Findings) -> None:
    """Mention further columns: ignored ones, or double ones where they are kept."""
    if spec.keeps_extra:
        for text in sorted({text for text in texts if texts.count(text) > 1}):
            findings.add(place(spec.title, row, text), "表头重复，请改成不同的名称。")
    elif texts:
        listed = "、".join(dict.fromkeys(texts))
        findings.add(place(spec.title, row), f"以下各栏不导入：{listed}。", "warning")
