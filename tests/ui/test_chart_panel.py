"""The panel with the three charts."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from helpers.charts import NAMES, mixed_marks, real_chart
from zhixing_desktop.ui.chart.marks import NodeMark
from zhixing_desktop.ui.chart.panel import ChartPanel
from zhixing_desktop.ui.theme import DARK, LIGHT, application_palette

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def panel(qtbot: QtBot) -> ChartPanel:
    panel = ChartPanel()
    qtbot.addWidget(panel)
    panel.setPalette(application_palette(dark=False))
    panel.set_charts([real_chart(name) for name in NAMES])
    panel.set_heading("（2024）豫0811执1号", "2024年3月1日打印")
    panel.resize(1200, 800)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def test_three_tabs_with_the_titles_of_the_annex(panel: ChartPanel) -> None:
    assert [panel.tabs.tabText(k) for k in range(3)] == ["总体图", "节点图", "措施图"]
    assert [panel.tabs.tabToolTip(k) for k in range(3)] == [
        "执行实施案件总体图",
        "执行实施案件节点",
        "执行实施案件的执行措施节点",
    ]


def test_marks_reach_every_chart(panel: ChartPanel) -> None:
    mark = NodeMark("overdue", "逾期2日")
    panel.set_marks({17: mark, "search": mark})
    panel.tabs.setCurrentIndex(0)
    assert panel.view.chart_scene.nodes["search"].mark == mark
    panel.tabs.setCurrentIndex(1)
    assert panel.view.chart_scene.nodes[17].mark == mark
    panel.tabs.setCurrentIndex(2)
    assert panel.view.chart_scene.nodes[17].mark == mark


def test_opening_a_node_tells_its_number(qtbot: QtBot, panel: ChartPanel) -> None:
    assert panel.show_node(17)
    assert panel.view.chart.id == "nodes"
    with qtbot.waitSignal(panel.node_activated) as told:
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert told.args == [17]


def test_selecting_a_node_tells_its_number(qtbot: QtBot, panel: ChartPanel) -> None:
    with qtbot.waitSignal(panel.node_selected) as told:
        panel.show_node(8)
    assert told.args == [8]


def test_opening_a_phase_leads_to_its_first_node(qtbot: QtBot, panel: ChartPanel) -> None:
    panel.tabs.setCurrentIndex(0)
    panel.view.select("disposal")
    with qtbot.assertNotEmitted(panel.node_activated):
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert panel.view.chart.id == "nodes"
    assert panel.view.current() == 19


def test_a_node_is_shown_in_the_chart_on_top_if_it_is_there(panel: ChartPanel) -> None:
    panel.tabs.setCurrentIndex(2)
    assert panel.show_node(36)
    assert panel.view.chart.id == "measures"
    assert panel.show_node(1)
    assert panel.view.chart.id == "nodes"
    assert not panel.show_node(99)


def test_ctrl_f_finds_and_enter_goes_on(qtbot: QtBot, panel: ChartPanel) -> None:
    panel.tabs.setCurrentIndex(1)
    panel.activateWindow()
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(panel.find_field.hasFocus)
    qtbot.keyClicks(panel.find_field, "cpbm")
    assert panel.find_count.text() == "无匹配"
    panel.find_field.setText("拍卖")
    assert (panel.view.current(), panel.find_count.text()) == (23, "1/5")
    qtbot.keyClick(panel.find_field, Qt.Key.Key_Return)
    assert (panel.view.current(), panel.find_count.text()) == (24, "2/5")
    qtbot.keyClick(panel.find_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert panel.view.current() == 23
    qtbot.keyClick(panel.find_field, Qt.Key.Key_Escape)
    assert panel.find_field.text() == ""
    assert panel.find_count.text() == ""
    assert panel.view.hasFocus()


def test_home_goes_to_the_current_node_in_each_chart(panel: ChartPanel) -> None:
    panel.set_current_node(26)
    for place in (1, 2):
        panel.tabs.setCurrentIndex(place)
        panel.view.go_home()
        assert panel.view.current() == 26


def test_the_zoom_shown_is_that_of_the_chart_on_top(panel: ChartPanel) -> None:
    panel.tabs.setCurrentIndex(1)
    panel.view.set_zoom(1.5)
    assert panel.zoom_label.text() == "150%"
    panel.tabs.setCurrentIndex(0)
    assert panel.zoom_label.text() == f"{round(panel.view.zoom() * 100)}%"
    panel.tabs.setCurrentIndex(1)
    assert panel.zoom_label.text() == "150%"


@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_export_writes_the_chart_on_top(
    qtbot: QtBot, panel: ChartPanel, tmp_path: Path, kind: str
) -> None:
    panel.set_marks(mixed_marks(real_chart("nodes")))
    panel.tabs.setCurrentIndex(1)
    path = tmp_path / f"图.{kind}"
    with qtbot.waitSignal(panel.exported) as told:
        assert panel.export(kind, path)
    assert told.args == [str(path)]
    assert path.stat().st_size > 10_000
    assert panel.sheet().title == "（2024）豫0811执1号　执行实施案件节点"


def test_export_asks_for_a_name(panel: ChartPanel, tmp_path: Path) -> None:
    dialog = panel.ask_export("svg")
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert dialog.selectedFiles()[0].endswith("执行实施案件总体图.svg")
    path = tmp_path / "overview.svg"
    dialog.fileSelected.emit(str(path))
    assert path.exists()
    dialog.close()


def test_a_refused_export_says_what_to_do(qtbot: QtBot, panel: ChartPanel, tmp_path: Path) -> None:
    with qtbot.assertNotEmitted(panel.exported):
        assert not panel.export("pdf", tmp_path / "nowhere" / "chart.pdf")
    box = panel.findChild(QMessageBox)
    assert box is not None
    assert "请换一个文件夹" in box.text()
    box.close()


def test_the_panel_follows_light_and_dark(panel: ChartPanel) -> None:
    assert panel.view.chart_scene.theme is LIGHT
    panel.setPalette(application_palette(dark=True))
    for place in range(3):
        panel.tabs.setCurrentIndex(place)
        assert panel.view.chart_scene.theme is DARK
    assert panel.sheet().chart.id == "measures"


def test_everything_has_a_name_for_screen_readers(panel: ChartPanel) -> None:
    assert panel.find_field.accessibleName() == "查找节点"
    assert "冻结" in panel.legend.accessibleName()
    assert panel.export_button.accessibleName()
    assert panel.print_button.accessibleName()


def test_the_legend_grows_when_the_window_is_narrow(panel: ChartPanel) -> None:
    assert panel.legend.heightForWidth(500) > panel.legend.heightForWidth(1400)
