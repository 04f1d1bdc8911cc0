"""One form for all cases of the list: checked, issued, stopped; each case says what came of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.typing_in import enter_into
from zhixing_desktop import app
from zhixing_desktop.services import papers, work
from zhixing_desktop.services.case_list import CaseQuery
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.papers import packs
from zhixing_desktop.ui.papers.batch_window import BatchWindow
from zhixing_desktop.ui.papers.chain import STOPPED
from zhixing_desktop.ui.papers.many import Act
from zhixing_desktop.workflow.views import Key

Settle = Callable[[], None]
NOTICE = "07-enforcement-notice"


@pytest.fixture
def office(paper_office: Office) -> Office:
    """Two cases: one that has all for its notice, one that lacks nearly everything."""
    office = paper_office
    values = {"performance_until": "2024-03-20"}
    work.record_work(office.bureau, office.actor(), office.case_ids[0], Key(7, "case"), values, {})
    office.register(2, "丙文博")
    return office


@pytest.fixture
def window(office: Office, bridge: Bridge, host: QWidget, settle: Settle) -> BatchWindow:
    actor = office.actor()
    query = CaseQuery(sort="case_no")
    made = BatchWindow(office.bureau, bridge, lambda: actor, query, host)
    made.show()
    settle()
    made.choose_form(NOTICE)
    return made


@pytest.fixture
def done(window: BatchWindow, qtbot: QtBot, bridge: Bridge) -> Callable[[], None]:
    def wait() -> None:
        qtbot.waitUntil(lambda: not window.chain.running and bridge.pending == 0, timeout=30_000)

    return wait


def results(window: BatchWindow) -> list[str]:
    return [window.result_of(row) for row in range(window.cases.rowCount())]


def issued(office: Office) -> int:
    actor = office.actor()
    return sum(
        line.state == "issued"
        for case in office.case_ids
        for line in papers.papers_of(office.bureau, actor, case)
    )


def test_a_check_writes_nothing_and_says_what_each_case_lacks(
    window: BatchWindow, done: Callable[[], None], office: Office
) -> None:
    window.check.click()
    done()
    assert results(window)[0] == "可以签发"
    assert results(window)[1].startswith("本案现在没有可以制作") or "还缺" in results(window)[1]
    assert issued(office) == 0
    assert window.issued == ()


def test_what_can_be_issued_is_and_what_cannot_is_told(
    window: BatchWindow, done: Callable[[], None], office: Office, qtbot: QtBot, bridge: Bridge
) -> None:
    enter_into(window.rows["fee"].editor, "650")
    window.issue.click()
    (box,) = window.findChildren(QMessageBox)
    next(button for button in box.buttons() if button.text() == "签发").click()
    done()
    assert issued(office) == 1
    assert results(window)[0].startswith("已签发")
    (line,) = window.issued
    assert line.asked["fee"] == "650.00"
    assert "已签发1份，1份没有办成" in window.said.text()
    # Whatever is issued of it in these cases can be printed or saved together.
    with qtbot.waitSignal(window.pack_wanted) as wanted:
        window.pack.click()
    actor, found = office.actor(), []
    bridge.read(window, lambda: packs.of_form(office.bureau, actor, *wanted.args), found.extend)
    done()
    (entry,) = found
    assert entry.line is not None
    assert entry.line.id == line.id
    # Once more makes no second one.
    window.start(Act.ISSUE)
    done()
    assert "没有再制作" in results(window)[0]
    assert issued(office) == 1


def test_it_stops_between_two_cases(
    window: BatchWindow, done: Callable[[], None], office: Office
) -> None:
    window.start(Act.ISSUE)
    window.reject()
    assert window.isVisible()
    done()
    assert STOPPED in window.said.text()
    assert results(window)[1] == ""


def test_the_window_answers_amid_a_batch(
    window: BatchWindow, done: Callable[[], None], bridge: Bridge, host: QWidget
) -> None:
    """Another step that is asked for comes between two cases, not after them all."""
    order: list[str] = []
    window.chain.progressed.connect(lambda at, _total, _what: order.append(f"case {at}"))
    window.start(Act.CHECK)
    bridge.write(host, lambda: None, lambda _: order.append("mine"))
    done()
    assert order.index("mine") < order.index("case 2")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_box_that_is_not_ticked_is_seen_on_either_screen(window: BatchWindow, theme: str) -> None:
    app.apply_theme(theme)
    window.tick_all(False)
    try:
        picture = window.table.viewport().grab().toImage()
        seen = {picture.pixelColor(x, 15).lightness() for x in range(2, 20)}
        assert max(seen) - min(seen) > 60
    finally:
        app.apply_theme("light")
