"""How a sample case runs: rows of 办理记录, made by walking through the rules themselves.

Every row is first tried on the rules; one that they refuse (a frozen node's successor, say) ends
that branch of the case, as it would in the bureau.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from zhixing_desktop.exchange.case_list import CaseRow, EventRow, PartyRow
from zhixing_desktop.services.import_replay import Replay
from zhixing_desktop.services.rules import Rules
from zhixing_desktop.services.sample_story import Story
from zhixing_desktop.services.sample_values import entered

_REASONS = {
    "审批：案款发放": "案款已到账并核算，收款账户经申请执行人确认",
    "审批：提存": "经通知申请执行人未能领取，符合提存的法定情形",
    "审批：限制消费": "被执行人未在执行通知书指定的期间履行",
    "审批：失信": "被执行人违反财产报告制度，应当纳入失信名单",
    "审批：拘传": "经两次传票传唤，无正当理由拒不到场",
    "审批：罚款拘留": "被执行人妨害执行，情节较重",
    "审批：期限变更": "案情复杂，财产处置尚未完成",
    "审批：材料审核": "卷宗材料齐全，请予审核",
    "审批：报结": "符合结案条件，材料已经入卷",
    "审批：解冻": "因案件集中，经办人未能及时操作，现已整改",
}
LATE = 0.05
UNFROZEN = 0.88
AUTHORITIES = {
    "local": "梁宏伟",
    "intermediate_court": "中院",
    "intermediate_court_bureau_chief": "中院执行局长",
    "high_court": "省法院",
}


class StoppedError(Exception):
    """The case goes no further: the sample's present is reached, or the rules refuse."""


class Script:
    """Writes the rows of one case while time goes on."""

    def __init__(
        self, rng: Random, rules: Rules, row: CaseRow, parties: list[PartyRow], until: datetime
    ) -> None:
        self.rng = rng
        self.rules = rules
        self.row = row
        self.until = until
        self.t = row.filed_at
        self.rows: list[EventRow] = []
        self.refused: list[str] = []
        self.assets = self.payments = self.clues = 0
        self.story = Story(row, parties)
        self._known: dict[tuple[int, str], set[str]] = {}
        self._replay = Replay(rules, row, parties)
        self._replay.play(())
        self.debtors = sum(1 for party in parties if party.standing in ("被执行人", "被保全人"))

    def wait(self, least: int, most: int) -> None:
        """Let some days pass, to an office hour of a working day."""
        days = self.rng.randint(least, most)
        if self.rng.random() < LATE:
            days = most * 3 + 10
        day = self.rules.calendar.workday_from(self.t.date() + timedelta(days=days))
        moment = datetime.combine(
            day, time(self.rng.randint(9, 16), self.rng.choice((0, 10, 25, 40)))
        )
        self.t = max(self.t, moment)

    def say(
        self,
        what: str,
        node: int | None = None,
        subject: str = "case",
        data: Mapping[str, str] | None = None,
        at: datetime | None = None,
        officer: str | None = None,
    ) -> None:
        """Write one row; :class:`StoppedError` when the present is reached or a rule refuses."""
        moment = at or self.t
        if self.t > self.until:
            raise StoppedError
        self.story.days[what, subject] = moment.date()
        told = dict(data or {})
        if what.startswith("审批："):
            told = {"理由": _REASONS[what], "意见": "情况属实，手续齐备", **told}
        if node is not None:
            known = self._known.setdefault((node, subject), set())
            told = {**entered(self, node, subject, what, known), **told}
        row = EventRow(
            row=len(self.rows) + 2,
            case_no=self.row.case_no,
            subject=subject,
            node=node,
            what=what,
            happened_at=moment,
            day_only=moment.time() == time(),
            officer=officer or self.row.officer,
            data=told,
        )
        if not self._replay.add(row):
            self._unfreeze()
            row = replace(row, row=len(self.rows) + 2, happened_at=at or self.t)
            if not self._replay.add(row):
                self.refused.append(self._replay.result.problems[-1].sentence)
                raise StoppedError
        self.rows.append(row)

    def _unfreeze(self) -> None:
        """Most frozen nodes are unfrozen by their authority after some days; some stay frozen."""
        refusal = self._replay.refusal
        blockers = refusal.data.get("blockers", ()) if refusal is not None else ()
        frozen = next((b for b in blockers if b.get("frozen")), None)
        if frozen is None or self.rng.random() > UNFROZEN:
            self.refused.append(self._replay.result.problems[-1].sentence)
            raise StoppedError
        self.wait(2, 8)
        if self.t > self.until:
            raise StoppedError
        number, _, subject = str(frozen["frozen"]).partition("@")
        row = EventRow(
            row=len(self.rows) + 2,
            case_no=self.row.case_no,
            subject=subject,
            node=int(number),
            what="审批：解冻",
            happened_at=self.t,
            officer=AUTHORITIES[str(frozen["level"])],
            data={"理由": "因案件集中，经办人未能及时操作，现已整改"},
        )
        if not self._replay.add(row):
            raise StoppedError
        self.rows.append(row)

    def done(
        self, node: int, *items: int, subject: str = "case", data: Mapping[str, str] | None = None
    ) -> None:
        """Report work items of a node (all given) and complete it."""
        for place, item in enumerate(items):
            self.say(f"工作内容{item}", node, subject, data if place == 0 else None)
        self.say("节点办结", node, subject)

    def label(self, node: int, name: str) -> str:
        """Return the heading under which a field's value stands."""
        return self.rules.book.nodes[node].field(name).label

    def day(self, offset: int = 0) -> date:
        """Return the present day, or one some days later."""
        return self.t.date() + timedelta(days=offset)


def filing(s: Script) -> None:
    """Nodes 1 to 4: on the day of filing, handed over within three days."""
    start = s.t
    s.say("收到申请材料", 1, at=datetime.combine(start.date(), time()))
    s.done(1, 1)
    s.done(2, 1, 2, 3, 4, 5, 6)
    money = "money" in s.row.content
    if money:
        if s.rng.random() < 0.04:
            s.wait(1, 1)
        s.t += timedelta(minutes=40)
        s.say("首次网络查询提起", 3)
        s.say("工作内容1", 3)
        s.say("工作内容2", 3)
        s.t += timedelta(hours=3)
        s.say("首次网络查询反馈", 3)
        found = s.rng.random() < 0.6
        s.say(f"工作内容{3 if found else 4}", 3, data={"查获被执行人财产": "是" if found else "否"})
    else:
        s.say("工作内容1", 3)
    s.say("节点办结", 3)
    s.wait(1, 2)
    s.say("案件移转", 4, at=datetime.combine(s.day(), time()))
    s.say("收案", 4, at=datetime.combine(s.day(), time()))
    s.done(4, 1, 2, 3, 4)


def beginning(s: Script) -> None:
    """Nodes 5 to 7."""
    s.wait(1, 2)
    s.done(5, 1, 2, 3)
    s.done(6, 1)
    if s.row.kind == "preservation":
        return
    s.wait(1, 5)
    s.say("执行通知书发出", 7, at=datetime.combine(s.day(), time()))
    s.say("报告财产令发出", 7, at=datetime.combine(s.day(), time()))
    s.done(7, 1, 2)


def searching(s: Script) -> None:
    """Nodes 8 to 16."""
    if s.row.kind == "preservation":
        return
    if "money" in s.row.content:
        s.say("网络查控启动", 9)
        s.say("传统查控启动", 10)
        s.wait(5, 15)
        s.say("网络查控反馈", 9)
        s.done(9, 1, 2, 3, 4, 5)
        s.say("传统查控反馈", 10)
        s.done(10, 1, 2, 3, 4, 5)
        for track in ("network", "traditional"):
            s.say("查控结果分析", 11, f"query/{track}")
            s.done(11, 1, subject=f"query/{track}")
    if s.rng.random() < 0.45:
        clue(s)
    for node, chance in ((12, 0.08), (14, 0.1), (15, 0.07), (16, 0.08)):
        if s.rng.random() < chance:
            on_demand(s, node)
    if s.rng.random() < 0.12:
        summons(s)


def clue(s: Script) -> None:
    """Node 8: a clue from the creditor or the debtor's report."""
    s.clues += 1
    debtor = s.story.debtors[0].name
    subject = f"clue/{s.clues}"
    urgent = s.rng.random() < 0.2
    told = s.rng.random() < 0.7
    s.say(
        "收到财产线索或者财产报告",
        None,
        subject,
        {
            "线索内容": f"{debtor}使用的车辆停放在其住所地附近，附照片二张"
            if told
            else f"{debtor}名下有小型轿车一辆，停放在住所地附近",
            "来源": "申请执行人提供" if told else "被执行人报告",
            "情况紧急": "是" if urgent else "否",
        },
        at=datetime.combine(s.day(), time()),
    )
    s.wait(1, 3 if urgent else 6)
    s.say("线索核查完毕", 8, subject, at=datetime.combine(s.day(), time()))
    s.done(8, 1, 2, 3, 4, 5, subject=subject)


def on_demand(s: Script, node: int) -> None:
    """A measure that the officer chooses."""
    events = {12: "搜查", 14: "通知协助查找", 15: "悬赏决定", 16: "调查令决定"}
    first = {15: "收到悬赏书面申请", 16: "收到调查令申请"}
    s.say("节点启动", node)
    if node in first:
        s.say(first[node], node, at=datetime.combine(s.day(), time()))
        s.wait(1, 3)
    data = {s.label(16, "decision"): "准许"} if node == 16 else None
    s.say(events[node], node, data=data, at=datetime.combine(s.day(), time()))
    for item in s.rules.book.nodes[node].work_items:
        s.say(f"工作内容{item.item}", node)
    s.say("节点办结", node)


def summons(s: Script) -> None:
    """Nodes 13, 39, 40: summoned twice, brought in, fined."""
    for times in ("debtor/1", "debtor/1#2"):
        s.say("节点启动", 13, times)
        s.say("发出传票", 13, times, at=datetime.combine(s.day(), time()))
        s.wait(3, 6)
        s.say("无正当理由拒不到场", 13, times, at=datetime.combine(s.day(), time()))
        s.done(13, 1, subject=times)
    s.say("节点启动", 39, "debtor/1")
    s.say("审批：拘传", 39, "debtor/1", officer="唐振国")
    s.wait(1, 3)
    s.say("拘传", 39, "debtor/1", at=datetime.combine(s.day(), time()))
    for item in (1, 2, 3):
        s.say(f"工作内容{item}", 39, "debtor/1")
    s.say("节点办结", 39, "debtor/1")
    if s.rng.random() < 0.6:
        s.say("节点启动", 40, data={s.label(40, "sanction_measures"): "、".join(s.story.sanctions)})
        s.say("审批：罚款拘留", 40, officer="唐振国")
        s.say("罚款拘留等决定", 40, at=datetime.combine(s.day(), time()))
        s.say("决定书送达", 40, at=datetime.combine(s.day(), time()))
    if s.rng.random() < 0.4:
        s.say("节点启动", 41, "debtor/1")
        s.say("拒执移送", 41, "debtor/1", at=datetime.combine(s.day(), time()))
