"""A paper on the screen: every kind of file, turning over, larger and smaller, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from helpers.papers import BLUE, GREEN, RED, Colour, broken_png, pdf, png, tiff
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.page_view import PageView

Settle = Callable[[], None]
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Reader(QWidget):
    """A window with a field to type in and a paper beside it."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        self.field = QLineEdit(self)
        self.paper = PageView(bridge, self)
        box.addWidget(self.field)
        box.addWidget(self.paper, 1)


@pytest.fixture
def reader(bridge: Bridge, qtbot: QtBot) -> Reader:
    made = Reader(bridge)
    qtbot.addWidget(made)
    made.resize(640, 520)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.field.setFocus()
    return made


def opened(reader: Reader, settle: Settle, pages: FilePages) -> PageView:
    reader.paper.show_file(pages)
    settle()
    assert reader.paper.words.isHidden(), reader.paper.words.text()
    return reader.paper


def colour(paper: PageView, across: float = 0.5, down: float = 0.5) -> Colour:
    """What is seen at a place of the page."""
    canvas = paper.canvas
    place = QPoint(int(canvas.width() * across), int(canvas.height() * down))
    found = QColor(canvas.grab().toImage().pixel(place))
    return found.red(), found.green(), found.blue()


def test_a_paper_of_many_pages_is_turned_over_from_the_field(
    reader: Reader, settle: Settle
) -> None:
    paper = opened(reader, settle, file_pages("卷.pdf", "application/pdf", pdf(RED, GREEN, BLUE)))
    assert (colour(paper), paper.number.text(), paper.total.text()) == (RED, "第 1 页", "共3页")
    assert not paper.before.isEnabled()
    QTest.keyClick(reader.field, Qt.Key.Key_PageDown, ALT)
    settle()
    assert (colour(paper), paper.number.value()) == (GREEN, 2)
    QTest.keyClick(reader.field, Qt.Key.Key_PageDown, ALT)
    QTest.keyClick(reader.field, Qt.Key.Key_PageDown, ALT)
    settle()
    assert (colour(paper), paper.number.value()) == (BLUE, 3)
    assert not paper.after.isEnabled()
    assert reader.focusWidget() is reader.field, "the cursor stays where something is typed"
    paper.number.setValue(2)
    settle()
    assert colour(paper) == GREEN


def test_with_the_cursor_in_the_paper_page_keys_go_through_all_of_it(
    reader: Reader, settle: Settle
) -> None:
    paper = opened(reader, settle, file_pages("卷.pdf", "application/pdf", pdf(RED, GREEN)))
    paper.setFocus()
    bar = paper.area.verticalScrollBar()
    assert bar.maximum() > 0, "A4 across the whole width is higher than the window"
    presses = 0
    while paper.page == 0:
        QTest.keyClick(paper.area, Qt.Key.Key_PageDown)
        presses += 1
        assert presses < 10
    settle()
    assert presses > 1, "the rest of the page comes before the next page"
    assert (colour(paper), bar.value()) == (GREEN, 0)
    QTest.keyClick(paper.area, Qt.Key.Key_Home)
    settle()
    assert colour(paper) == RED
    QTest.keyClick(paper.area, Qt.Key.Key_End)
    settle()
    assert colour(paper) == GREEN


def test_larger_smaller_the_whole_page_and_turned(reader: Reader, settle: Settle) -> None:
    paper = opened(reader, settle, file_pages("批复.pdf", "application/pdf", pdf(RED)))
    assert paper.number.isHidden(), "one page needs no turning over"
    room = paper.area.viewport().width()
    assert abs(paper.canvas.width() - room) <= 1
    QTest.keyClick(reader.field, Qt.Key.Key_Plus, CONTROL)
    settle()
    assert paper.canvas.width() == pytest.approx(room * 1.25, abs=2)
    # As many pixels as are shown: drawn anew, not blown up.
    assert paper.canvas.image.width() >= paper.canvas.width()
    QTest.keyClick(reader.field, Qt.Key.Key_0, CONTROL)
    settle()
    assert abs(paper.canvas.width() - room) <= 1
    paper.whole_button.click()
    settle()
    assert paper.canvas.height() <= paper.area.viewport().height() + 1
    assert paper.canvas.width() < paper.canvas.height()
    paper.turn_button.click()
    settle()
    assert paper.canvas.width() > paper.canvas.height()


def test_pictures_are_shown_too(reader: Reader, settle: Settle) -> None:
    paper = opened(reader, settle, file_pages("批复.png", "image/png", png(BLUE, 40, 60)))
    assert colour(paper) == BLUE
    assert paper.canvas.height() == pytest.approx(paper.canvas.width() * 1.5, abs=2)
    paper = opened(reader, settle, file_pages("批复.tif", "image/tiff", tiff(0, 255)))
    assert colour(paper) == (0, 0, 0)
    QTest.keyClick(reader.field, Qt.Key.Key_PageDown, ALT)
    settle()
    assert colour(paper) == (255, 255, 255)


def test_a_damaged_page_says_so_and_the_others_are_still_there(
    reader: Reader, settle: Settle
) -> None:
    torn = pdf(RED, GREEN, BLUE).replace(b"7 0 R 9 0 R]", b"0 0 R 9 0 R]")
    paper = opened(reader, settle, file_pages("批复.pdf", "application/pdf", torn))
    paper.go_to(1)
    settle()
    assert "第2页已经损坏，不能显示" in paper.words.text()
    assert not paper.words.isHidden()
    paper.go_to(2)
    settle()
    assert colour(paper) == BLUE
    assert paper.words.isHidden()
    paper.show_file(file_pages("批复.png", "image/png", broken_png()))
    settle()
    assert "这张图片已经损坏，不能显示" in paper.words.text()


def test_of_many_pages_passed_by_only_the_last_is_drawn(
    reader: Reader, settle: Settle, qtbot: QtBot
) -> None:
    paper = opened(reader, settle, file_pages("卷.pdf", "application/pdf", pdf(*[RED] * 40, BLUE)))
    seen: list[int] = []
    paper.page_shown.connect(seen.append)
    for _ in range(40):
        QTest.keyClick(reader.field, Qt.Key.Key_PageDown, ALT)
    settle()
    assert colour(paper) == BLUE
    assert seen == [41]
