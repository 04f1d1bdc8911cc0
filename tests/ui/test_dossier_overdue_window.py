"""The list of overdue volumes and dossiers: seen, sorted, exported, and the way to each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.closed_case import close_case, file_pages, printed
from zhixing_desktop.services import dossier_moves
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.overdue_window import OverdueWindow

Calm = Callable[[], None]


@pytest.fixture
def office(paper_office: Office, tmp_path: Path) -> Office:
    (case,) = paper_office.case_ids
    file_pages(paper_office, case, "银行流水", 2, place=10)
    printed(paper_office, case, tmp_path)
    actor, today = paper_office.actor(), paper_office.clock.now().date()
    (line,) = dossier_moves.where(paper_office.bureau, actor, case)
    dossier_moves.hand_over(
        paper_office.bureau,
        actor,
        line.volume_id,
        "赵法官",
        "调卷查阅",
        today,
        version=line.version,
    )
    close_case(paper_office, case)
    paper_office.at("2024-06-14T10:00").sweep()
    return paper_office


@pytest.fixture
def calm(qtbot: QtBot, bridge: Bridge) -> Calm:
    return lambda: qtbot.waitUntil(lambda: bridge.pending == 0, timeout=30_000)


@pytest.fixture
def window(office: Office, bridge: Bridge, host: QWidget, calm: Calm) -> OverdueWindow:
    actor = office.actor("李局长")
    made = OverdueWindow(office.bureau, bridge, lambda: actor, parent=host)
    made.show()
    calm()
    return made


def test_each_line_leads_to_the_window_in_which_it_is_settled(
    office: Office, window: OverdueWindow
) -> None:
    volumes: list[tuple[int, str]] = []
    archive: list[tuple[int, str]] = []
    window.volumes_wanted.connect(lambda *args: volumes.append(args))
    window.archive_wanted.connect(lambda *args: archive.append(args))
    kinds = [row[3] for row in window.list.texts()]
    assert sorted(kinds) == ["借出未还", "未按期归档"]
    (case,) = office.case_ids
    where = (case, office.detail(case).case_no)
    window.list.choose(kinds.index("借出未还"))
    QTest.keyClick(window.list, Qt.Key.Key_Return)
    assert (volumes, archive) == ([where], [])
    window.list.choose(kinds.index("未按期归档"))
    window.act.click()
    assert (volumes, archive) == ([where], [where])


def test_a_click_on_a_heading_sorts_and_another_one_turns_it_round(
    window: OverdueWindow, calm: Calm
) -> None:
    head = window.list.header()
    first = [int(row[7]) for row in window.list.texts()]
    # What is longest overdue comes first.
    assert first == sorted(first, reverse=True)
    head.sectionClicked.emit(7)
    calm()
    assert [int(row[7]) for row in window.list.texts()] == sorted(first)
    head.sectionClicked.emit(7)
    calm()
    assert [int(row[7]) for row in window.list.texts()] == first


def test_the_list_is_narrowed_and_exported(
    window: OverdueWindow, calm: Calm, tmp_path: Path
) -> None:
    window.kind.setCurrentIndex(1)
    window.kind.activated.emit(1)
    calm()
    assert [row[3] for row in window.list.texts()] == ["借出未还"]
    window.export_to(tmp_path / "清单.xlsx")
    calm()
    assert (tmp_path / "清单.xlsx").stat().st_size > 0
    assert "已导出1行" in window.note.text()
