"""Rules of the house that no linter knows; each names the file and what to do."""

from __future__ import annotations

import ast
import re
import tempfile
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import zhixing_desktop

ROOT = Path(zhixing_desktop.__file__).parent.parent
PACKAGE = ROOT / "zhixing_desktop"
OURS = ("zhixing_desktop", "tests", "tools", "bench", "docs", "resources", ".ci")
TEXT = {".py", ".sh", ".md", ".toml", ".yaml", ".yml", ".txt", ".csv", ".spec", ".svg", ""}
LARGEST_FILE = 2 * 1024 * 1024


def our_files() -> Iterator[Path]:
    """Every file that belongs to the project; works without git, as on a bare machine."""
    yield from (path for path in sorted(ROOT.glob("*")) if path.is_file())
    for folder in OURS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def places_of_this_machine() -> list[str]:
    """Where this checkout and its developer live: of no meaning to anybody else."""
    places = {ROOT, ROOT.parent, Path.home()} - {Path(tempfile.gettempdir())}
    return [f"{place}/" for place in places if len(place.parts) > 1]


def test_no_file_names_a_place_on_this_machine() -> None:
    places = places_of_this_machine()
    found = []
    for path in our_files():
        if path.suffix not in TEXT:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if any(re.search(rf"(?<![\w.~]){re.escape(place)}", line) for place in places):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_no_file_is_large() -> None:
    # The fonts of papers come along whole: a workstation has no internet to fetch them from.
    ours = [path for path in our_files() if path.suffix != ".ttf"]
    assert [str(path) for path in ours if path.stat().st_size > LARGEST_FILE] == []


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path in modules()}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_every_module_with_code_defers_its_annotations() -> None:
    eager = [
        str(path.relative_to(ROOT))
        for path in modules()
        if path.name != "__init__.py"
        and "from __future__ import annotations\n" not in path.read_text("utf-8")
    ]
    assert eager == []


def test_names_in_code_are_english() -> None:
    chinese = []
    for path in modules():
        with tokenize.open(path) as lines:
            for token in tokenize.generate_tokens(lines.readline):
                if token.type == tokenize.NAME and not token.string.isascii():
                    chinese.append(f"{path.relative_to(ROOT)}:{token.start[0]}: {token.string}")
    assert chinese == []


def test_the_map_names_every_module_of_the_top_floor() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = {path.stem for path in PACKAGE.glob("[!_]*.py")}
    rooms |= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert sorted(room for room in rooms if not re.search(rf"\b{room}(\.py|/)", text)) == []


def test_one_english_word_for_each_chinese_one() -> None:
    rows = re.findall(
        r"^\| ([^|]+?) \| ([^|]+?) \|",
        (ROOT / "docs" / "vocabulary.md").read_text("utf-8"),
        re.MULTILINE,
    )
    words = [row for row in rows if not set(row[0]) <= {"-", " "} and row[0] != "中文"]
    assert len(words) > 50
    for column in (0, 1):
        names = [row[column] for row in words]
        assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_changelog_begins_with_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    first = re.search(r"^## \[(?P<version>[\d.]+)\]", text, re.MULTILINE)
    assert first is not None
    assert first["version"] == zhixing_desktop.__version__


def test_links_in_the_pages_lead_somewhere() -> None:
    dead = []
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)}: {target}")
    assert dead == []


def test_every_direct_dependency_has_one_tested_version() -> None:
    def plain(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(item for extra in extras for item in extra)]
    names = {plain(re.split(r"[\[<>=!;~ ]", item)[0]) for item in wanted}
    pins = (ROOT / "tools" / "constraints.txt").read_text("utf-8")
    pinned = {plain(name) for name in re.findall(r"^([\w.-]+)==[\w.]+$", pins, re.MULTILINE)}
    assert sorted(names - pinned) == []
