"""From the start of the program to its window: database, person, refusals, log, font, colours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from helpers.bureau import OFFICER, Office
from zhixing_desktop import app, settings
from zhixing_desktop.clock import SystemClock
from zhixing_desktop.settings import Settings
from zhixing_desktop.ui.messages import DefectDialog
from zhixing_desktop.ui.people_chooser import PeopleChooser

PATIENCE = 20_000


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv(settings.HOME_VARIABLE, str(folder))
    return folder


@pytest.fixture
def shell(application: QApplication, home: Path, office: Office) -> Iterator[app.Shell]:
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


def test_a_named_person_comes_straight_to_the_window(
    shell: app.Shell, office: Office, qtbot: QtBot, home: Path
) -> None:
    shell.start(url_of(office), OFFICER)
    assert shell.desk is not None
    window = shell.desk.window
    assert window is not None
    qtbot.addWidget(window)
    assert window.isVisible()
    assert window.actor.name == OFFICER
    qtbot.waitUntil(lambda: window.case_list.model.total == 10, timeout=PATIENCE)
    window.close()
    kept = settings.load_settings()
    assert (kept.last_user, kept.database_url) == (OFFICER, url_of(office))
    assert kept.layout is not None


def test_everybody_else_is_asked_who_they_are(
    shell: app.Shell, office: Office, qtbot: QtBot, dialog_of: Callable[..., Any]
) -> None:
    shell.start(url_of(office))
    chooser = dialog_of(PeopleChooser)
    assert shell.desk is not None
    desk = shell.desk
    qtbot.waitUntil(lambda: desk.bridge.pending == 0 and chooser.list.topLevelItemCount() > 0)
    chooser.search.setText("李局长")
    chooser._accept_current()
    assert desk.window is not None
    qtbot.addWidget(desk.window)
    assert desk.window.actor.name == "李局长"
    desk.window.close()


def test_a_name_that_nobody_has_is_said_then_asked(
    shell: app.Shell, office: Office, qtbot: QtBot, dialog_of: Callable[..., Any]
) -> None:
    shell.start(url_of(office), "没有这个人")
    box = dialog_of(QMessageBox)
    assert "没有这个人" in box.text() + box.informativeText()
    box.accept()
    chooser = dialog_of(PeopleChooser)
    chooser.reject()


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
    chooser = dialog_of(PeopleChooser)
    assert shell.desk is not None
    desk = shell.desk
    qtbot.waitUntil(lambda: desk.bridge.pending == 0)
    assert chooser._adding.isVisible()
    chooser.reject()
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
    shell: app.Shell, application: QApplication, office: Office, dialog_of: Callable[..., Any]
) -> None:
    shell.start(url_of(office))
    second = app.Shell(application, Settings(), office.clock, "test")
    second.start(url_of(office))
    box = dialog_of(QMessageBox)
    assert "另一个知行窗口" in box.text()
    assert second.desk is None
    box.accept()
    dialog_of(PeopleChooser).reject()


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
