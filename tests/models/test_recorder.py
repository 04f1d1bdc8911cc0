"""A step writes its rows and their journal row, in one act."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from helpers.rows import (
    MOMENT,
    agenda_row,
    alert_row,
    case_row,
    fact_row,
    instance_row,
    put,
    recorder,
    staff_row,
)
from zhixing_desktop.models import chain, tables
from zhixing_desktop.models.codec import codec_of
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.replay import replay_differences
from zhixing_desktop.workflow.errors import StaleEditError

AGENDA = tables.agenda


def rows(database: Database, table: Table) -> list[dict[str, Any]]:
    """Return all rows of a table in the order of its key."""
    with database.reading() as conn:
        found = conn.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        return [dict(row) for row in found]


def last_payload(database: Database) -> Any:
    """Return what the last journal row says."""
    return rows(database, tables.journal)[-1]["payload"]


def test_a_step_is_one_journal_row(database: Database) -> None:
    with database.writing() as conn:
        step = Recorder(
            conn,
            at=MOMENT,
            actor="李四",
            on_behalf_of="王五",
            action="case.register",
            workstation="PC-7",
        )
        number = step.case_id = step.new_id(tables.cases)
        step.insert(tables.cases, case_row(number, amount=Decimal("12.30")))
        step.insert(tables.facts, fact_row(1, case_id=number, data={"乙": 1, "甲": [2]}))
        assert step.finish() == 1
    (row,) = rows(database, tables.journal)
    assert (row["id"], row["at"], row["case_id"]) == (1, MOMENT, 1)
    assert (row["actor"], row["on_behalf_of"]) == ("李四", "王五")
    assert (row["action"], row["workstation"]) == ("case.register", "PC-7")
    case, fact = row["payload"]
    assert (case["table"], case["op"], case["key"]) == ("cases", "insert", {"id": 1})
    assert case["after"]["amount"] == 1230
    assert "closed_at" not in case["after"]
    assert fact["after"]["data"] == '{"乙":1,"甲":[2]}'
    decoded = codec_of(tables.facts).to_python(fact["after"])
    assert decoded | {"node": None, "corrects": None} == rows(database, tables.facts)[0]


def test_only_what_differs_is_written_and_told(with_case: Database) -> None:
    (before,) = rows(with_case, tables.cases)
    with with_case.writing() as conn, recorder(conn) as step:
        assert not step.update(tables.cases, {"id": 1}, before, before)
        after = before | {"version": 2, "next_due_at": MOMENT, "amount": Decimal("1.50")}
        assert step.update(tables.cases, {"id": 1}, before, after)
    assert rows(with_case, tables.cases) == [after]
    assert last_payload(with_case) == [
        {
            "table": "cases",
            "op": "update",
            "key": {"id": 1},
            "before": {"version": 1, "next_due_at": None, "amount": None},
            "after": {"version": 2, "next_due_at": "2024-03-01T09:00:00", "amount": 150},
        }
    ]


def test_rows_may_come_in_any_order(database: Database) -> None:
    with database.writing() as conn, recorder(conn) as step:
        step.insert(tables.facts, fact_row(1))
        step.insert(tables.cases, case_row(officer_id=1, next_due_at=MOMENT))
        step.insert(tables.staff, staff_row())
        step.update(tables.cases, {"id": 1}, {"next_due_at": MOMENT}, {"next_due_at": None})
        step.update(tables.cases, {"id": 1}, {"version": 1}, {"version": 2})
    (case,) = rows(database, tables.cases)
    assert (case["version"], case["next_due_at"]) == (2, None)
    assert replay_differences(database) == []


def test_a_key_may_be_used_again_in_the_same_step(with_case: Database) -> None:
    put(with_case, (tables.instances, instance_row(7)), (tables.agenda, agenda_row(7)))
    (instance,), (entry,) = rows(with_case, tables.instances), rows(with_case, tables.agenda)
    key = {name: entry[name] for name in codec_of(tables.agenda).key}
    with with_case.writing() as conn, recorder(conn) as step:
        step.insert(tables.instances, instance_row(7, state="done"))
        step.delete(tables.instances, {"id": instance["id"]}, instance)
        step.delete(tables.agenda, key, entry)
        step.insert(tables.agenda, agenda_row(7, state_after="overdue"))
        step.delete(tables.agenda, key, entry | {"state_after": "overdue"})
        step.insert(tables.agenda, agenda_row(7, state_after="warned"))
    assert [row["state"] for row in rows(with_case, tables.instances)] == ["done"]
    assert [row["state_after"] for row in rows(with_case, tables.agenda)] == ["warned"]
    assert replay_differences(with_case) == []


def test_numbers_are_given_out_once(with_case: Database) -> None:
    with with_case.writing() as conn:
        one, other = recorder(conn), recorder(conn)
        numbers = [step.new_id(tables.cases) for step in (one, other, one)]
        for number in numbers:
            one.insert(tables.cases, case_row(number))
        other.insert(tables.facts, fact_row(1))
        one.insert(tables.facts, fact_row(2))
        one.insert(tables.staff, staff_row(id=40, name="李四"))
        one.insert(tables.staff, {"name": "赵六", "roles": []})
        one.finish()
        other.finish()
    put(with_case, (tables.staff, {"name": "钱七", "roles": []}))
    assert len(set(numbers)) == 3
    assert [row["seq"] for row in rows(with_case, tables.facts)] == [2, 1]
    staff = {row["name"]: row["id"] for row in rows(with_case, tables.staff)}
    assert staff["赵六"] > 40
    assert len(set(staff.values())) == 4
    assert replay_differences(with_case) == []


def change(database: Database, op: str, before: dict[str, Any], due_on: int) -> None:
    """Do something to instance 1 that was read as ``before``."""
    with database.writing() as conn, recorder(conn) as step:
        step.insert(tables.facts, fact_row(due_on))
        if op == "delete":
            step.delete(tables.instances, {"id": 1}, before)
        else:
            after = before | {"due_at": MOMENT.replace(day=due_on)}
            step.update(tables.instances, {"id": 1}, before, after)


@pytest.mark.parametrize(
    ("theirs", "mine"), [("update", "update"), ("update", "delete"), ("delete", "update")]
)
def test_a_row_that_was_changed_since_is_refused(
    with_case: Database, theirs: str, mine: str
) -> None:
    put(with_case, (tables.instances, instance_row(7, id=1)))
    (read,) = rows(with_case, tables.instances)
    change(with_case, theirs, read, due_on=5)
    with pytest.raises(StaleEditError, match="别人改过") as refused:
        change(with_case, mine, read, due_on=6)
    data = refused.value.data
    assert data["key"] == {"id": 1}
    assert data["yours"] == ({} if mine == "delete" else {"due_at": MOMENT.replace(day=6)})
    assert data["theirs"] == (
        None if theirs == "delete" else read | {"due_at": MOMENT.replace(day=5)}
    )
    assert [row["seq"] for row in rows(with_case, tables.facts)] == [5]
    assert len(rows(with_case, tables.journal)) == 3


def test_a_number_that_somebody_else_took_is_a_stale_edit(with_case: Database) -> None:
    put(with_case, (tables.facts, fact_row(1)))
    with pytest.raises(StaleEditError, match="已有人登记") as refused:
        put(with_case, (tables.facts, fact_row(1)))
    assert refused.value.data["table"] == "facts"
    with pytest.raises(StaleEditError) as refused:
        put(with_case, (tables.cases, case_row(2, case_no=case_row()["case_no"])))
    assert refused.value.data["table"] == "cases"


def test_the_sweep_says_what_it_did_in_short(with_case: Database) -> None:
    put(with_case, *[(tables.agenda, agenda_row(node)) for node in (7, 8, 9)])
    keys = [[row[name] for name in codec_of(AGENDA).key] for row in rows(with_case, AGENDA)]
    with with_case.writing() as conn, recorder(conn, case_id=None) as step:
        step.fire(keys[:2])
        step.insert_many(tables.alerts, [alert_row(7), alert_row(8, officer_id=1)])
        step.insert_many(tables.alerts, [])
        step.fire([])
    assert [row["fired"] for row in rows(with_case, AGENDA)] == [True, True, False]
    fired, said = last_payload(with_case)
    assert fired["op"] == "fire"
    assert fired["rows"][0] == [1, 7, "case", 1, "7-a", "warn", "2024-03-01T09:00:00"]
    assert said["op"] == "insert_many"
    assert [row[said["columns"].index("officer_id")] for row in said["rows"]] == [None, 1]
    assert replay_differences(with_case) == []


def test_nothing_is_said_twice(with_case: Database) -> None:
    put(with_case, (AGENDA, agenda_row(7)), (tables.alerts, alert_row(7)))
    key = [rows(with_case, AGENDA)[0][name] for name in codec_of(AGENDA).key]
    with with_case.writing() as conn, recorder(conn) as step:
        step.fire([key])
    with pytest.raises(StaleEditError), with_case.writing() as conn, recorder(conn) as step:
        step.fire([key])
    with pytest.raises(StaleEditError), with_case.writing() as conn, recorder(conn) as step:
        step.insert_many(tables.alerts, [alert_row(7)])
    assert len(rows(with_case, tables.alerts)) == 1


def test_what_was_flushed_can_be_read_before_the_end(with_case: Database) -> None:
    with with_case.writing() as conn:
        step = recorder(conn)
        step.insert(tables.facts, fact_row(1))
        count = select(func.count()).select_from(tables.facts)
        assert conn.execute(count).scalar_one() == 0
        step.flush()
        assert conn.execute(count).scalar_one() == 1
        step.insert(tables.facts, fact_row(2))
        step.finish()
    assert [change["after"]["seq"] for change in last_payload(with_case)] == [1, 2]
    assert replay_differences(with_case) == []


def test_a_note_changes_no_row(with_case: Database) -> None:
    with with_case.writing() as conn, recorder(conn, action="print") as step:
        step.note({"paper": "执行通知书", "pages": 2})
    assert last_payload(with_case) == [{"op": "note", "data": {"paper": "执行通知书", "pages": 2}}]
    assert replay_differences(with_case) == []


def test_a_step_that_is_not_finished_is_not_lost_in_silence(with_case: Database) -> None:
    with pytest.raises(RuntimeError, match="not finished"), with_case.writing() as conn:
        recorder(conn).insert(tables.facts, fact_row(1))
    with with_case.writing() as conn:
        step = recorder(conn)
        step.finish()
        with pytest.raises(RuntimeError, match="is finished"):
            step.finish()


def test_a_recorder_needs_a_writing_transaction(with_case: Database) -> None:
    with with_case.reading() as conn, pytest.raises(RuntimeError, match="writing"):
        recorder(conn)


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        (tables.drafts, {}, "not a journalled table"),
        (tables.journal, {}, "not a journalled table"),
        (tables.facts, fact_row(1, colour="red"), "colour"),
        (tables.facts, {"case_id": 1}, "needs"),
        (tables.facts, fact_row(1, data=None), "needs"),
    ],
)
def test_what_cannot_be_recorded(
    with_case: Database, table: Table, row: dict[str, Any], message: str
) -> None:
    with with_case.writing() as conn:
        step = recorder(conn)
        with pytest.raises((KeyError, ValueError), match=message):
            step.insert(table, row)
        step.finish()


def test_a_row_is_named_by_its_primary_key(with_case: Database) -> None:
    with with_case.writing() as conn:
        step = recorder(conn)
        with pytest.raises(KeyError, match="primary key"):
            step.update(tables.facts, {"case_id": 1, "seq": 1}, {"reason": ""}, {"reason": "x"})
        with pytest.raises(ValueError, match="primary key"):
            step.update(tables.cases, {"id": 1}, {"id": 1}, {"id": 2})
        step.finish()


def break_off(database: Database) -> None:
    """Fail after the rows were written."""
    with database.writing() as conn, recorder(conn) as step:
        step.insert(tables.facts, fact_row(1))
        step.flush()
        raise ZeroDivisionError


def test_an_exception_leaves_nothing_behind(with_case: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        break_off(with_case)
    assert rows(with_case, tables.facts) == []
    with with_case.reading() as conn:
        assert chain.verify(conn).rows == 1
    put(with_case, (tables.facts, fact_row(1)))


def test_the_payload_is_canonical(with_case: Database) -> None:
    put(with_case, (tables.facts, fact_row(1)))
    with with_case.reading() as conn:
        text = conn.exec_driver_sql("SELECT payload FROM journal WHERE id = 2").scalar_one()
    assert text == json.dumps(
        json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
