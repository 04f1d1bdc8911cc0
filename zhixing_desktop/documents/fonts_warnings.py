"""What to say about fonts before a paper is printed."""

from __future__ import annotations

from collections.abc import Iterator

from zhixing_desktop.documents.blocks import (
    Block,
    Face,
    PageBreak,
    Paper,
    Paragraph,
    Ruled,
    Signature,
    Space,
    Style,
    Table,
    Tear,
    Text,
    texts,
)
from zhixing_desktop.documents.fonts import NOWHERE, FontShelf
from zhixing_desktop.documents.layout import Grid, LayoutProfile
from zhixing_desktop.documents.lines import drawable


def font_warnings(paper: Paper, layout: LayoutProfile, fonts: FontShelf) -> tuple[str, ...]:
    """Return what a person should know about a paper's fonts here, in Chinese, none if all is well.

    A face that another font plays than the court's rules name, and characters that come from
    another font than the rest.  Characters that no font has are refused when the paper is drawn.
    Raises ``StoreError`` when there is no font at all.
    """
    used: dict[Face, dict[str, None]] = {}
    for face, words in _words(paper, layout):
        used.setdefault(face, {}).update(dict.fromkeys(words))
    told = [substitution.sentence for substitution in fonts.substitutions(used)]
    for face, characters in used.items():
        own, table = fonts.primary(face), fonts.table(face)
        others: dict[int, str] = {}
        for character in characters:
            number = table[character][0]
            if number not in {own, NOWHERE} and not character.isspace():
                others[number] = others.get(number, "") + character
        told += [
            f"{face.label}的“{fonts.file(own).label}”没有“{lacking}”，改用“{fonts.file(n).label}”印。"
            for n, lacking in others.items()
        ]
    return tuple(told)


def _words(paper: Paper, layout: LayoutProfile) -> Iterator[tuple[Face, str]]:
    """Yield all words of a paper with the face each is set in."""
    grid = layout.grid(dense=paper.dense)
    for block in paper.blocks:
        for face, text in _faces(block, layout, grid):
            for run in text:
                yield run.face or face, drawable(run.text)
    yield layout.page_number.face, layout.page_number.words(1)


def _faces(block: Block, layout: LayoutProfile, grid: Grid) -> Iterator[tuple[Face, Text]]:
    match block:
        case Paragraph():
            yield grid.styles[block.style].face, block.text
        case Table():
            for cell in (cell for row in block.rows for cell in row.cells):
                face = layout.table.label_face if cell.label else grid.styles[block.style].face
                yield from ((face, text) for text in cell.texts)
        case Signature():
            yield from ((grid.styles[Style.BODY].face, text) for text in texts(block))
        case Tear():
            yield from ((layout.tear.face, text) for text in texts(block))
        case Ruled() | Space() | PageBreak():
            return
