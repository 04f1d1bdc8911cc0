"""Photographs of paper become pages; scans that lean stand level; in doubt nothing is touched."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from helpers.photos import LEANING, Picture, Point, desk, jpeg, letter, photograph
from helpers.scanner import scan
from helpers.sheets import sheet
from zhixing_desktop.dossier.sheet_finding import find_sheet, shape_of
from zhixing_desktop.dossier.skew import deskew, skew_of
from zhixing_desktop.dossier.straighten import straighten, straighten_scan
from zhixing_desktop.workflow.errors import StoreError

LETTER = letter()
COARSE = letter(100)
STRAIGHT = ((0.10, 0.08), (0.90, 0.08), (0.90, 0.93), (0.10, 0.93))
TURNED = ((0.35, 0.08), (0.95, 0.35), (0.65, 0.93), (0.06, 0.66))
SMALL = ((0.30, 0.30), (0.70, 0.31), (0.71, 0.72), (0.29, 0.70))


def pixels(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"), np.uint8)


def grey(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.mark.parametrize("kind", ["dark", "wood", "pale", "busy"])
@pytest.mark.parametrize("shade", [0.0, 0.35], ids=["even", "shadow"])
@pytest.mark.parametrize("corners", [LEANING, STRAIGHT, TURNED, SMALL])
def test_the_sheet_is_found_on_every_desk(
    corners: tuple[Point, ...], shade: float, kind: str
) -> None:
    photo = photograph(
        LETTER, kind, corners=corners, shade=shade, warm=shade > 0, size=(1200, 1600)
    )
    found = find_sheet(photo)
    assert found is not None
    for one, other in zip(found, corners, strict=True):
        assert one == pytest.approx(other, abs=0.008)


def test_a_photograph_becomes_a_page_of_a4_that_can_be_read() -> None:
    photo = jpeg(photograph(LETTER, "wood", shade=0.35, warm=True))
    done = straighten(photo)
    assert (done.changed, done.reason, done.notes) == (True, "", ())
    with Image.open(io.BytesIO(done.data)) as image:
        wide, high = (side / dpi for side, dpi in zip(image.size, image.info["dpi"], strict=True))
    assert (wide, high) == pytest.approx((8.27, 11.69), abs=0.02)
    page = cv2.resize(pixels(done.data), (LETTER.shape[1], LETTER.shape[0]))
    # Each word where it was printed: dark where the letter is dark, white where it is white.
    ink = cv2.GaussianBlur(grey(LETTER), (0, 0), 4).astype(float)
    seen = cv2.GaussianBlur(grey(page), (0, 0), 4).astype(float)
    assert np.corrcoef(ink[50:-50, 50:-50].ravel(), seen[50:-50, 50:-50].ravel())[0, 1] > 0.9
    for place in ((0.05, 0.05), (0.05, 0.95), (0.95, 0.05), (0.95, 0.5)):
        at = tuple(round(part * side) for part, side in zip(place, page.shape, strict=False))
        assert page[at].min() > 235
    red, green, blue = page[round(0.86 * page.shape[0]), round((0.68 + 20 / 210) * page.shape[1])]
    assert int(red) > 120 > int(green) + int(blue)


@pytest.mark.parametrize("tilt", [0, 20, 40], ids="tilted {}".format)
@pytest.mark.parametrize(
    ("across", "down"), [(210, 297), (297, 210), (150, 150), (80, 200)], ids=str
)
def test_the_shape_of_a_sheet_is_known_however_askew_it_was_photographed(
    across: float, down: float, tilt: float
) -> None:
    lean, turn = np.radians(tilt), np.radians(tilt / 2)
    places = []
    for x, y in ((-across, -down), (across, -down), (across, down), (-across, down)):
        at = np.array([x / 2, y / 2, 0.0])
        at = np.array([at[0], at[1] * np.cos(lean), at[1] * np.sin(lean)])
        aside, away = (
            at[0] * np.cos(turn) - at[2] * np.sin(turn),
            at[0] * np.sin(turn) + at[2] * np.cos(turn),
        )
        at = np.array([aside, at[1], away])
        seen = at[:2] / (600 + at[2]) * 3000
        places.append((0.5 + seen[0] / 3000, 0.5 + seen[1] / 4000))
    shape = shape_of(tuple(places), 3000, 4000)
    assert shape == pytest.approx(down / across, rel=0.05 if tilt else 0.001)


@pytest.mark.parametrize("kind", ["dark", "wood", "busy"])
def test_where_no_sheet_is_found_the_picture_stays_as_it_is(kind: str) -> None:
    photo = jpeg(desk(900, 1200, kind))
    done = straighten(photo)
    assert (done.data, done.changed) == (photo, False)
    assert "四个角" in done.reason


def test_a_sheet_that_fills_the_picture_is_left_alone() -> None:
    assert not straighten(jpeg(LETTER)).changed


def test_corners_set_by_hand_are_used() -> None:
    photo = photograph(LETTER, "dark", size=(1200, 1600))
    by_hand = ((0.2, 0.2), (0.5, 0.2), (0.5, 0.5), (0.2, 0.5))
    done = straighten(jpeg(photo), by_hand)
    assert (done.changed, done.corners) == (True, by_hand)


def test_a_photograph_out_of_focus_or_from_too_far_says_so() -> None:
    assert "模糊" in straighten(jpeg(photograph(LETTER, blur=4))).notes[0]
    far = straighten(jpeg(photograph(LETTER, size=(900, 1200)))).notes[0]
    assert "靠近一些" in far


def test_a_photograph_held_upright_is_straightened_upright() -> None:
    """The phone notes how it was held; the picture itself lies on its side."""
    exif = Image.Exif()
    exif[274] = 6
    photo = photograph(LETTER, size=(1500, 2000))
    lying = jpeg(np.ascontiguousarray(np.rot90(photo)), exif=exif)
    done, upright = straighten(lying), straighten(jpeg(photo))
    assert np.abs(pixels(done.data).astype(int) - pixels(upright.data)).mean() < 4


def test_a_torn_photograph_is_refused() -> None:
    with pytest.raises(StoreError, match="重新拍摄"):
        straighten(jpeg(LETTER)[:5000])


@pytest.mark.parametrize("degrees", [0, 0.3, 1, -2.5, 5, -5, 9])
@pytest.mark.parametrize("noise", [0, 8])
def test_the_lean_of_a_scan_is_measured_and_taken_back(degrees: float, noise: float) -> None:
    page = scan(grey(LETTER), 200, 100, skew_degrees=degrees, noise=noise)
    found = skew_of(page)
    assert found == pytest.approx(degrees, abs=0.1)
    assert skew_of(deskew(page, found)) == pytest.approx(0, abs=0.1)


def test_a_page_without_lines_does_not_lean() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (900, 640)).astype(np.uint8)
    ring = sheet(250)
    cv2.circle(ring, (400, 600), 200, 30, 5)
    found = [skew_of(page) for page in (sheet(240, grain=5), noise, ring)]
    assert found == pytest.approx([0, 0, 0], abs=0.1)


def test_a_leaning_scan_is_levelled_and_keeps_size_and_resolution() -> None:
    page = scan(grey(LETTER), 200, 100, skew_degrees=4)
    done = straighten_scan(jpeg(np.stack([page] * 3, axis=2), dpi=(100, 100)))
    assert done.changed
    assert skew_of(grey(pixels(done.data))) == pytest.approx(0, abs=0.1)
    with Image.open(io.BytesIO(done.data)) as image:
        assert (image.size, image.info["dpi"]) == (page.shape[::-1], (100, 100))
    level = jpeg(LETTER)
    assert straighten_scan(level).data == level
