"""Rows for tests of the tables: as small as the columns allow, changed by keyword."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table

from zhixing_desktop.models import tables
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.recorder import Recorder

MOMENT = datetime(2024, 3, 1, 9)


def staff_row(**other: Any) -> dict[str, Any]:
    """Return a person."""
    return {"id": 1, "name": "王五", "roles": ["承办人"]} | other


def case_row(number: int = 1, **other: Any) -> dict[str, Any]:
    """Return case ``number``, whose ``id`` is the same."""
    return {
        "id": number,
        "case_no": f"（2024）苏1102执{number}号",
        "year": 2024,
        "court": "苏1102",
        "type": "执",
        "number": number,
        "kind": "first",
        "state": "active",
        "created_at": MOMENT,
    } | other


def fact_row(seq: int, **other: Any) -> dict[str, Any]:
    """Return a fact of case 1."""
    return {
        "case_id": 1,
        "seq": seq,
        "kind": "filed",
        "happened_at": MOMENT,
        "recorded_at": MOMENT,
        "entered_at": MOMENT,
        "entered_by": "王五",
        "data": {"item": seq},
    } | other


def instance_row(node: int, **other: Any) -> dict[str, Any]:
    """Return an instance of case 1."""
    return {"case_id": 1, "node": node, "state": "active"} | other


def agenda_row(node: int, **other: Any) -> dict[str, Any]:
    """Return a step that will be due in case 1."""
    return {
        "case_id": 1,
        "node": node,
        "limit_id": f"{node}-a",
        "step": "warn",
        "due_at": MOMENT,
        "at": MOMENT,
        "recipients": ["王五"],
    } | other


def alert_row(node: int, **other: Any) -> dict[str, Any]:
    """Return what was said about ``agenda_row(node)``."""
    return {
        "case_id": 1,
        "node": node,
        "limit_id": f"{node}-a",
        "step": "warn",
        "due_at": MOMENT,
        "legal_at": MOMENT,
        "noticed_at": MOMENT,
        "recipients": ["王五"],
        "sentence": "节点即将到期",
    } | other


def recorder(conn: Connection, **other: Any) -> Recorder:
    """Return a recorder with a journal row like any other."""
    words: dict[str, Any] = {
        "at": MOMENT,
        "actor": "王五",
        "action": "test",
        "workstation": "PC-1",
        "case_id": 1,
    }
    return Recorder(conn, **(words | other))


def put(database: Database, *rows: tuple[Table, dict[str, Any]]) -> None:
    """Insert rows in one step."""
    with database.writing() as conn, recorder(conn) as step:
        for table, row in rows:
            step.insert(table, row)


def put_case(database: Database) -> None:
    """Insert person 1 and case 1: journal row 1."""
    put(database, (tables.staff, staff_row()), (tables.cases, case_row(officer_id=1)))


def put_facts(database: Database, first: int, last: int) -> None:
    """Add facts to case 1, one step (and one journal row) for each."""
    for seq in range(first, last + 1):
        put(database, (tables.facts, fact_row(seq)))


def add_facts(url: str, writer: int, count: int) -> None:
    """Be a process of its own that adds facts to case ``writer`` and counts all it wrote."""
    from zhixing_desktop.clock import SystemClock

    with Database.open(url, clock=SystemClock(), busy_ms=30_000) as database:
        for number in range(1, count + 1):
            with database.writing() as conn, recorder(conn, case_id=writer) as step:
                step.insert(tables.facts, fact_row(number, case_id=writer))
                version = {"version": number}, {"version": number + 1}
                step.update(tables.cases, {"id": writer}, *version)


def tamper(database: Database, *statements: str) -> None:
    """Do what somebody with the file or the server in his hands could do."""
    with database.writing() as conn:
        triggers = {
            "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
            "postgresql": "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal",
        }[conn.dialect.name]
        for name, table in conn.exec_driver_sql(triggers).all():
            on = f" ON {table}" if conn.dialect.name == "postgresql" else ""
            conn.exec_driver_sql(f"DROP TRIGGER {name}{on}")
        for statement in statements:
            conn.exec_driver_sql(statement)
