"""What whoever decides is told: how it came, what follows, what is beside it; on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest

from helpers.bureau import CHIEF, OFFICER, Office
from helpers.filling import full_entry
from helpers.waiting_cases import NOTICE, QUERY, apply, frozen_notices, frozen_query
from zhixing_desktop.services import approvals, payments_due, supervision, work
from zhixing_desktop.services.decision_phrases import phrases
from zhixing_desktop.services.decision_sheet import DecisionSheet, decision_sheet
from zhixing_desktop.workflow.errors import NotAllowedError
from zhixing_desktop.workflow.facts import State


def sheet_of(office: Office, place: tuple[int, int], name: str = CHIEF) -> DecisionSheet:
    return decision_sheet(office.bureau, office.actor(name), *place)


def test_yes_and_no_are_simulated_and_nothing_is_written(office: Office) -> None:
    (place,) = frozen_notices(office, 1, first=1)
    before = office.detail(place[0]).version
    yes, no = sheet_of(office, place).follows
    assert (yes.changes[0].before, yes.changes[0].after) == (State.FROZEN, State.OVERDUE)
    assert yes.changes[0].note == "恢复办理、流转"
    assert (no.changes[0].after, no.changes[0].note) == (State.FROZEN, "仍然冻结，不得流转")
    assert any("被前面的冻结挡住" in change.note for change in no.changes[1:])
    assert office.detail(place[0]).version == before
    # What was foretold is what comes.
    approvals.decide_application(
        office.bureau, office.actor(CHIEF), *place, "granted", "情况属实，同意解冻"
    )
    assert office.detail(place[0]).view.instances[NOTICE].state is yes.changes[0].after


def test_an_outside_decision_is_simulated_as_well(office: Office) -> None:
    place = frozen_query(office, 1)
    yes, no = sheet_of(office, place).follows
    assert yes.refusal == ""
    assert yes.changes[0].before is State.FROZEN
    assert yes.changes[0].after is not State.FROZEN
    assert no.changes[0].after is State.FROZEN
    assert office.detail(place[0]).view.instances[QUERY].state is State.FROZEN


def test_earlier_freezes_leave_this_one_out(office: Office) -> None:
    first, second, third, fourth, fifth = frozen_notices(office, 5, first=1)
    sheet = sheet_of(office, first)
    assert sheet.of_officer.count == 4
    assert len(sheet.of_officer.last) == 3
    assert first[0] not in {office.detail(case).id for case, _ in (second, third, fourth, fifth)}
    assert sheet.of_case.count == 0


def test_what_came_back_is_shown_with_its_points_at_the_next_application(office: Office) -> None:
    (place,) = frozen_notices(office, 1, first=1)
    approvals.decide_application(
        office.bureau,
        office.actor(CHIEF),
        *place,
        "returned",
        "材料不全，请补充",
        points=("补送达回证", "写明办结的时间"),
    )
    again = apply(office, place[0], NOTICE)
    back = sheet_of(office, (place[0], again)).returned
    assert back is not None
    assert back.points == ("补送达回证", "写明办结的时间")
    assert back.by == f"执行局长{CHIEF}"


def test_it_says_how_late_and_by_which_row(office: Office) -> None:
    (place,) = frozen_notices(office, 1, first=1)
    sheet = sheet_of(office, place)
    assert sheet.matrix is not None
    assert sheet.matrix.id == "M-unfreeze-7"
    (late,) = sheet.late
    assert late.left.startswith("已逾期")
    assert late.steps


def test_supervision_is_for_those_with_a_panel(office: Office) -> None:
    places = frozen_notices(office, 3, first=1)
    chief = office.actor(CHIEF)
    page = supervision.supervised(office.bureau, chief, limit=2)
    assert (len(page.rows), page.total) == (2, 3)
    assert [row.asked for row in page.rows] == [True, True]
    rest = supervision.supervised(office.bureau, chief, offset=2).rows
    assert {row.case_id for row in (*page.rows, *rest)} == {case for case, _ in places}
    with pytest.raises(NotAllowedError) as caught:
        supervision.supervised(office.bureau, office.actor(OFFICER))
    assert "M-60" in caught.value.sentence
    with pytest.raises(NotAllowedError):
        payments_due.payments_due(office.bureau, office.actor(OFFICER))


def test_there_are_phrases_for_every_matter_and_outcome(office: Office) -> None:
    for spec in office.bureau.rules.book.nodes.values():
        for matter in ("unfreeze", *(entry.matter for entry in spec.approvals)):
            for outcome in ("granted", "refused", "returned"):
                found = phrases(matter, outcome)
                assert 1 <= len(found) <= 5
                assert len(set(found)) == len(found)


def test_supervision_shows_the_limit_that_froze_a_node_also_where_it_was_met_late(
    office: Office,
) -> None:
    ((case, _),) = frozen_notices(office, 1, first=1)
    chief = office.actor(CHIEF)
    (before,) = supervision.supervised(office.bureau, chief).rows
    assert (before.due_at, before.limit) == (datetime(2024, 3, 11, 23, 59, 59), "10日内")
    # The notice goes out at last: no limit of the node is open any more, it stays frozen.
    for _ in range(2):
        entry = full_entry(office.detail(case).context, NOTICE, {})
        work.record_work(office.bureau, office.actor(), case, NOTICE, *entry)
    instance = office.detail(case).view.instances[NOTICE]
    assert (instance.due_at, instance.state) == (None, State.FROZEN)
    (row,) = supervision.supervised(office.bureau, chief).rows
    assert row.state is State.FROZEN
    assert (row.due_at, row.limit, row.days_late) == (before.due_at, "10日内", before.days_late)


def test_supervision_names_the_node_that_froze_another_without_a_limit(office: Office) -> None:
    office.register(1)
    office.register(2, type="执恢", previous_case_no="（2024）豫0811执1号")
    (row,) = supervision.supervised(office.bureau, office.actor(CHIEF)).rows
    assert (row.node, row.state) == (2, State.FROZEN)
    assert (row.due_at, row.limit) == (None, "节点46 恢复执行")
