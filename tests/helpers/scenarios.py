"""Whole cases as plain steps: told once in short, kept in full, ready to be driven again.

``scenario(name)`` gives a case from node 1 to its end: how it is opened and every step of every
person, JSON-ready, in the form that ``helpers.desk`` describes.  The same steps drive a case in
memory, through the command line or through the window.

``completed``            执行完毕: a deposit drawn, a house sold in the second auction, a car in the
                         first; three payments; restriction and listing taken and lifted
``current_terminated``   终本: a small deposit, then nothing more; the second half-yearly query
                         finds a house, the review resumes enforcement
``resumed``              the resumed case, with another officer, until it is handed over
``terminated``           终结: a car nobody buys, settlement, application withdrawn
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from helpers.desk import Desk, Step

Act = Callable[[Desk], object]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A case: when and how it is opened, its parties, and what is done, in order."""

    name: str
    opened: str
    header: Mapping[str, Any]
    parties: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]

    def desk(self) -> Desk:
        """A desk with the case just opened."""
        return Desk(self.opened, **self.header, parties=list(self.parties))


@cache
def told(name: str) -> Desk:
    """The desk on which a case was told; only to be looked at."""
    return _STORIES[name]()


@cache
def scenario(name: str) -> Scenario:
    """Return a case by its name."""
    desk = told(name)
    steps = json.loads(json.dumps(desk.log, ensure_ascii=False))
    parties = tuple((standing, who) for standing, who in desk.parties)
    return Scenario(name, desk.opened, dict(desk.header), parties, tuple(steps))


def names() -> tuple[str, ...]:
    """The names of all cases."""
    return tuple(_STORIES)


class Plan:
    """What is to be done on a desk, and when; told in any order, done in the order of time."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._acts: list[tuple[str, int, Act]] = []

    def at(self, moment: str, act: Act) -> None:
        self._acts.append((moment, len(self._acts), act))

    def run(self) -> Desk:
        for moment, _, act in sorted(self._acts, key=lambda entry: entry[:2]):
            act(self.desk.at(moment))
        return self.desk


# --- chapters that several cases share


def file(desk: Desk, day: str, *, found: bool) -> None:
    """Nodes 1 to 3 on the day of filing."""
    desk.at(f"{day}T09:10").fill(1)
    desk.at(f"{day}T10:30").fill(2, filed_at=f"{day}T10:00:00")
    if "money" not in desk.header["content"]:
        desk.fill(3)
        return
    desk.at(f"{day}T11:00").enter(
        3,
        leave=(3, 4),
        query_started_at=f"{day}T10:40:00",
        query_feedback_at=None,
        assets_found=None,
    )
    desk.at(f"{day}T15:00").fill(3, query_feedback_at=f"{day}T14:30:00", assets_found=found)


def begin(desk: Desk, day: str, notice: str) -> None:
    """Nodes 4 to 7: handed over and received, examined, notice given."""
    desk.at(f"{day}T09:30").fill(4)
    desk.at(f"{day}T15:00").fill(5).fill(6)
    desk.at(f"{notice}T10:00").fill(7)


def search(plan: Plan, started: str, ended: str, *, result: str, none_found: bool = False) -> None:
    """Nodes 9 to 11: both queries and the analysis of their results."""
    plan.at(
        f"{started}T09:00",
        lambda desk: desk.enter(
            9, leave=(2, 3, 4, 5), query_started_on=started, feedback_on=None
        ).work(10, query_started_on=started),
    )
    plan.at(f"{ended}T10:00", lambda desk: desk.fill(9).fill(10))
    for track in ("network", "traditional"):
        last = none_found and track == "traditional"
        more = {"no_assets_determined_on": ended} if last else {}
        plan.at(
            f"{ended}T11:00",
            lambda desk, track=track, more=more: desk.fill(
                11, f"query/{track}", analysis_result=result, **more
            ),
        )


def seize(plan: Plan, asset: str, found: str, controlled: str, **asked: Any) -> None:
    """Node 17: found, then controlled, papers made the same day."""
    plan.at(found, lambda desk: desk.event("asset_found", asset, **asked))
    plan.at(controlled, lambda desk: desk.fill(17, asset))


def price(plan: Plan, asset: str, started: str, fixed: str, received: str | None = None) -> None:
    """Nodes 19 to 21: the state of the asset and its price, agreed or from a report."""
    plan.at(f"{started}T10:00", lambda desk: desk.fill(19, asset))
    if received is None:
        plan.at(f"{started}T10:30", lambda desk: desk.work(20, asset, pricing_started_on=started))
        plan.at(f"{fixed}T10:00", lambda desk: desk.fill(20, asset, pricing_method="当事人议价"))
        return
    method = {"pricing_started_on": started, "pricing_method": "网络询价"}
    plan.at(f"{started}T10:30", lambda desk: desk.work(20, asset, **method))
    plan.at(
        f"{received}T10:00",
        lambda desk: desk.work(20, asset, price_report_received_on=received).fill(21, asset),
    )
    plan.at(f"{fixed}T10:00", lambda desk: desk.fill(20, asset))


def auction(
    plan: Plan,
    round_of: str,
    started: str,
    announced: str,
    opens: str,
    ended: str,
    result: str,
) -> None:
    """Nodes 23 to 26: one round, from its start to its result."""
    asset, _, number = round_of.rpartition("/round/")
    node = 25 if number == "1" else 26
    if number == "1":
        plan.at(f"{started}T10:00", lambda desk: desk.fill(23, asset))
    else:
        begun = {"auction_started_on": started, "platform": "淘宝网"}
        plan.at(f"{started}T10:00", lambda desk: desk.work(26, round_of, **begun))
    planned = {"announced_on": announced, "auction_opens_on": opens}
    plan.at(f"{started}T10:30", lambda desk: desk.work(node, round_of, **planned))
    plan.at(f"{started}T15:00", lambda desk: desk.fill(24, round_of, notice_impossible=False))
    plan.at(f"{ended}T10:30", lambda desk: desk.fill(node, round_of, auction_result=result))


def transfer(plan: Plan, round_of: str, paid: str, ruling: str, handed: str) -> None:
    """Nodes 27 and 30: the sale confirmed, the asset handed over."""
    asset = round_of.partition("/round/")[0]
    plan.at(f"{ruling}T10:00", lambda desk: desk.fill(27, round_of, paid_on=paid))
    plan.at(f"{handed}T10:00", lambda desk: desk.fill(30, asset))


def pay(plan: Plan, payment: str, arrived: str, claimed: str, paid: str, **asked: Any) -> None:
    """Nodes 32 and 33: money arrives, is claimed, is paid out with two signatures."""
    plan.at(f"{arrived}T10:00", lambda desk: desk.event("payment_arrived", payment, **asked))
    plan.at(f"{claimed}T10:00", lambda desk: desk.enter(32, payment))
    plan.at(
        f"{paid}T09:00",
        lambda desk: desk.enter(33, payment, leave=(3, 4), paid_out_on=None).approve(
            33, "payout", payment
        ),
    )
    plan.at(f"{paid}T15:00", lambda desk: desk.fill(33, payment))


def restrict(plan: Plan, debtor: str, day: str, *, listed: bool) -> None:
    """Nodes 36 and 37: signed by the president."""

    def order(desk: Desk, node: int, matter: str) -> None:
        desk.start(node, debtor).approve(node, matter, debtor)

    plan.at(f"{day}T09:00", lambda desk: order(desk, 36, "consumption_restriction"))
    plan.at(f"{day}T15:00", lambda desk: desk.fill(36, debtor))
    if listed:
        plan.at(f"{day}T15:30", lambda desk: order(desk, 37, "credit_listing"))
        plan.at(f"{day}T16:00", lambda desk: desk.fill(37, debtor))


def close(plan: Plan, asked: str, confirmed: str, completed: str, **values: Any) -> None:
    """Node 43: reviewed, reported, confirmed; what may follow closing follows it."""
    later = dict.fromkeys(
        ("closing_requested_on", "closing_published_on", "current_termination_opened_on")
    )
    plan.at(
        f"{asked}T09:00",
        lambda desk: desk.enter(43, leave=(14, 15, 23, 24, 25), **later, **values).approve(
            43, "special_review"
        ),
    )
    plan.at(
        f"{asked}T16:00",
        lambda desk: desk.request(43, "closing_review", why="符合结案条件，材料齐全"),
    )
    plan.at(
        f"{confirmed}T10:00",
        lambda desk: desk.decide(43, "closing_review", role="审判管理办公室"),
    )
    plan.at(f"{completed}T10:00", lambda desk: desk.fill(43))


# --- the cases


def _completed() -> Desk:
    desk = Desk(
        "2024-03-01T09:00", parties=[("creditor", "焦作市甲商贸有限公司"), ("debtor", "乙建强")]
    )
    plan = Plan(desk)
    file(desk, "2024-03-01", found=True)
    seize(
        plan,
        "asset/1",
        "2024-03-01T15:10",
        "2024-03-01T16:00",
        name="工商银行存款",
        category="银行存款",
        online=True,
        value="20000.00",
    )
    plan.at("2024-03-04T09:00", lambda desk: begin(desk, "2024-03-04", "2024-03-06"))
    plan.at("2024-03-07T10:00", lambda desk: desk.fill(31, "asset/1"))
    pay(
        plan,
        "payment/1",
        "2024-03-08",
        "2024-03-11",
        "2024-03-20",
        name="划拨款",
        amount="20000.00",
        payer="乙建强",
        source="asset/1",
    )
    search(plan, "2024-03-11", "2024-03-22", result="有可供执行财产")
    plan.at(
        "2024-03-22T12:00",
        lambda desk: desk.event(
            "clue_received",
            "clue/1",
            name="乙建强名下轿车停放在其住所地",
            source="申请执行人提供",
            urgent=False,
        ),
    )
    plan.at("2024-03-25T10:00", lambda desk: desk.fill(8, "clue/1"))
    car = {"name": "豫H12345轿车", "category": "车辆", "online": False}
    house = {"name": "解放路房屋", "category": "不动产", "online": False}
    seize(plan, "asset/2", "2024-03-22T14:00", "2024-03-29T10:00", **house)
    seize(plan, "asset/3", "2024-03-25T11:00", "2024-03-27T10:00", **car)
    restrict(plan, "debtor/1", "2024-04-01", listed=True)
    price(plan, "asset/3", "2024-04-02", "2024-04-08")
    price(plan, "asset/2", "2024-04-07", "2024-04-19", received="2024-04-11")
    auction(plan, "asset/3/round/1", "2024-04-10", "2024-04-22", "2024-05-13", "2024-05-14", "成交")
    auction(plan, "asset/2/round/1", "2024-04-24", "2024-05-06", "2024-06-11", "2024-06-12", "流拍")
    transfer(plan, "asset/3/round/1", "2024-05-17", "2024-05-20", "2024-05-28")
    pay(
        plan,
        "payment/2",
        "2024-05-20",
        "2024-05-22",
        "2024-06-03",
        name="车辆拍卖款",
        amount="60000.00",
        payer="买受人丙文博",
        source="asset/3",
    )
    auction(plan, "asset/2/round/2", "2024-06-14", "2024-06-24", "2024-07-15", "2024-07-16", "成交")
    transfer(plan, "asset/2/round/2", "2024-07-22", "2024-07-23", "2024-08-01")
    pay(
        plan,
        "payment/3",
        "2024-07-24",
        "2024-07-25",
        "2024-08-05",
        name="房屋拍卖款",
        amount="500000.00",
        payer="买受人丁海涛",
        source="asset/2",
    )
    plan.at("2024-08-06T09:00", lambda desk: desk.event("credit_fault_found", "debtor/1"))
    plan.at(
        "2024-08-06T10:00",
        lambda desk: desk.fill(
            38,
            "debtor/1",
            credit_fault_kind="删除（屏蔽）",
            credit_fault_ground="已履行生效法律文书确定的义务或者已执行完毕",
        ).work(
            36,
            "debtor/1",
            consumption_restriction_lifted_on="2024-08-06",
            restriction_lift_ground="执行完毕",
        ),
    )
    close(
        plan,
        "2024-08-07",
        "2024-08-08",
        "2024-08-12",
        closing_way="执行完毕",
        completed_ground="强制执行完毕",
    )
    plan.at("2024-08-20T10:00", lambda desk: desk.fill(44))
    return plan.run()


def _current_terminated() -> Desk:
    desk = Desk(
        "2024-03-04T09:00",
        case_no="（2024）豫0811执2号",
        parties=[
            ("creditor", "丙农村商业银行"),
            ("debtor", "焦作市丁建材有限公司"),
            ("debtor", "戊文博"),
        ],
    )
    plan = Plan(desk)
    file(desk, "2024-03-04", found=False)
    plan.at("2024-03-06T09:00", lambda desk: begin(desk, "2024-03-06", "2024-03-12"))
    search(plan, "2024-03-13", "2024-04-10", result="未发现可供执行财产", none_found=True)
    deposit = {"name": "建设银行存款", "category": "银行存款", "online": True}
    seize(plan, "asset/1", "2024-04-10T12:00", "2024-04-11T10:00", **deposit)
    plan.at("2024-04-15T10:00", lambda desk: desk.fill(31, "asset/1"))
    pay(
        plan,
        "payment/1",
        "2024-04-16",
        "2024-04-17",
        "2024-05-06",
        name="划拨款",
        amount="1500.00",
        payer="焦作市丁建材有限公司",
        source="asset/1",
    )
    plan.at("2024-04-18T10:00", lambda desk: desk.fill(18))
    restrict(plan, "debtor/1", "2024-05-07", listed=True)
    restrict(plan, "debtor/2", "2024-05-08", listed=False)
    close(
        plan,
        "2024-06-11",
        "2024-06-12",
        "2024-06-14",
        closing_way="终结本次执行程序",
        outstanding_amount="98500.00",
        control_renewal_state="未申请",
    )
    plan.at("2024-06-20T10:00", lambda desk: desk.fill(44))
    plan.at("2024-12-10T10:00", lambda desk: desk.fill(45, "followup/1", run_number=1))
    plan.at(
        "2025-06-10T10:00",
        lambda desk: desk.fill(
            45, "followup/2", run_number=2, followup_result="查询到可供执行财产"
        ),
    )
    plan.at(
        "2025-06-17T10:00",
        lambda desk: desk.fill(
            46,
            clue_source="终本案件结案后财产统查",
            resumption_result="恢复执行",
            new_officer="孙法官",
        ),
    )
    return plan.run()


def _resumed() -> Desk:
    before = told("current_terminated")
    desk = Desk(
        "2025-06-18T09:00",
        case_no="（2025）豫0811执恢1号",
        kind="resumed",
        officer="孙法官",
        previous_case_no=before.header["case_no"],
        previous_officer=before.header["officer"],
        parties=[tuple(entry) for entry in before.parties],
    )
    file(desk, "2025-06-18", found=True)
    desk.at("2025-06-19T10:00").fill(4)
    return desk


def _terminated() -> Desk:
    desk = Desk(
        "2024-03-05T09:00",
        case_no="（2024）豫0811执3号",
        parties=[("creditor", "己秀英"), ("debtor", "庚志强")],
    )
    plan = Plan(desk)
    file(desk, "2024-03-05", found=False)
    plan.at("2024-03-07T09:00", lambda desk: begin(desk, "2024-03-07", "2024-03-14"))
    search(plan, "2024-03-15", "2024-03-29", result="有可供执行财产")
    truck = {"name": "豫H54321货车", "category": "车辆", "online": False}
    seize(plan, "asset/1", "2024-03-29T12:00", "2024-04-02T10:00", **truck)
    price(plan, "asset/1", "2024-04-08", "2024-04-19", received="2024-04-11")
    auction(plan, "asset/1/round/1", "2024-04-24", "2024-05-06", "2024-05-27", "2024-05-28", "流拍")
    auction(plan, "asset/1/round/2", "2024-06-03", "2024-06-11", "2024-06-20", "2024-06-21", "流拍")
    plan.at(
        "2024-06-26T10:00",
        lambda desk: desk.fill(
            29, "asset/1", offset_ground="再次拍卖流拍", offset_answer="不接受抵债"
        ),
    )
    plan.at(
        "2024-07-01T10:00",
        lambda desk: desk.work(
            28,
            "asset/1",
            sale_ground="不接受以再次拍卖的保留价抵债",
            network_sale=True,
            sale_announced_on="2024-07-03",
            sale_opens_on="2024-07-15",
        ),
    )
    plan.at(
        "2024-08-15T10:00",
        lambda desk: desk.fill(28, "asset/1", sale_result="变卖不成").work(
            17,
            "asset/1",
            released_on="2024-08-15",
            release_ground="变卖不成且不接受抵债，退还被执行人",
        ),
    )
    close(
        plan,
        "2024-08-20",
        "2024-08-21",
        "2024-08-22",
        closing_way="终结执行",
        terminated_ground="当事人达成和解协议，申请执行人撤回执行申请",
    )
    plan.at("2024-08-29T10:00", lambda desk: desk.fill(44))
    return plan.run()


_STORIES: Mapping[str, Callable[[], Desk]] = {
    "completed": _completed,
    "current_terminated": _current_terminated,
    "resumed": _resumed,
    "terminated": _terminated,
}
