"""What every test stands on: no screen, a clock that stands still, both databases."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from pytestqt.qtbot import QtBot

from helpers.postgres import PostgresServer
from zhixing_desktop.clock import FixedClock

# Before anything of Qt is imported.  QT_QPA_PLATFORM=xcb shows the windows to a curious developer.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A slow machine is no defect, so there is no deadline anywhere; the gate tries more examples.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=200, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


PATIENCE_MS = 20_000
"""How long a test waits for what is to come: a loaded machine is slow, and that is no defect."""


class PatientBot(QtBot):
    """Waits longer than pytest-qt's five seconds; what comes in time is not waited for longer."""

    def waitUntil(self, callback: Any, *, timeout: int = PATIENCE_MS) -> None:  # noqa: N802 - Qt
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **rest: Any) -> Any:  # noqa: N802 - Qt
        return super().waitSignal(signal, timeout=timeout, **rest)

    def waitSignals(self, signals: Any, *, timeout: int = PATIENCE_MS, **rest: Any) -> Any:  # noqa: N802 - Qt
        return super().waitSignals(signals, timeout=timeout, **rest)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's own, with more patience; what it was told to close it closes as always."""
    return PatientBot(request)


@pytest.fixture
def fixed_clock() -> FixedClock:
    """A clock of the court that stands at 9 o'clock on Friday, 1 March 2024."""
    return FixedClock(datetime(2024, 3, 1, 9))


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own settings and data out of the tests, and the tests out of them."""
    home = tmp_path_factory.getbasetemp() / "home"
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(home / variable.lower()))


@pytest.fixture(autouse=True)
def no_window_stays_open() -> Iterator[None]:
    """Put away what a test leaves open, or the next one would find it and work in it.

    Asked for first and so done last, after all that the test itself puts away.
    """
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    application = widgets and widgets.QApplication.instance()
    if application is None:
        return
    for widget in application.topLevelWidgets():
        if widget.isVisible():
            widget.blockSignals(True)
            widget.hide()
            widget.deleteLater()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL, started with the first test that wants it; one for each worker."""
    if sys.platform == "win32":
        pytest.skip("the tests start a PostgreSQL on Linux only")
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """The address of the server's maintenance database."""
    return postgres_server.url()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'case.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)
