"""The small family of refusals that a person meets.

Every refusal carries a Chinese sentence that says what to do, the words it rests on, and data that
a window or a program can use.  Anything that is not one of these is a defect of the program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a rule stands: a paragraph of the guideline and its words.

    ``paragraph`` names the place as a person would ("节点七 完成时限"); ``quote`` is verbatim text
    of the guideline; ``reading`` is the number of a reading (``A19``) where the text alone does
    not decide.
    """

    paragraph: str
    quote: str
    reading: str | None = None

    def words(self) -> str:
        """One line for the screen: paragraph, quote and, where there is one, the reading."""
        tail = f"（释义 {self.reading}）" if self.reading else ""
        return f"{self.paragraph}：“{self.quote}”{tail}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in something that was handed in.

    ``where`` is a place a person can find (row and column of a sheet, line of a file, name of a
    field); ``sentence`` says in Chinese what is wrong and what to do.  ``severity`` is ``error``
    (refused) or ``warning`` (accepted after a look).
    """

    where: str
    sentence: str
    severity: str = "error"
    data: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


class ZhixingError(Exception):
    """Base of all refusals.  ``str(error)`` is the Chinese sentence."""

    def __init__(
        self, sentence: str, *, cite: Cite | None = None, data: Mapping[str, Any] = _NOTHING
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.cite = cite
        self.data = dict(data)


class RuleRefusedError(ZhixingError):
    """A rule of the guideline (or of the program) forbids what was asked.  Exit code 1."""


class NotAllowedError(RuleRefusedError):
    """This person may not do this here; ``data`` names act, row of the matrix and the roles."""


class InputRefusedError(ZhixingError):
    """What was handed in is wrong; ``problems`` lists all mistakes at once.  Exit code 1."""

    def __init__(self, sentence: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(sentence, data={"problems": [p.sentence for p in problems]})
        self.problems = tuple(problems)


class StaleEditError(ZhixingError):
    """Somebody else changed the case since it was read; both versions are in ``data``."""


class StoreError(ZhixingError):
    """The database or a file cannot be used as it is (locked, full, torn, read-only, newer)."""


class UsageError(ZhixingError):
    """The command was called wrongly.  Exit code 2."""
