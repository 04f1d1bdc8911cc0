"""Rows that do not agree with the facts are named one by one, and brought in line again."""

from __future__ import annotations

import pytest

from helpers.bureau import Office
from helpers.offices import contents, journal
from zhixing_desktop.services import case_store, health
from zhixing_desktop.workflow.errors import StaleEditError


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE cases SET state = 'done'", "列表中的“state”为done"),
        ("UPDATE cases SET next_due_at = NULL", "列表中的“next_due_at”为None"),
        ("UPDATE instances SET state = 'frozen' WHERE node = 1", "节点1@case登记为('frozen'"),
        ("DELETE FROM instances WHERE node = 2", "节点2@case登记为None"),
        ("DELETE FROM agenda WHERE NOT fired", "待发通知与按事实应有的不一致"),
    ],
)
def test_damage_is_named_and_mended(office: Office, damage: str, words: str) -> None:
    case = office.register(1)
    for node in (1, 2, 3):
        office.fill(case, node)
    whole = contents(office.bureau)
    assert not health.rebuild(office.bureau, office.actor("何管理"), case)
    assert contents(office.bureau) == whole
    with office.bureau.database.writing() as conn:
        conn.exec_driver_sql(damage)
    found = health.check_all(office.bureau)
    assert any(words in sentence for sentence in found), found
    assert health.rebuild(office.bureau, office.actor("何管理"), case)
    assert journal(office.bureau)[-1] == ("case.rebuild", "何管理")
    with office.bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        now = office.bureau.database.now(conn)
        assert health.differences(office.bureau, conn, row, now) == []


def test_the_check_says_how_far_it_is(office: Office) -> None:
    for number in range(3):
        office.register(number + 1)
    seen: list[tuple[int, int]] = []
    assert health.check_all(office.bureau, lambda done, of: seen.append((done, of))) == []
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_step_on_damaged_rows_is_refused_once_and_then_mends_them(office: Office) -> None:
    case = office.register(1)
    for node in (1, 2):
        office.fill(case, node)
    whole = contents(office.bureau)["instances"]
    with office.bureau.database.writing() as conn:
        conn.exec_driver_sql("DELETE FROM agenda WHERE NOT fired")
        conn.exec_driver_sql("UPDATE instances SET state = 'frozen' WHERE node = 3")
    with pytest.raises(StaleEditError):
        office.fill(case, 3)
    office.fill(case, 3)
    assert len(contents(office.bureau)["instances"]) >= len(whole)
    with office.bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        now = office.bureau.database.now(conn)
        assert health.differences(office.bureau, conn, row, now) == []
