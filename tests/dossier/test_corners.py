"""The stamp goes where nothing stands; the lower right corner comes first."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.sheets import MM, Picture, sheet, write
from zhixing_desktop.dossier.corners import Corner, free_corner


def covered(page: Picture, corner: Corner, shade: int = 90) -> None:
    """Print something into a corner's square, 6 to 19 mm from the edges."""
    high, wide = page.shape
    near, far = slice(round(8 * MM), round(17 * MM)), slice(round(-17 * MM), round(-8 * MM))
    rows = far if corner in (Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT) else near
    columns = far if corner in (Corner.TOP_RIGHT, Corner.BOTTOM_RIGHT) else near
    page[rows, columns][::3] = shade
    assert page.shape == (high, wide)


def test_an_empty_page_takes_it_in_the_lower_right() -> None:
    assert free_corner(sheet(250)) is Corner.BOTTOM_RIGHT
    assert free_corner(sheet(205, grain=8)) is Corner.BOTTOM_RIGHT


@pytest.mark.parametrize("taken", range(4))
def test_a_covered_corner_is_left_for_the_next(taken: int) -> None:
    page = sheet(245, grain=2)
    order = [Corner.BOTTOM_RIGHT, Corner.BOTTOM_LEFT, Corner.TOP_LEFT, Corner.TOP_RIGHT]
    for corner in order[:taken]:
        covered(page, corner)
    assert free_corner(page) is order[taken]


def test_where_all_are_covered_the_emptiest_is_taken() -> None:
    page = sheet(245)
    for corner in Corner:
        covered(page, corner, 60)
    assert free_corner(page) is Corner.BOTTOM_RIGHT
    page[: round(20 * MM), : round(20 * MM)] = 245
    covered(page, Corner.TOP_LEFT, 205)
    assert free_corner(page) is Corner.TOP_LEFT


def test_a_page_number_in_the_corner_counts_and_one_in_the_middle_does_not() -> None:
    page = sheet(250)
    write(page, "12", (105, 287), 3)
    assert free_corner(page) is Corner.BOTTOM_RIGHT
    write(page, "12", (194, 287), 3)
    assert free_corner(page) is Corner.BOTTOM_LEFT


@pytest.mark.parametrize("wide", [300, 331, 827])
def test_a_small_picture_of_the_page_is_enough(wide: int) -> None:
    import cv2

    page = sheet(250)
    write(page, "received", (170, 285), 5)
    small = cv2.resize(page, (wide, round(wide * 297 / 210)), interpolation=cv2.INTER_AREA)
    assert free_corner(np.asarray(small, np.uint8)) is Corner.BOTTOM_LEFT


def test_a_lying_page_is_measured_by_its_long_side() -> None:
    page = np.full((630, 891), 250, np.uint8)  # three pixels to the millimetre
    page[-29 * 3 : -25 * 3, -29 * 3 : -25 * 3] = 0  # just outside of the corner's square
    assert free_corner(page) is Corner.BOTTOM_RIGHT
    page[-15 * 3 : -11 * 3, -15 * 3 : -11 * 3] = 0
    assert free_corner(page) is Corner.BOTTOM_LEFT
    assert free_corner(page, width_mm=1000) is Corner.BOTTOM_RIGHT
