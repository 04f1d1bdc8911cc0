"""The guideline's own text: comparing quotes with it, and cutting it into sentences.

Quotes are compared in the form :func:`plain` gives.  :func:`sentences` cuts that same form, so that
each of its characters belongs to exactly one sentence and a place in it is a place in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_IGNORED = re.compile(r"[\s#*]+")
_DIGITS = "零一二三四五六七八九"

_NODE = re.compile(r"(节点[一二三四五六七八九十]+)：")
_PART = re.compile(r"第[一二三四五六七八]部分 \S+")
_LABEL = re.compile(r"(工作内容|完成时限|注意事项)[：:]")
_LABEL_ALONE = re.compile(r"(?:工作内容|完成时限|注意事项)[：:]$")
_ITEM = re.compile(r"(\d+)\. ")
_DATE = re.compile(r"\d{4} ?年")
_LEAD = re.compile(r"(?:(?:工作内容|完成时限|注意事项)[：:])?(?:\d+\.)?")
# 。 and ； end a sentence; a bracket after the last one (a source) still belongs to it.
_PIECE = re.compile(r"[^。；]*[。；][”’）]*(?:（[^（）]*）$)?|[^。；]+$")
_CLOSING_WAYS = ("执行完毕案件", "终本案件", "终结案件")
_ANNEX = "附件"


def plain(text: str) -> str:
    """Return text without white space, ``#`` and ``*``, the form in which quotes are compared."""
    return _IGNORED.sub("", text)


def chinese_number(number: int) -> str:
    """Return 1 to 99 in Chinese numerals, as the guideline counts its nodes."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not head else "")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the guideline.

    ``number`` counts from 1; ``place`` names node and part (节点七 工作内容1, 节点四十三
    终本案件3); ``text`` is in the form of :func:`plain` and begins at ``start`` of the whole; its
    first ``lead`` characters are a label or an item's number (工作内容：1.), no words of a rule.
    """

    number: int
    place: str
    text: str
    start: int
    lead: int

    @property
    def end(self) -> int:
        """The offset after the last character."""
        return self.start + len(self.text)

    @property
    def body(self) -> str:
        """The sentence without label and item number."""
        return self.text[self.lead :]


def sentences(text: str) -> tuple[Sentence, ...]:
    """Cut the guideline into sentences, page breaks inside a sentence healed.

    A sentence ends with 。 or ；, and where something else begins: a heading, a label, a numbered
    item, the date under a signature.  A label on a line of its own (工作内容：) is joined to what
    follows.  Joined together the sentences are ``plain(text)``.
    """
    found: list[Sentence] = []
    start = 0
    for place, block in _blocks(text):
        for piece in _PIECE.findall(block):
            lead = _LEAD.match(piece)
            size = lead.end() if lead is not None else 0
            found.append(Sentence(len(found) + 1, place, piece, start, size))
            start += len(piece)
    return tuple(found)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands between two beginnings, with its place, in the form of :func:`plain`."""
    where = _Place()
    pending = ""
    for raw in text.splitlines():
        line = raw.strip()
        bare = line.strip("#* ")
        if not bare:
            continue
        heading = line.startswith("#")
        if pending and _begins(bare, heading=heading) and not _LABEL_ALONE.match(pending):
            yield where.words(), pending
            pending = ""
        where.read(bare, heading=heading)
        pending += plain(bare)
        if heading or (pending.endswith(("：", ":")) and not _LABEL_ALONE.match(pending)):
            yield where.words(), pending
            pending = ""
    if pending:
        yield where.words(), pending


def _begins(bare: str, *, heading: bool) -> bool:
    starts = (_LABEL, _ITEM, _NODE, _DATE)
    return heading or bare.startswith(_ANNEX) or any(p.match(bare) for p in starts)


class _Place:
    """Where the reading stands: part, node, sub-case, label and item."""

    def __init__(self) -> None:
        self.part = "文头"
        self.node = ""
        self.case = ""
        self.label = ""
        self.item = ""

    def read(self, bare: str, *, heading: bool) -> None:
        """Move on with a line that begins something; others change nothing."""
        node, part, item = _NODE.match(bare), _PART.match(bare), _ITEM.match(bare)
        label = _LABEL.match(bare)
        if node is not None:
            self.node, self.case, self.label, self.item = node.group(1), "", "", ""
        elif part is not None and heading:
            self._part(bare)
        elif bare in _CLOSING_WAYS:
            self.case, self.label, self.item = bare, "", ""
        elif label is not None:
            self.label, self.item = label.group(1), ""
        elif item is not None and heading and (self.label != "工作内容" or self.case):
            # 节点三十 numbers two headings; the fourth item of 节点四 is one by mistake (A14).
            self.case, self.label, self.item = f"第{item.group(1)}项", "", ""
        elif item is not None:
            self.item = item.group(1)
        elif heading or bare.startswith(_ANNEX):
            self._head(bare)
        elif self.part == "标题":
            self.part = "前言"

    def _part(self, name: str) -> None:
        self.part, self.node, self.case, self.label, self.item = name, "", "", "", ""

    def _head(self, bare: str) -> None:
        if bare.startswith(_ANNEX) or self.part == _ANNEX:
            self._part(_ANNEX)
        elif "关于印发" in bare:
            self._part("印发通知")
        elif self.part == "印发通知":
            self._part("标题")

    def words(self) -> str:
        """Name the place as the citations of the rulebook do."""
        if not self.node:
            return self.part + self.item
        if self.case.startswith("第"):
            return f"{self.node} {self.case}{self.label}{self.item}"
        if not self.case:
            return f"{self.node} {self.label}{self.item}".rstrip()
        if self.label == "工作内容":
            return f"{self.node} {self.case}{self.item}"
        return f"{self.node} {self.case} {self.label}".rstrip()
