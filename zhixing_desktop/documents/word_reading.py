"""The words of a Word file in the order they are read, and what in it is not plain words.

Works on the XML itself (ECMA-376 part 1, chapter 17): body and tables in order, text boxes once.
What Word shows but does not store as words (automatic numbers) is named, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from zhixing_desktop.documents.word_package import W, WordPackage
from zhixing_desktop.workflow.errors import Problem

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph: ``place`` where a person finds it (正文第3段, 第1个表格第2行第1格), ``text``.

    A line break is ``\\n``, a tab ``\\t``.
    """

    place: str
    text: str


def passages(package: WordPackage) -> tuple[Passage, ...]:
    """Return all paragraphs of the document, body and tables in order, the empty ones too."""
    return tuple(
        Passage(place, paragraph_text(item)) for place, item in paragraphs_of(package.body())
    )


def paragraphs_of(root: Element) -> Iterator[tuple[str, Element]]:
    """Yield every ``w:p`` below an element with its place, counted as a person would."""
    yield from _Walk().below(root, "")


@dataclass(slots=True)
class _Walk:
    """Counts paragraphs outside of tables, and tables."""

    paragraphs: int = 0
    tables: int = 0

    def below(self, parent: Element, cell: str) -> Iterator[tuple[str, Element]]:
        """Yield the paragraphs below ``parent``; ``cell`` is the place when it has one already."""
        for item in parent:
            if item.tag == f"{W}p":
                yield cell or self._next(), item
                for box in _boxes(item):
                    yield from self.below(box, "文本框")
            elif item.tag == f"{W}tbl":
                yield from self._table(item)
            elif item.tag != _FALLBACK:  # content controls and the like: the text is in them
                yield from self.below(item, cell)

    def _next(self) -> str:
        self.paragraphs += 1
        return f"正文第{self.paragraphs}段"

    def _table(self, table: Element) -> Iterator[tuple[str, Element]]:
        self.tables += 1
        number = self.tables
        for line, row in enumerate(_inside(table, f"{W}tr"), start=1):
            for column, cell in enumerate(_inside(row, f"{W}tc"), start=1):
                if not _continues(cell):
                    yield from self.below(cell, f"第{number}个表格第{line}行第{column}格")


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """Yield rows of a table or cells of a row, also where a content control wraps them."""
    for item in parent:
        if item.tag == tag:
            yield item
        elif item.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"}:
            yield from _inside(item, tag)


def _continues(cell: Element) -> bool:
    """Return whether a cell is covered by the one above it."""
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    return merged is not None and merged.get(f"{W}val", "continue") == "continue"


def _boxes(paragraph: Element) -> Iterator[Element]:
    """Yield the contents of text boxes, each once (a second copy is kept for old programs)."""
    for item in paragraph:
        if item.tag == f"{W}txbxContent":
            yield item
        elif item.tag != _FALLBACK:
            yield from _boxes(item)


def paragraph_text(paragraph: Element) -> str:
    """Return the words of a ``w:p``, those of text boxes in it and deleted ones left out."""
    return "".join(_pieces(paragraph))


_MARKS: Mapping[str, str] = {
    f"{W}tab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_NOT_WORDS = {
    f"{W}pPr", f"{W}rPr", f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{W}instrText", _FALLBACK,
}  # fmt: skip


def _pieces(parent: Element) -> Iterator[str]:
    for item in parent:
        if item.tag == f"{W}t":
            yield item.text or ""
        elif item.tag == f"{W}br" and item.get(f"{W}type", "textWrapping") != "textWrapping":
            continue  # a page break is no words
        elif item.tag in _MARKS:
            yield _MARKS[item.tag]
        elif item.tag == f"{W}sym":
            yield _symbol(item.get(f"{W}char", ""))
        elif item.tag not in _NOT_WORDS:
            yield from _pieces(item)


# Word's 插入符号 in its fonts of signs, as clerks tick boxes with it.
_SYMBOLS = {"F0A8": "□", "F06F": "□", "F0FE": "☑", "F052": "☑", "F0FC": "√", "F0FD": "☒"}


def _symbol(code: str) -> str:
    """Return a sign of a font of signs; one that is not known still counts as a character."""
    return _SYMBOLS.get(code.upper(), "\ufffd")


_TRACKED = {
    f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo", f"{W}rPrChange", f"{W}pPrChange",
    f"{W}tblPrChange", f"{W}trPrChange", f"{W}tcPrChange", f"{W}sectPrChange", f"{W}cellIns",
    f"{W}cellDel", f"{W}cellMerge",
}  # fmt: skip


def unsettled(package: WordPackage) -> tuple[Problem, ...]:
    """Say what in the document is not settled words, each with where it stands.

    Changes neither accepted nor refused, comments, hidden text, numbers that Word counts itself
    (they are on the page and not in the words), footnotes.  Empty when there is nothing.
    """
    return tuple(
        Problem(_named(places), sentence, data={"places": places})
        for sentence, places in _unsettled_places(package)
        if places
    )


def _named(places: list[str]) -> str:
    return "、".join(places[:5]) + (f"等{len(places)}处" if len(places) > 5 else "")


def _unsettled_places(package: WordPackage) -> Iterator[tuple[str, list[str]]]:
    body = package.body()
    numbered = _numbered_styles(package)
    tracked, comments, hidden, counted, notes = [], [], [], [], []
    for place, item in paragraphs_of(body):
        tags = {found.tag for found in item.iter()}
        if tags & _TRACKED:
            tracked.append(place)
        if tags & {f"{W}commentReference", f"{W}commentRangeStart"}:
            comments.append(place)
        if any(map(_is_on, item.iter(f"{W}vanish"))) and paragraph_text(item):
            hidden.append(place)
        if _is_counted(item, numbered):
            counted.append(place)
        if tags & {f"{W}footnoteReference", f"{W}endnoteReference"}:
            notes.append(place)
    if not tracked and any(found.tag in _TRACKED for found in body.iter()):
        tracked.append("表格或者页面的格式")
    yield "有尚未接受或者拒绝的修订。请在“审阅”中逐处接受或者拒绝，保存后再取回。", tracked
    yield "有批注。请处理后删去批注，保存后再取回。", comments
    yield "有隐藏的文字，打印时看不见。请删去或者取消隐藏，保存后再取回。", hidden
    yield (
        "有自动编号：编号不是文字，可能随版面变化。请剪切后选“只保留文本”粘贴，保存后再取回。",
        counted,
    )
    yield "有脚注或者尾注。请把内容移入正文，保存后再取回。", notes


def _is_on(switch: Element) -> bool:
    return switch.get(f"{W}val", "true") not in {"0", "false", "off"}


def _is_counted(paragraph: Element, numbered: frozenset[str]) -> bool:
    """Return whether Word puts a number of its own before the words of a paragraph."""
    if not paragraph_text(paragraph):
        return False
    own = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
    if own is not None:
        return own.get(f"{W}val") != "0"
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style is not None and style.get(f"{W}val") in numbered


def _numbered_styles(package: WordPackage) -> frozenset[str]:
    name = f"{package.main.rpartition('/')[0]}/styles.xml".lstrip("/")
    if name not in package.parts:
        return frozenset()
    return frozenset(
        style.get(f"{W}styleId", "")
        for style in package.tree(name).iter(f"{W}style")
        if (number := style.find(f"{W}pPr/{W}numPr/{W}numId")) is not None
        and number.get(f"{W}val") != "0"
    )
