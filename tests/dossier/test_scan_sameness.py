"""Sheets that come back as they were printed are told from those on which somebody wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from helpers.bound_volumes import amounts, drawn, printed_page, stamp_of
from helpers.papers import pdf
from helpers.scanner import Picture, Stain, scan, scanned_pdf
from zhixing_desktop.dossier.scan_sameness import Pair, ScanSameness
from zhixing_desktop.workflow.errors import StoreError

DATA = drawn(amounts())
STAMP = stamp_of(5, 1, 1, DATA)
DPI = 200


def as_printed(page: Picture) -> Picture:
    return page


def initials(page: Picture) -> Picture:
    """A few small letters in pen."""
    for stroke in range(3):
        left = 1000 + 16 * stroke
        cv2.line(page, (left, 2000), (left + 10, 2024), 60, 3)
    return page


def seal(page: Picture) -> Picture:
    """A round seal, its red pale in grey."""
    cv2.circle(page, (1100, 1900), 150, 150, 8)
    cv2.circle(page, (1100, 1900), 30, 150, -1)
    return page


def unchanged(tmp_path: Path, page: Picture, data: bytes = DATA, **how: object) -> bool:
    record, place = tmp_path / "record.pdf", tmp_path / "scan.pdf"
    record.write_bytes(data)
    sheet = scan(page, DPI, 150, noise=3, seed=3, **how)  # type: ignore[arg-type] # passed on
    place.write_bytes(scanned_pdf([sheet], 150))
    held = ScanSameness(place)
    return held.unchanged(record, STAMP, [Pair(0, 0)], own_paper=False)


@pytest.mark.parametrize("how", [{}, {"skew_degrees": 1.5}, {"rotation": 180}, {"contrast": 0.7}])
def test_a_sheet_that_comes_back_as_it_was_printed_is_known(
    tmp_path: Path, how: dict[str, object]
) -> None:
    assert unchanged(tmp_path, printed_page(DATA, 0, STAMP), **how)


@pytest.mark.parametrize("write", [initials, seal])
def test_a_sheet_on_which_somebody_wrote_or_sealed_is_not(
    tmp_path: Path, write: Callable[[Picture], Picture]
) -> None:
    assert not unchanged(tmp_path, write(printed_page(DATA, 0, STAMP).copy()))


def test_what_nobody_can_be_sure_of_is_not_called_unchanged(tmp_path: Path) -> None:
    page = printed_page(DATA, 0, STAMP)
    assert not unchanged(tmp_path, page, stain=Stain(100, 150, 30, 0.5))
    other = drawn(amounts(7))
    assert not unchanged(tmp_path, page, other)
    dark = pdf((0.6, 0.1, 0.1))
    assert not unchanged(tmp_path, printed_page(dark, 0, STAMP), dark)


def test_a_page_that_is_not_there_and_who_stops(tmp_path: Path) -> None:
    assert not unchanged(tmp_path, printed_page(DATA, 0, STAMP), b"%PDF-1.4 kaput")
    (tmp_path / "record.pdf").write_bytes(DATA)
    held = ScanSameness(tmp_path / "scan.pdf")
    assert not held.unchanged(tmp_path / "record.pdf", STAMP, [Pair(7, 0)], own_paper=False)

    def stop() -> None:
        raise StoreError("已经停止", data={"kind": "cancelled"})

    with pytest.raises(StoreError, match="已经停止"):
        held.unchanged(tmp_path / "record.pdf", STAMP, [Pair(0, 0)], own_paper=False, step=stop)
