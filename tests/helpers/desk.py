"""A desk: one case in memory, driven through the pure decisions, with a clock that is set by hand.

Every act of a person is a plain step (``{"do": "work", "node": 7, …}``), kept in ``Desk.log``, so
that a case driven here can be driven again by the command line or by the window.  The acts:

``event``     event, subject, on, data
``start``     node, subject
``work``      node, subject, values, items {number: done_on, papers, notices, materials, not_needed}
``complete``  node, subject
``request``   node, subject, matter, reason, data
``decide``    node, subject, matter, outcome, by, roles, reason (of the newest application)
``register``  node, subject, matter, outcome, by, roles, reason, authority, decider, document, on
``assign``    officer, reason

Each has ``at``, the moment at which it is done, and ``by``, who does it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from helpers.filling import full_entry
from zhixing_desktop import paths
from zhixing_desktop.services.rules import Rules, load_rules
from zhixing_desktop.workflow import decide, gates
from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.completeness import missing
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import ItemEntry, NewFact, OutsideDecision, moment_of
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.facts import HEADER, PARTY, Fact, FactIndex, State
from zhixing_desktop.workflow.rulebook import Rulebook
from zhixing_desktop.workflow.views import CaseView, InstanceView, Key

OFFICER, CLERK, CHIEF, LEADER = "张承办", "周书记", "李局长", "王院长"
PRESIDENT, REVIEWER, CHECKER, FILER = "赵院长", "郑审管", "冯核", "吴立案"
CASHIER = "钱财务"
PAID_OUT, PAYING_FIELDS = "payment_paid_out", frozenset({"paid_out_on", "payment_voucher"})
"""What 财务 enters: that the money has gone out, and the voucher."""
HOLDERS: Mapping[str, str] = {
    "执行局长": CHIEF,
    "主管院领导": LEADER,
    "院长": PRESIDENT,
    "审判管理办公室": REVIEWER,
    "材料审核人": CHECKER,
}
"""Who holds which deciding role on the desk."""
Step = dict[str, Any]


@cache
def rules() -> Rules:
    return load_rules(paths.resources_dir())


def rulebook() -> Rulebook:
    return rules().book


def calendar() -> CourtCalendar:
    return rules().calendar


class Desk:
    """Drives one case; every method is what a person does, at the moment ``now``."""

    def __init__(self, opened: str = "2024-03-01T09:00", **header: Any) -> None:
        self.now = moment_of(opened)
        self.opened = opened
        self.facts: list[Fact] = []
        self.log: list[Step] = []
        self.parties = [
            list(entry)
            for entry in header.pop("parties", [("creditor", "甲公司"), ("debtor", "乙")])
        ]
        self.header: dict[str, Any] = {
            "case_no": "（2024）豫0811执1号",
            "kind": "first",
            "content": ["money"],
            "officer": OFFICER,
            "amount": "100000.00",
            **header,
        }
        self._write([NewFact(HEADER, "case", self.now, None, self.header)], FILER)
        counted: dict[str, int] = {}
        for standing, name in self.parties:
            counted[standing] = counted.get(standing, 0) + 1
            subject = f"{standing}/{counted[standing]}"
            self._write([NewFact(PARTY, subject, self.now, None, {"name": name})], FILER)

    def _write(self, made: Sequence[NewFact], by: str) -> None:
        for new in made:
            self.facts.append(
                Fact(
                    seq=len(self.facts) + 1,
                    kind=new.kind,
                    subject=new.subject,
                    happened_at=new.happened_at,
                    recorded_at=self.now,
                    entered_at=self.now,
                    entered_by=by,
                    node=new.node,
                    data=new.data,
                    corrects=new.corrects,
                    reason=new.reason,
                )
            )

    def copy(self) -> Desk:
        """The same case on another desk."""
        other = Desk(self.opened, **self.header, parties=self.parties)
        other.now, other.facts, other.log = self.now, list(self.facts), list(self.log)
        return other

    # --- looking

    @property
    def context(self) -> Context:
        return Context(rulebook(), calendar(), FactIndex(self.facts), self.now)

    @property
    def view(self) -> CaseView:
        return view_of(self.context)

    def at(self, moment: str | datetime) -> Desk:
        self.now = moment if isinstance(moment, datetime) else moment_of(moment)
        return self

    def seen(self, moment: str) -> CaseView:
        """The case as it will stand at a moment when nothing more is done."""
        ctx = Context(rulebook(), calendar(), FactIndex(self.facts), moment_of(moment))
        return view_of(ctx)

    def instance(self, node: int, subject: str = "case") -> InstanceView:
        return self.view.instances[Key(node, subject)]

    def state(self, node: int, subject: str = "case") -> State:
        return self.instance(node, subject).state

    def missing(self, node: int, subject: str = "case") -> list[str]:
        return [entry.label for entry in missing(self.context, Key(node, subject))]

    def blockers(self, act: str, node: int, subject: str = "case") -> list[str]:
        ctx = self.context
        found = gates.blockers(ctx, view_of(ctx), act, Key(node, subject))
        return [entry.code for entry in gates.refusing(found)]

    def fact(self, kind: str, subject: str = "case") -> Fact:
        """The newest fact of a kind in force."""
        return [f for f in self.context.index.facts if (f.kind, f.subject) == (kind, subject)][-1]

    # --- acting: a step in, facts out

    def do(self, step: Step) -> Desk:
        """Do one step, at the moment it names (now, where it names none)."""
        if "at" in step:
            self.now = moment_of(step["at"])
        ctx = self.context
        by = step.setdefault("by", whose(ctx, step))
        made = _ACTS[step["do"]](ctx, view_of(ctx), step)
        self._write(made, by)
        self.log.append({"at": self.now.isoformat(timespec="minutes"), **step})
        return self

    def play(self, steps: Sequence[Step]) -> Desk:
        for step in steps:
            self.do(dict(step))
        return self

    def event(
        self, event: str, subject: str = "case", /, at: str | None = None, **data: Any
    ) -> Desk:
        on = at or self.now.isoformat(timespec="seconds")
        if rulebook().events[event].precision == "day" and at is None:
            on = on[:10]
        return self.do({"do": "event", "event": event, "subject": subject, "on": on, "data": data})

    def start(self, node: int, subject: str = "case") -> Desk:
        return self.do({"do": "start", "node": node, "subject": subject})

    def work(
        self,
        node: int,
        subject: str = "case",
        *,
        items: Mapping[int, ItemEntry] | None = None,
        **values: Any,
    ) -> Desk:
        paid = paying(node, values)
        rest = {name: value for name, value in values.items() if name not in paid}
        step = {"do": "work", "node": node, "subject": subject}
        if rest or items or not paid:
            entered = {str(n): item_step(entry) for n, entry in (items or {}).items()}
            self.do({**step, "values": rest, "items": entered})
        return self.do({**step, "values": paid, "items": {}}) if paid else self

    def complete(self, node: int, subject: str = "case") -> Desk:
        return self.do({"do": "complete", "node": node, "subject": subject})

    def enter(
        self, node: int, subject: str = "case", *, leave: Collection[int] = (), **values: Any
    ) -> Desk:
        """Enter everything the node asks for, with sensible values where none are given.

        A field given as ``None`` and the work items in ``leave`` stay open.
        """
        key = Key(node, subject)
        given: Mapping[str, Any] = values
        open_fields = {name: None for name, value in values.items() if value is None}
        # What was answered may bring further questions (a field that asks because of a choice).
        for _ in range(3):
            fields, items = full_entry(self.context, key, given, leave)
            if fields or items:
                self.work(node, subject, items=items, **fields)
            given = open_fields
        return self

    def fill(self, node: int, subject: str = "case", **values: Any) -> Desk:
        """Enter everything the node asks for, then complete it."""
        return self.enter(node, subject, **values).complete(node, subject)

    def request(self, node: int, matter: str, subject: str = "case", **data: Any) -> int:
        """Apply for a decision; returns the number of the application."""
        self.do(
            {
                "do": "request",
                "node": node,
                "subject": subject,
                "matter": matter,
                "reason": data.pop("why", "申请理由充分"),
                "data": data,
            }
        )
        asked = self.context.index.latest_approval(matter, node, subject)
        assert asked is not None
        return asked.seq

    def decide(
        self,
        node: int,
        matter: str,
        subject: str = "case",
        *,
        role: str,
        outcome: str = "granted",
        by: str | None = None,
        reason: str = "同意",
    ) -> Desk:
        return self.do(
            {
                "do": "decide",
                "node": node,
                "subject": subject,
                "matter": matter,
                "outcome": outcome,
                "by": by or HOLDERS[role],
                "roles": [role],
                "reason": reason,
            }
        )

    def approve(self, node: int, matter: str, subject: str = "case", **data: Any) -> Desk:
        """Apply where nobody has yet, and have every role of the rule grant it."""
        waiting = self.context.index.latest_approval(matter, node, subject)
        if waiting is None or waiting.status != "pending":
            self.request(node, matter, subject, **data)
        rule = next((a for a in rulebook().nodes[node].approvals if a.matter == matter), None)
        asked = self.context.index.latest_approval(matter, node, subject)
        assert asked is not None
        roles = [str(role) for role in asked.data["roles"]]
        for role in roles if rule is not None and rule.mode == "sequence" else roles[:1]:
            self.decide(node, matter, subject, role=role)
        return self

    def register(
        self,
        node: int,
        subject: str = "case",
        *,
        matter: str = "unfreeze",
        outcome: str = "granted",
        authority: str = "焦作市中级人民法院",
        decider: str = "中院执行局局长",
        **more: Any,
    ) -> Desk:
        """Enter a superior court's decision on the newest application."""
        return self.do(
            {
                "do": "register",
                "node": node,
                "subject": subject,
                "matter": matter,
                "outcome": outcome,
                "authority": authority,
                "decider": decider,
                "document": "（2024）豫08执督1号",
                "on": f"{self.now:%Y-%m-%d}",
                "by": CHIEF,
                "roles": ["执行局长"],
                "reason": "上级法院批准",
                **more,
            }
        )

    def assign(self, officer: str, reason: str = "工作调整，更换承办人") -> Desk:
        return self.do({"do": "assign", "officer": officer, "reason": reason, "by": CHIEF})

    def correct(
        self, seq: int, *, at: str | None = None, reason: str = "登记有误，予以更正", **data: Any
    ) -> Desk:
        made = decide.correct(self.context, seq, moment_of(at) if at else None, data, reason)
        self._write(made, OFFICER)
        return self

    def withdraw(self, seq: int, reason: str = "登记有误，予以撤回") -> Desk:
        self._write(decide.withdraw(self.context, seq, reason), OFFICER)
        return self


# --- who does what


def paying(node: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that 财务 enters: all that tell of the payment, once it is made."""
    if node != 33 or not values.get("paid_out_on"):
        return {}
    return {name: value for name, value in values.items() if name in PAYING_FIELDS}


def whose(ctx: Context, step: Mapping[str, Any]) -> str:
    """Who does a step where it does not say: who files, who pays, else the case's officer."""
    officer = ctx.current_officer() or OFFICER
    book = ctx.rulebook
    if step["do"] == "event":
        if step["event"] == PAID_OUT:
            return CASHIER
        roles = {
            spec.role
            for spec in book.nodes.values()
            if any(field.event == step["event"] for field in spec.fields)
        }
        return FILER if "立案人员" in roles else officer
    if step["do"] == "work" and paying(step["node"], step.get("values", {})):
        return CASHIER
    if step["do"] in ("start", "work", "complete"):
        spec = book.nodes.get(step["node"])  # a test may try one that there is not
        return FILER if spec is not None and spec.role == "立案人员" else officer
    return officer


# --- steps into decisions


def _key(step: Step) -> Key:
    return Key(int(step["node"]), str(step.get("subject", "case")))


def _event(ctx: Context, view: CaseView, step: Step) -> Sequence[NewFact]:
    at = moment_of(str(step["on"])) if step.get("on") else ctx.now
    data = step.get("data", {})
    subject, overrides = step.get("subject", "case"), step.get("overrides", {})
    return decide.add_event(ctx, view, step["event"], subject, at, data, overrides=overrides)


def _start(ctx: Context, view: CaseView, step: Step) -> Sequence[NewFact]:
    return decide.start(ctx, view, _key(step), ctx.now)


def _work(ctx: Context, view: CaseView, step: Step) -> Sequence[NewFact]:
    items = {int(n): item_entry(data) for n, data in step.get("items", {}).items()}
    overrides = step.get("overrides", {})
    return decide.work(ctx, view, _key(step), step.get("values", {}), items, overrides=overrides)


def _complete(ctx: Context, view: CaseView, step: Step) -> Sequence[NewFact]:
    return decide.complete(ctx, view, _key(step), ctx.now)


def _request(ctx: Context, view: CaseView, step: Step) -> Sequence[NewFact]:
    reason, data = str(step.get("reason", "申请理由充分")), step.get("data", {})
    return decide.request_approval(ctx, view, _key(step), step["matter"], reason, data)


def _asked(ctx: Context, step: Step) -> int:
    key = _key(step)
    asked = ctx.index.latest_approval(step["matter"], key.node, key.subject)
    assert asked is not None, step
    return asked.seq


def _decide(ctx: Context, view: CaseView, step: Step) -> Sequence[NewFact]:
    return decide.decide(
        ctx,
        view,
        _asked(ctx, step),
        step["outcome"],
        by=step["by"],
        roles=step["roles"],
        reason=step["reason"],
    )


def _register(ctx: Context, view: CaseView, step: Step) -> Sequence[NewFact]:
    said = OutsideDecision(
        step["authority"], step["decider"], step["document"], date.fromisoformat(step["on"])
    )
    return decide.register_decision(
        ctx,
        view,
        _asked(ctx, step),
        step["outcome"],
        said,
        by=step["by"],
        roles=step["roles"],
        reason=step["reason"],
    )


def _assign(ctx: Context, view: CaseView, step: Step) -> Sequence[NewFact]:
    return decide.assign_officer(ctx, step["officer"], ctx.now, step["reason"])


_ACTS: Mapping[str, Callable[[Context, CaseView, Step], Sequence[NewFact]]] = {
    "event": _event,
    "start": _start,
    "work": _work,
    "complete": _complete,
    "request": _request,
    "decide": _decide,
    "register": _register,
    "assign": _assign,
}


def item_step(entry: ItemEntry) -> Step:
    """A work item as plain data."""
    step: Step = {"done_on": entry.done_on.isoformat(timespec="minutes")}
    if entry.papers:
        step["papers"] = dict(entry.papers)
    if entry.notices:
        step["notices"] = [dict(notice) for notice in entry.notices]
    if entry.materials:
        step["materials"] = list(entry.materials)
    if entry.not_needed is not None:
        step["not_needed"] = entry.not_needed
    return step


def item_entry(data: Step) -> ItemEntry:
    """A work item from plain data."""
    return ItemEntry(
        done_on=moment_of(data["done_on"]),
        papers=data.get("papers", {}),
        notices=data.get("notices", ()),
        materials=data.get("materials", ()),
        not_needed=data.get("not_needed"),
    )


def day(text: str) -> datetime:
    return moment_of(text)
