"""Assets and money of a sample case: nodes 17, 19 to 35."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from zhixing_desktop.services.sample_script import Script
from zhixing_desktop.services.sample_story import Thing
from zhixing_desktop.services.sample_values_money import payer_of

KINDS = ("银行存款", "银行存款", "不动产", "车辆", "股权")


def asset(s: Script, category: str) -> None:
    """Find an asset, control it, turn it into money."""
    s.assets += 1
    subject = f"asset/{s.assets}"
    drawn = category == "银行存款"
    online = category in ("银行存款", "股权")
    names = {
        "银行存款": f"工商银行尾号{s.rng.randint(1000, 9999)}账户存款",
        "不动产": f"房屋（豫（2019）焦作市不动产权第{s.rng.randint(1000, 9999):07d}号）",
        "车辆": f"豫H{s.rng.randint(10000, 99999)}号小型轿车",
        "股权": "焦作市某科技有限公司30%股权",
    }
    if drawn and s.row.kind != "preservation" and s.story.earns:
        category, names["收入"] = "收入", s.story.wages
    thing = s.story.find(subject, category, names[category])
    s.say("查获财产", None, subject, _found(s, thing, online=online))
    if online:
        s.t += timedelta(hours=s.rng.randint(2, 30))
    else:
        s.wait(2, 7)
    s.say("采取控制措施", 17, subject)
    s.done(17, 1, 2, 3, 4, 5, 6, subject=subject)
    if s.row.kind == "preservation":
        return
    if drawn:
        s.wait(1, 4)
        s.say("划拨", 31, subject, at=_today(s))
        s.done(31, 1, subject=subject)
        money(s, s.rng.randint(800, 90_000), subject)
        return
    disposal(s, subject, movable=category == "车辆")


def _found(s: Script, thing: Thing, *, online: bool) -> dict[str, str]:
    """What is said of an asset when it is found."""
    return {
        "财产名称": thing.name,
        "财产种类": thing.category,
        "可以线上控制": "是" if online else "否",
        "所属被执行人": f"被执行人{s.story.debtors.index(thing.owner) + 1}",
        "金额或者估值（元）": f"{thing.worth:.2f}",
    }


def _today(s: Script) -> datetime:
    return datetime.combine(s.t.date(), time())


def disposal(s: Script, subject: str, *, movable: bool) -> None:
    """Nodes 19 to 30: price, auctions, sale, taking in payment, transfer."""
    _price(s, subject)
    s.wait(2, 7)
    first = f"{subject}/round/1"
    s.say("启动拍卖", 23, first, at=_today(s))
    s.done(23, 1, subject=subject, data={s.label(23, "platform"): "淘宝网"})
    if _round(s, first, 25, 16 if movable else 31):
        _sold(s, subject, first)
        return
    second = f"{subject}/round/2"
    s.wait(5, 20)
    s.say("启动拍卖", 26, second, at=_today(s))
    if _round(s, second, 26, 8 if movable else 16):
        _sold(s, subject, second)
        return
    _unsold(s, subject)


def _price(s: Script, subject: str) -> None:
    """Nodes 19 to 22: what is known of the asset, its reference price, objections."""
    s.wait(2, 7)
    s.say("查明财产状况", 19, subject, at=_today(s))
    s.done(19, 1, subject=subject)
    s.say("启动确定参考价", 20, subject, at=_today(s))
    s.say("工作内容1", 20, subject, {s.label(20, "pricing_method"): "网络询价"})
    s.wait(4, 15)
    s.say("收到报告", 20, subject, at=_today(s))
    s.wait(1, 2)
    s.say("发送报告", 21, subject, at=_today(s))
    s.say("当事人收到报告", 21, subject, at=_today(s))
    s.done(21, 1, subject=subject)
    if s.rng.random() < 0.2:
        s.wait(2, 4)
        s.say("收到参考价异议", 22, subject, at=_today(s))
        s.wait(3, 9)
        s.say("参考价异议审查完毕", 22, subject, at=_today(s))
        s.done(22, 1, subject=subject)
    s.wait(2, 5)
    s.say("确定财产处置参考价", 20, subject, at=_today(s))
    s.say("节点办结", 20, subject)


def _unsold(s: Script, subject: str) -> None:
    """Nodes 28 and 29: offered to the creditor, else sold at the reserve price, else released."""
    s.wait(2, 6)
    s.say("询问是否接受抵债", 29, subject, at=_today(s))
    if s.rng.random() < 0.5:
        s.say("同意以物抵债", 29, subject, at=_today(s))
        s.done(29, 1, subject=subject)
        _transfer(s, subject)
        return
    s.say("不接受以物抵债", 29, subject, at=_today(s))
    s.say("节点办结", 29, subject)
    s.wait(3, 9)
    s.say("变卖公告发布", 28, subject, at=_today(s))
    s.say("变卖期开始", 28, subject, at=_today(s) + timedelta(days=17))
    s.wait(20, 40)
    if s.rng.random() < 0.5:
        s.say("变卖成交", 28, subject, at=_today(s))
        s.say("拍卖（变卖）确认", 28, subject, at=_today(s))
        s.done(28, 1, subject=subject)
        _transfer(s, subject)
        money(s, s.rng.randint(30_000, 400_000), subject)
        return
    s.say("变卖不成", 28, subject, at=_today(s))
    given_back = {s.label(17, "release_ground"): "变卖不成且不接受抵债，退还被执行人"}
    s.say("解除控制措施", 17, subject, given_back, at=_today(s))


def _round(s: Script, subject: str, node: int, gap: int) -> bool:
    """Notice, announcement, auction day; return whether it was sold."""
    s.wait(2, 5)
    s.say("拍卖事项通知", 24, subject, at=_today(s))
    s.say("工作内容1", 24, subject, {s.label(24, "auction_way"): "网络司法拍卖"})
    announced = s.t.date() + timedelta(days=6)
    opens = announced + timedelta(days=gap + s.rng.randint(1, 5))
    s.say("拍卖日", node, subject, at=datetime.combine(opens, time()))
    s.wait(6, 6)
    s.say("拍卖公告发布", node, subject, at=_today(s))
    s.say("节点办结", 24, subject)
    s.t = max(s.t, datetime.combine(opens + timedelta(days=1), time(10, 30)))
    sold = s.rng.random() < 0.55
    s.say("拍卖成交" if sold else "流拍", node, subject, at=_today(s))
    platform = {s.label(26, "platform"): "淘宝网"} if node == 26 else None
    s.say("工作内容1", node, subject, platform)
    s.say("节点办结", node, subject)
    return sold


def _sold(s: Script, asset_subject: str, subject: str) -> None:
    s.wait(3, 10)
    s.say("价款补齐", 27, subject, at=_today(s))
    s.wait(2, 7)
    s.say("拍卖（变卖）确认", 27, asset_subject, at=_today(s))
    s.say("拍卖确认裁定送达", 27, subject, at=_today(s))
    s.done(27, 1, subject=subject)
    _transfer(s, asset_subject)
    money(s, s.rng.randint(50_000, 900_000), asset_subject)


def _transfer(s: Script, subject: str) -> None:
    s.wait(2, 7)
    s.say("成交（抵债）裁定送达", 30, subject, at=_today(s))
    s.wait(3, 10)
    s.say("财产移交", 30, subject, at=_today(s))
    s.done(30, 1, 2, subject=subject)


def money(s: Script, amount: int, source: str | None = None) -> None:
    """Nodes 32 to 34: a payment arrives, is claimed, paid out or put into escrow."""
    s.payments += 1
    subject = f"payment/{s.payments}"
    drawn = Decimal(f"{amount}.{s.rng.randint(0, 99):02d}")
    thing = s.story.things.get(source or "")
    paid = s.story.pay(subject, drawn, thing)
    names = {None: "被执行人自动交款", "银行存款": "划拨款", "收入": "提取的收入"}
    data = {
        "款项说明": names.get(thing.category if thing else None, "变价款"),
        "到账金额（元）": f"{paid.amount:.2f}",
        "缴款人": payer_of(s.story, subject),
    }
    if source:
        data["来源财产"] = source
    s.say("款物到账", None, subject, data, at=_today(s))
    s.wait(1, 2)
    s.say("认领", 32, subject, at=_today(s))
    for item in (1, 2, 3):
        s.say(f"工作内容{item}", 32, subject)
    s.wait(3, 18)
    if s.rng.random() < 0.08:
        s.say("节点启动", 34, subject)
        s.say("审批：提存", 34, subject, officer="梁宏伟")
        s.say("提存", 34, subject, at=_today(s))
        s.say("工作内容1", 34, subject)
        return
    s.say("审批：案款发放", 33, subject, officer="梁宏伟、宋明远")
    s.say("案款发放", 33, subject, at=_today(s))
    s.done(33, 1, 2, 3, 4, subject=subject)


def goods(s: Script) -> None:
    """Node 35: a thing handed to the court and on to the creditor."""
    s.assets += 1
    subject = f"asset/{s.assets}"
    thing = s.story.find(subject, "应交付的特定物", "机器设备一套")
    s.say("查获财产", None, subject, _found(s, thing, online=False))
    s.wait(2, 6)
    s.say("采取控制措施", 17, subject)
    s.done(17, 1, 2, 3, 4, 5, 6, subject=subject)
    s.say("物品交付人民法院", 35, subject, at=_today(s))
    s.wait(3, 15)
    s.say("清点登记交接", 35, subject, at=_today(s))
    s.say("物品交付申请执行人", 35, subject, at=_today(s))
    s.done(35, 1, 2, 3, subject=subject)
