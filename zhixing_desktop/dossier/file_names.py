"""Names of files that every system takes: Windows, Linux, a stick, an archive's server."""

from __future__ import annotations

import unicodedata
from types import MappingProxyType

MOST_BYTES = 120
"""Of a name with its ending, in UTF-8: leaves room within the 255 bytes of Linux."""
MOST_SIGNS = 60
"""The same in characters: two such names and the folders above stay within the 260 of Windows."""
NAMELESS = "未命名"
_FULL_WIDTH = MappingProxyType(str.maketrans('<>:"/\\|?*%', "＜＞：＂／＼｜？＊％"))
"""The signs that Windows reserves look the same in full width; ``%`` is written otherwise in a
BagIt manifest, which ``sha256sum`` does not know."""
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
"""Kinds of characters that nobody sees, among them those that turn the writing round."""


def safe_name(words: str, ending: str = "") -> str:
    """Return some words as a file's name with an ending (``.pdf``; empty for a folder).

    What no name may have is written in full width or left out; what is too long is cut between
    characters; nothing at all becomes 未命名.  The same words always give the same name.
    """
    plain = unicodedata.normalize("NFC", words)
    kept = "".join(" " if c.isspace() else c for c in plain if _kept(c) or c.isspace())
    tidy = _trimmed(" ".join(kept.translate(_FULL_WIDTH).split()))
    if tidy.partition(".")[0].rstrip().lower() in _DEVICES:
        tidy = f"_{tidy}"
    return _cut(tidy or NAMELESS, ending) + ending


def plain_ending(name: str) -> str:
    """Return the ending of the name that a file came with, in lower case; empty for an odd one."""
    _, dot, ending = name.strip().rpartition(".")
    fits = dot and 0 < len(ending) <= 8 and ending.isascii() and ending.isalnum()
    return f".{ending.lower()}" if fits else ""


def same_name(name: str) -> str:
    """Return what two names share that a system without capitals takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


class FreeNames:
    """Names within one folder; no two of them are the same, also ignoring capitals."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, words: str, ending: str = "") -> str:
        """Return a safe name that was not given before; a second one gets ``_2``."""
        name, number = safe_name(words, ending), 1
        while same_name(name) in self._taken:
            number += 1
            name = safe_name(words, f"_{number}{ending}")
        self._taken.add(same_name(name))
        return name


def _kept(character: str) -> bool:
    # Rare names come with characters that are younger than the table of this Python.
    ideograph = 0x20000 <= ord(character) < 0x3FFFE and ord(character) & 0xFFFE != 0xFFFE
    return ideograph or unicodedata.category(character) not in _DROPPED


def _trimmed(words: str) -> str:
    """Without what Windows drops at the end, and without the dot that hides a file."""
    return words.lstrip(". ").rstrip(". ")


def _cut(words: str, ending: str) -> str:
    """As much of the words as leaves room for the ending, in characters and in bytes."""
    few = words[: MOST_SIGNS - len(ending)]
    short = few.encode()[: MOST_BYTES - len(ending.encode())].decode("utf-8", "ignore")
    if len(short) < len(words):
        # A sign that belongs to the character before it does not stand alone.
        while short and unicodedata.combining(words[len(short)]):
            short = short[:-1]
        short = short.rstrip(". ")
    return short
