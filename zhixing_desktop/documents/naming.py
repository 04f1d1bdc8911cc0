"""What a form names, in words: ``n7.performance_until`` is 节点7 执行通知书指定履行期间届满日."""

from __future__ import annotations

from zhixing_desktop.documents.dictionary import ROOT, Dictionary
from zhixing_desktop.documents.form_types import Form

_ROOTS = {
    "court": "法院",
    "case": "案件",
    "creditor": "申请执行人",
    "debtor": "被执行人",
    "creditors": "申请执行人",
    "debtors": "被执行人",
    "recipient": "受送达人",
    "assets": "财产",
    "asset": "财产",
    "clues": "线索",
    "clue": "线索",
    "payments": "款项",
    "payment": "款项",
    "round": "拍卖",
    "officer": "承办人",
    "clerk": "书记员",
    "chief": "执行局长",
    "vice_president": "主管院领导",
    "president": "院长",
    "node": "本节点",
    "application": "审批",
    "earlier": "以前的文书",
    "enclosed": "附件",
    "paper": "本文书",
}


class Naming:
    """The words of the paths of one form."""

    def __init__(self, dictionary: Dictionary, form: Form) -> None:
        self._dictionary = dictionary
        self._kinds = dictionary.root(form.subject, form.asks)
        self._asks = {ask.name: ask for ask in form.asks}

    def knows(self, path: str) -> bool:
        """Tell whether a path begins with data; else with what a loop of the form calls it."""
        return path.partition(".")[0] in self._kinds

    def of(self, path: str) -> str:
        """Return the words of a path; what has none is said as it is written."""
        first, *rest = path.split(".")
        kind = self._kinds.get(first, ROOT.get(first))
        if kind is None:
            return path
        words = [_ROOTS.get(first, f"节点{first[1:]}" if first[1:].isdecimal() else "")]
        for name in rest:
            record = (kind or "").removeprefix("list:")
            words.append(self._label(record, name))
            kind = self._dictionary.kind(record, name, self._asks)
        return " ".join(word for word in words if word)

    def _label(self, record: str, name: str) -> str:
        if record == "ask":
            return self._asks[name].label if name in self._asks else name
        try:
            return self._dictionary.labels(record).get(name, name)
        except KeyError:
            return name
