"""A case in which everything is entered, made of plain facts, and the papers made of it.

Values that read like a real case stand in ``full_values``; what is not given there gets a plausible
answer by its type, so that every field of every node has a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from helpers.bureau import rules
from helpers.filling import answer
from helpers.full_values import ASSETS, CLUES, CREDITOR, DEBTORS, PAYMENTS, VALUES
from zhixing_desktop import paths
from zhixing_desktop.documents.blocks import Paper
from zhixing_desktop.documents.case_data import Around, Issued, Person, paper_data
from zhixing_desktop.documents.dictionary import Dictionary
from zhixing_desktop.documents.form_reader import Library, read_library
from zhixing_desktop.documents.form_types import Form, Numbering
from zhixing_desktop.documents.laws import read_laws
from zhixing_desktop.documents.making import Making, make_paper
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.facts import (
    DECIDED,
    FIELDS,
    HEADER,
    NOTHING,
    PARTY,
    REQUESTED,
    Fact,
    FactIndex,
)
from zhixing_desktop.workflow.rulebook import NodeSpec
from zhixing_desktop.workflow.views import Key

FILED = datetime(2024, 3, 1, 9, 30)
NOW = datetime(2024, 6, 14, 10, 20)
DAY = date(2024, 6, 14)
NUMBER = "（2024）豫0811执123号"
COURT = {
    "name": "河南省焦作市山阳区人民法院",
    "code": "豫0811",
    "address": "焦作市山阳区人民路1838号",
    "phone": "0391-3688123",
    "postcode": "454002",
    "superior": "河南省焦作市中级人民法院",
    "high": "河南省高级人民法院",
    "account_name": "焦作市山阳区人民法院执行款专户",
    "account_bank": "中国农业银行焦作山阳支行",
    "account_number": "16395101040012345",
    "supervision_phone": "0391-3688111",
}
PEOPLE = {
    "officer": Person("张承办", "审判员", "0391-3688201"),
    "clerk": Person("周书记", "书记员", "0391-3688202"),
    "chief": Person("李局长", "执行局局长", "0391-3688203"),
    "vice_president": Person("王主管", "副院长", "0391-3688204"),
    "president": Person("赵院长", "院长", "0391-3688205"),
}
EARLIER = (
    Issued("执行通知书", NUMBER, date(2024, 3, 8), date(2024, 3, 12)),
    Issued("报告财产令", NUMBER, date(2024, 3, 8), date(2024, 3, 12)),
)


@dataclass(frozen=True, slots=True)
class CaseOf:
    """What a test's case is made of; all has a sensible beginning."""

    creditors: Sequence[Mapping[str, Any]] = (CREDITOR,)
    debtors: Sequence[Mapping[str, Any]] = DEBTORS
    assets: Sequence[Mapping[str, Any]] = ASSETS
    clues: Sequence[Mapping[str, Any]] = CLUES
    payments: Sequence[Mapping[str, Any]] = PAYMENTS
    kind: str = "first"
    values: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    header: Mapping[str, Any] = field(default_factory=dict)
    filled: bool = True


class _Facts:
    def __init__(self) -> None:
        self.made: list[Fact] = []

    def add(
        self, kind: str, subject: str, at: datetime, node: int | None, data: Mapping[str, Any]
    ) -> int:
        seq = len(self.made) + 1
        self.made.append(Fact(seq, kind, subject, at, at, at, "张承办", node, dict(data)))
        return seq


@cache
def library() -> Library:
    """Return the program's own forms, read once for all tests."""
    resources = paths.resources_dir()
    laws = read_laws((resources / "law" / "articles.yaml").read_text("utf-8"))
    texts = {p.name: p.read_text("utf-8") for p in (resources / "forms").glob("*.form")}
    return read_library(texts, rules().book, laws)


def empty_case() -> Context:
    """Return a case of which nothing but its opening is known."""
    facts = _Facts()
    facts.add(HEADER, "case", FILED, None, {"kind": "first", "content": ["money"]})
    return Context(rules().book, rules().calendar, FactIndex(facts.made), NOW)


def full_case(case: CaseOf | None = None) -> Context:
    """Return a case in which every field of every node is entered."""
    wanted = case or CaseOf()
    facts = _Facts()
    header = {
        "case_no": NUMBER, "kind": wanted.kind, "content": ["money"], "cause": "民间借贷纠纷",
        "amount": "286543.21", "officer": "张承办", "clerk": "周书记",
        "basis": "（2023）豫0811民初2456号民事判决书", **wanted.header,
    }  # fmt: skip
    facts.add(HEADER, "case", FILED, None, header)
    for side, parties in (("creditor", wanted.creditors), ("debtor", wanted.debtors)):
        for place, party in enumerate(parties, start=1):
            facts.add(PARTY, f"{side}/{place}", FILED, None, party)
    for name, at in (("case_filed", FILED), ("case_received", datetime(2024, 3, 4))):
        facts.add(name, "case", at, None, {})
    things = (
        ("asset_found", "asset", wanted.assets, datetime(2024, 3, 5, 15, 20)),
        ("clue_received", "clue", wanted.clues, datetime(2024, 3, 11)),
        ("payment_arrived", "payment", wanted.payments, datetime(2024, 5, 20)),
    )
    for event, kind, entries, at in things:
        for place, entry in enumerate(entries, start=1):
            facts.add(event, f"{kind}/{place}", at, None, entry)
    if wanted.assets:
        facts.add("auction_started", "asset/1/round/1", datetime(2024, 5, 6), None, {})
        facts.add("auction_started", "asset/1/round/2", datetime(2024, 6, 10), None, {})
    if wanted.filled:
        _fill(facts, wanted)
    return Context(rules().book, rules().calendar, FactIndex(facts.made), NOW)


def _fill(facts: _Facts, wanted: CaseOf) -> None:
    ctx = Context(rules().book, rules().calendar, FactIndex(facts.made), NOW)
    for number, spec in rules().book.nodes.items():
        for subject in _subjects(ctx, spec):
            key = Key(number, subject)
            values = {f.name: answer(ctx, key, f) for f in spec.fields}
            values.update(VALUES.get(number, {}))
            values.update(wanted.values.get(number, {}))
            facts.add(FIELDS, subject, NOW, number, {"values": values})
        for approval in spec.approvals:
            _granted(facts, spec, next(iter(_subjects(ctx, spec))), approval.matter, approval.roles)
    asked = {"matter": "unfreeze", "reason": "查控系统故障，次日方提起查询，请求解冻。"}
    facts.add(
        REQUESTED, "case", NOW, 3, {**asked, "level": "intermediate_court", "roles": ["中院"]}
    )


def _subjects(ctx: Context, spec: NodeSpec) -> Iterator[str]:
    match spec.subject:
        case "case":
            yield "case"
        case "query":
            yield from ("query/network", "query/traditional")
        case "followup":
            yield "followup/1"
        case "debtor":
            yield from (s for s in ctx.index.parties if s.startswith("debtor/"))
        case kind:
            yield from ctx.index.subjects_of(kind)


def _granted(
    facts: _Facts, spec: NodeSpec, subject: str, matter: str, roles: Sequence[str]
) -> None:
    asked = {"matter": matter, "reason": "符合规定的条件，拟请批准。", "level": "local"}
    request = facts.add(REQUESTED, subject, NOW, spec.number, {**asked, "roles": list(roles)})
    for place, role in enumerate(roles):
        facts.add(
            DECIDED, subject, NOW, spec.number,
            {"request": request, "outcome": "granted", "role": role, "by": f"某{role}",
             "reason": "同意", "matter": matter, "final": place == len(roles) - 1},
        )  # fmt: skip


def place_of(form: Form, about: str = "", node: int = 0) -> tuple[Key, str]:
    """Return the node instance that a form's paper belongs to, and what the paper is about.

    ``node`` is another of its nodes than the first.
    """
    first = {
        "case": "case", "debtor": "debtor/1", "creditor": "creditor/1", "asset": "asset/1",
        "round": "asset/1/round/1", "payment": "payment/1", "clue": "clue/1",
        "query": "query/network", "followup": "followup/1",
    }  # fmt: skip
    subject = about or first[form.subject]
    number = node or form.nodes[0]
    of_node = rules().book.nodes[number].subject
    place = subject if of_node == form.subject else first[of_node]
    return Key(number, place), subject


def made(
    name: str,
    ctx: Context | None = None,
    *,
    about: str = "",
    node: int = 0,
    asked: Mapping[str, Any] | None = None,
    day: date = DAY,
    full: bool = True,
    by_hand: bool = False,
    **around: Any,
) -> Paper:
    """Make the paper of a form (key or name); with ``full`` every ask has its example."""
    form = library().form(name)
    ctx = ctx or full_case()
    key, subject = place_of(form, about, node)
    answers = {ask.name: ask.example for ask in form.asks} if full else {}
    answers.update(asked or {})
    given: dict[str, Any] = {
        "court": COURT if full else {},
        "people": PEOPLE if full else {},
        "number": _number(form) if full else "",
        "day": day,
        "asks": form.asks,
        "asked": answers,
        "subject": subject,
        "recipient": "creditor/1" if "creditor" in form.served_on else "debtor/1",
        "matter": form.approval,
        "earlier": EARLIER if full else (),
        "enclosed": EARLIER if full else (),
    }
    data = paper_data(
        ctx, view_of(ctx), Dictionary(rules().book), key, Around(**{**given, **around})
    )
    return make_paper(form, data, library().laws, Making(day, by_hand=by_hand))


def _number(form: Form) -> str:
    return {
        Numbering.CASE: NUMBER,
        Numbering.SUFFIX: f"{NUMBER}之一",
        Numbering.SERIES: f"（2024）豫0811{form.series}7号",
        Numbering.NONE: "",
    }[form.numbering]


__all__ = ["NOTHING", "CaseOf", "empty_case", "full_case", "library", "made", "place_of"]
