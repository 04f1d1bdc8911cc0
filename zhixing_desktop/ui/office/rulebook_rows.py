"""A comparison of rulebooks and the adoptions of a bureau as rows of words; off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhixing_desktop.services.rulebook_change import CaseChange, Comparison
from zhixing_desktop.services.rulebook_store import Adopted
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.rulebook import Rulebook
from zhixing_desktop.workflow.rulebook_differences import RuleDifference

NOWHERE = "（无）"
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison in words: ``rules`` and ``cases`` are the rows of the two tables."""

    title: str
    summary: str
    rules: tuple[Row, ...]
    cases: tuple[Row, ...]
    based_on: int


def compared_words(found: Comparison) -> Compared:
    """Return a comparison in words."""
    new = found.new
    return Compared(
        title=f"{new.title}　版本{new.version}，{new.effective}起施行　校验值{new.hash[:16]}",
        summary=found.summary(),
        rules=tuple(_rule(entry) for entry in found.differences),
        cases=tuple(_case(new, entry) for entry in found.changes),
        based_on=found.based_on,
    )


def _rule(entry: RuleDifference) -> Row:
    node = f"节点{entry.node}" if entry.node else "全部"
    what = f"{entry.part}{entry.name}　{entry.what}".rstrip("　")
    return (node, what, entry.old or NOWHERE, entry.new or NOWHERE)


def _case(book: Rulebook, entry: CaseChange) -> Row:
    number, subject = entry.change.key
    whose = "" if subject == subjects.CASE else f"（{subjects.label(subject)}）"
    return (entry.case_no, f"节点{number} {book.nodes[number].name}{whose}", entry.change.words())


def adopted_words(adopted: Adopted) -> str:
    """Return the rulebook that is worked by, in two lines."""
    return (
        f"{adopted.title}　版本{adopted.number}，{adopted.effective_on}起施行\n"
        f"{adopted.adopted_at:%Y-%m-%d %H:%M}由{adopted.adopted_by}核准　{_why(adopted)}　"
        f"校验值{adopted.hash[:16]}"
    )


def adoption_rows(adopted: Sequence[Adopted]) -> tuple[tuple[int, Row], ...]:
    """Return all adoptions, the newest first, by their number."""
    return tuple(
        (
            entry.id,
            (
                entry.number,
                f"{entry.effective_on}",
                f"{entry.adopted_at:%Y-%m-%d %H:%M}",
                entry.adopted_by,
                _why(entry),
            ),
        )
        for entry in reversed(adopted)
    )


def _why(adopted: Adopted) -> str:
    return f"{adopted.paper}　{adopted.reason}" if adopted.paper else adopted.reason
