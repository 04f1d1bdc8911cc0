"""Importing a case list: all of it or nothing, and every mistake at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from helpers.bureau import ADMIN, CHIEF, Office, rules
from helpers.offices import contents
from zhixing_desktop.exchange.case_list import CaseRow, EventRow, PartyRow, write_case_list
from zhixing_desktop.models.tables import staff
from zhixing_desktop.services import case_list, health, imports, people, sample, sample_people
from zhixing_desktop.services.case_list import CaseQuery
from zhixing_desktop.services.imports import ImportCancelledError
from zhixing_desktop.workflow.errors import InputRefusedError

CASES = 8
Listed = tuple[list[CaseRow], list[PartyRow], list[EventRow]]


@pytest.fixture(scope="module")
def listed() -> Listed:
    return sample.sample_list(rules(), cases=CASES, seed=7)


@pytest.fixture
def ready(office: Office) -> Office:
    """A bureau on the sample's day, with the sample's people."""
    office.at(sample.SAMPLE_NOW)
    people.add_people(office.bureau, ADMIN, sample_people.sample_people())
    return office


def written(folder: Path, listed: Listed) -> Path:
    path = folder / "清单.xlsx"
    write_case_list(path, *listed)
    return path


def test_what_was_listed_is_there(ready: Office, listed: Listed, tmp_path: Path) -> None:
    path = written(tmp_path, listed)
    seen = imports.preview(ready.bureau, path)
    errors = [problem for problem in seen.problems if problem.severity == "error"]
    assert errors == []
    assert (seen.cases, seen.parties, seen.events) == tuple(len(rows) for rows in listed)
    steps: list[tuple[int, int]] = []
    result = imports.run(
        ready.bureau,
        ready.actor("吴立案"),
        path,
        progress=lambda done, of: steps.append((done, of)),
    )
    assert result.cases == CASES
    assert steps[-1] == (CASES, CASES)
    for row in listed[0]:
        detail = ready.detail(case_of(ready, row.case_no))
        assert detail.header["kind"] == row.kind
        own = [party for party in listed[1] if party.case_no == row.case_no]
        assert {party["name"] for party in detail.parties.values()} == {p.name for p in own}
        filing = detail.context.index.event("case_filed", "case")
        assert filing is not None
        assert filing.happened_at.date() == row.filed_at.date()
        assert {fact.source for fact in detail.facts} == {"import"}
    ready.sweep()
    assert health.check_all(ready.bureau) == []


def case_of(office: Office, case_no: str) -> int:
    (line,) = case_list.page(office.bureau, office.actor(CHIEF), CaseQuery(search=case_no))
    return line.id


def test_all_refused_rows_are_named_with_their_numbers(
    ready: Office, listed: Listed, tmp_path: Path
) -> None:
    cases, parties, events = listed
    bad_event = replace(events[-1], what="没有这种事项")
    early = replace(events[0], happened_at=datetime(2031, 1, 1))
    path = written(tmp_path, (cases, parties, [early, *events[1:-1], bad_event]))
    before = contents(ready.bureau)
    with pytest.raises(InputRefusedError) as caught:
        imports.run(ready.bureau, ready.actor("吴立案"), path)
    where = [problem.where for problem in caught.value.problems]
    assert len(where) >= 2
    assert any("第2行" in place for place in where)
    assert any(f"第{len(events) + 1}行" in place for place in where)
    seen = imports.preview(ready.bureau, path)
    assert {p.where for p in seen.problems if p.severity == "error"} == set(where)
    assert contents(ready.bureau) == before


def test_a_case_that_is_there_already_refuses_the_whole_list(
    ready: Office, listed: Listed, tmp_path: Path
) -> None:
    path = written(tmp_path, listed)
    imports.run(ready.bureau, ready.actor("吴立案"), path)
    before = contents(ready.bureau)
    with pytest.raises(InputRefusedError) as caught:
        imports.run(ready.bureau, ready.actor("吴立案"), path)
    assert len(caught.value.problems) == CASES
    assert all("已经登记" in problem.sentence for problem in caught.value.problems)
    assert contents(ready.bureau) == before


def test_a_number_that_is_listed_twice_is_refused(
    ready: Office, listed: Listed, tmp_path: Path
) -> None:
    cases, parties, events = listed
    path = written(tmp_path, ([*cases, cases[0]], parties, events))
    before = contents(ready.bureau)
    with pytest.raises(InputRefusedError) as caught:
        imports.run(ready.bureau, ready.actor("吴立案"), path)
    assert any(cases[0].case_no in problem.sentence for problem in caught.value.problems)
    assert contents(ready.bureau) == before


@pytest.mark.parametrize("after", [0, 3, CASES, CASES + 3])
def test_who_cancels_leaves_nothing(
    ready: Office, listed: Listed, tmp_path: Path, after: int
) -> None:
    path = written(tmp_path, listed)
    before = contents(ready.bureau)
    asked = iter(range(1000))
    with pytest.raises(ImportCancelledError, match="没有导入任何案件"):
        imports.run(
            ready.bureau, ready.actor("吴立案"), path, cancelled=lambda: next(asked) >= after
        )
    assert contents(ready.bureau) == before
    imports.run(ready.bureau, ready.actor("吴立案"), path)
    assert case_list.count(ready.bureau, ready.actor(CHIEF), CaseQuery()) == CASES


def test_an_imported_decision_names_somebody_who_may_take_it(
    ready: Office, listed: Listed, tmp_path: Path
) -> None:
    """Refused with the number of the row and the matrix row: unknown, the officer, a stranger."""
    cases, parties, events = listed
    decisions = [e for e in events if e.what in ("审批：限制消费", "审批：案款发放", "审批：报结")]
    assert decisions
    officer = {row.case_no: row.officer for row in cases}
    for row in decisions[:6]:
        for said, words in (
            ("无此人", "人员名册中没有“无此人”"),
            (officer[row.case_no], "本案的承办人"),
            ("钱财务", "不能决定"),
        ):
            wrong = said if row.what != "审批：案款发放" else f"{said}、宋明远"
            changed = [replace(e, officer=wrong) if e is row else e for e in events]
            seen = imports.preview(ready.bureau, written(tmp_path, (cases, parties, changed)))
            found = [p for p in seen.problems if "权限表M-" in p.sentence]
            assert any(words in p.sentence for p in found), (row.what, said)
            place = f"第{events.index(row) + 2}行"
            assert any(place in p.where for p in found)


def test_a_payout_on_the_list_needs_both_who_signed(
    ready: Office, listed: Listed, tmp_path: Path
) -> None:
    cases, parties, events = listed
    row = next(e for e in events if e.what == "审批：案款发放")
    changed = [replace(e, officer="梁宏伟") if e is row else e for e in events]
    seen = imports.preview(ready.bureau, written(tmp_path, (cases, parties, changed)))
    found = [p.sentence for p in seen.problems if "M-payout-33" in p.sentence]
    assert any("执行局长、主管院领导依次批准" in sentence for sentence in found)


def test_who_decided_then_may_have_left_since(
    ready: Office, listed: Listed, tmp_path: Path
) -> None:
    with ready.bureau.database.writing() as conn:
        conn.execute(update(staff).where(staff.c.name == "唐振国").values(active=False))
    seen = imports.preview(ready.bureau, written(tmp_path, listed))
    assert [p for p in seen.problems if p.severity == "error"] == []
