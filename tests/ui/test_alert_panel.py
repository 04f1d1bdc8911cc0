"""Announcements: newest first, unread marks, reading is recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from helpers.bureau import CHIEF, OFFICER, OTHER_OFFICER, Office
from zhixing_desktop.services import alerts
from zhixing_desktop.ui.alert_panel import STEP_STATES, STEP_WORDS, AlertPanel
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.theme import LIGHT


@pytest.fixture
def panel(office: Office, bridge: Bridge, qtbot: QtBot, settle: Callable[[], None]) -> AlertPanel:
    made = AlertPanel(office.bureau, bridge, lambda: office_actor[0])
    office_actor[0] = office.actor(CHIEF)
    made.reload()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    settle()
    return made


office_actor: list[alerts.Actor] = [alerts.Actor("")]


def test_they_are_newest_first_and_unread(panel: AlertPanel, office: Office) -> None:
    rows = panel.model.rows
    assert len(rows) > 3
    moments = [alert.noticed_at for alert in rows]
    assert moments == sorted(moments, reverse=True)
    assert not any(alert.read for alert in rows)
    assert panel.count.text() == f"未读{len(rows)}条"


def test_activating_goes_to_the_node_and_is_recorded(
    panel: AlertPanel, office: Office, settle: Callable[[], None]
) -> None:
    caught: list[tuple[int, int]] = []
    panel.alert_activated.connect(lambda case, node: caught.append((case, node)))
    first = panel.model.rows[0]
    panel.list.setCurrentIndex(panel.model.index(0))
    panel.list.setFocus()
    assert panel.sentence.text() == first.sentence
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    settle()
    assert caught == [(first.case_id, first.node)]
    kept = {a.id: a.read for a in alerts.alerts_for(office.bureau, office.actor(CHIEF))}
    assert kept[first.id]
    assert sum(kept.values()) == 1
    assert panel.model.rows[panel.list.currentIndex().row()].id == first.id


def test_all_are_marked_for_this_person_only(
    panel: AlertPanel, office: Office, settle: Callable[[], None]
) -> None:
    before = alerts.unread_count(office.bureau, office.actor(OFFICER))
    panel.all_read.click()
    settle()
    assert panel.count.text() == "没有未读的提醒"
    assert not panel.all_read.isEnabled()
    assert alerts.unread_count(office.bureau, office.actor(CHIEF)) == 0
    assert alerts.unread_count(office.bureau, office.actor(OFFICER)) == before


def test_only_unread_ones_may_be_shown(panel: AlertPanel, settle: Callable[[], None]) -> None:
    panel._mark([alert.id for alert in panel.model.rows[1:]])
    settle()
    panel.only_unread.click()
    settle()
    assert [alert.read for alert in panel.model.rows] == [False]


def test_an_officer_sees_his_own_cases(
    panel: AlertPanel, office: Office, settle: Callable[[], None]
) -> None:
    seen: dict[str, set[int]] = {}
    for name in (OFFICER, OTHER_OFFICER):
        office_actor[0] = office.actor(name)
        panel.set_actor(office_actor[0])
        settle()
        seen[name] = {alert.case_id for alert in panel.model.rows}
    assert seen[OFFICER] & seen[OTHER_OFFICER] == set()
    assert seen[OFFICER]
    assert seen[OTHER_OFFICER]


def test_every_step_has_a_word_and_a_look() -> None:
    assert set(STEP_WORDS) == set(STEP_STATES)
    assert all(LIGHT.state(state) for state in STEP_STATES.values())
