"""From the start of the program to its window: database, person, refusals, log, font, colours."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from helpers.bureau import OFFICER, Office
from helpers.rulebooks import other_rulebook, tamper
from helpers.signing import shown_dialog, sign_in
from zhixing_desktop import app, settings
from zhixing_desktop.clock import SystemClock
from zhixing_desktop.services import rulebook_change, rules
from zhixing_desktop.services.sample_people import give_accounts
from zhixing_desktop.settings import Settings
from zhixing_desktop.ui.main_window import MainWindow
from zhixing_desktop.ui.messages import DefectDialog
from zhixing_desktop.ui.sign_in.first_start_dialog import FirstStartDialog
from zhixing_desktop.ui.sign_in.sign_in_dialog import SignInDialog
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

PATIENCE = 20_000


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv(settings.HOME_VARIABLE, str(folder))
    return folder


@pytest.fixture
def shell(application: QApplication, home: Path, office: Office) -> Iterator[app.Shell]:
    give_accounts(office.bureau)
    made = app.Shell(application, Settings(), office.clock, "test")
    yield made
    made.close()
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QMessageBox):
            widget.close()


def press(box: QMessageBox, words: str) -> None:
    next(button for button in box.buttons() if button.text() == words).click()


def url_of(office: Office) -> str:
    return f"sqlite:///{office.bureau.database.path}"


def test_a_name_is_no_way_in_without_the_password(
    shell: app.Shell, office: Office, qtbot: QtBot, home: Path
) -> None:
    shell.start(url_of(office), OFFICER)
    assert shell.desk is not None
    dialog = shown_dialog(qtbot)
    assert dialog.login.text() == OFFICER
    assert shell.desk.window is None
    window = sign_in(shell.desk, qtbot, OFFICER)
    qtbot.addWidget(window)
    assert window.isVisible()
    assert window.actor.name == OFFICER
    qtbot.waitUntil(lambda: window.case_list.model.total == 10, timeout=PATIENCE)
    window.close()
    kept = settings.load_settings()
    assert (kept.last_user, kept.database_url) == (OFFICER, url_of(office))
    assert kept.layout is not None


@pytest.fixture
def slow_rulebook(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The rulebook is not there before this is set."""
    there = threading.Event()
    read = rules.load_rulebook

    def late(resources: Path) -> Any:
        assert there.wait(PATIENCE / 1000)
        return read(resources)

    monkeypatch.setattr(rules, "load_rulebook", late)
    yield there
    there.set()


def early(shell: app.Shell, office: Office, qtbot: QtBot) -> MainWindow:
    """The window of an officer who signed in before the rulebook was there."""
    shell.start(url_of(office), OFFICER)
    assert shell.desk is not None
    window = sign_in(shell.desk, qtbot, OFFICER, whole=False)
    qtbot.addWidget(window)
    return window


def test_who_may_see_what_is_known_before_the_list_is_shown(
    shell: app.Shell, office: Office, qtbot: QtBot, slow_rulebook: threading.Event
) -> None:
    window = early(shell, office, qtbot)
    assert window.isVisible()
    assert not window.whole
    assert shell.desk is not None
    assert not shell.desk.beat.scheduler.running
    slow_rulebook.set()
    model = window.case_list.model
    qtbot.waitUntil(lambda: model.total == 10, timeout=PATIENCE)
    first = model.row_at(0)
    assert first is not None
    window.case_list.search.setText(first.texts[0])
    qtbot.waitUntil(lambda: model.total == 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.whole, timeout=PATIENCE)


def test_what_was_asked_for_too_early_is_done_as_soon_as_it_can_be(
    shell: app.Shell, office: Office, qtbot: QtBot, slow_rulebook: threading.Event
) -> None:
    window = early(shell, office, qtbot)
    window.actions_.by_name["journal"].trigger()
    assert "请稍候" in window.statusBar().currentMessage()
    assert not window.whole
    slow_rulebook.set()
    qtbot.waitUntil(lambda: window.case_list.model.total == 10, timeout=PATIENCE)
    row = window.case_list.model.row_at(2)
    assert row is not None
    window.case_list.select_case(row.id)
    qtbot.waitUntil(lambda: window.windowTitle().startswith(row.texts[0]), timeout=PATIENCE)
    assert window.shown.case_id == row.id
    assert window.bottom.currentWidget() is window.panels.journal
    assert window.bottom.isVisible()
    desk = shell.desk
    assert desk is not None
    assert desk.beat.scheduler.running
    qtbot.waitUntil(lambda: "巡检 10:20" in window.status.swept.text(), timeout=PATIENCE)


def test_a_window_closed_before_it_is_whole_keeps_its_shape(
    shell: app.Shell, office: Office, qtbot: QtBot, slow_rulebook: threading.Event
) -> None:
    shell._settings = Settings(layout={"chart": "2", "bottom": "1"})
    window = early(shell, office, qtbot)
    slow_rulebook.set()
    window.close()
    kept = settings.load_settings().layout
    assert kept is not None
    assert (kept["chart"], kept["bottom"]) == ("2", "1")
    assert kept["window"]


@pytest.mark.parametrize("entered", [True, False])
def test_a_faulty_rulebook_is_said_with_its_faults_and_ends_the_program(
    shell: app.Shell,
    office: Office,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    entered: bool,
) -> None:
    there = threading.Event()

    def faulty(_resources: Path) -> None:
        assert there.wait(PATIENCE / 1000)
        raise InputRefusedError("规则库有误", [Problem("node_07.yaml:12", "没有这个条件")])

    monkeypatch.setattr(rules, "load_rulebook", faulty)
    shell.start(url_of(office))
    assert shell.desk is not None
    dialog = shown_dialog(qtbot)
    if entered:
        qtbot.addWidget(sign_in(shell.desk, qtbot, OFFICER, whole=False))
    there.set()

    def boxes() -> list[QMessageBox]:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]
        return [w for w in found if w.isVisible() and w.windowTitle() == "数据库没有打开"]

    qtbot.waitUntil(lambda: bool(boxes()), timeout=PATIENCE)
    (box,) = boxes()
    assert "node_07.yaml:12" in box.informativeText()
    assert box.parent() is not None
    quits: list[bool] = []
    monkeypatch.setattr(QApplication, "quit", lambda *_: quits.append(True))
    with qtbot.waitSignal(box.finished):
        box.accept()
    assert not shell.desk.beat.scheduler.running
    if not entered:
        dialog.reject()


def test_rules_that_were_changed_by_hand_are_said_and_end_the_program(
    shell: app.Shell,
    office: Office,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    candidate = rulebook_change.read_candidate(office.bureau, other_rulebook(tmp_path))
    rulebook_change.adopt(office.bureau, office.actor("赵院长"), candidate, "院长办公会议决定")
    tamper(office.bureau, "UPDATE rulebook_texts SET body = replace(body, '15', '90')")
    shell.start(url_of(office))
    dialog = shown_dialog(qtbot)

    def boxes() -> list[QMessageBox]:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]
        return [w for w in found if w.isVisible() and w.windowTitle() == "数据库没有打开"]

    qtbot.waitUntil(lambda: bool(boxes()), timeout=PATIENCE)
    (box,) = boxes()
    assert "绕过程序改动过" in box.text()
    monkeypatch.setattr(QApplication, "quit", lambda *_: None)
    with qtbot.waitSignal(box.finished):
        box.accept()
    dialog.reject()


def test_whoever_does_not_sign_in_sees_nothing(
    shell: app.Shell, office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    quits: list[bool] = []
    monkeypatch.setattr(QApplication, "quit", lambda *_: quits.append(True))
    shell.start(url_of(office), "没有这个人")
    dialog = shown_dialog(qtbot)
    dialog.reject()
    assert quits == [True]
    assert shell.desk is not None
    assert shell.desk.window is None


def test_the_first_start_asks_before_it_makes_a_database(
    application: QApplication, home: Path, qtbot: QtBot, dialog_of: Callable[..., Any]
) -> None:
    shell = app.Shell(application, Settings(), SystemClock(), "bureau")
    url = settings.default_database_url()
    shell.start(url)
    box = dialog_of(QMessageBox)
    assert "还没有办案数据库" in box.text()
    assert not (home / "zhixing.db").exists()
    press(box, "建立数据库")
    qtbot.waitUntil(lambda: shell.desk is not None, timeout=PATIENCE)
    assert (home / "zhixing.db").exists()
    shown_dialog(qtbot, FirstStartDialog).reject()
    shell.close()


def test_a_database_that_cannot_be_opened_is_said(
    shell: app.Shell, tmp_path: Path, dialog_of: Callable[..., Any]
) -> None:
    wrong = tmp_path / "letter.db"
    wrong.write_text("not a database, a letter to the court " * 40, "utf-8")
    shell.start(f"sqlite:///{wrong}")
    box = dialog_of(QMessageBox)
    assert box.windowTitle() == "数据库没有打开"
    assert str(wrong) in box.text()
    assert shell.desk is None
    box.accept()


def test_a_second_window_on_the_same_database_is_refused(
    shell: app.Shell,
    application: QApplication,
    office: Office,
    qtbot: QtBot,
    dialog_of: Callable[..., Any],
) -> None:
    shell.start(url_of(office))
    first = shown_dialog(qtbot, SignInDialog)
    second = app.Shell(application, Settings(), office.clock, "test")
    second.start(url_of(office))
    box = dialog_of(QMessageBox)
    assert "另一个知行窗口" in box.text()
    assert second.desk is None
    box.accept()
    first.reject()


def test_what_nobody_caught_is_shown_without_a_window_too(
    shell: app.Shell, qtbot: QtBot, dialog_of: Callable[..., Any]
) -> None:
    shell.show_defect(ValueError("a defect at the start"))
    qtbot.waitUntil(
        lambda: any(isinstance(w, DefectDialog) for w in QApplication.topLevelWidgets())
    )
    dialog = dialog_of(DefectDialog)
    assert "a defect at the start" in dialog.details.toPlainText()
    dialog.reject()


def test_the_log_is_a_file_that_does_not_grow_for_ever(tmp_path: Path) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        app.start_logging(tmp_path / "logs" / "zhixing.log")
        logging.getLogger("zhixing_desktop.test").warning("a line")
        (handler,) = [h for h in root.handlers if h not in before]
        assert handler.maxBytes > 0  # type: ignore[attr-defined]
        handler.close()
        root.removeHandler(handler)
        assert "a line" in (tmp_path / "logs" / "zhixing.log").read_text("utf-8")
    finally:
        root.setLevel(level)


def test_without_a_place_for_the_log_the_program_still_starts(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    before = list(logging.getLogger().handlers)
    app.start_logging(blocked / "zhixing.log")
    assert logging.getLogger().handlers == before
