"""Whole cases as plain steps: told once in short, kept in full, ready to be driven again.

``scenario(name)`` gives a case from node 1 to its end: how it is opened and every step of every
person, JSON-ready, in the form that ``helpers.desk`` describes.  The same steps drive a case in
memory, through the command line or through the window.

``completed``            执行完毕: a deposit drawn, a house sold in the second auction, a car in the
                         first; three payments; restriction and listing taken and lifted
``current_terminated``   终本: a small deposit, then nothing more; the second half-yearly query finds
                         a house, the review resumes enforcement
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


# --- chapters that several cases share


def file(desk: Desk, day: str, *, found: bool) -> None:
    """Nodes 1 to 3 on the day of filing."""
    desk.at(f"{day}T09:10").fill(1)
    desk.at(f"{day}T10:30").fill(2, filed_at=f"{day}T10:00:00")
    if "money" in desk.header["content"]:
        desk.at(f"{day}T11:00").enter(
            3,
            leave=(3, 4),
            query_started_at=f"{day}T10:40:00",
            query_feedback_at=None,
            assets_found=None,
        )
        desk.at(f"{day}T15:00").fill(3, query_feedback_at=f"{day}T14:30:00", assets_found=found)
    else:
        desk.fill(3)


def begin(desk: Desk, day: str, notice: str) -> None:
    """Nodes 4 to 7: handed over and received, examined, notice given."""
    desk.at(f"{day}T09:30").fill(4)
    desk.at(f"{day}T15:00").fill(5).fill(6)
    desk.at(f"{notice}T10:00").fill(7)


def search(desk: Desk, started: str, ended: str, *, result: str, further: bool = False) -> None:
    """Nodes 9 to 11: both queries and the analysis of their results."""
    desk.at(f"{started}T09:00").enter(
        9, leave=(2, 3, 4, 5), query_started_on=started, feedback_on=None
    )
    desk.enter(10, leave=(1, 2, 3, 4, 5)).work(10, query_started_on=started)
    desk.at(f"{ended}T10:00").fill(9).fill(10)
    for track in ("network", "traditional"):
        more = {"no_assets_determined_on": ended} if further and track == "traditional" else {}
        desk.fill(11, f"query/{track}", analysis_result=result, **more)


def seize(desk: Desk, asset: str, at: str, **asked: Any) -> None:
    """Nodes 17: found now, controlled at ``at``, papers made the same day."""
    desk.event("asset_found", asset, **asked)
    desk.at(at).fill(17, asset)


def price(desk: Desk, asset: str, started: str, fixed: str, *, method: str = "网络询价") -> None:
    """Nodes 19 to 22: the state of the asset and its reference price."""
    desk.at(f"{started}T10:00").fill(19, asset)
    if method == "当事人议价":
        desk.enter(20, asset, leave=(1,)).work(20, asset, pricing_started_on=started)
        desk.at(f"{fixed}T10:00").fill(20, asset, pricing_method=method)
        return
    desk.work(20, asset, pricing_started_on=started, pricing_method=method)
    received = fixed[:-2] + f"{int(fixed[-2:]) - 8:02d}"
    desk.at(f"{received}T10:00").work(20, asset, price_report_received_on=received)
    desk.at(f"{received}T16:00").fill(21, asset)
    desk.at(f"{fixed}T10:00").fill(20, asset)


def auction(
    desk: Desk, asset: str, number: int, started: str, announced: str, opens: str, result: str
) -> None:
    """Nodes 23 to 26: one round, from its start to its result on the day after it opened."""
    subject = f"{asset}/round/{number}"
    node = 25 if number == 1 else 26
    desk.at(f"{started}T10:00")
    if number == 1:
        desk.fill(23, asset)
    else:
        desk.work(26, subject, auction_started_on=started, platform="淘宝网")
    desk.work(node, subject, announced_on=announced, auction_opens_on=opens)
    desk.at(f"{started}T15:00").fill(24, subject, notice_impossible=False)
    ended = f"{opens[:-2]}{int(opens[-2:]) + 1:02d}"
    desk.at(f"{ended}T10:30").fill(node, subject, auction_result=result)


def transfer(desk: Desk, asset: str, number: int, paid: str, ruling: str, handed: str) -> None:
    """Nodes 27 and 30: the sale confirmed, the asset handed over."""
    subject = f"{asset}/round/{number}"
    desk.at(f"{ruling}T10:00").fill(27, subject, paid_on=paid)
    desk.at(f"{handed}T10:00").fill(30, asset)


def pay(desk: Desk, payment: str, arrived: str, claimed: str, paid: str, **asked: Any) -> None:
    """Nodes 32 and 33: money arrives, is claimed, is paid out with two signatures."""
    desk.at(f"{arrived}T10:00").event("payment_arrived", payment, **asked)
    desk.at(f"{claimed}T10:00").enter(32, payment)
    desk.at(f"{paid}T09:00").enter(33, payment, leave=(3, 4), paid_out_on=None)
    desk.approve(33, "payout", payment)
    desk.at(f"{paid}T15:00").fill(33, payment)


def restrict(desk: Desk, debtor: str, day: str, *, listed: bool) -> None:
    """Nodes 36 and 37: signed by the president."""
    desk.at(f"{day}T09:00").start(36, debtor).approve(36, "consumption_restriction", debtor)
    desk.at(f"{day}T15:00").fill(36, debtor)
    if listed:
        desk.start(37, debtor).approve(37, "credit_listing", debtor)
        desk.at(f"{day}T16:00").fill(37, debtor)


def close(desk: Desk, asked: str, confirmed: str, *, review: bool, **values: Any) -> None:
    """Node 43 up to the confirmation; what may follow closing is left open."""
    later = dict.fromkeys(
        ("closing_requested_on", "closing_published_on", "current_termination_opened_on")
    )
    desk.at(f"{asked}T09:00").enter(43, leave=(14, 15, 23, 24, 25), **later, **values)
    if review:
        desk.approve(43, "special_review")
    desk.at(f"{asked}T16:00").request(43, "closing_review", why="符合结案条件，材料齐全")
    desk.at(f"{confirmed}T10:00").decide(43, "closing_review", role="审判管理办公室")


# --- the cases


def _completed() -> Desk:
    desk = Desk(
        "2024-03-01T09:00", content=["money"], parties=[("creditor", "焦作市甲商贸有限公司"), ("debtor", "乙建强")]
    )
    file(desk, "2024-03-01", found=True)
    seize(
        desk,
        "asset/1",
        "2024-03-01T16:00",
        name="工商银行存款",
        category="银行存款",
        online=True,
        value="20000.00",
    )
    begin(desk, "2024-03-04", "2024-03-06")
    desk.at("2024-03-07T10:00").fill(31, "asset/1")
    pay(
        desk,
        "payment/1",
        "2024-03-08",
        "2024-03-11",
        "2024-03-20",
        name="划拨款",
        amount="20000.00",
        payer="乙建强",
        source="asset/1",
    )
    search(desk, "2024-03-11", "2024-03-22", result="有可供执行财产")
    desk.at("2024-03-22T11:00").event(
        "clue_received",
        "clue/1",
        name="乙建强名下轿车停放在其住所地",
        source="申请执行人提供",
        urgent=False,
    )
    desk.at("2024-03-25T10:00").fill(8, "clue/1")
    seize(
        desk, "asset/3", "2024-03-27T10:00", name="豫H12345轿车", category="车辆", online=False
    )
    desk.at("2024-03-28T09:00")
    seize(desk, "asset/2", "2024-03-29T10:00", name="解放路房屋", category="不动产", online=False)
    restrict(desk, "debtor/1", "2024-04-01", listed=True)
    price(desk, "asset/3", "2024-04-02", "2024-04-08", method="当事人议价")
    price(desk, "asset/2", "2024-04-07", "2024-04-19")
    auction(desk, "asset/3", 1, "2024-04-10", "2024-04-22", "2024-05-13", "成交")
    auction(desk, "asset/2", 1, "2024-04-24", "2024-05-06", "2024-06-11", "流拍")
    transfer(desk, "asset/3", 1, "2024-05-17", "2024-05-20", "2024-05-28")
    pay(
        desk,
        "payment/2",
        "2024-05-20",
        "2024-05-22",
        "2024-06-03",
        name="车辆拍卖款",
        amount="60000.00",
        payer="买受人丙",
        source="asset/3",
    )
    auction(desk, "asset/2", 2, "2024-06-14", "2024-06-24", "2024-07-15", "成交")
    transfer(desk, "asset/2", 2, "2024-07-22", "2024-07-23", "2024-08-01")
    pay(
        desk,
        "payment/3",
        "2024-07-24",
        "2024-07-25",
        "2024-08-05",
        name="房屋拍卖款",
        amount="500000.00",
        payer="买受人丁",
        source="asset/2",
    )
    desk.at("2024-08-06T09:00").event("credit_fault_found", "debtor/1")
    desk.fill(
        38,
        "debtor/1",
        credit_fault_kind="删除（屏蔽）",
        credit_fault_ground="已履行生效法律文书确定的义务或者已执行完毕",
    )
    desk.work(
        36,
        "debtor/1",
        consumption_restriction_lifted_on="2024-08-06",
        restriction_lift_ground="执行完毕",
    )
    close(
        desk,
        "2024-08-07",
        "2024-08-08",
        review=True,
        closing_way="执行完毕",
        completed_ground="强制执行完毕",
    )
    desk.at("2024-08-12T10:00").fill(43)
    desk.at("2024-08-20T10:00").fill(44)
    return desk


def _current_terminated() -> Desk:
    desk = Desk(
        "2024-03-04T09:00",
        case_no="（2024）豫0811执2号",
        parties=[("creditor", "丙农村商业银行"), ("debtor", "焦作市丁建材有限公司"), ("debtor", "戊文博")],
    )
    file(desk, "2024-03-04", found=False)
    begin(desk, "2024-03-06", "2024-03-12")
    search(desk, "2024-03-13", "2024-04-10", result="未发现可供执行财产", further=True)
    desk.at("2024-04-10T11:00").event(
        "asset_found", "asset/1", name="建设银行存款", category="银行存款", online=True
    )
    desk.at("2024-04-11T10:00").fill(17, "asset/1")
    desk.at("2024-04-15T10:00").fill(31, "asset/1")
    pay(
        desk,
        "payment/1",
        "2024-04-16",
        "2024-04-17",
        "2024-05-06",
        name="划拨款",
        amount="1500.00",
        payer="焦作市丁建材有限公司",
        source="asset/1",
    )
    desk.at("2024-04-18T10:00").fill(18)
    restrict(desk, "debtor/1", "2024-05-07", listed=True)
    restrict(desk, "debtor/2", "2024-05-08", listed=False)
    close(
        desk,
        "2024-06-11",
        "2024-06-12",
        review=True,
        closing_way="终结本次执行程序",
        outstanding_amount="98500.00",
        control_renewal_state="未申请",
    )
    desk.at("2024-06-14T10:00").fill(43)
    desk.at("2024-06-20T10:00").fill(44)
    desk.at("2024-12-10T10:00").fill(45, "followup/1", run_number=1)
    desk.at("2025-06-10T10:00").fill(
        45, "followup/2", run_number=2, followup_result="查询到可供执行财产"
    )
    desk.at("2025-06-17T10:00").fill(
        46, clue_source="终本案件结案后财产统查", resumption_result="恢复执行", new_officer="孙法官"
    )
    return desk


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
    file(desk, "2024-03-05", found=False)
    begin(desk, "2024-03-07", "2024-03-14")
    search(desk, "2024-03-15", "2024-03-29", result="有可供执行财产")
    desk.at("2024-03-29T11:00")
    seize(
        desk, "asset/1", "2024-04-02T10:00", name="豫H54321货车", category="车辆", online=False
    )
    price(desk, "asset/1", "2024-04-08", "2024-04-19")
    auction(desk, "asset/1", 1, "2024-04-24", "2024-05-06", "2024-05-27", "流拍")
    auction(desk, "asset/1", 2, "2024-06-03", "2024-06-11", "2024-06-20", "流拍")
    desk.at("2024-06-26T10:00").fill(
        29,
        "asset/1",
        offset_ground="再次拍卖流拍",
        offset_answer="不接受抵债",
        refused_on="2024-06-26",
    )
    desk.at("2024-07-01T10:00").work(
        28,
        "asset/1",
        sale_ground="不接受以再次拍卖的保留价抵债",
        network_sale=True,
        sale_announced_on="2024-07-03",
        sale_opens_on="2024-07-15",
    )
    desk.at("2024-08-15T10:00").fill(28, "asset/1", sale_result="变卖不成")
    desk.work(
        17,
        "asset/1",
        released_on="2024-08-15",
        release_ground="变卖不成且不接受抵债，退还被执行人",
    )
    close(
        desk,
        "2024-08-20",
        "2024-08-21",
        review=True,
        closing_way="终结执行",
        terminated_ground="当事人达成和解协议，申请执行人撤回执行申请",
    )
    desk.at("2024-08-22T10:00").fill(43)
    desk.at("2024-08-29T10:00").fill(44)
    return desk


_STORIES: Mapping[str, Callable[[], Desk]] = {
    "completed": _completed,
    "current_terminated": _current_terminated,
    "resumed": _resumed,
    "terminated": _terminated,
}
