"""What lies in the intake dialogs of a case is kept for each by itself; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.dossier_files import pages, write
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import Filing, Piece
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.intake_dialog import IntakeDialog
from zhixing_desktop.ui.dossier.windows import DossierWindows
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.workflow.views import Key

QUERY = Key(9, "case")
Open = Callable[[Wish], IntakeDialog]
Calm = Callable[[], None]


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def calm(qtbot: QtBot, bridge: Bridge) -> Calm:
    return lambda: qtbot.waitUntil(lambda: bridge.pending == 0, timeout=30_000)


@pytest.fixture
def windows(office: Office, bridge: Bridge, host: QWidget) -> DossierWindows:
    actor = office.actor()
    return DossierWindows(office.bureau, bridge, lambda: actor, host)


@pytest.fixture
def opened(windows: DossierWindows, office: Office, calm: Calm) -> Open:
    def made(wish: Wish) -> IntakeDialog:
        dialog = windows.take_in(office.case_ids[0], wish)
        calm()
        return dialog

    return made


def piece(folder: Path, name: str) -> tuple[Piece, ...]:
    path = write(folder, f"{name}.pdf", pages(1, blank=()) + name.encode())
    return (Piece(path.name, path),)


def power_gone(dialog: IntakeDialog, windows: DossierWindows, calm: Calm) -> None:
    """What was kept by then is there; the dialog is not."""
    dialog.keeper.flush()
    calm()
    windows._open = {name: one for name, one in windows._open.items() if one is not dialog}
    dialog.hide()
    dialog.setParent(None)


def question(dialog: IntakeDialog) -> QMessageBox:
    (box,) = [one for one in dialog.findChildren(QMessageBox) if one.isVisible()]
    return box


def answer(dialog: IntakeDialog, words: str, calm: Calm) -> None:
    box = question(dialog)
    next(one for one in box.buttons() if one.text() == words).click()
    calm()


def lying(dialog: IntakeDialog) -> list[str]:
    return [dialog.desk.filing(thing).name for thing in dialog.desk.stack.things]


def test_two_dialogs_of_a_case_keep_each_its_own(
    windows: DossierWindows, opened: Open, calm: Calm, tmp_path: Path
) -> None:
    plain = opened(Wish(pieces=piece(tmp_path, "护照")))
    duty = opened(Wish(pieces=piece(tmp_path, "反馈单"), key=QUERY, material="网络查控反馈材料"))
    assert plain is not duty
    power_gone(plain, windows, calm)
    power_gone(duty, windows, calm)
    again = opened(Wish(key=QUERY, material="网络查控反馈材料"))
    answer(again, "恢复", calm)
    assert lying(again) == ["网络查控反馈材料"]
    other = opened(Wish())
    answer(other, "恢复", calm)
    assert lying(other) == ["护照"]


@pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")
def test_the_same_purpose_comes_to_the_front_and_takes_what_is_brought(
    opened: Open, tmp_path: Path
) -> None:
    first = opened(Wish(pieces=piece(tmp_path, "甲"), side="main", place=11))
    second = opened(Wish(pieces=piece(tmp_path, "乙"), side="main", place=11))
    assert second is first
    assert lying(first) == ["甲", "乙"]
    assert opened(Wish(side="main", place=12)) is not first


def test_a_new_file_does_not_overwrite_what_was_left_and_both_are_there_when_restored(
    windows: DossierWindows, opened: Open, calm: Calm, tmp_path: Path
) -> None:
    power_gone(opened(Wish(pieces=piece(tmp_path, "上次的"))), windows, calm)
    again = opened(Wish(pieces=piece(tmp_path, "这次的")))
    # The power goes once more, before anybody has answered.
    power_gone(again, windows, calm)
    third = opened(Wish(pieces=piece(tmp_path, "第三次")))
    answer(third, "恢复", calm)
    assert lying(third) == ["第三次", "上次的"]
    power_gone(third, windows, calm)
    fourth = opened(Wish())
    assert "2件材料没有入卷完" in question(fourth).text()


def test_what_was_left_at_a_duty_is_found_without_knowing_where(
    windows: DossierWindows, opened: Open, calm: Calm, tmp_path: Path
) -> None:
    duty = Wish(pieces=piece(tmp_path, "反馈单"), key=QUERY, material="网络查控反馈材料")
    dialog = opened(duty)
    dialog.keeper.flush()
    calm()
    # While it is open it is nobody else's.
    plain = opened(Wish())
    assert not [box for box in plain.findChildren(QMessageBox) if box.isVisible()]
    plain.close()
    power_gone(dialog, windows, calm)
    calm()
    again = opened(Wish())
    answer(again, "恢复", calm)
    assert lying(again) == ["网络查控反馈材料"]
    # It lies here now, and there no more.
    power_gone(again, windows, calm)
    there = opened(Wish(key=QUERY, material="网络查控反馈材料"))
    assert not [box for box in there.findChildren(QMessageBox) if box.isVisible()]


def test_a_replacement_survives_with_its_reason(
    windows: DossierWindows, office: Office, opened: Open, calm: Calm, tmp_path: Path
) -> None:
    taken = take_in(office.bureau, [Piece("a.pdf", pages(1))])
    case = office.case_ids[0]
    before = file_item(office.bureau, office.actor(), case, Filing("笔录", place=11), taken).item
    dialog = opened(Wish(replaced=before, pieces=piece(tmp_path, "扫描")))
    dialog.reason.set_value("当事人补签了第二页")
    dialog.keeper.touch()
    power_gone(dialog, windows, calm)
    again = opened(Wish(replaced=before))
    answer(again, "恢复", calm)
    assert again.reason.value() == "当事人补签了第二页"
    assert again.model.rowCount() == 1
