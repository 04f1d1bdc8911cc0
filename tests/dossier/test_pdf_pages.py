"""Pages of a PDF as pictures: the right page, its seal, and what cannot be read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers.papers import BLUE, GREEN, RED, WHITE, Colour, pdf
from zhixing_desktop.dossier.pdf_pages import MOST_PIXELS, Raster, page_count, page_raster
from zhixing_desktop.workflow.errors import StoreError


def colour(raster: Raster, across: float, down: float) -> Colour:
    """Return the colour at a place, in parts of the width and the height."""
    x = min(int(raster.width * across), raster.width - 1)
    y = min(int(raster.height * down), raster.height - 1)
    blue, green, red = raster.data[y * raster.stride + 4 * x :][:3]
    return red, green, blue


def test_each_page_is_drawn_as_wide_as_asked() -> None:
    paper = pdf(RED, GREEN, BLUE)
    assert page_count(paper) == 3
    for page, wanted in enumerate((RED, GREEN, BLUE)):
        drawn = page_raster(paper, page, 300)
        assert abs(drawn.width - 300) <= 1
        assert drawn.height / drawn.width == pytest.approx(842 / 595, abs=0.01)
        assert colour(drawn, 0.5, 0.5) == wanted


def test_the_seal_of_an_electronic_signature_is_drawn() -> None:
    """It is a form field: drawing the page alone leaves it out, and nobody would see who signed."""
    drawn = page_raster(pdf(WHITE, seal=RED), 0, 600)
    assert colour(drawn, 0.5, 0.5) == RED
    assert colour(drawn, 0.1, 0.1) == WHITE


def test_a_page_as_large_as_a_house_stays_within_the_memory() -> None:
    drawn = page_raster(pdf(RED, size=(14000, 14000)), 0, 50_000)
    assert drawn.width * drawn.height <= MOST_PIXELS * 1.01
    assert colour(page_raster(pdf(RED, size=(1, 14000)), 0, 1), 0, 0.5) == RED


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7\n%%EOF\n", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"],
    ids=["empty", "nothing in it", "no pages"],
)
def test_what_is_no_whole_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(StoreError, match="已经损坏，不能显示"):
        page_count(data)


def test_one_damaged_page_says_which_and_the_others_are_drawn() -> None:
    # The second page is nowhere in the file.
    torn = pdf(RED, GREEN, BLUE).replace(b"7 0 R 9 0 R]", b"0 0 R 9 0 R]")
    with pytest.raises(StoreError, match="第2页已经损坏"):
        page_raster(torn, 1, 100)
    assert colour(page_raster(torn, 0, 100), 0.5, 0.5) == RED


def test_several_threads_do_not_get_into_each_others_way() -> None:
    papers = [pdf(RED, GREEN), pdf(GREEN, BLUE), pdf(BLUE, RED)]
    with ThreadPoolExecutor(4) as pool:
        asked = [(paper, page) for paper in papers for page in (0, 1)] * 6
        drawn = pool.map(lambda entry: page_raster(*entry, 120), asked)
        seen = [colour(raster, 0.5, 0.5) for raster in drawn]
    assert seen == [RED, GREEN, GREEN, BLUE, BLUE, RED] * 6
