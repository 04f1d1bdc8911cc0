"""Where a missing datum is entered, in words for the officer who looks for it."""

from __future__ import annotations

from zhixing_desktop.documents.blocks import Gap
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.rulebook import Rulebook

BY_ITSELF = ("paper.number", "paper.day")
"""Sources of what the program itself fills in when a paper is issued."""

_PEOPLE = {
    "officer": "承办人",
    "clerk": "书记员",
    "chief": "执行局长",
    "vice_president": "主管院领导",
    "president": "院长",
}


def place_of(gap: Gap, book: Rulebook) -> str:
    """Return in words where the datum of a gap is entered."""
    head, _, rest = gap.source.partition("/")
    first = head.partition(".")[0]
    match first:
        case "node":
            # Which court unfreezes follows from the rule; what it is called is a setting.
            called = gap.source.endswith(".receiver")
            return "本院设置（上级法院的全称）" if called else _node(rest, book)
        case "party":
            subject = rest.partition(".")[0]
            return f"当事人资料（{subjects.label(subject)}）" if subject else "当事人资料"
        case "subject":
            return f"案件中的{subjects.label(rest.partition('.')[0])}"
        case "case":
            return _OF_CASE.get(head.partition(".")[2], _PLACES["case"])
        case "people":
            word = _PEOPLE.get(rest.partition(".")[0], "")
            return f"人员名册（{word}）；有几人任此角色的，在本院设置中写明" if word else "人员名册"
        case _:
            return _PLACES.get(first, "本文书")


_OF_CASE = {
    "account": "节点2“执行立案”的一案一账号",
    "basis_kind": "节点2“执行立案”的执行依据种类",
    "basis_effective_on": "节点2“执行立案”的执行依据生效日期",
    "claim": "节点4“案件移转”的执行标的内容",
    "filed_on": "节点2：登记立案",
    "received_on": "节点5：登记收案",
    "held": "节点17“查封、扣押、冻结”的控制措施；没有尚在控制中的财产的，不需要制作本文书",
    "creditor_names": "当事人资料",
    "debtor_names": "当事人资料",
}

_PLACES = {
    "ask": "本文书的填写项",
    "case": "案件登记信息",
    "court": "本院设置",
    "application": "审批：先办理申请和审批",
    "paper": "签发时自动填写",
    "papers": "先签发的文书",
    "law": "法条表",
}


def _node(rest: str, book: Rulebook) -> str:
    """``7/case.notice_number`` → 节点7“执行通知”."""
    number, _, tail = rest.partition("/")
    digits = number.partition(".")[0]
    spec = book.nodes.get(int(digits)) if digits.isdecimal() else None
    if spec is None:
        return "节点"
    subject = tail.partition(".")[0]
    whose = f"（{subjects.label(subject)}）" if subject and subject != subjects.CASE else ""
    return f"节点{spec.number}“{spec.name}”{whose}"
