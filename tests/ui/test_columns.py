"""Columns of the dossier's tables: whole where there is room, and what gives way where not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from zhixing_desktop.demo.neutral_paths import neutral
from zhixing_desktop.ui.dossier.columns import FittedColumns, shares


@pytest.mark.parametrize(
    ("natural", "room", "widths"),
    [
        ([100, 50, 30], 300, [220, 50, 30]),
        ([400, 50, 30], 200, [120, 50, 30]),
        ([400, 300, 30], 230, [100, 100, 30]),
        ([90, 90, 90], 30, [10, 10, 10]),
        ([90, 90], 0, [0, 0]),
    ],
)
def test_what_is_left_goes_to_one_and_the_widest_give_way_first(
    natural: list[int], room: int, widths: list[int]
) -> None:
    assert shares(natural, room, 0) == widths


@pytest.fixture
def table(qtbot: QtBot) -> QTreeWidget:
    made = QTreeWidget()
    qtbot.addWidget(made)
    made.setHeaderLabels(["名称", "来源", "日期"])
    made.addTopLevelItem(QTreeWidgetItem(["协助执行通知书送达回证", "本院制作", "2025-07-14"]))
    return made


def test_a_narrow_table_leaves_out_what_is_told_elsewhere_until_the_names_have_room(
    table: QTreeWidget, qtbot: QtBot
) -> None:
    FittedColumns(table, spare=(1, 2), least=8)
    table.resize(900, 200)
    with qtbot.waitExposed(table):
        table.show()
    assert not table.isColumnHidden(1)
    item = table.topLevelItem(0)
    assert item is not None
    name = table.fontMetrics().horizontalAdvance(item.text(0))
    assert table.columnWidth(0) > name
    table.resize(200, 200)
    qtbot.waitUntil(lambda: table.isColumnHidden(1))
    table.resize(900, 200)
    qtbot.waitUntil(lambda: not table.isColumnHidden(1))
    assert sum(table.columnWidth(at) for at in range(3)) == table.viewport().width()


def test_a_column_that_a_person_has_drawn_stays_so(table: QTreeWidget, qtbot: QtBot) -> None:
    columns = FittedColumns(table)
    with qtbot.waitExposed(table):
        table.show()
    table.header().resizeSection(0, 77)
    columns.fit()
    table.resize(1200, 200)
    assert table.columnWidth(0) == 77


def test_a_picture_shows_an_offices_folder_and_not_the_machines() -> None:
    folders = {Path("/build/out"): r"D:\知行\数据", Path("/build"): r"D:\扫描"}
    assert neutral("数据文件夹：/build/out/示例.db.files。", folders) == (
        r"数据文件夹：D:\知行\数据\示例.db.files。"
    )
    assert neutral("找不到文件“/build/x1/整批.pdf”。", folders) == (
        r"找不到文件“D:\扫描\x1\整批.pdf”。"
    )
    here = {Path("out"): r"D:\知行\数据", Path.cwd(): r"D:\扫描"}
    assert neutral(f"{Path.cwd()}/out/库 out", here) == r"D:\知行\数据\库 out"
    assert neutral("第1/2页", folders) == "第1/2页"
