"""The numbered steps from an empty database to today's schema.

A step is a function on a connection, writes out its own statements and is never changed after its
release.  All missing steps run in one transaction; a step that fails leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect

from zhixing_desktop.models.failures import refuse
from zhixing_desktop.models.upgrades import step_0001, step_0002, step_0003, step_0004

Step = Callable[[Connection], None]

STEPS: tuple[Step, ...] = (
    step_0001.apply,
    step_0002.apply,
    step_0003.apply,
    step_0004.apply,
)

# "ZHXI": lets a program tell our SQLite files from others without opening a table.
APPLICATION_ID = 0x5A485849

# Any number will do, as long as it is always the same: two workstations must not upgrade at once.
_PG_UPGRADE_LOCK = 4920240001


def version_of(conn: Connection, place: str) -> int:
    """Return the schema version, 0 for an empty database.

    Raises ``StoreError`` (``foreign``) when the tables are not ours.
    """
    tables = set(inspect(conn).get_table_names())
    if {"meta", "journal_head"} <= tables:
        row = conn.exec_driver_sql("SELECT value FROM meta WHERE key = 'schema_version'").first()
        if row is not None:
            return int(row[0])
    # A server's database may hold other people's tables beside ours; a file of ours never does.
    if tables if conn.dialect.name == "sqlite" else tables & {"meta", "cases", "journal"}:
        raise refuse("foreign", place=place)
    return 0


def missing_steps(found: int, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps that a database of version ``found`` lacks.

    Raises ``StoreError`` (``newer``) when the database knows more than this program.
    """
    if found > len(steps):
        raise refuse("newer", found=found, known=len(steps))
    return steps[found:]


def run(conn: Connection, steps: tuple[Step, ...], place: str) -> int:
    """Run what is missing on a writing transaction; return the version that was found."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_PG_UPGRADE_LOCK})")
    # Asked again under the lock: somebody may have been faster.
    found = version_of(conn, place)
    for step in missing_steps(found, steps):
        step(conn)
    put_meta(conn, "schema_version", str(len(steps)))
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(f"PRAGMA user_version = {len(steps)}")
        conn.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    return found


def put_meta(conn: Connection, key: str, value: str) -> None:
    """Write one word about the database."""
    mark = "?" if conn.dialect.name == "sqlite" else "%s"
    # S608: the mark is one of two constants.
    conn.exec_driver_sql(
        f"INSERT INTO meta (key, value) VALUES ({mark}, {mark}) "  # noqa: S608
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
