"""A journal row's changes in words: what, before, after.

Works from the row alone; what is known of the case besides (its facts, its instances, names of its
subjects) makes the words better.  Numbers of identity cards, accounts and telephones are covered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from zhixing_desktop.models.codec import codec_of
from zhixing_desktop.models.tables import JOURNALLED
from zhixing_desktop.services import case_store
from zhixing_desktop.services.fact_words import Names, fact_title, fact_words, subject_words
from zhixing_desktop.services.paper_words import TOLD
from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.facts import Fact, State
from zhixing_desktop.workflow.masking import cover_numbers
from zhixing_desktop.workflow.personal import covered_fact
from zhixing_desktop.workflow.rulebook import Rulebook

Row = Mapping[str, Any]
Place = tuple[int, str]

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "case.register": "登记案件",
        "case.assign": "分案、更换承办人",
        "case.rebuild": "按事实重建案件状态",
        "case.recompute": "重新计算期限",
        "node.start": "启动节点",
        "node.work": "录入办理情况",
        "node.complete": "办结节点",
        "fact.add": "登记事实",
        "fact.correct": "更正",
        "fact.withdraw": "撤回",
        "approval.request": "提出申请",
        "approval.decide": "审批决定",
        "approval.register": "登记上级法院决定",
        "sweep": "到期检查（预警、冻结、逾期）",
        "alert.read": "阅读提醒",
        "staff.add": "登记人员",
        "staff.edit": "修改人员",
        "staff.roles": "变更角色",
        "case.import": "导入案件",
        "approval.withdraw": "撤回申请",
        "approval.urge": "催办",
        "approval.countermand": "撤销审批决定",
        "approval.forward": "转报上级法院",
        "reply.enter": "录入上级法院批复",
        "reply.confirm": "核对上级法院批复",
        "payout.pay": "支付案款",
        "deputy.name": "委托代理审批",
        "deputy.revoke": "撤销代理审批",
        "file.add": "存入文件",
        "paper.draft": "起草文书",
        "paper.issue": "签发文书",
        "paper.void": "作废文书",
        "paper.serve": "登记送达",
        "paper.settle": "公告期届满登记送达",
        "paper.print": "打印、导出文书",
        "paper.pdf": "补文书的 PDF",
        "paper.template": "更换文书模板",
        "archive.pack": "制作归档包",
        "archive.hand": "移交归档",
        "archive.receive": "接收归档",
        "archive.return": "退回归档",
        "dossier.copy": "提供复制件",
        "dossier.file": "材料入卷",
        "dossier.arrange": "改正编目",
        "dossier.withdraw": "撤出材料",
        "dossier.print": "打印卷宗",
        "dossier.bind": "登记装订",
        "dossier.prove": "核对纸质卷宗",
        "dossier.move": "交接纸质卷宗",
        "dossier.tray": "待归扫描件",
        "store.repair": "修复文件",
        "account.first_start": "首次启用",
        "account.create": "开立账号",
        "account.sign_in": "登录",
        "account.sign_out": "退出",
        "account.failure": "登录失败",
        "account.refused": "登录被拒绝",
        "account.lock": "账号锁定",
        "account.unlock": "账号解锁",
        "account.reset": "重置密码",
        "account.password": "修改密码",
        "account.disable": "停用账号",
        "account.enable": "启用账号",
        "settings.change": "修改本院设置",
        "clock.accept": "确认时钟",
        "sheet.print": "打印每日清单",
        "print": "打印",
        "export": "导出",
        "export.list": "导出案件清单",
        "personal.view": "查看个人信息",
        "journal.export": "导出日志",
        "journal.verify": "校验日志",
        "journal.algorithm": "更换日志算法",
        "journal.key": "生成签名密钥",
        "upgrade.waiting": "升级后整理待办",
        "schema.upgrade": "升级数据库",
        "backup.restore": "恢复备份",
        "rulebook.found": "登记节点规则",
        "rulebook.change": "更换节点规则",
        "calendar.edit": "修改日历",
        "calendar.import": "导入放假安排",
    }
)

_TABLES = {table.name: table for table in JOURNALLED}
_THINGS: Mapping[str, str] = MappingProxyType(
    {
        "staff": "人员",
        "deputies": "代理审批",
        "files": "文件",
        "calendar_edits": "工作日历",
        "settings_edits": "本院设置",
        "rulebooks": "节点规则",
        "alert_reads": "阅读提醒",
        "dossier_copies": "复制件",
        "archive_packages": "归档包",
    }
)
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "name": "姓名（名称）",
        "roles": "角色",
        "team": "团队",
        "active": "在职",
        "clerk_id": "书记员",
        "principal_id": "被代理人",
        "deputy_id": "代理人",
        "role": "角色",
        "from_on": "起",
        "until_on": "止",
        "paper": "依据文件",
        "named_by": "指定人",
        "revoked_by": "撤销人",
        "revoked_at": "撤销时间",
        "reason": "理由",
        "digest": "校验值",
        "bytes": "字节",
        "media_type": "类型",
        "day": "日期",
        "kind": "性质",
        "key": "项目",
        "value": "内容",
        "source": "来源",
        "alert_id": "提醒编号",
        # Notes of sign-ins, settings and the like.
        "person": "人员",
        "login": "登录名",
        "witness": "会同人",
        "count": "次数",
        "until": "至",
        "why": "原因",
        "before": "原来",
        "after": "现在",
        "head_id": "末条编号",
        "head_hash": "末条校验值",
        "decisions": "决定件数",
        "last_seen_at": "数据库记录的时间",
        "label": "名称",
        "number": "编号",
        "effective_on": "施行日期",
        "title": "标题",
        "hash": "校验值",
        "adopted_by": "核准人",
        "adopted_at": "核准时间",
    }
)
_OF_CASE: Mapping[str, str] = MappingProxyType(
    {
        "current_node_name": "当前节点",
        "closing_way": "结案方式",
        "rulebook_version": "节点规则",
    }
)
_PEOPLE = ("clerk_id", "principal_id", "deputy_id", "staff_id", "officer_id")
_WORDS_OF = MappingProxyType({"work": "上班", "rest": "休息", True: "是", False: "否"})
_ABSENT = MappingProxyType({"node": None, "corrects": None, "reason": "", "source": ""})
"""The journal leaves out what is NULL."""
_MOST = 60
"""Announcements of one sweep that are told one by one."""


@dataclass(frozen=True, slots=True)
class JournalChange:
    """One thing a step changed: what, and its words before and after (either may be empty)."""

    what: str
    before: str
    after: str


def _nameless(subject: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts the changes of a journal row into words.

    ``case_id``: only what concerns this case is told; ``None`` tells everything.  ``facts``: the
    case's facts by number; ``places``: to which instance (node, subject) a row belongs; ``people``
    and ``cases``: names by row number.
    """

    book: Rulebook
    names: Names = _nameless
    facts: Mapping[int, Fact] = field(default_factory=dict)
    case_id: int | None = None
    places: Mapping[int, Place] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    cases: Mapping[int, str] = field(default_factory=dict)

    def changes(self, payload: Sequence[Row]) -> tuple[JournalChange, ...]:
        """Return what a row changed; numbers of persons are covered."""
        return tuple(
            JournalChange(change.what, cover_numbers(change.before), cover_numbers(change.after))
            for entry in payload
            for change in self._change(entry)
        )

    def _change(self, change: Row) -> Iterator[JournalChange]:
        table = str(change.get("table", ""))
        if table not in _TABLES:
            yield from self._note(change)
        elif change.get("op") == "insert_many":
            yield from self._announced(change) if table == "alerts" else ()
        elif table in TOLD:
            codec = codec_of(_TABLES[table])
            row = codec.to_python(change.get("after") or {})
            old = codec.to_python(change.get("before") or {})
            words = TOLD[table](dict(change.get("key") or {}).get("id"), old, row)
            yield from (JournalChange(*entry) for entry in words)
        elif table in ("facts", "instances", "cases"):
            yield from self._row(table, change)
        elif table in _THINGS and self.case_id is None:
            yield from self._thing(table, change)

    def _row(self, table: str, change: Row) -> Iterator[JournalChange]:
        codec = codec_of(_TABLES[table])
        before = codec.to_python(change.get("before") or {})
        after = codec.to_python(change.get("after") or {})
        number = dict(change.get("key") or {}).get("id")
        if table == "facts":
            if change.get("op") == "insert":
                yield self._fact(after)
        elif table == "cases":
            if self.case_id in (None, number):
                yield from self._case(before, after)
        else:
            place = self.places.get(int(number)) if number is not None else None
            if place is None and "node" in after and self.case_id in (None, after.get("case_id")):
                place = (int(after["node"]), str(after["subject"]))
            if place is not None:
                yield from self._instance(place, before, after)

    def _note(self, change: Row) -> Iterator[JournalChange]:
        data = change.get("data")
        if isinstance(data, Mapping):
            yield JournalChange("记载", "", self._listed(data))

    def _listed(self, row: Row) -> str:
        said = ((name, self._value(name, value)) for name, value in row.items() if name != "id")
        return "；".join(f"{_LABELS.get(name, name)}：{words}" for name, words in said if words)

    def _value(self, name: str, value: Any) -> str:
        if value is None or value in ("", []):
            return ""
        if name in _PEOPLE and isinstance(value, int):
            return self.people.get(value, f"第{value}号")
        if isinstance(value, (list, tuple)):
            return "、".join(str(entry) for entry in value)
        if isinstance(value, (str, bool)):
            return _WORDS_OF.get(value, str(value))
        return str(value)

    def _thing(self, table: str, change: Row) -> Iterator[JournalChange]:
        codec = codec_of(_TABLES[table])
        before = codec.to_python(change.get("before") or {})
        after = codec.to_python(change.get("after") or {})
        thing = _THINGS[table]
        if not before or not after:
            yield JournalChange(thing, self._listed(before), self._listed(after))
            return
        key = dict(change.get("key") or {})
        if table == "staff":
            number = int(key.get("id", 0))
            thing = f"{thing}“{self.people.get(number, f'第{number}号')}”"
        for name, now in after.items():
            if name != "version":
                label = f"{thing}：{_LABELS.get(name, name)}"
                yield JournalChange(
                    label, self._value(name, before.get(name)), self._value(name, now)
                )

    def _fact(self, row: Row) -> JournalChange:
        # A row of the journal says itself what was written; the case's facts have no more to say.
        fact = self.facts.get(int(row["seq"])) or case_store.fact_of({**_ABSENT, **row})
        old = self.facts.get(fact.corrects) if fact.corrects is not None else None
        # By what a field is for: also a short number is covered.
        fact = covered_fact(self.book, fact)
        old = covered_fact(self.book, old) if old is not None else None
        before = fact_words(self.book, self.names, old) if old is not None else ""
        after = fact_words(self.book, self.names, fact)
        if fact.kind == kinds.WITHDRAWN:
            after = "已撤回"
        if fact.reason:
            after = f"{after}（理由：{fact.reason}）"
        return JournalChange(fact_title(self.book, self.names, fact, old), before, after)

    def _instance(self, place: Place, before: Row, after: Row) -> Iterator[JournalChange]:
        if "state" not in after:
            return
        node, subject = place
        what = f"节点{node}“{self.book.nodes[node].name}”"
        if subject != subjects.CASE:
            what += f" {subject_words(self.names, subject)}"
        yield JournalChange(what, _state(before), _state(after))

    def _case(self, before: Row, after: Row) -> Iterator[JournalChange]:
        if not before:
            return
        for name, label in _OF_CASE.items():
            if name in after and before.get(name) != after[name]:
                was, now = str(before.get(name) or ""), str(after[name] or "")
                yield JournalChange(label, was, now)
        if "state" in after:
            yield JournalChange("案件状态", _state(before), _state(after))

    def _announced(self, change: Row) -> Iterator[JournalChange]:
        columns = list(change.get("columns", ()))
        if "sentence" not in columns or "case_id" not in columns:
            return
        owner, place = columns.index("case_id"), columns.index("sentence")
        rows = [row for row in change.get("rows", ()) if self.case_id in (None, row[owner])]
        for row in rows[:_MOST]:
            what = self.cases.get(row[owner], "通知") if self.case_id is None else "通知"
            yield JournalChange(what, "", str(row[place]))
        if len(rows) > _MOST:
            yield JournalChange("通知", "", f"另有{len(rows) - _MOST}条")


def _state(row: Row) -> str:
    return State(row["state"]).label if row.get("state") else ""
