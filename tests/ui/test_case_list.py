"""The list: SQL pages, filters, search, order, the chosen case, both shapes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from helpers.bureau import OTHER_OFFICER, Office
from zhixing_desktop.services import case_list
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.services.case_list import CaseLine
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.case_list import model as model_module
from zhixing_desktop.ui.case_list.model import ROW_ROLE, WAITING, CaseModel
from zhixing_desktop.ui.case_list.panel import CaseListPanel
from zhixing_desktop.ui.case_list.rows import HEADERS, Column, row_of
from zhixing_desktop.workflow.facts import State

Settle = Callable[[], None]
NOW = datetime(2024, 3, 11, 9)


def line(due: datetime | None, **changed: object) -> CaseLine:
    given: dict[str, object] = {
        "id": 1,
        "case_no": "（2024）豫0811执1号",
        "parties": "甲 / 乙",
        "officer": "张承办",
        "current_node": 7,
        "current_node_name": "执行通知",
        "next_due_at": due,
        "state": State.ACTIVE,
        "amount": Decimal("1234567.80"),
        "closing_way": None,
        "closed_at": None,
    }
    return CaseLine(**{**given, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("due", "words", "urgency"),
    [
        (datetime(2024, 3, 14, 23, 59, 59), "3月14日（还剩3日）", ""),
        (datetime(2024, 3, 11, 23, 59, 59), "3月11日（今日）", "warned"),
        (datetime(2024, 3, 11, 15, 30), "3月11日（今日15时30分止）", "warned"),
        (datetime(2024, 3, 11, 8, 0), "3月11日（已过8时00分）", "overdue"),
        (datetime(2024, 3, 9, 23, 59, 59), "3月9日（逾期2日）", "overdue"),
        (datetime(2023, 12, 31, 23, 59, 59), "2023年12月31日（逾期71日）", "overdue"),
        (None, "—", ""),
    ],
)
def test_a_due_day_says_how_much_is_left(due: datetime | None, words: str, urgency: str) -> None:
    row = row_of(line(due), NOW, lambda _: False)
    assert row.texts[Column.DUE] == words
    assert row.urgency == urgency


def test_a_day_of_a_year_without_notice_is_marked() -> None:
    def doubtful(day: date) -> bool:
        return day.year == 2027

    row = row_of(line(datetime(2027, 1, 4, 23, 59, 59)), NOW, doubtful)
    assert row.provisional
    assert row.texts[Column.DUE].endswith("暂定")
    assert not row_of(line(datetime(2024, 4, 1)), NOW, doubtful).provisional


def test_a_closed_case_shows_how_and_when_it_ended() -> None:
    closed = line(None, closed_at=datetime(2024, 3, 8), closing_way="执行完毕", state=State.DONE)
    row = row_of(closed, NOW, lambda _: False)
    assert row.texts[Column.DUE] == "执行完毕（3月8日结案）"
    assert row.texts[Column.STATE] == "已结"


def test_money_and_missing_things_have_words() -> None:
    row = row_of(line(None, officer="", amount=None), NOW, lambda _: False)
    assert row.texts[Column.OFFICER] == "未分案"
    assert row.texts[Column.AMOUNT] == "—"
    assert row_of(line(None), NOW, lambda _: False).texts[Column.AMOUNT] == "1,234,567.80"


# ------------------------------------------------------------------------------------- the model


@pytest.fixture
def model(office: Office, bridge: Bridge, settle: Settle) -> CaseModel:
    made = CaseModel(office.bureau, bridge, office.actor())
    made.show()
    settle()
    return made


def shown(model: CaseModel, column: Column = Column.CASE_NO) -> list[str]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_the_model_shows_what_the_database_has(model: CaseModel, office: Office) -> None:
    lines = case_list.page(office.bureau, office.actor(), case_list.CaseQuery())
    assert shown(model) == [entry.case_no for entry in lines]
    assert model.rowCount() == len(lines) == 10
    heads = [
        model.headerData(c, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        for c in range(model.columnCount())
    ]
    assert tuple(heads) == HEADERS


@pytest.mark.parametrize("column", list(Column))
@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_a_header_sorts_in_the_database(
    model: CaseModel, office: Office, settle: Settle, column: Column, order: Qt.SortOrder
) -> None:
    model.sort(column, order)
    settle()
    names = ("case_no", "parties", "officer", "node", "due", "state", "amount")
    query = case_list.CaseQuery(
        sort=names[column], descending=order == Qt.SortOrder.DescendingOrder
    )
    assert shown(model) == [
        entry.case_no for entry in case_list.page(office.bureau, office.actor(), query)
    ]


def test_rows_come_in_blocks_when_somebody_looks(
    model: CaseModel, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = shown(model)
    monkeypatch.setattr(model_module, "BLOCK", 3)
    asked: list[tuple[int, ...]] = []
    original = model_module.read_page

    def spy(bureau, actor, query, blocks, size):  # type: ignore[no-untyped-def]
        asked.append(blocks)
        return original(bureau, actor, query, blocks, size)

    monkeypatch.setattr(model_module, "read_page", spy)
    model.show()
    settle()
    assert asked == [(0,)]
    assert model.index(7, 0).data() == WAITING
    assert model.index(7, 0).data(ROW_ROLE) is None
    assert model.index(8, 0).data() == WAITING
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda a, b: changed.append((a.row(), b.row())))
    settle()
    assert asked == [(0,), (2,)]
    assert changed == [(6, 8)]
    assert model.index(7, 0).data() == everything[7]
    shown(model)
    settle()
    assert shown(model) == everything


def test_only_the_last_question_is_answered(model: CaseModel, settle: Settle) -> None:
    model.show(filter="frozen")
    model.show(filter="all", search="执3号")
    settle()
    assert shown(model) == ["（2024）豫0811执3号"]


def test_refreshing_keeps_the_rows_and_tells_only_what_may_differ(
    model: CaseModel, settle: Settle
) -> None:
    resets, changes = [], []
    model.modelReset.connect(lambda: resets.append(1))
    model.dataChanged.connect(lambda *_: changes.append(1))
    model.refresh()
    settle()
    assert (resets, changes) == ([], [1])


def test_a_new_case_appears_after_refreshing(
    model: CaseModel, office: Office, settle: Settle
) -> None:
    office.register(77)
    model.refresh()
    settle()
    assert model.rowCount() == 11
    assert "（2024）豫0811执77号" in shown(model)


# ------------------------------------------------------------------------------------- the panel


@pytest.fixture
def panel(
    qtbot: QtBot, office: Office, bridge: Bridge, actor: Actor, settle: Settle
) -> CaseListPanel:
    made = CaseListPanel(office.bureau, bridge, actor)
    qtbot.addWidget(made)
    made.resize(420, 600)
    made.show()
    made.start()
    settle()
    return made


def test_filters_carry_their_counts(panel: CaseListPanel, office: Office, actor: Actor) -> None:
    counts = case_list.counts(office.bureau, actor)
    words = [button.text() for button in panel.buttons.values()]
    assert words == [
        f"全部 {counts['all']}",
        f"我的 {counts['mine']}",
        f"今日到期 {counts['due_today']}",
        f"预警 {counts['warned']}",
        f"逾期 {counts['overdue']}",
        f"冻结 {counts['frozen']}",
        f"已结 {counts['closed']}",
    ]
    assert counts["mine"] != counts["all"]


@pytest.mark.parametrize("name", ["mine", "overdue", "frozen", "closed"])
def test_a_filter_button_asks_the_database(
    panel: CaseListPanel, settle: Settle, office: Office, actor: Actor, name: str
) -> None:
    panel.buttons[name].click()
    settle()
    count = case_list.counts(office.bureau, actor)[name]
    assert panel.model.rowCount() == count
    assert f"{count}件" in panel._foot.text()


def test_mine_follows_the_person(panel: CaseListPanel, settle: Settle, office: Office) -> None:
    panel.show_filter("mine")
    settle()
    before = panel.model.rowCount()
    panel.set_actor(office.actor(OTHER_OFFICER))
    settle()
    assert panel.model.rowCount() == 10 - before
    assert {panel.model.index(r, Column.OFFICER).data() for r in range(10 - before)} == {
        OTHER_OFFICER
    }


def test_searching_waits_until_nobody_types(
    panel: CaseListPanel, qtbot: QtBot, settle: Settle, office: Office
) -> None:
    asked: list[str] = []
    panel.model.loading.connect(lambda: asked.append(panel.model.query.search))
    # 张建国 is found by the first letters of its pinyin.
    qtbot.keyClicks(panel.search, "zjg")
    assert asked == []
    qtbot.waitUntil(lambda: asked == ["zjg"])
    settle()
    assert [panel.model.index(0, Column.PARTIES).data().endswith("张建国")] == [True]


def test_an_empty_answer_says_so(panel: CaseListPanel, qtbot: QtBot, settle: Settle) -> None:
    panel.search.setText("没有这个人")
    qtbot.waitUntil(lambda: panel.model.query.search == "没有这个人")
    settle()
    assert panel.model.rowCount() == 0
    assert "没有找到" in panel.table._empty_words
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: panel.model.query.search == "")
    settle()
    assert panel.model.rowCount() == 10


def test_choosing_a_row_tells_which_case(
    panel: CaseListPanel, qtbot: QtBot, settle: Settle
) -> None:
    with qtbot.waitSignal(panel.case_chosen) as chosen:
        panel.focus_list()
        qtbot.keyClick(panel.table, Qt.Key.Key_Down)
        qtbot.keyClick(panel.table, Qt.Key.Key_Down)
    # Running down tells the last one only.
    assert chosen.args == [panel.model.row_at(2).id]  # type: ignore[union-attr]
    with qtbot.waitSignal(panel.case_activated) as opened:
        qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert opened.args == chosen.args


def test_the_chosen_case_stays_chosen_when_rows_move(
    panel: CaseListPanel, qtbot: QtBot, settle: Settle, office: Office, bridge: Bridge
) -> None:
    with qtbot.waitSignal(panel.case_chosen) as chosen:
        panel.table.selectRow(3)
    (case,) = chosen.args
    told: list[int] = []
    panel.case_chosen.connect(told.append)
    panel.model.sort(Column.CASE_NO, Qt.SortOrder.DescendingOrder)
    settle()
    row = panel.model.row_at(panel.table.currentIndex().row())
    assert row is not None
    assert row.id == case
    office.register(900)
    with qtbot.waitSignal(panel.model.loaded):
        bridge.announce(Changes())
    settle()
    row = panel.model.row_at(panel.table.currentIndex().row())
    assert row is not None
    assert row.id == case
    assert told == []


def test_changes_that_are_none_of_its_business_leave_it_alone(
    panel: CaseListPanel, bridge: Bridge
) -> None:
    bridge.announce(Changes(lists=False))
    assert not panel._refresh_timer.isActive()
    bridge.announce(Changes())
    assert panel._refresh_timer.isActive()


def test_down_leads_from_the_search_into_the_list(panel: CaseListPanel, qtbot: QtBot) -> None:
    panel.focus_search()
    qtbot.keyClick(panel.search, Qt.Key.Key_Down)
    assert panel.table.hasFocus()
    assert panel.table.currentIndex().row() == 0


def test_a_narrow_list_folds_its_columns_and_a_wide_one_shows_all(
    panel: CaseListPanel, qtbot: QtBot
) -> None:
    def visible() -> list[Column]:
        return [column for column in Column if not panel.table.isColumnHidden(column)]

    assert panel.table.compact
    assert visible() == [Column.CASE_NO, Column.DUE]
    height = panel.table.rowHeight(0)
    panel.resize(600, 600)
    assert visible() == [Column.CASE_NO, Column.NODE, Column.DUE]
    panel.resize(1600, 600)
    assert not panel.table.compact
    assert visible() == list(Column)
    assert panel.table.rowHeight(0) < height
    bar = panel.table.horizontalScrollBar()
    assert bar.maximum() == 0


def test_rows_are_of_fixed_height(panel: CaseListPanel) -> None:
    upright = panel.table.verticalHeader()
    assert upright.sectionResizeMode(0) == upright.ResizeMode.Fixed
    assert not panel.table.wordWrap()


def test_a_state_is_drawn_with_its_own_colours(panel: CaseListPanel, settle: Settle) -> None:
    panel.buttons["frozen"].click()
    settle()
    assert panel.model.rowCount() > 0
    image: QImage = panel.table.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(120)}
    assert "#6fa0c0" in colours
