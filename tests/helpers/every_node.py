"""A case in which a given node is open, for tests that go through all 46."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from helpers.bureau import Office
from zhixing_desktop.services.bureau import SYSTEM
from zhixing_desktop.services.steps import take
from zhixing_desktop.workflow.decide import NewFact, midnight
from zhixing_desktop.workflow.facts import COMPLETED, DECIDED, FIELDS, REQUESTED, STARTED
from zhixing_desktop.workflow.views import Key

ASSET, ROUND, PAYMENT = "asset/1", "asset/1/round/1", "payment/1"
CAR = {"name": "豫H·A1234小型轿车", "category": "车辆", "online": False}
MONEY = {"name": "工行存款", "category": "银行存款", "online": True}
GOODS = {"name": "工艺品一件", "category": "应交付的特定物", "online": False}
CLUE = {"name": "在某公司持有股权", "source": "申请执行人提供", "urgent": False}
PAID = {"name": "第一笔执行款", "amount": "5000.00", "payer": "乙"}

Events = Sequence[tuple[str, str, dict[str, Any]]]
_FOUND: Events = [("asset_found", ASSET, CAR)]
_HELD: Events = [*_FOUND, ("asset_controlled", ASSET, {})]
_REPORTED: Events = [*_HELD, ("price_report_received", ASSET, {})]
_PRICED: Events = [*_HELD, ("price_fixed", ASSET, {})]
_AUCTION: Events = [*_PRICED, ("auction_started", ROUND, {})]
_FAILED: Events = [*_AUCTION, ("auction_failed", ROUND, {})]
_SECOND: Events = [
    *_FAILED,
    ("auction_started", "asset/1/round/2", {}),
    ("auction_failed", "asset/1/round/2", {}),
]
_SOLD: Events = [*_AUCTION, ("auction_sold", ROUND, {})]
_PAID: Events = [("payment_arrived", PAYMENT, PAID)]

WAYS: dict[int, tuple[str, Events]] = {
    8: ("clue/1", [("clue_received", "clue/1", CLUE)]),
    11: ("query/network", [("network_query_started", "case", {})]),
    13: ("debtor/1", []),
    17: (ASSET, _FOUND),
    18: ("case", [("no_assets_determined", "case", {})]),
    19: (ASSET, _HELD),
    20: (ASSET, _HELD),
    21: (ASSET, [*_HELD, ("price_report_received", ASSET, {})]),
    22: (
        ASSET,
        [*_HELD, ("price_report_received", ASSET, {}), ("price_report_delivered", ASSET, {})],
    ),
    23: (ASSET, _PRICED),
    24: (ROUND, _AUCTION),
    25: (ROUND, _AUCTION),
    26: ("asset/1/round/2", _FAILED),
    27: (ROUND, _SOLD),
    28: (ASSET, [*_SECOND, ("offset_refused", ASSET, {})]),
    29: (ASSET, _SECOND),
    30: (ASSET, [*_SOLD, ("sale_confirmed", ASSET, {})]),
    31: (ASSET, [("asset_found", ASSET, MONEY), ("asset_controlled", ASSET, {})]),
    32: (PAYMENT, _PAID),
    33: (PAYMENT, _PAID),
    34: (PAYMENT, _PAID),
    35: (ASSET, [("asset_found", ASSET, GOODS), ("asset_controlled", ASSET, {})]),
    36: ("debtor/1", []),
    37: ("debtor/1", []),
    38: ("debtor/1", []),
    39: ("debtor/1", [("summons_ignored", "debtor/1", {}), ("summons_ignored", "debtor/1#2", {})]),
    41: ("debtor/1", []),
    44: ("case", [("closing_requested", "case", {}), ("closing_confirmed", "case", {})]),
    45: ("followup/1", [("closing_requested", "case", {}), ("closing_confirmed", "case", {})]),
    46: ("case", [("closing_confirmed", "case", {}), ("resumption_clue_found", "case", {})]),
}
GRANTED = {
    33: ("payout", PAYMENT),
    34: ("escrow", PAYMENT),
    36: ("consumption_restriction", "debtor/1"),
    37: ("credit_listing", "debtor/1"),
    39: ("bring_in", "debtor/1"),
    40: ("fine_or_detention", "case"),
    43: ("special_review", "case"),
}
"""Decisions without which a node's own event is refused."""


def open_node(office: Office, case: int, node: int) -> Key:
    """Bring a new case to where ``node`` can be worked on; return the instance."""
    subject, events = WAYS.get(node, ("case", []))
    key = Key(node, subject)
    for earlier in (1, 2, 3, 4):
        if node > earlier:
            office.fill(case, earlier)
    ctx = office.detail(case).context
    made = []
    for at, (name, where, data) in enumerate(events):
        moment = ctx.now if name == "asset_found" else midnight(ctx.now)
        if name == "summons_ignored":
            # Two summonses are of two days.
            moment -= timedelta(days=1 - at)
        made.append(NewFact(name, where, moment, None, data))
    if node in (44, 45, 46):
        way = {"values": {"closing_way": "终结本次执行程序"}}
        made.append(NewFact(FIELDS, "case", ctx.now, 43, way))
        made.append(NewFact(COMPLETED, "case", ctx.now, 43, {}))
    if node == 22:
        made.append(NewFact(FIELDS, ASSET, ctx.now, 20, {"values": {"pricing_method": "网络询价"}}))
    made += _granted(office, case, node, len(made))
    spec = ctx.rulebook.nodes[node]
    if spec.on_demand:
        made.append(NewFact(STARTED, subject, midnight(ctx.now), node, {}))
    if made:
        take(office.bureau, SYSTEM, case, "case.rebuild", lambda _ctx, _view: made)
    return key


def _granted(office: Office, case: int, node: int, before: int) -> list[NewFact]:
    """The application and the decision, as if the leaders had decided it already."""
    if node not in GRANTED:
        return []
    matter, subject = GRANTED[node]
    detail = office.detail(case)
    seq = len(detail.facts) + before + 1
    rule = next(a for a in detail.context.rulebook.nodes[node].approvals if a.matter == matter)
    asked = {"matter": matter, "reason": "事由充分", "level": "local", "roles": list(rule.roles)}
    said = {
        "request": seq,
        "outcome": "granted",
        "role": rule.roles[-1],
        "by": "王院长",
        "reason": "同意",
        "matter": matter,
        "final": True,
    }
    return [
        NewFact(REQUESTED, subject, detail.now, node, asked),
        NewFact(DECIDED, subject, detail.now, node, said),
    ]
