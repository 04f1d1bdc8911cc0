"""The fixed list of conditions that the rulebook may name; the data never holds an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from zhixing_desktop.workflow import anchors, subjects
from zhixing_desktop.workflow.context import CLOSING_NODE, Context

Condition = Callable[[Context, str], bool]
Opener = Callable[[Context, str], datetime | None]

CURRENT_TERMINATED = "终结本次执行程序"
COMPLETED = "执行完毕"
TERMINATED = "终结执行"
LONG_SETTLEMENT = "和解长期履行"


def _kind(*kinds: str) -> Condition:
    return lambda ctx, subject: ctx.kind in kinds


def _asset(*classes: str) -> Condition:
    return lambda ctx, subject: ctx.asset_class(subject) in classes


def _closing_way(way: str) -> Condition:
    return lambda ctx, subject: ctx.closing_way == way


def _value(node: int, name: str, *wanted: object) -> Condition:
    def check(ctx: Context, subject: str) -> bool:
        value = ctx.index.value(node, subject, name)
        if isinstance(value, (list, tuple)):
            return any(entry in wanted for entry in value)
        return value in wanted

    return check


def _clue_urgent(ctx: Context, subject: str) -> bool:
    fact = ctx.index.event("clue_received", subjects.base(subject))
    return bool(fact is not None and fact.data.get("urgent"))


def _round_is_second(ctx: Context, subject: str) -> bool:
    return anchors.round_stage(ctx, subject) == 2


def _has_money(ctx: Context, subject: str) -> bool:
    return "money" in ctx.content


def _found_online(ctx: Context, subject: str) -> bool:
    """Whether the first query (node 3) brought an asset to light before the hand-over."""
    return bool(ctx.index.value(3, subjects.CASE, "assets_found"))


def _nothing_found(ctx: Context, subject: str) -> bool:
    return ctx.index.value(3, subjects.CASE, "assets_found") is False


def _closing(name: str) -> Callable[[Context], str]:
    return lambda ctx: str(ctx.index.value(CLOSING_NODE, subjects.CASE, name) or "")


_completed_ground = _closing("completed_ground")
_terminated_ground = _closing("terminated_ground")


def _fine(ctx: Context, subject: str) -> bool:
    chosen = ctx.index.value(40, subject, "sanction_measures") or ()
    return any(entry in ("罚款", "拘留") for entry in chosen)


def _settlement(ctx: Context, subject: str) -> bool:
    return "和解" in _completed_ground(ctx) or "和解" in _terminated_ground(ctx)


def _long_settlement(ctx: Context, subject: str) -> bool:
    return _terminated_ground(ctx) == LONG_SETTLEMENT


def _paid_voluntarily(ctx: Context, subject: str) -> bool:
    return "自动履行" in _completed_ground(ctx)


def _resumed_same_officer(ctx: Context, subject: str) -> bool:
    """Node 46: the resumed case is still with the officer who closed the earlier one (A68)."""
    if ctx.kind != "resumed" or not ctx.rulebook.settings.resumption_needs_new_officer:
        return False
    earlier = str(ctx.header.get("previous_officer", ""))
    return bool(earlier) and earlier == ctx.current_officer()


def _notice_impossible(ctx: Context, subject: str) -> bool:
    return bool(ctx.index.value(24, subject, "notice_impossible")) or (
        ctx.index.event("auction_publicity_started", subject) is not None
    )


CONDITIONS: Mapping[str, Condition] = MappingProxyType(
    {
        "always": lambda ctx, subject: True,
        "has_money_content": _has_money,
        "is_preservation": _kind("preservation"),
        "not_preservation": _kind("first", "resumed"),
        "is_resumed": _kind("resumed"),
        "is_litigation": lambda ctx, subject: not ctx.header.get("non_litigation"),
        "is_non_litigation": lambda ctx, subject: bool(ctx.header.get("non_litigation")),
        "asset_is_money": _asset("money"),
        "asset_needs_disposal": _asset("movable", "immovable", "right"),
        "asset_is_goods": _asset("goods", "movable"),
        "asset_is_movable": _asset("movable", "goods"),
        "asset_not_movable": _asset("immovable", "right"),
        "asset_online": lambda ctx, subject: bool(ctx.asset_of(subject).get("online")),
        "asset_offline": lambda ctx, subject: not ctx.asset_of(subject).get("online"),
        "clue_urgent": _clue_urgent,
        "clue_not_urgent": lambda ctx, subject: not _clue_urgent(ctx, subject),
        "round_is_first": lambda ctx, subject: not _round_is_second(ctx, subject),
        "round_is_second": _round_is_second,
        "closing_completed": _closing_way(COMPLETED),
        "closing_current_terminated": _closing_way(CURRENT_TERMINATED),
        "closing_terminated": _closing_way(TERMINATED),
        "network_sale_after_refusal": lambda ctx, subject: (
            ctx.find("offset_refused", subject) is not None
        ),
        "network_sale": lambda ctx, subject: (
            ctx.index.value(28, subject, "network_sale") is not False
        ),
        "found_assets_in_first_query": _found_online,
        "no_assets_in_first_query": _nothing_found,
        "report_open_to_objection": _value(
            20, "pricing_method", "网络询价", "委托评估", "网络询价报告", "评估报告"
        ),
        "auction_notice_impossible": _notice_impossible,
        "goods_handed_to_court": lambda ctx, subject: (
            ctx.index.event("goods_handed_over", subjects.base(subject)) is not None
        ),
        "bounty_on_application": lambda ctx, subject: (
            ctx.index.event("bounty_applied", subject) is not None
        ),
        "inquiry_order_granted": _value(16, "decision", "准许", "决定准许"),
        "offset_not_applied": lambda ctx, subject: (
            ctx.index.event("auction_offset_applied", subject) is None
        ),
        "fine_or_detention": _fine,
        "settlement_reached": _settlement,
        "long_term_settlement": _long_settlement,
        "paid_voluntarily": _paid_voluntarily,
        "same_officer": _resumed_same_officer,
        "second_round_failed": lambda ctx, subject: (
            anchors.second_round_failed(ctx, subject) is not None
        ),
    }
)


def _always_open(ctx: Context, subject: str) -> datetime | None:
    return ctx.index.opened_at


def _second_round_failed(ctx: Context, subject: str) -> datetime | None:
    found = anchors.second_round_failed(ctx, subject)
    return found.moment if found else None


def _first_round_offset(ctx: Context, subject: str) -> datetime | None:
    for entry in anchors.rounds_of(ctx, subject):
        fact = ctx.index.event("auction_offset_applied", entry)
        if fact is not None:
            return fact.happened_at
    return None


def _followup_due(ctx: Context, subject: str) -> datetime | None:
    return anchors.followup_window(ctx, subjects.number_of(subject))[0]


def _round_due(ctx: Context, subject: str) -> datetime | None:
    found = anchors.previous_round_failed(ctx, subject)
    return found.moment if found else None


def _query_running(ctx: Context, subject: str) -> datetime | None:
    found = anchors.query_started(ctx, subject)
    return found.moment if found else None


OPENERS: Mapping[str, Opener] = MappingProxyType(
    {
        "always": _always_open,
        "second_round_failed": _second_round_failed,
        "first_round_offset_applied": _first_round_offset,
        "followup_due": _followup_due,
        "second_round_due": _round_due,
        "query_running": _query_running,
    }
)
