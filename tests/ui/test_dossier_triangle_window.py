"""节点 – 电子卷宗 – 纸质卷宗 on one screen: each hole in words, with the way that mends it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.closed_case import closed_case, file_pages, printed
from helpers.dossier_files import RECORDING, pages
from zhixing_desktop.services import dossier, work
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_triangle import HoleKind
from zhixing_desktop.services.dossier_types import Filing, Medium, Piece
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.change_dialog import ChangeDialog
from zhixing_desktop.ui.dossier.triangle_window import TriangleWindow
from zhixing_desktop.ui.dossier.windows import DossierWindows
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.views import Key

QUERY = Key(9, "case")
Calm = Callable[[], None]


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def material(office: Office) -> str:
    found = next(m for m in office.bureau.rules.book.nodes[9].materials if m.item is not None)
    entry = ItemEntry(office.clock.now(), materials=[found.name])
    (case,) = office.case_ids
    work.record_work(office.bureau, office.actor(), case, QUERY, {}, {found.item: entry})
    return found.name


@pytest.fixture
def calm(qtbot: QtBot, bridge: Bridge) -> Calm:
    return lambda: qtbot.waitUntil(lambda: bridge.pending == 0, timeout=20_000)


@pytest.fixture
def window(office: Office, material: str, bridge: Bridge, host: QWidget, calm: Calm) -> (
    TriangleWindow
):  # fmt: skip
    actor = office.actor()
    windows = DossierWindows(office.bureau, bridge, lambda: actor, host)
    made = windows.triangle(office.case_ids[0], "（2024）豫0811执1号")
    calm()
    return made


def test_a_hole_opens_the_intake_with_its_duty_and_goes_when_it_is_filed(
    office: Office, material: str, window: TriangleWindow, bridge: Bridge, calm: Calm
) -> None:
    wishes: list[Wish] = []
    window.mends.take_wanted.connect(wishes.append)
    row = window.row_of(material)
    assert (row.node, row.files) == ("已登记", "没有")
    item = next(one for one in window.table._all() if one.text(0) == material)
    hole = item.child(0)
    assert hole is not None
    # What is wrong is read whole, across all columns.
    assert hole.isFirstColumnSpanned()
    window.table.setCurrentItem(item)
    assert window.said.text() == "把这份材料入卷"
    QTest.keyClick(window.table, Qt.Key.Key_Return)
    assert (wishes[0].key, wishes[0].material) == (QUERY, material)
    taken = take_in(office.bureau, [Piece("a.pdf", pages(2))])
    filing = Filing(material, QUERY, material=material)
    file_item(office.bureau, office.actor(), office.case_ids[0], filing, taken)
    bridge.announce(Changes(frozenset(office.case_ids)))
    calm()
    after = window.row_of(material)
    assert after.files.endswith("2页")
    assert [hole.kind for hole in after.holes] == [HoleKind.NOT_PRINTED]


def test_the_header_says_whether_the_closing_is_refused_and_by_what_rule(
    office: Office, window: TriangleWindow, calm: Calm
) -> None:
    assert "处不一致" in window.verdict.words.text()
    assert "报结时只作提示" in window.verdict.below.text()
    assert "节点四十三 工作内容2" in window.verdict.below.text()
    change_setting(
        office.bureau, office.actor("何管理"), "dossier.since", "2024-03-01", "启用逐件核对"
    )
    window.refresh.click()
    calm()
    assert "处理完以前不能报结" in window.verdict.below.text()


def test_an_unplaced_thing_leads_to_itself_and_what_agrees_can_be_hidden(
    office: Office, window: TriangleWindow, calm: Calm
) -> None:
    taken = take_in(office.bureau, [Piece("a.pdf", pages(1))])
    item = file_item(
        office.bureau, office.actor(), office.case_ids[0], Filing("无名扫描件"), taken
    ).item
    recording = take_in(office.bureau, [Piece("通话.mp3", RECORDING)])
    said = Filing("通话", place=31, medium=Medium.ELECTRONIC)
    file_item(office.bureau, office.actor(), office.case_ids[0], said, recording)
    window.reload()
    calm()
    assert window.table.choose_hole(HoleKind.UNPLACED) is not None
    window.act.click()
    calm()
    step = window.mends.step
    assert isinstance(step, ChangeDialog)
    step.place.set_place("main", 31)
    step.submit()
    calm()
    view = dossier.dossier(office.bureau, office.actor(), office.case_ids[0])
    assert [one.place for one in view.main.items if one.id == item.id] == [31]
    assert window.table.choose_hole(HoleKind.UNPLACED) is None
    # Where no window of the paper is there, there is no way that leads to it.
    assert window.table.choose_hole(HoleKind.NOT_PRINTED) is not None
    assert not window.act.isEnabled()
    agreeing = next(one for one in window.table._all() if one.text(0) == "通话")
    assert (agreeing.text(3), agreeing.isHidden()) == ("不入纸质卷", False)
    window.only_holes.setChecked(True)
    assert agreeing.isHidden()


def test_of_a_closed_case_it_is_the_archiving_that_waits(
    tmp_path: Path, bridge: Bridge, host: QWidget, calm: Calm
) -> None:
    folder = tmp_path / "已结"
    folder.mkdir()
    closed, case = closed_case(folder)
    bureau, actor = closed.bureau, closed.actor()
    change_setting(bureau, closed.actor("何管理"), "dossier.since", "2024-03-01", "启用逐件核对")
    printed(closed, case, folder)
    file_pages(closed, case, "没有打印的", 1, place=10)
    window = DossierWindows(bureau, bridge, lambda: actor, host).triangle(case, "已结案件")
    calm()
    assert "须在归档以前处理" in window.verdict.words.text()
    assert "处理完以前不能归档" in window.verdict.below.text()
    rows = [window.table.topLevelItem(row) for row in range(window.table.topLevelItemCount())]
    told = [row.child(below).text(0) for row in rows for below in range(row.childCount())]
    # The archive wants the proof of a volume as well, which 报结 does not.
    unproven = [one.split("：")[0] for one in told if "还没有用扫描件核对过" in one]
    assert unproven == ["归档以前处理", "归档以前处理"]  # 正卷 and 副卷
    closed.close()
