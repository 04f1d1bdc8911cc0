"""Cases that stand at some stage: where many tests begin.  Each call gives a fresh desk."""

from __future__ import annotations

from functools import cache

from helpers.desk import Desk
from helpers.scenarios import begin, file

CAR = {"name": "豫H12345轿车", "category": "车辆", "online": False}
HOUSE = {"name": "解放路房屋", "category": "不动产", "online": False}
DEPOSIT = {"name": "工行存款", "category": "银行存款", "online": True}
PAYMENT = {"name": "被执行人交款", "amount": "1000.00", "payer": "被执行人本人"}
PARTIES = [("creditor", "焦作市甲商贸有限公司"), ("debtor", "乙建强"), ("debtor", "丙文博")]


@cache
def _begun() -> Desk:
    desk = Desk("2024-03-01T09:00", parties=PARTIES)
    file(desk, "2024-03-01", found=False)
    begin(desk, "2024-03-04", "2024-03-08")
    return desk


def begun() -> Desk:
    """Received, examined, the notice given: on 2024-03-08."""
    return _begun().copy()


def held(asset: dict[str, object], name: str = "asset/1") -> Desk:
    """An asset under control, node 17 completed."""
    desk = begun().at("2024-03-11T10:00").event("asset_found", name, **asset)
    return desk.at("2024-03-12T10:00").fill(17, name)


def on_auction(asset: dict[str, object]) -> Desk:
    """The first round has just been started: on 2024-04-01."""
    desk = held(asset).fill(19, "asset/1").at("2024-03-13T10:00")
    desk.work(20, "asset/1", pricing_started_on="2024-03-13")
    desk.at("2024-03-27T10:00").fill(20, "asset/1", pricing_method="当事人议价")
    return desk.at("2024-04-01T10:00").fill(23, "asset/1", platform="淘宝网")


def failed_once(asset: dict[str, object]) -> Desk:
    """The first round failed: on 2024-05-21."""
    desk = on_auction(asset)
    desk.work(25, "asset/1/round/1", announced_on="2024-04-08", auction_opens_on="2024-05-20")
    desk.at("2024-05-21T10:00")
    return desk.fill(25, "asset/1/round/1", auction_result="流拍", failed_on="2024-05-21")


def sold() -> Desk:
    desk = on_auction(CAR)
    desk.work(25, "asset/1/round/1", announced_on="2024-04-08", auction_opens_on="2024-04-26")
    desk.at("2024-04-28T10:00")
    desk.fill(25, "asset/1/round/1", auction_result="成交", sold_on="2024-04-27")
    return desk.at("2024-05-06T10:00").fill(27, "asset/1/round/1", paid_on="2024-04-30")


def paid_in() -> Desk:
    desk = begun().at("2024-03-11T10:00").event("payment_arrived", "payment/1", **PAYMENT)
    return desk.enter(32, "payment/1")


def restricted(desk: Desk, *debtors: str) -> Desk:
    for debtor in debtors:
        desk.start(36, debtor).approve(36, "consumption_restriction", debtor).fill(36, debtor)
    return desk


def closing(desk: Desk, **values: object) -> Desk:
    """All closing data entered, nothing asked for yet."""
    later = dict.fromkeys(
        ("closing_requested_on", "closing_published_on", "current_termination_opened_on")
    )
    return desk.enter(43, leave=(14, 15, 23, 24, 25), **{**later, **values})


def current_termination() -> Desk:
    """Everything for 终本 is there but the reviewer's acceptance."""
    desk = begun().at("2024-06-05T09:00").event("no_assets_determined")
    restricted(desk.fill(18), "debtor/1", "debtor/2")
    return closing(desk, closing_way="终结本次执行程序", control_renewal_state="未申请")


def completion(desk: Desk | None = None, **values: object) -> Desk:
    wanted = {"closing_way": "执行完毕", "completion_acceptance": NOT_ACCEPTED, **values}
    return closing((desk or begun()).at("2024-06-05T09:00"), **wanted)


NOT_ACCEPTED = "没有认可，制作结案通知书"
WITHDRAWN = "当事人达成和解协议，申请执行人撤回执行申请"
