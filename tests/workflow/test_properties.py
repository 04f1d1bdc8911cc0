"""Whatever is done in whatever order, a case never leaves the rulebook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from helpers.announced import check_agenda
from helpers.desk import CHIEF, HOLDERS, LEADER, OFFICER, Desk, calendar, rulebook
from helpers.guideline_tables import FREEZES
from helpers.stages import (
    CAR,
    DEPOSIT,
    HOUSE,
    begun,
    completion,
    current_termination,
    failed_once,
    held,
    on_auction,
    paid_in,
    sold,
)
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.completeness import fields_in_play, missing
from zhixing_desktop.workflow.engine import evaluate
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.evaluation import evaluated
from zhixing_desktop.workflow.facts import Fact, FactIndex, State
from zhixing_desktop.workflow.rulebook import FieldType
from zhixing_desktop.workflow.views import CaseView, Key

MAY_FREEZE = (set(FREEZES) - {46}) | {2}
WORKED_ON = {"item", "fields", "completed", "started"}
SUBJECTS = {
    "asset": ["asset/1", "asset/2"],
    "clue": ["clue/1"],
    "payment": ["payment/1", "payment/2"],
    "debtor": ["debtor/1", "debtor/1#2"],
    "round": ["asset/1/round/1", "asset/1/round/2", "asset/1/round/3", "asset/2/round/1"],
    "query": ["query/network", "query/traditional"],
    "followup": ["followup/1", "followup/2"],
    "case": ["case"],
}
KINDS = ["银行存款", "不动产", "车辆", "应交付的特定物"]


class Walk:
    """A case under random commands; each is done whole or refused without a trace."""

    def __init__(self, data: st.DataObject) -> None:
        self.draw = data.draw
        self.desk = self._begin()
        self.view = self.desk.view
        self.held = evaluated(self.desk.context)

    def _begin(self) -> Desk:
        """A new case, or one that stands at some stage."""
        stage = self.draw(st.sampled_from(_STAGES))
        if stage is not None:
            return stage()
        kind = self.draw(st.sampled_from(["first", "preservation", "resumed"]))
        return Desk(
            "2024-03-01T09:00",
            kind=kind,
            non_litigation=self.draw(st.booleans()),
            previous_officer=OFFICER if kind == "resumed" else "",
            parties=[("creditor", "焦作市甲商贸有限公司"), ("debtor", "乙建强")],
        )

    def step(self) -> None:
        name = self.draw(st.sampled_from(_COMMANDS))
        before, known = self.view, list(self.desk.facts)
        try:
            getattr(self, name)()
        except ZhixingError:
            # What was refused leaves the facts of the command's finished parts only.
            assert self.desk.facts[: len(known)] == known
        note(f"{self.desk.now} {name}: {[_brief(f) for f in self.desk.facts[len(known) :]]}")
        self.view = self.desk.view
        # Going on from the step before gives what looking at everything gives.
        index = self.held.ctx.index.grown(self.desk.facts[len(known) :])
        assert vars(index) == vars(FactIndex(self.desk.facts))
        self.held = evaluated(replace(self.desk.context, index=index), self.held)
        assert self.held.view == self.view
        assert list(self.held.view.instances) == list(self.view.instances)
        check_step(self.desk, before, self.view, self.desk.facts[len(known) :], name)

    # --- commands

    def wait(self) -> None:
        hours = self.draw(st.sampled_from([1, 5, 24, 24, 72, 24 * 7, 24 * 20, 24 * 60]))
        self.desk.now += timedelta(hours=hours)

    def _place(self, *, open_only: bool = True) -> Key:
        keys = [k for k, v in self.view.instances.items() if v.state.is_open or not open_only]
        return self.draw(st.sampled_from(sorted(keys) or [Key(1, "case")]))

    def _answers(self, key: Key) -> dict[str, Any]:
        spec = rulebook().nodes[key.node]
        answers: dict[str, Any] = {}
        for field in fields_in_play(self.desk.context, spec, key.subject):
            if field.type in (FieldType.CHOICE, FieldType.MULTICHOICE) and self.draw(st.booleans()):
                option = self.draw(st.sampled_from(field.options))
                answers[field.name] = [option] if field.type is FieldType.MULTICHOICE else option
            elif field.type is FieldType.BOOL and self.draw(st.booleans()):
                answers[field.name] = self.draw(st.booleans())
        return answers

    def enter(self) -> None:
        key = self._place()
        leave = self.draw(st.sets(st.sampled_from([1, 2, 3, 4, 5]), max_size=2))
        if self.draw(st.booleans()):
            leave = set()
        self.desk.enter(key.node, key.subject, leave=leave, **self._answers(key))

    def fill(self) -> None:
        key = self._place()
        self.desk.enter(key.node, key.subject, **self._answers(key))
        self.desk.complete(key.node, key.subject)

    def complete(self) -> None:
        key = self._place(open_only=False)
        self.desk.complete(key.node, key.subject)

    def start(self) -> None:
        nodes = [n for n, spec in rulebook().nodes.items() if spec.on_demand]
        node = self.draw(st.sampled_from(nodes))
        kind = rulebook().nodes[node].subject
        subject = self.draw(st.sampled_from(SUBJECTS[kind]))
        self.desk.start(node, subject)

    def event(self) -> None:
        events = rulebook().events
        name = self.draw(st.sampled_from(sorted(events)))
        subject = self.draw(st.sampled_from(SUBJECTS[events[name].subject]))
        back = self.draw(st.sampled_from([0, 0, 0, 1, 3, 12]))
        at = self.desk.now - timedelta(days=back)
        if events[name].planned:
            at += timedelta(days=self.draw(st.integers(0, 40)))
        if events[name].precision == "day":
            at = at.replace(hour=0, minute=0, second=0)
        self.desk.event(name, subject, at=at.isoformat(), **self._asked(name))

    def find(self) -> None:
        name = self.draw(st.sampled_from(["asset_found", "clue_received", "payment_arrived"]))
        kind = rulebook().events[name].subject
        subject = self.draw(st.sampled_from(SUBJECTS[kind]))
        self.desk.event(name, subject, **self._asked(name))

    def _asked(self, event: str) -> dict[str, Any]:
        if event == "asset_found":
            return {
                "name": "查获的财产一项",
                "category": self.draw(st.sampled_from(KINDS)),
                "online": self.draw(st.booleans()),
            }
        if event == "clue_received":
            return {
                "name": "财产线索一条",
                "source": self.draw(st.sampled_from(["申请执行人提供", "被执行人报告"])),
                "urgent": self.draw(st.booleans()),
            }
        if event == "payment_arrived":
            return {"name": "交款一笔", "amount": "100.00", "payer": "被执行人本人"}
        return {}

    def request(self) -> None:
        wanted = [
            (spec.number, a.matter) for spec in rulebook().nodes.values() for a in spec.approvals
        ]
        frozen = [k for k, v in self.view.instances.items() if v.state is State.FROZEN]
        wanted += [(key.node, "unfreeze") for key in frozen] * 3
        node, matter = self.draw(st.sampled_from(wanted))
        there = [k.subject for k in self.view.instances if k.node == node]
        subject = self.draw(st.sampled_from(sorted(there) or ["case"]))
        data = {"amount": 1, "unit": "month"} if matter == "deadline_change" else {}
        self.desk.request(node, matter, subject, **data)

    def decide(self) -> None:
        pending = [a for a in self.view.approvals if a.status == "pending"]
        if not pending:
            return
        asked = self.draw(st.sampled_from(pending))
        outcome = self.draw(
            st.sampled_from(["granted", "granted", "granted", "refused", "returned"])
        )
        place = (asked.node, asked.matter, asked.subject)
        if asked.data["level"] != "local" and self.draw(st.booleans()):
            self.desk.register(asked.node, asked.subject, matter=asked.matter, outcome=outcome)
            return
        role = self.draw(st.sampled_from(sorted(HOLDERS)))
        by = self.draw(st.sampled_from([HOLDERS[role], HOLDERS[role], OFFICER]))
        self.desk.decide(*place, role=role, outcome=outcome, by=by)
        if self.draw(st.booleans()):
            for other in asked.data["roles"]:
                self.desk.decide(*place, role=other)

    def correct(self) -> None:
        facts = [f for f in self.desk.context.index.facts if f.kind not in ("fields", "item")]
        fact = self.draw(st.sampled_from(facts))
        at = fact.happened_at + timedelta(days=self.draw(st.integers(-10, 10)))
        data = {"category": "不动产"} if fact.kind == "asset_found" else {}
        self.desk.correct(fact.seq, at=at.isoformat(), **data)

    def withdraw(self) -> None:
        fact = self.draw(st.sampled_from(self.desk.context.index.facts))
        self.desk.withdraw(fact.seq)

    def assign(self) -> None:
        self.desk.assign(self.draw(st.sampled_from(["孙法官", OFFICER])))


def _closed() -> Desk:
    desk = current_termination().approve(43, "special_review")
    desk.request(43, "closing_review")
    return desk.decide(43, "closing_review", role="审判管理办公室")


_STAGES: tuple[Callable[[], Desk] | None, ...] = (
    None,
    None,
    begun,
    lambda: held(DEPOSIT),
    lambda: held(HOUSE),
    lambda: on_auction(CAR),
    lambda: failed_once(HOUSE),
    sold,
    paid_in,
    completion,
    _closed,
)
_COMMANDS = (
    "wait", "wait", "enter", "enter", "fill", "fill", "fill", "fill", "complete", "start", "event",
    "event", "find", "request", "decide", "decide", "correct", "withdraw", "assign",
)  # fmt: skip


def _brief(fact: Fact) -> str:
    return f"{fact.seq} {fact.kind} {fact.node or ''}@{fact.subject}"


def check_step(
    desk: Desk, before: CaseView, after: CaseView, made: list[Fact], command: str
) -> None:
    ctx = desk.context
    assert evaluate(rulebook(), calendar(), desk.facts, desk.now) == after
    for key, entry in after.instances.items():
        _consistent(key, entry, desk.now)
    frozen = {k for k, v in before.instances.items() if v.state is State.FROZEN}
    for fact in made:
        if fact.kind == "completed" and fact.corrects is None:
            key = Key(fact.node or 0, fact.subject)
            assert missing(ctx, key) == (), key
            assert key not in frozen
        if fact.kind in WORKED_ON and fact.node is not None:
            _not_after_a_freeze(before, frozen, Key(fact.node, fact.subject), ctx)
    _no_thaw_without_authority(before, after, made, command)


def _consistent(key: Key, entry: Any, now: datetime) -> None:
    """The state says what the limits and the facts say."""
    statuses = {view.status for view in entry.limits}
    if entry.state is State.FROZEN:
        assert key.node in MAY_FREEZE
        assert all(freeze.frozen_at <= now for freeze in entry.freezes)
    else:
        assert not entry.freezes
    if entry.state is State.OVERDUE:
        assert "overdue" in statuses
    if entry.state in (State.ACTIVE, State.WARNED, State.DONE):
        assert "overdue" not in statuses
    if entry.state is State.DONE:
        assert "met_late" not in statuses
    if entry.state is State.NOT_APPLICABLE:
        assert entry.why
    for view in entry.limits:
        if view.due_at is not None and view.warn_at:
            assert view.warn_at == tuple(sorted(set(view.warn_at)))
            assert view.warn_at[-1] < view.due_at
            assert view.warn_at[0] >= view.anchor_recorded_at
        if view.caution:
            assert view.status in ("met", "running")
    if entry.state.is_open and entry.due_at is not None:
        assert entry.due_at in {view.due_at for view in entry.limits}


def _not_after_a_freeze(before: CaseView, frozen: set[Key], key: Key, ctx: Any) -> None:
    """Nothing was done at a next node of a frozen one, nor was the frozen one completed."""
    for where in frozen:
        by = before.instances[where].frozen.by_node
        rule = rulebook().nodes[by].freeze
        nexts = {edge.to for edge in rulebook().nodes[where.node].next} - set(rule.lets_pass)
        if rule.refuses != "successors" or key.node not in nexts or where == key:
            continue
        payment = subjects.kind_of(key.subject) == "payment"
        same = subjects.base(where.subject) == subjects.base(key.subject)
        if subjects.related(where.subject, key.subject) and (same or not payment):
            raise AssertionError(f"{key} after frozen {where}")


def _no_thaw_without_authority(
    before: CaseView, after: CaseView, made: list[Fact], command: str
) -> None:
    for key, entry in before.instances.items():
        if entry.frozen is None:
            continue
        then = after.instances.get(key)
        if then is not None and then.state is State.FROZEN:
            continue
        by_decision = any(fact.kind == "approval_decided" for fact in made)
        by_officer = entry.frozen.by_node == 46 and any(f.kind == "officer" for f in made)
        learned_late = any(
            view.limit.id == entry.frozen.limit_id and view.anchor_recorded_at >= view.due_at
            for view in entry.limits
        )
        assert by_decision or by_officer or learned_late, (key, command)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_no_order_of_commands_leads_outside_the_rulebook(data: st.DataObject) -> None:
    walk = Walk(data)
    for _ in range(data.draw(st.integers(5, 30))):
        walk.step()
    check_agenda(FactIndex(walk.desk.facts), walk.desk.now)
    # Facts alone decide: read again, they give the same case.
    again = walk.desk.copy()
    again.facts, again.now = list(walk.desk.facts), walk.desk.now
    assert again.view == walk.view


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_case_looked_at_at_any_moment_is_as_if_evaluated_whole(data: st.DataObject) -> None:
    """Time goes on by seconds round the moments a view names, with commands in between."""
    walk = Walk(data)
    for _ in range(data.draw(st.integers(5, 15))):
        walk.step()
        named = {step.at for step in walk.view.agenda}
        for entry in walk.view.instances.values():
            for limit in entry.limits:
                named.update(at for at in (limit.due_at, limit.caution_at) if at is not None)
        for moment in data.draw(st.lists(st.sampled_from(sorted(named) or [walk.desk.now]))):
            walk.desk.now = max(walk.desk.now, moment + data.draw(st.sampled_from(_ROUND)))
            walk.held = evaluated(walk.desk.context, walk.held)
            assert walk.held.view == walk.desk.view
        walk.view = walk.desk.view


_ROUND = [timedelta(seconds=n) for n in (-1, 0, 1)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_silence_only_makes_things_worse(data: st.DataObject) -> None:
    """While nothing is done no state gets better, but that rights lapse and follow-ups open."""
    walk = Walk(data)
    for _ in range(data.draw(st.integers(5, 20))):
        walk.step()
    rank = {State.ACTIVE: 1, State.WARNED: 2, State.OVERDUE: 3, State.FROZEN: 4}
    before = walk.view
    for days in (1, 10, 50, 200, 800):
        now = walk.desk.now + timedelta(days=days)
        after = evaluate(rulebook(), calendar(), walk.desk.facts, now)
        for key, entry in before.instances.items():
            then = after.instances[key]
            if entry.state in rank and then.state is not State.NOT_APPLICABLE:
                assert rank[then.state] >= rank[entry.state], key
        assert set(before.instances) == set(after.instances)
        before = after


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_nobody_but_the_right_one_decides(data: st.DataObject) -> None:
    """Whoever decides holds a role that the rule names, and never decides his own."""
    walk = Walk(data)
    for _ in range(data.draw(st.integers(5, 25))):
        walk.step()
    for asked in walk.view.approvals:
        for step in asked.steps:
            if asked.data["level"] == "local":
                assert step["role"] in asked.data["roles"]
                assert step["by"] not in (asked.requested_by, OFFICER)
            else:
                assert step["registered_by"] in (CHIEF, LEADER)
                assert step["document"]
