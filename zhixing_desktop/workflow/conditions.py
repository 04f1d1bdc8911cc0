"""The fixed list of conditions that the rulebook may name; the data never holds an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from zhixing_desktop.workflow import rounds, subjects
from zhixing_desktop.workflow.answers import ANSWERS
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.controls import RELEASE_RULE, release_is_due

Condition = Callable[[Context, str], bool]

CURRENT_TERMINATED = "终结本次执行程序"
COMPLETED = "执行完毕"
TERMINATED = "终结执行"
LONG_SETTLEMENT = "和解长期履行"
WITHDRAWN_APPLICATION = "申请执行人撤销申请"
WITHDRAWN_AFTER_SETTLEMENT = "当事人达成和解协议，申请执行人撤回执行申请"
REFUSED_FILING = "不符合立案标准，不予受理"
DEBTOR_REPORT = "被执行人报告"


def _kind(*kinds: str) -> Condition:
    return lambda ctx, subject: ctx.kind in kinds


def _asset(*classes: str) -> Condition:
    return lambda ctx, subject: ctx.asset_class(subject) in classes


def _not(condition: Condition) -> Condition:
    return lambda ctx, subject: not condition(ctx, subject)


def _happened(event: str) -> Condition:
    return lambda ctx, subject: ctx.find(event, subject) is not None


def closing_value(ctx: Context, name: str) -> str:
    """Return what was entered into a field of node 43, empty where nothing was."""
    return str(ctx.index.value(CLOSING_NODE, subjects.CASE, name) or "")


def _closing(name: str, *wanted: str, way: str | None = None) -> Condition:
    def check(ctx: Context, subject: str) -> bool:
        if way is not None and ctx.closing_way != way:
            return False
        return closing_value(ctx, name) in wanted

    return check


def _clue_urgent(ctx: Context, subject: str) -> bool:
    fact = ctx.index.event("clue_received", subjects.base(subject))
    return bool(fact is not None and fact.data.get("urgent"))


def _clue_reported(ctx: Context, subject: str) -> bool:
    fact = ctx.index.event("clue_received", subjects.base(subject))
    return fact is not None and fact.data.get("source") == DEBTOR_REPORT


def _filing_not_refused(ctx: Context, subject: str) -> bool:
    return str(ctx.index.value(2, subject, "filing_review")) != REFUSED_FILING


def _round_is_second(ctx: Context, subject: str) -> bool:
    return rounds.stage_of(ctx, subject) == rounds.SECOND


def _round_ended(result: str, event: str) -> Condition:
    """The result of a round stands in node 25 or 26, whichever its stage has."""

    def check(ctx: Context, subject: str) -> bool:
        for node in (25, 26):
            value = ctx.index.value(node, subject, "auction_result")
            if value is not None:
                return str(value) == result
        return ctx.find(event, subject) is not None

    return check


def _taken_into_custody(ctx: Context, subject: str) -> bool:
    seized = str(ctx.index.value(17, subject, "control_measure")) in ("查封", "扣押")
    return seized and ctx.asset_class(subject) in ("movable", "goods")


def _notice_impossible(ctx: Context, subject: str) -> bool:
    return bool(ctx.index.value(24, subject, "notice_impossible")) or (
        ctx.index.event("auction_publicity_started", subject) is not None
    )


def _settlement(ctx: Context, subject: str) -> bool:
    return ctx.closing_way == COMPLETED and "和解" in closing_value(ctx, "completed_ground")


def _paid_voluntarily(ctx: Context, subject: str) -> bool:
    return ctx.closing_way == COMPLETED and "自动履行" in closing_value(ctx, "completed_ground")


def _ruling_needed(ctx: Context, subject: str) -> bool:
    """X34: every 终结 but 和解长期履行 has its ruling."""
    if ctx.closing_way != TERMINATED:
        return False
    return closing_value(ctx, "terminated_ground") != LONG_SETTLEMENT


def _funds_passed(ctx: Context, subject: str) -> bool:
    return "money" in ctx.content and bool(ctx.index.subjects_of("payment"))


def _same_officer(ctx: Context, subject: str) -> bool:
    """Node 46: the resumed case is still with the officer who closed the earlier one (A68)."""
    if ctx.kind != "resumed" or not ctx.rulebook.settings.resumption_needs_new_officer:
        return False
    earlier = str(ctx.header.get("previous_officer", ""))
    return bool(earlier) and earlier == ctx.current_officer()


_OTHERS: Mapping[str, Condition] = MappingProxyType(
    {
        "always": lambda ctx, subject: True,
        # --- the case
        "has_money_content": lambda ctx, subject: "money" in ctx.content,
        "is_preservation": _kind("preservation"),
        "not_preservation": _kind("first", "resumed"),
        "is_litigation": lambda ctx, subject: not ctx.header.get("non_litigation"),
        "is_non_litigation": lambda ctx, subject: bool(ctx.header.get("non_litigation")),
        "same_officer": _same_officer,
        "filing_not_refused": _filing_not_refused,
        # --- assets and clues
        "asset_is_money": _asset("money"),
        "asset_needs_disposal": _asset("movable", "immovable", "right"),
        "asset_is_goods": _asset("goods", "movable"),
        "asset_is_movable": _asset("movable", "goods"),
        "asset_not_movable": _asset("immovable", "right"),
        "asset_online": lambda ctx, subject: bool(ctx.asset_of(subject).get("online")),
        "asset_offline": lambda ctx, subject: not ctx.asset_of(subject).get("online"),
        "clue_urgent": _clue_urgent,
        "clue_not_urgent": _not(_clue_urgent),
        "clue_from_report": _clue_reported,
        "clue_from_creditor": _not(_clue_reported),
        "taken_into_custody": _taken_into_custody,
        "control_was_released": _happened("control_released"),
        # --- rounds, sale, settlement of the debt by the asset
        "round_is_first": _not(_round_is_second),
        "round_is_second": _round_is_second,
        "round_is_repeated": lambda ctx, subject: rounds.reneged_before(ctx, subject) is not None,
        "round_follows_failure": lambda ctx, subject: (
            rounds.failed_before(ctx, subject) is not None
        ),
        "round_sold": _round_ended("成交", "auction_sold"),
        "round_failed": _round_ended("流拍", "auction_failed"),
        "second_round_failed": lambda ctx, subject: rounds.second_failure(ctx, subject) is not None,
        "auction_notice_impossible": _notice_impossible,
        "network_sale_after_refusal": lambda ctx, subject: (
            rounds.refusal_after_second(ctx, subject) is not None
        ),
        "network_sale": lambda ctx, subject: (
            ctx.index.value(28, subject, "network_sale") is not False
        ),
        # --- measures
        "restriction_was_lifted": _happened("consumption_restriction_lifted"),
        # --- closing
        "closing_completed": _closing("closing_way", COMPLETED),
        "closing_current_terminated": _closing("closing_way", CURRENT_TERMINATED),
        "closing_terminated": _closing("closing_way", TERMINATED),
        "closing_notice_needed": _closing(
            "completion_acceptance", "没有认可，制作结案通知书", way=COMPLETED
        ),
        "completion_accepted": _closing(
            "completion_acceptance",
            "双方当事人书面认可执行完毕",
            "双方当事人口头认可执行完毕并记入笔录",
            way=COMPLETED,
        ),
        RELEASE_RULE: lambda ctx, subject: release_is_due(ctx),
        "restrictions_were_lifted": _closing("measures_release", "已全部解除", way=COMPLETED),
        "settlement_reached": _settlement,
        "settlement_written": _closing("settlement_form", "书面执行和解协议", way=COMPLETED),
        "settlement_oral": _closing(
            "settlement_form", "口头和解协议，内容已制作笔录并经当事人签字", way=COMPLETED
        ),
        "paid_voluntarily": _paid_voluntarily,
        "funds_passed_through_court": _funds_passed,
        "renewal_applied_for": _closing(
            "control_renewal_state",
            "已申请，正在办理续行手续",
            "已办理续行手续",
            way=CURRENT_TERMINATED,
        ),
        "termination_ruling_needed": _ruling_needed,
        "application_withdrawn": _closing(
            "terminated_ground", WITHDRAWN_APPLICATION, WITHDRAWN_AFTER_SETTLEMENT, way=TERMINATED
        ),
        "settlement_to_be_filed": _closing(
            "terminated_ground", WITHDRAWN_AFTER_SETTLEMENT, LONG_SETTLEMENT, way=TERMINATED
        ),
        "long_term_settlement": _closing("terminated_ground", LONG_SETTLEMENT, way=TERMINATED),
    }
)

CONDITIONS: Mapping[str, Condition] = MappingProxyType(
    {**_OTHERS, **{name: answer.holds for name, answer in ANSWERS.items()}}
)


def all_hold(ctx: Context, names: tuple[str, ...], subject: str) -> bool:
    """Tell whether every named condition holds for a subject."""
    return all(CONDITIONS[name](ctx, subject) for name in names)


def holds(ctx: Context, name: str | None, subject: str) -> bool:
    """Tell whether a condition holds; none always does."""
    return name is None or CONDITIONS[name](ctx, subject)
