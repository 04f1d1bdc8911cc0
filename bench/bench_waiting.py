"""The list of what waits for the chief, with 2,000 items, beside its raw query.

Promise: at most 100 ms, and at most three times the raw query.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from helpers.bureau import CHIEF, Office, make_bureau
from zhixing_desktop.models import tables
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import waiting
from zhixing_desktop.services.waiting import WaitingQuery

ITEMS, CASES, ROUNDS = 2000, 500, 30
START = datetime(2024, 3, 1, 9)


def filled(folder: Path) -> Office:
    """Make a bureau whose chief has 2,000 items, written as rows."""
    office = make_bureau(folder)
    case = office.register(1)
    with office.bureau.database.writing() as conn:
        row = dict(conn.execute(tables.cases.select()).mappings().one())
        more = [
            {**row, "id": case + n, "case_no": f"（2024）豫0811执{n + 1}号", "number": n + 1}
            for n in range(1, CASES)
        ]
        conn.execute(tables.cases.insert(), more)
        conn.execute(
            tables.waiting.insert(),
            [
                {
                    "case_id": case + n % CASES,
                    "request_seq": n // CASES + 1,
                    "node": (7, 17, 31, 34)[n % 4],
                    "subject": "case",
                    "matter": ("unfreeze", "unfreeze", "unfreeze", "escrow")[n % 4],
                    "level": "local",
                    "due_roles": "执行局长、主管院领导",
                    "stage": "",
                    "requested_by": "张承办",
                    "requested_at": START + timedelta(minutes=n),
                    "frozen_at": START + timedelta(minutes=n * 7 % 5000) if n % 3 else None,
                    "due_at": START + timedelta(days=n % 40),
                    "urged_at": None,
                    "urges": 0,
                }
                for n in range(ITEMS)
            ],
        )
    return office


def timed(act: object) -> float:
    """Return the median of some rounds, in milliseconds."""
    found = []
    for _ in range(ROUNDS):
        start = perf_counter()
        act()  # type: ignore[operator]
        found.append((perf_counter() - start) * 1000)
    return median(found)


def main() -> None:
    """Measure and print as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        office = filled(Path(folder))
        bureau, chief = office.bureau, office.actor(CHIEF)
        query = WaitingQuery(limit=ITEMS)
        assert len(waiting.waiting_for(bureau, chief, query)) == ITEMS

        def raw() -> None:
            with bureau.database.reading() as conn:
                ask(
                    conn,
                    f"SELECT {waiting.COLUMNS} {waiting.FROM} "
                    f"WHERE w.due_roles = ? {waiting.ORDER} LIMIT ?",
                    ("执行局长、主管院领导", ITEMS),
                )

        whole = timed(lambda: waiting.waiting_for(bureau, chief, query))
        page = timed(lambda: waiting.waiting_for(bureau, chief))
        lowest = timed(raw)
        result = {"all_ms": whole, "page_ms": page, "raw_ms": lowest, "ratio": whole / lowest}
        print(json.dumps({name: round(value, 2) for name, value in result.items()}))
        office.close()


if __name__ == "__main__":
    main()
