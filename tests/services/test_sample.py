"""The sample bureau: made by the import like any other, sound, and with something of everything."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from helpers.bureau import rules
from zhixing_desktop import paths
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.documents.blocks import words_of
from zhixing_desktop.exchange.case_list import read_case_list
from zhixing_desktop.models.tables import cases, instances
from zhixing_desktop.services import health, people
from zhixing_desktop.services.bureau import Bureau, open_bureau
from zhixing_desktop.services.paper_showcase import every_form
from zhixing_desktop.services.sample import LIST_NAME, SAMPLE_NOW, make_sample, sample_list
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.identifiers import id_birth_date, id_gender


def opened(path: Path) -> Bureau:
    return open_bureau(
        f"sqlite:///{path}",
        clock=FixedClock(SAMPLE_NOW),
        resources=paths.resources_dir(),
        workstation="试验",
        rules=rules(),
    )


@pytest.mark.parametrize("count", [40, 300])
def test_the_sample_is_imported_and_sound(tmp_path: Path, count: int) -> None:
    said: list[str] = []
    bureau = opened(make_sample(tmp_path, cases=count, progress=said.append))
    with bureau.database.reading() as conn:
        made = conn.execute(select(cases.c.kind, cases.c.closing_way)).all()
        states = set(conn.scalars(select(instances.c.state).distinct()))
    assert len(made) == count + 1  # and the one that was lived through
    assert health.check_all(bureau) == []
    assert said
    if count == 300:
        # 未启动 has no row: a node that has not started is not kept.
        assert states >= {state.value for state in State} - {State.NOT_STARTED.value}
        assert {row.kind for row in made} == {"first", "resumed", "preservation"}
        ways = {row.closing_way for row in made}
        assert ways >= {None, "执行完毕", "终结本次执行程序", "终结执行"}
        assert papers_with_gaps(bureau) == {}
    bureau.close()


def papers_with_gaps(bureau: Bureau) -> dict[str, tuple[str, ...]]:
    """What is missing in the papers that the sample's cases are shown with, by form."""
    chief = people.find_person(bureau, "梁宏伟").actor()
    shown = list(every_form(bureau, chief))
    assert len(shown) == len(bureau.papers.library(bureau.rules).forms)
    # Nobody but the people of the case: the forms' own examples name these.
    assert not [s.name for s in shown if "王镕" in " ".join(words_of(s.preview.paper))]
    return {entry.form: entry.gaps for entry in shown if entry.gaps}


def test_the_sums_of_a_sample_case_add_up() -> None:
    _, _, events = sample_list(rules(), cases=60)
    closings = [row.data for row in events if row.node == 43 and "结案标的金额" in row.data]
    assert closings
    for data in closings:
        parts = ("执行到位标的金额", "申请人放弃标的金额", "尚未执行标的金额")
        assert Decimal(data["结案标的金额"]) == sum(Decimal(data[part]) for part in parts)
    payouts: dict[tuple[str, str], dict[str, str]] = {}
    for row in events:
        if row.node == 33:
            payouts.setdefault((row.case_no, row.subject), {}).update(row.data)
    whole = [data for data in payouts.values() if "本次发放金额（元）" in data]
    assert whole
    for data in whole:
        assert Decimal(data["本次发放金额（元）"]) <= Decimal(data["执行款核算金额（元）"])


def test_the_people_of_the_sample_fit_their_numbers() -> None:
    cases, parties, _ = sample_list(rules(), cases=60)
    for party in parties:
        if party.kind == "自然人":
            assert party.gender == id_gender(party.id_number)
            assert party.birth == id_birth_date(party.id_number)
    filed = {row.case_no: row.filed_at.date() for row in cases}
    assert all(
        row.basis_effective_on is not None and row.basis_effective_on < filed[row.case_no]
        for row in cases
    )


def test_the_same_seed_gives_the_same_sample() -> None:
    assert sample_list(rules(), cases=6, seed=3) == sample_list(rules(), cases=6, seed=3)
    assert sample_list(rules(), cases=6, seed=3) != sample_list(rules(), cases=6, seed=4)


def test_the_list_that_is_shipped_is_the_one_that_is_made() -> None:
    """The rows in ``resources/samples`` and the generator say the same; else make them anew."""
    shipped = read_case_list(paths.resources_dir() / "samples" / LIST_NAME)
    rows, parties, events = sample_list(rules())
    assert [row.case_no for row in shipped.cases] == [row.case_no for row in rows]
    assert [(p.case_no, p.name, p.id_number) for p in shipped.parties] == [
        (p.case_no, p.name, p.id_number) for p in parties
    ]
    told = [(e.case_no, e.subject, e.node, e.what, e.happened_at) for e in shipped.events]
    assert told == [(e.case_no, e.subject, e.node, e.what, e.happened_at) for e in events]
