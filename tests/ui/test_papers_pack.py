"""Several papers at once: the list, the pages as they come out, one print job, files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.offices import journal
from helpers.paper_desk import SIX
from zhixing_desktop.services import papers
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.page_images import page_image
from zhixing_desktop.ui.papers.pack_window import PackWindow
from zhixing_desktop.ui.papers.print_run import Part, prepare, print_run, run_of
from zhixing_desktop.ui.papers.windows import PaperWindows
from zhixing_desktop.workflow.errors import StoreError
from zhixing_desktop.workflow.views import Key

Settle = Callable[[], None]
NODE = Key(2, "case")
PDF = QPrinter.OutputFormat.PdfFormat


@pytest.fixture
def office(paper_office: Office) -> Office:
    given = ("court.supervision_phone", "0391-12368", "首次设置")
    change_setting(paper_office.bureau, paper_office.actor("何管理"), *given)
    return paper_office


@pytest.fixture
def case(office: Office) -> int:
    return office.case_ids[0]


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    return tmp_path / "printed.pdf"


@pytest.fixture
def windows(office: Office, bridge: Bridge, host: QWidget, printed: Path) -> PaperWindows:
    def printer() -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(PDF)
        made.setOutputFileName(str(printed))
        return made

    actor = office.actor()
    return PaperWindows(office.bureau, bridge, lambda: actor, host, make_printer=printer)


@pytest.fixture
def calm(qtbot: QtBot, bridge: Bridge) -> Callable[[PackWindow], None]:
    """Wait until list and pages stand still."""

    def wait(window: PackWindow) -> None:
        qtbot.waitUntil(
            lambda: (
                not window._pause.isActive() and not window.chain.running and bridge.pending == 0
            ),
            timeout=30_000,
        )

    return wait


@pytest.fixture
def pack(windows: PaperWindows, case: int, calm: Callable[[PackWindow], None]) -> PackWindow:
    made = windows.node_pack(case, "（2024）豫0811执1号", NODE, "立案")
    calm(made)
    return made


def issue_all(window: PackWindow, calm: Callable[[PackWindow], None]) -> None:
    window.ask_issue()
    box = next(b for b in window.findChildren(QMessageBox) if b.isVisible())
    next(button for button in box.buttons() if button.text() == "签发").click()
    calm(window)


def pages_of(path: Path) -> FilePages:
    return file_pages(path.name, "application/pdf", path.read_bytes())


def darkness(pages: FilePages, page: int) -> list[float]:
    """How dark each of 24 × 32 fields of a page is: the picture, whatever draws it."""
    image = page_image(pages.picture(page, 240)).convertToFormat(QImage.Format.Format_Grayscale8)
    keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    small = image.scaled(24, 32, keep, smooth)
    return [small.pixelColor(x, y).lightnessF() for y in range(32) for x in range(24)]


def same(one: list[float], other: list[float]) -> bool:
    pairs = zip(one, other, strict=True)
    return sum(abs(a - b) for a, b in pairs) / len(one) < 0.01


def test_the_list_proposes_what_the_node_needs(pack: PackWindow) -> None:
    assert [entry.name for _, entry in pack.table.chosen()] == list(SIX)
    assert pack.run is not None
    assert pack.page.total.text() == f"共{pack.run.count}页"
    assert "其中6份没有签发" in pack.said.text()
    pack.table.tick_all(False)
    assert not pack.print.isEnabled()


def test_six_papers_are_issued_and_leave_in_one_print_job(
    pack: PackWindow,
    office: Office,
    case: int,
    calm: Callable[[PackWindow], None],
    printed: Path,
    qtbot: QtBot,
) -> None:
    issue_all(pack, calm)
    assert "已签发6份" in pack.said.text() or "已选6份" in pack.said.text()
    assert [entry.name for _, entry in pack.table.chosen()] == list(SIX)
    assert all(entry.issued for _, entry in pack.table.chosen())
    dialog = pack.ask_print()
    assert isinstance(dialog, QPrintDialog)
    with qtbot.waitSignal(pack.printed, timeout=60_000) as sides:
        dialog.accept()
    calm(pack)
    assert pack.run is not None
    found = pages_of(printed)
    assert found.count == sides.args[0] == pack.run.count
    for page in (0, 1, found.count - 1):
        assert same(darkness(found, page), darkness(pack.run, page)), page
    assert not same(darkness(found, 0), darkness(pack.run, 1))
    notes = [action for action, _ in journal(office.bureau)]
    assert notes[-6:] == ["paper.print"] * 6
    kept = papers.papers_of(office.bureau, office.actor(), case)
    assert [line.state for line in kept] == ["issued"] * 6


def test_copies_and_both_sides_are_seen_before_they_are_printed(
    pack: PackWindow, calm: Callable[[PackWindow], None]
) -> None:
    pack.table.tick_all(False)
    pack.table.tick(0)
    calm(pack)
    assert pack.run is not None
    once = pack.run.count
    item = pack.table.item(0, 3)
    assert item is not None
    item.setText("3")
    calm(pack)
    assert pack.run.count == 3 * once
    pack.table.tick(1)
    calm(pack)
    both = pack.run.count
    pack.duplex.setChecked(True)
    calm(pack)
    assert pack.run.count >= both
    assert pack.run.plan[0] == (0, 0)
    firsts = [at for at, side in enumerate(pack.run.plan) if side[1] == 0 and side[0] >= 0]
    assert all(at % 2 == 0 for at in firsts)


def test_files_have_names_and_one_that_is_there_is_kept(
    pack: PackWindow, calm: Callable[[PackWindow], None], tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    taken = folder / "（2024）豫0811执1号_权利义务告知书（草稿）_焦作市甲商贸有限公司.pdf"
    taken.write_bytes(b"mine")
    pack.export(folder, ".pdf")
    calm(pack)
    assert taken.read_bytes() == b"mine"
    assert "已经存在" in pack.problem_words.text()
    assert len(list(folder.iterdir())) == 6
    assert "已导出5份，1份没有办成" in pack.said.text()


@pytest.mark.qt_log_ignore("QPainter::begin", "propagateSizeHints")
def test_a_printer_that_vanishes_is_a_sentence_and_the_window_goes_on(
    pack: PackWindow, printed: Path, calm: Callable[[PackWindow], None], qtbot: QtBot
) -> None:
    gone = QPrinter(QPrinter.PrinterMode.HighResolution)
    gone.setOutputFormat(PDF)
    gone.setOutputFileName(str(printed.parent / "no such folder" / "x.pdf"))
    pack.send_to(gone)
    calm(pack)
    box = next(b for b in pack.findChildren(QMessageBox) if b.isVisible())
    assert "没有响应，打印没有完成" in box.text()
    box.close()
    assert pack.print.isEnabled()


def test_a_form_for_outside_is_printed_to_be_filled_in_by_hand(
    windows: PaperWindows, case: int, calm: Callable[[PackWindow], None], office: Office
) -> None:
    kit = windows.kit(case, "（2024）豫0811执1号")
    calm(kit)
    kit.search.setText("执行笔录")
    rows = [r for r in range(kit.table.rowCount()) if not kit.table.isRowHidden(r)]
    assert len(rows) < 5
    kit.table.tick(rows[0])
    calm(kit)
    assert kit.run is not None
    assert kit.issue.isHidden()
    (entry,) = [entry for _, entry in kit.table.chosen()]
    assert "草稿" not in entry.file_name(".pdf")


def test_a_range_of_pages_and_copies_are_kept_to(pack: PackWindow, printed: Path) -> None:
    assert pack.run is not None
    part = Part(pack.run.parts[0])
    run = run_of("一份", [part, part])
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(PDF)
    printer.setOutputFileName(str(printed))
    prepare(printer, "一份")
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 2)
    printer.setCopyCount(2)
    seen: list[tuple[int, int]] = []
    sides = print_run(printer, run, lambda done, total: seen.append((done, total)))
    assert sides in (1, 2)
    assert pages_of(printed).count == sides
    assert seen[-1] == (sides, sides)


def test_a_stopped_job_prints_no_further_page(pack: PackWindow, printed: Path) -> None:
    assert pack.run is not None
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(PDF)
    printer.setOutputFileName(str(printed))
    told: list[int] = []
    done = print_run(printer, pack.run, lambda at, _total: told.append(at), lambda: len(told) == 2)
    assert done == 2


def test_a_page_that_cannot_be_read_is_no_blank_sheet(printed: Path) -> None:
    broken = FilePages("坏.pdf", "application/pdf", 1, b"not a pdf")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(PDF)
    printer.setOutputFileName(str(printed))
    with pytest.raises(StoreError, match="损坏"):
        print_run(printer, run_of("坏", [Part(broken)]))
    assert not printed.exists()
