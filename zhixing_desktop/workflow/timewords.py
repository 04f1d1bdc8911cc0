"""A computed time limit told step by step, in sentences an officer can hold against the law.

Nothing is computed here: every date comes from the ``Trail`` that ``counting`` left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.counting import Block, Trail, day_of
from zhixing_desktop.workflow.day_words import date_words, day_words, time_words
from zhixing_desktop.workflow.rulebook import Direction, Unit
from zhixing_desktop.workflow.timespec import (
    BeforeHoliday,
    BeforeReading,
    Extension,
    Interval,
    Readings,
    Step,
)

# Numbering in force since 2024-01-01 (民事诉讼法, fifth amendment) and 2022-04-10 (解释).
PROCEDURE_START = "《中华人民共和国民事诉讼法》第八十五条第二款"
PROCEDURE_HOLIDAY = "《中华人民共和国民事诉讼法》第八十五条第三款"
INTERPRETATION = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第一百二十五条"
CODE_MONTH = "《中华人民共和国民法典》第二百零二条"
CODE_END = "《中华人民共和国民法典》第二百零三条"
READING_COUNT = "释义 A5"
READING_ONCE = "释义 A20"
READING_BEFORE = "释义 A38"

_ONE_DAY = timedelta(days=1)
_ONE_HOUR = timedelta(hours=1)
_UNIT_WORDS = {Unit.MONTH: "个月", Unit.DAY: "日", Unit.HOUR: "小时", Unit.WORKDAY: "个工作日"}


def tell(
    trail: Trail,
    calendar: CourtCalendar,
    readings: Readings,
    first: Step,
    *,
    extensions: Sequence[Extension] = (),
    exclusions: Sequence[Interval] = (),
) -> tuple[Step, ...]:
    """All steps of a computation, in the order of the arithmetic.

    ``first`` names the anchor and the provision the limit stands in; its day is added here.
    """
    start = Step(f"{first.words}：{_anchor_words(trail, calendar)}。", first.cite)
    if trail.spec.direction is Direction.BEFORE:
        steps = [start, *_tell_before(trail, calendar, readings)]
        if extensions or exclusions:
            steps.append(Step("倒数的期限不适用延长和扣除。", READING_BEFORE))
    else:
        steps = [start, _tell_bare(trail, calendar)]
        steps += _tell_extensions(trail, calendar, extensions)
        steps += _tell_exclusions(trail, calendar, exclusions)
        if trail.suspended_by is None:
            steps += _tell_end(trail, calendar)
    if trail.unsettled and trail.suspended_by is None:
        steps.append(_tell_unsettled(trail, calendar))
    return tuple(steps)


def _anchor_words(trail: Trail, calendar: CourtCalendar) -> str:
    # The event has its day, whatever a notice says of it later.
    anchor, open_year = trail.anchor, calendar.is_provisional(trail.anchor)
    words = day_words(day_of(anchor)) if open_year else calendar.describe(anchor)
    exact = trail.spec.unit in (Unit.HOUR, Unit.IMMEDIATE)
    if exact and isinstance(trail.anchor, datetime):
        words += time_words(trail.anchor)
    return words


def _tell_bare(trail: Trail, calendar: CourtCalendar) -> Step:
    spec, end = trail.spec, calendar.describe(trail.bare)
    first = date_words(day_of(trail.anchor) + _ONE_DAY)
    match spec.unit:
        case Unit.DAY:
            words = f"开始之日不计入，自{first}起计算{spec.amount}日，至{end}。"
            return Step(words, f"{PROCEDURE_START}；{INTERPRETATION}")
        case Unit.MONTH:
            words = f"开始之日不计入，自{first}起计算{spec.amount}个月，"
            anchor = day_of(trail.anchor)
            if trail.bare.day < anchor.day:
                words += f"到期月没有{anchor.day}日，以月末日{end}为最后一日。"
            else:
                words += f"到期月的对应日为{end}。"
            return Step(words, f"{PROCEDURE_START}；{CODE_MONTH}")
        case Unit.WORKDAY:
            return Step(_workday_words(trail, calendar), f"{PROCEDURE_START}；{INTERPRETATION}")
        case Unit.HOUR:
            return Step(_hour_words(trail, calendar), f"{INTERPRETATION}；{READING_COUNT}")
        case Unit.SAME_DAY:
            return Step("当天完成，遇休息日也不顺延。", READING_COUNT)
        case Unit.IMMEDIATE:
            return Step("应当立即办理，不计算小时，以该事件发生之时为限。", READING_ONCE)


def _workday_words(trail: Trail, calendar: CourtCalendar) -> str:
    counted = "、".join(
        f"第{n}个{calendar.describe(day)}" for n, day in enumerate(trail.walked, start=1)
    )
    words = f"开始之日不计入，自次日起只计工作日：{counted}。"
    day, passed = day_of(trail.anchor) + _ONE_DAY, []
    while day < trail.walked[-1]:
        if day not in trail.walked:
            passed.append(day)
        day += _ONE_DAY
    if passed:
        words += f"其间不计休息日：{_listing(passed, calendar)}。"
    return words


def _hour_words(trail: Trail, calendar: CourtCalendar) -> str:
    anchor, start = trail.anchor, trail.hours_from or trail.bare
    words = "开始的时不计入，"
    if not isinstance(anchor, datetime):
        words = f"该事件只记录到日，按当日零时计算，请补录具体时刻。{words}"
    elif anchor == start:
        words = "事件恰在整点，按本院设置自该时起算，"
    elif anchor == start - _ONE_HOUR:
        words = f"事件恰在整点，属于自{time_words(anchor)}开始的一小时。{words}"
    return (
        f"{words}自{date_words(start)}{time_words(start)}起计算{trail.spec.amount}小时，"
        f"至{calendar.describe(trail.bare)}{time_words(trail.bare)}；"
        "以小时计算的期间遇休息日不延长。"
    )


def _tell_extensions(
    trail: Trail, calendar: CourtCalendar, extensions: Sequence[Extension]
) -> list[Step]:
    steps = [
        Step(
            f"{date_words(e.approved_on)}批准延长{e.amount}{_UNIT_WORDS[e.unit]}（{e.reason}）。",
            e.cite,
        )
        for e in extensions
    ]
    if steps:
        last = calendar.describe(trail.extended)
        clipped = trail.spec.unit is Unit.MONTH and all(e.unit is Unit.MONTH for e in extensions)
        anchor = day_of(trail.anchor)
        basis = CODE_MONTH if trail.spec.unit is Unit.MONTH else ""
        if clipped and trail.extended.day < anchor.day:
            words = (
                f"连同延长自起算日合并计算，到期月没有{anchor.day}日，以月末日{last}为最后一日。"
            )
        else:
            words = f"连同延长合并计算，至{last}。"
        steps.append(Step(words, basis))
    return steps


def _tell_exclusions(
    trail: Trail, calendar: CourtCalendar, exclusions: Sequence[Interval]
) -> list[Step]:
    steps = [
        Step(
            f"{date_words(block.start)}至{date_words(block.end - _ONE_DAY)}不计入，共"
            f"{(block.end - block.start).days}日（{_reasons(block.intervals)}）{_merged(block)}。",
            _cites(block.intervals),
        )
        for block in trail.blocks
        if block.end is not None
    ]
    if steps:
        words = f"合计扣除{trail.excluded_days}日"
        if trail.spec.unit is Unit.WORKDAY:
            words += "，按其中的工作日后延"
        if trail.suspended_by is None:
            words += f"，至{calendar.describe(trail.nominal)}"
        steps.append(Step(f"{words}。"))
    told = [interval for block in trail.blocks for interval in block.intervals]
    stopped = trail.suspended_by
    if stopped is not None:
        told += stopped.intervals
        words = f"自{date_words(stopped.start)}起暂停计时（{_reasons(stopped.intervals)}），"
        steps.append(Step(f"{words}恢复以前没有届满日。", _cites(stopped.intervals)))
    idle = [interval for interval in exclusions if interval not in told]
    if idle:
        words = "、".join(_interval_words(interval) for interval in idle)
        steps.append(Step(f"不在期间之内，不扣除：{words}。"))
    return steps


def _merged(block: Block) -> str:
    """Remarks: overlaps, so that nobody adds them up, and a start on a day rolled over."""
    words = ""
    whole = sum((i.end - max(i.start, block.start)).days for i in block.intervals if i.end)
    if block.end is not None and whole > (block.end - block.start).days:
        words += "，重叠的日期只扣除一次"
    if block.used_up:
        words += "；此时日数已满，仅因休息日尚未届满，故以其后第一日为最后一日"
    return words


def _tell_end(trail: Trail, calendar: CourtCalendar) -> list[Step]:
    steps: list[Step] = []
    day_like = trail.spec.unit in (Unit.DAY, Unit.WORKDAY, Unit.MONTH)
    if trail.skipped:
        words = f"最后一日遇休息日：{_listing(trail.skipped, calendar)}，"
        words += f"顺延至{calendar.describe(trail.effective)}。"
        steps.append(Step(words, f"{PROCEDURE_HOLIDAY}；{CODE_END}第一款"))
    elif trail.rolls and trail.nominal.date() not in trail.walked:
        steps.append(Step("最后一日是工作日，不发生顺延。", PROCEDURE_HOLIDAY))
    elif day_like and calendar.is_rest_day(trail.nominal):
        steps.append(Step("最后一日是休息日，按本院设置不顺延。", READING_COUNT))
    if trail.spec.unit is Unit.HOUR:
        words = f"于{date_words(trail.effective)}{time_words(trail.effective)}届满。"
        steps.append(Step(words, INTERPRETATION))
    elif trail.spec.unit is not Unit.IMMEDIATE:
        steps.append(Step(f"于{date_words(trail.effective)}24时届满。", f"{CODE_END}第二款"))
    return steps


def _tell_before(trail: Trail, calendar: CourtCalendar, readings: Readings) -> list[Step]:
    amount, event_day = trail.spec.amount, day_of(trail.anchor)
    latest = calendar.describe(trail.nominal)
    steps = []
    if readings.before is BeforeReading.FULL_DAYS:
        words = f"{amount}日前：与该日之间须隔满{amount}日，最迟为{latest}。"
        steps.append(Step(words, READING_BEFORE))
        second = calendar.describe(event_day - timedelta(days=amount))
        words = f"{second}办理的，与该日只相差{amount}日，其间不满{amount}整日，予以接受并提示。"
        steps.append(Step(words, READING_BEFORE))
    else:
        words = f"{amount}日前：与该日须相差{amount}日以上，最迟为{latest}。"
        steps.append(Step(words, READING_BEFORE))
    if trail.skipped:
        words = f"最迟日遇休息日：{_listing(trail.skipped, calendar)}，按本院设置提前至"
        steps.append(Step(f"{words}{calendar.describe(trail.effective)}。", READING_BEFORE))
    elif readings.before_holiday is BeforeHoliday.KEEP and calendar.is_rest_day(trail.nominal):
        steps.append(Step("最迟日是休息日，不向后顺延，请提前安排。", READING_BEFORE))
    words = f"最迟于{date_words(trail.effective)}24时以前办理。"
    steps.append(Step(words, f"{CODE_END}第二款"))
    return steps


def _tell_unsettled(trail: Trail, calendar: CourtCalendar) -> Step:
    published = calendar.published_years
    # Late December of a year with a notice waits for the next year's.
    years = {day.year + (day.year in published) for day in trail.unsettled}
    words = "、".join(f"{year}年" for year in sorted(years))
    return Step(f"{words}放假安排尚未公布，本时限为暂定，公布后重新计算。", READING_COUNT)


def _listing(days: Iterable[date], calendar: CourtCalendar) -> str:
    """Days in a row of a sentence whose year is plain: ``2月10日（星期六，春节）、…``."""
    return "、".join(calendar.describe(day).removeprefix(f"{day.year}年") for day in days)


def _interval_words(interval: Interval) -> str:
    start = date_words(interval.start)
    if interval.end is None:
        return f"{start}起（{interval.reason}）"
    return f"{start}至{date_words(interval.end - _ONE_DAY)}（{interval.reason}）"


def _reasons(intervals: Iterable[Interval]) -> str:
    return "、".join(dict.fromkeys(interval.reason for interval in intervals))


def _cites(intervals: Iterable[Interval]) -> str:
    return "；".join(dict.fromkeys(interval.cite for interval in intervals if interval.cite))
