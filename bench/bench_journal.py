"""Verifying a long journal, beside reading the same rows raw and hashing the same bytes.

    .venv/bin/python bench/bench_journal.py [--rows 1000000] [--payload 900] [--url postgresql://…]

The promise: verifying <= 1.5 x (reading raw + hashing).  Both are measured in the same run, in
turns; the least of each counts, since other programs only add.  Also: a page of the window, a
search, the heads of the days.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, cast

from sqlalchemy import Connection

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import chain, hashing
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.types import canonical_json, moment_text

START = datetime(2024, 3, 1, 8)
PER_DAY = 2000
ACTIONS = ("node.work", "node.work", "fact.add", "node.complete", "sweep", "alert.read")
COLUMNS = 11


def rows(count: int, size: int) -> Iterator[tuple[Any, ...]]:
    """Yield a chain of ``count`` rows with payloads of about ``size`` bytes."""
    before = hashing.GENESIS
    words = "已向被执行人发出执行通知书、报告财产令，送达回证附卷"
    for number in range(1, count + 1):
        day, second = divmod(number, PER_DAY)
        at = moment_text(START + timedelta(days=day, seconds=second * 15))
        data = {"item": number % 7, "note": words, "at": at}
        change = {"table": "facts", "op": "insert", "key": {"id": number}, "after": data}
        text = canonical_json([change])
        more = max(1, size // len(text.encode()))
        payload = canonical_json([change] * more)
        action = "export.list" if number % 50_000 == 0 else ACTIONS[number % len(ACTIONS)]
        case_id = number % 5000 + 1
        values = {
            "id": number,
            "at": at,
            "actor": f"承办人{number % 40}",
            "on_behalf_of": None,
            "workstation": f"工作站{number % 25}",
            "action": action,
            "case_id": case_id,
            "prev_hash": before,
            "algorithm": "sha256",
        }
        before, behind = hashing.row_hash(values, payload), before
        yield (
            number, at, values["actor"], None, values["workstation"], action, case_id, payload,
            behind, before, "sha256",
        )  # fmt: skip


def fill(database: Database, count: int, size: int) -> None:
    """Write the chain past the program, as fast as the driver can."""
    made, head = rows(count, size), ""
    mark = "?" if database.backend == "sqlite" else "%s"
    statement = f"INSERT INTO journal VALUES ({', '.join([mark] * COLUMNS)})"  # noqa: S608
    while batch := list(islice(made, 20_000)):
        with database.writing() as conn:
            driver = cast("Any", conn.connection.driver_connection)
            driver.cursor().executemany(statement, batch)
            head = batch[-1][9]
    with database.writing() as conn:
        conn.exec_driver_sql(
            f"UPDATE journal_head SET last_id = {count}, last_hash = '{head}'"  # noqa: S608
        )


def read_raw(conn: Connection) -> int:
    """Fetch every row with nothing done to it, as a plain program would."""
    driver = cast("Any", conn.connection.driver_connection)
    sqlite = conn.dialect.name == "sqlite"
    cursor = driver.cursor() if sqlite else driver.cursor(name="raw")
    cursor.execute("SELECT * FROM journal ORDER BY id")
    count = 0
    while batch := cursor.fetchmany(chain.BATCH):
        count += len(batch)
    cursor.close()
    return count


def hash_all(texts: list[bytes]) -> None:
    """Hash the bytes of each row."""
    for text in texts:
        hashlib.sha256(text).hexdigest()


def seconds(job: Callable[[], object]) -> float:
    """Return how long a job takes."""
    begin = perf_counter()
    job()
    return perf_counter() - begin


def hashing_seconds(conn: Connection) -> tuple[float, int]:
    """Return the time for hashing alone and the number of bytes; they do not fit into memory."""
    spent, size = 0.0, 0
    for batch in chain.raw_batches(conn):
        texts = chain.row_texts(batch)
        size += sum(map(len, texts))
        spent += seconds(lambda texts=texts: hash_all(texts))
    return spent, size


def measure(database: Database, turns: int) -> None:
    """Print the three figures and their ratio."""
    read, hashed, verified, size = [], [], [], 0
    for _ in range(turns):
        with database.reading() as conn:
            read.append(seconds(lambda conn=conn: read_raw(conn)))
        with database.reading() as conn:
            spent, size = hashing_seconds(conn)
            hashed.append(spent)
        with database.reading() as conn:
            begin = perf_counter()
            found = chain.verify(conn)
            verified.append(perf_counter() - begin)
        if not found.ok:
            raise SystemExit(found.sentence)
    # The least of each: whatever else runs on the machine only adds.
    one, two, three = map(min, (read, hashed, verified))
    print(
        f"{database.backend:10} {found.rows} rows, {size >> 20} MB hashed: read raw {one:.2f} s, "
        f"hash {two:.2f} s, verify {three:.2f} s = {three / (one + two):.2f} x the sum"
    )


def views(database: Database) -> None:
    """Print what an auditor waits for."""
    from zhixing_desktop.services import journal_search as search

    def line(words: str, ask: Callable[[Connection], object]) -> None:
        with database.reading() as conn:
            times = [seconds(lambda: ask(conn)) for _ in range(5)]
        print(f"  {words:34} {statistics.median(times) * 1000:9.2f} ms")

    first = START.date() + timedelta(days=40)
    queries = {
        "newest page": search.JournalQuery(),
        "one person": search.JournalQuery(actor="承办人7"),
        "a rare action (every 50,000th)": search.JournalQuery(action="export.list"),
        "one workstation": search.JournalQuery(workstation="工作站3"),
        "one case": search.JournalQuery(case_id=77),
        "ten days": search.JournalQuery(first=first, last=first + timedelta(days=9)),
        "words that occur": search.JournalQuery(words="送达回证"),
        "words that do not": search.JournalQuery(words="没有这样的话"),
    }
    for words, query in queries.items():
        line(words, lambda conn, query=query: search.find(conn, query))
    line(
        "heads of 31 days",
        lambda conn: search.day_heads(conn, first, first + timedelta(days=30)),
    )


def main() -> None:
    """Make the journal and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--payload", type=int, default=900)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{Path(folder) / 'journal.db'}"
        clock = FixedClock(START)
        with Database.open(url, clock=clock, create=True, purpose="test") as database:
            fill(database, options.rows, options.payload)
            if database.path:
                print(f"{database.path.stat().st_size >> 20} MB on disk")
            measure(database, options.turns)
            views(database)


if __name__ == "__main__":
    main()
