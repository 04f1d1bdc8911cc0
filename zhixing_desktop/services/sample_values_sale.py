"""What is entered while an asset is sold, handed over or drawn: nodes 23 to 31 and 35."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhixing_desktop.services.sample_values_control import control_of

if TYPE_CHECKING:
    from zhixing_desktop.services.sample_script import Script
    from zhixing_desktop.services.sample_story import Thing

Values = Mapping[str, Any]
_PLATFORM = "淘宝网"


def _thing(s: Script, subject: str) -> Thing:
    """Return the asset of a subject (``asset/1`` or its round ``asset/1/round/2``)."""
    return s.story.things["/".join(subject.split("/")[:2])]


def _deposit(price: Decimal) -> Decimal:
    """Return a tenth of a price in whole hundreds."""
    return (price / 1000).quantize(Decimal(1)) * 100


def _start(s: Script, subject: str) -> Values:
    thing = _thing(s, subject)
    return {
        "platform": _PLATFORM,
        "platform_chosen_by": "申请执行人选择",
        "auction_ruling_number": s.story.ruling(),
        "starting_price": thing.first_price,
        "deposit": _deposit(thing.first_price),
    }


def _notice(s: Script, _subject: str) -> Values:
    return {
        "auction_way": "网络司法拍卖",
        "notified_persons": f"{s.story.creditor.name}、{s.story.debtor_names}",
        "priority_buyers": "经查没有已知的优先购买权人",
        "notice_method": ("直接送达", "短信"),
        "notice_impossible": False,
    }


def _first_round(s: Script, subject: str) -> Values:
    thing, round_ = _thing(s, subject), subject
    sold = ("拍卖成交", round_) in s.story.days
    if sold and not thing.buyer:
        s.story.sell(thing, thing.first_price)
    return {
        "publication_routes": ("网络司法拍卖平台", "法院公告栏"),
        "starting_price": thing.first_price,
        "deposit": _deposit(thing.first_price),
        "auction_page": f"sf-item-{s.story.rng.randint(10**9, 10**10 - 1)}",
        "auction_result": "成交" if sold else "流拍",
    }


def _second_round(s: Script, subject: str) -> Values:
    thing = _thing(s, subject)
    sold = ("拍卖成交", subject) in s.story.days
    if sold and not thing.buyer:
        s.story.sell(thing, thing.second_price)
    return {
        "no_offset_applicant": True,
        "platform": _PLATFORM,
        "starting_price": thing.second_price,
        "deposit": _deposit(thing.second_price),
        "auction_result": "成交" if sold else "流拍",
    }


def _confirmation(s: Script, subject: str) -> Values:
    thing = _thing(s, subject)
    thing.confirmed = thing.confirmed or s.story.ruling()
    return {
        "buyer": thing.buyer,
        "sold_price": thing.sold_for,
        "ruling_number": thing.confirmed,
        "delivery_method": "直接送达",
    }


def _sale(s: Script, subject: str) -> Values:
    thing = _thing(s, subject)
    sold = ("变卖成交", subject) in s.story.days
    values: dict[str, Any] = {
        "sale_ground": "不接受以再次拍卖的保留价抵债",
        "network_sale": True,
        "sale_price": thing.second_price,
    }
    if sold:
        if not thing.buyer:
            s.story.sell(thing, thing.second_price)
            thing.confirmed = s.story.ruling()
        values |= {"sale_result": "变卖成交", "buyer": thing.buyer}
    elif ("变卖不成", subject) in s.story.days:
        values["sale_result"] = "变卖不成"
    return values


def _offset(s: Script, subject: str) -> Values:
    thing, creditor = _thing(s, subject), s.story.creditor.name
    values: dict[str, Any] = {
        "offset_ground": "再次拍卖流拍",
        "asked_creditors": creditor,
        "reserve_price": thing.second_price,
    }
    if ("同意以物抵债", subject) in s.story.days:
        if not thing.buyer:
            thing.buyer, thing.sold_for = creditor, thing.second_price
            thing.confirmed = s.story.ruling()
        values |= {
            "offset_answer": "同意接受抵债",
            "receiving_creditor": creditor,
            "offset_price": thing.second_price,
        }
    elif ("不接受以物抵债", subject) in s.story.days:
        values["offset_answer"] = "不接受抵债"
    return values


def _transfer(s: Script, subject: str) -> Values:
    thing = _thing(s, subject)
    kind = "拍卖成交裁定"
    if ("变卖成交", subject) in s.story.days:
        kind = "变卖成交裁定"
    elif ("同意以物抵债", subject) in s.story.days:
        kind = "抵债裁定"
    return {
        "ruling_kind": kind,
        "ruling_number": thing.confirmed,
        "transferee": thing.buyer,
        "transfer_amount": thing.sold_for,
        "delivery_result": "已移交",
        "registration_assisted_on": s.day(),
    }


def _drawn(s: Script, subject: str) -> Values:
    thing = _thing(s, subject)
    return {
        "drawing_kind": "提取" if thing.category == "收入" else "划拨",
        "drawn_amount": thing.worth,
        "through_network": thing.category != "收入",
        "special_account": "执行款专户",
        "source_account": s.story.account_of(thing),
        "assisting_unit": control_of(thing.category, s.day())[2],
        "ruling_number": s.story.ruling(),
        "short_reason": "" if thing.worth >= s.story.left else "账户余额不足以清偿全部债务",
    }


def _goods(s: Script, subject: str) -> Values:
    return {
        "delivery_route": "被执行人交付人民法院",
        "fee_settled": Decimal("500.00") if "money" not in s.row.content else Decimal("0.00"),
        "collection_notified_on": s.story.days.get(
            ("物品交付人民法院", subject), s.day() - timedelta(days=1)
        ),
        "custody_department": "执行局物品保管室",
        "inventory": "操作手册一册、备用钥匙二把；设备外观完好",
        "goods_receiver": "creditor/1",
    }


MAKERS = MappingProxyType(
    {
        23: _start,
        24: _notice,
        25: _first_round,
        26: _second_round,
        27: _confirmation,
        28: _sale,
        29: _offset,
        30: _transfer,
        31: _drawn,
        35: _goods,
    }
)
