"""The dossier in the real window: from empty to filled by drop, paste and scan, duties closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

import ui.conftest as window_tests
from helpers.bureau import Office
from helpers.dossier_files import pages, photograph, write
from helpers.paper_desk import paper_desk
from helpers.window_driver import WindowDriver
from zhixing_desktop.services import dossier, health
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.ui.dossier.intake_dialog import SIGNED, IntakeDialog
from zhixing_desktop.ui.dossier.triangle_window import TriangleWindow
from zhixing_desktop.ui.dossier.window import DossierWindow
from zhixing_desktop.workflow.views import Key

pytestmark = [pytest.mark.e2e, pytest.mark.qt_log_ignore("propagateSizeHints", "support raise")]

application = window_tests.application
nothing_waits = window_tests.nothing_waits
OFFICER = "张承办"
NODE_9, NODE_7 = Key(9, "case"), Key(7, "case")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return paper_desk(tmp_path)


@pytest.fixture
def driver(office: Office, qtbot: QtBot) -> Iterator[WindowDriver]:
    made = WindowDriver(office.bureau, office.clock, qtbot)
    made.sit_down(OFFICER)
    made.choose_case(office.case_ids[0])
    yield made
    made.close()


def one(driver: WindowDriver, kind: type[Any]) -> Any:
    (found,) = [w for w in driver.window.findChildren(kind) if w.isVisible()]
    return found


def filed(driver: WindowDriver, dialog: IntakeDialog) -> None:
    run = dialog.run
    dialog.act.click()
    driver.qtbot.waitUntil(lambda: not run.running, timeout=30_000)
    driver.answered()


def test_a_case_is_filled_by_scan_drop_and_paste_and_its_duties_close(
    driver: WindowDriver, office: Office, tmp_path: Path
) -> None:
    (case,) = office.case_ids
    issue(office.bureau, office.actor(), PaperWish(case, "07-talk-record", NODE_7))
    materials = [m for m in office.bureau.rules.book.nodes[9].materials if m.required]
    panel = driver.go_to(9)
    driver.answered()
    # Each material of node 9 from its row in the panel, as a scan.
    for number, material in enumerate(materials):
        section = panel.content.materials
        assert section is not None
        mark, links = section.rows[material.name]
        assert "未入卷" in mark.text()
        links[-1].click()
        driver.answered()
        dialog = one(driver, IntakeDialog)
        scan = write(tmp_path, f"SCAN{number}.pdf", pages(2 + number))
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(scan))])
        QGuiApplication.clipboard().setMimeData(data)
        dialog.paste.click()
        driver.answered()
        assert dialog.form.filing().material == material.name
        filed(driver, dialog)
    section = panel.content.materials
    assert section is not None
    assert {section.rows[m.name][0].text() for m in materials} == {"已入卷"}
    # A photograph dropped on an item of the catalogue, a picture pasted.
    driver.window.actions_.by_name["dossier"].trigger()
    driver.answered()
    window: DossierWindow = one(driver, DossierWindow)
    drop = QMimeData()
    drop.setUrls([QUrl.fromLocalFile(str(write(tmp_path, "收条.jpg", photograph())))])
    on = QAbstractItemView.DropIndicatorPosition.OnItem
    window.tree.drop(drop, window.tree.topLevelItem(9), on, own=False)
    driver.answered()
    filed(driver, one(driver, IntakeDialog))
    image = QImage(300, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    QGuiApplication.clipboard().setImage(image)
    window.paste.click()
    driver.answered()
    filed(driver, one(driver, IntakeDialog))
    # The signed scan of the record takes the place of the page that the program made.
    record = next(i for i in window.tree.shown() if i.paper_id is not None)
    window.choose(record.id)
    window.replace.click()
    driver.answered()
    dialog = one(driver, IntakeDialog)
    assert dialog.reason.value() == SIGNED
    dialog.bring(window_pieces(tmp_path))
    driver.answered()
    filed(driver, dialog)
    panel = driver.go_to(7)
    driver.answered()
    assert panel.content.papers is not None
    row = panel.content.papers.row("谈话笔录")
    assert "已换成签名盖章的扫描件" in row.scans.text()
    main = dossier.dossier(office.bureau, office.actor(), case).main
    others = [i for i in main.items if i.place in (0, 10, 11)]
    assert [(i.place, i.name, i.pages, i.current) for i in others] == [
        (10, "收条", 1, 1), (11, record.name, 1, 2), (0, "粘贴的图片", 1, 1),
    ]  # fmt: skip
    driver.window.actions_.by_name["triangle"].trigger()
    driver.answered()
    triangle: TriangleWindow = one(driver, TriangleWindow)
    assert triangle.sheet is not None
    left = [h for h in triangle.sheet.triangle.holes if h.key == NODE_9]
    assert left == []
    assert health.check_all(office.bureau) == []


def window_pieces(folder: Path) -> tuple[Any, ...]:
    from zhixing_desktop.services.dossier_types import Piece

    return (Piece("签名.jpg", write(folder, "签名.jpg", photograph())),)
