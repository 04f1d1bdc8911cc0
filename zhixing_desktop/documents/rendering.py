"""The text of a form with its data: Jinja2, sandboxed, every value as a mark.

A value is kept as a run and stands in the text as a numbered mark, so that nothing in it can be
read as an instruction (``form_body``).  What is missing is kept as a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from zhixing_desktop.documents.blocks import Citation, Gap, Run
from zhixing_desktop.documents.closing_marks import phrase, sentence
from zhixing_desktop.documents.form_body import CLOSE, OPEN
from zhixing_desktop.documents.laws import Laws, chinese_number
from zhixing_desktop.documents.values import Blank, figures, paragraphs, said
from zhixing_desktop.workflow.day_words import time_words
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.money import chinese_amount, format_money

_HAND = "＿"
_DIGITS = "〇一二三四五六七八九"


def day_in_numerals(day: date, zero: str = "〇") -> str:
    """Return ``二〇二四年三月十一日``; ``zero`` is 〇 or 零, as the court's profile has it."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year)).replace("〇", zero)
    return f"{year}年{chinese_number(day.month)}月{chinese_number(day.day)}日"


@dataclass(frozen=True, slots=True)
class Filter:
    """A way of writing a value; ``kinds`` are those it takes, empty for any."""

    write: Callable[..., Any]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Optional:
    """A value that may be left out: what is missing is neither a gap nor anything else."""

    value: Any


@dataclass(frozen=True, slots=True)
class ByHand:
    """A value, or where there is none a line to write on; no gap."""

    value: Any
    length: int


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """A longer text in its paragraphs; ``between`` is what parts them in the body."""

    lines: tuple[str, ...]
    between: str


def _numerals(value: Any) -> Any:
    return day_in_numerals(value) if isinstance(value, date) else value


def _words_of_money(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    return chinese_amount(value) if value > 0 else "人民币零元整"


def _when(write: Callable[[Any], Any], *kinds: type) -> Callable[[Any], Any]:
    """Apply ``write`` to values of some types and leave others, blanks above all, as they are."""

    def applied(value: Any) -> Any:
        return write(value) if isinstance(value, kinds) else value

    return applied


def _joined(value: Any, between: str = "、") -> Any:
    if isinstance(value, (tuple, list)):
        return between.join(said(entry) for entry in value)
    return value


def _apart(between: str) -> Callable[[Any], Any]:
    return _when(lambda words: Paragraphs(tuple(paragraphs(words)), between), str)


def _short_day(value: date) -> str:
    return f"{value.year}.{value.month}.{value.day}"


FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "yuan": Filter(_when(lambda v: f"{figures(v)}元", Decimal), ("money",)),
        "figures": Filter(_when(lambda v: format_money(v, unit=False), Decimal), ("money",)),
        "daxie": Filter(_words_of_money, ("money",)),
        "numerals": Filter(_numerals, ("day", "moment")),
        "short_day": Filter(_when(_short_day, date), ("day", "moment")),
        "clock": Filter(_when(time_words, datetime), ("moment",)),
        "join": Filter(_joined),
        "optional": Filter(Optional),
        "by_hand": Filter(lambda value, length=8: ByHand(value, length)),
        # Not ☑ and ☐: the free fonts and 仿宋 lack them.
        "ticked": Filter(lambda value, word: "■" if _has(value, word) else "□"),
        "sentence": Filter(_when(sentence, str), ("text",)),
        "phrase": Filter(_when(phrase, str), ("text",)),
        "paragraphs": Filter(_apart("\n"), ("text",)),
        "in_cell": Filter(_apart("//"), ("text",)),
    }
)
FUNCTIONS = ("law", "law_days")
"""What a body may call: ``law`` cites articles, ``law_days`` is the period that one sets."""


def _has(value: Any, word: str) -> bool:
    if isinstance(value, bool):
        return value is (word == "是")
    return word in value if isinstance(value, (tuple, list)) else value == word


def environment(finalize: Callable[[Any], str] | None = None) -> SandboxedEnvironment:
    """Return the sandbox of forms; without ``finalize`` only for parsing."""
    made = SandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=finalize,
        # Values are marks, never text of the page.
        autoescape=False,
        # No trim_blocks: a statement at the end of a line of text must not take the line's end with
        # it; the empty line that a statement of its own leaves counts for nothing (form_body).
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=0,
    )
    made.filters.clear()
    made.tests.clear()
    made.globals.clear()
    made.filters.update({name: entry.write for name, entry in FILTERS.items()})
    return made


class Rendering:
    """One rendering of one body: its text with marks, and what the marks stand for.

    ``by_hand`` makes a blank form: whatever is missing becomes a line to write on, and no gap.
    """

    def __init__(self, laws: Laws, day: date, *, by_hand: bool = False) -> None:
        self._laws, self._day, self._by_hand = laws, day, by_hand
        self._runs: list[Run] = []
        self.gaps: dict[Gap, None] = {}
        self.citations: dict[Citation, None] = {}

    def text(self, body: str, data: Mapping[str, Any]) -> str:
        """Return the body with its data as marks."""
        template = environment(self._mark).from_string(body)
        return template.render({**data, "law": self._law, "law_days": self._law_days})

    def run(self, number: int) -> Run:
        """Return what a mark stands for."""
        return self._runs[number]

    def run_of(self, value: Any) -> Run:
        """Return a value as a run: its words, a marked gap, or a line to write on."""
        if isinstance(value, Optional):
            return Run("") if isinstance(value.value, Blank) else self.run_of(value.value)
        if isinstance(value, ByHand):
            return self.run_of(value.value) if value.value else self._line(value.length)
        if isinstance(value, Blank):
            return self._blank(value.gap)
        return value if isinstance(value, Run) else Run(said(value))

    def _blank(self, gap: Gap) -> Run:
        if self._by_hand:
            return self._line(8)
        self.gaps.setdefault(gap)
        return Run(f"［{gap.label}］", gap=gap.label)

    def _mark(self, value: Any) -> str:
        if isinstance(value, (Optional, ByHand)) and isinstance(value.value, Paragraphs):
            value = value.value
        if isinstance(value, Paragraphs):
            return value.between.join(self._mark(line) for line in value.lines)
        self._runs.append(self.run_of(value))
        return f"{OPEN}{len(self._runs) - 1}{CLOSE}"

    def _law(self, *references: str) -> Run:
        try:
            words, citations = self._laws.cite(references, self._day)
        except InputRefusedError as error:
            return self._no_law(error)
        for citation in citations:
            self.citations.setdefault(citation)
        return Run(words)

    def _law_days(self, reference: str) -> Run:
        try:
            return Run(chinese_number(self._laws.days(reference, self._day)))
        except InputRefusedError as error:
            return self._no_law(error)

    def _no_law(self, error: InputRefusedError) -> Run:
        gap = Gap(error.sentence.rstrip("。"), "law")
        self.gaps.setdefault(gap)
        return Run("［法律条文］", gap=gap.label)

    @staticmethod
    def _line(length: int) -> Run:
        return Run(_HAND * length)
