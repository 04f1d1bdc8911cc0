"""A made-up bureau in a real database, worked on through the services by its made-up people.

``make_bureau`` gives an empty one with its people; ``busy_bureau`` one with cases in every state.
Times only go forward: what a person does happens at the office's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from helpers.desk import CASHIER, paying, whose
from helpers.filling import full_entry
from zhixing_desktop import paths
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import cases, people, sweep, work
from zhixing_desktop.services.bureau import Actor, Bureau, open_bureau
from zhixing_desktop.services.cases import CaseDetail, NewCase, NewParty
from zhixing_desktop.services.rules import Rules, load_rules
from zhixing_desktop.services.steps import Outcome
from zhixing_desktop.workflow.completeness import missing
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.views import Key

PEOPLE: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("张承办", ("承办人",), "执行一团队"),
    ("孙法官", ("承办人",), "执行二团队"),
    ("周书记", ("书记员",), "执行一团队"),
    ("吴立案", ("立案人员",), "立案庭"),
    ("李局长", ("执行局长",), "执行局"),
    ("王院长", ("主管院领导",), "院领导"),
    ("郑审管", ("审判管理办公室",), "审管办"),
    ("赵院长", ("院长",), "院领导"),
    ("冯核", ("材料审核人",), "审管办"),
    ("钱财务", ("财务",), "财务室"),
    ("马档案", ("档案员",), "档案室"),
    ("何管理", ("系统管理员",), "技术科"),
    ("邢安全", ("安全管理员",), "技术科"),
    ("穆审计", ("审计员",), "督察室"),
)
OFFICER, OTHER_OFFICER, CLERK, CHIEF = "张承办", "孙法官", "周书记", "李局长"
AUDITOR, SECURITY = "穆审计", "邢安全"
ADMIN = Actor("系统管理员", ("系统管理员",))


@cache
def rules() -> Rules:
    """The program's rules, read once for all tests."""
    return load_rules(paths.resources_dir())


@dataclass(slots=True)
class Office:
    """A bureau with its clock, and what its people can do in one line."""

    bureau: Bureau
    clock: FixedClock
    case_ids: list[int] = field(default_factory=list)

    def actor(self, name: str = OFFICER) -> Actor:
        """Return a person as the one who acts."""
        return people.find_person(self.bureau, name).actor()

    def at(self, moment: str | datetime) -> Office:
        """Set the clock; only forward."""
        self.clock.set(moment if isinstance(moment, datetime) else datetime.fromisoformat(moment))
        return self

    def register(self, number: int, debtor: str = "乙", **wanted: Any) -> int:
        """Register （year）豫0811执<number>号; return its row number."""
        year, kind = wanted.pop("year", self.clock.now().year), wanted.pop("type", "执")
        creditor = wanted.pop("creditor", "焦作市甲商贸有限公司")
        debtors = wanted.pop("debtors", (debtor,))
        given: dict[str, Any] = {"amount": Decimal("128000.00"), "officer": OFFICER, "clerk": CLERK}
        given.update(wanted)
        parties = [NewParty("creditor", "法人", creditor)]
        parties += [NewParty("debtor", "自然人", name) for name in debtors]
        new = NewCase(f"（{year}）豫0811{kind}{number}号", parties, **given)
        outcome = cases.register(self.bureau, self.actor("吴立案"), new)
        self.case_ids.append(outcome.case_id)
        return outcome.case_id

    def detail(self, case: int, at: datetime | None = None) -> CaseDetail:
        """Return a case as it stands, whole."""
        return whole(self.bureau, case, at)

    def event(
        self, case: int, event: str, subject: str = "case", at: str | None = None, **data: Any
    ) -> Outcome:
        """Record an event, now or at an earlier moment."""
        moment = datetime.fromisoformat(at) if at else self.clock.now()
        if self.bureau.rules.book.events[event].precision == "day":
            moment = datetime.combine(moment.date(), datetime.min.time())
        by = self.by(case, {"do": "event", "event": event})
        return work.add_fact(self.bureau, by, case, event, subject, moment, data)

    def by(self, case: int, step: Mapping[str, Any]) -> Actor:
        """Return who does a step: who files, who pays, else the case's officer."""
        return self.actor(whose(self.detail(case).context, step))

    def fill(self, case: int, node: int, subject: str = "case", **values: Any) -> None:
        """Do everything a node asks for with sensible values, then complete it."""
        key = Key(node, subject)
        given: Mapping[str, Any] = values
        officer = self.by(case, {"do": "complete", "node": node})
        for _ in range(3):
            # What was answered may bring further questions.
            fields, items = full_entry(self.detail(case).context, key, given)
            paid = paying(node, fields)
            rest = {name: value for name, value in fields.items() if name not in paid}
            if rest or items:
                work.record_work(self.bureau, officer, case, key, rest, items)
            if paid:
                work.record_work(self.bureau, self.actor(CASHIER), case, key, paid)
            given = {}
        work.complete_node(self.bureau, officer, case, key)

    def missing(self, case: int, node: int, subject: str = "case") -> list[str]:
        """Return what a node still lacks, for a test's message."""
        return [entry.label for entry in missing(self.detail(case).context, Key(node, subject))]

    def sweep(self) -> sweep.SweepResult:
        """Let the beat's question be asked once."""
        return sweep.sweep(self.bureau)

    def close(self) -> None:
        """Close the database."""
        self.bureau.close()


def whole(bureau: Bureau, case: str | int, at: datetime | None = None) -> CaseDetail:
    """Return a case as its facts say, whoever may see it."""
    with bureau.database.reading() as conn:
        return cases.read_case(bureau, conn, case, at=at)


def make_bureau(
    folder: Path, *, now: str = "2024-03-01T09:00", staffed: bool = True, name: str = "bureau.db"
) -> Office:
    """Make a bureau of purpose ``test`` below ``folder``, its clock standing at ``now``."""
    clock = FixedClock(datetime.fromisoformat(now))
    bureau = open_bureau(
        f"sqlite:///{folder / name}",
        clock=clock,
        resources=paths.resources_dir(),
        workstation="试验工作站",
        create=True,
        purpose="test",
        rules=rules(),
    )
    if staffed:
        people.add_people(bureau, ADMIN, PEOPLE)
    return Office(bureau, clock)


_SURNAMES = "张王李赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施孔曹严华金魏"
_GIVEN = ("建国", "丽娟", "小平", "海涛", "志强", "秀英", "文博", "玉兰", "振华", "晓燕")
_COMPANIES = (
    "焦作市山阳建材有限公司",
    "中国农业银行股份有限公司焦作山阳支行",
    "河南华远置业有限公司",
    "焦作市解放区惠民小额贷款有限公司",
    "修武县云台食品厂",
)
_AMOUNTS = ("12800.00", "356000.00", "1280000.50", "76543.21", "5000000.00", "23900.00")


def busy_bureau(folder: Path, count: int = 40, *, now: str = "2024-06-14T10:20") -> Office:
    """Make a bureau with ``count`` cases in many states; the beat has run at ``now``."""
    end = datetime.fromisoformat(now)
    first = end - timedelta(days=150)
    office = make_bureau(folder, now=first.isoformat())
    plan: list[tuple[datetime, int, Callable[[], object]]] = []
    for place in range(count):
        _plan_case(office, plan, place, first, end)
    for at, _, action in sorted(plan, key=lambda entry: entry[:2]):
        office.at(at)
        # A frozen node refuses what comes after it: that case stays where it stands.
        with suppress(RuleRefusedError):
            action()
    office.at(end).sweep()
    return office


def _plan_case(
    office: Office,
    plan: list[tuple[datetime, int, Callable[[], object]]],
    place: int,
    first: datetime,
    end: datetime,
) -> None:
    # Most cases are of the last three weeks; every fifth is old and mostly stands still.
    ago = 20 + (place * 37) % 120 if place % 5 == 4 else 1 + (place * 11) % 20
    start = max(end - timedelta(days=ago), first) + timedelta(hours=place % 5, minutes=place)
    debtor = _SURNAMES[place % len(_SURNAMES)] + _GIVEN[(place * 7) % len(_GIVEN)]
    ids: list[int] = []
    reach = (place * 5) % 13

    def then(days: float, action: Callable[[], object]) -> None:
        at = start + timedelta(days=days)
        if at < end:
            plan.append((at, len(plan), action))

    def register() -> None:
        ids.append(
            office.register(
                place + 1,
                debtor,
                creditor=_COMPANIES[place % len(_COMPANIES)],
                amount=Decimal(_AMOUNTS[place % len(_AMOUNTS)]),
                officer=(OFFICER, OTHER_OFFICER)[place % 3 == 0],
                cause=("买卖合同纠纷", "金融借款合同纠纷", "民间借贷纠纷")[place % 3],
            )
        )

    def event(what: str, subject: str = "case", **data: Any) -> Callable[[], object]:
        return lambda: office.event(ids[0], what, subject, **data)

    def done(node: int, subject: str = "case") -> Callable[[], object]:
        return lambda: office.fill(ids[0], node, subject)

    story: list[tuple[float, Callable[[], object]]] = [
        (0.01, done(1)),
        (0.02, done(2)),
        (0.05 if place % 10 != 7 else 3.0, done(3)),
        (0.08, done(4)),
        (2.0, done(5)),
        (2.5, done(6)),
        (5.0, done(7)),
        (6.0, event("network_query_started")),
        (
            8.0,
            event(
                "asset_found", "asset/1", name="豫H·A1234小型轿车", category="车辆", online=False
            ),
        ),
        (9.0, event("asset_found", "asset/2", name="工行存款", category="银行存款", online=True)),
        (9.5, event("asset_controlled", "asset/2")),
        (12.0, _clue(event)),
    ]
    then(0, register)
    for days, action in story[: reach + 1]:
        then(days, action)


def _clue(event: Callable[..., Callable[[], object]]) -> Callable[[], object]:
    source = "申请执行人提供"
    return event("clue_received", "clue/1", name="在某公司持有股权", source=source, urgent=False)
