"""Making a paper: a form and the data of a case become typed blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    Gap,
    Paper,
    Paragraph,
    Run,
    Style,
    Text,
    text_of,
)
from zhixing_desktop.documents.form_body import BodyParser, Fillers
from zhixing_desktop.documents.form_types import Form, Numbering
from zhixing_desktop.documents.laws import Laws
from zhixing_desktop.documents.party_lines import party_paragraphs
from zhixing_desktop.documents.rendering import Rendering, day_in_numerals
from zhixing_desktop.documents.values import Blank, Record, said


@dataclass(frozen=True, slots=True)
class Making:
    """How a paper is made.

    ``day`` is the paper's day (the articles it cites are those of that day); ``dated`` is False
    while the day is not fixed yet, and then it is a gap.  ``zero`` is 〇 or 零.  ``draft`` marks a
    paper that has not been issued; ``by_hand`` makes a blank form to be filled in with a pen.
    """

    day: date
    dated: bool = True
    zero: str = "〇"
    draft: bool = False
    by_hand: bool = False
    author: str = ""


def make_paper(form: Form, data: Mapping[str, Any], laws: Laws, how: Making) -> Paper:
    """Return the paper of a form with the data of ``case_data``, its gaps listed once each.

    Raises nothing for missing data; a fault of the form is found when it is read.
    """
    rendering = Rendering(laws, how.day, by_hand=how.by_hand)
    text = rendering.text(form.body, data)
    head = _Head(form, data, rendering, how)
    parser = BodyParser(
        Fillers(rendering.run, head.title, head.parties, head.day), file=form.key, first_line=1
    )
    blocks = parser.parse(text)
    court, paper = data["court"], data["paper"]
    return Paper(
        form=form.key,
        title=form.name,
        court="" if isinstance(court.name, Blank) else said(court.name),
        blocks=tuple(blocks),
        number="" if isinstance(paper.number, Blank) else said(paper.number),
        day=how.day if how.dated else None,
        author=how.author,
        gaps=tuple(rendering.gaps),
        citations=tuple(rendering.citations),
        dense=form.dense,
        draft=how.draft,
        signed_pages=form.signed_pages,
        signed_by=form.signed_by,
        unnumbered=form.unnumbered,
        keywords=(form.kind.label, *(f"节点{node}" for node in form.nodes)),
    )


class _Head:
    """The parts that every paper has: its head, its parties, its day."""

    def __init__(
        self, form: Form, data: Mapping[str, Any], rendering: Rendering, how: Making
    ) -> None:
        self._form, self._data, self._rendering, self._how = form, data, rendering, how

    def title(self, words: str) -> Sequence[Block]:
        name, _, below = words.partition("|")
        run = self._rendering.run_of
        blocks: list[Block] = [
            _centred((run(self._data["court"].name),), Style.COURT),
            _centred(text_of(name.strip() or self._form.title), Style.TITLE),
        ]
        if below.strip():
            blocks.append(_centred(text_of(below.strip()), Style.SUBTITLE))
        if self._form.numbering is not Numbering.NONE:
            number: Text = (run(self._data["paper"].number),)
            blocks.append(
                Paragraph(number, Style.NUMBER, Align.RIGHT, first=0, right=2, keep_next=True)
            )
        return blocks

    def parties(self, who: str) -> Sequence[Block]:
        sides = {"all": ("creditors", "debtors")}.get(who, (who,))
        found: list[Record] = [party for side in sides for party in self._data[side]]
        return party_paragraphs(found, self._rendering.run_of)

    def day(self) -> Text:
        if self._how.by_hand:
            return (Run("　　　　年　　月　　日"),)
        if not self._how.dated:
            return (self._rendering.run_of(Blank(Gap("文书日期", "paper.day"))),)
        return (Run(day_in_numerals(self._how.day, self._how.zero)),)


def _centred(text: Text, style: Style) -> Paragraph:
    return Paragraph(text, style, Align.CENTER, first=0, keep_next=True)
