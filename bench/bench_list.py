"""100,000 cases with 2,000,000 instances: the list, its filters, its search, opening a case.

    .venv/bin/python bench/bench_list.py [--cases 100000]

Beside each in the same run: the SQL that gives the same rows, on bare sqlite3.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from bench_steps import bureau_at, raw_connection
from case_script import FILER, OFFICER, START, find_steps, new_case, staff

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.types import moment_text
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import case_list, cases
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import CaseQuery, search_text
from zhixing_desktop.services.rules import load_rules
from zhixing_desktop.services.sight import EVERYTHING, seen_cases

PER_CASE = 20
PEOPLE = 40
NOW = datetime(2026, 3, 2, 9)
SURNAMES = "张王李赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施孔曹严华金魏"
GIVEN = ("建国", "丽娟", "小平", "海涛", "志强", "秀英", "文博", "玉兰", "振华", "晓燕", "华远")
FIRMS = ("建材", "置业", "食品", "小额贷款", "运输", "机械", "农业", "科技", "建筑", "商贸")
STATES = ("active",) * 5 + ("warned", "overdue", "frozen") + ("done",) * 12
COLUMNS = (
    "id, case_no, case_no_raw, year, court, type, number, kind, is_non_litigation, cause, "
    "parties_text, search_text, officer_id, clerk_id, amount, filed_at, received_on, state, "
    "current_node, current_node_name, next_due_at, next_due_node, closed_at, closing_way, "
    "rulebook_version, version, previous_case_id, created_at"
)


def make(path: Path, count: int) -> None:
    """Fill the database with made-up cases of ten years."""
    rng = Random(1)
    conn = raw_connection(path)
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("BEGIN")
    roles = json.dumps(["承办人"], ensure_ascii=False)
    conn.executemany(
        "INSERT INTO staff (id, name, initials, roles, team, active) VALUES (?, ?, '', ?, ?, 1)",
        [
            (number, f"{SURNAMES[number % 30]}法官{number}", roles, f"{number % 5}队")
            for number in range(3, PEOPLE + 2)  # the first two are those of the steps
        ],
    )
    pool = [
        *(surname + given for surname in SURNAMES for given in GIVEN),
        *(f"焦作市{surname}氏{kind}有限公司" for surname in SURNAMES for kind in FIRMS),
    ]
    keys = {name: search_text("", (name,)).removeprefix("|") for name in pool}
    rows = []
    for number in range(1, count + 1):
        filed = NOW - timedelta(days=rng.randint(0, 3650), minutes=rng.randint(0, 600))
        state = rng.choice(STATES)
        creditor, debtor = rng.choice(pool), rng.choice(pool)
        if number % 2500 == 0:
            debtor, keys["喆𬭚"] = "喆𬭚", search_text("", ("喆𬭚",)).removeprefix("|")
        due = NOW + timedelta(days=rng.randint(-60, 180), hours=rng.randint(0, 9))
        closed = state == "done"
        case_no = f"（{filed.year}）豫0811执{number}号"
        rows.append(
            (
                number + 1000, case_no, case_no, filed.year, "豫0811", "执", number, "first", 0,
                "买卖合同纠纷", f"{creditor} / {debtor}",
                f"{case_no}|{keys[creditor].replace('|', '|')}|{keys[debtor]}",
                rng.randint(2, PEOPLE + 1), None, rng.randint(1000, 9_000_000),
                moment_text(filed), filed.isoformat()[:10], state, rng.randint(1, 46), "执行通知",
                None if closed else moment_text(due), None if closed else 7,
                moment_text(filed + timedelta(days=150)) if closed else None,
                "执行完毕" if closed else None, "1", 1, None, moment_text(filed),
            )
        )  # fmt: skip
    marks = ", ".join("?" * len(rows[0]))
    conn.executemany(f"INSERT INTO cases ({COLUMNS}) VALUES ({marks})", rows)  # noqa: S608
    done = moment_text(NOW)
    conn.executemany(
        "INSERT INTO instances VALUES (NULL, ?, ?, 'case', 1, ?, ?, ?, NULL, NULL, NULL)",
        (
            (row[0], node, "done" if node < PER_CASE else row[17], done, row[20])
            for row in rows
            for node in range(1, PER_CASE + 1)
        ),
    )
    conn.execute("COMMIT")
    conn.execute("ANALYZE")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def beside(words: str, ours: Callable[[], Any], raw: Callable[[], Any], times: int = 15) -> None:
    """Measure both in turns and print the line."""
    mine, its = [], []
    for _ in range(times):
        begin = perf_counter()
        ours()
        mine.append(perf_counter() - begin)
        begin = perf_counter()
        raw()
        its.append(perf_counter() - begin)
    one, other = statistics.median(mine), statistics.median(its)
    print(
        f"{words:34} {one * 1000:8.2f} ms   raw SQL {other * 1000:8.2f} ms   {one / other:5.2f} x"
    )


def lists(bureau: Bureau, conn: sqlite3.Connection, actor: Actor) -> None:
    """Measure pages, filters, searches and counts of what one person sees.

    The raw SQL is ours, prepared.
    """

    def raw(sql: str, values: Sequence[Any] = ()) -> Callable[[], Any]:
        return lambda: conn.execute(sql, values).fetchall()

    def page(words: str, query: CaseQuery) -> None:
        with bureau.database.reading() as reader:
            seen = seen_cases(reader, bureau, actor)
            sql, values = case_list._page_statement(reader, query, NOW.date(), seen)  # noqa: SLF001
        beside(words, lambda: case_list.page(bureau, actor, query), raw(sql, values))

    with bureau.database.reading() as reader:
        limit, limits = seen_cases(reader, bureau, actor)
    print(f"-- {actor.name}, who sees {limit}")
    for name in case_list.FILTERS:
        page(f"list, {name}", CaseQuery(filter=name, officer_id=actor.staff_id))
    page("list, page 100", CaseQuery(offset=20_000))
    for name in case_list.SORTS:
        page(f"list by {name}", CaseQuery(sort=name))
        page(f"list by {name}, backwards", CaseQuery(sort=name, descending=True))
    for words in ("豫0811执4321号", "(2024)", "华远", "喆", "𬭚", "zjg", "hyzy", "没有这个人"):
        query = CaseQuery(search=words)
        page(f"search {words}", query)
        total = f"SELECT count(*) FROM cases c WHERE {limit} AND search_text LIKE ?"  # noqa: S608
        values = (*limits, f"%{case_list.search_key(words)}%")
        beside("  how many", lambda q=query: case_list.count(bureau, actor, q), raw(total, values))
    all_states = "SELECT " + ", ".join(
        f"count(*) FILTER (WHERE {where})"
        for where in (
            "1",
            f"officer_id = {actor.staff_id} AND closed_at IS NULL",
            "next_due_at >= '2026-03-02' AND next_due_at < '2026-03-03'",
            "state = 'warned'",
            "state = 'overdue'",
            "state = 'frozen'",
            "closed_at IS NOT NULL",
        )
    )
    beside(
        "counts of all filters",
        lambda: case_list.counts(bureau, actor),
        raw(f"{all_states} FROM cases c WHERE {limit}", limits),
    )
    counted = "SELECT i.node, i.state, count(*) FROM "
    if limit == EVERYTHING:
        counted += "instances i"
    else:
        counted += f"cases c CROSS JOIN instances i WHERE i.case_id = c.id AND {limit}"
    nodes = raw(f"{counted} GROUP BY i.node, i.state", limits)
    beside("nodes of all cases", lambda: case_list.node_counts(bureau, actor), nodes, 5)


def see(conn: sqlite3.Connection, value: str) -> None:
    """The court sets how far officers see."""
    conn.execute(
        "INSERT INTO settings_edits (key, value, who, at, reason) VALUES (?, ?, '', ?, '')",
        ("sight.visibility", json.dumps(value), moment_text(NOW)),
    )
    conn.commit()


def opening(bureau: Bureau, conn: sqlite3.Connection, numbers: list[int]) -> None:
    """Measure opening a case that has not been looked at."""
    left, also = iter(numbers), iter(numbers)
    sql = "SELECT * FROM facts WHERE case_id = ? ORDER BY seq"

    def raw() -> None:
        number = next(also)
        conn.execute("SELECT * FROM cases WHERE id = ?", (number,)).fetchone()
        conn.execute(sql, (number,)).fetchall()

    beside(
        "opening a case (46 steps)",
        lambda: cases.detail(bureau, OFFICER, next(left)),
        raw,
        len(numbers),
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    count = parser.parse_args().cases
    rules = load_rules(resources_dir())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clock = FixedClock(START)
        trial = bureau_at(folder / "trial.db", clock, rules)
        steps = find_steps(trial, clock)
        trial.close()
        clock = FixedClock(START)
        path = folder / "bureau.db"
        bureau = bureau_at(path, clock, rules)
        staff(bureau)
        numbers = [cases.register(bureau, FILER, new_case(n + 500_000)).case_id for n in range(20)]
        for step in steps:
            clock.set(step.at)
            for number in numbers:
                step.call(bureau, step.actor, number, *step.args)
        bureau.close()
        make(path, count)
        print(f"{count} cases, {count * PER_CASE} instances, {path.stat().st_size >> 20} MB")
        bureau = bureau_at(path, FixedClock(NOW), rules)
        conn = raw_connection(path)
        officer = Actor(f"{SURNAMES[7]}法官7", ("承办人",), 7)
        lists(bureau, conn, officer)
        opening(bureau, conn, numbers)
        for value in ("team", "own"):
            see(conn, value)
            lists(bureau, conn, officer)
        conn.close()
        bureau.close()


if __name__ == "__main__":
    main()
