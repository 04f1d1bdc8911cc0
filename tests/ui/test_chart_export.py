"""A chart in files and on paper."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewWidget
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.charts import NAMES, mixed_marks, real_chart
from zhixing_desktop.ui.chart.export import (
    Sheet,
    export_pdf,
    export_png,
    export_svg,
    print_chart,
    print_sheet,
)
from zhixing_desktop.ui.theme import LIGHT, install_fonts
from zhixing_desktop.workflow.errors import StoreError

TITLE = "（2024）豫0811执1号"


@pytest.fixture(params=NAMES)
def sheet(request: pytest.FixtureRequest, qapp: QApplication) -> Sheet:
    install_fonts(qapp)
    chart = real_chart(request.param)
    return Sheet(chart, mixed_marks(chart), f"{TITLE} {chart.title}", "2024年3月1日打印")


def test_svg_keeps_its_text_as_text(sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "图.svg"
    export_svg(sheet, path)
    root = ElementTree.parse(path).getroot()
    words = ["".join(node.itertext()).strip() for node in root.iter() if node.tag.endswith("text")]
    everything = "".join(words)
    assert sheet.title in words
    assert sheet.date_line in words
    for node in sheet.chart.nodes:
        assert node.title[:4] in everything
    for edge in sheet.chart.edges:
        assert edge.label in words
    for look in LIGHT.states.values():
        assert look.word in words


def test_svg_is_read_back_without_complaint(sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "chart.svg"
    export_svg(sheet, path)
    renderer = QSvgRenderer(str(path))  # a warning of Qt would fail the test
    assert renderer.isValid()
    assert renderer.viewBoxF() == QRectF(0, 0, sheet.size().width(), sheet.size().height())


def test_png_has_the_wished_size_and_colours(sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "chart.png"
    export_png(sheet, path, scale=0.5)
    image = QImage(str(path))
    assert image.width() == pytest.approx(sheet.size().width() / 2, abs=1)
    colours = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    }
    assert {look.fill for look in LIGHT.states.values()} <= colours


def test_pdf_is_one_page_of_a3(sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "chart.pdf"
    export_pdf(sheet, path)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 1
    assert paper(data) == (1191, 842)
    assert b"FontFile" in data


def test_pdf_on_other_paper(sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "chart.pdf"
    export_pdf(sheet, path, QPageSize.PageSizeId.A4, QPageLayout.Orientation.Portrait)
    assert paper(path.read_bytes()) == (595, 842)


def paper(data: bytes) -> tuple[int, int]:
    """Width and height of the page in points."""
    found = re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", data)
    assert found is not None
    return (round(float(found[1])), round(float(found[2])))


def test_a_folder_that_is_not_there_is_said(sheet: Sheet, tmp_path: Path) -> None:
    for write in (export_svg, export_png, export_pdf):
        path = tmp_path / "nowhere" / "chart"
        with pytest.raises(StoreError, match="请换一个文件夹") as refused:
            write(sheet, path)
        assert str(path) in refused.value.sentence
        assert not path.exists()


def test_print_fills_one_page(sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "print.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    print_sheet(printer, sheet)
    assert path.read_bytes().count(b"/Type /Page\n") == 1


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_preview_shows_one_landscape_page(qtbot: QtBot, sheet: Sheet) -> None:
    dialog = print_chart(sheet)
    pages = dialog.findChild(QPrintPreviewWidget)
    assert pages is not None
    qtbot.waitUntil(lambda: pages.pageCount() == 1)
    assert pages.orientation() == QPageLayout.Orientation.Landscape
    assert TITLE in dialog.windowTitle()
    dialog.close()
