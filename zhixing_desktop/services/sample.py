"""The sample bureau: seeded, written as an Excel list, imported like any other."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from platformdirs import user_data_path

from zhixing_desktop.clock import Clock, FixedClock, RunningClock
from zhixing_desktop.exchange.case_list import CaseRow, EventRow, PartyRow, write_case_list
from zhixing_desktop.models.database import Database
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import imports, people
from zhixing_desktop.services import sample_names as names
from zhixing_desktop.services.bureau import Bureau, open_bureau
from zhixing_desktop.services.dossier_showcase import fill_showcase
from zhixing_desktop.services.dossier_showcase_story import FILED_ON, open_showcase
from zhixing_desktop.services.rules import Rules, load_rules
from zhixing_desktop.services.sample_assets import KINDS, asset, goods, money
from zhixing_desktop.services.sample_closing import (
    change_deadline,
    completed,
    current_terminated,
    mend_listing,
    preserved,
    restrict,
    terminated,
)
from zhixing_desktop.services.sample_parties import fitted, parties_of
from zhixing_desktop.services.sample_people import give_accounts
from zhixing_desktop.services.sample_requests import ask_for_unfreezing
from zhixing_desktop.services.sample_script import (
    Script,
    StoppedError,
    beginning,
    filing,
    searching,
)
from zhixing_desktop.services.sample_special import Plan, Specials
from zhixing_desktop.services.sweep import sweep

SAMPLE_NOW = datetime(2025, 9, 1, 9, 0)
SAMPLE_FROM = date(2024, 3, 1)
LIST_NAME = "示例案件清单.xlsx"
DEFAULT_CASES = 300
DEFAULT_SEED = 20240201
Tell = Callable[[str], None]


def sample_list(
    rules: Rules, *, cases: int = DEFAULT_CASES, seed: int = DEFAULT_SEED
) -> tuple[list[CaseRow], list[PartyRow], list[EventRow]]:
    """Make the rows of a sample bureau: the same seed gives the same rows."""
    rng = Random(seed)
    rows: list[CaseRow] = []
    parties: list[PartyRow] = []
    events: list[EventRow] = []
    numbers: dict[tuple[int, str], int] = {}
    specials = Specials()
    for place in range(cases):
        filed = _filing_moment(rng, rules, place, cases)
        row, own = _case(rng, filed, numbers, rows)
        script = Script(rng, rules, row, own, SAMPLE_NOW)
        _run(script, _whole_way)
        special = specials.take(place, row, SAMPLE_NOW)
        if special is not None:
            script = Script(Random(row.case_no), rules, row, own, SAMPLE_NOW)
            _run(script, special)
        rows.append(row)
        parties.extend(own)
        events.extend(script.rows)
    return rows, parties, events


def _filing_moment(rng: Random, rules: Rules, place: int, cases: int) -> datetime:
    span = (SAMPLE_NOW.date() - SAMPLE_FROM).days
    if place < cases * 0.06:
        day = SAMPLE_NOW.date() - timedelta(days=rng.randint(0, 6))
    else:
        day = SAMPLE_FROM + timedelta(days=int(span * rng.random() ** 0.8))
    day = rules.calendar.workday_until(day)
    return datetime.combine(day, time(rng.randint(8, 11), rng.choice((5, 20, 35, 50))))


def _case(
    rng: Random, filed: datetime, numbers: dict[tuple[int, str], int], earlier: list[CaseRow]
) -> tuple[CaseRow, list[PartyRow]]:
    kind = rng.choices(("first", "preservation", "resumed"), (82, 10, 8))[0]
    previous = next(
        (r for r in reversed(earlier) if r.kind == "first" and r.filed_at < filed), None
    )
    if previous is None and kind == "resumed":
        kind = "first"
    mark = {"first": "执", "preservation": "执保", "resumed": "执恢"}[kind]
    numbers[(filed.year, mark)] = numbers.get((filed.year, mark), 0) + 1
    case_no = f"（{filed.year}）豫0811{mark}{numbers[(filed.year, mark)]}号"
    raw = case_no.replace("（", "(").replace("）", ")") if rng.random() < 0.1 else case_no
    non_litigation = kind == "first" and rng.random() < 0.07
    content = rng.choices((("money",), ("money", "thing"), ("act",), ("thing",)), (86, 6, 5, 3))[0]
    if kind == "preservation":
        content = ("money",)
    principal = Decimal(rng.randint(3_000, 3_000_000)) + Decimal(rng.randint(0, 99)) / 100
    officer = rng.choice(names.OFFICERS)
    if (
        kind == "resumed"
        and previous is not None
        and officer == previous.officer
        and rng.random() < 0.7
    ):
        officer = names.OFFICERS[(names.OFFICERS.index(officer) + 1) % len(names.OFFICERS)]
    row = CaseRow(
        row=0,
        case_no_raw=raw,
        case_no=case_no,
        kind=kind,
        filed_at=filed,
        content=content,
        officer=officer,
        clerk=rng.choice(names.CLERKS),
        cause=rng.choice(names.CAUSES) if not non_litigation else "行政处罚",
        source="申请执行",
        is_non_litigation=non_litigation,
        basis_type="民事判决书",
        basis_number=f"（{filed.year - 1}）豫0811民初{rng.randint(100, 4999)}号",
        basis_court="焦作市山阳区人民法院",
        amount_principal=principal,
        amount=principal,
        previous_case_no=previous.case_no if kind == "resumed" and previous else "",
    )
    return fitted(row, parties_of(rng, row))


def _run(s: Script, plan: Plan) -> None:
    """Walk a case through a plan until its end, the present, or a refusal."""
    with suppress(StoppedError):
        plan(s)


def _whole_way(s: Script) -> None:
    """What most cases go through, by chance."""
    filing(s)
    if s.rng.random() < 0.05:
        return
    beginning(s)
    if s.row.kind == "preservation":
        asset(s, "银行存款")
        s.wait(2, 10)
        preserved(s)
        return
    searching(s)
    _middle(s)


def _middle(s: Script) -> None:
    end = s.rng.choices(("completed", "current", "terminated", "open"), (38, 32, 14, 16))[0]
    _property(s, least=1 if end == "completed" else 0)
    if s.rng.random() < 0.15:
        change_deadline(s)
    if s.rng.random() < 0.15 and end == "open":
        restrict(s, listed=True)
        s.wait(10, 40)
        mend_listing(s)
    s.wait(5, 40)
    if end == "completed":
        completed(s)
    elif end == "current" and "money" in s.row.content:
        current_terminated(s)
    elif end == "terminated":
        terminated(s)


def _property(s: Script, *, least: int) -> None:
    """Goods, assets and payments of a case."""
    if "thing" in s.row.content:
        goods(s)
    if "money" not in s.row.content:
        return
    wanted = s.rng.choices((0, 1, 2, 5), (30, 40, 25, 5))[0]
    for _ in range(max(least, wanted)):
        asset(s, s.rng.choice(KINDS))
    if s.rng.random() < 0.3:
        money(s, s.rng.randint(500, 50_000))


def write_sample_list(
    path: Path, rules: Rules, *, cases: int = DEFAULT_CASES, seed: int = DEFAULT_SEED
) -> Path:
    """Write the sample's Excel list in the manner of the official export."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_case_list(path, *sample_list(rules, cases=cases, seed=seed))
    return path


def make_sample(
    folder: Path,
    *,
    cases: int = DEFAULT_CASES,
    seed: int = DEFAULT_SEED,
    progress: Tell = lambda words: None,
) -> Path:
    """Make the sample bureau in a folder: Excel list, then a database filled by the real import."""
    folder.mkdir(parents=True, exist_ok=True)
    rules = load_rules(resources_dir())
    listed = folder / LIST_NAME
    shipped = resources_dir() / "samples" / LIST_NAME
    if (cases, seed) == (DEFAULT_CASES, DEFAULT_SEED) and shipped.exists():
        shutil.copyfile(shipped, listed)
    else:
        progress(f"正在生成示例案件清单（{cases}件）……")
        write_sample_list(listed, rules, cases=cases, seed=seed)
    target = folder / "示例局.db"
    for ending in ("", "-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    clock = FixedClock(datetime.combine(FILED_ON, time(8, 30)))
    bureau = open_bureau(
        f"sqlite:///{target}",
        clock=clock,
        resources=resources_dir(),
        workstation="示例",
        create=True,
        purpose="sample",
        rules=rules,
    )
    try:
        open_showcase(bureau)
        progress("正在办理一件示例案件，从立案到结案，随案立卷……")
        fill_showcase(bureau, clock)
        clock.set(SAMPLE_NOW)
        progress("正在导入示例案件清单，约需一分钟……")
        fill_sample(bureau, listed)
    finally:
        bureau.close()
    progress(f"示例局已建立：{target}")
    return target


def fill_sample(bureau: Bureau, listed: Path) -> None:
    """Import the list, announce what is due, give everybody an account."""
    filer = next(name for name, roles in names.OTHERS if "立案人员" in roles)
    imports.run(bureau, people.find_person(bureau, filer).actor(), listed)
    sweep(bureau)
    ask_for_unfreezing(bureau)
    give_accounts(bureau)


def sample_home(progress: Tell) -> tuple[Path, Clock]:
    """Return the sample's database, made when it is not there yet, and its running clock."""
    home = os.environ.get("ZHIXING_HOME")
    folder = (Path(home) if home else user_data_path("zhixing", appauthor=False)) / "sample"
    target = folder / "示例局.db"
    if not target.exists():
        target = make_sample(folder, progress=progress)
    with Database.open(f"sqlite:///{target}", clock=FixedClock(SAMPLE_NOW)) as database:
        seen = database.meta("last_seen_at")
    # The sample's time goes on from where it was left, or the database would see it run backwards.
    return target, RunningClock(max(SAMPLE_NOW, datetime.fromisoformat(seen or "2000-01-01")))
