"""Half-filled windows of the dossier: what was typed is there again after a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from helpers.bureau import CLERK, Office
from helpers.closed_case import ARCHIVIST, closed_case, file_pages, printed
from helpers.papers import pdf
from zhixing_desktop.services import archive_packing, dossier_archive, dossier_copies, dossier_moves
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.services.dossier_filing import replace_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import Piece
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.archive_window import ArchiveWindow
from zhixing_desktop.ui.dossier.copy_dialog import CopyDialog
from zhixing_desktop.ui.dossier.move_dialog import MoveDialog

Settle = Callable[[], None]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A bureau with one closed case whose dossier is printed."""
    made, case = closed_case(tmp_path)
    printed(made, case, tmp_path)
    yield made
    made.close()


@pytest.fixture
def case(office: Office) -> int:
    return office.case_ids[0]


@pytest.fixture
def hand_over(
    office: Office, bridge: Bridge, host: QWidget, settle: Settle, case: int
) -> Callable[..., MoveDialog]:
    def made(name: str = CLERK) -> MoveDialog:
        actor = office.actor(name)
        line = dossier_moves.where(office.bureau, actor, case)[0]
        now = office.clock.now()
        dialog = MoveDialog(office.bureau, bridge, lambda: actor, case, line, now, host)
        dialog.open()
        settle()
        return dialog

    return made


def crash(window: QWidget) -> None:
    """Let a window be gone without its having been closed by anybody, some seconds later."""
    window.keeper._keeper.keep()  # type: ignore[attr-defined] # what its timer does
    window.deleteLater()


def test_a_hand_over_is_offered_again_and_gone_once_it_is_recorded(
    hand_over: Callable[..., MoveDialog], settle: Settle
) -> None:
    dialog = hand_over()
    assert dialog.keeper.bar.isHidden()
    dialog.to.setText("李局长")
    dialog.due.line.setText("2024-03-20")
    crash(dialog)
    settle()
    again = hand_over()
    assert not again.keeper.bar.isHidden()
    assert again.to.text() == ""
    again.keeper.bar.take.click()
    assert (again.to.text(), again.due.value()) == ("李局长", "2024-03-20")
    again.purpose.setText("送合议庭评议")
    again.send()
    settle()
    assert hand_over().keeper.bar.isHidden()


def test_what_was_typed_is_nobody_elses(
    hand_over: Callable[..., MoveDialog], settle: Settle
) -> None:
    dialog = hand_over()
    dialog.to.setText("李局长")
    dialog.reject()
    settle()
    assert hand_over(ARCHIVIST).keeper.bar.isHidden()
    assert not hand_over().keeper.bar.isHidden()


def test_dropped_it_is_not_offered_again_and_what_is_typed_then_is_kept(
    hand_over: Callable[..., MoveDialog], settle: Settle
) -> None:
    dialog = hand_over()
    dialog.to.setText("李局长")
    dialog.reject()
    settle()
    again = hand_over()
    again.purpose.setText("院长查阅")
    again.keeper.bar.drop.click()
    assert again.to.text() == ""
    again.reject()
    settle()
    third = hand_over()
    third.keeper.bar.take.click()
    assert (third.to.text(), third.purpose.text()) == ("", "院长查阅")


def test_points_of_the_archive_are_kept_by_case(
    office: Office, bridge: Bridge, host: QWidget, settle: Settle, case: int, tmp_path: Path
) -> None:
    clerk, archivist = office.actor(CLERK), office.actor(ARCHIVIST)
    out = tmp_path / "移交"
    out.mkdir()
    made = archive_packing.make_package(office.bureau, clerk, case, out)
    dossier_archive.hand_to_archive(
        office.bureau, clerk, made.line.id, version=made.line.version
    )  # fmt: skip

    def window(actor: Actor) -> ArchiveWindow:
        found = ArchiveWindow(office.bureau, bridge, lambda: actor, parent=host)
        found.show()
        settle()
        return found

    first = window(archivist)
    first.steps.number.setText("执2024-7")
    first.steps.points.setPlainText("第三页不清楚")
    crash(first)
    settle()
    again = window(archivist)
    again.keeper.bar.take.click()
    assert again.steps.body() == {"number": "执2024-7", "points": "第三页不清楚"}
    again.steps.return_button.click()
    settle()
    assert again.steps.body() == {}
    assert window(archivist).keeper.bar.isHidden()


def copying(office: Office, bridge: Bridge, host: QWidget, settle: Settle, case: int) -> CopyDialog:
    actor = office.actor()
    window = CopyDialog(office.bureau, bridge, lambda: actor, case, "1号", parent=host)
    window.show()
    settle()
    return window


def test_pages_and_masks_of_a_copy_are_there_again(
    office: Office, bridge: Bridge, host: QWidget, settle: Settle, case: int, tmp_path: Path
) -> None:
    first = copying(office, bridge, host, settle, case)
    first.canvas.setFocus()
    QTest.keyClick(first.canvas, Qt.Key.Key_Insert)
    first.recipient.setEditText("甲公司")
    areas, chosen = dict(first.areas), first.chosen
    crash(first)
    settle()
    again = copying(office, bridge, host, settle, case)
    assert again.chosen == []
    again.keeper.bar.take.click()
    settle()
    assert (again.areas, again.chosen) == (areas, chosen)
    assert again.recipient.currentText() == "甲公司"
    again.basis.setText("书面申请")
    again.make(tmp_path / "复制件.pdf")
    settle()
    (line,) = dossier_copies.copies(office.bureau, office.actor(), case)
    assert (line.pages, line.covered) == (1, 1)
    again.close()
    settle()
    assert copying(office, bridge, host, settle, case).keeper.bar.isHidden()


def test_a_mask_on_a_version_that_was_replaced_is_not_laid_on_the_new_one(
    office: Office, bridge: Bridge, host: QWidget, settle: Settle, case: int
) -> None:
    file_pages(office, case, "户籍证明", 1, place=9)
    first = copying(office, bridge, host, settle, case)
    item = max(first.tree.versions)
    first.tree.look_at((item, 0))
    settle()
    first.canvas.setFocus()
    QTest.keyClick(first.canvas, Qt.Key.Key_Insert)
    first.close()
    settle()
    better = take_in(office.bureau, [Piece("户籍证明.pdf", pdf((10, 200, 90)))])
    replace_item(office.bureau, office.actor(), item, better, "换成清楚的", version=1)
    again = copying(office, bridge, host, settle, case)
    again.keeper.bar.take.click()
    settle()
    assert again.chosen == []
    assert not again.areas
    assert "有1页后来更换或者撤出了" in again.note.text()
