"""What holds for every time limit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpers.calendars import CALENDAR
from zhixing_desktop.workflow.timelimits import (
    BeforeHoliday,
    BeforeJudgement,
    BeforeReading,
    Direction,
    Due,
    Extension,
    Interval,
    Rolling,
    TimeSpec,
    Unit,
    compute,
    derive,
    earliest_event_day,
    judge_before,
    latest_act_day,
    periodic_days,
    warn_moments,
)

ONE_DAY = timedelta(days=1)


DAYS = st.dates(date(2004, 1, 1), date(2045, 12, 31))
MOMENTS = st.datetimes(datetime(2004, 1, 1), datetime(2045, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
DAY_LIKE = st.builds(
    TimeSpec, st.integers(1, 60), st.sampled_from([Unit.DAY, Unit.MONTH, Unit.WORKDAY])
)
WITHIN = st.one_of(
    DAY_LIKE,
    st.builds(TimeSpec, st.integers(1, 96), st.just(Unit.HOUR)),
    st.builds(TimeSpec, st.just(0), st.sampled_from([Unit.SAME_DAY, Unit.IMMEDIATE])),
)
BEFORE = st.builds(TimeSpec, st.integers(1, 60), st.just(Unit.DAY), st.just(Direction.BEFORE))
EXTENSIONS = st.lists(
    st.builds(
        Extension,
        st.integers(1, 12),
        st.sampled_from([Unit.MONTH, Unit.DAY]),
        st.just("案情复杂"),
        st.just("审限规定第五条"),
        st.just(date(2024, 7, 30)),
    ),
    max_size=3,
)


@st.composite
def exclusions_from(draw: st.DrawFn, anchor: date) -> list[Interval]:
    """Closed intervals around a period that starts at ``anchor``."""
    spans = draw(st.lists(st.tuples(st.integers(-40, 400), st.integers(0, 90)), max_size=5))
    return [
        Interval(anchor + start * ONE_DAY, anchor + (start + length) * ONE_DAY, "评估")
        for start, length in spans
    ]


def end_of(due: Due) -> datetime:
    """The effective end, which must be there."""
    assert due.effective is not None
    return due.effective


@given(WITHIN, MOMENTS)
def test_an_end_never_moves_forward_past_its_count(spec: TimeSpec, anchor: datetime) -> None:
    """Effective is not before nominal, and neither is before the anchor."""
    due = compute(spec, anchor, CALENDAR)
    assert due.nominal is not None
    assert anchor <= due.nominal <= end_of(due)


@given(DAY_LIKE, DAYS)
def test_a_rolled_end_is_the_nearest_working_day(spec: TimeSpec, anchor: date) -> None:
    """Never a day of rest, and nothing worked was skipped."""
    due = compute(spec, anchor, CALENDAR)
    assert due.nominal is not None
    last = end_of(due).date()
    assert CALENDAR.is_workday(last)
    day = due.nominal.date()
    while day < last:
        assert CALENDAR.is_rest_day(day)
        day += ONE_DAY
    strict = compute(spec, anchor, CALENDAR, rolling=Rolling.STRICT)
    assert strict.nominal == strict.effective == due.nominal


@given(BEFORE, DAYS, st.sampled_from(BeforeHoliday), st.sampled_from(BeforeReading))
def test_a_before_limit_never_moves_towards_its_event(
    spec: TimeSpec, event: date, holiday: BeforeHoliday, reading: BeforeReading
) -> None:
    """Whatever the settings, X days at least lie between latest day and event."""
    due = compute(spec, event, CALENDAR, before=reading, before_holiday=holiday)
    assert due.nominal is not None
    assert end_of(due) <= due.nominal
    assert (event - end_of(due).date()).days >= spec.amount
    latest = latest_act_day(spec, event, before=reading, before_holiday=holiday, calendar=CALENDAR)
    assert latest == end_of(due).date()


@given(BEFORE, DAYS, st.sampled_from(BeforeReading))
def test_both_ways_of_a_before_limit_are_inverse(
    spec: TimeSpec, day: date, reading: BeforeReading
) -> None:
    """From the event to the act and back."""
    latest = latest_act_day(spec, day, before=reading)
    assert earliest_event_day(spec, latest, before=reading) == day
    earliest = earliest_event_day(spec, day, before=reading)
    assert latest_act_day(spec, earliest, before=reading) == day


@given(BEFORE, DAYS)
def test_the_earliest_event_is_the_earliest_that_allows_the_act(spec: TimeSpec, act: date) -> None:
    """Also where latest days move off days of rest: one day sooner would be too soon."""
    holiday = BeforeHoliday.EARLIER
    event = earliest_event_day(spec, act, before_holiday=holiday, calendar=CALENDAR)
    assert latest_act_day(spec, event, before_holiday=holiday, calendar=CALENDAR) >= act
    sooner = event - ONE_DAY
    assert latest_act_day(spec, sooner, before_holiday=holiday, calendar=CALENDAR) < act


@given(BEFORE, DAYS, st.integers(-5, 90))
def test_a_verdict_agrees_with_the_latest_day(spec: TimeSpec, event: date, apart: int) -> None:
    """ok, one day of caution, late."""
    verdict = judge_before(spec, event - apart * ONE_DAY, event)
    expected = BeforeJudgement.LATE
    if apart >= spec.amount:
        expected = BeforeJudgement.CAUTION if apart == spec.amount else BeforeJudgement.OK
    assert verdict.judgement is expected


@given(
    st.one_of(DAY_LIKE, st.builds(TimeSpec, st.integers(1, 96), st.just(Unit.HOUR))),
    MOMENTS,
    st.integers(0, 10**6),
)
def test_a_later_event_never_ends_sooner(spec: TimeSpec, anchor: datetime, later: int) -> None:
    """Monotone in the anchor, for every unit."""
    first = compute(spec, anchor, CALENDAR)
    second = compute(spec, anchor + timedelta(seconds=later), CALENDAR)
    assert end_of(first) <= end_of(second)


@given(DAY_LIKE, DAYS, EXTENSIONS, st.data())
def test_extensions_and_exclusions_never_shorten(
    spec: TimeSpec, anchor: date, extensions: list[Extension], data: st.DataObject
) -> None:
    """Nor count a day twice; the days told are the days added."""
    bare = compute(spec, anchor, CALENDAR)
    extended = compute(spec, anchor, CALENDAR, extensions=extensions)
    assert end_of(bare) <= end_of(extended)
    exclusions = data.draw(exclusions_from(anchor))
    due = compute(spec, anchor, CALENDAR, extensions=extensions, exclusions=exclusions)
    assert end_of(extended) <= end_of(due)
    lengths = [((one.end or one.start) - one.start).days for one in exclusions]
    assert due.excluded_days <= sum(lengths)


@given(DAY_LIKE, DAYS, st.integers(0, 9), st.data())
def test_a_longer_stretch_never_ends_sooner(
    spec: TimeSpec, anchor: date, wider: int, data: st.DataObject
) -> None:
    """Widening an excluded stretch, or adding one, gives no earlier end."""
    exclusions = data.draw(exclusions_from(anchor).filter(bool))
    first, *others = exclusions
    wide = Interval(
        first.start - wider * ONE_DAY, (first.end or first.start) + wider * ONE_DAY, "评估"
    )
    fewer = compute(spec, anchor, CALENDAR, exclusions=others)
    narrow = compute(spec, anchor, CALENDAR, exclusions=exclusions)
    widened = compute(spec, anchor, CALENDAR, exclusions=[wide, *others])
    assert end_of(fewer) <= end_of(narrow) <= end_of(widened)


@given(DAY_LIKE, DAYS, st.data())
def test_nothing_ends_within_an_excluded_stretch(
    spec: TimeSpec, anchor: date, data: st.DataObject
) -> None:
    """The last day is a day that counts."""
    exclusions = data.draw(exclusions_from(anchor))
    due = compute(spec, anchor, CALENDAR, exclusions=exclusions)
    day = end_of(due).date()
    assert not any(one.start <= day < (one.end or one.start) for one in exclusions)


@given(st.integers(1, 12), DAYS, st.data())
def test_strict_exclusions_add_the_union(months: int, anchor: date, data: st.DataObject) -> None:
    """Without rolling: day after day, each day that is excluded pushes the end by one."""
    spec = TimeSpec(months, Unit.MONTH)
    exclusions = data.draw(exclusions_from(anchor))
    due = compute(spec, anchor, CALENDAR, rolling=Rolling.STRICT, exclusions=exclusions)
    left = (end_of(compute(spec, anchor, CALENDAR, rolling=Rolling.STRICT)).date() - anchor).days
    day = anchor
    while left:
        day += ONE_DAY
        if not any(one.start <= day < (one.end or one.start) for one in exclusions):
            left -= 1
    # The end as counted is a day that counts, so the two ways of counting agree on it.
    assert end_of(due).date() == day


@given(DAY_LIKE, DAYS, st.data())
def test_exclusions_in_any_order_give_one_answer(
    spec: TimeSpec, anchor: date, data: st.DataObject
) -> None:
    """The order of entry has no say."""
    exclusions = data.draw(exclusions_from(anchor))
    shuffled = data.draw(st.permutations(exclusions))
    assert compute(spec, anchor, CALENDAR, exclusions=exclusions) == compute(
        spec, anchor, CALENDAR, exclusions=shuffled
    )


@given(st.one_of(WITHIN, BEFORE), MOMENTS, EXTENSIONS, st.data())
def test_every_derivation_tells_its_computation(
    spec: TimeSpec, anchor: datetime, extensions: list[Extension], data: st.DataObject
) -> None:
    """No input on which the words fail or the dates differ."""
    exclusions = data.draw(exclusions_from(anchor.date()))
    if data.draw(st.booleans()):
        exclusions.append(Interval(anchor.date() + 5 * ONE_DAY, None, "中止"))
    rolling = data.draw(st.sampled_from(Rolling))
    told = derive(
        spec, anchor, CALENDAR, rolling=rolling, extensions=extensions, exclusions=exclusions
    )
    assert told.due == compute(
        spec, anchor, CALENDAR, rolling=rolling, extensions=extensions, exclusions=exclusions
    )
    assert all(step.words.endswith("。") for step in told.steps)


@given(st.one_of(WITHIN, BEFORE), MOMENTS)
def test_warnings_lie_between_anchor_and_deadline(spec: TimeSpec, anchor: datetime) -> None:
    """Ascending, at most two, never after the deadline, never before a period has begun."""
    due = compute(spec, anchor, CALENDAR)
    for calendar in (None, CALENDAR):
        moments = warn_moments(spec, anchor, due, calendar=calendar)
        assert list(moments) == sorted(set(moments))
        assert len(moments) <= 2
        assert all(moment < end_of(due) for moment in moments)
        if spec.direction is Direction.WITHIN:
            assert all(anchor <= moment for moment in moments)


@given(DAYS, st.integers(1, 12), st.integers(1, 20))
def test_periodic_days_keep_to_the_day_of_the_month(anchor: date, every: int, runs: int) -> None:
    """Ascending, the same day of the month or the month's last."""
    days = periodic_days(anchor, every, runs)
    assert len(days) == runs
    assert list(days) == sorted(days)
    for day in days:
        assert day.day == anchor.day or (day + ONE_DAY).day == 1
