"""The windows of the archive, of copies and of the kept files, as their people use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import CLERK, Office
from helpers.closed_case import ARCHIVIST, closed_case, file_pages, printed
from zhixing_desktop.services import dossier_copies
from zhixing_desktop.services.archive_types import HANDED, MADE, RECEIVED, RETURNED
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.archive_window import ArchiveWindow
from zhixing_desktop.ui.dossier.copy_dialog import CopyDialog
from zhixing_desktop.ui.office.store_window import StoreWindow

ADMIN = "何管理"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A bureau with one closed case whose dossier is printed."""
    made, case = closed_case(tmp_path)
    printed(made, case, tmp_path)
    yield made
    made.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "移交"
    folder.mkdir()
    return folder


def archive_window(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None], name: str
) -> ArchiveWindow:
    actor = office.actor(name)
    window = ArchiveWindow(office.bureau, bridge, lambda: actor, parent=host)
    window.show()
    settle()
    return window


def test_from_the_check_to_the_receipt(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None], out: Path
) -> None:
    window = archive_window(office, bridge, host, settle, CLERK)
    ((day, case_no, officer, step),) = window.cases.texts()
    assert (day, officer) == ("2024-03-20", "张承办")
    assert step.startswith("核查卷宗，制作归档包")
    assert window.state is not None
    assert window.state.check.case_no == case_no
    assert window.packages.pack_button.isEnabled()
    window.packages.make(out)
    assert not window.packages.pack_button.isEnabled()
    settle()
    assert window.packages.package is not None
    assert window.packages.package.state == MADE
    (made,) = out.iterdir()
    window.packages.verify(made)
    settle()
    assert "归档包完整" in window.note.text()
    window.steps.hand_button.click()
    settle()
    assert window.packages.package is not None
    assert window.packages.package.state == HANDED
    assert not window.steps.receive_button.isEnabled()
    assert "应由档案员办理" in window.steps.receive_button.toolTip()
    archive = archive_window(office, bridge, host, settle, ARCHIVIST)
    assert archive.steps.hand_button.isHidden()
    assert not archive.steps.receive_button.isEnabled()
    assert "归档号" in archive.steps.receive_button.toolTip()
    archive.steps.number.setText("执2024-7")
    archive.steps.receive_button.click()
    settle()
    assert archive.packages.package is not None
    assert (archive.packages.package.state, archive.packages.package.archive_number) == (
        RECEIVED,
        "执2024-7",
    )

    archive.choose_case(office.case_ids[0], case_no)
    settle()
    assert archive.steps.number.isHidden()
    archive.steps.points.setPlainText("第二册缺封面")
    archive.steps.return_button.click()
    settle()
    assert archive.packages.package.state == RETURNED


def test_returned_with_points_which_the_clerk_reads(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None], out: Path
) -> None:
    window = archive_window(office, bridge, host, settle, CLERK)
    window.packages.make(out)
    settle()
    window.steps.hand_button.click()
    settle()
    archive = archive_window(office, bridge, host, settle, ARCHIVIST)
    archive.steps.points.setPlainText("第三页不清楚\n\n缺备考表签名")
    archive.steps.return_button.click()
    settle()
    assert window.packages.package is not None
    assert (window.packages.package.state, window.packages.package.points) == (
        RETURNED, ("第三页不清楚", "缺备考表签名"),
    )  # fmt: skip
    assert "缺备考表签名" in window.packages.told.text()
    assert window.cases.texts()[0][3].startswith("按退回的问题整改")


def test_a_package_that_the_dossier_has_outgrown_is_not_handed_over(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None], out: Path
) -> None:
    window = archive_window(office, bridge, host, settle, CLERK)
    window.packages.make(out)
    settle()
    assert window.steps.hand_button.isEnabled()
    file_pages(office, office.case_ids[0], "补充的银行流水", 1, place=10)
    window.reload()
    settle()
    assert not window.steps.hand_button.isEnabled()
    assert "请重新制作归档包" in window.steps.hand_button.toolTip()


def test_whoever_may_not_make_copies_is_told_before_any_click(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None]
) -> None:
    chief = office.actor("李局长")
    window = CopyDialog(
        office.bureau, bridge, lambda: chief, office.case_ids[0], "1号", parent=host
    )
    window.show()
    settle()
    assert not window.make_button.isEnabled()
    assert "提供卷宗复制件" in window.make_button.toolTip()
    assert window.note.tone == "error"


def test_pages_that_nobody_has_seen_are_asked_about_before_they_go_out(
    copying: CopyDialog, dialog_of: Callable[..., QMessageBox]
) -> None:
    copying.tick((1, 0), (1, 1))
    copying.recipient.setEditText("甲公司")
    copying.basis.setText("书面申请")
    assert copying.unseen
    copying.make_button.click()
    box = dialog_of(QMessageBox, copying)
    assert f"有{copying.unseen}页还没有看过" in box.text()
    box.reject()


def test_packing_is_stopped_by_its_button(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None], out: Path
) -> None:
    window = archive_window(office, bridge, host, settle, CLERK)
    window.packages.make(out)
    assert window.job.isVisible()
    window.job.stop_button.click()
    settle()
    assert "取消" in window.note.text()
    assert list(out.iterdir()) == []
    assert window.packages.pack_button.isEnabled()


@pytest.fixture
def copying(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None]
) -> CopyDialog:
    (case,) = office.case_ids
    actor = office.actor()
    window = CopyDialog(office.bureau, bridge, lambda: actor, case, "1号", parent=host)
    window.show()
    settle()
    return window


def test_areas_are_drawn_by_mouse_and_by_keyboard_and_go_into_the_copy(
    copying: CopyDialog, office: Office, settle: Callable[[], None], out: Path
) -> None:
    names = [copying.tree.topLevelItem(n).text(0) for n in range(copying.tree.topLevelItemCount())]
    assert not any("合议笔录" in name for name in names)
    canvas = copying.canvas
    middle = canvas.rect().center()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(canvas, middle + QPoint(60, 30))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(60, 30))
    assert len(canvas.areas) == 1
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Insert)
    before = canvas.areas[1]
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    after = canvas.areas[1]
    assert after.top > before.top
    assert after.right - after.left > before.right - before.left
    assert "选了1页，遮盖2处" in copying.said.text()
    assert not copying.make_button.isEnabled()
    copying.recipient.setEditText("甲公司")
    copying.basis.setText("申请执行人书面申请")
    assert copying.make_button.isEnabled()
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    copying.make(out / "复制件.pdf")
    settle()
    assert "已经登记" in copying.note.text()
    (line,) = dossier_copies.copies(office.bureau, office.actor(), office.case_ids[0])
    assert (line.recipient, line.pages, line.covered) == ("甲公司", 1, 1)
    assert (out / "复制件.pdf").exists()


def test_what_was_typed_stays_when_a_copy_is_refused(
    copying: CopyDialog, settle: Callable[[], None], out: Path
) -> None:
    copying.tick((1, 0))
    copying.recipient.setEditText("甲公司")
    copying.basis.setText("申请")
    copying.make(out)
    settle()
    assert "已经有同名的文件" in copying.note.text()
    assert copying.recipient.currentText() == "甲公司"
    assert copying.chosen == [(1, 0)]


def test_the_store_is_checked_and_mended_from_its_window(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None], qtbot: QtBot
) -> None:
    actor = office.actor(ADMIN)
    window = StoreWindow(office.bureau, bridge, lambda: actor, parent=host)
    window.show()
    settle()
    assert "还没有全部检查过" in window.verdict.below.text()
    window.full_button.click()
    settle()
    assert "没有发现问题" in window.note.text()
    assert ADMIN in window.verdict.below.text()
    assert not window.own_button.isEnabled()
    kept = sorted(p for p in files_folder(office.bureau).rglob("*.pdf"))
    data = kept[0].read_bytes()
    backup = files_folder(office.bureau).parent / "备份.files"
    (backup / kept[0].parent.name).mkdir(parents=True)
    (backup / kept[0].parent.name / kept[0].name).write_bytes(data)
    kept[0].write_bytes(data[:-9])
    window.quick_button.click()
    settle()
    assert [row[0] for row in window.table.texts()] == ["文件不完整"]
    window.mend(backup)
    settle()
    assert "修复了1处" in window.note.text()
    assert kept[0].read_bytes() == data
    assert window.table.texts() == []


def test_somebody_who_may_not_check_is_told_so(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None]
) -> None:
    actor = office.actor(CLERK)
    window = StoreWindow(office.bureau, bridge, lambda: actor, parent=host)
    window.show()
    settle()
    assert window.note.tone == "error"
    assert not window.full_button.isEnabled()
    assert "应由系统管理员办理" in window.full_button.toolTip().replace("\n", "")


def test_the_windows_fit_a_screen_at_150_percent_with_everything_on_it(
    office: Office, bridge: Bridge, host: QWidget, settle: Callable[[], None], out: Path,
    copying: CopyDialog,
) -> None:  # fmt: skip
    window = archive_window(office, bridge, host, settle, CLERK)
    window.packages.make(out)
    settle()
    window.steps.hand_button.click()
    settle()
    archive = archive_window(office, bridge, host, settle, ARCHIVIST)
    archive.keeper.bar.offer("上次填写的内容没有登记，是否恢复？")
    copying.keeper.bar.offer("上次填写的内容没有登记，是否恢复？")
    copying.say("有2页后来更换或者撤出了，没有恢复。", "warning")
    admin = office.actor(ADMIN)
    store = StoreWindow(office.bureau, bridge, lambda: admin, parent=host)
    store.show()
    settle()
    for one in (archive, copying, store):
        least = one.minimumSizeHint()
        assert (least.width() <= 910, least.height() <= 455) == (True, True), type(one)
