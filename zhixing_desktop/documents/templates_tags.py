"""The tags of a template and the paragraphs they stand in: ``{{ }}``, ``{% %}``, ``{# #}``.

Word cuts a tag into several runs wherever it likes; so tags are looked for in whole paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhixing_desktop.documents.word_package import WordPackage
from zhixing_desktop.documents.word_reading import paragraph_text, paragraphs_of
from zhixing_desktop.workflow.errors import Problem

_TAG = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{#(.*?)#\}", re.DOTALL)
_HALF = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
# The unit of the page that a statement takes with it: paragraph, row, cell, run.
_UNIT = re.compile(r"^(p|tr|tc|r)(?=\s)")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
# Parts whose tags docxtpl fills; in any other they would be printed as they stand.
_FILLED = re.compile(r"(header|footer|footnotes)\d*\.xml$")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: ``kind`` is ``{{``, ``{%`` or ``{#``; ``unit`` p, tr, tc, r or empty.

    ``code`` is what stands in it, with straight quotation marks; ``place`` and ``around`` say
    where: the paragraph and its words.  ``number`` counts paragraphs; ``alone`` says that nothing
    else stands in the unit that the tag takes away with it.
    """

    kind: str
    unit: str
    code: str
    place: str
    around: str
    number: int
    alone: bool = True


def tags_in(package: WordPackage) -> tuple[list[Tag], list[Problem]]:
    """Return all tags in the order of the parts and paragraphs, and what is no whole tag."""
    found = list(_paragraphs(package))
    words_of: dict[str, str] = {}
    for place, words in found:
        for unit in ("tr", "tc"):
            around = room(place, unit)
            words_of[around] = words_of.get(around, "") + words
    tags: list[Tag] = []
    problems: list[Problem] = []
    for number, (place, words) in enumerate(found):
        for match in _TAG.finditer(words):
            tags.append(_tag(match, place, words, number, words_of))
        if half := _HALF.search(_TAG.sub("", words)):
            sentence = (
                f"“{short(words)}”中的 {half[0]} 没有配对。"
                "一个标签要写在同一段里，例如 {{ case.number }}。"
            )
            problems.append(Problem(place, sentence))
    return tags, problems


def room(place: str, unit: str) -> str:
    """Return the row (``tr``) or cell (``tc``) that a place is in, empty outside of tables."""
    pattern = {"tr": _ROW, "tc": _CELL}[unit]
    match = pattern.match(place)
    return match[0] if match else ""


_ROW = re.compile(r"第\d+个表格第\d+行")
_CELL = re.compile(r"第\d+个表格第\d+行第\d+格")


def _paragraphs(package: WordPackage) -> Iterator[tuple[str, str]]:
    for name, root in package.texts():
        if name == package.main:
            where = ""
        elif match := _FILLED.search(name):
            where = {"header": "页眉", "footer": "页脚", "footnotes": "脚注"}[match[1]]
        else:
            continue
        for place, item in paragraphs_of(root):
            yield where + (place if "表格" in place or not where else ""), paragraph_text(item)


def _tag(
    match: re.Match[str], place: str, words: str, number: int, words_of: Mapping[str, str]
) -> Tag:
    body = next(part for part in match.groups() if part is not None)
    # A sign right after the opening governs blanks: "{%-", "{{-".
    body = body.removeprefix("-").removeprefix("+").removesuffix("-").removesuffix("+")
    unit = _UNIT.match(body)
    code = body[unit.end() :] if unit else body
    whole = words
    if unit and unit[1] in {"tr", "tc"}:
        whole = words_of.get(room(place, unit[1]), words)
    alone = not unit or unit[1] == "r" or whole.strip() == match[0].strip()
    return Tag(
        match[0][:2],
        unit[1] if unit else "",
        code.translate(_QUOTES).strip(),
        place,
        short(words),
        number,
        alone,
    )


def short(words: str) -> str:
    """Return words on one line, cut where they are long."""
    flat = " ".join(words.split())
    return flat if len(flat) <= 40 else f"{flat[:38]}……"


def stray_tags(package: WordPackage) -> Iterator[Problem]:
    """Yield tags in places that are never filled: endnotes, comments, the file's properties."""
    for name, root in package.texts():
        if name == package.main or _FILLED.search(name):
            continue
        if _HALF.search("".join(root.itertext())):
            yield Problem(
                "尾注或者批注", "标签只能写在正文、表格、页眉、页脚和脚注里。请移到那里。"
            )
    for name in sorted(package.parts):
        is_properties = name.startswith("docProps/") and name.endswith(".xml")
        if is_properties and _HALF.search("".join(package.tree(name).itertext())):
            sentence = "文件的属性（标题、作者等）里写了标签。请在“文件→信息”中删去。"
            yield Problem("文件属性", sentence)
