"""Case lists in and out: the Excel workbook with 案件列表, 当事人 and 办理记录.

Reading is all or nothing: every mistake of every sheet is named at once, row by row, and only a
list without a mistake comes back.  Whether the events make sense under the rulebook is for the
services.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from zhixing_desktop.exchange import case_checks as checks
from zhixing_desktop.exchange.case_list_writer import template_workbook, write_case_list
from zhixing_desktop.exchange.case_rows import CaseList, CaseRow, EventRow, PartyRow
from zhixing_desktop.exchange.cells import tidy_text
from zhixing_desktop.exchange.columns import (
    CASES,
    CREDITOR,
    DEBTOR,
    ENTRIES,
    EVENTS,
    PARTIES,
    SIDES,
    SheetSpec,
)
from zhixing_desktop.exchange.headings import Findings, place
from zhixing_desktop.exchange.sheets import Book, Limits, opened
from zhixing_desktop.exchange.table import RawRow, read_rows
from zhixing_desktop.workflow import case_numbers
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.identifiers import tidy_name
from zhixing_desktop.workflow.money import ZERO

__all__ = [
    "CaseList",
    "CaseRow",
    "EventRow",
    "Limits",
    "PartyRow",
    "read_case_list",
    "template_workbook",
    "write_case_list",
]

Progress = Callable[[str, int], None]


@dataclass(slots=True)
class _Reading:
    """One reading: the book, what is asked for, what was found."""

    book: Book
    court: str
    today: date | None
    limits: Limits
    progress: Progress | None
    findings: Findings

    def rows(self, title: str, spec: SheetSpec) -> Iterator[RawRow]:
        """Read the rows of one sheet."""
        return read_rows(
            self.book,
            title,
            spec,
            self.findings,
            court=self.court,
            limits=self.limits,
            progress=self.progress,
        )


def read_case_list(
    path: Path,
    *,
    court: str = case_numbers.DEFAULT_COURT,
    today: date | None = None,
    known_cases: Collection[str] = (),
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> CaseList:
    """Read a workbook and return its rows with warnings.

    ``today`` makes days in the future mistakes; ``known_cases`` are normalised numbers that parties
    and events may refer to without standing in the list.  ``progress(sheet, rows)`` is called now
    and then and may raise to cancel.  Raises ``InputRefusedError`` with all problems (the file
    itself, or row by row: ``where`` is 《案件列表》第5行“立案时间”), ``StoreError`` when the system
    does not let the file be read.
    """
    bounds = limits or Limits()
    with opened(path, bounds) as book:
        reading = _Reading(book, court, today, bounds, progress, Findings())
        found = _read_sheets(reading, frozenset(known_cases))
    findings = reading.findings
    if findings.errors:
        count = findings.error_count
        more = f"（只列出前{len(findings.errors)}处）" if count > len(findings.errors) else ""
        raise InputRefusedError(
            f"“{path.name}”有{count}处需要改正{more}，没有导入任何内容；请逐处改正后重新导入。",
            findings.errors,
        )
    return CaseList(*found, warnings=tuple(findings.warnings))


def _read_sheets(
    reading: _Reading, known: frozenset[str]
) -> tuple[tuple[CaseRow, ...], tuple[PartyRow, ...], tuple[EventRow, ...]]:
    """Read the three sheets and what only they together show."""
    findings = reading.findings
    titles = _titles(reading.book)
    if CASES.title not in titles:
        listed = "、".join(f"《{title}》" for title in reading.book.titles) or "没有工作表"
        findings.add(f"《{CASES.title}》", f"没有这张工作表（现有：{listed}），请使用导入模板。")
        return (), (), ()
    listed_names: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}
    numbers: dict[str, int] = {}
    cases: list[CaseRow] = []
    total = 0
    for raw in reading.rows(titles[CASES.title], CASES):
        total += 1
        number = raw.values["case_no"]
        if number and number in numbers:
            where = place(CASES.title, raw.number, "案号")
            findings.add(where, f"“{number}”与第{numbers[number]}行重复，请删去一行。")
        elif number:
            numbers[number] = raw.number
            for standing, names in ((CREDITOR, "creditors"), (DEBTOR, "debtors")):
                listed_names[number, standing] = (raw.number, raw.values[names])
        if raw.sound:
            cases += _case(raw, reading)
    if not total and not findings.errors:
        findings.add(f"《{CASES.title}》", "表头下面没有数据，请填写后再导入。")
    everything = known | numbers.keys()
    parties = _parties(reading, titles.get(PARTIES.title), everything)
    parties += _named_in_list(listed_names, parties, findings)
    _warn_incomplete(cases, parties, findings)
    events = _events(reading, titles.get(EVENTS.title), everything)
    return tuple(cases), tuple(parties), tuple(events)


def _titles(book: Book) -> dict[str, str]:
    """Return which sheet of the workbook is which of ours; a single sheet is the case list."""
    plain = {tidy_text(title): title for title in book.titles}
    found = {
        spec.title: plain[spec.title] for spec in (CASES, PARTIES, EVENTS) if spec.title in plain
    }
    if not found and len(book.titles) == 1:
        found[CASES.title] = book.titles[0]
    return found


def _case(raw: RawRow, reading: _Reading) -> list[CaseRow]:
    """Build one case; empty when it has neither an amount nor a content."""
    values = {k: v for k, v in raw.values.items() if k not in ("creditors", "debtors")}
    for name in ("amount_principal", "amount_interest", "amount_fee"):
        values[name] = values[name] or ZERO
    parts: Decimal = values["amount_principal"] + values["amount_interest"] + values["amount_fee"]
    values["amount"] = parts if values["amount"] is None else values["amount"]
    values["filed_at"] = values["filed_at"][0]
    values["is_non_litigation"] = bool(values["is_non_litigation"])
    values["creditor_is_court"] = bool(values["creditor_is_court"])
    previous = values["previous_case_no"]
    values["previous_case_no"] = case_numbers.normalise(previous)
    if not values["content"]:
        if not values["amount"]:
            where = place(CASES.title, raw.number, CASES.column("content").header)
            reading.findings.add(where, "没有申请标的额时须填写给付内容，如“行为”“特定物”。")
            return []
        values["content"] = ("money",)
    number = case_numbers.parse(values["case_no"], reading.court)
    row = CaseRow(row=raw.number, case_no_raw=raw.raw, kind=number.kind or "first", **values)
    checks.check_case(row, reading.findings, reading.today)
    checks.check_amounts(row, reading.findings)
    return [row]


def _parties(reading: _Reading, title: str | None, known: Collection[str]) -> list[PartyRow]:
    """Read 当事人; a workbook may come without it."""
    if title is None:
        return []
    rows = []
    for raw in reading.rows(title, PARTIES):
        if not raw.sound:
            continue
        values = {**raw.values, "name": tidy_name(raw.values["name"])}
        row = PartyRow(row=raw.number, **values)
        checks.check_party(row, reading.findings, reading.today)
        rows.append(row)
    findings = reading.findings
    checks.check_known(PARTIES.title, [(r.row, r.case_no) for r in rows], known, findings)
    keys = [(r.row, (r.case_no, r.standing, r.name, r.id_number)) for r in rows]
    checks.check_double(PARTIES.title, keys, findings, "该当事人")
    return rows


def _named_in_list(
    listed: dict[tuple[str, str], tuple[int, tuple[str, ...]]],
    parties: list[PartyRow],
    findings: Findings,
) -> list[PartyRow]:
    """Return the parties that only the case list names."""
    told = {(row.case_no, SIDES.get(row.standing)) for row in parties}
    rows = []
    for (case_no, standing), (number, names) in listed.items():
        if (case_no, standing) in told:
            continue
        for name in map(tidy_name, names):
            kind = checks.kind_of_name(name)
            rows.append(PartyRow(number, case_no, standing, kind, name, from_list=True))
    if rows:
        findings.add(
            f"《{CASES.title}》",
            f"{len(rows)}名当事人只有姓名或者名称，类型按名称判断，导入后请补全当事人信息。",
            "warning",
        )
    return rows


def _warn_incomplete(cases: list[CaseRow], parties: list[PartyRow], findings: Findings) -> None:
    """Mention once how many cases lack a side."""
    for standing in (CREDITOR, DEBTOR):
        with_one = {row.case_no for row in parties if SIDES.get(row.standing) == standing}
        without = [row for row in cases if row.case_no not in with_one]
        if standing == CREDITOR:
            without = [row for row in without if not row.creditor_is_court]
        if without:
            findings.add(
                f"《{CASES.title}》",
                f"{len(without)}件案件没有{standing}，如第{without[0].row}行，导入后请补上。",
                "warning",
            )


def _events(reading: _Reading, title: str | None, known: Collection[str]) -> list[EventRow]:
    """Read 办理记录; a workbook may come without it."""
    if title is None:
        return []
    rows = []
    for raw in reading.rows(title, EVENTS):
        if not raw.sound:
            continue
        moment, day_only = raw.values["happened_at"]
        values = {**raw.values, "happened_at": moment}
        data = {**dict(values.pop(ENTRIES)), **raw.extra}
        row = EventRow(row=raw.number, day_only=day_only, data=data, **values)
        checks.check_event(row, reading.findings)
        rows.append(row)
    findings = reading.findings
    checks.check_known(EVENTS.title, [(r.row, r.case_no) for r in rows], known, findings)
    keys = [
        (
            r.row,
            (r.case_no, r.subject, r.node, r.what, r.happened_at, r.officer, *r.data.items()),
        )
        for r in rows
    ]
    checks.check_double(EVENTS.title, keys, findings, "该记录")
    return rows
