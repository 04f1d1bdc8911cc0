"""The window of the whole journal: what an auditor finds, checks and takes along."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import AUDITOR, OFFICER, Office
from helpers.rows import tamper
from zhixing_desktop.services import journal_search, people
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.services.journal_search import JournalQuery
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.journal_window import JournalWindow

Settle = Callable[[], None]
Open = Callable[..., JournalWindow]


@pytest.fixture
def open_window(
    office: Office, bridge: Bridge, qtbot: QtBot, host: QWidget, settle: Settle
) -> Open:
    """Open the window for somebody."""

    def make(name: str = AUDITOR) -> JournalWindow:
        who = people.find_person(office.bureau, name).actor()
        made = JournalWindow(office.bureau, bridge, lambda: who, parent=host)
        made.show()
        settle()
        return made

    return make


def cells(window: JournalWindow, column: int) -> list[str]:
    model = window.model
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def newest(office: Office, auditor: Actor) -> journal_search.JournalLine:
    return journal_search.search(office.bureau, auditor, JournalQuery(), limit=1).lines[0]


def test_the_newest_rows_stand_first_and_the_first_is_told(open_window: Open) -> None:
    window = open_window()
    numbers = [int(number) for number in cells(window, 0)]
    assert len(numbers) == journal_search.PAGE
    assert numbers == sorted(numbers, reverse=True)
    assert window.hash.text().startswith(f"第{numbers[0]}条校验值（SHA256）")
    assert "已显示100条" in window.words.text()


def test_scrolling_reads_on_without_a_gap(open_window: Open, settle: Settle) -> None:
    window = open_window()
    while window.model.canFetchMore(window.table.rootIndex()):
        window.model.fetchMore(window.table.rootIndex())
        settle()
    numbers = [int(number) for number in cells(window, 0)]
    assert numbers == list(range(numbers[0], 0, -1))
    assert len(numbers) > journal_search.PAGE


def test_the_fields_narrow_what_is_shown(open_window: Open, settle: Settle) -> None:
    window = open_window()
    window.filter.person.setCurrentText("吴立案")
    window.filter.action.setCurrentIndex(window.filter.action.findData("case.register"))
    window.filter.look.click()
    settle()
    assert set(cells(window, 2)) == {"吴立案"}
    assert set(cells(window, 4)) == {"登记案件"}
    case_no = cells(window, 5)[0]
    window.filter.clear_button.click()
    window.filter.case_no.setText(case_no)
    window.filter.look.click()
    settle()
    assert set(cells(window, 5)) == {case_no}
    window.filter.words.setText("没有这样的话")
    window.filter.words.returnPressed.emit()
    settle()
    assert cells(window, 0) == []
    assert window.words.text() == "没有符合条件的日志"
    assert window.detail.topLevelItemCount() == 0


def test_a_day_that_is_none_is_refused(open_window: Open, bridge: Bridge, qtbot: QtBot) -> None:
    window = open_window()
    window.filter.first.setText("2024-02-30")
    with qtbot.waitSignal(bridge.failed) as told:
        window.look()
    assert "2024-02-30" in told.args[0].problems[0].sentence


def test_a_row_is_told_before_and_after(open_window: Open, settle: Settle) -> None:
    window = open_window()
    window.filter.action.setCurrentIndex(window.filter.action.findData("node.complete"))
    window.look()
    settle()
    told = [
        window.detail.topLevelItem(place).text(0)
        for place in range(window.detail.topLevelItemCount())
    ]
    assert any("办结" in words for words in told)


def test_checking_names_the_first_row_that_does_not_fit(
    open_window: Open, office: Office, settle: Settle
) -> None:
    window = open_window()
    first = journal_search.daily_heads(
        office.bureau, office.clock.now().date().replace(month=1, day=1), office.clock.now().date()
    )[0]
    window.heads.setText(f"{first.id}:{first.hash[:16]}")
    window.check.click()
    settle()
    assert "日志完整" in window.words.text()
    assert "1 个每日校验值" in window.words.text()
    tamper(office.bureau.database, "UPDATE journal SET actor = '别人' WHERE id = 5")
    window.check.click()
    settle()
    assert "第 5 条" in window.words.text()


def test_a_bundle_and_a_sheet_are_written_and_journalled(
    open_window: Open, office: Office, settle: Settle, tmp_path: Path
) -> None:
    window = open_window()
    window.export_bundle(tmp_path / "包.zip")
    settle()
    assert "已导出" in window.words.text()
    with zipfile.ZipFile(tmp_path / "包.zip") as book:
        assert json.loads(book.read("manifest.json"))["case"] is None
    assert newest(office, office.actor(AUDITOR)).action == "导出日志"
    window.export(tmp_path / "表.xlsx")
    settle()
    assert (tmp_path / "表.xlsx").stat().st_size > 5000
    assert window.to_sheet.isEnabled()
    assert window.progress.isHidden()


def test_who_may_not_see_it_is_told_and_sees_nothing(open_window: Open) -> None:
    window = open_window(OFFICER)
    assert cells(window, 0) == []
    assert "审计员" in window.words.text()
