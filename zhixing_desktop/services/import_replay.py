"""Rows of a case list into facts, through the rules.

Each case's rows are replayed in their order with the time standing at each row, so that an import
is refused where the window would refuse: a frozen node's successor, a gate, an unknown thing.  What
the court's platform does not export (every field of every dialog) is not demanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from zhixing_desktop.exchange.case_list import CaseRow, EventRow, PartyRow
from zhixing_desktop.services.case_store import numbered
from zhixing_desktop.services.cases import NewCase, NewParty
from zhixing_desktop.services.import_deciders import Staff, deciders_of
from zhixing_desktop.services.rules import Rules
from zhixing_desktop.workflow import decide, gates, subjects
from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow.approvals import ApprovalRule, effects_of, find_rule
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.entries import check_value
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, ZhixingError
from zhixing_desktop.workflow.facts import HEADER, PARTY, Fact, FactIndex
from zhixing_desktop.workflow.rulebook import FieldSpec, Rulebook
from zhixing_desktop.workflow.special_review import pushed
from zhixing_desktop.workflow.views import CaseView, Key

SHEET = "《办理记录》"
APPROVAL_PREFIX = "审批："
MATERIAL_PREFIX = "材料："
NEW_OFFICER = "更换承办人"
_ITEM = re.compile(r"工作内容(\d{1,2})")
_STANDINGS = {"申请执行人": "creditor", "申请人": "creditor", "申请保全人": "creditor"}
_DEBTORS = {"被执行人": "debtor", "被申请人": "debtor", "被保全人": "debtor"}
MATTERS = {
    "解冻": "unfreeze",
    "案款发放": "payout",
    "提存": "escrow",
    "限制消费": "consumption_restriction",
    "失信": "credit_listing",
    "拘传": "bring_in",
    "罚款拘留": "fine_or_detention",
    "期限变更": "deadline_change",
    "报结": "closing_review",
    "材料审核": "special_review",
}


@dataclass(slots=True)
class Replayed:
    """One case ready to be written: what it is, its further facts, what is wrong with it."""

    new: NewCase
    row: int
    facts: list[NewFact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Replay:
    """Replays the rows of one case.

    ``staff`` holds who decides to what the matrix allows; ``None`` where there is no bureau yet.
    """

    def __init__(
        self,
        rules: Rules,
        row: CaseRow,
        parties: Sequence[PartyRow],
        staff: Staff | None = None,
    ) -> None:
        self._rules = rules
        self._staff = staff
        self.refusal: ZhixingError | None = None
        """Why the last row was refused by a rule."""
        self.result = Replayed(new_case(row, parties), row.row)
        self._now = row.filed_at
        self._facts: list[Fact] = []
        header = {
            "case_no": row.case_no,
            "kind": row.kind,
            "content": list(row.content),
            "non_litigation": row.is_non_litigation,
            "officer": row.officer,
        }
        self._take([NewFact(HEADER, subjects.CASE, row.filed_at, None, header)], keep=False)
        counted: dict[str, int] = {}
        for party in self.result.new.parties:
            counted[party.standing] = counted.get(party.standing, 0) + 1
            subject = f"{party.standing}/{counted[party.standing]}"
            data = {**party.details, "name": party.name, "kind": party.kind}
            data["id_number"] = party.id_number
            self._take([NewFact(PARTY, subject, row.filed_at, None, data)], keep=False)
        self._row = row

    def play(self, rows: Iterable[EventRow]) -> Replayed:
        """Replay the rows; filing and receipt come from the case's own row when no row says so."""
        listed = list(rows)
        said = {row.what for row in listed}
        opening = [
            ("case_filed", "立案", self._row.filed_at),
            (
                "case_received",
                "收案",
                datetime.combine(self._row.received_on, time()) if self._row.received_on else None,
            ),
        ]
        for event, label, at in opening:
            if label not in said and at is not None:
                self._now = max(self._now, at)
                self._take([NewFact(event, subjects.CASE, at)])
        for row in listed:
            self.add(row)
        return self.result

    def add(self, row: EventRow) -> bool:
        """Replay one more row; return whether the rules took it."""
        self.refusal = None
        try:
            self._one(row)
        except InputRefusedError as error:
            self._complain(row, _sentences(error))
        except ZhixingError as error:
            self.refusal = error
            self._complain(row, [error.sentence])
        else:
            return True
        return False

    def _complain(self, row: EventRow, sentences: Sequence[str]) -> None:
        where = f"{SHEET}第{row.row}行“{row.what}”"
        self.result.problems.extend(Problem(where, sentence) for sentence in sentences)

    def _take(self, made: Sequence[NewFact], *, keep: bool = True) -> None:
        first = len(self._facts) + 1
        self._facts += numbered(made, first, self._now, "导入", source="import")
        if keep:
            self.result.facts.extend(made)

    def _context(self) -> Context:
        index = FactIndex(self._facts)
        return Context(self._rules.book, self._rules.calendar, index, self._now)

    def _one(self, row: EventRow) -> None:
        event = next((e for e in self._rules.book.events.values() if e.label == row.what), None)
        if event is None or not event.planned:
            self._now = max(self._now, row.happened_at)
        ctx = self._context()
        view = view_of(ctx)
        if event is not None:
            self._event(ctx, view, row, event.name)
        elif row.what.startswith(APPROVAL_PREFIX):
            self._approval(ctx, view, row)
        elif row.what == NEW_OFFICER:
            self._take(decide.assign_officer(ctx, row.officer, row.happened_at, "导入"))
        elif row.node is not None:
            self._node(ctx, view, row, Key(row.node, row.subject))
        else:
            known = [e.label for e in self._rules.book.events.values()]
            alike = "、".join(get_close_matches(row.what, known, 3, 0.5))
            more = f"是不是“{alike}”？" if alike else "请照导入模板的说明填写。"
            raise InputRefusedError(f"不认识的办理事项“{row.what}”。{more}", ())

    def _event(self, ctx: Context, view: CaseView, row: EventRow, name: str) -> None:
        maker = next((s for s in ctx.rulebook.subjects.values() if s.event == name), None)
        data: dict[str, Any] = {}
        values: dict[str, Any] = {}
        if maker is not None:
            data = self._values(maker.fields, row.data)
        elif row.node is not None:
            values = self._values(ctx.rulebook.nodes[row.node].fields, row.data)
        self._take(decide.add_event(ctx, view, name, row.subject, row.happened_at, data))
        if values and row.node is not None:
            body = {"values": values}
            self._take([NewFact(kinds.FIELDS, row.subject, row.happened_at, row.node, body)])

    def _node(self, ctx: Context, view: CaseView, row: EventRow, key: Key) -> None:
        spec = ctx.rulebook.nodes[key.node]
        item = _ITEM.fullmatch(row.what)
        if row.what == "节点启动":
            self._take(decide.start(ctx, view, key, row.happened_at))
        elif row.what == "节点办结":
            decide.refuse(gates.blockers(ctx, view, gates.COMPLETE, key))
            self._take([NewFact(kinds.COMPLETED, key.subject, row.happened_at, key.node)])
        elif item is not None:
            decide.refuse(gates.blockers(ctx, view, gates.WORK, key))
            spec_item = spec.item(int(item.group(1)))
            done = {"item": spec_item.item, "imported": True}
            self._take([NewFact(kinds.ITEM, key.subject, row.happened_at, key.node, done)])
        elif row.what.startswith(MATERIAL_PREFIX):
            body: dict[str, Any] = {
                "values": {},
                "material": row.what.removeprefix(MATERIAL_PREFIX),
            }
            self._take([NewFact(kinds.FIELDS, key.subject, row.happened_at, key.node, body)])
            return
        else:
            raise InputRefusedError(f"不认识的办理事项“{row.what}”", ())
        values = self._values(spec.fields, row.data)
        if values:
            self._take(
                [NewFact(kinds.FIELDS, key.subject, row.happened_at, key.node, {"values": values})]
            )
            self._take(pushed(ctx, self._context(), key, values, ()))

    def _approval(self, ctx: Context, view: CaseView, row: EventRow) -> None:
        """An approval given in the court's platform: application and decision at once."""
        words = row.what.removeprefix(APPROVAL_PREFIX)
        matter = MATTERS.get(words)
        if matter is None or row.node is None:
            known = "、".join(MATTERS)
            raise InputRefusedError(f"不认识的审批事项“{words}”（{known}），或者没有写明节点", ())
        key = Key(row.node, row.subject)
        rule = find_rule(ctx, view, key, matter)
        deciders = self._deciders(ctx, row, rule, key)
        waiting = ctx.index.latest_approval(matter, key.node, key.subject)
        if waiting is not None and waiting.status == "pending":
            self._decided(
                row, rule, key, waiting.seq, deciders
            )  # what went to its reviewer by itself
            return
        body = {
            "matter": matter,
            "reason": str(row.data.get("理由", "导入")),
            "level": rule.level,
            "roles": list(rule.roles),
            **_period(row.data),
        }
        self._take([NewFact(kinds.REQUESTED, key.subject, row.happened_at, key.node, body)])
        self._decided(row, rule, key, self._facts[-1].seq, deciders)

    def _deciders(
        self, ctx: Context, row: EventRow, rule: ApprovalRule, key: Key
    ) -> list[tuple[str, str]]:
        if self._staff is None:
            return [(role, row.officer) for role in _in_turn(rule)]
        return deciders_of(
            row.officer,
            rule,
            key.node,
            officer=ctx.current_officer(),
            staff=self._staff,
            matrix=self._rules.matrix,
        )

    def _decided(
        self,
        row: EventRow,
        rule: ApprovalRule,
        key: Key,
        request: int,
        deciders: Sequence[tuple[str, str]],
    ) -> None:
        made = []
        for place, (role, name) in enumerate(deciders, start=1):
            data = {
                "request": request,
                "outcome": "granted",
                "role": role,
                "by": name,
                "reason": str(row.data.get("意见") or "导入"),
                "matter": rule.matter,
                "final": place == len(deciders),
            }
            made.append(NewFact(kinds.DECIDED, key.subject, row.happened_at, key.node, data))
        self._take(made)
        asked = next(a for a in self._context().index.approvals if a.seq == request)
        for effect in effects_of(asked, "granted", final=True):
            fact = NewFact(effect.kind, effect.subject, row.happened_at, key.node, effect.data)
            self._take([fact])

    def _values(self, specs: Sequence[FieldSpec], data: Mapping[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for spec in specs:
            raw = data.get(spec.label)
            if raw in (None, ""):
                continue
            value, problems = check_value(spec, _read(spec, raw), self._rules.book.hollow_words)
            if problems:
                raise InputRefusedError("字段有错误", problems)
            found[spec.name] = value
        return found


def _in_turn(rule: ApprovalRule) -> tuple[str, ...]:
    """Return the roles that decide one after the other: all of a sequence, else one."""
    return rule.roles if rule.mode == "sequence" else rule.roles[:1]


def _sentences(error: InputRefusedError) -> list[str]:
    """Each mistake with what it is about."""
    about = error.sentence.rstrip("。")
    more = [p.sentence for p in error.problems if p.sentence.rstrip("。") not in about]
    return [f"{about}：{sentence}" for sentence in more] or [error.sentence]


def _read(spec: FieldSpec, raw: Any) -> Any:
    """A subject may be written in words (财产1); everything else is read by the field's check."""
    if spec.type in ("asset", "party"):
        for kind, label in subjects.KIND_LABELS.items():
            if str(raw).startswith(label) and str(raw).removeprefix(label).isdigit():
                return f"{kind}/{str(raw).removeprefix(label)}"
    return raw


def _period(data: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if data.get("延长月数"):
        found |= {"amount": int(float(data["延长月数"])), "unit": "month"}
    if data.get("扣除起日"):
        found |= {"start": data["扣除起日"], "end": data.get("扣除止日") or None}
    return found


def standing_of(words: str) -> str | None:
    """Return ``creditor`` or ``debtor`` for a standing in words, ``None`` for any other."""
    return _STANDINGS.get(words) or _DEBTORS.get(words)


def new_case(row: CaseRow, parties: Sequence[PartyRow]) -> NewCase:
    """Return a row of the list as a new case."""
    made = []
    for party in parties:
        standing = standing_of(party.standing)
        if standing is None:
            continue
        details = {
            "id_type": party.id_type,
            "gender": party.gender,
            "ethnicity": party.ethnicity,
            "birth": party.birth.isoformat() if party.birth else "",
            "legal_representative": party.legal_representative,
            "representative_title": party.representative_title,
            "workplace": party.workplace,
            "guardian": party.guardian,
            "guardian_relation": party.guardian_relation,
            "agent": party.agent,
            "agent_office": party.agent_office,
            "agent_powers": party.agent_powers,
            "service_address": party.service_address,
            "account_name": party.account_name,
            "account_number": party.account_number,
            "bank": party.bank,
            "standing_words": party.standing,
            "e_service": party.e_service,
        }
        made.append(
            NewParty(
                standing,
                party.kind,
                party.name,
                party.id_number,
                party.phone,
                party.address,
                {name: value for name, value in details.items() if value not in (None, "")},
            )
        )
    return NewCase(
        case_no=row.case_no_raw or row.case_no,
        parties=made,
        content=row.content,
        amount=row.amount if "money" in row.content or row.amount else None,
        officer=row.officer,
        clerk=row.clerk,
        kind=row.kind,
        non_litigation=row.is_non_litigation,
        cause=row.cause,
        basis=row.basis_number,
        previous_case_no=row.previous_case_no,
        details={
            "basis_type": row.basis_type,
            "basis_court": row.basis_court,
            "basis_effective_on": _iso(row.basis_effective_on),
            "basis_due_on": _iso(row.basis_due_on),
            "source": row.source,
            "creditor_is_court": row.creditor_is_court,
            "concerns": list(row.concerns),
            "amount_principal": str(row.amount_principal),
            "amount_interest": str(row.amount_interest),
            "amount_fee": str(row.amount_fee),
        },
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def event_labels(book: Rulebook) -> dict[str, str]:
    """Return what an event is called in the list, by its name."""
    return {event.name: event.label for event in book.events.values()}
