"""Empty backs are found in every state a scanner leaves them; what bears anything is kept."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import img2pdf
import pytest

from helpers.sheets import DPI, Picture, dust, holes, scribble, shadow, sheet, write
from zhixing_desktop.dossier.blanks import blank_pages, is_blank

Change = Callable[[Picture], None]
GRAINS = [0.0, 5.0]


def nothing(_page: Picture) -> None:
    """Leave the sheet as it is."""


def black_rim(page: Picture) -> None:
    shadow(page, 4, 0)
    page[:, -6:] = 0
    page[:8] = 10


EMPTY: dict[str, Change] = {
    "nothing": nothing,
    "punch holes": lambda page: holes(page, [(10, 108), (10, 188)]),
    "pale holes": lambda page: holes(page, [(10, 60), (10, 148), (10, 236)], 200),
    "shadow of the spine": lambda page: shadow(page, 10),
    "black rim of the scanner": black_rim,
    "dust": dust,
}
BEARING: dict[str, Change] = {
    "page number": lambda page: write(page, "7", (105, 285), 2.2, 60),
    "tiny page number": lambda page: write(page, "1", (190, 12), 1.8, 60),
    "pale page number in the corner": lambda page: write(page, "12", (190, 290), 2.2, 110),
    "pencil": lambda page: scribble(page, (60, 120), 180),
    "faint pencil": lambda page: scribble(page, (60, 120), 203),
    "word at the edge": lambda page: write(page, "seen", (5, 100), 3),
    "round mark in the middle": lambda page: holes(page, [(100, 100)]),
    "a zero in the margin": lambda page: write(page, "O", (8, 100), 6),
    "holes and a note": lambda page: (holes(page, [(10, 108)]), scribble(page, (50, 60), 150))[1],
    "half of it dark": lambda page: page.__setitem__((slice(None), slice(0, 400)), 100),
    "all black": lambda page: page.fill(20),
}


@pytest.mark.parametrize("grain", GRAINS)
@pytest.mark.parametrize("state", EMPTY)
def test_an_empty_sheet_is_blank_in_every_state(state: str, grain: float) -> None:
    page = sheet(238, grain=grain)
    EMPTY[state](page)
    assert is_blank(page)


@pytest.mark.parametrize("grain", GRAINS)
@pytest.mark.parametrize("state", BEARING)
def test_a_sheet_that_bears_anything_is_not_blank(state: str, grain: float) -> None:
    page = sheet(238, grain=grain)
    BEARING[state](page)
    assert not is_blank(page)


@pytest.mark.parametrize("shade", [255, 225, 190])
def test_tinted_paper_and_a_coarse_grain_are_still_blank(shade: int) -> None:
    assert is_blank(sheet(shade, grain=14))


def test_the_blank_pages_of_a_scanned_pdf_are_named() -> None:
    pages = [sheet(244, grain=3, seed=seed) for seed in range(4)]
    write(pages[0], "To the court", (40, 60), 5)
    write(pages[2], "3", (105, 285), 2.2, 60)
    encoded = [cv2.imencode(".jpg", page)[1].tobytes() for page in pages]
    layout = img2pdf.get_fixed_dpi_layout_fun((DPI, DPI))
    assert blank_pages(img2pdf.convert(encoded, layout_fun=layout, nodate=True)) == (1, 3)
