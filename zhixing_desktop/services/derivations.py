"""Why a date is what it is: the derivation behind a limit, for the screen and the slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhixing_desktop.services.rules import Rules
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import UsageError
from zhixing_desktop.workflow.limits import derivation_of, readings_for, spec_of
from zhixing_desktop.workflow.rulebook import Direction, LimitKind, TimeLimit
from zhixing_desktop.workflow.timelimits import (
    BeforeVerdict,
    Derivation,
    Extension,
    Interval,
    derive,
    earliest_event_day,
    judge_before,
    periodic_days,
)
from zhixing_desktop.workflow.views import LimitView


@dataclass(frozen=True, slots=True)
class Movements:
    """What moves a limit besides the calendar; ``rolling`` is empty for the court's own setting."""

    rolling: str = ""
    extensions: Sequence[Extension] = ()
    exclusions: Sequence[Interval] = ()


_UNMOVED = Movements()


def derivation(ctx: Context, view: LimitView) -> Derivation | None:
    """Return the derivation of a case's limit, ``None`` while it does not run yet."""
    if view.anchor_at is None:
        return None
    return derivation_of(ctx, view.limit, view.anchor_at, view.anchor_words)


def limit_of(rules: Rules, limit_id: str) -> TimeLimit:
    """Return a limit by its id; :class:`UsageError` lists what there is instead."""
    try:
        return rules.book.limit(limit_id)
    except KeyError as error:
        head = limit_id.partition("-")[0]
        node = rules.book.nodes.get(int(head)) if head.isdecimal() else None
        own = "、".join(limit.id for limit in node.time_limits) if node else ""
        if own:
            more = f"节点{head}的时限有：{own}。"
        elif node:
            more = f"节点{head}没有时限。"
        else:
            more = "编号是节点号加字母，形如 7-a；用 zhixing rulebook show 查看全部。"
        raise UsageError(f"没有编号为“{limit_id}”的时限。{more}") from error


def derivation_from(
    rules: Rules, limit_id: str, anchor: date, moves: Movements = _UNMOVED
) -> Derivation:
    """Return when a limit ends that runs from ``anchor`` (a day or a moment), without any case.

    Of a periodic limit it is the first run.  Raises :class:`UsageError` for an unknown limit.
    """
    limit = limit_of(rules, limit_id)
    readings = readings_for(rules.book.settings, limit)
    return derive(
        spec_of(limit),
        anchor,
        rules.calendar,
        rolling=moves.rolling or readings.rolling,
        before=readings.before,
        before_holiday=readings.before_holiday,
        exact_hour=readings.exact_hour,
        extensions=moves.extensions,
        exclusions=moves.exclusions,
        anchor_words=_anchor_words(rules, limit),
        rule_cite=limit.cite.words(),
    )


def runs_from(rules: Rules, limit_id: str, anchor: date) -> tuple[date, ...]:
    """Return all days of a periodic limit; none for any other."""
    limit = limit_of(rules, limit_id)
    if limit.kind is not LimitKind.PERIODIC:
        return ()
    return periodic_days(anchor, limit.amount, limit.count)


def earliest_event(rules: Rules, limit_id: str, act: date) -> date:
    """Return the earliest day of the event that an act on ``act`` comes in time for.

    Raises :class:`UsageError` where the limit does not end before an event.
    """
    return earliest_event_day(
        spec_of(_before(rules, limit_id)),
        act,
        before=rules.book.settings.before,
        before_holiday=rules.book.settings.before_holiday,
        calendar=rules.calendar,
    )


def judgement(rules: Rules, limit_id: str, act: date, event: date) -> BeforeVerdict:
    """Return whether an act comes in time before its event; errors as above."""
    return judge_before(
        spec_of(_before(rules, limit_id)),
        act,
        event,
        before=rules.book.settings.before,
        before_holiday=rules.book.settings.before_holiday,
        calendar=rules.calendar,
    )


def _before(rules: Rules, limit_id: str) -> TimeLimit:
    limit = limit_of(rules, limit_id)
    if limit.direction is not Direction.BEFORE:
        raise UsageError(
            f"时限{limit_id}（{limit.words()}）自事件之后起算，不是“……日前”的时限，不能用 --act。"
            "请用 --from 写起算的日期。"
        )
    return limit


def _anchor_words(rules: Rules, limit: TimeLimit) -> str:
    event = rules.book.events.get(limit.anchor)
    if limit.kind is LimitKind.PERIODIC:
        return "结案"
    return event.label if event else "起算之日"
