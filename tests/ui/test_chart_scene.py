"""The scene repaints what changed and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from helpers.charts import NAMES, mixed_marks, real_chart
from zhixing_desktop.ui.chart.items import NodeItem
from zhixing_desktop.ui.chart.lines import INCOMING, NORMAL, OUTGOING, fresh_pieces
from zhixing_desktop.ui.chart.marks import NodeMark
from zhixing_desktop.ui.chart.scene import ChartScene
from zhixing_desktop.ui.chart.text import chart_font, text_width, wrap
from zhixing_desktop.ui.chart.view import ChartView
from zhixing_desktop.ui.theme import DARK, LIGHT, install_fonts
from zhixing_desktop.workflow.charts import NodeId

pytestmark = pytest.mark.usefixtures("chinese")


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[NodeId]:
    """Ids of the boxes in the order in which they were painted."""
    seen: list[NodeId] = []
    paint = NodeItem.paint

    def counting(self: NodeItem, *args: Any) -> None:
        seen.append(self.node.id)
        paint(self, *args)

    monkeypatch.setattr(NodeItem, "paint", counting)
    return seen


@pytest.fixture
def view(qtbot: QtBot, painted: list[NodeId]) -> ChartView:
    """The chart of nodes, shown whole, all painting done."""
    view = ChartView(real_chart("nodes"), LIGHT)
    qtbot.addWidget(view)
    view.resize(1200, 800)
    view.set_marks(mixed_marks(view.chart))
    view.show()
    qtbot.waitExposed(view)
    qtbot.waitUntil(lambda: len(set(painted)) == 49)
    qtbot.wait(1)
    painted.clear()
    return view


def settle(qtbot: QtBot, view: ChartView) -> None:
    """Let everything that was asked to repaint do so."""
    qtbot.wait(1)
    view.viewport().update(0, 0, 1, 1)
    qtbot.wait(1)


def test_all_boxes_are_painted_once_shown(view: ChartView) -> None:
    assert set(view.chart_scene.nodes) == {node.id for node in view.chart.nodes}


def test_equal_marks_repaint_nothing(qtbot: QtBot, view: ChartView, painted: list[NodeId]) -> None:
    assert view.set_marks(mixed_marks(view.chart)) == ()
    settle(qtbot, view)
    assert painted == []


def test_one_new_mark_repaints_one_box(
    qtbot: QtBot, view: ChartView, painted: list[NodeId]
) -> None:
    marks = mixed_marks(view.chart)
    marks[17] = replace(marks[17], days_left_text="逾期2日")
    assert view.set_marks(marks) == (17,)
    qtbot.waitUntil(lambda: bool(painted))
    settle(qtbot, view)
    assert painted == [17]


def test_a_mark_that_goes_leaves_a_neutral_box(view: ChartView) -> None:
    assert 5 in view.set_marks({})
    assert view.chart_scene.nodes[5].mark is None


def test_moving_the_ring_repaints_the_surroundings_only(
    qtbot: QtBot, view: ChartView, painted: list[NodeId]
) -> None:
    view.select(22)
    settle(qtbot, view)
    painted.clear()
    view.select(23)
    settle(qtbot, view)
    # The lines of the two boxes change as well, and what lies around those; nothing far away.
    assert {22, 23} <= set(painted)
    assert not {1, 7, 17, 38, 33, 43, 46} & set(painted)


def test_lines_of_the_current_box_stand_out(qtbot: QtBot) -> None:
    scene = ChartScene(real_chart("nodes"), LIGHT)
    scene.set_current(4)
    emphasis = {item.edge.key: item._emphasis for item in scene.edges}
    assert emphasis["B7", 4, 9] == OUTGOING
    assert emphasis["B8", 5, 4] == INCOMING
    assert emphasis["B37", 23, 24] == NORMAL
    scene.set_current(None)
    assert {item._emphasis for item in scene.edges} == {NORMAL}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_titles_fit_into_their_boxes(qtbot: QtBot, name: str, theme: Any) -> None:
    scene = ChartScene(real_chart(name), theme)
    scene.set_marks(mixed_marks(scene.chart))
    for item in scene.nodes.values():
        for run in (*item._layout.full, *item._layout.medium, *item._layout.mini):
            assert "…" not in run.text, item.node.title
            assert run.x >= 0
            assert run.x + text_width(run.text, run.font) <= item.node.w, item.node.title
            assert 0 <= run.baseline <= item.node.h


def test_a_tooltip_says_what_the_colours_say(qtbot: QtBot) -> None:
    scene = ChartScene(real_chart("nodes"), LIGHT)
    mark = NodeMark(
        "overdue",
        "逾期2日",
        instances=3,
        counts={"overdue": 1, "done": 2},
        waiting=True,
        provisional=True,
        simulated=True,
        tooltip="执行局长可以解冻",
    )
    scene.set_marks({20: mark})
    tip = scene.nodes[20].toolTip()
    for part in (
        "节点20 确定财产处置参考价",
        "逾期",
        "逾期2日",
        "共3次（逾期1、已完成2）",
        "有审批待办",
        "期限暂定",
        "推演结果",
        "执行局长可以解冻",
    ):
        assert part in tip
    assert mark.badges() == ("推演", "暂定", "待批")


def test_a_line_tells_its_condition_and_how_sure_it_is(qtbot: QtBot) -> None:
    scene = ChartScene(real_chart("nodes"), LIGHT)
    tips = {item.edge.key: item.toolTip() for item in scene.edges}
    assert "条件：当事人议价一致" in tips["B30", 20, 23]
    assert "法律、司法解释" in tips["B30", 20, 23]
    assert "推定" in tips["B18", 8, 11]


def test_lines_of_one_code_are_drawn_once_where_they_run_together() -> None:
    first = ((0.0, 0.0), (100.0, 0.0), (100.0, 50.0))
    second = ((0.0, 0.0), (150.0, 0.0), (150.0, 50.0))
    covered = [(first[0], first[1]), (first[1], first[2])]
    assert fresh_pieces(second, covered) == [[(100.0, 0.0), (150.0, 0.0), (150.0, 50.0)]]
    assert fresh_pieces(first, covered) == []
    backwards = tuple(reversed(second))
    assert fresh_pieces(backwards, covered) == [[(150.0, 50.0), (150.0, 0.0), (100.0, 0.0)]]


def test_long_titles_break_between_words(qtbot: QtBot) -> None:
    font = chart_font(14, bold=True)
    assert wrap("罚款、拘留、限制出境、扣留护照", font, 131, 2, 6) == [
        "罚款、拘留、",
        "限制出境、扣留护照",
    ]
    assert wrap("查封、扣押、冻结", font, 100, 2) == ["查封、", "扣押、冻结"]
    assert wrap("执行通知", font, 131, 2) == ["执行通知"]
    assert wrap("一二三四五六七八九十", font, 60, 2)[-1].endswith("…")


@pytest.fixture
def chinese(qapp: Any) -> None:
    """A family that has Chinese."""
    assert install_fonts(qapp).sentence is None
