"""Loading the rules: rulebook, calendar and charts from the program's files."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.workflow.calendar import CalendarOverride, CalendarSheet, CourtCalendar
from zhixing_desktop.workflow.calendar_sheet import parse_calendar_csv
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from zhixing_desktop.workflow.authority import Matrix
    from zhixing_desktop.workflow.rulebook import Rulebook

COVERAGE_FILE = "coverage.yaml"


class BookReading:
    """A rulebook that is read once, by whoever asks first; whoever asks meanwhile waits.

    From any thread.  The list of cases can be used before the rulebook has been read.
    """

    def __init__(self, resources: Path) -> None:
        self._resources = resources
        self._lock = threading.Lock()
        self._book: Rulebook | None = None
        self._matrix: Matrix | None = None

    def book(self) -> Rulebook:
        """Return the rulebook; raise what :func:`load_rulebook` raises, each time anew."""
        if self._book is None:
            with self._lock:
                if self._book is None:
                    self._book = load_rulebook(self._resources)
        return self._book

    def matrix(self) -> Matrix:
        """Return the authority matrix, read once as the rulebook is; raises what reading raises."""
        if self._matrix is None:
            book = self.book()
            with self._lock:
                if self._matrix is None:
                    self._matrix = load_matrix(self._resources, book)
        return self._matrix


@dataclass(frozen=True, slots=True)
class Rules:
    """The rulebook and the court's calendar, ready for the engine."""

    reading: BookReading
    calendar: CourtCalendar

    @property
    def book(self) -> Rulebook:
        """The rulebook; asked for too early it is waited for, so not on the GUI thread."""
        return self.reading.book()

    @property
    def matrix(self) -> Matrix:
        """Who may do what; waited for as the rulebook is."""
        return self.reading.matrix()


def read_text(path: Path) -> str:
    """Read one of the program's files; :class:`StoreError` when it is missing or torn."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"程序文件“{path.name}”缺失或者损坏，请重新安装程序。", data={"path": str(path)}
        ) from error


def rulebook_texts(resources: Path) -> dict[str, str]:
    """Return the texts of the rulebook's files by name."""
    names = sorted((resources / "rulebook").glob("*.yaml"))
    return {path.name: read_text(path) for path in names if path.name != COVERAGE_FILE}


def load_rulebook(resources: Path) -> Rulebook:
    """Read and check the rulebook; :class:`InputRefusedError` lists every fault."""
    # With YAML and the names of all rules a tenth of a second: not before somebody needs them.
    from zhixing_desktop.workflow.rulebook_checks import check
    from zhixing_desktop.workflow.rulebook_reader import read_rulebook

    book = read_rulebook(rulebook_texts(resources))
    check(book, guideline_text(resources))
    return book


def load_matrix(resources: Path, book: Rulebook) -> Matrix:
    """Read and check the authority matrix; :class:`InputRefusedError` lists every fault."""
    from zhixing_desktop.workflow.authority_acts import ACTS
    from zhixing_desktop.workflow.authority_reader import read_matrix

    text = read_text(resources / "authority" / "authority.yaml")
    return read_matrix(text, book, guideline_text(resources), acts=ACTS)


def guideline_text(resources: Path) -> str:
    """Return the guideline as it was published."""
    return read_text(resources / "guideline" / "guideline.txt")


def load_calendar(
    resources: Path,
    overrides: Iterable[CalendarOverride] = (),
    notices: Iterable[CalendarSheet] = (),
) -> CourtCalendar:
    """Build the calendar: published years, provisional statutory days, the court's own edits.

    ``notices`` are the yearly notices that the court has entered after the program was made.
    """
    published = parse_calendar_csv(
        read_text(resources / "calendar" / "published.csv"), where="已公布日历"
    )
    return CourtCalendar.build([published, *notices], statutory_days(resources), overrides)


def statutory_days(resources: Path) -> CalendarSheet:
    """Return the statutory days of the years without a notice."""
    text = read_text(resources / "calendar" / "statutory.csv")
    return parse_calendar_csv(text, where="暂定法定节日", provisional=True)


def load_rules(
    resources: Path, overrides: Iterable[CalendarOverride] = (), *, book_later: bool = False
) -> Rules:
    """Load everything the engine needs; with ``book_later`` the rulebook when it is asked for."""
    reading = BookReading(resources)
    if not book_later:
        reading.book()
    return Rules(reading, load_calendar(resources, overrides))
