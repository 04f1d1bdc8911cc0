"""What a sample case is about: who owes what, which things were found, what came in.

Everything is invented.  A story draws from its own source of chance, so that what is told of a
case never changes when something happens in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from zhixing_desktop.exchange.case_list import CaseRow, PartyRow
from zhixing_desktop.services import sample_names as names
from zhixing_desktop.workflow.court_fees import enforcement_fee
from zhixing_desktop.workflow.money import ZERO

_PLACES = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_WORTH = {
    "不动产": (320, 1_600),
    "车辆": (35, 260),
    "股权": (60, 900),
    "应交付的特定物": (8, 120),
}
_FIRST_AUCTION, _SECOND_AUCTION = Decimal("0.8"), Decimal("0.64")
_THOUSAND = 1_000
_AT_MOST, _LEAST, _A_HOUSE = Decimal("1.2"), Decimal(12_000), Decimal(200_000)
_SANCTIONS = (("罚款",), ("罚款", "拘留", "限制出境", "扣留护照"), ("拘留",))


@dataclass(slots=True)
class Thing:
    """An asset of the debtor: its worth in yuan, the ruling that controls it, who bought it."""

    subject: str
    category: str
    name: str
    owner: PartyRow
    worth: Decimal
    ruling: str = ""
    measure: str = ""
    until: date | None = None
    buyer: str = ""
    confirmed: str = ""
    sold_for: Decimal = ZERO

    @property
    def first_price(self) -> Decimal:
        """The starting price of the first auction: four fifths of the reference price."""
        return _whole(self.worth * _FIRST_AUCTION)

    @property
    def second_price(self) -> Decimal:
        """The reserve price of the second auction: four fifths of the first."""
        return _whole(self.worth * _SECOND_AUCTION)


@dataclass(slots=True)
class Money:
    """A payment: what came in, the fee that is taken from it, what the creditor gets (yuan)."""

    amount: Decimal
    source: Thing | None
    fee: Decimal = ZERO
    payout: Decimal = ZERO


class Story:
    """One case: its people, things and sums, and the days on which something happened."""

    def __init__(self, row: CaseRow, parties: Sequence[PartyRow]) -> None:
        self.row = row
        self.rng = Random(f"{row.case_no} {row.officer}")
        self.creditor = next(p for p in parties if p.standing == "申请执行人")
        self.debtors = [p for p in parties if p.standing == "被执行人"]
        self.things: dict[str, Thing] = {}
        self.money: dict[str, Money] = {}
        self.days: dict[tuple[str, str], date] = {}
        self.number = int("".join(filter(str.isdecimal, row.case_no.rpartition("执")[2])))
        self.turn = self.rng.randint(0, 5)
        self.account = f"163951010400{self.rng.randint(10**6, 10**7 - 1)}"
        self.closing_ruling = ""
        self.refused = ""
        self._rulings = 0
        self._orders: dict[str, str] = {}
        self._fee_due = enforcement_fee(row.amount) or ZERO

    # ---------------------------------------------------------------------------------- people

    def debtor(self, subject: str) -> PartyRow:
        """Return the debtor of a subject (``debtor/2``, ``debtor/2#2``); the first for others."""
        kind, _, number = subject.partition("#")[0].partition("/")
        return self.debtors[int(number) - 1 if kind == "debtor" else 0]

    @staticmethod
    def person(party: PartyRow) -> tuple[str, str]:
        """Return who appears for a party: name and capacity."""
        if party.kind == "自然人":
            return party.name, "被执行人"
        return party.legal_representative, "被执行人的法定代表人"

    @property
    def debtor_names(self) -> str:
        """The debtors' names."""
        return "、".join(party.name for party in self.debtors)

    @property
    def earns(self) -> bool:
        """Whether a debtor has wages that can be withdrawn."""
        return self.turn < len(_SANCTIONS) and any("有限公司" in p.workplace for p in self.debtors)

    @property
    def wages(self) -> str:
        """The wages of the debtor who has any, in words."""
        party = next(p for p in self.debtors if "有限公司" in p.workplace)
        return f"{party.name}在{party.workplace.partition('有限公司')[0]}有限公司的工资收入"

    @property
    def lawyer(self) -> str:
        """Return who bears an inquiry order: name, licence, office."""
        name, office = self.creditor.agent, self.creditor.agent_office
        if "律师" not in office:
            name, office = names.person(self.rng), f"{names.LAW_FIRM}律师"
        licence = f"14108{self.rng.randint(10**11, 10**12 - 1)}"
        return f"{name}，执业证号{licence}，{office.removesuffix('律师')}"

    @property
    def sanctions(self) -> tuple[str, ...]:
        """The measures of node 40 that are taken in this case."""
        return _SANCTIONS[self.turn % len(_SANCTIONS)]

    def account_of(self, thing: Thing) -> str:
        """Return the account that money is drawn from."""
        return f"17090221040{self.rng.randint(10**7, 10**8 - 1)}"

    # ---------------------------------------------------------------------------------- papers

    def paper(self, mark: str) -> str:
        """Return a number of a bureau's yearly series: （2024）豫0811执搜3号."""
        year = self.row.filed_at.year
        return f"（{year}）豫0811执{mark}{self.rng.randint(1, 400)}号"

    def order(self, subject: str, mark: str, *, mended: bool = False) -> str:
        """Return the number of an order or decision: always the same for one."""
        key = f"{subject}{mark}{mended}"
        if key not in self._orders:
            self._orders[key] = self.paper(mark)
        return self._orders[key]

    def resumed_number(self, year: int) -> str:
        """Return the number under which the case goes on."""
        return f"（{year}）豫0811执恢{self.rng.randint(400, 900)}号"

    def ruling(self) -> str:
        """Return the number of the case's next ruling: the 案号 itself, then 之一, 之二 …."""
        place, self._rulings = self._rulings, self._rulings + 1
        tens, ones = divmod(place, 10)
        words = (f"{_PLACES[tens] if tens > 1 else ''}十" if tens else "") + _PLACES[ones]
        return self.row.case_no + (f"之{words}" if words else "")

    # ---------------------------------------------------------------------------------- sums

    @property
    def received(self) -> Decimal:
        """What the creditor has been paid."""
        return sum((money.payout for money in self.money.values()), ZERO)

    @property
    def left(self) -> Decimal:
        """What is still owed of the amount applied for."""
        return max(self.row.amount - self.received, ZERO)

    def find(self, subject: str, category: str, name: str) -> Thing:
        """A thing is found: whose it is and what it is worth."""
        natural = [p for p in self.debtors if "有限公司" in p.workplace]
        owner = natural[0] if category == "收入" else self.rng.choice(self.debtors)
        if category in ("银行存款", "收入"):
            worth = Decimal(self.rng.randint(800, 90_000)) + Decimal(self.rng.randint(0, 99)) / 100
            worth = min(worth, self.left + self._fee_due) or worth
        else:
            least, most = _WORTH[category]
            worth = Decimal(self.rng.randint(least, most) * _THOUSAND)
            # Nothing is seized that is worth far more than the claim.
            worth = max(min(worth, _whole(self.row.amount * _AT_MOST)), _LEAST)
            if category == "不动产" and worth < _A_HOUSE:
                name = name.replace("房屋", "车位")
        self.things[subject] = thing = Thing(subject, category, name, owner, worth)
        return thing

    def sell(self, thing: Thing, price: Decimal) -> None:
        """Somebody buys a thing for the price or a little more."""
        thing.buyer = names.man(self.rng)
        more = Decimal(self.rng.randint(0, 12)) / 100
        thing.sold_for = _whole(price * (1 + more))

    def pay(self, subject: str, amount: Decimal, source: Thing | None) -> Money:
        """Money comes in: the fee for enforcement is taken from what pays the case off."""
        if source is not None:
            amount = source.sold_for or source.worth
        elif self.left:
            amount = min(amount, self.left + self._fee_due)
        paid = Money(amount, source)
        if amount >= self.left + self._fee_due:
            paid.fee, self._fee_due = self._fee_due, ZERO
        paid.payout = min(amount - paid.fee, self.left) or amount - paid.fee
        self.money[subject] = paid
        return paid


def _whole(amount: Decimal) -> Decimal:
    """Return an amount in whole thousands."""
    return max((amount / _THOUSAND).quantize(Decimal(1)), Decimal(1)) * _THOUSAND
