"""What one cell alone does not show: sums, order of days, numbers against kinds, double rows.

Each function notes its findings; nothing is changed or returned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date

from zhixing_desktop.exchange.case_rows import CaseRow, EventRow, PartyRow
from zhixing_desktop.exchange.columns import (
    CASES,
    CREDIT_CODE,
    DEBTOR,
    EVENTS,
    ID_CARD,
    ORGANISATION_CODE,
    PARTIES,
    SIDES,
)
from zhixing_desktop.exchange.headings import Findings, place
from zhixing_desktop.workflow import case_numbers, identifiers
from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.money import format_money

MAX_WHAT = 60
_IDENTITY_PAPERS = frozenset({ID_CARD, "港澳台居民居住证", "外国人永久居留身份证"})
_NEEDS_NODE = re.compile(r"工作内容|节点|材料")
_NODE_THINGS = re.compile(
    r"工作内容[1-9]\d?(?:完成|已完成)?|节点(?:启动|开始|办结|完成|不适用)|材料[:：].+"
)
_ORGANISATION = re.compile(
    r"公司|集团|银行|合作社|信用社|委员会|[村居业]委会|小组|联社|工厂|企业|中心|协会|学校|医院|政府|法院"
    r"|(?:厂|店|局|院|所|社|部|站|队|办|馆|处|行|场|矿|园)$"
)


def check_case(row: CaseRow, findings: Findings, today: date | None) -> None:
    """Check the days and the earlier number of one case."""

    def note(column: str, sentence: str, severity: str = "error") -> None:
        header = CASES.column(column).header
        findings.add(place(CASES.title, row.row, header), sentence, severity)

    filed, received = row.filed_at.date(), row.received_on
    if today is not None and filed > today:
        note("filed_at", f"立案时间{filed}在今天之后，请核对。")
    if received is not None and today is not None and received > today:
        note("received_on", f"收案日期{received}在今天之后，请核对。")
    if received is not None and received < filed:
        note(
            "received_on",
            f"收案日期{received}早于立案时间{filed}；这里的收案是承办人收到案件之日，"
            "法院收到申请之日请不要填在这一栏。",
        )
    if received is not None and not row.officer:
        note("officer", "填了收案日期而没有承办人，请核对。", "warning")
    effective, due = row.basis_effective_on, row.basis_due_on
    if effective is not None and effective > filed:
        note("basis_effective_on", f"生效日期{effective}晚于立案时间，请核对。", "warning")
    if due is not None and due > filed:
        note("basis_due_on", f"履行期届满日{due}晚于立案时间，请核对。", "warning")
    if due is not None and effective is not None and due < effective:
        note("basis_due_on", f"履行期届满日{due}早于生效日期{effective}，请核对。", "warning")
    _check_year(row, note)
    _check_numbers(row, note)


def _check_year(row: CaseRow, note: Callable[[str, str, str], None]) -> None:
    """Hold the year of the number against the filing: it is the year of receipt."""
    number = case_numbers.parse_reference(row.case_no)
    filed = row.filed_at.year
    if number is None or number.year in (filed, filed - 1):
        return
    if number.year > filed:
        note("case_no", f"案号的年度{number.year}晚于立案时间的{filed}年，请核对。", "error")
    else:
        note("case_no", f"案号的年度{number.year}比立案时间的{filed}年早得多，请核对。", "warning")


def _check_numbers(row: CaseRow, note: Callable[[str, str, str], None]) -> None:
    """Check the earlier number and the number of the enforcement basis."""
    if row.kind == "resumed" and not row.previous_case_no:
        note("previous_case_no", "恢复执行案件没有填写首次执行案号，导入后请补上。", "warning")
    for column, text in (
        ("previous_case_no", row.previous_case_no),
        ("basis_number", row.basis_number),
    ):
        for problem in case_numbers.check_reference(text) if text else ():
            note(column, problem.sentence, problem.severity)


def check_amounts(row: CaseRow, findings: Findings) -> None:
    """Check that the total is the sum of its parts where parts are given."""
    parts = row.amount_principal + row.amount_interest + row.amount_fee
    if parts and row.amount != parts:
        findings.add(
            place(CASES.title, row.row, CASES.column("amount").header),
            f"申请标的额{format_money(row.amount)}不等于本金、利息、费用之和"
            f"{format_money(parts)}，请核对。",
        )


def check_party(row: PartyRow, findings: Findings, today: date | None) -> None:
    """Check the name, numbers and personal data of one party."""

    def note(column: str, problems: Iterable[Problem]) -> None:
        where = place(PARTIES.title, row.row, PARTIES.column(column).header)
        for problem in problems:
            findings.add(where, problem.sentence, problem.severity)

    person = row.kind == "自然人"
    check = identifiers.check_person_name if person else identifiers.check_organisation_name
    note("name", check(row.name))
    note("id_number", _check_id(row, today))
    note("phone", identifiers.check_phone(row.phone))
    note("account_number", identifiers.check_bank_account(row.account_number))
    if row.birth is not None and today is not None and row.birth > today:
        note("birth", [Problem("", f"出生日期{row.birth}在今天之后，请核对。")])
    if person and row.id_type in ("", ID_CARD):
        _check_agreement(row, note)


def _check_id(row: PartyRow, today: date | None) -> list[Problem]:
    """Check the number by its type; without a type by the kind of party."""
    number = row.id_number
    usual = ID_CARD if row.kind == "自然人" else CREDIT_CODE
    if not number:
        lacks = SIDES.get(row.standing) == DEBTOR and not identifiers.may_lack_code(row.name)
        sentence = f"{row.standing}“{row.name}”没有证件号码，无法网络查询，请尽量补上。"
        return [Problem("", sentence, "warning")] if lacks else []
    kind = row.id_type or usual
    if kind == CREDIT_CODE and not row.id_type and len(number.replace("-", "")) == 9:
        kind = ORGANISATION_CODE
    if kind in _IDENTITY_PAPERS:
        return identifiers.check_id_number(number, today=today)
    if kind == CREDIT_CODE:
        return identifiers.check_credit_code(number)
    return identifiers.check_organisation_code(number) if kind == ORGANISATION_CODE else []


def _check_agreement(row: PartyRow, note: Callable[[str, Iterable[Problem]], None]) -> None:
    """Hold birthday and gender against an identity number."""
    born, gender = identifiers.id_birth_date(row.id_number), identifiers.id_gender(row.id_number)
    if gender is None or born is None:
        return
    if row.birth is not None and row.birth != born:
        sentence = f"出生日期{row.birth}与身份证号中的{born}不一致，请核对。"
        note("birth", [Problem("", sentence, "warning")])
    if row.gender and row.gender != gender:
        sentence = f"性别“{row.gender}”与身份证号不一致，请核对。"
        note("gender", [Problem("", sentence, "warning")])


def check_event(row: EventRow, findings: Findings) -> None:
    """Check the shape of one event: length of its name, and the node where it needs one."""
    where = place(EVENTS.title, row.row, EVENTS.column("what").header)
    if len(row.what) > MAX_WHAT:
        findings.add(where, f"办理事项有{len(row.what)}个字，请只写事件名称。")
    elif _NEEDS_NODE.match(row.what):
        if not _NODE_THINGS.fullmatch(row.what):
            findings.add(
                where,
                f"“{row.what}”请写成“工作内容1”“节点启动”“节点办结”或者“材料：名称”的样式。",
            )
        elif row.node is None:
            node = place(EVENTS.title, row.row, EVENTS.column("node").header)
            findings.add(node, f"“{row.what}”没有写明是哪个节点，请填写节点号。")


def check_double(
    title: str, rows: Iterable[tuple[int, object]], findings: Findings, what: str
) -> None:
    """Note rows that say the same as an earlier one; ``rows`` are numbers and keys."""
    first: dict[object, int] = {}
    for number, key in rows:
        if key in first:
            findings.add(place(title, number), f"{what}与第{first[key]}行重复，请删去一行。")
        else:
            first[key] = number


def check_known(
    title: str, rows: Iterable[tuple[int, str]], known: Collection[str], findings: Findings
) -> None:
    """Note rows of cases that are neither in the list nor in the program."""
    for number, case_no in rows:
        if case_no not in known:
            findings.add(
                place(title, number, "案号"),
                f"“{case_no}”不在《{CASES.title}》中，请补上该案件或者更正案号。",
            )


def kind_of_name(name: str) -> str:
    """Tell from a bare name whether it is a person or an organisation."""
    if _ORGANISATION.search(name) and len(name) > 3:
        return "法人" if re.search(r"公司|集团|银行", name) else "其他组织"
    return "自然人"
