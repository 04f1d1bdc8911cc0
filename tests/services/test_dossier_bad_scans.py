"""Bad scans of stamped sheets: coarse, askew, grey, upside down, stained, two fed together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from helpers.bound_volumes import amounts, drawn
from helpers.bureau import Office
from helpers.paper_office import paper_office
from helpers.scanner import Patch, Picture, Stain, printed, scan, scanned_pdf
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import dossier
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_intake import looked_at
from zhixing_desktop.services.dossier_printing import prepare, record_print
from zhixing_desktop.services.dossier_stack import sort_stack
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_tray import waiting
from zhixing_desktop.services.dossier_types import MAIN, Cut, Filing, ItemLine, Piece
from zhixing_desktop.services.health import check_all
from zhixing_desktop.services.stack_types import Fate, Sorted

DPI = 200
LOW = ((30.0, 275.0), (180.0, 275.0))
"""Where a stamp stands in a lower corner, mm from the sheet's top left."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = paper_office(f"sqlite:///{tmp_path / 'bureau.db'}", tmp_path)
    for form in (resources_dir() / "forms").glob("44-dossier-*.form"):
        copy(form, tmp_path / "papers" / "forms")
    yield made
    made.close()


@pytest.fixture
def item(office: Office) -> ItemLine:
    (case,) = office.case_ids
    pieces = [Piece(f"{number}.pdf", drawn(amounts(number))) for number in range(3)]
    taken = take_in(office.bureau, pieces, [Cut(number, 0) for number in range(3)])
    return file_item(office.bureau, office.actor(), case, Filing("执行笔录", place=11), taken).item


@pytest.fixture
def sheets(office: Office, item: ItemLine, tmp_path: Path) -> list[Picture]:
    """The printed pages of the thing, signed in pen."""
    out = tmp_path / "volume.pdf"
    prepared = prepare(office.bureau, office.actor(), item.case_id, MAIN, 1, out, duplex=False)
    record_print(office.bureau, office.actor(), prepared)
    data = out.read_bytes()
    places = [at for at, side in enumerate(prepared.plan.sides) if side.page is not None]
    signed = []
    for at in places:
        page = printed(data, at, DPI)
        for stroke in range(4):
            top, left = 1500 + 12 * stroke, 500 + 40 * stroke
            page[top : top + 5, left : left + 180] = 40
        signed.append(page)
    return signed


def sort(office: Office, stack: list[Picture], dpi: float) -> Sorted:
    piece = Piece("扫描.pdf", scanned_pdf(stack, dpi))
    return sort_stack(office.bureau, office.actor(), piece)


BAD: dict[str, dict[str, Any]] = {
    "100 dpi": {"dpi_to": 100, "noise": 3.0},
    "askew by 5 degrees": {"skew_degrees": 5.0, "noise": 3.0},
    "grey and faded": {"contrast": 0.55, "noise": 6.0, "jpeg_quality": 50},
    "upside down": {"rotation": 180, "skew_degrees": -1.5},
    "lying": {"rotation": 90, "noise": 2.0},
    "coffee beside the stamp": {"stain": Stain(150, 240, 28, 0.4)},
    "photocopied": {"copies": 1},
    "100 dpi, askew, grey, upside down": {
        "dpi_to": 100, "skew_degrees": 5.0, "contrast": 0.7, "noise": 4.0, "rotation": 180,
    },
    "coffee over the stamp": {"stain": [Stain(*place, 25, 0.9) for place in LOW]},
}  # fmt: skip


@pytest.mark.parametrize("how", BAD)
def test_a_bad_scan_of_a_stamped_sheet_still_lands_where_it_belongs(
    office: Office, item: ItemLine, sheets: list[Picture], how: str
) -> None:
    given = {"dpi_to": 150, **BAD[how]}
    (version,) = dossier.versions(office.bureau, office.actor(), item.id)
    # A sheet that lies askew loses a corner beyond the glass; not the one with the stamp.
    shifts = [(12.0, -12.0) if corner == "bottom_left" else (-12.0, -12.0)
              for corner in version.corners]  # fmt: skip
    stack = [
        scan(
            page, DPI, seed=at, **given, shift_mm=shifts[at] if "skew_degrees" in given else (0, 0)
        )
        for at, page in enumerate(sheets)
    ]
    done = sort(office, stack, given["dpi_to"])
    assert [(part.fate, part.item_id) for part in done.parts] == [(Fate.VERSION, item.id)]
    newest = dossier.versions(office.bureau, office.actor(), item.id)[-1]
    assert newest.pages == 3
    # On record it stands upright, and what is coarse is told.
    turn = -given.get("rotation", 0) % 360
    assert [cut.turn for cut in newest.cuts] == [turn] * 3
    (looked,) = looked_at(office.bureau, [Piece("扫描.pdf", scanned_pdf(stack, given["dpi_to"]))])
    assert ("只有100dpi" in "".join(looked.notes)) == (given["dpi_to"] == 100)
    assert check_all(office.bureau) == []


def test_a_stamp_that_nobody_can_read_sends_only_its_page_to_the_tray(
    office: Office, item: ItemLine, sheets: list[Picture]
) -> None:
    spots = [Patch(across - 28, down - 30, 60, 50) for across, down in LOW]
    stack = [
        scan(page, DPI, 150, stain=spots if at == 1 else None, seed=at)
        for at, page in enumerate(sheets)
    ]
    done = sort(office, stack, 150)
    assert [(part.fate, part.pages) for part in done.parts] == [
        (Fate.VERSION, (1, 3)),
        (Fate.TRAY, (2,)),
    ]
    newest = dossier.versions(office.bureau, office.actor(), item.id)[-1]
    assert "其余各页沿用第1版" in newest.reason
    assert [cut.source for cut in newest.cuts] == [0, 1, 0]
    (line,) = waiting(office.bureau, office.actor())
    # The hint says between what it lay.
    assert line.pages_words == "第2页"
    assert "它前面是" in line.hint
    assert check_all(office.bureau) == []


def test_two_sheets_fed_together_lose_no_page_and_the_version_says_which_is_missing(
    office: Office, item: ItemLine, sheets: list[Picture]
) -> None:
    stack = [scan(page, DPI, 150, seed=at) for at, page in enumerate(sheets) if at != 1]
    done = sort(office, stack, 150)
    assert "未扫描的页沿用上一版" in done.parts[0].words
    newest = dossier.versions(office.bureau, office.actor(), item.id)[-1]
    assert newest.pages == 3
    assert newest.reason == "签名盖章后的扫描件（第1、3页；其余各页沿用第1版）"


def test_where_everything_is_bad_at_once_no_page_is_lost(
    office: Office, item: ItemLine, sheets: list[Picture]
) -> None:
    stack = [
        scan(page, DPI, 100, skew_degrees=5.0, contrast=0.5, noise=8.0, rotation=180, seed=at)
        for at, page in enumerate(sheets)
    ]
    done = sort(office, stack, 100)
    assert sorted(page for part in done.parts for page in part.pages) == [1, 2, 3]
    for line in waiting(office.bureau, office.actor()):
        assert "页标" in line.hint
        assert "只有100dpi" in line.hint
    assert check_all(office.bureau) == []
