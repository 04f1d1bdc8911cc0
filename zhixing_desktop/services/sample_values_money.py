"""What is entered of money that came in: nodes 32 to 34."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhixing_desktop.services.sample_script import Script
    from zhixing_desktop.services.sample_story import Money, Story

Values = Mapping[str, Any]


def _source(money: Money) -> str:
    if money.source is None:
        return "被执行人自动缴纳"
    if money.source.category == "收入":
        return "提取收入"
    if money.source.category == "银行存款":
        return "划拨存款"
    return "拍卖款"


def payer_of(story: Story, subject: str) -> str:
    """Return who paid: the buyer of what was sold, else the debtor."""
    source = story.money[subject].source
    if source is None:
        return story.debtors[0].name
    return source.buyer or source.owner.name


def _arrival(s: Script, subject: str) -> Values:
    money = s.story.money[subject]
    return {
        "sub_account": s.story.account,
        "flow_direction": "收款",
        "debtor_payment_info": f"案号{s.row.case_no}，被执行人{s.story.debtor_names}，"
        f"缴款人{payer_of(s.story, subject)}",
        "handler": s.row.officer,
        "payment_source": _source(money),
        "receipt_number": s.story.paper("收"),
    }


def _payout(s: Script, subject: str) -> Values:
    money = s.story.money[subject]
    return {
        "settled_amount": money.amount - money.fee,
        "execution_fee": money.fee,
        "collection_notified_on": s.story.days.get(("认领", subject), s.day()),
        "payee": "creditor/1",
        "payee_account": s.story.creditor.account_number,
        "payout_amount": money.payout,
        "payout_requested_on": s.day(),
        "payment_voucher": s.story.paper("付"),
    }


def _escrow(s: Script, subject: str) -> Values:
    money = s.story.money[subject]
    return {
        "escrow_ground": "按照申请执行人提供的联系方式无法通知其领取",
        "escrow_facts": f"本院按{s.story.creditor.name}确认的地址和电话通知其领取案款，"
        "邮件退回、电话无人接听，三次均未能通知",
        "escrow_amount": money.payout,
        "beneficiary": "creditor/1",
        "form_filled_on": s.day(),
        "escrow_place": "焦作市山阳区人民法院执行款专户",
    }


MAKERS = MappingProxyType({32: _arrival, 33: _payout, 34: _escrow})
