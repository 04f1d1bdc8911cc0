"""One case of the sample bureau with a filled dossier: what a new user finds to look at.

The case was lived through from its filing to its closing (``dossier_showcase_story``) and waits
for its archive.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import case_list, cases, people
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.dossier import dossier
from zhixing_desktop.services.dossier_showcase_story import Stop, live

_CHIEF = "执行局长"
_ORDINARY = re.compile("执[0-9]")
_MOST_CASES = 500
_ARCHIVING = 44


@dataclass(frozen=True, slots=True)
class Showcase:
    """The case with the filled dossier; ``officer`` works on it."""

    case_id: int
    case_no: str
    officer: str


def fill_showcase(bureau: Bureau, clock: FixedClock) -> Showcase:
    """Live one case through, from its filing to its closing; takes some seconds.

    ``bureau`` is a sample just opened (``dossier_showcase_story.open_showcase``); ``clock``, its
    own, stands before the filing and is left on the day of the closing.
    """
    last: Stop | None = None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for stop in live(bureau, clock, Path(folder)):
            last = stop
    assert last is not None
    return Showcase(last.case_id, last.case_no, last.officer)


def showcase(bureau: Bureau) -> Showcase | None:
    """Return the case whose dossier was filled, while it waits for its archive."""
    chief = next(p for p in people.all_people(bureau) if _CHIEF in p.roles).actor()
    query = case_list.CaseQuery(filter="closed", limit=_MOST_CASES, sort="case_no")
    lines = [
        line
        for line in case_list.page(bureau, chief, query)
        if line.officer and line.current_node == _ARCHIVING
    ]
    lines.sort(key=lambda line: (not _ORDINARY.search(line.case_no), line.id))
    for line in lines:
        officer = people.find_person(bureau, line.officer).actor()
        if _waits(bureau, officer, cases.detail(bureau, officer, line.id)):
            return Showcase(line.id, line.case_no, officer.name)
    return None


def _waits(bureau: Bureau, officer: Actor, detail: CaseDetail) -> bool:
    """Whether a case has a dossier and no receipt of the archive."""
    archived = detail.context.index.event("archived", "case") is not None
    return not archived and bool(dossier(bureau, officer, detail.id).main.items)
