"""The parties of a paper as the norms set them out: one paragraph each, those who act for them.

A natural person with gender, day of birth, ethnicity, address and number; a legal person with its
seat, code and representative; a minor with the guardian; agents below whom they act for.  Source:
《人民法院民事裁判文书制作规范》（法〔2016〕221号）正文（一）首部.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from zhixing_desktop.documents.blocks import Align, Paragraph, Run, Text
from zhixing_desktop.documents.values import Blank, Record, said

AsRun = Callable[[Any], Run]


def party_paragraphs(parties: Iterable[Record], run: AsRun) -> list[Paragraph]:
    """Return the paragraphs of some parties; ``run`` turns a value into its run or gap.

    What the norms ask of everybody and the case does not have becomes a gap (name, number,
    address); what only some have (ethnicity, agent) is left out.
    """
    found: list[Paragraph] = []
    for party in parties:
        # Not justified: a number of 18 digits goes to the next line whole, and what is left of the
        # line before it would be pulled apart.
        found += [
            Paragraph(text, align=Align.LEFT)
            for text in (*_party(party, run), *_acting(party, run))
        ]
    return found


def _party(party: Record, run: AsRun) -> Sequence[Text]:
    parts: list[Text] = [(Run(f"{said(party.standing)}："), run(party.name))]
    if party.natural:
        if party.gender:
            parts.append((run(party.gender),))
        if party.born_on:
            parts.append((run(party.born_on), Run("出生")))
        if party.ethnicity:
            parts.append((run(_ethnicity(said(party.ethnicity))),))
        if party.workplace:
            parts.append((run(party.workplace),))
        parts.append((Run("住"), run(party.address)))
        parts.append((Run("公民身份号码"), run(party.id_number)))
        return (_sentence(parts, "，"),)
    code = (Run("统一社会信用代码："), run(party.id_number))
    return _sentence([*parts, (Run("住所地"), run(party.address))], "，"), _sentence([code], "")


def _acting(party: Record, run: AsRun) -> Sequence[Text]:
    lines: list[Text] = []
    if not party.natural:
        word = said(party.representative_word)
        line: list[Text] = [(Run(f"{word}："), run(party.representative))]
        if party.representative_title:
            line.append((run(party.representative_title),))
        lines.append(_sentence(line, "，"))
    if party.minor or party.guardian:
        guarded: list[Text] = [(Run("法定代理人："), run(party.guardian))]
        if party.guardian_relation:
            guarded.append((Run("系"), run(party.name), Run("之"), run(party.guardian_relation)))
        lines.append(_sentence(guarded, "，"))
    if party.agent:
        agents: list[Text] = [(Run("委托诉讼代理人："), run(party.agent))]
        if party.agent_office:
            agents.append((run(party.agent_office),))
        lines.append(_sentence(agents, "，"))
    return lines


def _sentence(parts: Sequence[Text], between: str) -> Text:
    words: list[Run] = []
    for place, part in enumerate(parts):
        words += ([Run(between)] if place else []) + list(part)
    return (*words, Run("。"))


def _ethnicity(words: str) -> str:
    return words if words.endswith("族") else f"{words}族"


def short_names(parties: Sequence[Record], most: int = 3) -> str:
    """Return the names for a sentence: all of them, or the first with 等 and how many there are."""
    names = [said(party.name) for party in parties if not isinstance(party.name, Blank)]
    if len(names) <= most:
        return "、".join(names)
    return f"{names[0]}等{len(names)}人"
