"""The case list as it stands, as an Excel workbook in the order of the official platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from zhixing_desktop.exchange.case_list import CaseRow, PartyRow, write_case_list
from zhixing_desktop.exchange.columns import CREDITOR, DEBTOR
from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.tables import cases
from zhixing_desktop.services import case_store, traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.sight import Sight, personal_sight, seen_cases
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import FactIndex
from zhixing_desktop.workflow.money import ZERO, parse_money
from zhixing_desktop.workflow.personal import ACCOUNT, ID_NUMBER, PHONE, covered_fact

NUMBERS = (ID_NUMBER, PHONE, ACCOUNT)
_STANDINGS = {"creditor": CREDITOR, "debtor": DEBTOR}
_PRESERVATION = {"creditor": "申请人", "debtor": "被申请人"}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    cases: int
    parties: int


def export_cases(bureau: Bureau, actor: Actor, path: Path, *, personal: bool = False) -> Exported:
    """Write the cases he may see and their parties as they stand; an older file is replaced.

    A case that has not been filed yet shows the moment of its registration as 立案时间, because the
    column must be filled.  Personal data is covered but in his own cases; with ``personal`` it is
    whole wherever he may see it, which the journal says.  Raises ``NotAllowedError``,
    ``StoreError`` when the file cannot be written.
    """
    rows: list[CaseRow] = []
    parties: list[PartyRow] = []
    hidden = shown = 0
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "export.list")
        condition, values = seen_cases(conn, bureau, actor)
        found = ask(conn, f"SELECT c.id FROM cases c WHERE {condition}", values)  # noqa: S608
        seen = {row[0] for row in found}
        now = bureau.database.now(conn)
        order = (cases.c.year, cases.c.type, cases.c.number)
        for case in map(dict, conn.execute(select(cases).order_by(*order)).mappings()):
            if case["id"] not in seen:
                continue
            _, index = case_store.load_index(bureau, conn, case["id"], case["version"])
            ctx = case_store.context_of(bureau, index, now)
            sight = personal_sight(conn, bureau, actor, ctx)
            if sight is Sight.ON_REQUEST and personal:
                shown += 1
            elif sight is not Sight.OPEN:
                ctx = _covered(ctx)
                hidden += 1
            rows.append(_case(case, ctx))
            parties.extend(_parties(case, ctx))
    with traces.leaving(bureau, actor, traces.LISTED, path) as (draft, told):
        write_case_list(draft, rows, parties)
        told.update({"案件": len(rows), "当事人": len(parties)})
        if hidden:
            told["遮盖号码的案件"] = hidden
        if shown:
            told["显示完整号码的案件"] = shown
            told["内容"] = "、".join(NUMBERS)
    return Exported(len(rows), len(parties))


def _covered(ctx: Context) -> Context:
    facts = [covered_fact(ctx.rulebook, fact) for fact in ctx.index.given]
    return replace(ctx, index=FactIndex(facts))


def _case(case: Mapping[str, Any], ctx: Context) -> CaseRow:
    header = ctx.header
    received = ctx.index.event("case_received", subjects.CASE)
    content = tuple(header.get("content") or ("money",))
    return CaseRow(
        row=0,
        case_no_raw=case["case_no_raw"],
        case_no=case["case_no"],
        kind=case["kind"],
        filed_at=_filed(case, ctx),
        content=content,
        received_on=received.happened_at.date() if received else None,
        officer=ctx.current_officer(),
        is_non_litigation=bool(header.get("non_litigation")),
        creditor_is_court=bool(header.get("creditor_is_court")),
        basis_number=_text(header, "basis"),
        previous_case_no=_text(header, "previous_case"),
        concerns=tuple(header.get("concerns") or ()),
        clerk=_text(header, "clerk"),
        cause=_text(header, "cause"),
        source=_text(header, "source"),
        basis_type=_text(header, "basis_type"),
        basis_court=_text(header, "basis_court"),
        basis_effective_on=_day(header, "basis_effective_on"),
        basis_due_on=_day(header, "basis_due_on"),
        amount_principal=_amount(header, "amount_principal"),
        amount_interest=_amount(header, "amount_interest"),
        amount_fee=_amount(header, "amount_fee"),
        amount=_amount(header, "amount"),
    )


def _filed(case: Mapping[str, Any], ctx: Context) -> datetime:
    filed = ctx.index.event("case_filed", subjects.CASE)
    found: datetime = filed.happened_at if filed else case["created_at"]
    return found


def _parties(case: Mapping[str, Any], ctx: Context) -> list[PartyRow]:
    usual = _PRESERVATION if case["kind"] == "preservation" else _STANDINGS
    return [
        PartyRow(
            row=0,
            case_no=case["case_no"],
            standing=_text(fact.data, "standing_words") or usual[subjects.kind_of(subject)],
            kind=_text(fact.data, "kind") or "其他组织",
            name=_text(fact.data, "name"),
            birth=_day(fact.data, "birth"),
            e_service=fact.data.get("e_service"),
            id_type=_text(fact.data, "id_type"),
            id_number=_text(fact.data, "id_number"),
            gender=_text(fact.data, "gender"),
            ethnicity=_text(fact.data, "ethnicity"),
            address=_text(fact.data, "address"),
            phone=_text(fact.data, "phone"),
            legal_representative=_text(fact.data, "legal_representative"),
            representative_title=_text(fact.data, "representative_title"),
            workplace=_text(fact.data, "workplace"),
            guardian=_text(fact.data, "guardian"),
            guardian_relation=_text(fact.data, "guardian_relation"),
            agent_office=_text(fact.data, "agent_office"),
            agent=_text(fact.data, "agent"),
            agent_powers=_text(fact.data, "agent_powers"),
            service_address=_text(fact.data, "service_address"),
            account_name=_text(fact.data, "account_name"),
            account_number=_text(fact.data, "account_number"),
            bank=_text(fact.data, "bank"),
        )
        for subject, fact in ctx.index.parties.items()
    ]


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return "" if value is None else str(value)


def _day(data: Mapping[str, Any], name: str) -> date | None:
    value = data.get(name)
    return date.fromisoformat(str(value)[:10]) if value else None


def _amount(data: Mapping[str, Any], name: str) -> Decimal:
    value = data.get(name)
    return ZERO if value in (None, "") else parse_money(str(value))
