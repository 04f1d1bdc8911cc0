"""Somebody else, or the beat, touches a case while a new subject is being registered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import ui.conftest as window_tests
from helpers.bureau import OFFICER, Office, make_bureau, whole
from helpers.every_node import CAR
from helpers.typing_in import enter
from helpers.window_driver import WindowDriver
from zhixing_desktop.services.bureau import SYSTEM
from zhixing_desktop.services.steps import take
from zhixing_desktop.ui.forms.subject_dialog import HAPPENED, SubjectDialog
from zhixing_desktop.workflow.decide import NewFact

pytestmark = [pytest.mark.e2e, pytest.mark.qt_log_ignore("propagateSizeHints")]

application = window_tests.application
nothing_waits = window_tests.nothing_waits
NEW = {"name": "豫H·B5678货车", "category": "车辆", "online": False}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A case whose 执行通知 is due; the driver closes it."""
    made = make_bureau(tmp_path)
    case = made.register(1)
    for node in (1, 2, 3, 4):
        made.fill(case, node)
    return made


@pytest.fixture
def driver(office: Office, qtbot: QtBot) -> Iterator[WindowDriver]:
    made = WindowDriver(office.bureau, office.clock, qtbot)
    made.sit_down(OFFICER)
    made.choose_case(office.case_ids[0])
    yield made
    made.close()


@pytest.fixture
def dialog(driver: WindowDriver, office: Office) -> SubjectDialog:
    """登记财产…, filled in and not saved."""
    panel = driver.go_to(17)
    panel.buttons.register.click()
    driver.answered()
    found = panel.steps.dialog
    assert isinstance(found, SubjectDialog)
    for name, value in NEW.items():
        enter(found.rows[name], value)
    enter(found.rows[HAPPENED], f"{office.clock.now():%Y-%m-%d %H:%M}")
    return found


def test_what_another_desk_registered_meanwhile_is_told_and_the_next_number_taken(
    driver: WindowDriver, office: Office, dialog: SubjectDialog
) -> None:
    (case,) = office.case_ids
    office.event(case, "asset_found", dialog.subject, **CAR)
    first = dialog.subject
    dialog.save_button.click()
    driver.answered()
    assert dialog.isVisible()
    assert any(CAR["name"] in line.sentence for line in dialog.refusals.lines)
    assert dialog.subject != first
    dialog.save_button.click()
    driver.answered()
    index = whole(driver.bureau, case).context.index
    assert index.name_of(first) == CAR["name"]
    assert driver.node_panel.detail is not None
    assert driver.node_panel.detail.key is not None
    assert index.name_of(driver.node_panel.detail.key.subject) == NEW["name"]


def test_what_only_the_beat_did_meanwhile_stands_in_nobodys_way(
    driver: WindowDriver, office: Office, dialog: SubjectDialog
) -> None:
    (case,) = office.case_ids
    # A version without facts, as a sweep leaves it when a node opens by time alone.
    take(office.bureau, SYSTEM, case, "case.rebuild", lambda _ctx, _view: list[NewFact]())
    dialog.save_button.click()
    driver.settle()
    driver.gone()
    assert driver.node_panel.detail is not None
    assert driver.node_panel.detail.key is not None
    index = whole(driver.bureau, case).context.index
    assert index.name_of(driver.node_panel.detail.key.subject) == NEW["name"]
