"""Loading the rules: rulebook, calendar and charts from the program's files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.workflow.calendar import CalendarOverride, CourtCalendar
from zhixing_desktop.workflow.calendar_sheet import parse_calendar_csv
from zhixing_desktop.workflow.errors import StoreError
from zhixing_desktop.workflow.rulebook import Rulebook
from zhixing_desktop.workflow.rulebook_checks import check
from zhixing_desktop.workflow.rulebook_reader import read_rulebook

COVERAGE_FILE = "coverage.yaml"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rulebook and the court's calendar, ready for the engine."""

    book: Rulebook
    calendar: CourtCalendar


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
    book = read_rulebook(rulebook_texts(resources))
    check(book, guideline_text(resources))
    return book


def guideline_text(resources: Path) -> str:
    """Return the guideline as it was published."""
    return read_text(resources / "guideline" / "guideline.txt")


def load_calendar(resources: Path, overrides: Iterable[CalendarOverride] = ()) -> CourtCalendar:
    """Build the calendar: published years, provisional statutory days, the court's own edits."""
    folder = resources / "calendar"
    published = parse_calendar_csv(read_text(folder / "published.csv"), where="已公布日历")
    statutory = parse_calendar_csv(
        read_text(folder / "statutory.csv"), where="暂定法定节日", provisional=True
    )
    return CourtCalendar.build([published], statutory, overrides)


def load_rules(resources: Path, overrides: Iterable[CalendarOverride] = ()) -> Rules:
    """Load everything the engine needs."""
    return Rules(load_rulebook(resources), load_calendar(resources, overrides))
