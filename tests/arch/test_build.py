"""The one-folder program (``build.spec``) holds whatever the code and its libraries import.

The build itself takes minutes and is done by hand; these tests find what would be missing in it.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

import zhixing_desktop

ROOT = Path(zhixing_desktop.__file__).parent.parent
PACKAGE = ROOT / "zhixing_desktop"
START = "zhixing_desktop.__main__"

_WITHOUT = """
import importlib, sys

left_out, wanted = eval(sys.argv[1]), eval(sys.argv[2])

class Missing:
    def find_spec(self, name, path=None, target=None):
        if any(name == one or name.startswith(one + ".") for one in left_out):
            raise ModuleNotFoundError(f"{name} is left out of the build", name=name)

for name in [name for name in sys.modules if any(name.split(".")[0] == o for o in left_out)]:
    del sys.modules[name]
sys.meta_path.insert(0, Missing())
for name in wanted:
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(f"{name}: {error}")
"""


@cache
def analysis() -> dict[str, ast.expr]:
    """What ``build.spec`` tells PyInstaller, by the argument's name."""
    tree = ast.parse((ROOT / "build.spec").read_text("utf-8"))
    (call,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Analysis"
    )
    return {entry.arg: entry.value for entry in call.keywords if entry.arg is not None}


def listed(argument: str) -> list[str]:
    found: list[str] = ast.literal_eval(analysis()[argument])
    return found


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports() -> dict[str, frozenset[str]]:
    """By our module, all that it imports anywhere in it, also within functions."""
    return {name_of(path): frozenset(_imported(path)) for path in sorted(PACKAGE.rglob("*.py"))}


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found.add(node.module)
            # A name may be a module of its own: ``from reportlab.pdfgen import canvas``.
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def others() -> set[str]:
    """The modules of other people's packages that we import, those that exist."""
    ours = {name for names in imports().values() for name in names}
    wanted = {
        name for name in ours if name.split(".")[0] not in {*sys.stdlib_module_names, PACKAGE.name}
    }
    return {name for name in wanted if _is_module(name)}


def _is_module(name: str) -> bool:
    if name in sys.modules:
        return True
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # its parent is no package: it is a class or a function
        return False


def within(name: str, folder: str) -> bool:
    return name == folder or name.startswith(f"{folder}.")


def test_nothing_that_we_import_is_left_out() -> None:
    left_out = listed("excludes")
    assert left_out != []
    lost = {
        (module, name)
        for module, names in imports().items()
        for name in names
        if any(within(name, one) for one in left_out)
    }
    assert lost == set()


def test_no_library_needs_what_is_left_out() -> None:
    """Each is imported where nothing of it can be had: OpenCV does not start without NumPy."""
    wanted = others()
    assert {"cv2", "pikepdf", "img2pdf", "zxingcpp", "pypdfium2", "docxtpl"} <= wanted
    assert broken_without(listed("excludes"), wanted) == []


def test_a_library_that_needs_it_would_be_found() -> None:
    """The measure itself: what broke the build once is seen by it."""
    assert any(line.startswith("cv2: ") for line in broken_without(["numpy"], {"cv2"}))


def broken_without(left_out: list[str], wanted: set[str]) -> list[str]:
    """Import ``wanted`` in a fresh interpreter without ``left_out``; return what failed and why."""
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT, repr(left_out), repr(sorted(wanted))],
        check=False, capture_output=True, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_what_is_brought_along_by_name_can_be_had() -> None:
    assert broken_without([], set(listed("hiddenimports"))) == []


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://nobody@nowhere/nothing"])
def test_what_a_database_loads_by_name_is_brought_along(url: str) -> None:
    """SQLAlchemy finds dialect and driver by strings, which PyInstaller cannot see."""
    script = (
        "import sys, sqlalchemy\n"
        f"sqlalchemy.create_engine({url!r})\n"
        "print(*(n for n in sys.modules if n.startswith('sqlalchemy.dialects.')), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    driver = {
        name
        for name in done.stdout.split()
        if name.endswith((".pysqlite", ".psycopg")) and name.count(".") == 3
    }
    assert driver != set()
    assert driver <= set(listed("hiddenimports"))


def test_every_module_of_ours_is_seen_from_the_start() -> None:
    """PyInstaller follows import statements; what is found by its name is brought along by it."""
    graph = imports()
    seen: set[str] = set()
    todo = [START, *listed("hiddenimports")]
    while todo:
        name = todo.pop()
        if name in graph and name not in seen:
            seen.add(name)
            todo += graph[name]
            todo += [".".join(name.split(".")[:depth]) for depth in range(1, name.count(".") + 1)]
    assert set(graph) - seen == set()


def test_every_library_of_the_program_is_imported_somewhere() -> None:
    """What pyproject.toml asks for and nothing imports is carried along for nothing."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = told["project"]["dependencies"]
    names = {entry.split("[")[0].split(">")[0].lower().replace("_", "-") for entry in asked}
    elsewhere = {"tzdata", "python-docx"}  # zoneinfo reads it; docxtpl is built on it
    used = {name.split(".")[0] for name in others()}
    found = {
        distribution.lower().replace("_", "-")
        for module, distributions in packages_distributions().items()
        for distribution in distributions
        if module in used
    }
    assert names - found - elsewhere == set()


def test_folders_that_are_read_at_run_time_come_along() -> None:
    data = ast.unparse(analysis()["datas"])
    for folder in ("resources", "docs/handbook"):
        assert f"('{folder}', '{folder}')" in data
        assert (ROOT / folder).is_dir()
