"""A walk along the journal's chain: does every row fit, and which is the first that does not?

Made for a million rows: the driver's own cursor, no dictionary for a row, the payload as the bytes
that lie in the database (bench/bench_journal.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Connection

from zhixing_desktop.models.hashing import (
    ALGORITHMS,
    GENESIS,
    RowText,
    hasher,
    row_text,
)
from zhixing_desktop.models.journal import head

_RAW = {
    "sqlite": "SELECT id, at, actor, on_behalf_of, workstation, action, case_id, "
    "CAST(payload AS BLOB), prev_hash, hash, algorithm FROM journal{where} ORDER BY id",
    "postgresql": "SELECT id, replace(at::text, ' ', 'T'), actor, on_behalf_of, workstation, "
    "action, case_id, convert_to(payload, 'UTF8'), prev_hash, hash, algorithm "
    "FROM journal{where} ORDER BY id",
}
# Bytes that are no text would make the driver give up: as they are, to be read one by one.
_AS_BYTES = (
    "SELECT id, CAST(at AS BLOB), CAST(actor AS BLOB), CAST(on_behalf_of AS BLOB), "
    "CAST(workstation AS BLOB), CAST(action AS BLOB), case_id, CAST(payload AS BLOB), "
    "CAST(prev_hash AS BLOB), CAST(hash AS BLOB), CAST(algorithm AS BLOB) "
    "FROM journal{where} ORDER BY id"
)
_PAYLOAD, CASE_ID, HASH, ALGORITHM = 7, 6, 9, 10

RawRow = tuple[Any, ...]
"""A row in the order of the columns; ``at`` as text, ``payload`` as bytes."""
Progress = Callable[[int], object]
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of a row as they were printed; of the hash the beginning will do."""

    id: int
    hash: str


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What a walk along the chain found."""

    ok: bool
    rows: int
    """Rows that fit, from the first on."""
    first_bad_id: int | None
    sentence: str
    head_hash: str
    """Hash of the last row that fits: the one to compare with the printed sheet."""


def raw_batches(conn: Connection, *, after: int | None = None) -> Iterator[list[RawRow]]:
    """Yield the rows behind number ``after`` in order, some thousands at a time.

    For whoever walks along a million rows: the driver's own cursor, the payload as bytes.  The
    reader may stop early.
    """
    statement = _behind(_RAW[conn.dialect.name], after)
    yield from (
        _from_sqlite(conn, statement)
        if conn.dialect.name == "sqlite"
        else _from_pg(conn, statement)
    )


def _from_sqlite(conn: Connection, statement: str) -> Iterator[list[RawRow]]:
    cursor = cast("Any", conn.connection.driver_connection).cursor()
    try:
        cursor.execute(statement)
        while batch := cursor.fetchmany(BATCH):
            yield batch
    finally:
        cursor.close()


def _from_pg(conn: Connection, statement: str) -> Iterator[list[RawRow]]:
    conn.exec_driver_sql("SELECT 1")  # from here on there is one snapshot, for the chain's end, too
    driver = cast("Any", conn.connection.driver_connection)
    # The server goes on while we hash: twice as fast as asking it for each batch.  Stopping early
    # breaks off its work, which would spoil the transaction; hence one within it.
    with driver.transaction(force_rollback=True), driver.cursor(binary=True) as cursor:
        batch: list[RawRow] = []
        for row in cursor.stream(statement, size=BATCH):
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


def row_texts(rows: Sequence[RawRow]) -> list[bytes]:
    """Return the bytes whose hashes the rows carry; errors as ``hashing.row_text``."""
    write = row_text()
    return [write(*row[:HASH], row[ALGORITHM]) for row in rows]


def verify(
    conn: Connection, *, heads: Sequence[Head] = (), progress: Progress | None = None
) -> VerifyResult:
    """Walk along the whole chain and name the first row that does not fit.

    ``heads`` are known from paper: they find a tail that was cut off cleanly, and a chain that was
    written anew.  ``progress`` is told how many rows have been walked; what it raises ends the
    walk.
    """
    walk = _Walk({head.id: head.hash for head in heads})
    try:
        for batch in raw_batches(conn):
            problem = walk.follow(batch)
            if problem is not None:
                return walk.bad(*problem)
            if progress is not None:
                progress(walk.last_id)
    except sqlite3.OperationalError as error:
        if "decode" not in str(error).lower():
            raise
        # Bytes that are no text: the driver gives up before anybody has seen the row.
        return walk.bad(*walk.find_unreadable(conn))
    return walk.end(*head(conn), max(heads, key=lambda head: head.id, default=None))


@dataclass(slots=True)
class _Walk:
    """How far the chain has been followed."""

    heads: Mapping[int, str]
    last_id: int = 0
    last_hash: str = GENESIS
    write: RowText = field(default_factory=row_text)
    proven: int = 0
    """The last row that fits the paper."""

    def follow(self, batch: Sequence[RawRow]) -> tuple[int, str] | None:
        """Go on along the rows; return number and sentence of the first that does not fit."""
        last_id, last_hash, heads = self.last_id, self.last_hash, self.heads
        kind, begin, write = "", hasher("sha256"), self.write
        try:
            for (
                number, at, actor, behalf, workstation, action, case_id, payload, prev, digest, name
            ) in batch:  # fmt: skip
                if number != last_id + 1 or prev != last_hash:
                    return _unlinked(number, last_id)
                if name != kind:
                    if name not in ALGORITHMS:
                        return _altered(number)
                    kind, begin = name, hasher(name)
                text = write(
                    number, at, actor, behalf, workstation, action, case_id, payload, prev, name
                )
                if begin(text).hexdigest() != digest:
                    return _altered(number)
                if number in heads:
                    if not digest.startswith(heads[number]):
                        return self._rewritten(number)
                    self.proven = number
                last_id, last_hash = number, digest
        except (TypeError, ValueError):  # a value that the program never writes
            return _altered(last_id + 1)
        finally:
            self.last_id, self.last_hash = last_id, last_hash
        return None

    def find_unreadable(self, conn: Connection) -> tuple[int, str]:
        """Name the first row that does not fit where some text is none; SQLite only."""
        for batch in _readable(conn, self.last_id):
            problem = self.follow(batch)
            if problem is not None:
                return problem
        return _altered(self.last_id + 1)

    def bad(self, number: int, sentence: str) -> VerifyResult:
        """Return what was found when row ``number`` does not fit."""
        return VerifyResult(
            ok=False,
            rows=self.last_id,
            first_bad_id=number,
            sentence=sentence,
            head_hash=self.last_hash,
        )

    def end(self, end_id: int, end_hash: str, latest: Head | None) -> VerifyResult:
        """Hold the last row against the registered end, and against the latest one on paper."""
        last_id = self.last_id
        if end_id > last_id:
            return self.bad(
                last_id + 1, f"日志末尾缺少第 {last_id + 1} 至第 {end_id} 条：它们被删除了。"
            )
        if (end_id, end_hash) != (last_id, self.last_hash):
            return self.bad(
                end_id + 1 if last_id != end_id else end_id,
                f"日志末尾与登记的链尾（第 {end_id} 条）不一致：有人绕过程序写过日志。",
            )
        if latest is not None and latest.id > last_id:
            return self.bad(
                last_id + 1,
                f"日志只到第 {last_id} 条，而打印的每日校验值已到第 {latest.id} 条："
                f"末尾的第 {last_id + 1} 至第 {latest.id} 条被删除了。",
            )
        held = f"，与打印的 {len(self.heads)} 个每日校验值相符" if self.heads else ""
        sentence = f"日志完整，共 {last_id} 条，首尾相连{held}。"
        return VerifyResult(
            ok=True, rows=last_id, first_bad_id=None, sentence=sentence, head_hash=self.last_hash
        )

    def _rewritten(self, number: int) -> tuple[int, str]:
        return number, (
            f"日志第 {number} 条的校验值与打印的每日校验值不符："
            f"第 {self.proven + 1} 至第 {number} 条中有的被换掉，其后的链条被整个重写过。"
        )


def _unlinked(number: int, last_id: int) -> tuple[int, str]:
    if number > last_id + 1:
        return last_id + 1, (
            f"日志缺少第 {last_id + 1} 条：下一条的编号是 {number}，中间的被删除了。"
        )
    if number < last_id + 1:
        return number, f"日志多出编号为 {number} 的一条：程序不会写这样的编号。"
    return number, f"日志第 {number} 条与前一条接不上：它或前一条被替换、插入或改动过。"


def _altered(number: int) -> tuple[int, str]:
    return number, f"日志第 {number} 条的内容与它的校验值不符：这一条被改动过。"


def _behind(statement: str, after: int | None) -> str:
    # From the very first on there is no condition: a forged row may have any number.
    return statement.format(where="" if after is None else f" WHERE id > {after:d}")


def _readable(conn: Connection, after: int) -> Iterator[list[RawRow]]:
    """SQLite: yield rows whose texts may be none; such bytes become lone surrogates."""
    for batch in _from_sqlite(conn, _behind(_AS_BYTES, after or None)):
        yield [
            tuple(
                part.decode("utf-8", "surrogateescape")
                if isinstance(part, bytes) and place != _PAYLOAD
                else part
                for place, part in enumerate(row)
            )
            for row in batch
        ]
