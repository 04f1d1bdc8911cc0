"""The mark that closes a stretch of words: taken off within a sentence, put on before another."""

from __future__ import annotations


def phrase(words: str) -> str:
    """Return words without the mark that closes them, to stand within a sentence."""
    return words.rstrip(" \n\t。；;.，,、")


def sentence(words: str) -> str:
    """Return words closed by a mark, to be followed by a further sentence."""
    bare = words.rstrip()
    return bare if bare.endswith(("。", "！", "？", "”")) else f"{phrase(bare)}。"
