"""What of a paper's blocks stays on one page: lead-ins, what follows a signature, slips.

A form says none of this; it follows from what the blocks are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    PageBreak,
    Paragraph,
    Ruled,
    Signature,
    Space,
    Style,
    Table,
    Tear,
    plain,
)

# Longer ones have lines enough for a page to be broken within them; some word processors would
# take the whole paragraph along.
_SHORT = 75
_LINES_ALONG = 2
_TAIL_LINES = 5
_SLIP_LINES = 16
_CELLS = 26

_Line = Paragraph | Signature | Ruled | Space


def kept_together(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with ``keep_next`` where the end of one belongs to the next.

    A line that ends with a colon stays with what it announces, a question with the first line for
    its answer; the few lines after a signature (who can be asked, what is enclosed) stay with it, a
    note with the last row of its table; a slip that is torn off stands on one page.
    """
    found = list(blocks)
    for place, block in enumerate(found[:-1]):
        if isinstance(block, Paragraph) and _leads_in(block, found[place + 1]):
            found[place] = replace(block, keep_next=True)
    for place, block in enumerate(found[:-1]):
        if isinstance(block, Table) and _is_note(found[place + 1]):
            *rows, last = block.rows
            found[place] = replace(block, rows=(*rows, replace(last, keep_next=True)))
    for place, block in enumerate(found):
        if isinstance(block, Paragraph) and _signs(block) and not _signs(_at(found, place - 1)):
            _take_along(found, place)
        if _signs(block) and not _signs(_at(found, place + 1)):
            _keep(found, place, _end(found, place + 1), _TAIL_LINES)
        elif isinstance(block, Tear):
            _keep(found, place + 1, _end(found, place + 1), _SLIP_LINES)
    return found


def _leads_in(block: Paragraph, after: Block) -> bool:
    words = plain(block.text)
    return len(words) <= _SHORT and (words.endswith("：") or isinstance(after, Ruled))


def _is_note(block: Block) -> bool:
    return (
        isinstance(block, Paragraph) and block.style is Style.NOTE and _lines(block) <= _TAIL_LINES
    )


def _signs(block: Block | None) -> bool:
    """Say whether a block ends a paper: a signature, or lines that are signed in its place."""
    if not isinstance(block, Paragraph) or block.style is not Style.BODY:
        return isinstance(block, Signature)
    return block.align is Align.RIGHT or (block.first == 0 and "签名" in plain(block.text))


def _at(blocks: Sequence[Block], place: int) -> Block | None:
    return blocks[place] if 0 <= place < len(blocks) else None


def _take_along(blocks: list[Block], place: int) -> None:
    """Keep two lines of text on the page of lines at the right that are signed."""
    lines = 0
    before = place - 1
    while lines < _LINES_ALONG and before >= 0:
        block = blocks[before]
        if not isinstance(block, Paragraph | Ruled | Space) or _lines(block) > _TAIL_LINES:
            return
        blocks[before] = replace(block, keep_next=True)
        lines += 0 if isinstance(block, Space) else _lines(block)
        before -= 1


def _end(blocks: Sequence[Block], start: int) -> int:
    """Return the place behind the last block before a new page or another slip."""
    place = start
    while place < len(blocks) and not isinstance(blocks[place], PageBreak | Tear):
        place += 1
    return place


def _keep(blocks: list[Block], start: int, end: int, most: int) -> None:
    """Keep blocks on one page, where these are lines and few; a table may need a page itself."""
    if any(isinstance(block, Table) for block in blocks[start:end]):
        return
    if sum(_lines(block) for block in blocks[start + 1 : end]) > most:
        return
    for place in range(start, end - 1):
        block = blocks[place]
        if isinstance(block, _Line):
            blocks[place] = replace(block, keep_next=True)


def _lines(block: Block) -> int:
    """Return about how many lines a block has."""
    match block:
        case Paragraph():
            return 1 + len(plain(block.text)) // _CELLS
        case Ruled() | Space():
            return block.lines
        case Signature():
            return len(block.signers) + len(block.below) + 2
        case _:
            return 1
