"""Engines: how the program talks to SQLite and to PostgreSQL, and nothing else.

SQLite: WAL, ``synchronous=FULL`` (a court record survives a power cut), and ``BEGIN IMMEDIATE`` for
writing, since a read that turns into a write fails at once instead of waiting.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, cast

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.dialects import registry

from zhixing_desktop.models.failures import refuse
from zhixing_desktop.workflow.errors import UsageError

_SQLITE_PRAGMAS: tuple[str, ...] = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16000",  # KiB
    "PRAGMA journal_size_limit = 67108864",
)

_WAL_PAUSE_S = 0.01

# A workstation that lost its power in the middle of a step must not stop the others for long.
# The journal's walk reads moments as text.
_PG_SESSION = (
    "SET lock_timeout = '{busy_ms}ms'; SET idle_in_transaction_session_timeout = '120s'; "
    "SET datestyle = 'ISO, YMD'"
)


def parse(url: str) -> URL:
    """Return the address; ``UsageError`` when it is neither SQLite nor PostgreSQL."""
    text = url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres:") else url
    try:
        parsed = sqlalchemy.make_url(text)
    except sqlalchemy.exc.ArgumentError as error:
        raise UsageError(f"看不懂的数据库地址：{url}") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:" or parsed.query:
            raise UsageError(
                "SQLite 数据库的地址必须是一个文件，例如 sqlite:////home/court/zhixing.db"
            )
        return parsed.set(drivername="sqlite+pysqlite")
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise UsageError(f"只支持 SQLite 和 PostgreSQL，不支持 {backend}。")


def sqlite_url(path: Path) -> str:
    """Return the address of a database file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def make(url: URL, busy_ms: int) -> tuple[Engine, Engine]:
    """Return the engines for reading and for writing; nothing is opened yet.

    The one for reading gives one snapshot for each transaction and cannot write.
    """
    if url.get_backend_name() == "sqlite":
        reader = _sqlite(url, busy_ms, ("PRAGMA query_only = ON",), "BEGIN", pool_size=4)
        return reader, _sqlite(url, busy_ms, (), "BEGIN IMMEDIATE", pool_size=1)
    engine = _postgresql(url, busy_ms)
    return (
        engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True),
        engine,
    )


def _sqlite(
    url: URL, busy_ms: int, pragmas: tuple[str, ...], begin: str, *, pool_size: int
) -> Engine:
    # Not one pool with a pragma for each transaction: a pragma makes SQLite prepare all its
    # statements anew, which doubles the cost of a step.
    engine = sqlalchemy.create_engine(
        url,
        # None: Python begins no transaction behind our back.
        connect_args={"isolation_level": None, "timeout": busy_ms / 1000},
        pool_size=pool_size,
        max_overflow=8,
        pool_timeout=30,
    )

    def on_connect(raw: Any, _record: object) -> None:
        for pragma in (*_SQLITE_PRAGMAS, *pragmas):
            raw.execute(pragma)

    def on_begin(conn: Connection) -> None:
        cast("Any", conn.connection.driver_connection).execute(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def use_wal(engine: Engine, place: str, busy_ms: int) -> None:
    """Switch the file to WAL, once; it stays so.

    Raises ``StoreError`` (``wal``) where the file cannot have one, ``OperationalError`` when
    somebody else has the file for longer than ``busy_ms``.
    """
    # SQLite does not let the switch wait for others, whatever the time-out says: it fails at once
    # while somebody reads, also somebody who is about to switch the same file.
    last = time.monotonic() + busy_ms / 1000
    with engine.connect() as conn:
        raw = cast("Any", conn.connection.driver_connection)
        while True:
            try:
                if raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                    return
                if raw.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal":
                    return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                    raise
                # There is nothing to wait for: SQLite tells nobody when the others have gone.
                time.sleep(_WAL_PAUSE_S)  # noqa: TID251
            else:
                raise refuse("wal", place=place)


def _postgresql(url: URL, busy_ms: int) -> Engine:
    # A name for the dialect below; registering it again changes nothing.
    registry.register("postgresql.zhixing", "zhixing_desktop.models.pg_dialect", "Dialect")
    engine = sqlalchemy.create_engine(
        url.set(drivername="postgresql+zhixing"),
        connect_args={"connect_timeout": 5, "application_name": "zhixing"},
        isolation_level="READ COMMITTED",
        use_native_hstore=False,  # saves a question at the start
        pool_size=4,
        max_overflow=8,
        pool_timeout=30,
        pool_pre_ping=True,  # the workstation slept, or the server was started anew
        pool_recycle=3600,
    )

    def on_connect(raw: Any, _record: object) -> None:
        raw.execute(_PG_SESSION.format(busy_ms=busy_ms))
        raw.commit()

    event.listen(engine, "connect", on_connect)
    return engine
