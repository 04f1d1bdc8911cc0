"""What a writing transaction remembers about itself until it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Table

_KEY = "zhixing.transaction"  # in Connection.info, which belongs to the driver's connection


@dataclass(slots=True)
class Transaction:
    """One use of ``Database.writing()``."""

    now: datetime
    """The moment that counts in this transaction."""
    open_recorders: int = 0
    """Recorders that are not finished: leaving now would lose what they hold."""
    next_ids: dict[Table, int] = field(default_factory=dict)
    """SQLite only: the next number of each table that has been asked for."""


def begin(conn: Connection, now: datetime) -> Transaction:
    """Start to remember."""
    transaction = Transaction(now)
    conn.info[_KEY] = transaction
    return transaction


def current(conn: Connection) -> Transaction | None:
    """Return what the connection remembers; ``None`` outside ``Database.writing()``."""
    found: Transaction | None = conn.info.get(_KEY)
    return found


def end(conn: Connection) -> None:
    """Forget."""
    conn.info.pop(_KEY, None)
