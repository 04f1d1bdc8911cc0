"""One case of the sample bureau, lived from its filing to its closing, and its dossier with it.

The clock is set from stop to stop; at each node its people do what they do in the window: papers
are issued and served, scans and photographs filed, the duty reported, the node completed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.exchange.case_list import CaseRow, PartyRow
from zhixing_desktop.services import approvals, cases, people, work
from zhixing_desktop.services import sample_names as names
from zhixing_desktop.services.bureau import SYSTEM, Bureau
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.dossier_showcase_desk import CaseDesk
from zhixing_desktop.services.dossier_showcase_volumes import Bindery
from zhixing_desktop.services.import_replay import new_case
from zhixing_desktop.services.rules import Rules
from zhixing_desktop.services.sample_parties import fitted, parties_of
from zhixing_desktop.services.sample_people import SAMPLE_COURT, court_settings, sample_people
from zhixing_desktop.services.sample_script import Script
from zhixing_desktop.services.sample_values import written
from zhixing_desktop.services.sample_values_closing import (
    COMPLETED,
    closing_amounts,
    closing_ground,
)
from zhixing_desktop.workflow.court_fees import enforcement_fee
from zhixing_desktop.workflow.subjects import CASE
from zhixing_desktop.workflow.views import Key

FILED_ON = date(2025, 7, 14)
_NUMBER = "（2025）豫0811执1688号"
_AMOUNT = Decimal("46800.00")
_TOLD_LATER = frozenset({"closing_told_on", "closing_told_by", "closing_notice_sent_on"})
"""What is only known once the closing is confirmed."""
_DEPOSIT, _PAYMENT = "asset/1", "payment/1"


@dataclass(frozen=True, slots=True)
class Stop:
    """The case before (``closed`` false) or after its people have dealt with a node."""

    case_id: int
    case_no: str
    officer: str
    key: Key
    closed: bool


def open_showcase(bureau: Bureau) -> None:
    """Make a new sample ready for the story: its people, its court, the dossier's first day."""
    people.add_people(bureau, SYSTEM, sample_people())
    admin = next(p for p in people.all_people(bureau) if "系统管理员" in p.roles).actor()
    for name, value in court_settings(SAMPLE_COURT).items():
        change_setting(bureau, admin, name, value, "示例")
    change_setting(bureau, admin, "dossier.since", FILED_ON.isoformat(), "示例")


def told_case(rules: Rules) -> tuple[CaseRow, list[PartyRow], Script]:
    """Return the case as it is registered, its parties, and who tells what is entered in it."""
    filed = datetime.combine(FILED_ON, time(9, 20))
    row = CaseRow(
        row=0, case_no_raw=_NUMBER, case_no=_NUMBER, kind="first", filed_at=filed,
        content=("money",), officer=names.OFFICERS[0], clerk=names.CLERKS[0],
        cause="民间借贷纠纷", source="申请执行", is_non_litigation=False,
        basis_type="民事判决书", basis_number="（2025）豫0811民初388号",
        basis_court="焦作市山阳区人民法院", amount_principal=_AMOUNT, amount=_AMOUNT,
    )  # fmt: skip
    row, parties = fitted(row, _two(row))
    script = Script(Random(_NUMBER), rules, row, parties, filed + timedelta(days=365))
    script.story.turn = 0  # nothing is lacking when it is filed
    return row, parties, script


def _two(row: CaseRow) -> list[PartyRow]:
    """Return one creditor and one debtor, both natural persons."""
    for seed in range(1_000):
        drawn = parties_of(Random(seed), row)
        if len(drawn) == 2 and all(party.kind == "自然人" for party in drawn):
            return [replace(party, agent="", agent_office="", agent_powers="") for party in drawn]
    raise LookupError("no two natural persons")


def live(bureau: Bureau, clock: FixedClock, folder: Path) -> Iterator[Stop]:
    """Live the case through, from node 1 until its closing is confirmed.

    Yields each node before and after it was dealt with; ``folder`` takes what is printed.
    Everybody of the sample has to be there, and the clock to stand before ``FILED_ON``.
    """
    yield from _Life(bureau, clock, folder).run()


class _Life:
    """The case, day by day."""

    def __init__(self, bureau: Bureau, clock: FixedClock, folder: Path) -> None:
        self._bureau, self._clock, self._folder = bureau, clock, folder
        self._row, self._parties, self._script = told_case(bureau.rules)
        self._desk: CaseDesk
        self._bindery: Bindery

    def run(self) -> Iterator[Stop]:
        """Live it."""
        self._at(0, "09:20")
        filer = next(p for p in people.all_people(self._bureau) if "立案人员" in p.roles).actor()
        new = new_case(self._row, self._parties)
        self._desk = CaseDesk(
            self._bureau, self._script, cases.register(self._bureau, filer, new).case_id
        )
        self._bindery = Bindery(
            self._bureau, self._desk.officer, self._desk.case_id, self._folder, self._leave
        )
        yield from self._filing()
        yield from self._searching()
        yield from self._money()
        yield from self._closing()

    def _filing(self) -> Iterator[Stop]:
        """Nodes 1 to 7."""
        yield from self._node(0, "09:30", Key(1, CASE))
        yield from self._node(0, "10:10", Key(2, CASE))
        self._at(0, "10:40")
        first = {"identity_check": "全部验证通过", "query_started_at": self._clock.now()}
        self._work(Key(3, CASE), first)
        yield from self._node(0, "16:00", Key(3, CASE), assets_found=False)
        yield from self._node(1, "09:30", Key(4, CASE))
        yield from self._node(1, "15:00", Key(5, CASE))
        yield from self._node(1, "15:30", Key(6, CASE))
        yield from self._node(3, "10:00", Key(7, CASE))

    def _searching(self) -> Iterator[Stop]:
        """Nodes 9 to 11: both queries, and what they brought."""
        self._at(4, "09:00")
        started = self._clock.now().date()
        for node in (9, 10):
            self._work(Key(node, CASE), {"query_started_on": started})
        yield from self._node(14, "09:30", Key(9, CASE))
        yield from self._node(14, "15:00", Key(10, CASE))
        for number, track in enumerate(("network", "traditional")):
            yield from self._node(14, f"16:{number}0", Key(11, f"query/{track}"))

    def _money(self) -> Iterator[Stop]:
        """Nodes 17 and 31 to 33: a deposit found and frozen, drawn, paid out."""
        script, story = self._script, self._script.story
        self._at(15, "09:00")
        name = "中国工商银行焦作分行账户存款"
        thing = story.find(_DEPOSIT, "银行存款", name)
        thing.worth = _AMOUNT + (enforcement_fee(_AMOUNT) or Decimal(0))
        script.assets = 1
        self._event(
            "asset_found", _DEPOSIT, self._clock.now(), name=name, category="银行存款", online=True,
            owner="debtor/1", value=f"{thing.worth:.2f}",
        )  # fmt: skip
        yield from self._node(15, "11:00", Key(17, _DEPOSIT))
        yield from self._node(18, "09:30", Key(31, _DEPOSIT))
        self._at(21, "09:00")
        paid = story.pay(_PAYMENT, thing.worth, thing)
        script.payments = 1
        self._event(
            "payment_arrived", _PAYMENT, self._midnight, name="划拨款",
            amount=f"{paid.amount:.2f}", payer=thing.owner.name, source=_DEPOSIT,
        )  # fmt: skip
        yield from self._node(
            21, "14:30", Key(32, _PAYMENT), payer_name=thing.owner.name,
            paid_amount=paid.amount, case_number=self._row.case_no,
        )  # fmt: skip
        yield from self._payout()

    def _payout(self) -> Iterator[Stop]:
        """Node 33: applied for, approved by two, paid by the cashier."""
        desk, key = self._desk, Key(33, _PAYMENT)
        self._at(23, "09:30")
        yield self._stop(key, closed=False)
        desk.enter(key)
        self._approved(key, "payout", ("执行局长", "主管院领导"))
        self._at(24, "10:00")
        desk.prepare(key)
        approvals.pay_out(
            self._bureau, desk.holder("财务"), desk.case_id, _PAYMENT, desk.today, "0815"
        )
        desk.report(key)
        desk.complete(key)
        yield self._stop(key, closed=True)

    def _closing(self) -> Iterator[Stop]:
        """Node 43: the dossier complete, printed, proven; 报结, reviewed and confirmed."""
        desk, script, key = self._desk, self._script, Key(43, CASE)
        self._at(30, "09:30")
        yield self._stop(key, closed=False)
        amounts = closing_amounts(script, COMPLETED)
        desk.enter(
            key,
            {
                "closing_cause": self._row.cause, "case_involves": "不涉及以上情形",
                "closing_way": COMPLETED, **amounts,
                "closing_ground": closing_ground(script, COMPLETED),
                "specific_thing_state": "本案不涉及特定物交付",
                "act_state": "本案不涉及行为履行",
                "property_right_state": "本案不涉及财产性权益",
                "completed_ground": "强制执行完毕",
                "completion_acceptance": "双方当事人书面认可执行完毕",
            },
            leave=_TOLD_LATER,
        )  # fmt: skip
        desk.issue_papers(key, ready=True)
        desk.file_materials(key)
        desk.report(key, leave=(1, 15))
        self._approved(key, "special_review", ("材料审核人",))
        desk.file_beside()
        self._at(35, "10:00")
        # The form on which the closing is approved comes after: it goes on in the bound 副卷.
        self._bindery.all_volumes()
        self._at(36, "09:30")
        self._approved(key, "closing_review", ("审判管理办公室",), before=self._approval_form)
        self._at(39, "09:30")
        desk.issue_papers(key, ready=True)
        desk.enter(key)
        desk.file_materials(key)
        desk.report(key)
        desk.complete(key)
        yield self._stop(key, closed=True)

    def _approval_form(self) -> None:
        """The form on which the closing is approved bears the day of 报结."""
        self._desk.issue_papers(Key(43, CASE), ready=True)

    def _approved(
        self, key: Key, matter: str, roles: Sequence[str], before: Callable[[], None] | None = None
    ) -> None:
        """Apply, and have everybody who has to grant it; ``before`` lies between."""
        bureau, desk = self._bureau, self._desk
        waiting = desk.detail.context.index.latest_approval(matter, key.node, key.subject)
        if waiting is None or waiting.status != "pending":
            why = "符合规定的条件，手续齐备，请予批准"
            work.request_approval(bureau, desk.officer, desk.case_id, key, matter, why)
        if before is not None:
            before()
        for role in roles:
            asked = desk.detail.context.index.latest_approval(matter, key.node, key.subject)
            assert asked is not None
            work.decide_approval(
                bureau, desk.holder(role), desk.case_id, asked.seq, "granted", "情况属实，同意"
            )

    def _event(self, event: str, subject: str, at: datetime, **data: object) -> None:
        desk = self._desk
        work.add_fact(self._bureau, desk.officer, desk.case_id, event, subject, at, data)

    @property
    def _midnight(self) -> datetime:
        return datetime.combine(self._clock.now().date(), time())

    # ------------------------------------------------------------------------------------- steps

    def _node(self, days: int, hour: str, key: Key, **given: object) -> Iterator[Stop]:
        """Deal with a node on a day."""
        self._at(days, hour)
        yield self._stop(key, closed=False)
        self._desk.finish(key, given)
        yield self._stop(key, closed=True)

    def _work(self, key: Key, values: dict[str, object]) -> None:
        told = {name: written(value) for name, value in values.items()}
        work.record_work(self._bureau, self._desk.actor_of(key.node), self._desk.case_id, key, told)

    def _at(self, days: int, hour: str) -> None:
        """Let it be a working day so many days after the filing."""
        day = self._bureau.rules.calendar.workday_from(FILED_ON + timedelta(days=days))
        moment = datetime.combine(day, time.fromisoformat(hour))
        self._clock.set(max(moment, self._clock.now()))
        self._script.t = self._clock.now()

    def _leave(self, name: str, data: bytes) -> None:
        (self._folder / name).write_bytes(data)

    def _stop(self, key: Key, *, closed: bool) -> Stop:
        return Stop(self._desk.case_id, self._row.case_no, self._row.officer, key, closed)
