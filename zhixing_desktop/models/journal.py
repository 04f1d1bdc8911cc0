"""The journal: a chain of rows in which each carries the hash of the one before.

The chain makes tampering visible, not impossible: whoever owns the database could write a whole new
chain.  That is why each day's last hash is printed.  ``chain`` walks along it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models import statements
from zhixing_desktop.models.failures import refuse
from zhixing_desktop.models.hashing import available, row_hash
from zhixing_desktop.models.types import canonical_json, moment_text

_STREAM = {"stream_results": True, "yield_per": 1000}

_HEAD = {
    "sqlite": "SELECT last_id, last_hash, algorithm FROM journal_head",
    # Waits for the writer before us, then sees what it wrote.
    "postgresql": "SELECT last_id, last_hash, algorithm FROM journal_head FOR UPDATE",
}
_COLUMNS = (
    "id, at, actor, on_behalf_of, workstation, action, case_id, payload, prev_hash, hash, algorithm"
)
_INSERT = f"INSERT INTO journal ({_COLUMNS}) VALUES ({', '.join(['%s'] * 11)})"  # noqa: S608
_ADVANCE = "UPDATE journal_head SET last_id = %s, last_hash = %s"
_APPEND = {
    "sqlite": (_INSERT.replace("%s", "?"), _ADVANCE.replace("%s", "?")),
    "postgresql": (f"WITH appended AS ({_INSERT}) {_ADVANCE}",),  # one way to the server
}
_AT = {"sqlite": "at", "postgresql": """to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS')"""}


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A journal row as it stands; ``payload`` is JSON text, ``columns`` all else but the hash."""

    columns: Mapping[str, Any]
    payload: str
    hash: str


def append(
    conn: Connection,
    *,
    at: datetime,
    actor: str,
    action: str,
    case_id: int | None,
    changes: Sequence[Mapping[str, Any]],
    workstation: str,
    on_behalf_of: str | None = None,
) -> int:
    """Add one row to the chain and return its number; ``changes`` are in the journal's form.

    On PostgreSQL it holds the end of the chain until the transaction ends: append last.
    """
    backend = conn.dialect.name
    last_id, last_hash, algorithm = statements.one(conn, _HEAD[backend])
    columns = {
        "id": last_id + 1,
        "at": moment_text(at),
        "actor": actor,
        "on_behalf_of": on_behalf_of,
        "workstation": workstation,
        "action": action,
        "case_id": case_id,
        "prev_hash": last_hash,
        "algorithm": algorithm,
    }
    payload = canonical_json(changes)
    digest = row_hash(columns, payload)
    values = tuple(
        {**columns, "payload": payload, "hash": digest}[name] for name in _COLUMNS.split(", ")
    )
    head = (last_id + 1, digest)
    if backend == "postgresql":
        statements.execute(conn, _APPEND[backend][0], [(*values, *head)])
    else:
        insert, advance = _APPEND[backend]
        statements.execute(conn, insert, [values])
        statements.execute(conn, advance, [head])
    return int(last_id) + 1


def choose_algorithm(
    conn: Connection, *, at: datetime, actor: str, workstation: str, algorithm: str
) -> None:
    """Compute the rows from here on with ``sha256`` or ``sm3``; the change itself is journalled.

    Raises ``StoreError`` (``algorithm``) when this workstation cannot.
    """
    if not available(algorithm):
        raise refuse("algorithm", algorithm=algorithm)
    was = conn.exec_driver_sql(_HEAD[conn.dialect.name]).one()[2]
    append(
        conn,
        at=at,
        actor=actor,
        action="journal.algorithm",
        case_id=None,
        changes=[{"op": "note", "data": {"before": was, "after": algorithm}}],
        workstation=workstation,
    )
    mark = "?" if conn.dialect.name == "sqlite" else "%s"
    statement = f"UPDATE journal_head SET algorithm = {mark}"  # noqa: S608 - one of two constants
    conn.exec_driver_sql(statement, (algorithm,))


def head(conn: Connection) -> tuple[int, str]:
    """Return number and hash of the last row (0 and zeros when there is none)."""
    row = conn.exec_driver_sql(_HEAD["sqlite"]).one()
    return int(row[0]), str(row[1])


def algorithm(conn: Connection) -> str:
    """Return by which algorithm the next row will be computed."""
    return str(conn.exec_driver_sql(_HEAD["sqlite"]).one()[2])


def stored_rows(conn: Connection) -> Iterator[StoredRow]:
    """Yield all rows in order without keeping them."""
    names = _COLUMNS.split(", ")
    chosen = _COLUMNS.replace(" at,", f" {_AT[conn.dialect.name]},")
    statement = f"SELECT {chosen} FROM journal ORDER BY id"  # noqa: S608 - constants
    with conn.exec_driver_sql(statement, execution_options=_STREAM) as rows:
        for row in rows:
            columns = dict(zip(names, row, strict=True))
            payload, digest = columns.pop("payload"), columns.pop("hash")
            yield StoredRow(columns, payload, digest)
