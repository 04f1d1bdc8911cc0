"""Cases: a new one, and how one stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import cases, staff
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, keep_rules
from zhixing_desktop.services.case_list import row_names
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.sight import Sight, ask_sight
from zhixing_desktop.services.steps import Outcome
from zhixing_desktop.workflow import case_numbers, subjects
from zhixing_desktop.workflow.case_words import CONTENT_LABELS
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.facts import HEADER, NOTHING, PARTY, Fact, FactIndex
from zhixing_desktop.workflow.identifiers import check_credit_code, check_id_number
from zhixing_desktop.workflow.personal import covered_fact, holds_covered
from zhixing_desktop.workflow.views import CaseView, Key

CONTENT = tuple(CONTENT_LABELS)
PERSON_KINDS = ("自然人", "法人", "其他组织")


@dataclass(frozen=True, slots=True)
class NewParty:
    """A party of a new case: ``standing`` is ``creditor`` or ``debtor``; ``kind`` 自然人 …"""

    standing: str
    kind: str
    name: str
    id_number: str = ""
    phone: str = ""
    address: str = ""
    details: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is asked when a case is registered.

    ``kind``: first, resumed, preservation (derived from the 案号 when empty); ``content``: any of
    :data:`CONTENT`; ``amount`` in yuan; ``previous_case_no`` links a resumed case to the closed
    one; ``submitted_on`` (ISO day) records the receipt of the application.
    """

    case_no: str
    parties: Sequence[NewParty]
    content: Sequence[str] = ("money",)
    amount: Decimal | None = None
    officer: str = ""
    clerk: str = ""
    kind: str = ""
    non_litigation: bool = False
    cause: str = ""
    basis: str = ""
    previous_case_no: str = ""
    details: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case as the window and the command line show it.

    ``sight`` says how the personal data in it stands; ``shown`` is the one instance of which it is
    whole all the same, because somebody asked for it.
    """

    id: int
    case_no: str
    version: int
    now: datetime
    header: Mapping[str, Any]
    parties: Mapping[str, Mapping[str, Any]]
    officer: str
    facts: tuple[Fact, ...]
    view: CaseView
    context: Context
    sight: Sight = Sight.OPEN
    shown: Key | None = None


def check_case(new: NewCase) -> tuple[case_numbers.CaseNumber | None, list[Problem]]:
    """Return the parsed 案号 and everything wrong with a new case, warnings included."""
    problems: list[Problem] = []
    problems.extend(case_numbers.check_own(new.case_no, where="案号"))
    number = None if problems else case_numbers.parse(new.case_no)
    if any(entry not in CONTENT for entry in new.content) or not new.content:
        problems.append(Problem("给付内容", "请至少选择一项给付内容"))
    if new.amount is not None and new.amount < 0:
        problems.append(Problem("申请执行标的", "金额不能为负"))
    if "money" in new.content and new.amount is None:
        problems.append(Problem("申请执行标的", "有金钱给付内容的案件应当填写标的金额"))
    standings = {party.standing for party in new.parties}
    if "creditor" not in standings:
        problems.append(Problem("当事人", "请登记申请执行人（申请保全人）"))
    if "debtor" not in standings:
        problems.append(Problem("当事人", "请登记被执行人（被保全人）"))
    for place, party in enumerate(new.parties, start=1):
        problems.extend(check_party(party, f"第{place}名当事人"))
    if number is not None and new.kind and new.kind != number.kind:
        problems.append(Problem("案件类型", f"案号“{new.case_no}”的类型代字与所选案件类型不符"))
    return number, problems


def check_party(party: NewParty, where: str) -> list[Problem]:
    """Return what is wrong with a party (errors and warnings)."""
    found: list[Problem] = []
    if party.standing not in ("creditor", "debtor"):
        found.append(Problem(where, "诉讼地位应当是申请执行人或者被执行人"))
    if party.kind not in PERSON_KINDS:
        found.append(Problem(where, "当事人类型应当是自然人、法人或者其他组织"))
    if not party.name.strip():
        found.append(Problem(where, "姓名或者名称不能为空"))
    if any(holds_covered(value) for value in (party.phone, *party.details.values())):
        found.append(Problem(where, "号码的中间被“*”遮盖，请填写完整的号码"))
    if party.id_number:
        check = check_id_number if party.kind == "自然人" else check_credit_code
        found.extend(
            Problem(f"{where}“{party.name}”", p.sentence, p.severity)
            for p in check(party.id_number)
        )
    return found


def register(bureau: Bureau, actor: Actor, new: NewCase) -> Outcome:
    """Register a case: its row, its opening facts, its first node.

    Raises ``NotAllowedError``, :class:`InputRefusedError` with all mistakes, a known 案号 included.
    """
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, "case.register")
        return write_case(bureau, conn, actor, new)


def write_case(
    bureau: Bureau,
    conn: Connection,
    actor: Actor,
    new: NewCase,
    *,
    further: Sequence[NewFact] = (),
    source: str = "entry",
) -> Outcome:
    """Register a case within a transaction; ``further`` are facts that come with it (imports)."""
    number, problems = check_case(new)
    errors = [p for p in problems if p.severity == "error"]
    if errors or number is None:
        words = dict.fromkeys(_words(p) for p in errors)
        raise InputRefusedError(f"案件没有登记：{'；'.join(words)}。", problems)
    case_no = str(number)
    now = bureau.database.now(conn)
    keep_rules(bureau, conn)
    if conn.execute(select(cases.c.id).where(cases.c.case_no == case_no)).first() is not None:
        raise InputRefusedError(f"案号“{case_no}”已经登记，不能重复。", [Problem("案号", "重复")])
    previous = _previous(conn, new, must=source != "import")
    header = _header(new, number, case_no, previous)
    made = [NewFact(HEADER, subjects.CASE, _opening(further, now), None, header)]
    made += _parties(new, made[0].happened_at)
    made += further
    facts = tuple(case_store.numbered(made, 1, now, actor.name, source=source))
    ctx = case_store.context_of(bureau, facts, now)
    view = view_of(ctx)
    with Recorder(
        conn, at=now, actor=actor.name, action="case.register", workstation=bureau.workstation
    ) as record:
        case_id = record.new_id(cases)
        record.case_id = case_id
        row = {
            "id": case_id,
            "case_no": case_no,
            "case_no_raw": new.case_no,
            "year": number.year,
            "court": number.court,
            "type": number.type,
            "number": number.number,
            "kind": header["kind"],
            "is_non_litigation": new.non_litigation,
            "cause": new.cause,
            "amount": new.amount,
            "version": 1,
            "previous_case_id": previous["id"] if previous else None,
            "created_at": now,
            **case_store.summary(view),
            **row_names(bureau, conn, None, ctx, view),
        }
        record.insert(cases, row)
        case_store.write_facts(record, case_id, facts)
        case_store.project_new(record, case_id, view)
    return Outcome(case_id, case_no, 1, facts, view)


def _words(problem: Problem) -> str:
    """A problem as part of a sentence; of a party it says whose."""
    sentence = problem.sentence.rstrip("。")
    return f"{problem.where}：{sentence}" if "当事人" in problem.where else sentence


def _opening(further: Sequence[NewFact], now: datetime) -> datetime:
    return min([now, *(fact.happened_at for fact in further)])


def _previous(conn: Connection, new: NewCase, *, must: bool) -> dict[str, Any] | None:
    """The earlier case; a list may name one from before the program was used."""
    if not new.previous_case_no:
        return None
    number = case_numbers.normalise(new.previous_case_no)
    if not must and not known_numbers(conn, [number]):
        return None
    row = case_store.find_case(conn, number)
    officer = select(staff.c.name).where(staff.c.id == row["officer_id"])
    return {**row, "officer": conn.execute(officer).scalar() or ""}


def known_numbers(conn: Connection, numbers: Sequence[str]) -> set[str]:
    """Return which of some 案号 are registered."""
    found = conn.execute(select(cases.c.case_no).where(cases.c.case_no.in_(numbers)))
    return {row.case_no for row in found}


def _header(
    new: NewCase, number: case_numbers.CaseNumber, case_no: str, previous: dict[str, Any] | None
) -> dict[str, Any]:
    header: dict[str, Any] = {
        **new.details,
        "case_no": case_no,
        "kind": number.kind,
        "content": list(new.content),
        "non_litigation": new.non_litigation,
        "officer": new.officer,
        "clerk": new.clerk,
        "cause": new.cause,
        "basis": new.basis,
    }
    if new.amount is not None:
        header["amount"] = f"{new.amount:.2f}"
    if previous is not None:
        header["previous_case"] = previous["case_no"]
        header["previous_officer"] = previous["officer"]
    elif new.previous_case_no:
        header["previous_case"] = case_numbers.normalise(new.previous_case_no)
    return header


def _parties(new: NewCase, at: datetime) -> list[NewFact]:
    counted: dict[str, int] = {}
    made = []
    for party in new.parties:
        counted[party.standing] = counted.get(party.standing, 0) + 1
        data = {
            **party.details,
            "name": party.name.strip(),
            "kind": party.kind,
            "id_number": party.id_number,
            "phone": party.phone,
            "address": party.address,
        }
        subject = f"{party.standing}/{counted[party.standing]}"
        made.append(NewFact(PARTY, subject, at, None, data))
    return made


def detail(
    bureau: Bureau, actor: Actor, reference: str | int, *, at: datetime | None = None
) -> CaseDetail:
    """Return a case as a person sees it now, or as it will stand at ``at`` if nothing is done.

    Personal data is covered unless it is his own case.  Raises :class:`InputRefusedError` for an
    unknown case, ``NotAllowedError`` for one he may not see.
    """
    with bureau.database.reading() as conn:
        case_id = case_store.find_case(conn, reference)["id"]
        sight = ask_sight(conn, bureau, actor, case_id)
        found = read_case(bureau, conn, case_id, at=at)
    return found if sight is Sight.OPEN else covered(found, sight)


def read_case(
    bureau: Bureau, conn: Connection, reference: str | int, *, at: datetime | None = None
) -> CaseDetail:
    """Return a case whole, within a transaction that has asked whether he may see it.

    Raises :class:`InputRefusedError` for an unknown case.
    """
    now = at or bureau.database.now(conn)
    row = case_store.find_case(conn, reference)
    facts, index = case_store.load_index(bureau, conn, row["id"], row["version"])
    ctx = case_store.context_of(bureau, index, now)
    return CaseDetail(
        id=row["id"],
        case_no=row["case_no"],
        version=row["version"],
        now=now,
        header=ctx.header,
        parties={subject: fact.data for subject, fact in ctx.index.parties.items()},
        officer=ctx.current_officer(),
        facts=facts,
        view=view_of(ctx),
        context=ctx,
    )


def covered(case: CaseDetail, sight: Sight, *, shown: Key | None = None) -> CaseDetail:
    """Return the case with personal data covered, but for the instance that is ``shown``.

    States and limits are those of the whole facts: covering moves nothing.
    """
    book = case.context.rulebook
    facts = tuple(
        fact if shown is not None and _of_instance(fact, shown) else covered_fact(book, fact)
        for fact in case.facts
    )
    ctx = replace(case.context, index=FactIndex(facts))
    return replace(
        case,
        header=ctx.header,
        parties={subject: fact.data for subject, fact in ctx.index.parties.items()},
        facts=facts,
        view=replace(case.view, approvals=tuple(ctx.index.approvals)),
        context=ctx,
        sight=sight,
        shown=shown,
    )


def _of_instance(fact: Fact, key: Key) -> bool:
    return fact.node == key.node and fact.subject == key.subject
