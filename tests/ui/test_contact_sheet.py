"""The contact sheet of papers: every page of every paper, in pictures and in one PDF."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from helpers.made_papers import ruling
from helpers.office import boxes_of, official, shelf
from zhixing_desktop.documents.pdf import page_count, render_pdf
from zhixing_desktop.services.paper_types import PaperFile
from zhixing_desktop.ui.papers.contact_sheet import contact_sheet


def test_every_page_of_every_paper_is_on_the_sheets(qapp: QApplication, tmp_path: Path) -> None:
    del qapp
    long = ruling(60, paragraphs=20)
    data = render_pdf(long, official(), shelf())
    pages = page_count(long, official(), shelf())
    papers = [(f"裁定书{n}", PaperFile("a.pdf", "application/pdf", data)) for n in range(10)]
    pdf, *pictures = contact_sheet(papers, tmp_path)
    wanted = -(-10 * pages // 18)
    assert len(pictures) == wanted > 1
    assert len(boxes_of(pdf.read_bytes())) == wanted
    across, down = boxes_of(pdf.read_bytes())[0]
    assert across > down
    first, last = QImage(str(pictures[0])), QImage(str(pictures[-1]))
    assert _white(first) > _white(last) > 0.05


def _white(image: QImage) -> float:
    """Return how much of a picture is paper."""
    small = image.scaled(200, 150)
    white = sum(
        small.pixelColor(x, y).lightness() > 240
        for x in range(small.width())
        for y in range(small.height())
    )
    return white / (small.width() * small.height())
