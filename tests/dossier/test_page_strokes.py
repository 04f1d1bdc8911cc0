"""One figure made another is seen in every scan that shows it; a healthy page never is changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from helpers.bound_volumes import PRINTED_DPI
from helpers.damaged_pages import LEDGER, NOTE, ORDER, Sheet, Text, form, of_picture, photo, plain
from helpers.scanner import Picture, scan
from zhixing_desktop.dossier.page_compare import Comparison, compare_pages
from zhixing_desktop.dossier.page_regions import Difference

SMALL = replace(LEDGER, name="small ledger", points=10.5)
GOOD: dict[str, dict[str, Any]] = {
    "150 dpi": {"skew_degrees": 1.0},
    "100 dpi": {"dpi_to": 100, "skew_degrees": -2.0},
    "300 dpi, one bit": {"dpi_to": 300, "black_white": True},
    "copied twice": {"copies": 2},
    "5 degrees, faded, JPEG 40": {"skew_degrees": 5, "contrast": 0.6, "jpeg_quality": 40},
    "grain": {"noise": 15},
}


def seen(sheet: Picture, dpi_to: int = 150, **how: Any) -> Picture:
    told = {"noise": 5, "blur": 0.5, "contrast": 0.85, "jpeg_quality": 75, "seed": 3, **how}
    return scan(sheet, PRINTED_DPI, dpi_to, **told)


def held(was: Sheet, now: Picture, **how: Any) -> Comparison:
    return compare_pages(was.electronic, seen(now, **how))


@pytest.mark.parametrize("how", GOOD.values(), ids=GOOD.keys())
@pytest.mark.parametrize("text", [SMALL, ORDER, NOTE], ids=lambda text: text.name)
def test_a_healthy_page_is_the_same(text: Text, how: dict[str, Any]) -> None:
    sheet = text.sheet()
    found = held(sheet, sheet.printed, **how)
    assert (found.same, found.unclear, found.regions) == (True, False, ())


@pytest.mark.parametrize("how", GOOD.values(), ids=GOOD.keys())
@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (LEDGER, "3", "8"),
        (LEDGER, "6", "0"),
        (LEDGER, "1", "7"),
        (SMALL, "6", "5"),
        (ORDER, "叁拾捌", "贰拾捌"),
        (ORDER, "李春明", "李春朋"),
        (NOTE, "贰仟", "叁仟"),
    ],
)
def test_one_letter_made_another_is_seen(
    text: Text, old: str, new: str, how: dict[str, Any]
) -> None:
    found = held(text.sheet(), text.with_(old, new).sheet().printed, **how)
    assert not found.same
    assert not found.unclear
    assert len(found.regions) <= 2


def test_the_box_lies_round_the_figure() -> None:
    """The first 3 of the ledger, at the far left of its third line."""
    found = held(LEDGER.sheet(), LEDGER.with_("3. ", "8. ").sheet().printed)
    box = found.regions[0].box
    assert box.left == pytest.approx(25, abs=1.5)
    assert box.top == pytest.approx(28 + 2 * 1.75 * 12 * 25.4 / 72 + 1, abs=2.5)
    assert max(box.wide, box.high) < 5


@pytest.mark.parametrize("how", [{"copies": 1}, {"copies": 2}, {"skew_degrees": 2}])
def test_a_seal_is_looked_for_even_where_copiers_make_greys_black(how: dict[str, Any]) -> None:
    gone = replace(ORDER, seal=False).sheet()
    assert held(ORDER.sheet(), ORDER.sheet().printed, **how).same
    found = held(ORDER.sheet(), gone.printed, **how)
    assert {region.kind for region in found.regions} == {Difference.REMOVED}


def test_a_scan_that_shows_too_little_is_neither_the_same_nor_changed() -> None:
    sheet = SMALL.sheet()
    found = held(sheet, sheet.printed, blur=3.0)
    assert (found.same, found.unclear) == (False, True)
    # What is beyond doubt is named all the same.
    other = held(sheet, ORDER.sheet().printed, blur=3.0)
    assert not other.same
    assert not other.unclear


@pytest.mark.parametrize("how", [{}, {"noise": 15}, {"contrast": 0.5}, {"skew_degrees": 4}])
@pytest.mark.parametrize("page", [plain(205), plain(128, 20), plain(60, 10), photo(1), form(200)])
def test_a_photograph_or_a_plain_page_is_the_same(page: Picture, how: dict[str, Any]) -> None:
    assert held(of_picture("page", page), page, **how).same


@pytest.mark.parametrize(
    "now",
    [plain(90), plain(250), photo(5), LEDGER.sheet().printed],
    ids=["another shade", "empty paper", "a photograph", "text"],
)
def test_another_page_in_the_place_of_a_plain_one_is_seen(now: Picture) -> None:
    found = held(of_picture("plain", plain(205)), now)
    if float(now.mean()) > 245:
        # Nearly white and white are told apart by nobody in a pale scan.
        found = held(of_picture("plain", plain(128)), now)
    assert not found.same
    assert not found.unclear
