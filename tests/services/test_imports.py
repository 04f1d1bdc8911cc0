"""Importing a case list: all of it or nothing, and every mistake at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from helpers.bureau import ADMIN, Office, rules
from helpers.offices import contents
from zhixing_desktop.exchange.case_list import CaseRow, EventRow, PartyRow, write_case_list
from zhixing_desktop.services import case_list, health, imports, people, sample
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
    people.add_people(office.bureau, ADMIN, sample.sample_people())
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
        ready.bureau, ADMIN, path, progress=lambda done, of: steps.append((done, of))
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
    (line,) = case_list.page(office.bureau, CaseQuery(search=case_no))
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
        imports.run(ready.bureau, ADMIN, path)
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
    imports.run(ready.bureau, ADMIN, path)
    before = contents(ready.bureau)
    with pytest.raises(InputRefusedError) as caught:
        imports.run(ready.bureau, ADMIN, path)
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
        imports.run(ready.bureau, ADMIN, path)
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
        imports.run(ready.bureau, ADMIN, path, cancelled=lambda: next(asked) >= after)
    assert contents(ready.bureau) == before
    imports.run(ready.bureau, ADMIN, path)
    assert case_list.count(ready.bureau, CaseQuery()) == CASES
