"""The pages of a scan from whatever the scanner wrote: PDF, TIFF, pictures in a folder."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import img2pdf
import numpy as np
import pikepdf
import pytest
from numpy.typing import NDArray
from PIL import Image

from helpers.scanner import scanned_pdf
from zhixing_desktop.dossier.pdf_pictures import PdfPictures
from zhixing_desktop.dossier.scanned_pages import scanned_pages
from zhixing_desktop.workflow.errors import StoreError

Picture = NDArray[np.uint8]


def sheet(number: int, size: tuple[int, int] = (1240, 1754)) -> Picture:
    """Return an upright page with a bar at the top, as long as its number says."""
    page = np.full((size[1], size[0]), 250, np.uint8)
    page[100:200, 100 : 100 + 80 * number] = 20
    return page


def number_of(page: Picture) -> int:
    """Return the number of an upright page of any size; 0 where the bar is not at the top."""
    row = page[round(page.shape[0] * 150 / 1754)]
    return round(float((row < 128).sum()) / page.shape[1] * 1240 / 80)


def shown(path: Path) -> list[int]:
    return [number_of(page.picture()) for page in scanned_pages(path)]


def test_the_pages_of_a_scanners_pdf_come_in_order(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(scanned_pdf([sheet(n) for n in (1, 2, 3)]))
    pages = list(scanned_pages(file))
    assert [page.place for page in pages] == [1, 2, 3]
    assert shown(file) == [1, 2, 3]
    assert pages[0].picture().shape == (1754, 1240)


@pytest.mark.parametrize("dpi", [100, 150, 300, 600])
def test_any_resolution_comes_out_at_the_working_one(tmp_path: Path, dpi: int) -> None:
    file = tmp_path / "scan.pdf"
    size = (round(210 / 25.4 * dpi), round(297 / 25.4 * dpi))
    page = np.asarray(cv2.resize(sheet(4), size, interpolation=cv2.INTER_AREA), np.uint8)
    file.write_bytes(scanned_pdf([page], dpi=dpi))
    with PdfPictures(file) as pictures:
        found = pictures.picture(0)
    assert found.shape == pytest.approx((1754, 1240), abs=2)
    assert number_of(found) == 4


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_that_the_file_shows_turned_is_seen_as_it_is_shown(turn: int) -> None:
    quarter = turn // 90
    stored = np.ascontiguousarray(np.rot90(sheet(5), quarter))
    data = scanned_pdf([stored])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.pages[0].rotate(turn, relative=False)
        out = io.BytesIO()
        pdf.save(out)
    with PdfPictures(out.getvalue()) as pictures:
        assert number_of(pictures.picture(0)) == 5


@pytest.mark.parametrize(
    "more",
    [b"0 0 0 rg 0 0 595 842 re f", b"q 595 0 0 842 0 -400 cm /Im0 Do Q"],
    ids=["something painted over it", "drawn twice"],
)
def test_what_lies_over_a_picture_is_seen(more: bytes) -> None:
    """Taking the JPEG out would miss it."""
    data = scanned_pdf([sheet(5)])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        (name,) = pdf.pages[0].resources.XObject.keys()
        pdf.pages[0].contents_add(more.replace(b"/Im0", name.encode()))
        out = io.BytesIO()
        pdf.save(out)
    with PdfPictures(data) as plain, PdfPictures(out.getvalue()) as covered:
        one, other = (shot.picture(0)[:1700, :1200].astype(int) for shot in (plain, covered))
    assert np.abs(one - other).max() > 100


def test_a_page_without_jpeg_is_drawn(tmp_path: Path) -> None:
    done, png = cv2.imencode(".png", sheet(6))
    assert done
    file = tmp_path / "scan.pdf"
    layout = img2pdf.get_fixed_dpi_layout_fun((150, 150))
    file.write_bytes(img2pdf.convert(png.tobytes(), layout_fun=layout))
    assert shown(file) == [6]


def test_the_pages_of_a_tiff_and_the_files_of_a_folder(tmp_path: Path) -> None:
    pictures = [Image.fromarray(sheet(n)) for n in (1, 2, 3)]
    pictures[0].save(tmp_path / "a.tif", save_all=True, append_images=pictures[1:], dpi=(150, 150))
    assert shown(tmp_path / "a.tif") == [1, 2, 3]
    folder = tmp_path / "many"
    folder.mkdir()
    for number in (10, 2, 1):
        Image.fromarray(sheet(number)).save(folder / f"第{number}页.jpg", dpi=(150, 150))
    (folder / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0nothing")
    assert shown(folder) == [1, 2, 10]
    assert [page.name for page in scanned_pages(folder)] == [
        "第1页.jpg", "第2页.jpg", "第10页.jpg",
    ]  # fmt: skip


def test_a_torn_page_says_which(tmp_path: Path) -> None:
    whole = io.BytesIO()
    Image.fromarray(sheet(1)).save(whole, "TIFF")
    (tmp_path / "a.tif").write_bytes(whole.getvalue())
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"\0" * 200)
    pages = list(scanned_pages(tmp_path))
    assert number_of(pages[0].picture()) == 1
    with pytest.raises(StoreError, match="扫描件第2页的图像已经损坏"):
        pages[1].picture()


@pytest.mark.parametrize("what", ["nothing", "empty folder", "words"])
def test_what_is_no_scan_is_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / "scan"
    if what == "empty folder":
        path.mkdir()
    elif what == "words":
        path.write_text("这不是扫描件", encoding="utf-8")
    with pytest.raises(StoreError):
        next(scanned_pages(path))
