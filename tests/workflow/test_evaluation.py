"""Evaluating again what new facts and time can have touched gives what evaluating everything gives.

``test_properties`` compares the two after every random command; here are the seams.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from helpers.desk import Desk, calendar, rulebook
from helpers.stages import CAR, HOUSE, completion, current_termination, failed_once, on_auction
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.engine import evaluate, instance_view, view_of
from zhixing_desktop.workflow.evaluation import Evaluation, evaluated
from zhixing_desktop.workflow.facts import FactIndex
from zhixing_desktop.workflow.views import CaseView, Key
from zhixing_desktop.workflow.watched import BY_KEY, WHOLE, Watch, WatchedContext, changed_between

SECOND = timedelta(seconds=1)
STAGES = {
    "begun": Desk,
    "auction": lambda: on_auction(CAR),
    "failed": lambda: failed_once(HOUSE),
    "completion": completion,
    "terminated": current_termination,
}


@pytest.fixture(params=sorted(STAGES))
def desk(request: pytest.FixtureRequest) -> Desk:
    made: Desk = STAGES[request.param]()
    return made


def turning_moments(view: CaseView) -> list[datetime]:
    """All moments that a view names: at these, and a second before and after, it may change."""
    found = {step.at for step in view.agenda}
    for entry in view.instances.values():
        found.add(entry.opened_at or view.at)
        for limit in entry.limits:
            found.update(limit.warn_at)
            found.update(at for at in (limit.due_at, limit.caution_at) if at is not None)
    return sorted({at + SECOND * n for at in found for n in (-1, 0, 1)})


def written(index: FactIndex) -> dict[str, str]:
    """All that an index holds, in its order."""
    return {name: repr(held) for name, held in vars(index).items() if not isinstance(held, set)}


def test_an_index_that_grows_is_the_index_of_all_facts(desk: Desk) -> None:
    grown = FactIndex(desk.facts[:1])
    for count in range(2, len(desk.facts) + 1):
        before = written(grown)
        more = grown.grown(desk.facts[count - 1 : count])
        whole = FactIndex(desk.facts[:count])
        assert vars(more) == vars(whole)
        assert written(more) == written(whole)
        assert written(grown) == before
        grown = more


def same(one: Evaluation, whole: CaseView) -> None:
    assert one.view == whole
    assert list(one.view.instances) == list(whole.instances)


def test_each_fact_of_a_case_brings_what_a_whole_evaluation_brings(desk: Desk) -> None:
    held: Evaluation | None = None
    for count in range(1, len(desk.facts) + 1):
        facts = desk.facts[:count]
        index = FactIndex(facts) if held is None else held.ctx.index.grown(facts[-1:])
        ctx = Context(rulebook(), calendar(), index, facts[-1].entered_at)
        held = evaluated(ctx, held)
        same(held, evaluate(rulebook(), calendar(), facts, facts[-1].entered_at))


def test_every_moment_of_a_silent_year_is_as_if_looked_at_alone(desk: Desk) -> None:
    held = evaluated(desk.context)
    last = desk.now + timedelta(days=370)
    for moment in turning_moments(held.view):
        if held.ctx.now <= moment <= last:
            ctx = Context(rulebook(), calendar(), FactIndex(desk.facts), moment)
            held = evaluated(ctx, held)
            same(held, view_of(ctx))


def test_until_the_next_turning_moment_nothing_is_looked_at_again(desk: Desk) -> None:
    desk.now += 7 * SECOND  # of what came this second the second itself is a turning moment
    held = evaluated(desk.context)
    then = held.until - SECOND
    assert then >= desk.now
    later = evaluated(replace(desk.context, now=then), held)
    assert later.view.instances is held.view.instances
    assert later.view == replace(held.view, at=then)


def test_an_earlier_moment_and_other_rules_take_nothing_over(desk: Desk) -> None:
    ctx = desk.context
    held = evaluated(ctx)
    earlier = replace(ctx, now=ctx.now - timedelta(days=40))
    same(evaluated(earlier, held), view_of(earlier))
    book = rulebook()
    strict = replace(book, settings=replace(book.settings, rolling="strict"))
    other = replace(ctx, rulebook=strict)
    same(evaluated(other, held), view_of(other))


def test_a_fact_touches_little() -> None:
    """What the effort is for: one more field does not have the whole case evaluated again."""
    desk = on_auction(CAR)
    before = evaluated(desk.context)
    desk.event("clue_received", "clue/1", name="房屋租金收入一笔", source="其他", urgent=False)
    after = evaluated(desk.context, before)
    kept = [
        key for key, entry in before.view.instances.items() if after.view.instances[key] is entry
    ]
    assert len(kept) > 0.9 * len(before.view.instances)


def only(index: FactIndex, asked: frozenset[tuple[str, Any]]) -> FactIndex:
    """The index with nothing in it but the answers to some questions."""
    stripped = copy(index)
    for name, held in vars(index).items():
        if (name, WHOLE) in asked:
            continue
        kept: Any = type(held)() if isinstance(held, (list, tuple, set)) else None
        if name in BY_KEY:
            kept = {key: value for key, value in held.items() if (name, key) in asked}
        setattr(stripped, name, kept)
    return stripped


def test_an_instance_rests_on_what_it_asked_and_on_nothing_else(desk: Desk) -> None:
    ctx = desk.context
    for key, piece in evaluated(ctx).pieces.items():
        bare = replace(ctx, index=only(ctx.index, piece.asked))
        assert instance_view(bare, rulebook().nodes[key.node], key.subject) == piece.view, key


def test_looking_at_the_time_itself_counts_for_this_second_only() -> None:
    desk = Desk()
    watch = Watch(desk.now)
    watched = WatchedContext(desk.context, watch)
    assert watched.now == desk.now
    assert watch.take()[1] <= desk.now + SECOND
    assert watched.reached(desk.now)
    assert not watched.passed(desk.now)
    assert desk.now < watch.take()[1] <= desk.now + SECOND
    assert not watched.reached(desk.now + 2 * SECOND)
    assert watched.passed(desk.now - SECOND)
    assert watch.take() == (frozenset(), desk.now + 2 * SECOND)


def test_whatever_else_is_read_counts_as_read_whole() -> None:
    desk = on_auction(CAR)
    watch = Watch(desk.now)
    watched = WatchedContext(desk.context, watch)
    assert watched.kind == "first"
    assert watched.current_officer()
    assert len(watched.index.events) == len(desk.context.index.events)
    asked, _ = watch.take()
    assert asked == {("header", WHOLE), ("officers", WHOLE), ("events", WHOLE)}
    assert next(iter(watched.index.by_kind)) == "creditor"  # no length asked, as a loop does
    assert Key(1, "case") in watched.index.completed
    assert watched.index.by_kind["asset"] == ["asset/1"]
    asked, _ = watch.take()
    assert asked == {("by_kind", WHOLE), ("completed", (1, "case")), ("by_kind", "asset")}
    with pytest.raises(AttributeError):
        _ = watched.index.no_such_thing  # type: ignore[attr-defined]  # what is tried


def test_only_what_differs_between_two_indexes_is_named() -> None:
    desk = Desk()
    before = FactIndex(desk.facts)
    assert changed_between(before, FactIndex(desk.facts)) == set()
    desk.event("case_filed", "case")
    found = changed_between(before, FactIndex(desk.facts))
    assert ("events", ("case_filed", "case")) in found
    assert ("events", WHOLE) in found
    assert ("header", WHOLE) not in found
    assert not any(name in ("values", "completed", "rounds") for name, _ in found)
    back = changed_between(FactIndex(desk.facts), before)  # withdrawn
    assert ("events", ("case_filed", "case")) in back


def test_the_same_facts_give_the_same_case_read_again(desk: Desk) -> None:
    held = evaluated(desk.context)
    assert held.view == evaluate(rulebook(), calendar(), desk.facts, desk.now)
    assert Key(1, "case") in held.view.instances
