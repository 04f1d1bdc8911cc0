"""Importing a case list from Excel: checked whole, then written whole, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from zhixing_desktop.exchange.case_list import (
    CaseList,
    EventRow,
    PartyRow,
    read_case_list,
    template_workbook,
)
from zhixing_desktop.models.tables import cases as case_table
from zhixing_desktop.models.tables import staff
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import check_case, known_numbers, write_case
from zhixing_desktop.services.import_replay import Replay, Replayed, standing_of
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, ZhixingError

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a list holds and what is wrong with it, before anything is written."""

    cases: int
    parties: int
    events: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was written."""

    cases: int
    events: int


class ImportCancelledError(ZhixingError):
    """The person stopped the import; nothing was written."""


def template_bytes() -> bytes:
    """Return an empty import template with its explanations."""
    return template_workbook()


def preview(
    bureau: Bureau,
    path: Path,
    progress: Progress | None = None,
    cancelled: Cancelled = lambda: False,
) -> ImportPreview:
    """Read and check a list without writing anything; all problems, row by row.

    ``progress(done, all)`` counts cases.  Raises :class:`ImportCancelledError`, ``StoreError``.
    """
    try:
        listed = _read(bureau, path, cancelled)
    except InputRefusedError as error:
        return ImportPreview(0, 0, 0, error.problems or (Problem(path.name, error.sentence),))
    replayed = _replay(bureau, listed, progress, cancelled)
    problems = (*listed.warnings, *_left_out(bureau, listed), *_problems(bureau, replayed))
    return ImportPreview(len(listed.cases), len(listed.parties), len(listed.events), problems)


def run(
    bureau: Bureau,
    actor: Actor,
    path: Path,
    progress: Progress | None = None,
    cancelled: Cancelled = lambda: False,
) -> ImportResult:
    """Import a list in one transaction.

    ``progress(done, all)`` counts cases, first while checking, then while writing.  Raises
    :class:`InputRefusedError` with every problem, :class:`ImportCancelledError`, ``StoreError``.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "case.import")
    listed = _read(bureau, path, cancelled)
    replayed = _replay(bureau, listed, progress, cancelled)
    errors = [p for p in _problems(bureau, replayed) if p.severity == "error"]
    if errors:
        raise InputRefusedError(f"清单中有{len(errors)}处错误，没有导入任何案件。", errors)
    events = 0
    # A case that follows another one is written after it.
    ordered = sorted(replayed, key=lambda entry: bool(entry.new.previous_case_no))
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, "case.import")
        for number, entry in enumerate(ordered, start=1):
            _go_on(cancelled)
            write_case(bureau, conn, actor, entry.new, further=entry.facts, source="import")
            events += len(entry.facts)
            if progress is not None:
                progress(number, len(ordered))
    return ImportResult(len(ordered), events)


def _go_on(cancelled: Cancelled) -> None:
    """Raise once the person has asked to stop; nothing has been written by then."""
    if cancelled():
        raise ImportCancelledError("导入已取消，没有导入任何案件。")


def _read(bureau: Bureau, path: Path, cancelled: Cancelled) -> CaseList:
    with bureau.database.reading() as conn:
        known = {row.case_no for row in conn.execute(select(case_table.c.case_no))}
        today = bureau.database.now(conn).date()
    listed = read_case_list(path, today=today, progress=lambda _sheet, _rows: _go_on(cancelled))
    doubles = [
        Problem(f"《案件列表》第{row.row}行", f"案号“{row.case_no}”已经登记，不能重复导入")
        for row in listed.cases
        if row.case_no in known
    ]
    if doubles:
        raise InputRefusedError("清单中有已经登记的案件，没有导入任何案件。", doubles)
    return listed


def _replay(
    bureau: Bureau, listed: CaseList, progress: Progress | None, cancelled: Cancelled
) -> list[Replayed]:
    parties: dict[str, list[PartyRow]] = defaultdict(list)
    events: dict[str, list[EventRow]] = defaultdict(list)
    for party in listed.parties:
        parties[party.case_no].append(party)
    for event in listed.events:
        events[event.case_no].append(event)
    with bureau.database.reading() as conn:
        people = {row.name: tuple(row.roles) for row in conn.execute(select(staff))}
    made = []
    for number, row in enumerate(listed.cases, start=1):
        _go_on(cancelled)
        replay = Replay(bureau.rules, row, parties[row.case_no], people)
        made.append(replay.play(events[row.case_no]))
        if progress is not None:
            progress(number, len(listed.cases))
    return made


def _left_out(bureau: Bureau, listed: CaseList) -> list[Problem]:
    """Mention what the list says and the program cannot hold on to."""
    found = [
        Problem(
            f"《当事人》第{party.row}行“{party.name}”",
            f"诉讼地位“{party.standing}”的当事人不导入，请保留清单，办理时在相应节点登记。",
            "warning",
        )
        for party in listed.parties
        if standing_of(party.standing) is None
    ]
    earlier = {row.previous_case_no for row in listed.cases if row.previous_case_no}
    with bureau.database.reading() as conn:
        known = known_numbers(conn, sorted(earlier)) | {row.case_no for row in listed.cases}
    found += [
        Problem(
            f"《案件列表》第{row.row}行“原案号”",
            f"系统中没有案件“{row.previous_case_no}”，只记下案号，不能核对原承办人。",
            "warning",
        )
        for row in listed.cases
        if row.previous_case_no and row.previous_case_no not in known
    ]
    return found


def _problems(bureau: Bureau, replayed: list[Replayed]) -> list[Problem]:
    found: list[Problem] = []
    for entry in replayed:
        _, problems = check_case(entry.new)
        found.extend(
            Problem(f"《案件列表》第{entry.row}行 {p.where}", p.sentence, p.severity)
            for p in problems
        )
        found.extend(entry.problems)
    return found
