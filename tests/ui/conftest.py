"""What every test of the window stands on.

A bureau that was worked in (made once, copied for each test), a bridge that is put away, Qt's
warnings as failures, and a guard: nothing of ``ui/`` may ask the database on the GUI thread.
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office, busy_bureau, rules
from helpers.paper_desk import PAPER_NOW, paper_desk
from zhixing_desktop import app, paths
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.database import Database
from zhixing_desktop.services.bureau import Actor, open_bureau
from zhixing_desktop.services.forms import PaperRules
from zhixing_desktop.ui.bridge import Bridge

BUSY_NOW = "2024-06-14T10:20"
BUSY_CASES = 10


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The offscreen platform says this of every window with a smallest size; it is no defect.
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> QApplication:
    """The application with the program's own style, font and colours."""
    found = app.make_application()
    app.apply_theme("light")
    return found


@pytest.fixture(scope="session")
def busy_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a bureau with cases in many states; not to be changed."""
    folder = tmp_path_factory.mktemp("busy")
    busy_bureau(folder, BUSY_CASES, now=BUSY_NOW).close()
    return folder / "bureau.db"


@pytest.fixture(scope="session")
def paper_rules() -> PaperRules:
    """The program's forms, read once: they are the same in every test."""
    return PaperRules(paths.resources_dir())


@pytest.fixture
def office(busy_file: Path, tmp_path: Path, paper_rules: PaperRules) -> Iterator[Office]:
    """A worked-in bureau of this test's own."""
    made = copied(busy_file, tmp_path, BUSY_NOW, paper_rules)
    yield made
    made.close()


@pytest.fixture(scope="session")
def paper_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a bureau with one case that is ready for node 7; not to be changed."""
    folder = tmp_path_factory.mktemp("papers")
    paper_desk(folder).close()
    return folder / "bureau.db"


@pytest.fixture
def paper_office(paper_file: Path, tmp_path: Path, paper_rules: PaperRules) -> Iterator[Office]:
    """A bureau of this test's own with one case that is ready for node 7."""
    made = copied(paper_file, tmp_path, PAPER_NOW, paper_rules)
    made.case_ids.append(1)
    yield made
    made.close()


def copied(source: Path, folder: Path, now: str, papers: PaperRules) -> Office:
    """Return a bureau on a copy of a database."""
    own = folder / "bureau.db"
    shutil.copy(source, own)
    clock = FixedClock(datetime.fromisoformat(now))
    bureau = open_bureau(
        f"sqlite:///{own}",
        clock=clock,
        resources=paths.resources_dir(),
        workstation="试验工作站",
        purpose="test",
        rules=rules(),
    )
    bureau.papers = papers
    return Office(bureau, clock)


@pytest.fixture
def actor(office: Office) -> Actor:
    """The officer 张承办."""
    return office.actor()


@pytest.fixture
def bridge(office: Office, qtbot: QtBot) -> Iterator[Bridge]:
    """A bridge over ``office``, closed before the database."""
    made = Bridge()
    yield made
    made.close()


@pytest.fixture
def settle(qtbot: QtBot, bridge: Bridge) -> Callable[[], None]:
    """Wait until everything that was asked for has been answered."""

    def wait() -> None:
        qtbot.waitUntil(lambda: bridge.pending == 0, timeout=20_000)

    return wait


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """A window for dialogs that delete themselves."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog_of() -> Callable[..., Any]:
    """Return the one dialog that is open over a widget (or over nothing)."""

    def find(kind: type[QDialog], parent: QWidget | None = None) -> Any:
        shown = [
            widget
            for widget in (parent.findChildren(kind) if parent else QApplication.topLevelWidgets())
            if isinstance(widget, kind) and widget.isVisible()
        ]
        assert len(shown) == 1, shown
        return shown[0]

    return find


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail whatever in ``ui/`` asks the database on the GUI thread.

    A test may ask on its own account; what counts is a module of the window on the stack.
    """
    gui = threading.main_thread()
    window_code = str(Path(app.__file__).parent / "ui")

    def guarded(
        original: Callable[[Database], AbstractContextManager[Any]],
    ) -> Callable[[Database], AbstractContextManager[Any]]:
        def ask(self: Database) -> AbstractContextManager[Any]:
            if threading.current_thread() is gui:
                frame = sys._getframe(1)
                while frame is not None:
                    if frame.f_code.co_filename.startswith(window_code):
                        pytest.fail(f"{frame.f_code.co_qualname} asks the database while it draws")
                    frame = frame.f_back  # type: ignore[assignment]
            return original(self)

        return ask

    monkeypatch.setattr(Database, "reading", guarded(Database.reading))
    monkeypatch.setattr(Database, "writing", guarded(Database.writing))
