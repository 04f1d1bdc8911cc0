"""What is entered from the application to the notice: nodes 1 to 7."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhixing_desktop.services import sample_names as names

if TYPE_CHECKING:
    from zhixing_desktop.services.sample_script import Script

Values = Mapping[str, Any]
_SUPPLEMENTED, _LACKING = 5, 4
_FIRST_BANK = "中国工商银行焦作分行"
_FILERS = tuple(name for name, roles in names.OTHERS if "立案人员" in roles)
_CLAIMS = MappingProxyType(
    {
        "民间借贷纠纷": "偿还{creditor}借款本金{amount}元及利息",
        "金融借款合同纠纷": "偿还{creditor}借款本金{amount}元及利息、罚息",
        "买卖合同纠纷": "支付{creditor}货款{amount}元及逾期付款损失",
        "劳动争议": "支付{creditor}经济补偿及工资差额{amount}元",
        "机动车交通事故责任纠纷": "赔偿{creditor}医疗费、残疾赔偿金等各项损失{amount}元",
        "离婚后财产纠纷": "支付{creditor}财产折价款{amount}元",
        "房屋租赁合同纠纷": "支付{creditor}租金{amount}元及违约金",
        "建设工程施工合同纠纷": "支付{creditor}工程款{amount}元及利息",
        "追索劳动报酬纠纷": "支付{creditor}劳动报酬{amount}元",
        "行政处罚": "缴纳{creditor}作出的罚款{amount}元",
    }
)
_OTHERWISE = MappingProxyType(
    {
        "thing": "向{creditor}交付机器设备一套",
        "act": "协助{creditor}办理房屋所有权转移登记",
    }
)


def claim_of(s: Script) -> str:
    """Return what the debtors have to do by the judgment."""
    row = s.row
    words = {"creditor": s.story.creditor.name, "amount": f"{row.amount:.2f}"}
    if "money" in row.content and row.kind == "preservation":
        return f"对{s.story.debtor_names}价值{row.amount:.2f}元的财产采取保全措施。"
    parts = [_CLAIMS[row.cause]] if "money" in row.content else []
    parts += [said for kind, said in _OTHERWISE.items() if kind in row.content]
    return f"{s.story.debtor_names}{'；'.join(parts).format(**words)}。"


def filer_of(s: Script) -> str:
    """Return who filed the case."""
    return _FILERS[len(s.story.creditor.name) % len(_FILERS)]


def _application(s: Script, _subject: str) -> Values:
    late = s.story.turn == _SUPPLEMENTED
    return {
        "submitted_by": s.story.creditor.agent or s.story.creditor.name,
        "submission_way": "现场提交",
        "documents_received": (
            *("申请执行书", "生效法律文书副本", "申请执行人身份证明", "生效证明"),
            *(("授权委托手续",) if s.story.creditor.agent else ()),
        ),
        "completeness": "补正后齐备" if late else "材料齐备",
        "missing_documents": "申请执行人的身份证明复印件；执行依据的生效证明" if late else "",
        "supplemented_on": s.day() if late else None,
        "received_by": filer_of(s),
    }


def _filing(s: Script, _subject: str) -> Values:
    row, creditor, day = s.row, s.story.creditor, s.day()
    authority = {"特别授权": "特别授权", "一般代理": "一般授权"}.get(creditor.agent_powers)
    if creditor.guardian:
        authority = "法定代理"
    agents = "；".join(
        words
        for words in (
            f"{creditor.guardian}，系{creditor.name}之{creditor.guardian_relation}"
            if creditor.guardian
            else "",
            f"{creditor.agent}，{creditor.agent_office}" if creditor.agent else "",
        )
        if words
    )
    return {
        "filing_review": "符合立案标准，予以立案",
        "filed_by": filer_of(s),
        "basis_document": f"{row.basis_number}{row.basis_type}",
        "basis_kind": row.basis_type,
        "basis_effective_on": row.basis_effective_on,
        "party_identity": True,
        "agent_authority": authority or "未委托代理人",
        "agents": agents,
        "service_address": f"{creditor.name}，{creditor.service_address}，电话{creditor.phone}",
        "preservation_state": "未采取保全措施",
        "clue_state": "申请执行时未提供",
        "payee_account": creditor.account_number,
        "papers_sent": (
            *("案件受理通知书", "权利义务告知书", "廉政监督卡", "执行风险告知书"),
            *("提供被执行人下落及财产线索通知书", "法律文书送达地址确认书"),
        ),
        "papers_sent_on": day,
        "electronic_service": "接受电子送达" if creditor.e_service else "不接受电子送达",
        "electronic_address": f"手机{creditor.phone}" if creditor.e_service else None,
        "explained": ("诉讼风险", "申请财产保全的具体流程", "申请律师调查令", "申请执行悬赏"),
        "case_account": s.story.account,
        "told_on": day,
        "told_by": "短信",
    }


def _first_query(s: Script, _subject: str) -> Values:
    if "money" not in s.row.content:
        return {"identity_check": "全部验证通过"}
    return {
        "identity_check": "全部验证通过",
        "asset_kinds": "银行存款",
        "online_control": "已通过系统提交冻结",
        "freeze_submitted_at": s.t,
        "assisting_units": _FIRST_BANK,
        "summary_handed_on": s.day(),
    }


def _transfer(s: Script, _subject: str) -> Values:
    money = "money" in s.row.content
    return {
        "handed_over": ("执行依据信息", "当事人信息", "向申请执行人发送材料的回执", "网络查控结果"),
        "query_handed_over": "查控结果和控制措施材料已随案移送"
        if money
        else "无金钱给付内容，未提起网络查控",
        "claim_content": claim_of(s),
        "case_concerns": "涉民生" if "劳动" in s.row.cause else "均不涉及",
        "parties_entered": True,
        "court_clerk": s.row.clerk,
        "uploaded_on": s.day(),
    }


def _review(s: Script, _subject: str) -> Values:
    lacking = s.story.turn == _LACKING
    return {
        "identity_check": "验证通过",
        "file_check": "有遗漏" if lacking else "没有遗漏、错误",
        "file_notice_to": "申请执行人" if lacking else "",
        "file_defects": f"缺少{s.story.debtors[0].name}的身份证明复印件" if lacking else "",
        "corrected_on": s.day() if lacking else None,
        "data_check": "一致且没有遗漏",
        "checked_on": s.day(),
    }


def _before_enforcement(s: Script, _subject: str) -> Values:
    court = s.row.basis_type.startswith("民事")
    values: dict[str, Any] = {
        "acceptance": "符合",
        "basis_clear": "明确",
        "sham_litigation": "未发现涉及虚假诉讼" if court else "执行依据不是裁判文书",
        "arbitration_enforceable": "执行依据不是仲裁裁决或者仲裁调解书",
        "related_cases": "没有关联案件",
        "conclusion": "符合执行条件，继续执行",
        "reviewed_on": s.day(),
    }
    if s.row.basis_type == "仲裁裁决书":
        values["arbitration_enforceable"] = "可执行"
    if s.story.refused:
        values |= _refused(s)
    return values


def _refused(s: Script) -> Values:
    basis, creditor = f"{s.row.basis_number}{s.row.basis_type}", s.story.creditor.name
    if s.story.refused == "不予执行":
        return {
            "arbitration_enforceable": "不可执行",
            "conclusion": "不予执行",
            "conclusion_grounds": f"{s.story.debtors[0].name}申请不予执行{basis}。经查，双方"
            "在合同中没有订立仲裁条款，事后也没有达成书面仲裁协议。",
        }
    return {
        "acceptance": "不符合",
        "conclusion": "驳回执行申请",
        "conclusion_grounds": f"{basis}确定分期履行，{creditor}申请执行的款项履行期限尚未届满。",
    }


def _notice(s: Script, _subject: str) -> Values:
    day = s.day()
    return {
        "notice_number": s.row.case_no,
        "performance_until": s.rules.calendar.workday_from(day + timedelta(days=7)),
        "report_until": s.rules.calendar.workday_from(day + timedelta(days=10)),
        "service_way": "直接送达",
        "served_on": day,
        "payment_remarks": (
            *("案号", "被执行人姓名或者名称", "交款人姓名或者名称", "款项用途", "承办人"),
        ),
        "account_told_on": day,
        "debtor_response": "未履行",
    }


MAKERS = MappingProxyType(
    {
        1: _application,
        2: _filing,
        3: _first_query,
        4: _transfer,
        5: _review,
        6: _before_enforcement,
        7: _notice,
    }
)
