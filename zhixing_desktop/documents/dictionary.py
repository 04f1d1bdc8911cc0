"""Everything a form may name: records, their values and labels, and what kind each value is.

The loader holds each form against it, so that a form cannot name what is not there; the data of a
case (``case_data``) is built to it.  Kinds: ``text`` (anything that is printed), ``day``,
``moment``, ``money``, ``flag``, ``list:<record>``, or the name of a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from zhixing_desktop.documents.form_types import Ask
from zhixing_desktop.workflow.rule_words import FieldType
from zhixing_desktop.workflow.rulebook import Rulebook

Words = Mapping[str, tuple[str, str]]
"""Name → (label, kind)."""

COURT: Words = {
    "name": ("法院名称", "text"),
    "code": ("法院代字", "text"),
    "address": ("法院地址", "text"),
    "phone": ("联系电话", "text"),
    "postcode": ("邮政编码", "text"),
    "superior": ("上一级人民法院", "text"),
    "high": ("高级人民法院", "text"),
    "account_name": ("执行款专户户名", "text"),
    "account_bank": ("执行款专户开户行", "text"),
    "account_number": ("执行款专户账号", "text"),
    "supervision_phone": ("廉政监督电话", "text"),
}

CASE: Words = {
    "number": ("案号", "text"),
    "kind": ("案件类型", "text"),
    "cause": ("案由", "text"),
    "basis": ("执行依据", "text"),
    "basis_kind": ("执行依据种类", "text"),
    "basis_effective_on": ("执行依据生效日期", "day"),
    "amount": ("申请执行标的", "money"),
    "content": ("给付内容", "text"),
    "filed_on": ("立案日期", "day"),
    "received_on": ("收案日期", "day"),
    "previous": ("原执行案号", "text"),
    "creditor_names": ("申请执行人", "text"),
    "debtor_names": ("被执行人", "text"),
    "creditor_word": ("申请人一方的称谓", "text"),
    "debtor_word": ("被申请人一方的称谓", "text"),
    "account": ("“一案一账号”", "text"),
    "claim": ("执行标的内容", "text"),
    "fee": ("申请执行费", "money"),
    "state": ("案件状态", "text"),
    "old_enough_to_end": ("自立案之日起已超过三个月", "flag"),
    "held": ("尚在查封、扣押、冻结中的财产", "list:asset"),
}

PARTY: Words = {
    "name": ("姓名或者名称", "text"),
    "standing": ("诉讼地位", "text"),
    "kind": ("当事人类型", "text"),
    "natural": ("自然人", "flag"),
    "minor": ("未成年人", "flag"),
    "gender": ("性别", "text"),
    "ethnicity": ("民族", "text"),
    "born_on": ("出生日期", "day"),
    "id_number": ("公民身份号码或者统一社会信用代码", "text"),
    "address": ("住址或者住所地", "text"),
    "phone": ("联系电话", "text"),
    "workplace": ("工作单位和职务", "text"),
    "representative": ("法定代表人或者负责人", "text"),
    "representative_title": ("法定代表人职务", "text"),
    "representative_word": ("代表人的称谓", "text"),
    "agent": ("委托诉讼代理人", "text"),
    "agent_office": ("代理人的律师事务所或者身份", "text"),
    "guardian": ("法定代理人", "text"),
    "guardian_relation": ("法定代理人与被代理人的关系", "text"),
    "you": ("对其的称呼", "text"),
    "service_address": ("送达地址", "text"),
    "account_name": ("收款户名", "text"),
    "account_number": ("收款账号", "text"),
    "bank": ("开户银行", "text"),
}

ASSET: Words = {
    "name": ("财产名称", "text"),
    "category": ("财产种类", "text"),
    "owner": ("所属被执行人", "party"),
    "value": ("金额或者估值", "money"),
    "found_at": ("查获时间", "moment"),
    "rounds": ("拍卖轮次", "list:round"),
}

CLUE: Words = {
    "name": ("线索内容", "text"),
    "source": ("线索来源", "text"),
    "received_on": ("收到线索日期", "day"),
}

ROUND: Words = {
    "number": ("拍卖次数", "text"),
    "asset": ("拍卖财产", "asset"),
    "started_on": ("启动拍卖日期", "day"),
}

PAYMENT: Words = {
    "name": ("款项说明", "text"),
    "amount": ("到账金额", "money"),
    "payer": ("缴款人", "text"),
    "arrived_on": ("到账日期", "day"),
    "paid_before": ("累计已发放金额", "money"),
    "left": ("尚未发放金额", "money"),
}

PERSON: Words = {
    "name": ("姓名", "text"),
    "phone": ("办公电话", "text"),
    "title": ("职务", "text"),
}

INSTANCE: Words = {
    "number": ("节点序号", "text"),
    "name": ("节点名称", "text"),
    "state": ("节点状态", "text"),
    "opened_on": ("节点启动日期", "day"),
    "due_on": ("完成时限届满日", "day"),
    "limit": ("完成时限", "text"),
    "frozen_at": ("冻结时间", "moment"),
    "frozen_why": ("冻结原因", "text"),
    "late_days": ("逾期日数", "text"),
    "unfreezer": ("解冻权限", "text"),
    "receiver": ("批准解冻的法院", "text"),
    "about": ("节点所涉对象", "text"),
    "log": ("节点办理记录", "list:log"),
}

LOG: Words = {
    "happened": ("发生时间", "text"),
    "entered": ("录入时间", "text"),
    "by": ("录入人", "text"),
    "what": ("办理内容", "text"),
}

STEP: Words = {
    "role": ("审批环节", "text"),
    "by": ("审批人", "text"),
    "on": ("审批日期", "day"),
    "outcome": ("审批结果", "text"),
    "reason": ("审批意见", "text"),
}

APPLICATION: Words = {
    "label": ("申请事项", "text"),
    "by": ("申请人", "text"),
    "on": ("申请日期", "day"),
    "reason": ("申请理由", "text"),
    "state": ("审批状态", "text"),
    "steps": ("审批意见", "list:step"),
    "hops": ("转报经过", "text"),
}

PAPER: Words = {
    "number": ("文书编号", "text"),
    "day": ("文书日期", "day"),
}

EARLIER: Words = {
    "name": ("文书名称", "text"),
    "number": ("文书编号", "text"),
    "day": ("文书日期", "day"),
    "served_on": ("送达日期", "day"),
    "copies": ("份数", "text"),
}

QUERY: Words = {
    "name": ("查控方式", "text"),
}

_RECORDS: Mapping[str, Words] = MappingProxyType(
    {
        "court": COURT,
        "case": CASE,
        "party": PARTY,
        "asset": ASSET,
        "clue": CLUE,
        "round": ROUND,
        "payment": PAYMENT,
        "followup": {},
        "query": QUERY,
        "person": PERSON,
        "instance": INSTANCE,
        "log": LOG,
        "step": STEP,
        "application": APPLICATION,
        "paper": PAPER,
        "earlier": EARLIER,
    }
)

ROOT: Mapping[str, str] = MappingProxyType(
    {
        "court": "court",
        "case": "case",
        "creditor": "party",
        "debtor": "party",
        "creditors": "list:party",
        "debtors": "list:party",
        "recipient": "party",
        "assets": "list:asset",
        "clues": "list:clue",
        "payments": "list:payment",
        "officer": "person",
        "clerk": "person",
        "chief": "person",
        "vice_president": "person",
        "president": "person",
        "node": "instance",
        "application": "application",
        "earlier": "list:earlier",
        "enclosed": "list:earlier",
        "paper": "paper",
    }
)
"""Names every form has.  ``debtor`` is the one it is made for, else the first; ``recipient`` is
whom this copy is for; ``application`` is that of the form's matter; ``earlier`` are the
case's papers that were issued before, ``enclosed`` those that go out or are served with this."""

_OWN = ("asset", "clue", "round", "payment", "followup", "query")

_LISTED = frozenset({("application", "hops"), ("case", "content")})

_KIND_OF_FIELD = MappingProxyType(
    {
        FieldType.DATE: "day",
        FieldType.DATETIME: "moment",
        FieldType.MONEY: "money",
        FieldType.BOOL: "flag",
        FieldType.PARTY: "party",
        FieldType.ASSET: "asset",
    }
)


class Dictionary:
    """What the forms of one rulebook may name."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._nodes: dict[str, Words] = {
            f"n{number}": {
                f.name: (f.label, _KIND_OF_FIELD.get(f.type, "text")) for f in spec.fields
            }
            for number, spec in book.nodes.items()
        }
        self._listed = _LISTED | {
            (f"n{number}", f.name)
            for number, spec in book.nodes.items()
            for f in spec.fields
            if f.type is FieldType.MULTICHOICE
        }

    def nodes_of(self, kind: str) -> list[str]:
        """Return the node records (``n17``) that a subject of a kind has of its own."""
        wanted = "party" if kind in ("debtor", "creditor") else kind
        return [
            f"n{number}"
            for number, spec in self._book.nodes.items()
            if ("party" if spec.subject == "debtor" else spec.subject) == wanted
        ]

    def labels(self, record: str) -> Mapping[str, str]:
        """Return the labels of a record's values (``party`` or ``n17``)."""
        words = self._nodes.get(record) or _RECORDS[record]
        labels = {name: label for name, (label, _) in words.items()}
        for name in () if record in self._nodes else self.nodes_of(record):
            labels[name] = f"节点{name[1:]}"
        return labels

    def is_listed(self, record: str, name: str, asks: Mapping[str, Ask]) -> bool:
        """Whether a text is several words that may also be gone through one by one."""
        if record == "ask":
            return name in asks and asks[name].type is FieldType.MULTICHOICE
        return (record, name) in self._listed

    def root(self, subject: str, asks: Iterable[Ask]) -> Mapping[str, str]:
        """Return what a form for a kind of subject may name at the top, each with its kind."""
        found = dict(ROOT)
        found["ask"] = "ask"
        for kind in ("case", subject, *(("asset",) if subject == "round" else ())):
            if kind in _OWN:
                found[kind] = kind
            found.update({name: name for name in self.nodes_of(kind)})
        return found

    def kind(self, record: str, name: str, asks: Mapping[str, Ask]) -> str | None:
        """Return the kind of a record's value, ``None`` where it has no such value."""
        if record == "ask":
            ask = asks.get(name)
            return None if ask is None else _KIND_OF_FIELD.get(ask.type, "text")
        words = self._nodes.get(record)
        if words is None:
            if name in self.nodes_of(record):
                return name
            words = _RECORDS.get(record, {})
        found = words.get(name)
        return None if found is None else found[1]
