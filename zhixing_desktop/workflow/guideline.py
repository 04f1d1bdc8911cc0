"""The guideline's own text: comparing quotes with it, and cutting it into sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

_IGNORED = re.compile(r"[\s#*]+")
_NODE = re.compile(r"节点([一二三四五六七八九十]+)：")
_PART = re.compile(r"第[一二三四五六七八]部分\s*\S+")
_DIGITS = "零一二三四五六七八九"


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
    """One sentence of the guideline: a running number, the place it stands and its words."""

    number: int
    place: str
    text: str


def sentences(text: str) -> tuple[Sentence, ...]:
    """Cut the guideline into sentences, page breaks inside a sentence healed.

    A sentence ends with 。 or ；, with a heading, or with a numbered item that has no full stop.
    """
    place = "通知"
    found: list[Sentence] = []
    pending = ""

    def flush() -> None:
        nonlocal pending
        for piece in re.split(r"(?<=[。；])", pending):
            words = plain(piece)
            if words:
                found.append(Sentence(len(found) + 1, place, words))
        pending = ""

    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        bare = line.strip("#* ")
        starts = _starts_anew(line, bare)
        if starts:
            flush()
            place = _place(bare, place)
        pending += bare
        if bare.endswith(("。", "：", ":")) or line.startswith("#") or _NODE.match(bare):
            flush()
    flush()
    return tuple(found)


def _starts_anew(line: str, bare: str) -> bool:
    heads = ("工作内容", "完成时限", "注意事项", "审判管理办公室在接到", "附件")
    return (
        line.startswith("#")
        or re.match(r"\d+\. ", bare) is not None
        or _NODE.match(bare) is not None
        or bare.startswith(heads)
    )


def _place(bare: str, before: str) -> str:
    node = _NODE.match(bare)
    if node:
        return f"节点{node.group(1)}"
    if _PART.match(bare):
        return bare
    if bare in ("执行完毕案件", "终本案件", "终结案件"):
        return f"节点四十三 {bare}"
    return before
