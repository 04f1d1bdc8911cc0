"""What is entered while the debtor's property is looked for: nodes 8 to 16."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhixing_desktop.services import sample_names as names

if TYPE_CHECKING:
    from zhixing_desktop.services.sample_script import Script

Values = Mapping[str, Any]
_TOLD = "短信"


def _clue(s: Script, _subject: str) -> Values:
    debtor = s.story.debtors[0].name
    return {
        "verification_way": ("现场调查", "询问知情人"),
        "verification_record": f"执行人员到{s.story.debtors[0].address}核查，"
        f"邻居和物业人员称近期未见{debtor}驾驶该车辆，车管部门登记的车辆已转移至他人名下。",
        "verification_result": "线索不实",
        "measures_taken": "未采取措施",
        "told_on": s.day(),
        "told_by": _TOLD,
    }


def _network(s: Script, _subject: str) -> Values:
    found = bool(s.story.things)
    return {
        "first_result_handling": "立案部门首次查控的结果已核对，反馈的账户余额已列入本次查控范围",
        "queried_debtors": "全部被执行人",
        "identity_result": "身份信息一致",
        "queried_items": ("银行存款", "车辆及其他交通运输工具", "不动产", "有价证券", "网络资金"),
        "feedback_result": "查有可供执行财产" if found else "仅有小额财产",
        "feedback_detail": f"{s.story.debtor_names}的存款、车辆、不动产、证券和网络资金均已反馈，"
        f"银行账户余额合计{s.story.rng.randint(12, 480)}.{s.story.rng.randint(0, 99):02d}元",
        "told_on": s.day(),
        "told_by": _TOLD,
    }


def _traditional(s: Script, _subject: str) -> Values:
    natural = any(party.kind == "自然人" for party in s.story.debtors)
    first = s.story.debtors[0]
    return {
        "real_estate_result": "未查到财产",
        "housing_fund_result": "未查到财产" if natural else "被执行人均为单位，不适用",
        "wealth_product_result": "未查到财产",
        "insurance_result": "未查到财产",
        "dividend_result": "未查到财产",
        "site_survey_on": s.day(),
        "site_survey_result": f"{first.address}现无人居住，未发现可供执行的财产"
        if first.kind == "自然人"
        else f"{first.address}已停止经营，现场未发现可供执行的财产",
        "assisting_units": "焦作市不动产登记中心、焦作市住房公积金管理中心均已出具查询回执",
        "told_on": s.day(),
        "told_by": _TOLD,
    }


def _analysis(s: Script, subject: str) -> Values:
    words = "网络查控" if subject.endswith("network") else "传统查控"
    return {
        "analysis": f"对{words}反馈的各项信息逐项甄别，账户余额均为小额",
        "analysis_result": "未发现可供执行财产",
        "executable_property": f"{s.story.debtor_names}名下未发现足以清偿债务的财产",
    }


def _search(s: Script, _subject: str) -> Values:
    debtor = s.story.debtors[0]
    present = names.person(s.story.rng)
    return {
        "searched_debtor": "debtor/1",
        "search_grounds": "隐匿财产",
        "search_order_number": s.story.paper("搜"),
        "search_place": debtor.address,
        "persons_present": f"执行人员{s.row.officer}、{s.row.clerk}；"
        f"{s.story.person(debtor)[0]}；社区居民委员会工作人员{present}",
        "search_result": "搜到可供执行财产",
        "search_detail": f"现金{s.story.rng.randint(2, 30)}00元；笔记本电脑一台；摩托车一辆",
    }


def _summons(s: Script, subject: str) -> Values:
    debtor = s.story.debtor(subject)
    name, capacity = s.story.person(debtor)
    issued = s.story.days.get(("发出传票", subject), s.day())
    return {
        "summoned_person": name,
        "summoned_role": capacity,
        "summons_purpose": ("查明财产情况", "查明履行义务的能力"),
        "summons_served_on": issued,
        "summons_service_way": "直接送达",
        "appear_at": datetime.combine(
            s.story.days.get(("无正当理由拒不到场", subject), issued), time(9)
        ),
        "appear_place": "本院第三执行室",
        "outcome": "无正当理由拒不到场",
    }


def _assistance(s: Script, _subject: str) -> Values:
    name, capacity = s.story.person(s.story.debtors[0])
    target = "下落不明的被执行人" if capacity == "被执行人" else "下落不明的法定代表人"
    return {
        "search_target": target,
        "target_description": name,
        "wanted_debtor": "debtor/1",
        "assisting_unit": "焦作市公安局山阳分局",
        "notice_number": s.story.paper("协"),
        "search_result": "未找到",
    }


def _bounty(s: Script, _subject: str) -> Values:
    day = s.day()
    return {
        "bounty_origin": "申请执行人书面申请",
        "applicant": "creditor/1",
        "bounty_decision": "准许",
        "decision_grounds": f"{s.story.debtor_names}未报告财产，网络查控和传统查控均未发现"
        f"足以清偿债务的财产，{s.story.creditor.name}自愿负担悬赏金",
        "bounty_terms": "提供的财产线索经查证属实并实际执行到位的，按到位金额的百分之五支付",
        "published_on": day,
        "published_at": ("法院微信", "法院公告栏"),
        "bounty_result": "未收到线索",
    }


def _inquiry(s: Script, _subject: str) -> Values:
    day = s.day()
    year = s.row.filed_at.year
    return {
        "order_origin": "申请执行人书面申请",
        "network_gap": f"{s.story.debtor_names}在网络查控未覆盖的小额贷款公司的债权",
        "inquiry_matters": f"{s.story.debtor_names}{year - 1}年以来的借款、还款和抵押登记情况",
        "inquired_unit": "焦作市怀川小额贷款有限公司",
        "order_signed_on": day,
        "order_number": s.story.paper("调查"),
        "lawyer": s.story.lawyer,
        "valid_until": day + timedelta(days=15),
        "inquiry_result": "接受调查单位已提供借款合同复印件，未发现可供执行的债权",
    }


MAKERS = MappingProxyType(
    {
        8: _clue,
        9: _network,
        10: _traditional,
        11: _analysis,
        12: _search,
        13: _summons,
        14: _assistance,
        15: _bounty,
        16: _inquiry,
    }
)
