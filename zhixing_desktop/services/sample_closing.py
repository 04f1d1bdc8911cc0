"""How sample cases end: nodes 18, 36 to 38, 42 to 46."""

from __future__ import annotations

from datetime import datetime, time

from zhixing_desktop.services.sample_script import Script
from zhixing_desktop.services.sample_values_closing import (
    COMPLETED,
    closing_amounts,
    closing_ground,
)


def _today(s: Script) -> datetime:
    return datetime.combine(s.t.date(), time())


def restrict(s: Script, *, listed: bool) -> None:
    """Nodes 36 and 37 for every debtor, signed by the president."""
    for number in range(1, s.debtors + 1):
        subject = f"debtor/{number}"
        s.say("节点启动", 36, subject)
        s.say("审批：限制消费", 36, subject, officer="唐振国")
        s.say("发出限制消费令", 36, subject, at=_today(s))
        for item in (1, 2, 4):
            s.say(f"工作内容{item}", 36, subject)
        s.say("节点办结", 36, subject)
    if listed:
        s.say("节点启动", 37, "debtor/1")
        s.say("审批：失信", 37, "debtor/1", officer="唐振国")
        s.say("纳入失信名单", 37, "debtor/1", at=_today(s))
        for item in (1, 2, 3, 4):
            s.say(f"工作内容{item}", 37, "debtor/1")
        s.say("节点办结", 37, "debtor/1")


def mend_listing(s: Script) -> None:
    """Node 38: the listing is mended or deleted in three working days."""
    s.say("发现失信信息应撤销更正删除", 38, "debtor/1", at=_today(s))
    s.wait(1, 2)
    s.say("失信信息撤销更正删除", 38, "debtor/1", at=_today(s))
    s.say("节点办结", 38, "debtor/1")


def change_deadline(s: Script) -> None:
    """Node 42: three months more, granted by the president."""
    s.say("节点启动", 42)
    s.say("提起期限变更", 42, at=_today(s))
    s.say(
        "审批：期限变更",
        42,
        data={"延长月数": "3", "理由": "案情复杂，财产处置尚未完成"},
        officer="唐振国",
    )
    for item in (1, 2):
        s.say(f"工作内容{item}", 42)
    s.say("节点办结", 42)


def close(
    s: Script, way: str, extra: dict[str, str], items: tuple[int, ...], ground: str = ""
) -> None:
    """Nodes 43 and 44: reported as closed ``way``, confirmed, told, archived."""
    common = _by_name(
        s,
        closing_cause=s.row.cause,
        case_involves="不涉及以上情形",
        **{name: f"{amount:.2f}" for name, amount in closing_amounts(s, way, ground).items()},
        specific_thing_state=_state(s, "thing", way, "全部到位", "未到位", "本案不涉及特定物交付"),
        act_state=_state(s, "act", way, "全部履行", "未履行", "本案不涉及行为履行"),
        property_right_state="本案不涉及财产性权益",
        closing_way=way,
        closing_ground=closing_ground(s, way, ground),
        dossier_consistent="是",
    )
    data = {**common, **extra}
    s.say("工作内容1", 43, data=data)
    s.say("工作内容2", 43)
    if way in ("执行完毕", "终结本次执行程序", "终结执行"):
        s.say("审批：材料审核", 43, officer="冯核")
    s.say("报结", 43, at=_today(s))
    s.wait(1, 3)
    s.say("审批：报结", 43, officer="韩审")
    s.wait(1, 4)
    for item in items:
        s.say(f"工作内容{item}", 43)
    s.say("节点办结", 43)
    s.wait(3, 10)
    s.say("归档", 44, at=_today(s))
    s.done(44, 1, 2)


def _state(s: Script, kind: str, way: str, done: str, undone: str, none: str) -> str:
    """Return how a kind of content stands at the end."""
    if kind not in s.row.content:
        return none
    return done if way == COMPLETED else undone


def completed(s: Script) -> None:
    """执行完毕: measures lifted, closed, archived."""
    for number in range(1, s.assets + 1):
        thing = s.story.things.get(f"asset/{number}")
        ground = "财产已处置移交" if thing is not None and thing.buyer else "执行完毕"
        data = {s.label(17, "release_ground"): ground}
        s.say("解除控制措施", 17, f"asset/{number}", data, at=_today(s))
    values = _by_name(
        s, completed_ground="强制执行完毕", completion_acceptance="双方当事人书面认可执行完毕"
    )
    close(s, "执行完毕", values, (11, 12, 13, 14, 15))


def _by_name(s: Script, **values: str) -> dict[str, str]:
    """Return values under the labels that the rulebook gives their fields."""
    return {s.rules.book.nodes[43].field(name).label: value for name, value in values.items()}


def current_terminated(s: Script) -> None:
    """终本: no assets, interview, restriction, ruling; then the half-yearly queries."""
    s.say("认定无财产可供执行", 18, at=_today(s))
    s.wait(2, 7)
    s.say("终本约谈", 18, at=_today(s))
    s.done(18, 1, 2)
    restrict(s, listed=s.rng.random() < 0.4)
    s.wait(20, 60)
    values = _by_name(
        s,
        current_terminated_ground="未发现被执行人有可供执行的财产",
        current_termination_ruled_on=f"{s.t:%Y-%m-%d}",
        current_termination_ruling_number=s.story.ruling(),
    )
    close(s, "终结本次执行程序", values, (21, 22, 23, 24, 25, 26))
    s.say("终本裁定公开并录入信息库", 43, at=_today(s))
    number = 1
    while True:
        closed = s.t
        s.wait(150, 180)
        if s.t > s.until or number > 10:
            s.t = closed
            return
        s.say("财产统查", 45, f"followup/{number}", at=_today(s))
        s.say("工作内容1", 45, f"followup/{number}")
        s.say("节点办结", 45, f"followup/{number}")
        if s.rng.random() < 0.35:
            s.say("发现财产线索", 46, at=_today(s))
            s.wait(2, 8)
            s.say("恢复执行审查决定", 46, at=_today(s))
            s.done(46, 1, 2)
            return
        number += 1


def terminated(s: Script) -> None:
    """终结执行: the creditor withdraws after a settlement, or it is performed over years."""
    ground = s.rng.choice(("申请执行人撤销申请", "和解长期履行", "被执行人被宣告破产"))
    s.story.closing_ruling = s.story.ruling()
    values = _by_name(s, terminated_ground=ground, termination_ruled_on=f"{s.t:%Y-%m-%d}")
    if ground == "和解长期履行":
        values |= _by_name(s, long_settlement_on=f"{s.t:%Y-%m-%d}")
    elif ground == "申请执行人撤销申请":
        values |= _by_name(s, withdrawal_on=f"{s.t:%Y-%m-%d}")
    close(s, "终结执行", values, (31, 32, 33), ground)


def preserved(s: Script) -> None:
    """执行保全: closed when the property is controlled; nothing is lifted (X32)."""
    close(s, "保全完毕", {}, ())
