"""What the boxes of the charts say: worst state, days, several instances, phases, the bureau."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from helpers.bureau import Office, make_bureau
from zhixing_desktop import paths
from zhixing_desktop.services import case_list
from zhixing_desktop.services.chart_marks import Marks, bureau_marks, case_marks
from zhixing_desktop.services.charts import load_charts
from zhixing_desktop.workflow.charts import Chart
from zhixing_desktop.workflow.facts import State


@cache
def charts() -> tuple[Chart, ...]:
    return load_charts(paths.resources_dir())


@pytest.fixture
def office(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = make_bureau(tmp_path, now="2024-03-01T09:00")
    yield made
    made.close()


def marks_of(office: Office, case: int) -> Marks:
    return case_marks(charts(), office.detail(case))


def received(office: Office) -> int:
    case = office.register(1)
    for node in (1, 2, 3, 4):
        office.fill(case, node)
    return case


def test_all_three_charts_are_read_in_order() -> None:
    assert [chart.id for chart in charts()] == ["overview", "nodes", "measures"]


def test_every_box_with_nodes_has_a_mark(office: Office) -> None:
    marks = marks_of(office, office.register(1))
    boxes = {box.id for chart in charts() for box in chart.nodes if box.nodes}
    assert set(range(1, 47)) | boxes == set(marks)


def test_a_running_limit_says_how_much_is_left(office: Office) -> None:
    case = received(office)
    mark = marks_of(office, case)[5]
    assert (mark.state, mark.days_left_text) == ("active", "还剩3日")
    assert "完成时限 3日内，3月4日（还剩3日）" in mark.tooltip
    assert "工作内容：" in mark.tooltip
    assert "下一节点：" in mark.tooltip
    office.at("2024-03-04T09:00")
    assert marks_of(office, case)[5].days_left_text == "今日"
    office.at("2024-03-06T09:00")
    assert marks_of(office, case)[5].state == "overdue"
    assert marks_of(office, case)[5].days_left_text == "逾期2日"


def test_several_instances_show_the_worst_and_count_all(office: Office) -> None:
    case = received(office)
    data = {"category": "车辆", "online": False}
    office.event(case, "asset_found", "asset/1", name="旧轿车", **data)
    office.at("2024-03-20T09:00")
    office.event(case, "asset_found", "asset/2", name="新轿车", **data)
    mark = marks_of(office, case)[17]
    assert mark.instances == 2
    assert dict(mark.counts) == {State.ACTIVE.value: 1, mark.state: 1}
    assert mark.state in ("overdue", "frozen")
    assert mark.days_left_text.startswith("逾期")
    assert "财产1（旧轿车）：" in mark.tooltip
    assert "财产2（新轿车）：办理中" in mark.tooltip


def test_a_frozen_node_says_who_lifts_it(office: Office) -> None:
    case = received(office)
    office.at("2024-03-20T09:00")
    mark = marks_of(office, case)[7]
    assert mark.state == "frozen"
    assert "起冻结，解冻由本院主管院领导或者执行局长批准" in mark.tooltip


def test_a_phase_is_as_bad_as_its_worst_node(office: Office) -> None:
    case = received(office)
    office.at("2024-03-20T09:00")
    marks = marks_of(office, case)
    (overview,) = (chart for chart in charts() if chart.id == "overview")
    phase = next(box for box in overview.nodes if 7 in box.nodes)
    mark = marks[phase.id]
    assert mark.state == "frozen"
    assert mark.instances == len(phase.nodes)
    assert sum(mark.counts.values()) == len(phase.nodes)
    assert "节点7 执行通知：冻结" in mark.tooltip


def test_a_pending_application_is_marked(office: Office) -> None:
    from zhixing_desktop.services import work
    from zhixing_desktop.workflow.views import Key

    case = received(office)
    office.at("2024-03-20T09:00").sweep()
    assert not marks_of(office, case)[7].waiting
    work.request_approval(
        office.bureau, office.actor(), case, Key(7, "case"), "unfreeze", "送达受阻，现已完成送达"
    )
    assert marks_of(office, case)[7].waiting


def test_a_rehearsal_is_marked_and_equal_views_give_equal_marks(office: Office) -> None:
    case = received(office)
    detail = office.detail(case)
    assert case_marks(charts(), detail) == case_marks(charts(), office.detail(case))
    assert all(m.simulated for m in case_marks(charts(), detail, simulated=True).values())


def test_the_bureau_counts_what_is_open_at_each_node(office: Office) -> None:
    received(office)
    office.register(2)
    counts = case_list.node_counts(office.bureau, office.actor())
    marks = bureau_marks(charts(), office.bureau.rules.book, counts)
    assert (marks[5].state, marks[5].days_left_text) == ("active", "1件")
    assert (marks[30].state, marks[30].days_left_text) == ("not_started", "")
    assert "已完成1件次" in marks[1].tooltip
