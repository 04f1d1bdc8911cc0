"""Papers in the real window: node 7 from nothing to served and filed; six papers in one job."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

import ui.conftest as window_tests
from helpers.bureau import Office
from helpers.offices import journal
from helpers.paper_desk import OBLIGATION, SIX, paper_desk
from helpers.typing_in import enter_into
from helpers.window_driver import WindowDriver
from zhixing_desktop.services import health, papers
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.ui.page_images import page_image
from zhixing_desktop.ui.papers.dialog import PaperDialog
from zhixing_desktop.ui.papers.issue_dialog import IssueDialog
from zhixing_desktop.ui.papers.pack_window import PackWindow
from zhixing_desktop.ui.papers.service_dialog import ServiceDialog
from zhixing_desktop.workflow.views import Key

pytestmark = [pytest.mark.e2e, pytest.mark.qt_log_ignore("propagateSizeHints", "support raise")]

application = window_tests.application
nothing_waits = window_tests.nothing_waits
OFFICER = "张承办"
NODE = Key(7, "case")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = paper_desk(tmp_path)
    actor = made.actor("何管理")
    change_setting(made.bureau, actor, "court.supervision_phone", "0391-12368", "首次设置")
    return made


@pytest.fixture
def driver(office: Office, qtbot: QtBot, printed: Path) -> Iterator[WindowDriver]:
    made = WindowDriver(office.bureau, office.clock, qtbot)
    made.sit_down(OFFICER)
    made.choose_case(office.case_ids[0])
    made.window.panels.node.papers.windows.make_printer = lambda: pdf_printer(printed)
    yield made
    made.close()


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    return tmp_path / "printed.pdf"


def pdf_printer(path: Path) -> QPrinter:
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(path))
    return made


def shown(driver: WindowDriver, kind: type) -> list:
    return [one for one in driver.window.findChildren(kind) if one.isVisible()]


def made_paper(driver: WindowDriver, name: str) -> PaperDialog:
    """制作… in the panel."""
    driver.go_to(7)
    content = driver.node_panel.content
    assert content is not None
    assert content.papers is not None
    driver.answered()
    content.papers.row(name).make.click()
    driver.answered()
    return next(d for d in shown(driver, PaperDialog) if f"《{name}》" in d.title.text())


def issued(driver: WindowDriver, dialog: PaperDialog) -> None:
    dialog.issue.click()
    driver.answered()
    asked = dialog.step
    assert isinstance(asked, IssueDialog)
    asked.submit()
    driver.answered()
    assert "已签发" in dialog.state.text()


def calm(driver: WindowDriver, window: PackWindow) -> None:
    driver.qtbot.waitUntil(
        lambda: (
            not window._pause.isActive()
            and not window.chain.running
            and driver.desk.bridge.pending == 0
        ),
        timeout=60_000,
    )


def printed_by(driver: WindowDriver, window: PackWindow) -> int:
    calm(driver, window)
    window.print.click()
    with driver.qtbot.waitSignal(window.printed, timeout=60_000) as caught:
        next(d for d in window.children() if type(d).__name__ == "QPrintDialog").accept()
    calm(driver, window)
    return int(caught.args[0])


def picture(pages: FilePages, page: int) -> QImage:
    found = page_image(pages.picture(page, 120))
    return found.convertToFormat(QImage.Format.Format_Grayscale8)


def difference(one: QImage, other: QImage) -> float:
    assert one.size() == other.size()
    total = sum(
        abs(one.pixelColor(x, y).lightnessF() - other.pixelColor(x, y).lightnessF())
        for y in range(one.height())
        for x in range(one.width())
    )
    return total / (one.width() * one.height())


def test_node_7_from_nothing_to_served_and_filed(
    driver: WindowDriver, office: Office, printed: Path
) -> None:
    (case,) = office.case_ids
    dialog = made_paper(driver, "执行通知书")
    # What is missing is entered where it belongs, once, for both papers.
    dialog.making.gap_links[0].click()
    driver.answered()
    node = dialog.leading.steps.dialog
    assert node is not None
    for name in ("performance_until", "report_until"):
        enter_into(node.form.rows[name].editor, "2024-03-20")
    node.save_button.click()
    driver.answered()
    node.close_button.click()
    driver.answered()
    driver.qtbot.waitUntil(lambda: not dialog.live.waiting, timeout=20_000)
    enter_into(dialog.making.rows["obligation"].editor, OBLIGATION)
    driver.qtbot.waitUntil(lambda: not dialog.live.waiting, timeout=20_000)
    driver.answered()
    assert dialog.making.gap_links == []
    issued(driver, dialog)
    order = made_paper(driver, "报告财产令")
    assert order.making.gap_links == []
    issued(driver, order)
    # Both in one print job.
    driver.go_to(7)
    driver.answered()
    panel = driver.node_panel
    panel.content.papers.pack.click()
    (pack,) = shown(driver, PackWindow)
    calm(driver, pack)
    assert [e.name for _, e in pack.table.chosen()] == ["执行通知书", "报告财产令"]
    sides = printed_by(driver, pack)
    out = file_pages("printed.pdf", "application/pdf", printed.read_bytes())
    assert out.count == sides == pack.run.count
    for page in range(sides):
        assert difference(picture(out, page), picture(pack.run, page)) < 0.03, page
    pack.close()
    # Served together: one entry for both, the same signature.
    driver.at("2024-03-11T10:00")
    dialog.serve.click()
    driver.answered()
    service = dialog.step
    assert isinstance(service, ServiceDialog)
    driver.answered()
    assert service.whom.value() == "debtor/1"
    (box,) = service.also.values()
    box.click()
    service.submit()
    driver.answered()
    kept = papers.papers_of(office.bureau, office.actor(), case)
    assert [(line.name, line.unserved) for line in kept] == [
        ("执行通知书", ()),
        ("报告财产令", ()),
    ]
    assert all(line.dossier for line in kept)
    index = office.detail(case).context.index
    values = {n: index.value(7, "case", n) for n in ("notice_issued_on", "served_on")}
    assert values == {"notice_issued_on": "2024-03-05", "served_on": "2024-03-11"}
    item = index.items[NODE][1]
    assert item.data["papers"] == {"执行通知书": "2024-03-05", "报告财产令": "2024-03-05"}
    assert [entry["channel"] for entry in item.data["notices"]] == ["送达"]
    # The panel says so by itself.
    driver.settle()
    section = panel.content.papers
    driver.answered()
    assert "已送达" in section.row("执行通知书").state.text()
    acts = [action for action, _ in journal(office.bureau)]
    assert acts.count("paper.print") == 2
    assert acts.count("paper.issue") == 2
    assert health.check_all(office.bureau) == []


def test_six_papers_of_the_filing_leave_in_one_job(
    driver: WindowDriver, office: Office, printed: Path
) -> None:
    driver.go_to(2)
    driver.answered()
    driver.node_panel.content.papers.pack.click()
    (pack,) = shown(driver, PackWindow)
    calm(driver, pack)
    assert [entry.name for _, entry in pack.table.chosen()] == list(SIX)
    pack.issue.click()
    box = next(b for b in pack.findChildren(QMessageBox) if b.isVisible())
    next(button for button in box.buttons() if button.text() == "签发").click()
    calm(driver, pack)
    sides = printed_by(driver, pack)
    out = file_pages("printed.pdf", "application/pdf", printed.read_bytes())
    assert out.count == sides == pack.run.count
    kept = papers.papers_of(office.bureau, office.actor(), office.case_ids[0])
    assert {line.name for line in kept if line.state == "issued"} == set(SIX)
