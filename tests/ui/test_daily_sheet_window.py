"""The daily sheet on the screen and on paper: one page, nothing cut, each copy journalled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from helpers.bureau import CHIEF, OFFICER, Office
from helpers.offices import journal
from helpers.waiting_cases import frozen_notices
from zhixing_desktop.services import approvals
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.daily_sheet_window import DailySheetWindow
from zhixing_desktop.ui.paper import Paper

Settle = Callable[[], None]
WindowFor = Callable[[str], DailySheetWindow]


@pytest.fixture
def window_for(office: Office, bridge: Bridge, qtbot: QtBot, settle: Settle) -> WindowFor:
    def made(name: str) -> DailySheetWindow:
        window = DailySheetWindow(office.bureau, bridge, office.actor(name), office.clock.now())
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        settle()
        return window

    return made


def ordinary_day(office: Office) -> None:
    """Eight decisions, ten late cases."""
    for case, request in frozen_notices(office, 8):
        approvals.decide_application(
            office.bureau, office.actor(CHIEF), case, request, "granted", "情况属实，限三日内办结"
        )


def only_page(file: Path) -> QImage:
    """The one page of a PDF as a grey picture, 60 dots an inch."""
    with pypdfium2.PdfDocument(file) as document:
        (page,) = document
        drawn = page.render(scale=60 / 72, grayscale=True)
        shape = (drawn.width, drawn.height, drawn.stride, QImage.Format.Format_Grayscale8)
        return QImage(bytes(drawn.buffer), *shape).copy()


def test_an_ordinary_day_fits_one_page_and_nothing_is_cut(
    office: Office, window_for: WindowFor, settle: Settle, tmp_path: Path
) -> None:
    ordinary_day(office)
    window = window_for(CHIEF)
    assert window.preview.pageCount() == 1
    target = tmp_path / "日报.pdf"
    window.save_pdf(target)
    settle()
    assert "已存为日报.pdf" in window.words.text()
    actions = [entry for entry in journal(office.bureau) if entry[1] == CHIEF]
    assert ("export", CHIEF) in actions
    assert ("sheet.print", CHIEF) in actions
    picture = only_page(target)
    # A4, with a white border on all sides: what ran out of the page would stand in it.
    assert abs(picture.height() / picture.width() - 2**0.5) < 0.01
    margin = picture.width() // 20
    inked = [
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).lightness() < 160
    ]
    assert len(inked) > 2000
    assert min(x for x, _ in inked) > margin
    assert max(x for x, _ in inked) < picture.width() - margin
    assert max(y for _, y in inked) < picture.height() - margin


def test_who_may_not_have_it_is_told_so(office: Office, window_for: WindowFor) -> None:
    window = window_for(OFFICER)
    assert "应由执行局长、主管院领导办理（权限表M-61）" in window.words.text()
    assert not window.print_button.isEnabled()
    assert not window.pdf_button.isEnabled()
    assert window.paper is None


def test_an_earlier_day_carries_its_own_head(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    window = window_for(CHIEF)
    assert window.sheet is not None
    today = window.sheet.head_id
    window.day.setDate(window.day.date().addDays(-10))
    settle()
    assert window.sheet is not None
    assert window.sheet.head_id < today


def test_paper_is_a4_with_its_margins() -> None:
    pdf = Paper("试页", "<p>内容</p>" * 200).pdf()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") > 1, "a long text goes on to the next page"
