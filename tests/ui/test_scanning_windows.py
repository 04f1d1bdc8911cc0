"""Scanning at the desk: what waits is filed, a stack is sorted, the folder is set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.dossier_files import TORN, pages
from zhixing_desktop.dossier.pdf_pages import page_count
from zhixing_desktop.services import dossier
from zhixing_desktop.services.dossier_arrivals import arrive
from zhixing_desktop.services.dossier_separators import SeparatorWish, separator_file
from zhixing_desktop.services.dossier_tray import waiting
from zhixing_desktop.services.dossier_tray_rows import ASIDE, TraySource
from zhixing_desktop.services.dossier_types import Piece
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.scan_sheets_dialog import ScanSheetsDialog
from zhixing_desktop.ui.dossier.scan_windows import ScanWindows
from zhixing_desktop.ui.dossier.tray_window import TrayWindow

Calm = Callable[[], None]


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def case(office: Office) -> int:
    return office.case_ids[0]


@pytest.fixture
def calm(qtbot: QtBot, bridge: Bridge) -> Calm:
    def wait() -> None:
        QTest.qWait(1)
        qtbot.waitUntil(lambda: bridge.pending == 0, timeout=30_000)

    return wait


@pytest.fixture
def windows(office: Office, bridge: Bridge, host: QWidget) -> ScanWindows:
    actor = office.actor()
    return ScanWindows(office.bureau, bridge, lambda: actor, host)


def come(office: Office, data: bytes, name: str = "SCAN0001.pdf") -> None:
    arrive(office.bureau, office.actor(), Piece(name, data), TraySource.FOLDER)


def tray(windows: ScanWindows, calm: Calm) -> TrayWindow:
    window = windows.tray()
    window.resize(1340, 690)
    calm()
    return window


def test_a_scan_is_filed_to_a_case_and_the_next_one_is_shown(
    office: Office, case: int, windows: ScanWindows, calm: Calm, qtbot: QtBot
) -> None:
    come(office, pages(3))
    come(office, pages(2), "SCAN0002.pdf")
    window = tray(windows, calm)
    counts: list[int] = []
    windows.counted.connect(counts.append)
    assert window.list.count() == 2
    assert window.pages.model.rowCount() == 3
    assert not window.act.isEnabled()
    window.finder.line.setText(office.detail(case).case_no)
    window.finder.look()
    calm()
    assert window.finder.case_id == case
    window.form.name.set_value("询问笔录")
    window.form.place.set_place("main", 11)
    window.form.place.edited.emit()
    window.which.setText("1，3")
    window.submit()
    qtbot.waitUntil(lambda: "已归入" in window.said.text(), timeout=30_000)
    calm()
    (item,) = dossier.dossier(office.bureau, office.actor(), case).main.items
    assert (item.name, item.place, item.pages) == ("询问笔录", 11, 2)
    lines = waiting(office.bureau, office.actor())
    assert [line.pages_words for line in lines] == ["第1-2页", "第2页"]
    assert window.list.count() == 2
    assert counts[-1] == 2


def test_pages_that_are_none_are_said_and_nothing_is_filed(
    office: Office, windows: ScanWindows, calm: Calm
) -> None:
    come(office, pages(2))
    window = tray(windows, calm)
    for typed, words in (("1-9", "没有第3页"), ("一", "不是页码")):
        window.which.setText(typed)
        window.which.textEdited.emit(typed)
        assert words in window.wrong.text()
        assert not window.act.isEnabled()


def test_a_torn_file_is_shown_with_its_fault_and_set_aside(
    office: Office, windows: ScanWindows, calm: Calm
) -> None:
    come(office, TORN, "坏.pdf")
    window = tray(windows, calm)
    assert window.hint.text()
    assert not window.aside.isEnabled()
    window.aside_reason.setText("与案件无关")
    window.aside_reason.textEdited.emit("")
    window.set_aside()
    calm()
    assert waiting(office.bureau, office.actor()) == ()
    window.state.setCurrentIndex(2)
    window.reload()
    calm()
    assert len(waiting(office.bureau, office.actor(), ASIDE)) == window.list.count() == 1
    window.fetch_back()
    calm()
    assert len(waiting(office.bureau, office.actor())) == 1


def test_files_that_are_dropped_wait_and_the_same_again_is_told(
    office: Office, windows: ScanWindows, calm: Calm
) -> None:
    window = tray(windows, calm)
    window.arrivals.bring([Piece("a.pdf", pages(1))])
    calm()
    assert window.list.count() == 1
    window.arrivals.bring([Piece("b.pdf", pages(1))])
    calm()
    assert "同一份" in window.said.text()
    assert window.list.count() == 1


def test_a_stack_is_sorted_and_each_page_is_accounted_for(
    office: Office, case: int, windows: ScanWindows, calm: Calm, tmp_path: Path
) -> None:
    sheets = separator_file(office.bureau, office.actor(), case, [SeparatorWish(place=11)])
    place = tmp_path / "整批.pdf"
    place.write_bytes(sheets.data)
    dialog = windows.stack()
    assert not dialog.act.isEnabled()
    dialog.file.setText(str(tmp_path / "没有.pdf"))
    dialog.submit()
    calm()
    assert "找不到文件" in dialog.wrong.text()
    dialog.file.setText(str(place))
    dialog.submit()
    calm()
    assert "共1页" in dialog.sentence.text()
    assert dialog.list.count() == 2
    assert dialog.tray.isEnabled()
    assert len(waiting(office.bureau, office.actor())) == 1


def test_separators_go_to_the_printer(
    office: Office, case: int, bridge: Bridge, host: QWidget, qtbot: QtBot, tmp_path: Path,
    calm: Calm,
) -> None:  # fmt: skip
    out = tmp_path / "打印.pdf"

    def to_file() -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(out))
        return printer

    actor = office.actor()
    dialog = ScanSheetsDialog(
        office.bureau, bridge, lambda: actor, case, "案", host, make_printer=to_file
    )
    dialog.open()
    calm()
    dialog.targets.item(0).setCheckState(dialog.targets.item(0).checkState().Checked)
    dialog.targets.item(1).setCheckState(dialog.targets.item(0).checkState().Checked)
    assert dialog.act.text() == "打印2张…"
    asked = dialog.print_sheets()
    assert asked is not None
    asked.accept()
    qtbot.waitUntil(lambda: bool(dialog.said.text() or dialog.wrong.text()), timeout=30_000)
    assert dialog.said.text() == "已送打印机，共2页。"
    assert page_count(out.read_bytes()) == 2


def test_the_scan_folder_is_checked_before_it_is_saved(
    windows: ScanWindows, calm: Calm, tmp_path: Path
) -> None:
    saved: list[str] = []
    windows.folder_saved.connect(saved.append)
    dialog = windows.scan_folder()
    dialog.line.setText(str(tmp_path / "没有"))
    dialog.submit()
    assert not dialog.save.isEnabled()
    calm()
    assert "找不到文件夹" in dialog.wrong.text()
    dialog.line.setText(str(tmp_path))
    dialog.submit()
    calm()
    assert saved == [str(tmp_path)]
    assert windows.scan_folder().line.text() == str(tmp_path)
