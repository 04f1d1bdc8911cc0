"""Before a volume goes to paper: does the printer print it as it was laid out?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.made_papers import ruling
from helpers.proving import file_paper
from zhixing_desktop.services import dossier_volumes
from zhixing_desktop.services.dossier_types import MAIN
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.duplex_check import Modes, Way, doubt
from zhixing_desktop.ui.dossier.volume_printing import PrintRoom
from zhixing_desktop.ui.dossier.volumes_window import VolumesWindow

Mode = QPrinter.DuplexMode
NONE, AUTO, LONG, SHORT = (
    Mode.DuplexNone, Mode.DuplexAuto, Mode.DuplexLongSide, Mode.DuplexShortSide,
)  # fmt: skip
BOTH: Modes = (NONE, AUTO, LONG, SHORT)


@pytest.mark.parametrize("asked", [LONG, AUTO])
@pytest.mark.parametrize("able", [BOTH, None])
def test_both_sides_on_a_printer_that_can_raise_no_doubt(
    asked: QPrinter.DuplexMode, able: Modes | None
) -> None:
    assert doubt(True, asked, able, "办公室", 10) is None


def test_one_side_asked_and_laid_out_raises_no_doubt() -> None:
    assert doubt(False, NONE, (NONE,), "办公室", 10) is None


def test_a_printer_that_cannot_print_both_sides_is_named_before_the_paper_is_spoilt() -> None:
    found = doubt(True, LONG, (NONE,), "办公室", 10)
    assert found is not None
    assert "“办公室”不能双面打印" in found.question
    assert "10张" in found.question
    assert found.ways == (Way.OTHER_PRINTER, Way.PLAN_SINGLE, Way.ANYWAY)


@pytest.mark.parametrize(
    ("duplex", "asked", "words", "first"),
    [
        (True, NONE, "打印设置选的是单面", Way.SET_DUPLEX),
        (True, SHORT, "短边翻页", Way.SET_DUPLEX),
        (False, LONG, "这一册按单面编排，打印设置选的是双面", Way.SET_SINGLE),
        (False, AUTO, "这一册按单面编排，打印设置选的是双面", Way.SET_SINGLE),
    ],
)
def test_a_setting_that_disagrees_with_the_layout_is_asked_about(
    duplex: bool, asked: QPrinter.DuplexMode, words: str, first: Way
) -> None:
    found = doubt(duplex, asked, BOTH, "", 3)
    assert found is not None
    assert words in found.question
    assert found.ways[0] is first


class FilePrinter(QPrinter):
    """A printer that writes a file, but remembers its sides as one does that takes paper."""

    sides = NONE

    def setDuplex(self, duplex: QPrinter.DuplexMode) -> None:  # noqa: N802 - the name is Qt's
        self.sides = duplex

    def duplex(self) -> QPrinter.DuplexMode:
        return self.sides


class Printers:
    """Printers that pass for such as take paper."""

    def __init__(self, sheet: Path) -> None:
        self.sheet = sheet
        self.able: Modes = (NONE,)

    def make(self) -> QPrinter:
        made = FilePrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(self.sheet))
        return made

    def room(self) -> PrintRoom:
        return PrintRoom(self.make, lambda _printer: self.able, lambda _printer: True)


@pytest.fixture
def printers(tmp_path: Path) -> Printers:
    return Printers(tmp_path / "printed.pdf")


@pytest.fixture
def office(paper_office: Office) -> Office:
    file_paper(paper_office, paper_office.case_ids[0], "执行申请书", ruling(300), 6)
    return paper_office


@pytest.fixture
def volumes(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None],
    printers: Printers, qtbot: QtBot,
) -> Iterator[VolumesWindow]:  # fmt: skip
    (case,) = office.case_ids
    actor = office.actor()
    window = VolumesWindow(
        office.bureau, bridge, lambda: actor, case, office.detail(case).case_no, host,
        make_printer=printers.make, room=printers.room(),
    )  # fmt: skip
    with qtbot.waitSignal(window.previewed, timeout=30_000):
        window.show()
    if not window.duplex.isChecked():
        with qtbot.waitSignal(window.previewed, timeout=30_000):
            window.duplex.setChecked(True)
    yield window
    settle()


def answer(window: VolumesWindow, words: str) -> None:
    box = window.printing.question
    assert isinstance(box, QMessageBox)
    next(b for b in box.findChildren(QPushButton) if b.text() == words).click()


def recorded(office: Office) -> str:
    (line,) = dossier_volumes.volumes(
        office.bureau, office.actor(), office.case_ids[0], MAIN
    )  # fmt: skip
    return line.state


def test_nothing_is_printed_or_recorded_until_somebody_has_answered(
    volumes: VolumesWindow, printers: Printers, office: Office, settle: Callable[[], None],
    qtbot: QtBot,
) -> None:  # fmt: skip
    printer = printers.make()
    printer.setDuplex(LONG)
    volumes.send_to(printer)
    settle()
    assert recorded(office) == ""
    assert not printers.sheet.exists()
    with qtbot.waitSignal(volumes.previewed, timeout=30_000):
        answer(volumes, "改为单面编排")
    assert volumes.prepared is not None
    assert not volumes.prepared.duplex
    assert "已改为单面编排" in volumes.said.text()
    assert recorded(office) == ""
    printer = printers.make()
    with qtbot.waitSignal(volumes.printed, timeout=60_000):
        volumes.send_to(printer)
    assert recorded(office) == "open"
    assert printers.sheet.exists()


def test_the_setting_is_put_right_and_the_volume_printed(
    volumes: VolumesWindow, printers: Printers, office: Office, settle: Callable[[], None],
    qtbot: QtBot,
) -> None:  # fmt: skip
    printers.able = (NONE, LONG)
    printer = printers.make()
    printer.setDuplex(NONE)
    volumes.send_to(printer)
    settle()
    with qtbot.waitSignal(volumes.printed, timeout=60_000):
        answer(volumes, "按双面（长边翻页）打印")
    assert printer.duplex() is LONG
    assert recorded(office) == "open"


def test_the_dialog_begins_with_the_sides_that_the_volume_was_laid_out_for(
    volumes: VolumesWindow, qtbot: QtBot
) -> None:
    dialog = volumes.ask_print()
    assert dialog is not None
    assert dialog.printer().duplex() is LONG
    dialog.reject()
    with qtbot.waitSignal(volumes.previewed, timeout=30_000):
        volumes.duplex.setChecked(False)
    dialog = volumes.ask_print()
    assert dialog is not None
    assert dialog.printer().duplex() is NONE
    dialog.reject()
