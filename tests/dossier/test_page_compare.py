"""Two pictures of a page: laid on each other, whatever the scanner did, and what they say."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from helpers.bound_volumes import PRINTED_DPI, Picture, amounts, drawn, page_picture
from helpers.made_papers import everything, listed, ruling
from helpers.scanner import Stain, scan
from zhixing_desktop.dossier.page_compare import aligned, compare_pages
from zhixing_desktop.dossier.page_fingerprint import (
    distances,
    fingerprint,
    is_blank,
    is_legible,
)
from zhixing_desktop.dossier.page_regions import Box, Difference

PX = PRINTED_DPI / 25.4


@cache
def page(name: str) -> tuple[Picture, Picture]:
    """Return a page as it is drawn at 150 dpi and as it is printed."""
    made = {"amounts": amounts(), "list": listed(20), "all": everything(), "few": ruling(20)}
    data = drawn(made[name])
    return page_picture(data, 0, 150), page_picture(data, 0, PRINTED_DPI)


@pytest.mark.parametrize("name", ["amounts", "list", "all", "few"])
@pytest.mark.parametrize(
    ("skew", "turn", "scale", "dpi"),
    [(0, 0, 1.0, 150), (5, 0, 0.97, 150), (-5, 180, 1.03, 100), (3.3, 90, 1.01, 200)],
)
def test_what_a_scanner_does_to_a_page_is_no_change(
    name: str, skew: float, turn: int, scale: float, dpi: int
) -> None:
    electronic, sheet = page(name)
    high, wide = sheet.shape
    matrix = np.array([[scale, 0, (1 - scale) * wide / 2], [0, scale, (1 - scale) * high / 2]])
    sized = cv2.warpAffine(sheet, matrix, (wide, high), flags=cv2.INTER_AREA, borderValue=255)
    picture = scan(
        np.asarray(sized, np.uint8), PRINTED_DPI, dpi,
        skew_degrees=skew, noise=8, blur=0.6, contrast=0.7, shift_mm=(2, -1), rotation=turn,
        jpeg_quality=50, seed=3,
    )  # fmt: skip
    found = compare_pages(electronic, picture)
    assert found.found
    assert found.same
    assert found.regions == ()
    assert found.turn == turn
    assert found.skew == pytest.approx(skew, abs=0.15)
    assert found.scale == pytest.approx(scale, abs=0.005)


def test_the_size_of_the_pictures_makes_no_difference() -> None:
    electronic, sheet = page("amounts")
    fine = scan(sheet, PRINTED_DPI, PRINTED_DPI, noise=5, skew_degrees=1)
    assert compare_pages(sheet, fine, dpi=PRINTED_DPI).same
    assert compare_pages(electronic, fine).same


def test_another_page_has_nothing_in_common_or_is_not_the_same() -> None:
    electronic, _ = page("list")
    _, other = page("amounts")
    found = compare_pages(electronic, scan(other, PRINTED_DPI))
    assert not found.same


def test_what_is_added_and_what_is_removed_is_boxed_where_it_is() -> None:
    electronic, sheet = page("amounts")
    changed = sheet.copy()
    changed[round(100 * PX) : round(112 * PX), round(60 * PX) : round(90 * PX)] = 255
    cv2.line(changed, (round(40 * PX), round(266 * PX)), (round(75 * PX), round(268 * PX)), 60, 4)
    found = compare_pages(electronic, scan(changed, PRINTED_DPI, skew_degrees=2, noise=5))
    removed = [region.box for region in found.regions if region.kind is Difference.REMOVED]
    added = [region.box for region in found.regions if region.kind is Difference.ADDED]
    assert removed
    assert all(box.left > 58 and box.left + box.wide < 92 for box in removed)
    assert all(box.top > 98 and box.top + box.high < 114 for box in removed)
    (line,) = added
    assert line.left == pytest.approx(40, abs=1.5)
    assert line.wide == pytest.approx(35, abs=2)
    assert line.top == pytest.approx(266, abs=1.5)


def test_what_the_program_prints_itself_does_not_count() -> None:
    electronic, sheet = page("amounts")
    changed = sheet.copy()
    changed[round(275 * PX) : round(288 * PX), round(190 * PX) : round(203 * PX)] = 0
    picture = scan(changed, PRINTED_DPI, skew_degrees=1)
    assert not compare_pages(electronic, picture).same
    assert compare_pages(electronic, picture, printed=[Box(188, 272, 18, 18)]).same


def test_a_stain_hides_what_is_under_it_and_is_told() -> None:
    electronic, sheet = page("amounts")
    changed = sheet.copy()
    changed[round(135 * PX) : round(140 * PX), round(85 * PX) : round(95 * PX)] = 255
    stained = scan(changed, PRINTED_DPI, stain=Stain(90, 138, 20, dark=0.4), noise=5)
    found = compare_pages(electronic, stained)
    assert found.same
    assert [region.kind for region in found.regions] == [Difference.STAINED]


def test_words_blacked_out_are_a_change_and_no_stain() -> None:
    electronic, sheet = page("amounts")
    changed = sheet.copy()
    changed[round(100 * PX) : round(120 * PX), round(60 * PX) : round(100 * PX)] = 15
    found = compare_pages(electronic, scan(changed, PRINTED_DPI, skew_degrees=1, noise=5))
    assert not found.same
    assert found.regions[0].kind is Difference.ADDED
    assert Difference.STAINED not in {region.kind for region in found.regions}


def test_words_that_the_scan_has_cut_off_are_told() -> None:
    electronic, sheet = page("amounts")
    cut = scan(sheet, PRINTED_DPI)[:, 230:]
    found = compare_pages(electronic, np.ascontiguousarray(cut))
    assert {region.kind for region in found.regions} == {Difference.UNSEEN}


def test_the_scan_laid_on_its_page_looks_like_it() -> None:
    electronic, sheet = page("amounts")
    laid = aligned(electronic, scan(sheet, PRINTED_DPI, skew_degrees=4, rotation=180))
    assert laid is not None
    assert laid.shape == electronic.shape
    ours, theirs = (cv2.GaussianBlur(p, (0, 0), 1.5).astype(float) for p in (electronic, laid))
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.97
    assert aligned(electronic, np.full((1754, 1240), 250, np.uint8)) is None


def test_a_fingerprint_finds_its_page_whichever_way_it_lies() -> None:
    names = ("amounts", "list", "all", "few")
    known = [fingerprint(page(name)[0]) for name in names]
    for at, name in enumerate(names):
        for turn, skew in ((0, 0), (90, 3), (180, -4), (270, 2)):
            picture = scan(
                page(name)[1], PRINTED_DPI, 100, skew_degrees=skew, rotation=turn, noise=6
            )
            away = distances(fingerprint(picture), known)
            assert away.index(min(away)) == at
            assert away[at] < 0.2


def test_empty_and_unreadable_pages_are_told() -> None:
    empty = np.full((1754, 1240), 240, np.uint8)
    grain = np.random.default_rng(1).normal(235, 8, empty.shape).clip(0, 255).astype(np.uint8)
    assert is_blank(empty)
    assert is_blank(grain)
    assert not is_legible(grain)
    number = grain.copy()
    cv2.putText(number, "7", (1100, 90), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 60, 2)
    assert not is_blank(number)
    for name in ("amounts", "few"):
        faded = scan(page(name)[1], PRINTED_DPI, 100, contrast=0.5, noise=8, blur=0.5)
        assert is_legible(faded)
        assert not is_legible(np.asarray(cv2.GaussianBlur(faded, (0, 0), 12), np.uint8))
