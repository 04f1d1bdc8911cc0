"""The second reader sees the scan beside the fields he fills."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from helpers.bureau import CHIEF, Office
from helpers.keyboard import CONFIRM, dialogs, press
from helpers.offices import journal
from helpers.papers import BLUE, RED, pdf
from helpers.typing_in import enter_into
from helpers.waiting_cases import QUERY, frozen_query
from zhixing_desktop.services import file_store, outside
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.ui.approvals.outside import ReadBackDialog
from zhixing_desktop.ui.approvals.window import DecisionsWindow
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.workflow.decide import Hop, Reply

READER, NUMBER = "郑审管", "（2024）豫08执监1号"
Settle = Callable[[], None]


@dataclass
class Replied:
    """An application whose reply waits for the second reader, and where its scan lies."""

    office: Office
    case: int
    scan: Path


@pytest.fixture
def replied(office: Office) -> Replied:
    case, seq = frozen_query(office)
    today, chief = office.clock.now().date(), office.actor(CHIEF)
    outside.forward(office.bureau, chief, case, seq, Hop("本院", "焦作中院", today, "1号"))
    reply = Reply(NUMBER, today, "孙庭长", "焦作市中级人民法院", "granted", "同意解冻")
    scan = Scan("批复.pdf", pdf(RED, BLUE))
    outside.enter_reply(office.bureau, chief, case, seq, reply, scan)
    folder = file_store.files_folder(office.bureau)
    (kept,) = [path for path in folder.rglob("*") if path.is_file()]
    return Replied(office, case, kept)


def opened(replied: Replied, bridge: Bridge, qtbot: QtBot, settle: Settle) -> ReadBackDialog:
    actor = replied.office.actor(READER)
    window = DecisionsWindow(replied.office.bureau, bridge, lambda: actor)
    qtbot.addWidget(window)
    window.resize(1366, 728)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    settle()
    press(window, Qt.Key.Key_4)
    settle()
    (dialog,) = dialogs(window)
    assert isinstance(dialog, ReadBackDialog)
    return dialog


def test_the_scan_lies_beside_the_fields_and_the_keyboard_does_all(
    replied: Replied, bridge: Bridge, qtbot: QtBot, settle: Settle
) -> None:
    dialog = opened(replied, bridge, qtbot, settle)
    canvas = dialog.scan.canvas
    assert canvas.image.pixelColor(10, 10).getRgb()[:3] == RED
    right = dialog.scan.mapTo(dialog, QPoint(dialog.scan.width(), 0)).x()
    assert dialog.number.mapTo(dialog, QPoint(0, 0)).x() >= right
    assert dialog.scan.height() > dialog.height() // 2
    assert [who for act, who in journal(replied.office.bureau) if act == "personal.view"] == [
        READER
    ]
    press(dialog, (Qt.Key.Key_PageDown, Qt.KeyboardModifier.AltModifier))
    settle()
    assert canvas.image.pixelColor(10, 10).getRgb()[:3] == BLUE
    enter_into(dialog.number, NUMBER)
    enter_into(dialog.day, f"{replied.office.clock.now():%Y-%m-%d}")
    press(dialog, CONFIRM)
    settle()
    assert replied.office.detail(replied.case).view.instances[QUERY].frozen is None


def test_a_scan_that_cannot_be_shown_says_why_and_the_paper_can_be_read_back(
    replied: Replied, bridge: Bridge, qtbot: QtBot, settle: Settle
) -> None:
    replied.scan.unlink()
    dialog = opened(replied, bridge, qtbot, settle)
    assert "找不到保存的文件" in dialog.scan.words.text()
    assert dialog.scan.words.isVisible()
    assert dialog.act.isEnabled()
