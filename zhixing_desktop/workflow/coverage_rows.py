"""The rows of the coverage table, as data."""

from __future__ import annotations

from dataclasses import dataclass

from zhixing_desktop.workflow.errors import Problem


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One sentence of the guideline.

    ``carriers`` are words for what carries it; ``no_rule`` why (a part of) it needs no rule;
    ``rest`` what is not covered, each with the kind of carrier it asks for; ``explicit`` whether
    the rulebook alone did not do.
    """

    number: int
    place: str
    sentence: str
    carriers: tuple[str, ...]
    no_rule: tuple[str, ...]
    rest: tuple[str, ...]
    explicit: bool

    @property
    def basis(self) -> str:
        """``open``, ``explicit``, ``no_rule`` or ``rulebook``."""
        if self.rest:
            return "open"
        if self.explicit:
            return "explicit"
        return "no_rule" if self.no_rule and not self.carriers else "rulebook"


@dataclass(frozen=True, slots=True)
class CouplingRow:
    """A coupling rule X1 to X45, what carries it, and the nodes with a gate of that code."""

    code: str
    title: str
    carried_by: str
    gates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading A1 to A69, the rules that name it, and what ``coverage.yaml`` says of it."""

    code: str
    named_by: tuple[str, ...]
    explained: str


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """All sentences in order, the coupling rules, the readings, and what is wrong."""

    rows: tuple[CoverageRow, ...]
    couplings: tuple[CouplingRow, ...]
    readings: tuple[ReadingRow, ...]
    problems: tuple[Problem, ...]

    @property
    def open_rows(self) -> tuple[CoverageRow, ...]:
        """The sentences that nothing carries in full."""
        return tuple(row for row in self.rows if row.rest)

    @property
    def settled(self) -> bool:
        """Whether nothing is open and nothing is wrong."""
        return not self.open_rows and not self.problems

    def count(self, basis: str) -> int:
        """Return how many sentences stand on this basis."""
        return sum(1 for row in self.rows if row.basis == basis)
