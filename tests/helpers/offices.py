"""Bureaus at an address: on both databases, with several workstations, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpers.bureau import ADMIN, PEOPLE, Office, rules
from zhixing_desktop import paths
from zhixing_desktop.clock import Clock, FixedClock
from zhixing_desktop.models import tables
from zhixing_desktop.services import people
from zhixing_desktop.services.bureau import Bureau, open_bureau

START = "2024-03-01T09:00"


def open_at(url: str, clock: Clock, *, workstation: str = "一号机", create: bool = False) -> Bureau:
    """Open a bureau as one workstation."""
    return open_bureau(
        url,
        clock=clock,
        resources=paths.resources_dir(),
        workstation=workstation,
        create=create,
        purpose="test" if create else "bureau",
        rules=rules(),
    )


def make_office(url: str, now: str = START) -> Office:
    """Make a bureau with its people."""
    clock = FixedClock(datetime.fromisoformat(now))
    bureau = open_at(url, clock, create=True)
    people.add_people(bureau, ADMIN, PEOPLE)
    return Office(bureau, clock)


def beside(office: Office, url: str) -> Office:
    """Return a second workstation on the same database, with the same clock."""
    return Office(open_at(url, office.clock, workstation="二号机"), office.clock)


def contents(bureau: Bureau, *, without: Sequence[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables, in the order of their keys."""
    found = {}
    with bureau.database.reading() as conn:
        for table in tables.METADATA.sorted_tables:
            if table.name in without:
                continue
            rows = conn.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            found[table.name] = [dict(row) for row in rows]
    return found


def journal(bureau: Bureau) -> list[tuple[str, str]]:
    """Return action and actor of each row of the journal."""
    with bureau.database.reading() as conn:
        rows = conn.execute(select(tables.journal).order_by(tables.journal.c.id)).all()
    return [(row.action, row.actor) for row in rows]


def said(bureau: Bureau) -> set[tuple[Any, ...]]:
    """Return what was announced: case, node, subject, limit, step, due and legal moment, words."""
    with bureau.database.reading() as conn:
        rows = conn.execute(select(tables.alerts)).all()
    return {
        (r.case_id, r.node, r.subject, r.limit_id, r.step, r.due_at, r.legal_at, r.sentence)
        for r in rows
    }
