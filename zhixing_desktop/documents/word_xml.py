"""Text and runs as WordprocessingML, written as strings.

python-docx builds the same through an object for each run and takes ten times as long; the tests
read what is written here back with it.
"""

from __future__ import annotations

import re

# What XML 1.0 cannot carry (chapter 2.2), lone halves of surrogate pairs among it.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile(r"(\t|\r\n|\r|\n)")


def clean(words: str) -> str:
    """Return words without the characters that XML cannot carry (control characters)."""
    return _FORBIDDEN.sub("", words)


def escape(words: str) -> str:
    """Return words as the text or an attribute of an element."""
    return (
        clean(words)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
    )


def run(words: str, properties: str = "") -> str:
    """Return ``w:r`` with words, a line break and a tab as Word has them; none for no words.

    ``properties`` is the inside of its ``w:rPr``.
    """
    if not words:
        return ""
    opening = f"<w:r><w:rPr>{properties}</w:rPr>" if properties else "<w:r>"
    if "\n" not in words and "\t" not in words and "\r" not in words:
        return f'{opening}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
    inside = "".join(map(_piece, _BREAKS.split(words)))
    return f"{opening}{inside}</w:r>"


def _piece(words: str) -> str:
    if not words:
        return ""
    if words == "\t":
        return "<w:tab/>"
    if _BREAKS.fullmatch(words):
        return "<w:br/>"
    return f'<w:t xml:space="preserve">{escape(words)}</w:t>'


def fonts(family: str) -> str:
    """Return ``w:rFonts`` that sets Chinese, Latin and punctuation in one family.

    Word looks for the font of Chinese characters in ``eastAsia`` only; the hint makes it take
    quotation marks and dashes, which Latin text has too, from there as well.
    """
    name = escape(family)
    return (
        f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"'
        ' w:hint="eastAsia"/>'
    )


def size(points: float) -> str:
    """Return ``w:sz`` and ``w:szCs``, which count in half points."""
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
