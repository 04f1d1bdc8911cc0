"""Separators and stick-on stamps: drawn while others go on working, recorded in a short step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import select

from helpers.bureau import Office
from helpers.paper_office import paper_office
from zhixing_desktop.dossier import sheets
from zhixing_desktop.models.dossier_tables import dossier_prints
from zhixing_desktop.models.tables import journal
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_separators import SeparatorWish, label_file, separator_file
from zhixing_desktop.services.dossier_types import MAIN, Filing, Medium
from zhixing_desktop.workflow.errors import StaleEditError


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    for form in (resources_dir() / "forms").glob("44-dossier-*.form"):
        copy(form, tmp_path / "papers" / "forms")
    yield made
    made.close()


def on_paper(office: Office, name: str) -> None:
    filing = Filing(name, place=10, medium=Medium.PAPER, paper_pages=2)
    file_item(office.bureau, office.actor(), office.case_ids[0], filing)


def beside(
    monkeypatch: pytest.MonkeyPatch, drawing: str, act: Callable[[], None]
) -> Callable[[], int]:
    """Let ``act`` happen once while the sheets are drawn; return how often they were."""
    real: Callable[..., bytes] = getattr(sheets, drawing)
    drawn: list[int] = []

    def draw(wanted: Sequence[Any], *rest: Any) -> bytes:
        drawn.append(len(wanted))
        if len(drawn) == 1:
            act()
        return real(wanted, *rest)

    monkeypatch.setattr(sheets, drawing, draw)
    return lambda: len(drawn)


def prints(office: Office) -> list[Any]:
    with office.bureau.database.reading() as conn:
        return list(conn.execute(select(dossier_prints.c.kind, dossier_prints.c.pages)))


def test_others_file_while_separators_are_drawn(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one transaction with the drawing, the other would wait for it, and for ever."""
    times = beside(monkeypatch, "separator_sheets", lambda: on_paper(office, "借条原件"))
    case = office.case_ids[0]
    made = separator_file(office.bureau, office.actor(), case, [SeparatorWish(place=10)])
    assert made.data.startswith(b"%PDF")
    assert times() == 1
    with office.bureau.database.reading() as conn:
        acts = [row.action for row in conn.execute(select(journal.c.action).order_by("id"))]
    assert acts[-2:] == ["dossier.file", "dossier.separators"]


def test_labels_of_a_volume_that_changes_meanwhile_are_not_recorded(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_paper(office, "借条原件")
    beside(monkeypatch, "label_sheet", lambda: on_paper(office, "收据原件"))
    case = office.case_ids[0]
    with pytest.raises(StaleEditError, match="请再打印一次"):
        label_file(office.bureau, office.actor(), case, MAIN, 1)
    assert prints(office) == []
    label_file(office.bureau, office.actor(), case, MAIN, 1)
    ((kind, pages),) = prints(office)
    assert (kind, len(pages)) == ("labels", 4)
