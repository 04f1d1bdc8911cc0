"""A database: opened once by the composition root, asked with ``reading``, changed with
``writing``.

``reading`` and ``writing`` are different words because they are different things: the first sees
one snapshot and cannot write, the second is the only writer (SQLite) or one of several
(PostgreSQL), commits when its block ends well and otherwise leaves nothing behind.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, select, text

from zhixing_desktop.clock import Clock, SystemClock
from zhixing_desktop.models import engines, place, statements, transaction, upgrades
from zhixing_desktop.models.backup import backup_file
from zhixing_desktop.models.failures import refuse, translated
from zhixing_desktop.models.journal import append
from zhixing_desktop.models.kept import Kept
from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.tables import cases
from zhixing_desktop.models.types import moment_text
from zhixing_desktop.workflow.errors import UsageError

PURPOSES = ("bureau", "sample", "test")

CLOCK_TOLERANCE = timedelta(minutes=2)
"""A clock that is set right by the network may go back by this much."""
CLOCK_STEP = timedelta(seconds=30)
"""How far time goes on before it is written down again."""

# Any number will do, as long as it is always the same and no other lock's.
_PG_SERIES_LOCK = 492024

_NOW = "SELECT date_trunc('second', now() AT TIME ZONE 'Asia/Shanghai')"
_STATUS = (
    "SELECT (SELECT value FROM meta WHERE key = 'schema_version'), "
    "(SELECT value FROM meta WHERE key = 'last_seen_at')"
)


class Database:
    """One open database.  Its methods may be called from any thread."""

    backend: str
    """``sqlite`` or ``postgresql``."""
    purpose: str
    """``bureau``, ``sample`` or ``test``; written when the database was made."""
    path: Path | None
    """The file of an SQLite database."""
    place: str
    """Where it is, as a person may read it (no password)."""

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Clock,
        create: bool = False,
        purpose: str = "bureau",
        bureau: str = "",
        exclusive: bool = False,
        upgrade: bool = False,
        busy_ms: int = 5000,
        steps: tuple[upgrades.Step, ...] = upgrades.STEPS,
    ) -> Database:
        """Open the database at ``url`` (``sqlite:///file`` or ``postgresql://…``).

        ``create`` makes it when there is none, with ``purpose`` and the ``bureau``'s name; it opens
        one that is there only if it has that purpose.  ``exclusive`` is for the window: a second
        window on the same file is refused, the command line is not.  An older SQLite file is backed
        up beside itself and upgraded; an older PostgreSQL database needs ``upgrade=True``, because
        its backup is the administrator's.  ``busy_ms`` is how long a writer waits for another.

        Raises ``UsageError`` for an address that cannot be one and ``StoreError`` with
        ``data["kind"]`` for whatever keeps it from being used (see ``failures.SENTENCES``).
        """
        if purpose not in PURPOSES:
            raise UsageError(f"数据库的用途只能是 {'、'.join(PURPOSES)}，不能是 {purpose}。")
        database = cls(url, clock, busy_ms, steps)
        try:
            with translated(database.place):
                database._open(
                    create=create,
                    purpose=purpose,
                    bureau=bureau,
                    exclusive=exclusive,
                    upgrade=upgrade,
                )
        except BaseException:
            database.close()
            raise
        return database

    def __init__(
        self, url: str, clock: Clock, busy_ms: int, steps: tuple[upgrades.Step, ...]
    ) -> None:
        """Use ``Database.open``."""
        parsed = engines.parse(url)
        self.backend = parsed.get_backend_name()
        self.path = None
        if self.backend == "sqlite":
            # Whole, because the program may change its folder before the next connection.
            self.path = Path(str(parsed.database)).absolute()
            parsed = parsed.set(database=str(self.path))
        self.place = str(self.path) if self.path else parsed.render_as_string(hide_password=True)
        self.purpose = ""
        self._clock = clock
        self._steps = steps
        self._busy_s = busy_ms / 1000
        self._reader, self._writer = engines.make(parsed, busy_ms)
        local = self.backend == "sqlite"
        self._readers = Kept(self._reader, 4 if local else 0)
        self._writers = Kept(self._writer, 1 if local else 0)
        self._window: place.WindowLock | None = None
        # Threads of one process wait here, in turn; SQLite would let them try again and again.
        self._turn = threading.Lock()
        self._turn_of: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections.  Harmless when repeated."""
        self._readers.close()
        self._writers.close()  # last: the last connection to a file puts its log away
        if self._window is not None:
            self._window.release()
            self._window = None

    # ------------------------------------------------------------------------------------ using

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one snapshot and cannot write.

        Raises ``StoreError`` when the database fails.
        """
        with translated(self.place), self._readers.begin() as conn:
            yield conn

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the raw rows of one question; its marks are ``?``, its values in stored form.

        For the beat, which asks the same all the time: a single question sees one snapshot without
        a transaction.  Raises ``StoreError`` when the database fails.
        """
        with translated(self.place), self._readers.lend() as conn:
            return ask(conn, statement, values)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection for one step: committed when the block ends well, else rolled back.

        Raises ``StoreError`` when the database fails, when somebody else writes for longer than
        ``busy_ms``, when the clock was set back, or when another program has upgraded the schema
        meanwhile; ``StaleEditError`` when a unique row is there already.
        """
        with self._transaction(check_clock=True) as conn:
            yield conn

    def now(self, conn: Connection | None = None) -> datetime:
        """Return the civil moment that counts.

        With SQLite the clock that was handed in; with PostgreSQL the server's, unless this is a
        sample or test database under a test clock.  Within ``writing()`` hand the connection in:
        the moment is the same throughout the step and costs nothing.
        """
        memory = None if conn is None else transaction.current(conn)
        if memory is not None:
            return memory.now
        if not self._server_time:
            return self._clock.now()
        if conn is not None:
            return _civil(conn.exec_driver_sql(_NOW).scalar_one())
        with self.reading() as own:
            return _civil(own.exec_driver_sql(_NOW).scalar_one())

    def meta(self, key: str) -> str | None:
        """Return a word about the database: ``bureau``, ``created_at``, ``schema_version`` …"""
        with self.reading() as conn:
            found = conn.execute(
                text("SELECT value FROM meta WHERE key = :key"), {"key": key}
            ).scalar()
        return None if found is None else str(found)

    def accept_clock(self, *, actor: str, reason: str, workstation: str) -> None:
        """Let time go on from the present clock although the database has seen a later one.

        For an administrator who has found that the clock was wrong *then*.  Journalled.
        """
        with self._transaction(check_clock=False) as conn:
            now = self.now(conn)
            seen = conn.exec_driver_sql(
                "SELECT value FROM meta WHERE key = 'last_seen_at'"
            ).scalar()
            upgrades.put_meta(conn, "last_seen_at", moment_text(now))
            append(
                conn,
                at=now,
                actor=actor,
                action="clock.accept",
                case_id=None,
                changes=[{"op": "note", "data": {"last_seen_at": seen, "reason": reason}}],
                workstation=workstation,
            )

    # -------------------------------------------------------------------------------- internals

    @property
    def _server_time(self) -> bool:
        return self.backend == "postgresql" and type(self._clock) is SystemClock

    @contextmanager
    def _transaction(self, *, check_clock: bool) -> Iterator[Connection]:
        with translated(self.place), self._my_turn(), self._writers.begin() as conn:
            question = f"{_STATUS}, ({_NOW})" if self._server_time else _STATUS
            version, seen_at, *server_now = statements.one(conn, question)
            now = _civil(server_now[0]) if server_now else self._clock.now()
            upgrades.missing_steps(int(version), self._steps)
            seen = datetime.fromisoformat(seen_at)
            if check_clock and now < seen - CLOCK_TOLERANCE:
                raise refuse("clock_back", now=str(now), seen=str(seen))
            with transaction.remember(conn, now) as memory:
                yield conn
                if memory.open_recorders:
                    raise RuntimeError("a Recorder was not finished; its changes would be lost")
                if now >= seen + CLOCK_STEP:
                    self._see(conn, now)

    def _see(self, conn: Connection, now: datetime) -> None:
        """Write down how far time has gone.  Last of all: it locks a row that everybody needs."""
        conn.execute(
            text("UPDATE meta SET value = :now WHERE key = 'last_seen_at' AND value < :now"),
            {"now": moment_text(now)},
        )

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if self.backend != "sqlite":
            yield
            return
        if self._turn_of == threading.get_ident():
            raise RuntimeError("writing() within writing()")
        if not self._turn.acquire(timeout=self._busy_s):
            raise refuse("locked", place=self.place)
        self._turn_of = threading.get_ident()
        try:
            yield
        finally:
            self._turn_of = None
            self._turn.release()

    def _open(
        self, *, create: bool, purpose: str, bureau: str, exclusive: bool, upgrade: bool
    ) -> None:
        unclean = False
        if self.path is not None:
            unclean = self._look_at_file(self.path, create=create)
            if exclusive:
                self._window = place.WindowLock(self.path)
                self._window.acquire()
        with self._reader.begin() as conn:
            found = upgrades.version_of(conn, self.place)
            if unclean and exclusive:
                _quick_check(conn, self.place)
        missing = upgrades.missing_steps(found, self._steps)
        if found == 0:
            if not create:
                raise refuse("empty", place=self.place)
            self._refuse_test_clock(purpose)
            self._create(purpose, bureau)
        elif missing:
            self._upgrade(found, allowed=upgrade)
        if self.path is not None:
            engines.use_wal(self._writer, self.place, round(self._busy_s * 1000))
        self.purpose = str(self.meta("purpose"))
        if create and self.purpose != purpose:
            raise refuse("purpose", found=self.purpose, wanted=purpose)
        self._refuse_test_clock(self.purpose)

    def _look_at_file(self, path: Path, *, create: bool) -> bool:
        """Refuse a file that cannot be used; return whether its last use ended without closing."""
        place.refuse_network(path)
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.exists():
            raise refuse("missing", place=str(path))
        place.refuse_readonly(path)
        try:
            return path.with_name(path.name + "-wal").stat().st_size > 0
        except FileNotFoundError:  # also when the last to close it has just put it away
            return False

    def _refuse_test_clock(self, purpose: str) -> None:
        if purpose == "bureau" and type(self._clock) is not SystemClock:
            raise refuse("test_clock")

    def _create(self, purpose: str, bureau: str) -> None:
        with self._writer.begin() as conn:
            if self.backend == "postgresql":
                _refuse_encoding(conn)
            if upgrades.run(conn, self._steps, self.place) != 0:
                return  # somebody else has made it meanwhile
            now = moment_text(
                _civil(conn.exec_driver_sql(_NOW).scalar_one())
                if self._server_time
                else self._clock.now()
            )
            words = {"created_at": now, "last_seen_at": now, "purpose": purpose, "bureau": bureau}
            for key, value in words.items():
                upgrades.put_meta(conn, key, value)

    def _upgrade(self, found: int, *, allowed: bool) -> None:
        known = len(self._steps)
        saved = "pg_dump"
        if self.path is not None:
            stamp = self._clock.now().strftime("%Y%m%d-%H%M%S")
            target = self.path.with_name(f"{self.path.name}.before-{known}.{stamp}.bak")
            with self._reader.begin() as conn:
                backup_file(conn, target)
            saved = str(target)
        elif not allowed:
            raise refuse("older", found=found, known=known)
        try:
            with self._writer.begin() as conn:
                upgrades.run(conn, self._steps, self.place)
        except Exception as error:
            raise refuse("upgrade_failed", backup=saved, detail=str(error)) from error


def lock_cases(conn: Connection, case_ids: list[int]) -> None:
    """Let nobody else change these cases until the transaction ends; before they are read.

    On SQLite ``writing()`` has done that already.
    """
    if conn.dialect.name == "postgresql" and case_ids:
        # In one order everywhere, so that two never wait for each other.
        wanted = select(cases.c.id).where(cases.c.id.in_(case_ids)).order_by(cases.c.id)
        conn.execute(wanted.with_for_update()).all()


def hold_series(conn: Connection, name: str) -> None:
    """Let nobody else give out a number of a series until the transaction ends; before it is read.

    On SQLite ``writing()`` has done that already.
    """
    if conn.dialect.name == "postgresql":
        ask(conn, "SELECT pg_advisory_xact_lock(?, hashtext(?))", (_PG_SERIES_LOCK, name))


def hold_person(conn: Connection, staff_id: int) -> None:
    """Let nobody change what a person may do until the transaction ends; before it is read.

    One weak lock on the person's own row, which several transactions may hold at once.  Whoever
    changes the person's rights, wherever they stand, takes that row first (``lock_people``).  On
    SQLite, and where nothing is written, there is nothing to do.
    """
    memory = transaction.current(conn) if conn.dialect.name == "postgresql" else None
    if memory is not None and staff_id not in memory.held_people:
        ask(conn, "SELECT 1 FROM staff WHERE id = ? FOR SHARE", (staff_id,))
        memory.held_people.add(staff_id)


def lock_people(conn: Connection, staff_ids: Iterable[int]) -> None:
    """Wait until no step of these people is under way, and let none begin; before they are read.

    Take it before ``hold_person`` of the one who acts: a weak lock that grows into this one may
    wait for another that does the same.  On SQLite ``writing()`` has done that already.
    """
    ids = sorted(set(staff_ids))
    if conn.dialect.name == "postgresql" and ids:
        # Not FOR UPDATE: that would hold up every row that refers to a person.
        marks = ", ".join("?" * len(ids))
        wanted = f"SELECT 1 FROM staff WHERE id IN ({marks}) ORDER BY id FOR NO KEY UPDATE"  # noqa: S608 - marks only
        ask(conn, wanted, ids)


def _civil(value: datetime) -> datetime:
    return value.replace(tzinfo=None, microsecond=0)


def _quick_check(conn: Connection, where: str) -> None:
    words = [row[0] for row in conn.exec_driver_sql("PRAGMA quick_check(5)")]
    if words != ["ok"]:
        raise refuse("torn", place=where, detail="; ".join(words))


def _refuse_encoding(conn: Connection) -> None:
    encoding = conn.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise refuse("encoding", encoding=encoding)
