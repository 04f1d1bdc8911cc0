"""What a writing transaction remembers about itself until it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    highest_ids: dict[Table, int] = field(default_factory=dict)
    """SQLite: the highest number given out or seen.  PostgreSQL: numbers its sequence must skip."""
    counted: set[Table] = field(default_factory=set)
    """SQLite: tables whose rows were looked at for ``highest_ids``."""
    from_sequence: set[tuple[Table, int]] = field(default_factory=set)
    """PostgreSQL: numbers that its sequence gave out."""
    held_people: set[int] = field(default_factory=set)
    """PostgreSQL: people whose rights nobody changes until the transaction ends."""

    def see_id(self, table: Table, number: int) -> None:
        """Take note of a number that came with its row."""
        if (table, number) not in self.from_sequence:
            self.highest_ids[table] = max(number, self.highest_ids.get(table, 0))


@contextmanager
def remember(conn: Connection, now: datetime) -> Iterator[Transaction]:
    """Remember until the block ends, be it because the connection broke."""
    info = conn.info  # a broken connection does not give it any more
    info[_KEY] = transaction = Transaction(now)
    try:
        yield transaction
    finally:
        del info[_KEY]


def current(conn: Connection) -> Transaction | None:
    """Return what the connection remembers; ``None`` outside ``Database.writing()``."""
    found: Transaction | None = conn.info.get(_KEY)
    return found
