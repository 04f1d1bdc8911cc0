"""What an import may cost; the arrows between the floors are import-linter's (pyproject.toml)."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import zhixing_desktop

WITHOUT_QT = [
    name
    for _finder, name, _is_package in pkgutil.walk_packages(
        zhixing_desktop.__path__, "zhixing_desktop."
    )
    if name.split(".")[1] not in {"ui", "app", "demo", "__main__"}
]


def loaded_after_importing(modules: list[str]) -> set[str]:
    """Import ``modules`` in a fresh interpreter and return the top-level names it has then."""
    return {name.split(".")[0] for name in modules_after_importing(modules)}


def modules_after_importing(modules: list[str]) -> set[str]:
    """Import ``modules`` in a fresh interpreter and return all modules it has then."""
    script = (
        f"import sys, importlib\nfor name in {modules!r}: importlib.import_module(name)\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_command_line_starts_without_qt() -> None:
    """A workstation without a screen, and a sweep every minute, do not pay for Qt."""
    assert "zhixing_desktop.cli" in WITHOUT_QT
    assert loaded_after_importing(["zhixing_desktop.cli"]) & {"PySide6", "shiboken6"} == set()


def test_the_command_line_starts_without_the_database() -> None:
    """A question about a time limit, or the help, needs none."""
    commands = ["zhixing_desktop.cli", "zhixing_desktop.cli.bureau_commands"]
    heavy = {"sqlalchemy", "yaml", "openpyxl", "pypinyin", "apscheduler"}
    assert loaded_after_importing(commands) & heavy == set()


def test_the_list_of_cases_starts_without_what_it_does_not_need() -> None:
    """Each of them comes, in a thread, after the list can be used (``app.Desk``)."""
    found = modules_after_importing(["zhixing_desktop.app"])
    below = {"workflow.engine", "workflow.decide", "workflow.rulebook_reader", "services.sweep"}
    beside = {"chart.panel", "side_panels", "shown_case", "new_case", "import_dialog"}
    ours = {*below, *(f"ui.{name}" for name in beside)}
    others = {"yaml", "openpyxl", "pypinyin", "apscheduler", "sqlalchemy.dialects.postgresql"}
    assert found & {*others, *(f"zhixing_desktop.{name}" for name in ours)} == set()


def test_nothing_below_the_window_brings_qt_along() -> None:
    assert loaded_after_importing(WITHOUT_QT) & {"PySide6", "shiboken6"} == set()


def test_the_rules_are_plain_python() -> None:
    rules = [name for name in WITHOUT_QT if name.split(".")[1] == "workflow"]
    assert rules != []
    heavy = {"PySide6", "shiboken6", "sqlalchemy", "psycopg", "apscheduler", "openpyxl", "pypinyin"}
    assert loaded_after_importing(rules) & heavy == set()
