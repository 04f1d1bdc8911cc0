"""The parties of a sample case, and what the case is about so that it fits them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from types import MappingProxyType

from zhixing_desktop.exchange.case_list import CaseRow, PartyRow
from zhixing_desktop.services import sample_names as names
from zhixing_desktop.workflow.identifiers import id_birth_date, id_gender

_NATURAL, _FIRM = "自然人", "法人"
_BANKS = (
    "中国工商银行焦作人民路支行",
    "中国建设银行焦作解放路支行",
    "中国农业银行焦作山阳支行",
    "中国银行焦作建设路支行",
)
_JOBS = ("焦作市怀川机械制造有限公司工人", "个体工商户", "焦作市金穗物流运输有限公司驾驶员")
_INJURY = "机动车交通事故责任纠纷"
_ARBITRATED = ("买卖合同纠纷", "建设工程施工合同纠纷", "房屋租赁合同纠纷")
Fits = Callable[[list[PartyRow], list[PartyRow]], bool]


def _anybody(_creditors: list[PartyRow], _debtors: list[PartyRow]) -> bool:
    return True


def _of_lender(creditors: list[PartyRow], _debtors: list[PartyRow]) -> bool:
    return "小额贷款" in creditors[0].name


def _of_worker(creditors: list[PartyRow], debtors: list[PartyRow]) -> bool:
    return creditors[0].kind == _NATURAL and all(party.kind == _FIRM for party in debtors)


def _of_person(creditors: list[PartyRow], _debtors: list[PartyRow]) -> bool:
    return creditors[0].kind == _NATURAL


def _of_couple(creditors: list[PartyRow], debtors: list[PartyRow]) -> bool:
    both = [*creditors, *debtors]
    return (
        len(both) == 2
        and all(party.kind == _NATURAL for party in both)
        and both[0].gender != both[1].gender
    )


def _of_builder(_creditors: list[PartyRow], debtors: list[PartyRow]) -> bool:
    return debtors[0].kind == _FIRM


_FITS: Mapping[str, Fits] = MappingProxyType(
    {
        "金融借款合同纠纷": _of_lender,
        "劳动争议": _of_worker,
        "追索劳动报酬纠纷": _of_worker,
        _INJURY: _of_person,
        "离婚后财产纠纷": _of_couple,
        "建设工程施工合同纠纷": _of_builder,
    }
)


def parties_of(rng: Random, row: CaseRow) -> list[PartyRow]:
    """Draw who stands against whom."""
    made: list[PartyRow] = []
    standings = ["申请执行人"] + ["被执行人"] * rng.choices((1, 2, 3), (70, 22, 8))[0]
    for standing in standings:
        natural = rng.random() < (0.6 if standing == "被执行人" else 0.5)
        name = names.person(rng) if natural else names.firm(rng)
        while any(party.name == name for party in made):
            name = names.person(rng) if natural else names.firm(rng)
        number = names.id_number(rng, names.sex(name)) if natural else names.credit_code(rng)
        party = PartyRow(
            row=0,
            case_no=row.case_no,
            standing=standing,
            kind=_NATURAL if natural else _FIRM,
            name=name,
            id_type="居民身份证" if natural else "统一社会信用代码",
            id_number=number,
            address=names.address(rng),
            phone=f"1{rng.choice('3578')}{rng.randint(0, 999_999_999):09d}",
        )
        # Of its own, so that what was drawn before does not change.
        made.append(_known_better(Random(f"{row.case_no}{name}"), party))
    return made


def _known_better(rng: Random, party: PartyRow) -> PartyRow:
    """Add what the papers say of a party beside its name and number."""
    debtor = party.standing == "被执行人"
    if party.kind == _FIRM:
        party = replace(
            party,
            legal_representative=names.person(rng),
            representative_title=rng.choice(("执行董事", "董事长", "总经理")),
        )
    else:
        party = replace(
            party,
            ethnicity="维吾尔族" if "·" in party.name else "汉族",
            gender=id_gender(party.id_number) or "",
            birth=id_birth_date(party.id_number),
            workplace=rng.choice(_JOBS) if debtor and rng.random() < 0.3 else "",
        )
    if debtor:
        return replace(party, service_address=party.address)
    agent = rng.random() < 0.4
    return replace(
        party,
        service_address=party.address,
        e_service=rng.random() < 0.7,
        account_name=party.name,
        account_number=names.bank_card(rng),
        bank=rng.choice(_BANKS),
        agent=names.person(rng) if agent else "",
        agent_office=f"{names.LAW_FIRM}律师" if agent else "",
        agent_powers=rng.choice(("特别授权", "一般代理")) if agent else "",
    )


def fitted(row: CaseRow, parties: list[PartyRow]) -> tuple[CaseRow, list[PartyRow]]:
    """Return a case and its parties so that cause, judgment and people belong together."""
    rng = Random(f"{row.case_no}{row.filed_at}")
    effective = row.filed_at.date() - timedelta(days=rng.randint(30, 160))
    due = effective + timedelta(days=rng.randint(5, 15))
    row = replace(row, basis_effective_on=effective, basis_due_on=due)
    if row.is_non_litigation:
        return _penalty(rng, row, parties)
    if row.kind == "preservation":
        number = f"（{row.filed_at.year}）豫0811财保{rng.randint(1, 300)}号"
        effective = row.filed_at.date() - timedelta(days=1)
        row = replace(
            row,
            basis_type="民事裁定书",
            basis_number=number,
            basis_effective_on=effective,
            basis_due_on=None,
        )
    creditors = [party for party in parties if party.standing == "申请执行人"]
    debtors = [party for party in parties if party.standing == "被执行人"]
    if row.content != ("money",):
        thing = "thing" in row.content
        return replace(row, cause="买卖合同纠纷" if thing else "房屋买卖合同纠纷"), parties
    if not _FITS.get(row.cause, _anybody)(creditors, debtors):
        causes = [c for c in names.CAUSES if _FITS.get(c, _anybody)(creditors, debtors)]
        row = replace(row, cause=rng.choice(causes))
    if row.kind == "first" and row.cause in _ARBITRATED and rng.random() < 0.3:
        row = replace(
            row,
            basis_type="仲裁裁决书",
            basis_number=f"（{row.filed_at.year - 1}）焦仲裁字第{rng.randint(20, 400)}号",
            basis_court="焦作仲裁委员会",
        )
    if row.cause == _INJURY and rng.random() < 0.4:
        parties = [_young(rng, p, row.filed_at.date()) if p in creditors else p for p in parties]
    return row, parties


def _young(rng: Random, party: PartyRow, today: date) -> PartyRow:
    """Make a party a child with a guardian of the same family."""
    number = names.id_number(rng, party.gender, years=(today.year - 15, today.year - 8))
    guardian = party.name[0] + rng.choice(("志强", "建国", "海涛", "学军"))
    return replace(
        party,
        id_number=number,
        birth=id_birth_date(number),
        guardian=guardian,
        guardian_relation="父亲",
        account_name=guardian,
    )


def _penalty(rng: Random, row: CaseRow, parties: list[PartyRow]) -> tuple[CaseRow, list[PartyRow]]:
    """An authority has its fine collected."""
    row = replace(
        row,
        basis_type="行政处罚决定书",
        basis_number=f"焦山市监罚决〔{row.filed_at.year - 1}〕{rng.randint(10, 300)}号",
        basis_court=names.AUTHORITY,
    )
    return row, [
        _authority(rng, party) if party.standing == "申请执行人" else party for party in parties
    ]


def _authority(rng: Random, party: PartyRow) -> PartyRow:
    return replace(
        party,
        kind=_FIRM,
        name=names.AUTHORITY,
        id_type="统一社会信用代码",
        id_number=names.credit_code(rng, "11410811"),
        gender="",
        ethnicity="",
        birth=None,
        legal_representative=party.legal_representative or names.person(rng),
        representative_title="局长",
        account_name="焦作市山阳区财政局",
        account_number=f"17090221{rng.randint(10**8, 10**9 - 1)}",
        agent="",
        agent_office="",
        agent_powers="",
    )
