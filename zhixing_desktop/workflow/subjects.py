"""Subjects: what a node is repeated for, written as a path.

``case``, ``debtor/2``, ``clue/1``, ``asset/3``, ``asset/3/round/1``, ``payment/2``,
``query/network``, ``followup/4``; what is repeated adds an occurrence: ``case#2``, ``debtor/1#2``.
"""

from __future__ import annotations

import re
from functools import lru_cache

_KEPT = 8192
CASE = "case"
KINDS = ("case", "creditor", "debtor", "clue", "asset", "round", "payment", "query", "followup")
KIND_LABELS = {
    "case": "案件",
    "creditor": "申请执行人",
    "debtor": "被执行人",
    "clue": "财产线索",
    "asset": "财产",
    "round": "拍卖轮次",
    "payment": "款项",
    "query": "查控",
    "followup": "统查",
}
_TRACKS = {"network": "网络查控", "traditional": "传统查控"}
_SHAPE = re.compile(
    r"^(?:case|(?:creditor|debtor|clue|payment|followup)/[1-9]\d{0,4}"
    r"|asset/[1-9]\d{0,4}(?:/round/[1-9]\d{0,2})?|query/(?:network|traditional))(?:#[1-9]\d{0,3})?$"
)


@lru_cache(maxsize=_KEPT)
def is_subject(text: str) -> bool:
    """Tell whether ``text`` has the shape of a subject."""
    return _SHAPE.match(text) is not None


@lru_cache(maxsize=_KEPT)
def base(subject: str) -> str:
    """Return the subject without its occurrence: ``case#2`` gives ``case``."""
    return subject.partition("#")[0]


@lru_cache(maxsize=_KEPT)
def occurrence(subject: str) -> int:
    """Return the occurrence, 1 where none is written."""
    tail = subject.partition("#")[2]
    return int(tail) if tail else 1


def nth(subject: str, times: int) -> str:
    """Return the ``times``-th occurrence of a subject: ``case``, ``case#2``."""
    return base(subject) if times == 1 else f"{base(subject)}#{times}"


@lru_cache(maxsize=_KEPT)
def kind_of(subject: str) -> str:
    """Return the kind: ``asset/3/round/1`` is a ``round``, ``case#2`` a ``case``."""
    parts = base(subject).split("/")
    return parts[0] if len(parts) < 3 else parts[-2]


@lru_cache(maxsize=_KEPT)
def parent(subject: str) -> str | None:
    """Return the subject one level up, ``None`` above ``case``."""
    plain = base(subject)
    if plain == CASE:
        return None
    parts = plain.split("/")
    return "/".join(parts[:-2]) if len(parts) > 2 else CASE


@lru_cache(maxsize=_KEPT)
def ancestors(subject: str) -> tuple[str, ...]:
    """Return the subject without occurrence and all above it, nearest first."""
    chain = [base(subject)]
    above = parent(subject)
    while above is not None:
        chain.append(above)
        above = parent(above)
    return tuple(chain)


def related(one: str, other: str) -> bool:
    """Tell whether one subject is the other, or lies above or below it."""
    return base(one) in ancestors(other) or base(other) in ancestors(one)


@lru_cache(maxsize=_KEPT)
def number_of(subject: str) -> int:
    """Return the last number of the path (1 for ``case`` and tracks)."""
    tail = base(subject).rsplit("/", 1)[-1]
    return int(tail) if tail.isdigit() else 1


def label(subject: str, name: str | None = None) -> str:
    """Return words for a person: ``财产3（豫H…）``, ``被执行人2``, ``案件（第2次）``."""
    kind = kind_of(subject)
    if kind == "query":
        words = _TRACKS.get(base(subject).rsplit("/", 1)[-1], "查控")
    elif kind == "round":
        owner = parent(subject) or CASE
        words = f"{label(owner, name)}第{number_of(subject)}轮拍卖"
        name = None
    elif kind == "case":
        words = "案件"
    else:
        words = f"{KIND_LABELS[kind]}{number_of(subject)}"
    if name:
        words = f"{words}（{name}）"
    times = occurrence(subject)
    return f"{words}（第{times}次）" if times > 1 else words
