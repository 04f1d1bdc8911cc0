"""What reaches a person by itself: one digest, few pop-ups, and what was read stays read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import CHIEF, OFFICER, Office
from helpers.waiting_cases import frozen_notices
from zhixing_desktop import app
from zhixing_desktop.services import alerts, approvals, bureau_settings, digest
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.ui.approvals.window import DecisionsWindow
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.digest_window import DigestWindow, NewsLine
from zhixing_desktop.ui.news import News

Settle = Callable[[], None]


class Seat:
    """A window with its news, and who sits before it."""

    def __init__(self, office: Office, bridge: Bridge, window: QWidget) -> None:
        self.office, self.window = office, window
        self.actor: Actor = office.actor(OFFICER)
        self.news = News(office.bureau, bridge, lambda: self.actor, window)
        self.counts: list[tuple[int, str]] = []
        self.cases: list[tuple[int, int]] = []
        self.items: list[tuple[int, int]] = []
        self.news.counted.connect(lambda *found: self.counts.append(found))
        self.news.case_requested.connect(lambda *found: self.cases.append(found))
        self.news.item_requested.connect(lambda *found: self.items.append(found))

    def lines(self) -> list[NewsLine]:
        shown = self.news.digest_window
        assert shown is not None
        found = []
        for at in range(shown.tree.topLevelItemCount()):
            head = shown.tree.topLevelItem(at)
            assert head is not None
            for row in range(head.childCount()):
                child = head.child(row)
                assert child is not None
                found.append(child.data(0, Qt.ItemDataRole.UserRole))
        return found


@pytest.fixture
def seat(office: Office, bridge: Bridge, qtbot: QtBot) -> Seat:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    with qtbot.waitExposed(window):
        window.show()
    return Seat(office, bridge, window)


def press(shown: DigestWindow, key: Qt.Key) -> None:
    QTest.keyClick(shown.tree, key)


def test_the_digest_has_one_line_for_each_case_and_closing_it_is_the_look(
    seat: Seat, office: Office, settle: Settle
) -> None:
    office.at("2024-07-20T09:00").sweep()
    seat.news.greet()
    settle()
    lines = [line for line in seat.lines() if line.node is not None]
    assert len({line.case_id for line in lines}) == len(lines) > 3
    assert lines[0].word == "冻结"
    shown = seat.news.digest_window
    assert shown is not None
    press(shown, Qt.Key.Key_Return)
    assert seat.cases == [(lines[0].case_id, lines[0].node)]
    assert seat.counts[-1][0] == len(seat.lines())
    told = {number for entry in shown.digest.news for number in entry.alert_ids}
    press(shown, Qt.Key.Key_Escape)
    settle()
    assert digest.digest(office.bureau, seat.actor).empty
    read = {a.id for a in alerts.alerts_for(office.bureau, seat.actor) if a.read}
    assert read == told, "its announcements are read"
    assert seat.counts[-1] == (0, "没有新的情况")
    # Nothing new, nothing shown.
    seat.news.greet()
    settle()
    assert seat.news.digest_window is None


def test_later_leaves_everything_new(seat: Seat, office: Office, settle: Settle) -> None:
    office.at("2024-07-20T09:00").sweep()
    seat.news.greet()
    settle()
    shown = seat.news.digest_window
    assert shown is not None
    shown.later.click()
    settle()
    assert not digest.digest(office.bureau, seat.actor).empty


def test_an_application_leads_to_the_panel_and_an_answer_to_its_case(
    seat: Seat, office: Office, settle: Settle
) -> None:
    ((case, request),) = frozen_notices(office, 1)
    digest.mark_looked(office.bureau, seat.actor, office.clock.now())
    seat.actor = office.actor(CHIEF)
    seat.news.show()
    settle()
    assert [(e.word, e.request) for e in seat.lines() if e.request] == [("等您决定", request)]
    shown = seat.news.digest_window
    assert shown is not None
    press(shown, Qt.Key.Key_Return)
    assert seat.items == [(case, request)]
    press(shown, Qt.Key.Key_Escape)
    settle()
    office.at("2024-06-26T10:00")
    approvals.decide_application(
        office.bureau, office.actor(CHIEF), case, request, "granted", "情况属实，同意解冻"
    )
    seat.actor = office.actor(OFFICER)
    seat.news.show()
    settle()
    (line,) = (e for e in seat.lines() if e.word == "批准")
    assert (line.case_id, line.node) == (case, 7)
    assert "情况属实，同意解冻" in line.sentence


def test_only_as_many_pop_ups_as_the_court_allows_and_no_focus_is_taken(
    seat: Seat, office: Office, settle: Settle
) -> None:
    allowed = bureau_settings.read_settings(office.bureau).popups_per_day
    frozen_notices(office, 8)
    before = seat.window.focusWidget()
    seat.news.look()
    settle()
    box = seat.news.popups
    assert box.isVisibleTo(seat.window)
    assert len(box.sentences()) == allowed
    assert "另有" in box.rest.text()
    assert seat.window.focusWidget() is before
    # Inside the window, wherever it is made larger.
    seat.window.resize(1200, 800)
    assert seat.window.rect().contains(box.geometry())
    ids = [popup.alert_id for popup in box.popups]
    box.known.click()
    settle()
    assert box.isHidden()
    read = {a.id for a in alerts.alerts_for(office.bureau, seat.actor) if a.read}
    assert read == set(ids)
    seat.news.look()
    settle()
    assert box.isHidden(), "the day's number is used up"


def test_nothing_of_the_former_person_stays(seat: Seat, office: Office, settle: Settle) -> None:
    office.at("2024-07-20T09:00").sweep()
    seat.news.greet()
    seat.news.look()
    settle()
    seat.actor = office.actor("孙法官")
    seat.news.set_actor(seat.actor)
    settle()
    assert seat.news.digest_window is None
    assert seat.news.popups.isHidden()
    # Not looked at: it was not the former person who closed it.
    assert not digest.digest(office.bureau, office.actor(OFFICER)).empty


def test_an_answer_for_somebody_who_left_is_not_shown(
    seat: Seat, office: Office, settle: Settle
) -> None:
    office.at("2024-07-20T09:00").sweep()
    seat.news.greet()
    seat.actor = office.actor("孙法官")
    settle()
    assert seat.news.digest_window is None
    assert seat.counts == []


def test_who_comes_in_is_shown_what_is_new_and_is_led_to_it(office: Office, qtbot: QtBot) -> None:
    ((case, request),) = frozen_notices(office, 1)
    desk = app.Desk(office.bureau, clock=office.clock)
    window = desk.open_window(office.actor(CHIEF), list_first=True)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.furnished, timeout=20_000):
        window.show()
    qtbot.waitUntil(lambda: window.news.digest_window is not None, timeout=20_000)
    shown = window.news.digest_window
    assert shown is not None
    qtbot.waitUntil(lambda: "新情况 " in window.status.news.text())
    press(shown, Qt.Key.Key_Return)
    decisions = window.findChild(DecisionsWindow)
    assert decisions is not None
    qtbot.waitUntil(lambda: decisions.panel.sheet is not None, timeout=20_000)
    item = decisions.panel.item()
    assert item is not None
    assert (item.case_id, item.request) == (case, request)
    # Somebody else sits down: the window of the former one goes, his own news come.
    window.set_actor(office.actor(OFFICER))
    assert not decisions.isVisible()
    qtbot.waitUntil(lambda: window.news.digest_window is not None, timeout=20_000)
    desk.close()
