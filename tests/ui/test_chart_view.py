"""Mouse, wheel and keys on a chart."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.charts import NAMES, mixed_marks, real_chart
from zhixing_desktop.ui.chart.view import MAX_ZOOM, MIN_ZOOM, ChartView
from zhixing_desktop.ui.theme import DARK, LIGHT
from zhixing_desktop.workflow.charts import NodeId

_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


@pytest.fixture
def view(qtbot: QtBot) -> ChartView:
    return shown(qtbot, "nodes")


def shown(qtbot: QtBot, name: str) -> ChartView:
    view = ChartView(real_chart(name), LIGHT)
    qtbot.addWidget(view)
    view.resize(1200, 800)
    view.show()
    qtbot.waitExposed(view)
    return view


def place(view: ChartView, node_id: NodeId) -> QPoint:
    """Where the middle of a box is on the screen."""
    return view.mapFromScene(QPointF(*view.chart.node(node_id).centre))


def wheel(view: ChartView, at: QPoint, turns: int, keys: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


# --------------------------------------------------------------------------------------- mouse


@pytest.mark.parametrize("node_id", [1, 17, 43, "start"])
def test_a_click_selects_the_box(qtbot: QtBot, view: ChartView, node_id: NodeId) -> None:
    with qtbot.waitSignal(view.node_selected) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place(view, node_id))
    assert told.args == [node_id]
    assert view.current() == node_id


def test_a_double_click_opens_the_box(qtbot: QtBot, view: ChartView) -> None:
    with qtbot.waitSignal(view.node_activated) as told:
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place(view, 7))
    assert told.args == [7]


def test_a_drag_moves_the_picture_and_selects_nothing(qtbot: QtBot, view: ChartView) -> None:
    view.set_zoom(1.0)
    view.centerOn(1000, 1000)
    bar = view.horizontalScrollBar()
    before = bar.value()
    start = QPoint(600, 400)
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.viewport(), start - QPoint(120, 0))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=start - QPoint(120, 0))
    assert bar.value() > before
    assert view.current() is None


def test_a_click_beside_the_boxes_keeps_the_ring(qtbot: QtBot, view: ChartView) -> None:
    view.select(7)
    with qtbot.assertNotEmitted(view.node_selected):
        qtbot.mouseClick(
            view.viewport(),
            Qt.MouseButton.LeftButton,
            pos=view.mapFromScene(QPointF(1450, 20)),
        )
    assert view.current() == 7


# ---------------------------------------------------------------------------------------- zoom


def test_zoom_stays_between_30_and_300_percent(view: ChartView) -> None:
    for _ in range(40):
        view.zoom_in()
    assert view.zoom() == pytest.approx(MAX_ZOOM)
    for _ in range(40):
        view.zoom_out()
    assert view.zoom() == pytest.approx(MIN_ZOOM)


def test_ctrl_and_wheel_zoom_under_the_mouse(view: ChartView) -> None:
    view.set_zoom(1.0)
    view.centerOn(1500, 1000)
    at = QPoint(300, 200)
    before = view.mapToScene(at)
    wheel(view, at, 1, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom() == pytest.approx(1.2)
    after = view.mapToScene(at)
    assert abs(after.x() - before.x()) < 3
    assert abs(after.y() - before.y()) < 3


def test_a_wheel_scrolls_down_and_with_shift_sideways(view: ChartView) -> None:
    view.set_zoom(1.0)
    view.centerOn(1500, 1000)
    down, across = view.verticalScrollBar().value(), view.horizontalScrollBar().value()
    wheel(view, QPoint(300, 200), -1, Qt.KeyboardModifier.NoModifier)
    assert view.verticalScrollBar().value() > down
    wheel(view, QPoint(300, 200), -1, Qt.KeyboardModifier.ShiftModifier)
    assert view.horizontalScrollBar().value() > across
    assert view.zoom() == pytest.approx(1.0)


def test_zoom_keys(qtbot: QtBot, view: ChartView) -> None:
    view.set_zoom(1.0)
    with qtbot.waitSignal(view.zoom_changed) as told:
        qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert told.args == [pytest.approx(1.2)]
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.zoom() == pytest.approx(1.0)
    qtbot.keyClick(view, Qt.Key.Key_0)
    whole = view.mapToScene(view.viewport().rect()).boundingRect()
    assert whole.contains(view.sceneRect())


def test_a_fitted_chart_follows_the_window(qtbot: QtBot, view: ChartView) -> None:
    view.fit()
    before = view.zoom()
    view.resize(600, 400)
    qtbot.waitUntil(lambda: view.zoom() < before)
    assert view.mapToScene(view.viewport().rect()).boundingRect().contains(view.sceneRect())


# ------------------------------------------------------------------------------------ keyboard


@pytest.mark.parametrize("name", NAMES)
def test_arrow_keys_reach_every_box_from_the_first(qtbot: QtBot, name: str) -> None:
    view = shown(qtbot, name)
    first = 1 if view.chart.has(1) else view.chart.first
    seen: set[NodeId] = {first}
    todo: list[NodeId] = [first]
    while todo:
        here = todo.pop()
        for arrow in _ARROWS:
            view.select(here)
            qtbot.keyClick(view, arrow)
            there = view.current()
            assert there is not None
            if there not in seen:
                seen.add(there)
                todo.append(there)
    assert seen == {node.id for node in view.chart.nodes}


def test_enter_opens_the_current_box(qtbot: QtBot, view: ChartView) -> None:
    with qtbot.assertNotEmitted(view.node_activated):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    view.select(20)
    with qtbot.waitSignal(view.node_activated) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [20]


def test_home_goes_to_where_the_case_stands(qtbot: QtBot, view: ChartView) -> None:
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.current() == view.chart.first
    view.set_home(26)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.current() == 26
    view.set_home(99)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.current() == view.chart.first


def test_the_current_box_is_brought_into_sight_and_said(qtbot: QtBot, view: ChartView) -> None:
    view.set_marks(mixed_marks(view.chart))
    view.set_zoom(1.5)
    view.select(46, centre=True)
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert seen.contains(QPointF(*view.chart.node(46).centre))
    assert view.accessibleName() == "流程图：执行实施案件节点"
    assert view.accessibleDescription().startswith("节点46 恢复执行：")


def test_an_unknown_box_cannot_be_selected(view: ChartView) -> None:
    assert not view.select(47)
    assert view.current() is None


# ------------------------------------------------------------------------------------- finding


def test_find_rings_all_hits_and_walks_round(view: ChartView) -> None:
    assert view.find_text("拍卖") == 5
    assert (view.current(), view.hit_place()) == (23, (1, 5))
    assert {item.node.id for item in view.chart_scene.nodes.values() if item._found} == {
        23,
        24,
        25,
        26,
        27,
    }
    view.find_next()
    assert (view.current(), view.hit_place()) == (24, (2, 5))
    view.find_next(-1)
    view.find_next(-1)
    assert (view.current(), view.hit_place()) == (27, (5, 5))
    assert view.find_text("不存在") == 0
    assert view.hit_place() == (0, 0)
    assert not any(item._found for item in view.chart_scene.nodes.values())


def test_other_colours_keep_place_and_marks(view: ChartView) -> None:
    marks = mixed_marks(view.chart)
    view.set_marks(marks)
    view.select(33)
    view.set_zoom(0.8)
    view.set_theme(DARK)
    assert view.chart_scene.theme is DARK
    assert view.current() == 33
    assert view.zoom() == pytest.approx(0.8)
    assert view.chart_scene.nodes[33].mark == marks[33]
