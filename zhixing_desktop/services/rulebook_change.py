"""Another rulebook: read it, tell what it would change, and adopt it.

The court's way: somebody brings a rulebook (a newer program, or a folder), everybody sees what is
different and what would change in the open cases, and 院长 adopts it with a reason.  Only then the
bureau works by it; ``recompute`` brings the open cases in line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recompute import SLICE, Progress
from zhixing_desktop.services.rulebook_store import (
    Adopted,
    adopting,
    enter_rulebook,
    read_adopted,
)
from zhixing_desktop.services.rules import (
    AdoptedBook,
    BookReading,
    book_of_texts,
    guideline_text,
    load_matrix,
    rulebook_texts,
    texts_in,
)
from zhixing_desktop.services.sight import seen_cases
from zhixing_desktop.workflow.authority import Matrix
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StaleEditError,
    StoreError,
)
from zhixing_desktop.workflow.rulebook import Rulebook
from zhixing_desktop.workflow.rulebook_differences import RuleDifference, rule_differences
from zhixing_desktop.workflow.rulebook_effects import KINDS, InstanceChange, view_changes
from zhixing_desktop.workflow.rulebook_reader import GUIDELINE_FILE

ACT = "rulebook.change"
MIN_REASON = 4
_OPEN = "SELECT c.id FROM cases c WHERE c.closed_at IS NULL ORDER BY c.id"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rulebook that may be adopted: read, held against the guideline and the matrix."""

    book: Rulebook
    matrix: Matrix
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CaseChange:
    """An instance of an open case that would stand otherwise."""

    case_id: int
    case_no: str
    change: InstanceChange


@dataclass(frozen=True, slots=True)
class Comparison:
    """What another rulebook would bring.

    ``based_on`` is the number of the adoption it was compared with; ``open_cases`` how many cases
    were looked at, ``cases`` how many of them change, ``counts`` how many instances by what changes
    (``state``, ``due``, ``freeze``, ``warning``).  ``changes`` are those of the cases that this
    person may see, freezes first; ``hidden`` is how many he may not see.
    """

    based_on: int
    old: Rulebook
    new: Rulebook
    differences: tuple[RuleDifference, ...]
    open_cases: int
    cases: int
    counts: Mapping[str, int]
    changes: tuple[CaseChange, ...]
    hidden: int

    def summary(self) -> str:
        """How many cases change, and how many instances in what."""
        head = f"在办案件{self.open_cases}件，"
        if not self.cases:
            return f"{head}都没有变化。"
        told = [
            f"{words}{self.counts[kind]}处" for kind, words in KINDS.items() if kind in self.counts
        ]
        out_of_sight = f"（其中{self.hidden}处您无权查看，没有列出）" if self.hidden else ""
        return f"{head}其中{self.cases}件有变化：{'、'.join(told)}{out_of_sight}。"


class ComparisonCancelledError(Exception):
    """The person stopped the comparison; nothing is ever written by one."""


def adoptions(bureau: Bureau) -> tuple[Adopted, ...]:
    """Return all rulebooks that the bureau has adopted, in their order; the last one counts."""
    with bureau.database.reading() as conn:
        return read_adopted(conn)


def read_candidate(bureau: Bureau, folder: Path | None = None) -> Candidate:
    """Read the rulebook in ``folder`` (its ``*.yaml``), or the one that the program brings.

    A folder without its own guideline rests on the program's.  Raises :class:`InputRefusedError`
    with every fault, also where it does not fit the authority matrix; ``StoreError`` where a file
    cannot be read.
    """
    texts = rulebook_texts(bureau.resources) if folder is None else _texts_of(bureau, folder)
    book = book_of_texts(texts)
    return Candidate(book, load_matrix(bureau.resources, book), texts)


def _texts_of(bureau: Bureau, folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise InputRefusedError(
            f"没有文件夹“{folder}”。", [Problem("文件夹", "请写明节点规则文件所在的文件夹")]
        )
    own = folder / GUIDELINE_FILE
    try:
        guideline = own.read_text(encoding="utf-8") if own.exists() else None
        found = texts_in(folder)
    except (OSError, UnicodeDecodeError, StoreError) as error:
        raise InputRefusedError(
            f"文件夹“{folder}”中的规则文件读不出来。",
            [Problem("文件夹", "请确认文件是 UTF-8 编码的文本，没有损坏")],
        ) from error
    return {**found, GUIDELINE_FILE: guideline or guideline_text(bureau.resources)}


def differences(bureau: Bureau, candidate: Candidate) -> tuple[RuleDifference, ...]:
    """Return what is different from the adopted rulebook, rule by rule."""
    return rule_differences(bureau.rules.book, candidate.book)


def compare(
    bureau: Bureau,
    actor: Actor,
    candidate: Candidate,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Comparison:
    """Tell what a rulebook would change, rule by rule and case by case; nothing is written.

    Each open case is evaluated twice from the same facts at the same moment.  Counts are of all
    open cases, what is told of each only where ``actor`` may see the case.  ``progress(done, all)``
    counts cases.  Raises :class:`ComparisonCancelledError`, ``StoreError`` where another rulebook
    is adopted meanwhile.
    """
    trial = _under(bureau, candidate)
    with bureau.database.reading() as conn:
        condition, values = seen_cases(conn, bureau, actor)
        listed = f"SELECT c.id FROM cases c WHERE {condition}"  # noqa: S608 - our own words
        seen = {row[0] for row in ask(conn, listed, values)}
        ids = [int(row[0]) for row in ask(conn, _OPEN)]
    changes: list[CaseChange] = []
    counts: Counter[str] = Counter()
    touched = hidden = 0
    for start in range(0, len(ids), SLICE):
        if cancelled():
            raise ComparisonCancelledError
        if progress is not None:
            progress(start, len(ids))
        # A reading each slice, so that a long look holds nobody's changes up.
        with bureau.database.reading() as conn:
            now = bureau.database.now(conn)
            for case_id in ids[start : start + SLICE]:
                case_no, found = _of_case(bureau, trial, conn, case_id, now)
                touched += bool(found)
                counts.update(kind for entry in found for kind in entry.kinds)
                if case_id in seen:
                    changes += [CaseChange(case_id, case_no, entry) for entry in found]
                else:
                    hidden += len(found)
    if progress is not None:
        progress(len(ids), len(ids))
    return Comparison(
        based_on=bureau.rulebook,
        old=bureau.rules.book,
        new=candidate.book,
        differences=differences(bureau, candidate),
        open_cases=len(ids),
        cases=touched,
        counts=dict(counts),
        changes=tuple(sorted(changes, key=_gravest_first)),
        hidden=hidden,
    )


_GRAVE = ("freeze", "state", "due", "warning")


def _gravest_first(entry: CaseChange) -> tuple[int, int]:
    return min(map(_GRAVE.index, entry.change.kinds)), entry.case_id


def _under(bureau: Bureau, candidate: Candidate) -> Bureau:
    """Return the bureau as it would be under another rulebook, for asking only."""
    reading = BookReading.ready(bureau.resources, candidate.book, candidate.matrix)
    return replace(bureau, rules=replace(bureau.rules, reading=reading, adopted=()))


def _of_case(
    bureau: Bureau, trial: Bureau, conn: Connection, case_id: int, now: datetime
) -> tuple[str, tuple[InstanceChange, ...]]:
    case = case_store.find_case(conn, case_id)
    _, index = case_store.load_index(bureau, conn, case_id, case["version"])
    # The calendar may have been edited meanwhile: both by the same one.
    rules = replace(trial.rules, calendar=bureau.rules.calendar)
    old = view_of(case_store.context_of(bureau, index, now))
    new = view_of(case_store.context_of(replace(trial, rules=rules), index, now))
    return case["case_no"], view_changes(old, new)


def adopt(
    bureau: Bureau,
    actor: Actor,
    candidate: Candidate,
    reason: str,
    *,
    paper: str = "",
    based_on: int | None = None,
) -> Adopted:
    """Let the bureau work by another rulebook from now on.

    One transaction, one row in the journal with both hashes.  ``recompute`` brings the open cases
    in line afterwards (``act=ACT``); where that is cut off the next beat does it.  ``paper`` is the
    number of the paper it rests on.  Raises :class:`NotAllowedError`, :class:`InputRefusedError`
    with all that is wrong, :class:`RuleRefusedError` where it is adopted already,
    :class:`StaleEditError` where it is not the rulebook any more that was compared with
    (``based_on``).
    """
    trial = _under(bureau, candidate)
    with bureau.database.writing() as conn:
        if conn.dialect.name == "postgresql":  # two adopt at once: the second sees the first
            ask(conn, "SELECT value FROM meta WHERE key = 'purpose' FOR UPDATE")
        now = bureau.database.now(conn)
        # Asked of the new rules: those of today may be the ones that cannot be read any more.
        given = permit(conn, trial, actor, ACT)
        there = read_adopted(conn)
        if there[-1].id != (based_on or bureau.rulebook) or there[-1].id != bureau.rulebook:
            raise StaleEditError("节点规则刚刚由别人更换过，没有核准；请重新打开程序，比较后再办。")
        _refuse_adoption(there, candidate.book, reason, now.date())
        wanted = adopting(candidate.book, actor.name, now, reason.strip(), paper.strip())
        with Recorder(
            conn,
            at=now,
            actor=actor.name,
            action=ACT,
            workstation=bureau.workstation,
            on_behalf_of=given.on_behalf_of,
        ) as record:
            made = enter_rulebook(conn, record, wanted, candidate.texts)
            record.note({"before": _mark(there[-1]), "after": _mark(made)})
    _work_by(bureau, made, trial.rules.reading)
    return made


def _mark(adopted: Adopted) -> str:
    return f"版本{adopted.number} {adopted.hash}"


def _refuse_adoption(there: tuple[Adopted, ...], book: Rulebook, reason: str, today: date) -> None:
    if there[-1].hash == book.hash:
        raise RuleRefusedError(
            f"本局现在用的就是这套节点规则（版本{book.version}），不需要核准。",
            data={"kind": "same_rulebook", "hash": book.hash},
        )
    problems = []
    same = [entry for entry in there if entry.number == book.version and entry.hash != book.hash]
    if same:
        problems.append(
            Problem(
                "编号",
                f"版本编号“{book.version}”已经用过（{same[-1].adopted_at:%Y-%m-%d}核准），内容却不同；"
                "案件按编号记住规则，请规则的编制人改用新的编号",
            )
        )
    if date.fromisoformat(book.effective) > today:
        problems.append(Problem("施行日期", f"这套规则自{book.effective}起施行，请到那一天再核准"))
    if len(reason.strip()) < MIN_REASON:
        problems.append(Problem("理由", f"请写明理由，至少{MIN_REASON}个字"))
    if problems:
        raise InputRefusedError("节点规则没有更换", problems)


def _work_by(bureau: Bureau, adopted: Adopted, reading: BookReading) -> None:
    """Go on by the new rulebook in this process, now that it is committed."""
    entry = AdoptedBook(adopted.number, adopted.adopted_at, reading)
    bureau.rules = replace(bureau.rules, reading=reading, adopted=(*bureau.rules.adopted, entry))
    bureau.rulebook = adopted.id
    bureau.cache.clear()
