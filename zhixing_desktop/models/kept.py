"""Connections that stay at hand between transactions.

To take a connection out of SQLAlchemy's pool and put it back costs several times as much as a
question to SQLite, and a step of a person or a beat asks little more than that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


class Kept:
    """The connections of one engine, of which at most ``most`` are kept while nobody uses them.

    With ``most`` = 0 each goes back to the pool, which looks after it: for a server that may have
    gone away meanwhile.  May be used from any thread; each use has a connection of its own.
    """

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine = engine
        self._most = most
        self._idle: deque[Connection] = deque()

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """Give a connection without a transaction."""
        try:
            conn = self._idle.pop()
        except IndexError:
            conn = self._engine.connect()
        try:
            yield conn
        except BaseException:
            conn.close()  # whatever happened to it: the pool knows how to set it right
            raise
        if len(self._idle) < self._most:
            self._idle.append(conn)
        else:
            conn.close()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Give a connection in a transaction: committed when the block ends well."""
        with self.lend() as conn, conn.begin():
            yield conn

    def close(self) -> None:
        """Close them and keep none from now on.  Harmless when repeated."""
        self._most = 0
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()
