"""What is entered when an asset is controlled and priced: nodes 17 and 19 to 22."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhixing_desktop.workflow.counting import add_months

if TYPE_CHECKING:
    from zhixing_desktop.services.sample_script import Script
    from zhixing_desktop.services.sample_story import Thing

Values = Mapping[str, Any]
# How each kind of asset is controlled, for how many months at most (民诉法解释 on the terms), and
# who has to help.
_CONTROL = MappingProxyType(
    {
        "银行存款": ("冻结", 12, "中国工商银行焦作分行"),
        "收入": ("冻结", 12, "焦作市怀川机械制造有限公司"),
        "股权": ("冻结", 36, "焦作市山阳区市场监督管理局"),
        "不动产": ("查封", 36, "焦作市不动产登记中心"),
        "车辆": ("查封", 24, "焦作市公安局交通警察支队车辆管理所"),
        "应交付的特定物": ("扣押", 24, ""),
    }
)
_OWNERSHIP = MappingProxyType(
    {
        "不动产": "{owner}单独所有，已办理不动产登记",
        "车辆": "登记在{owner}名下",
        "股权": "{owner}持有，已在市场监督管理部门登记",
    }
)
_CONDITIONS = MappingProxyType(
    {
        "不动产": (
            *("{owner}自住，无租赁", "无欠缴税款，物业费缴至上年末"),
            "室内装修陈旧，无结构损坏",
        ),
        "车辆": (
            *("停放在本院指定的停车场", "有交通违章未处理，无欠缴税款"),
            "左前门有刮痕，可以行驶",
        ),
        "车位": ("{owner}自用，无租赁", "无欠缴税款，物业费缴至上年末", "地面无破损，可以停车"),
        "股权": ("{owner}持有并行使股东权利", "无欠缴出资", "公司正常经营，近三年未分红"),
    }
)
_AGENCY = "京东大数据评估平台"


def control_of(category: str, start: date) -> tuple[str, date, str]:
    """Return the measure, its last day and who has to help ("" where nobody)."""
    measure, months, unit = _CONTROL[category]
    return measure, add_months(start, months) - timedelta(days=1), unit


def _control(s: Script, subject: str) -> Values:
    thing, day = s.story.things[subject], s.day()
    if not thing.ruling:
        thing.ruling = s.story.ruling()
        thing.measure, thing.until, _ = control_of(thing.category, day)
    unit = _CONTROL[thing.category][2]
    values: dict[str, Any] = {
        "control_measure": thing.measure,
        "control_until": thing.until,
        "ruling_number": thing.ruling,
        "ruling_on": day,
        "served_on_creditor": day,
        "served_on_debtor": day,
        "assistance": "需要有关单位协助" if unit else "不需要协助",
        "assisting_party": unit,
        "assistance_served_on": day if unit else None,
        "record_made_on": day,
        "record_signers": ("执行人员", "到场人员"),
        "told_on": day,
        "told_by": "短信",
    }
    if thing.measure == "扣押":
        values["custodian"] = f"{s.row.clerk}，本院物品保管室"
        values["record_signers"] = ("执行人员", "保管人", "到场人员")
    return values


def _condition(s: Script, subject: str) -> Values:
    thing = s.story.things[subject]
    owner = thing.owner.name
    kind = "车位" if thing.name.startswith("车位") else thing.category
    held, owed, worn = (words.format(owner=owner) for words in _CONDITIONS[kind])
    inspected = ("询问当事人",) if thing.category == "股权" else ("现场勘验", "询问当事人")
    return {
        "ownership": _OWNERSHIP[thing.category].format(owner=owner),
        "encumbrances": "未设定抵押权、质权，除本案外没有其他查封、冻结",
        "occupancy": held,
        "taxes_owed": owed,
        "defects": worn,
        "investigation_methods": ("向登记机构查询", *inspected, "向税务机关查询"),
        "other_matters": "未发现其他影响处置的事项",
    }


def _pricing(s: Script, subject: str) -> Values:
    thing, day = s.story.things[subject], s.day()
    values: dict[str, Any] = {
        "in_pricing_system": True,
        "pricing_system_number": f"XJ{s.row.filed_at.year}{s.story.rng.randint(10_000, 99_999)}",
        "pricing_agency": _AGENCY,
    }
    if ("收到报告", subject) in s.story.days:
        values |= {"reference_price": thing.worth, "price_valid_until": add_months(day, 12)}
    return values


def _report(s: Script, _subject: str) -> Values:
    return {
        "report_kind": "网络询价报告",
        "report_number": f"WLXJ{s.row.filed_at.year}{s.story.rng.randint(100_000, 999_999)}",
        "report_recipients": f"{s.story.creditor.name}、{s.story.debtor_names}",
        "delivery_method": "直接送达",
    }


def _objection(s: Script, subject: str) -> Values:
    thing: Thing = s.story.things[subject]
    return {
        "objector": thing.owner.name,
        "objector_standing": "被执行人",
        "objection_target": "网络询价报告",
        "objection_grounds": f"认为报告所参照的交易时间过早，低估了{thing.name}的价值",
        "objection_outcome": "异议不成立，予以驳回",
        "objection_paper_number": s.story.ruling(),
    }


MAKERS = MappingProxyType({17: _control, 19: _condition, 20: _pricing, 21: _report, 22: _objection})
