"""First letters of the pinyin of a name, for search by keyboard.

``initials("查小单")`` is ``"zxd zxc zxs cxd …"``: every reading, the likeliest first, separated by
spaces, so that a list finds the name by a substring.  The library reads surnames like ordinary
words (仇 as c, 解 as j); the table below puts their own reading first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice, product
from types import MappingProxyType
from typing import Any

# Surnames that the library reads with another letter; 单于 keeps 单 from being taken alone.
SURNAMES: Mapping[str, str] = MappingProxyType(
    {
        "仇": "q", "解": "x", "查": "z", "单": "s", "曾": "z", "区": "o", "乐": "y", "覃": "q",
        "翟": "z", "繁": "p", "种": "c", "秘": "b", "佴": "n", "句": "g", "折": "s", "召": "s",
        "祭": "z", "乜": "n", "郇": "x", "藏": "z", "阚": "k", "单于": "cy",
    }
)  # fmt: skip
MAX_READINGS = 48
_WHOLE_PRODUCT = 5


def initials(name: str) -> str:
    """Return all likely first letters of ``name``, lower case, separated by spaces.

    Letters and digits stay; punctuation, brackets and characters without a reading are left out.
    Up to five characters all combinations are given; in longer names (companies) one character at a
    time is varied, so that the number of alternatives stays below ``MAX_READINGS``.
    """
    letters = _readings(name)
    if not letters:
        return ""
    found = dict.fromkeys(islice(_combinations(letters), MAX_READINGS))
    return " ".join(found)


def _readings(name: str) -> list[list[str]]:
    """Return the possible letters of each character, the likeliest first."""
    from pypinyin import Style, lazy_pinyin, pinyin

    text = "".join(c for c in unicodedata.normalize("NFKC", name).lower() if c.isalnum())
    if not text:
        return []
    # What has no reading comes back character by character, so that places agree.
    likely = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=_apart)
    every = pinyin(text, style=Style.FIRST_LETTER, heteronym=True, errors=_apart)
    letters = [
        list(dict.fromkeys(letter for letter in (first, *others) if _usable(letter)))
        for first, others in zip(likely, every, strict=True)
    ]
    for place, letter in enumerate(_surname(text)):
        letters[place] = list(dict.fromkeys([letter, *letters[place]]))
    return [choice for choice in letters if choice]


def _apart(text: str) -> Any:
    """Take apart a run of characters the library cannot read (its stub says str; lists work)."""
    return list(text)


def _surname(text: str) -> str:
    """Return the letters of the surname the text begins with, where the table has it."""
    return SURNAMES.get(text[:2]) or SURNAMES.get(text[:1], "")


def _usable(letter: str) -> bool:
    """Tell whether a reading is one key of the keyboard (rare characters may have none)."""
    return len(letter) == 1 and letter.isascii() and letter.isalnum()


def _combinations(letters: list[list[str]]) -> Iterator[str]:
    """Yield the readings of the whole name, the likeliest first."""
    if len(letters) <= _WHOLE_PRODUCT:
        yield from ("".join(choice) for choice in product(*letters))
        return
    first = [choice[0] for choice in letters]
    yield "".join(first)
    for place, choice in enumerate(letters):
        for letter in choice[1:]:
            yield "".join([*first[:place], letter, *first[place + 1 :]])
