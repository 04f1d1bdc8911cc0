"""A desk: one case in memory, driven through the pure decisions, with a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from zhixing_desktop import paths
from zhixing_desktop.services.rules import Rules, load_rules
from zhixing_desktop.workflow import decide, gates
from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import ItemEntry, NewFact, moment_of
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.facts import HEADER, PARTY, Fact, FactIndex, State
from zhixing_desktop.workflow.rulebook import Rulebook
from zhixing_desktop.workflow.views import CaseView, InstanceView, Key


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
        self.facts: list[Fact] = []
        data = {
            "case_no": "（2024）豫0811执1号",
            "kind": "first",
            "content": ["money"],
            "officer": "张承办",
            "amount": "100000.00",
            **header,
        }
        self._write([NewFact(HEADER, "case", self.now, None, data)], "立案人员")
        for number, (standing, name) in enumerate(
            header.get("parties", [("creditor", "甲公司"), ("debtor", "乙")]), start=1
        ):
            del number
            same = [f for f in self.facts if f.kind == PARTY and f.subject.startswith(standing)]
            subject = f"{standing}/{len(same) + 1}"
            self._write([NewFact(PARTY, subject, self.now, None, {"name": name})], "立案人员")

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

    @property
    def context(self) -> Context:
        return Context(rulebook(), calendar(), FactIndex(self.facts), self.now)

    @property
    def view(self) -> CaseView:
        return view_of(self.context)

    def at(self, moment: str) -> Desk:
        self.now = moment_of(moment)
        return self

    def instance(self, node: int, subject: str = "case") -> InstanceView:
        return self.view.instances[Key(node, subject)]

    def state(self, node: int, subject: str = "case") -> State:
        return self.instance(node, subject).state

    def event(self, name: str, subject: str = "case", at: str | None = None, **data: Any) -> Desk:
        ctx = self.context
        moment = moment_of(at) if at else self.now
        self._write(decide.add_event(ctx, view_of(ctx), name, subject, moment, data), "张承办")
        return self

    def start(self, node: int, subject: str = "case") -> Desk:
        ctx = self.context
        self._write(decide.start(ctx, view_of(ctx), Key(node, subject), self.now), "张承办")
        return self

    def work(
        self,
        node: int,
        subject: str = "case",
        *,
        items: Mapping[int, ItemEntry] | None = None,
        **values: Any,
    ) -> Desk:
        ctx = self.context
        made = decide.work(ctx, view_of(ctx), Key(node, subject), values, items or {})
        self._write(made, "张承办")
        return self

    def complete(self, node: int, subject: str = "case") -> Desk:
        ctx = self.context
        self._write(decide.complete(ctx, view_of(ctx), Key(node, subject), self.now), "张承办")
        return self

    def fill(self, node: int, subject: str = "case", **values: Any) -> Desk:
        """Do everything the node asks for with sensible values, then complete it."""
        from tests.helpers.filling import full_entry

        given, items = full_entry(self.context, Key(node, subject), values)
        self.work(node, subject, items=items, **given)
        # What was answered may bring further questions (a field that asks because of a choice).
        for _ in range(2):
            more, items = full_entry(self.context, Key(node, subject), {})
            self.work(node, subject, items=items, **more)
        return self

    def request(self, node: int, matter: str, subject: str = "case", **data: Any) -> int:
        ctx = self.context
        made = decide.request_approval(
            ctx, view_of(ctx), Key(node, subject), matter, "申请理由充分", data
        )
        self._write(made, "张承办")
        return len(self.facts)

    def decide(self, request: int, outcome: str, by: str, roles: Sequence[str]) -> Desk:
        ctx = self.context
        made = decide.decide(
            ctx, view_of(ctx), request, outcome, by=by, roles=roles, reason="同意"
        )
        self._write(made, by)
        return self

    def approve(self, node: int, matter: str, subject: str = "case", **data: Any) -> Desk:
        """Apply, and have every role of the rule grant it."""
        request = self.request(node, matter, subject, **data)
        asked = self.facts[-1].data
        rule = next(
            (a for a in rulebook().nodes[node].approvals if a.matter == matter), None
        )
        roles = list(asked["roles"]) if rule and rule.mode == "sequence" else [asked["roles"][0]]
        for role in roles:
            self.decide(request, "granted", f"某{role}", [role])
        return self

    def blockers(self, act: str, node: int, subject: str = "case") -> list[str]:
        ctx = self.context
        found = gates.blockers(ctx, view_of(ctx), act, Key(node, subject))
        return [entry.code for entry in gates.refusing(found)]


def day(text: str) -> datetime:
    return moment_of(text)
