"""What is entered of measures against a debtor: nodes 36 to 42."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhixing_desktop.services import sample_names as names
from zhixing_desktop.services.sample_values_start import claim_of

if TYPE_CHECKING:
    from zhixing_desktop.services.sample_script import Script

Values = Mapping[str, Any]
_PRESIDENT = next(name for name, roles in names.OTHERS if "院长" in roles)


def _restriction(s: Script, subject: str) -> Values:
    debtor, day = s.story.debtor(subject), s.day()
    staff = ""
    if debtor.kind != "自然人":
        staff = f"法定代表人{debtor.legal_representative}"
    notice = s.story.days.get(("执行通知书发出", "case"), day)
    return {
        "restriction_grounds": "未按执行通知书指定的期间履行",
        "performance_due_on": s.rules.calendar.workday_from(notice + timedelta(days=7)),
        "restricted_persons": staff,
        "restriction_order_number": s.story.order(subject, "限"),
        "restriction_signed_by": _PRESIDENT,
        "restriction_signed_on": day,
        "restriction_served_on": day,
        "restriction_service_mode": "直接送达",
    }


def _listing(s: Script, subject: str) -> Values:
    debtor, day = s.story.debtor(subject).name, s.day()
    return {
        "unperformed_obligation": claim_of(s),
        "performance_state": "部分未履行" if s.story.received else "全部未履行",
        "listing_ground": "违反财产报告制度",
        "listing_facts": f"{debtor}收到报告财产令后，逾期未报告财产，经本院通知仍不报告",
        "listing_term": "二年",
        "listing_decision_number": s.story.order(subject, "失"),
        "listing_signed_by": _PRESIDENT,
        "listing_signed_on": day,
        "listing_served_on": day,
        "listing_service_mode": "直接送达",
        "restriction_taken": True,
    }


_FAULTS = (
    (
        "撤销",
        "不应纳入失信被执行人名单而被纳入",
        "被纳入人书面申请纠正",
        "{debtor}在报告期限内已通过邮寄方式报告财产，本院误登记为未报告",
    ),
    (
        "更正",
        "记载和公布的失信信息不准确",
        "本院自行发现",
        "公布的{debtor}的失信行为情形与决定书不一致",
    ),
    (
        "删除（屏蔽）",
        "申请执行人书面申请删除，经审查同意",
        "申请执行人书面申请",
        "{creditor}书面申请删除{debtor}的失信信息，经审查，申请出于自愿",
    ),
)


def _mending(s: Script, subject: str) -> Values:
    kind, ground, source, facts = _FAULTS[s.story.number // 10 % len(_FAULTS)]
    debtor, creditor = s.story.debtor(subject).name, s.story.creditor.name
    return {
        "credit_fault_source": source,
        "credit_fault_kind": kind,
        "credit_fault_ground": ground,
        "credit_fault_facts": facts.format(debtor=debtor, creditor=creditor),
        "listed_decision_number": s.story.order(subject, "失"),
        "corrected_information": "失信行为的具体情形应当为违反财产报告制度"
        if kind == "更正"
        else "",
        "mending_decision_number": s.story.order(subject, "失", mended=True),
    }


def _bringing_in(s: Script, subject: str) -> Values:
    name, capacity = s.story.person(s.story.debtor(subject))
    days, day = s.story.days, s.day()
    first, second = subject, f"{subject}#2"
    return {
        "brought_in_person": name,
        "brought_in_capacity": capacity,
        "questioning_need": "查明财产去向和履行义务的能力",
        "first_summons_issued_on": days.get(("发出传票", first)),
        "first_summons_ignored_on": days.get(("无正当理由拒不到场", first)),
        "second_summons_issued_on": days.get(("发出传票", second)),
        "second_summons_ignored_on": days.get(("无正当理由拒不到场", second)),
        "absence_checked": "两次传票均已直接送达，未提出不能到场的理由，经核实没有疾病、外出等事由",
        "bring_in_approved_on": days.get(("审批：拘传", subject), day),
        "bring_in_warrant_number": s.story.order(subject, "拘传"),
        "warrant_served_at": datetime.combine(day, time(9)),
        "questioned_from": datetime.combine(day, time(9, 30)),
        "questioned_until": datetime.combine(day, time(11)),
        "bring_in_result": "已到场接受询问",
    }


def _sanction(s: Script, _subject: str) -> Values:
    name, _ = s.story.person(s.story.debtors[0])
    day = s.day()
    values: dict[str, Any] = {
        "sanctioned_person_kind": "诉讼参与人",
        "sanctioned_person": name,
        "sanctioned_act": f"{name}经两次传票传唤，无正当理由拒不到场，"
        "且在收到报告财产令后逾期未报告财产",
        "sanction_basis": "《中华人民共和国民事诉讼法》第一百一十四条第一款第六项",
        "president_approved_on": day,
        "sanction_decision_number": s.story.order("case", "罚拘"),
        "reconsideration_told": True,
        "reconsideration_result": "未申请复议",
        "sanction_carried_out": "决定书已当场送达并执行",
    }
    for measure in s.story.sanctions:
        if measure == "罚款":
            values["fine_amount"] = "20000.00"
        elif measure == "拘留":
            values["detention_days"] = 15
    return values


def _crime(s: Script, subject: str) -> Values:
    name, _ = s.story.person(s.story.debtor(subject))
    return {
        "suspect": name,
        "suspected_facts": f"{name}在收到执行通知书后，将经营收入转入他人账户，致使判决无法执行",
        "explained_on": s.day(),
        "explanation": "依法履行生效判决的义务，以及拒不履行可能承担的罚款、拘留和刑事责任",
        "explained_by": s.row.officer,
        "criminal_route": "移送公安机关立案侦查",
        "police_authority": "焦作市公安局山阳分局",
        "referral_letter_number": s.story.order(subject, "移"),
        "police_result": "尚未答复",
    }


_CHANGES = (
    ("延长执行期限", "有特殊情况需要延长执行期限", "{debtors}的财产分散在多地，处置程序尚未完成"),
    ("中止执行", "中止执行至恢复执行期间", "{creditor}书面表示可以延期执行"),
    (
        "暂缓执行",
        "达成执行和解或者提供执行担保后决定暂缓执行期间",
        "{debtors}提供担保，{creditor}书面同意暂缓执行",
    ),
)


def _deadline(s: Script, _subject: str) -> Values:
    kind, ground, reason = _CHANGES[s.story.turn % len(_CHANGES)]
    longer = kind == "延长执行期限"
    return {
        "deadline_change_kind": kind,
        "deadline_change_ground": ground,
        "deadline_change_reason": reason.format(
            debtors=s.story.debtor_names, creditor=s.story.creditor.name
        ),
        "deadline_change_from": s.day(),
        "extension_months": 3 if longer else None,
        "approval_document": s.story.paper("延") if longer else s.story.ruling(),
    }


MAKERS = MappingProxyType(
    {
        36: _restriction,
        37: _listing,
        38: _mending,
        39: _bringing_in,
        40: _sanction,
        41: _crime,
        42: _deadline,
    }
)
