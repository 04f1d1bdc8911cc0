"""The data of a case as a form sees them: from facts to the records of ``dictionary``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from zhixing_desktop.documents.dictionary import Dictionary
from zhixing_desktop.documents.form_types import Ask
from zhixing_desktop.documents.party_lines import short_names
from zhixing_desktop.documents.values import Record, Value
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.ages import born_on, is_minor
from zhixing_desktop.workflow.case_numbers import KIND_LABELS
from zhixing_desktop.workflow.case_words import CONTENT_LABELS
from zhixing_desktop.workflow.completeness import current_value
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.controls import under_control
from zhixing_desktop.workflow.counting import add_months
from zhixing_desktop.workflow.court_fees import enforcement_fee
from zhixing_desktop.workflow.facts import DECIDED, NOTHING, ApprovalView, Fact
from zhixing_desktop.workflow.identifiers import id_gender
from zhixing_desktop.workflow.rule_words import FieldType, Unit
from zhixing_desktop.workflow.views import CaseView, InstanceView, Key

_LEVELS = {
    "local": "本院执行局长",
    "intermediate_court": "上一级人民法院",
    "intermediate_court_bureau_chief": "上一级人民法院执行局长",
    "high_court": "高级人民法院（层报）",
}
_RECEIVERS = {
    "intermediate_court": ("superior", ""),
    "intermediate_court_bureau_chief": ("superior", "执行局"),
    "high_court": ("high", ""),
}
_OUTCOMES = {"granted": "同意", "refused": "不同意", "returned": "退回", "pending": "审批中",
             "withdrawn": "已撤回", "countermanded": "已撤销"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the court: name, title, office telephone."""

    name: str
    title: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper of the case that was issued before."""

    name: str
    number: str
    day: date
    served_on: date | None = None
    copies: int = 1


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a node's log in words: when it happened, when and by whom entered, what."""

    happened: str
    entered: str
    by: str
    what: str


@dataclass(frozen=True, slots=True)
class Around:
    """What a paper needs beside the case: the court, its people, the paper's own data.

    ``court`` holds values of ``dictionary.COURT``; ``people`` persons by ``officer``, ``clerk``,
    ``chief``, ``vice_president`` and ``president``.  ``number`` and ``day`` are the paper's;
    ``asked`` what was asked for it; ``subject`` is what the paper is about where that is not
    the instance's own subject (one 执行通知书 for each debtor); ``recipient`` the party (subject)
    this copy is for; ``matter`` the application whose words it carries.  ``earlier`` are the
    papers issued before, ``enclosed`` those that go out or are served with this one.  ``log`` is
    the log of the paper's node and ``hops`` the way of its application through other courts.
    """

    court: Mapping[str, str]
    people: Mapping[str, Person] = field(default_factory=lambda: NOTHING)
    number: str = ""
    day: date | None = None
    asks: Sequence[Ask] = ()
    asked: Mapping[str, Value] = field(default_factory=lambda: NOTHING)
    subject: str = ""
    recipient: str = ""
    matter: str = ""
    earlier: Sequence[Issued] = ()
    enclosed: Sequence[Issued] = ()
    log: Sequence[LogLine] = ()
    hops: Sequence[str] = ()


def paper_data(
    ctx: Context, view: CaseView, dictionary: Dictionary, place: Key, around: Around
) -> dict[str, Any]:
    """Return the names a form may use for a paper of the node instance ``place``.

    ``ctx`` has the facts whole (nothing covered): who may make a paper may see its data.
    """
    return _Builder(ctx, view, dictionary, place, around).data()


class _Builder:
    def __init__(
        self, ctx: Context, view: CaseView, dictionary: Dictionary, place: Key, around: Around
    ) -> None:
        self._ctx, self._view, self._words = ctx, view, dictionary
        self._place, self._around = place, around
        self._subject = around.subject or place.subject
        self._parties = {s: self._party(s, f) for s, f in ctx.index.parties.items()}

    def data(self) -> dict[str, Any]:
        subject = self._subject
        creditors, debtors = self._side("creditor"), self._side("debtor")
        kind = subjects.kind_of(subject)
        data: dict[str, Any] = {
            "court": Record(self._words.labels("court"), self._around.court, "court"),
            "case": self._case(creditors, debtors),
            "creditors": creditors,
            "debtors": debtors,
            "creditor": self._one("creditor", creditors),
            "debtor": self._one("debtor", debtors),
            "recipient": self._parties.get(
                subjects.base(self._around.recipient), self._nobody("recipient")
            ),
            "assets": self._all("asset"),
            "clues": self._all("clue"),
            "payments": self._all("payment"),
            "node": self._instance(),
            "application": self._application(),
            "earlier": tuple(map(self._earlier, self._around.earlier)),
            "enclosed": tuple(map(self._earlier, self._around.enclosed)),
            "paper": Record(
                self._words.labels("paper"),
                {"number": self._around.number, "day": self._around.day},
                "paper",
            ),
            "ask": self._ask(),
            **{name: self._person(name) for name in _PEOPLE},
        }
        if kind not in ("case", "creditor", "debtor"):
            data[kind] = self._thing(kind, subject)
        above = subjects.parent(subject)
        if kind == "round" and above is not None:
            data["asset"] = self._thing("asset", above)
            data.update(self._nodes("asset", above))
        data.update(self._nodes("case", subjects.CASE))
        if kind != "case":
            data.update(self._nodes(kind, subject))
        number = f"n{self._place.node}"
        # A repeated node: the papers of its second occurrence take the second one's fields.
        data[number] = self._node(self._place.node, self._place.subject)
        return data

    # ---------------------------------------------------------------------------------- the case

    def _case(self, creditors: Sequence[Record], debtors: Sequence[Record]) -> Record:
        ctx, header = self._ctx, self._ctx.header
        preservation = ctx.kind == "preservation"
        filed = ctx.index.event("case_filed", subjects.CASE)
        received = ctx.index.event("case_received", subjects.CASE)
        at_filing = ctx.index.values.get((2, subjects.CASE), NOTHING)
        at_transfer = ctx.index.values.get((4, subjects.CASE), NOTHING)
        return Record(
            self._words.labels("case"),
            {
                "number": header.get("case_no"),
                "kind": KIND_LABELS.get(ctx.kind),
                "cause": header.get("cause"),
                "basis": _basis(header, at_filing),
                "basis_kind": at_filing.get("basis_kind") or header.get("basis_type"),
                "basis_effective_on": _day(
                    at_filing.get("basis_effective_on") or header.get("basis_effective_on")
                ),
                "amount": _money(header.get("amount")),
                "content": tuple(
                    words for name, words in CONTENT_LABELS.items() if name in ctx.content
                ),
                "filed_on": filed.happened_at.date() if filed else None,
                "received_on": received.happened_at.date() if received else None,
                "previous": header.get("previous_case"),
                "creditor_names": short_names(creditors),
                "debtor_names": short_names(debtors),
                "creditor_word": "申请保全人" if preservation else "申请执行人",
                "debtor_word": "被保全人" if preservation else "被执行人",
                "account": at_filing.get("case_account"),
                "claim": at_transfer.get("claim_content") or header.get("claim"),
                "state": self._view.state.label,
                "old_enough_to_end": self._old_enough(filed.happened_at.date() if filed else None),
                "held": self._held(),
                "fee": enforcement_fee(_money(header.get("amount"))),
            },
            "case",
        )

    def _old_enough(self, filed: date | None) -> bool | None:
        """True when the paper's day lies beyond the floor of 终本 (法〔2016〕373号)."""
        months = self._ctx.rulebook.settings.minimum_termination_months
        day = self._around.day or self._ctx.now.date()
        return True if filed is not None and day > add_months(filed, months) else None

    def _held(self) -> tuple[Record, ...]:
        """Return the assets on which a control of the court stands on the paper's day."""
        day = self._around.day or self._ctx.now.date()
        return tuple(self._thing("asset", asset) for asset in under_control(self._ctx, day))

    def _side(self, side: str) -> tuple[Record, ...]:
        return tuple(
            record for subject, record in self._parties.items() if subjects.kind_of(subject) == side
        )

    def _one(self, side: str, found: Sequence[Record]) -> Record:
        """The one the paper is for, else the first."""
        own = self._parties.get(subjects.base(self._subject))
        if own is not None and subjects.kind_of(self._subject) == side:
            return own
        return found[0] if found else self._nobody(side)

    def _nobody(self, side: str) -> Record:
        return Record(self._words.labels("party"), {}, "party", whose=_SIDES.get(side, ""))

    def _party(self, subject: str, fact: Fact) -> Record:
        data = fact.data
        natural = data.get("kind") == "自然人"
        number = str(data.get("id_number") or "")
        born = born_on(data)
        side = subjects.kind_of(subject)
        standing = self._standing(side)
        values: dict[str, Value] = {
            **{name: data.get(name) for name in _PARTY_AS_TYPED},
            "standing": standing,
            "representative": data.get("legal_representative"),
            "natural": natural,
            "born_on": born,
            "gender": data.get("gender") or (id_gender(number) if natural else None),
            "minor": is_minor(data, self._ctx.now),
            "you": "你" if natural else "你单位",
            "representative_word": data.get("representative_word")
            or ("法定代表人" if data.get("kind") == "法人" else "主要负责人"),
            **self._nodes(side, subject),
        }
        name = str(data.get("name") or "")
        return Record(self._words.labels("party"), values, f"party/{subject}", whose=name)

    def _standing(self, side: str) -> str:
        words = self._ctx.kind == "preservation"
        return {
            "creditor": "申请保全人" if words else "申请执行人",
            "debtor": "被保全人" if words else "被执行人",
        }[side]

    # ---------------------------------------------------------------------------------- its things

    def _all(self, kind: str) -> tuple[Record, ...]:
        return tuple(self._thing(kind, s) for s in self._ctx.index.subjects_of(kind))

    def _thing(self, kind: str, subject: str) -> Record:
        plain = subjects.base(subject)
        if kind == "query":
            run: dict[str, Value] = {"name": subjects.label(plain), **self._nodes(kind, plain)}
            return Record(self._words.labels(kind), run, f"subject/{plain}")
        event = _EVENTS.get(kind)
        fact = self._ctx.index.event(event, plain) if event else None
        values: dict[str, Value] = dict(self._nodes(kind, plain))
        if fact is not None:
            values.update(self._of_event(kind, plain, fact))
        name = self._ctx.index.name_of(plain) or ""
        return Record(self._words.labels(kind), values, f"subject/{plain}", whose=name)

    def _of_event(self, kind: str, subject: str, fact: Fact) -> dict[str, Value]:
        data, at = fact.data, fact.happened_at
        if kind == "asset":
            return {
                "name": data.get("name"),
                "category": data.get("category"),
                "owner": self._parties.get(str(data.get("owner") or "")),
                "value": _money(data.get("value")),
                "found_at": at,
                "rounds": tuple(
                    self._thing("round", r) for r in self._ctx.index.rounds.get(subject, ())
                ),
            }
        if kind == "clue":
            return {
                "name": data.get("name"),
                "source": data.get("source"),
                "received_on": at.date(),
            }
        if kind == "round":
            words = {1: "第一次拍卖", 2: "第二次拍卖"}
            number = subjects.number_of(subject)
            return {"number": words.get(number, f"第{number}次拍卖"), "started_on": at.date()}
        return {
            "name": data.get("name"),
            "amount": _money(data.get("amount")),
            "payer": data.get("payer"),
            "arrived_on": at.date(),
            **self._paid(data),
        }

    def _paid(self, arrived: Mapping[str, Any]) -> dict[str, Value]:
        """What was paid out of all money of the case, and what is left of it."""
        index = self._ctx.index
        come = [_money(f.data.get("amount")) for f in index.by_name.get("payment_arrived", ())]
        out = [
            _money(index.value(33, s, "payout_amount"))
            for s in index.subjects_of("payment")
            if index.event("paid_out", s) is not None
        ]
        paid = sum((a for a in out if a), Decimal(0))
        total = sum((a for a in come if a), Decimal(0))
        return {"paid_before": paid, "left": total - paid} if arrived else {}

    # ---------------------------------------------------------------------------------- the nodes

    def _nodes(self, kind: str, subject: str) -> dict[str, Record]:
        return {name: self._node(int(name[1:]), subject) for name in self._words.nodes_of(kind)}

    def _node(self, number: int, subject: str) -> Record:
        """Return a node's fields as its panel shows them: a day that an event tells is known."""
        ctx, spec = self._ctx, self._ctx.rulebook.nodes[number]
        own, first = ctx.index.values.get((number, subject)), subjects.base(subject)
        entered_at = first if not own and ctx.index.values.get((number, first)) else subject
        key = Key(number, entered_at)
        values = {f.name: self._typed(f.type, current_value(ctx, key, f)) for f in spec.fields}
        return Record(self._words.labels(f"n{number}"), values, f"node/{number}/{subject}")

    def _typed(self, kind: FieldType, value: Any) -> Value:
        if value is None or value == "":
            return None
        if kind is FieldType.PARTY:
            return self._parties.get(str(value))
        if kind is FieldType.ASSET:
            return self._thing("asset", str(value))
        convert = _CONVERSIONS.get(kind)
        return value if convert is None else convert(value)

    def _instance(self) -> Record:
        entry = self._view.instances.get(self._place)
        spec = self._ctx.rulebook.nodes[self._place.node]
        values: dict[str, Value] = {"number": str(spec.number), "name": spec.name}
        if self._place.subject != subjects.CASE:
            values["about"] = self._ctx.index.name_of(subjects.base(self._place.subject))
        values["log"] = tuple(map(self._log_line, self._around.log))
        if spec.unfreeze is not None:
            level = spec.unfreeze.level.value
            values["unfreezer"] = spec.unfreeze.words or _LEVELS[level]
            which, office = _RECEIVERS.get(level, ("name", ""))
            court = self._around.court.get(which)
            values["receiver"] = f"{court}{office}" if court else None
        if entry is not None:
            values.update(self._standing_of(entry))
        return Record(self._words.labels("instance"), values, f"node/{spec.number}")

    def _log_line(self, line: LogLine) -> Record:
        values = {
            "happened": line.happened,
            "entered": line.entered,
            "by": line.by,
            "what": line.what,
        }
        return Record(self._words.labels("log"), values, f"node/{self._place.node}")

    def _standing_of(self, entry: InstanceView) -> dict[str, Value]:
        limit = next(
            (
                view
                for view in entry.limits
                if entry.frozen is not None and view.limit.id == entry.frozen.limit_id
            ),
            next((view for view in entry.limits if view.due_at == entry.due_at), None),
        )
        due = limit.due_at if limit is not None else entry.due_at
        found: dict[str, Value] = {
            "state": entry.state.label,
            "opened_on": entry.opened_at.date() if entry.opened_at else None,
            "due_on": due.date() if due else None,
            "limit": _limit_words(limit.limit.unit, limit.limit.words()) if limit else None,
        }
        if entry.frozen is not None:
            found["frozen_at"] = entry.frozen.frozen_at
            found["frozen_why"] = entry.frozen.cite.quote
            if due is not None:
                found["late_days"] = str(max(0, (self._ctx.now.date() - due.date()).days))
        return found

    def _application(self) -> Record:
        labels = self._words.labels("application")
        matter = self._around.matter
        if not matter:
            return Record(labels, {}, "application")
        node, subject = self._place
        found = self._ctx.index.latest_approval(matter, node, subject)
        if found is None:
            return Record(labels, {}, "application")
        return Record(
            labels,
            {
                "label": self._label_of(found),
                "by": found.requested_by,
                "on": found.requested_at.date(),
                "reason": found.reason,
                "state": _OUTCOMES.get(found.status, found.status),
                "steps": self._steps(found),
                "hops": tuple(self._around.hops),
            },
            "application",
        )

    def _label_of(self, found: ApprovalView) -> str:
        for approval in self._ctx.rulebook.nodes[found.node].approvals:
            if approval.matter == found.matter:
                return approval.label
        return "解除冻结" if found.matter == "unfreeze" else found.matter

    def _steps(self, found: ApprovalView) -> tuple[Record, ...]:
        """The decisions on an application in order, each with its day."""
        days: list[date | None] = [
            fact.happened_at.date()
            for fact in self._ctx.index.facts
            if fact.kind == DECIDED and fact.data.get("request") == found.seq
        ]
        days += [None] * (len(found.steps) - len(days))
        return tuple(self._step(*each) for each in zip(found.steps, days, strict=False))

    def _step(self, step: Mapping[str, Any], day: date | None) -> Record:
        on_behalf = str(step.get("on_behalf_of") or "")
        by = str(step.get("by") or "")
        return Record(
            self._words.labels("step"),
            {
                "role": step.get("role"),
                "by": f"{by}（代{on_behalf}）" if on_behalf else by,
                "on": day,
                "outcome": _OUTCOMES.get(str(step.get("outcome")), step.get("outcome")),
                "reason": step.get("reason"),
            },
            "application",
        )

    # ---------------------------------------------------------------------------------- the rest

    def _ask(self) -> Record:
        asked = self._around.asked
        return Record(
            {ask.name: ask.label for ask in self._around.asks},
            {ask.name: self._typed(ask.type, asked.get(ask.name)) for ask in self._around.asks},
            "ask",
        )

    def _person(self, name: str) -> Record:
        person = self._around.people.get(name)
        values = (
            {"name": person.name, "title": person.title, "phone": person.phone} if person else {}
        )
        return Record(self._words.labels("person"), values, f"people/{name}", whose=_PEOPLE[name])

    def _earlier(self, paper: Issued) -> Record:
        values = {
            "name": paper.name,
            "number": paper.number,
            "day": paper.day,
            "served_on": paper.served_on,
            "copies": str(paper.copies),
        }
        return Record(self._words.labels("earlier"), values, "papers")


_PEOPLE = {
    "officer": "承办人",
    "clerk": "书记员",
    "chief": "执行局长",
    "vice_president": "主管院领导",
    "president": "院长",
}
_SIDES = {"creditor": "申请执行人", "debtor": "被执行人", "recipient": "受送达人"}
_EVENTS = {
    "asset": "asset_found",
    "clue": "clue_received",
    "payment": "payment_arrived",
    "round": "auction_started",
}
_PARTY_AS_TYPED = (
    "name", "kind", "ethnicity", "id_number", "address", "phone", "workplace",
    "representative_title", "agent", "agent_office", "guardian", "guardian_relation",
    "service_address", "account_name", "account_number", "bank",
)  # fmt: skip


def data_paths(dictionary: Dictionary, subject: str, asks: Sequence[Ask]) -> Iterator[str]:
    """Yield every path a form for a kind of subject may name, for lists and templates."""
    for name, kind in dictionary.root(subject, asks).items():
        record = kind.removeprefix("list:")
        labels = {a.name: a.label for a in asks} if record == "ask" else dictionary.labels(record)
        for value in labels:
            yield f"{name}.{value}"


def _basis(header: Mapping[str, Any], at_filing: Mapping[str, Any]) -> str:
    """Number and name of the judgment: a list from elsewhere tells them in two columns."""
    words = str(header.get("basis") or at_filing.get("basis_document") or "")
    kind = str(header.get("basis_type") or at_filing.get("basis_kind") or "")
    return f"{words}{kind}" if words.endswith("号") and kind != "其他" else words


def _limit_words(unit: Unit, words: str) -> str:
    return words if unit is not Unit.IMMEDIATE else "立即"


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _money(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


_CONVERSIONS: Mapping[FieldType, Callable[[Any], Value]] = {
    FieldType.DATE: _day,
    FieldType.DATETIME: _moment,
    FieldType.MONEY: _money,
    FieldType.MULTICHOICE: tuple,
}
