"""What is entered when a case ends, and after it: nodes 18 and 43 to 46."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhixing_desktop.services import sample_names as names
from zhixing_desktop.workflow.money import ZERO

if TYPE_CHECKING:
    from zhixing_desktop.services.sample_script import Script

Values = Mapping[str, Any]
COMPLETED, CURRENT = "执行完毕", "终结本次执行程序"
_ARCHIVIST = next(name for name, roles in names.OTHERS if "档案员" in roles)
_TOLD = "短信"


def _interview(s: Script, _subject: str) -> Values:
    creditor = s.story.creditor
    capacity = "申请执行人" if creditor.kind == "自然人" else "申请执行人的法定代表人"
    person = creditor.legal_representative or creditor.name
    if creditor.agent:
        person, capacity = creditor.agent, "申请执行人的委托诉讼代理人"
    elif creditor.guardian:
        person, capacity = creditor.guardian, "申请执行人的法定代理人"
    feedback = max(
        (
            day
            for (what, _), day in s.story.days.items()
            if what in ("网络查控反馈", "传统查控反馈")
        ),
        default=s.day(),
    )
    return {
        "no_assets_ground": "未发现可供执行财产"
        if not s.story.things
        else "财产已处置完毕，未足额清偿",
        "latest_feedback_on": feedback,
        "latest_feedback": "银行账户余额为小额，未发现车辆、不动产、证券等可供执行的财产",
        "interview_way": "到院当面约谈",
        "interviewed_person": f"{person}，{capacity}",
        "creditor_agrees": "同意",
        "creditor_opinion": "对查控结果没有异议，没有新的财产线索，同意终结本次执行程序",
        "new_clue": "没有提供新线索",
    }


_WITHDRAWN = "申请执行人撤销申请"
_GROUNDS = MappingProxyType(
    {
        CURRENT: "穷尽财产调查措施，未发现{debtors}有可供执行的财产，{creditor}同意终本。",
        "不予执行": "经审查，执行依据不予执行，已裁定不予执行{creditor}的申请。",
        "驳回申请": "{creditor}的执行申请不符合受理条件，已裁定驳回执行申请。",
        "保全完毕": "已按保全裁定对{debtors}的财产采取保全措施。",
        _WITHDRAWN: "{creditor}与{debtors}自行达成和解，不再要求强制执行。",
        "和解长期履行": "{creditor}与{debtors}达成执行和解协议，约定分期长期履行。",
        "被执行人被宣告破产": "{debtors}已被人民法院裁定宣告破产，{creditor}已申报债权。",
    }
)


def closing_amounts(s: Script, way: str, ground: str = "") -> dict[str, Decimal]:
    """Return what was applied for, received, waived and is outstanding when a case ends so."""
    amount = s.row.amount if "money" in s.row.content else ZERO
    received = amount if way == COMPLETED else min(s.story.received, amount)
    left = amount - received
    waived = left if ground == _WITHDRAWN else ZERO
    return {
        "closing_amount": amount,
        "received_amount": received,
        "waived_amount": waived,
        "outstanding_amount": left - waived,
    }


def closing_ground(s: Script, way: str, ground: str = "") -> str:
    """Return in words why a case ends."""
    if way == COMPLETED:
        return _how_paid(s)
    words = _GROUNDS[ground or way]
    return words.format(creditor=s.story.creditor.name, debtors=s.story.debtor_names)


def _how_paid(s: Script) -> str:
    creditor, debtors = s.story.creditor.name, s.story.debtor_names
    paid, amount = s.story.received, s.row.amount
    if "money" not in s.row.content:
        return f"{debtors}已履行{s.row.basis_number}{s.row.basis_type}确定的义务。"
    if paid >= amount:
        return f"案款已全部发放给{creditor}。"
    if not paid:
        return f"{debtors}已直接向{creditor}支付{amount:.2f}元，{creditor}书面确认收到。"
    return (
        f"案款{paid:.2f}元已发放给{creditor}，其余{amount - paid:.2f}元由{debtors}"
        f"直接支付，{creditor}书面确认收到。"
    )


def _closing(s: Script, _subject: str) -> Values:
    day = s.day()
    return {
        "controls_release": "已全部解除" if s.story.things else "未采取过控制措施",
        "measures_release": "未采取过强制措施",
        "closing_told_on": day,
        "closing_told_by": _TOLD,
        "current_termination_served_on": day,
        "current_termination_opened_on": day,
        "property_report_state": f"{s.story.debtor_names}在指定期限内没有报告财产，"
        "本院已依法对其限制消费",
        "property_inquiry_state": "经网络查控、传统查控和现场调查，未发现其他可供执行的财产",
        "creditor_opinion": "同意",
        "control_renewal_state": "未申请",
        "termination_ruling_number": s.story.closing_ruling,
        "termination_served_on": day,
    }


def _archive(s: Script, _subject: str) -> Values:
    day = s.day()
    pages = s.story.rng.randint(62, 180)
    return {
        "dossier_generated": True,
        "dossier_checked_on": day,
        "dossier_check_result": "材料齐全",
        "catalogued_on": day,
        "images_made_on": day,
        "images_uploaded_on": day,
        "archive_number": s.story.paper("档"),
        "retention_period": "短期（三十年）",
        "main_volume_pages": f"一册，{pages}页",
        "side_volume_pages": f"一册，{pages // 5}页",
        "filed_by": s.row.clerk,
        "archive_received_by": _ARCHIVIST,
    }


def _followup(s: Script, subject: str) -> Values:
    return {
        "run_number": int(subject.rpartition("/")[2]),
        "queried_items": ("银行存款", "网络资金", "证券", "车辆", "不动产"),
        "followup_result": "未查询到财产",
        "creditor_told_on": s.day(),
    }


def _resumption(s: Script, _subject: str) -> Values:
    officers = names.OFFICERS
    new = officers[(officers.index(s.row.officer) + 1) % len(officers)]
    debtor = s.story.debtors[0]
    return {
        "clue_source": "申请执行人提供",
        "clue_content": f"{debtor.name}在中国建设银行焦作分行的账户近期收到款项"
        f"{s.story.rng.randint(3, 30)}0000.00元，余额尚在",
        "resumption_result": "恢复执行",
        "resumption_reason": "线索经核实属实，账户余额足以清偿部分债务，符合恢复执行的条件",
        "previous_officer": s.row.officer,
        "new_officer": new,
        "resumed_case_number": s.story.resumed_number(s.day().year),
        "resumption_told_on": s.day(),
        "resumption_told_by": _TOLD,
    }


MAKERS = MappingProxyType(
    {18: _interview, 43: _closing, 44: _archive, 45: _followup, 46: _resumption}
)
