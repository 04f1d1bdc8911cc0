"""Our check of an archive package: each thing that is wrong is named once."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.case_packages import made
from helpers.papers import RED, pdf
from zhixing_desktop.dossier.package import verify_package, write_package
from zhixing_desktop.workflow.errors import StoreError

PAGES = "data/电子卷宗/正卷/02_执行通知书.pdf"
LIST, SHEET = "data/目录.json", "data/目录.csv"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    return write_package(folder / "包", made(folder / "store")).path


@pytest.fixture
def bag(model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model, tmp_path / "包"))


def kinds(path: Path, **given: Any) -> list[tuple[str, str]]:
    return [(str(p.data["kind"]), p.where) for p in verify_package(path, **given)]


def seal(bag: Path) -> None:
    """Write all lists anew, as somebody would who covers his tracks."""
    payload = sorted(p for p in (bag / "data").rglob("*") if p.is_file())
    relist(bag, "manifest-sha256.txt", payload)
    octets = sum(path.stat().st_size for path in payload)
    info = (bag / "bag-info.txt").read_text("utf-8").splitlines()
    kept = [line for line in info if not line.startswith("Payload-Oxum")]
    words = "\n".join([*kept, f"Payload-Oxum: {octets}.{len(payload)}", ""])
    (bag / "bag-info.txt").write_text(words, "utf-8")
    seal_tags(bag)


def seal_tags(bag: Path) -> None:
    tags = [path for path in bag.glob("*.txt") if path.name != "tagmanifest-sha256.txt"]
    relist(bag, "tagmanifest-sha256.txt", sorted(tags))


def relist(bag: Path, name: str, paths: list[Path]) -> None:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(bag).as_posix()}\n"
        for path in paths
    ]
    (bag / name).write_text("".join(lines), "utf-8")


def edit_list(bag: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = json.loads((bag / LIST).read_bytes())
    change(content)
    (bag / LIST).write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    seal(bag)


# --- what common tools see as well


@pytest.mark.parametrize("name", [PAGES, LIST, SHEET, "README.txt"])
def test_a_missing_file(bag: Path, name: str) -> None:
    (bag / name).unlink()
    assert kinds(bag) == [("missing", name)]


def test_a_changed_bit(bag: Path) -> None:
    data = bytearray((bag / PAGES).read_bytes())
    data[100] ^= 1
    (bag / PAGES).write_bytes(data)
    assert kinds(bag) == [("changed", PAGES)]


@pytest.mark.parametrize("name", ["data/电子卷宗/正卷/99_多出的.pdf", "说明.docx"])
def test_an_added_file(bag: Path, name: str) -> None:
    (bag / name).write_bytes(b"")
    assert kinds(bag) == [("extra", name)]


def test_a_changed_list_of_the_dossier_is_one_message(bag: Path) -> None:
    (bag / LIST).write_bytes((bag / LIST).read_bytes().replace("执行通知书".encode(), b"x", 1))
    assert kinds(bag) == [("changed", LIST)]


def test_a_wrong_total(bag: Path) -> None:
    words = (bag / "bag-info.txt").read_text("utf-8")
    (bag / "bag-info.txt").write_text(words.replace("Payload-Oxum: ", "Payload-Oxum: 9"), "utf-8")
    assert kinds(bag) == [("changed", "bag-info.txt")]
    seal_tags(bag)
    assert kinds(bag) == [("oxum", "bag-info.txt")]


@pytest.mark.parametrize("name", ["bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_without_its_lists_it_is_no_package(bag: Path, name: str) -> None:
    (bag / name).unlink()
    assert kinds(bag) == [("missing", name)]


@pytest.mark.parametrize(
    "line",
    ["nonsense", f"{'0' * 64}  data/../../etc/passwd", f"{'0' * 64}  bag-info.txt",
     f"{'0' * 64}  data/C:\\x"],
)  # fmt: skip
def test_a_line_that_leads_astray(bag: Path, line: str) -> None:
    with (bag / "manifest-sha256.txt").open("a", encoding="utf-8") as manifest:
        manifest.write(f"{line}\n")
    seal_tags(bag)
    assert [kind for kind, _ in kinds(bag)] == ["line"]
    assert verify_package(bag)[0].where == "manifest-sha256.txt第18行"


def test_another_declaration(bag: Path) -> None:
    (bag / "bagit.txt").write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
    seal_tags(bag)
    assert kinds(bag) == [("format", "bagit.txt")]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_a_link_is_no_file(bag: Path) -> None:
    moved = bag.with_name("moved.pdf")
    (bag / PAGES).rename(moved)
    (bag / PAGES).symlink_to(moved)
    assert kinds(bag) == [("link", PAGES)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot have both")
def test_names_that_windows_takes_for_one(bag: Path) -> None:
    (bag / "data/日志/VERIFY_journal.py").write_bytes(b"")
    assert kinds(bag) == [
        ("extra", "data/日志/VERIFY_journal.py"),
        ("same_name", "data/日志/verify_journal.py"),
    ]


# --- what common tools do not see


def test_made_anew_as_a_whole_only_the_hand_over_slip_tells(bag: Path) -> None:
    digest = hashlib.sha256((bag / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    assert kinds(bag, digest=digest.upper()) == []
    (bag / "data/日志/verify_journal.py").write_bytes(b"pass\n")

    def cover(content: dict[str, Any]) -> None:
        (entry,) = (e for e in content["日志"] if e["文件"].endswith(".py"))
        entry |= {"字节": 5, "SHA-256": hashlib.sha256(b"pass\n").hexdigest()}

    edit_list(bag, cover)
    assert kinds(bag) == []
    assert kinds(bag, digest=digest) == [("seal", "tagmanifest-sha256.txt")]


def test_a_file_that_the_list_knows_otherwise(bag: Path) -> None:
    (bag / PAGES).write_bytes(pdf(RED, RED))
    seal(bag)
    assert kinds(bag) == [("lists_differ", PAGES)]


def test_a_file_that_the_list_does_not_know(bag: Path) -> None:
    (bag / "data/日志/更多.txt").write_bytes(b"")
    seal(bag)
    assert kinds(bag) == [("not_in_list", "data/日志/更多.txt")]


def test_a_list_that_names_what_is_not_there(bag: Path) -> None:
    (bag / "data/日志/verify_journal.py").unlink()
    seal(bag)
    assert kinds(bag) == [("missing", "data/日志/verify_journal.py")]


def test_the_two_lists_differ(bag: Path) -> None:
    (bag / SHEET).write_bytes((bag / SHEET).read_bytes().replace(b",2024-03-05,", b",2024-03-06,"))
    seal(bag)
    assert kinds(bag) == [("lists_differ", SHEET)]


def test_pages_that_are_listed_and_not_there(bag: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["件"][1] |= {"页数": 3}
        content["件"][1]["起止"][0] |= {"页数": 3}
        content["卷册"][0]["页数"] = 8

    edit_list(bag, change)
    # The sheet shows the pages as well.
    assert kinds(bag) == [
        ("lists_differ", SHEET),
        ("pages", PAGES),
        ("pages", "data/影像卷宗/正卷第1册.pdf"),
    ]
    said = [problem.sentence for problem in verify_package(bag)]
    assert "正卷第2件“执行通知书”的文件有2页，目录里写的是3页" in said[1]


def test_a_pdf_that_is_none(bag: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        data = b"not a pdf"
        (bag / "data/影像卷宗/副卷第1册.pdf").write_bytes(data)
        content["卷册"][2] |= {"字节": len(data), "SHA-256": hashlib.sha256(data).hexdigest()}

    edit_list(bag, change)
    assert kinds(bag) == [("bad_pdf", "data/影像卷宗/副卷第1册.pdf")]


def test_a_newer_list_and_one_of_another_shape(bag: Path) -> None:
    edit_list(bag, lambda content: content.update({"版本": 2}))
    assert kinds(bag) == [("newer", LIST)]
    edit_list(bag, lambda content: content.update({"版本": 1, "件": 7}))
    assert kinds(bag) == [("format", LIST)]
    (bag / LIST).write_text("[]")
    seal(bag)
    assert kinds(bag) == [("format", LIST)]


# --- as one file


def zipped(bag: Path, *, packing: int = zipfile.ZIP_STORED, top: str = "包/") -> Path:
    target = bag.with_name("包.zip")
    with zipfile.ZipFile(target, "w", packing) as book:
        for path in sorted(bag.rglob("*")):
            if path.is_file():
                book.write(path, f"{top}{path.relative_to(bag).as_posix()}")
    return target


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("top", ["包/", ""])
def test_packed_again_by_another_program_it_is_still_whole(
    bag: Path, packing: int, top: str
) -> None:
    assert verify_package(zipped(bag, packing=packing, top=top)) == ()


class InTheCodeOfWindows(zipfile.ZipInfo):
    """A member as the Explorer of a Chinese Windows packs it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 (zipfile calls it so)
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def test_packed_again_by_the_explorer_of_windows(bag: Path) -> None:
    target = bag.with_name("包.zip")
    with zipfile.ZipFile(target, "w") as book:
        for path in sorted(p for p in bag.rglob("*") if p.is_file()):
            book.writestr(InTheCodeOfWindows(f"包/{path.relative_to(bag)}"), path.read_bytes())
    assert verify_package(target) == ()


def test_in_the_folder_that_windows_puts_around_it(bag: Path) -> None:
    around = bag.with_name("解压")
    around.mkdir()
    bag.rename(around / "包")
    assert verify_package(around) == ()


def test_a_damaged_zip_names_the_file(bag: Path) -> None:
    target = zipped(bag)
    data = bytearray(target.read_bytes())
    at = data.index((bag / PAGES).read_bytes())
    data[at + 30] ^= 1
    target.write_bytes(data)
    assert kinds(target) == [("changed", PAGES)]


def test_a_zip_with_one_file_twice(bag: Path) -> None:
    target = zipped(bag)
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(target, "a") as book,
    ):
        book.writestr(f"包/{PAGES}", (bag / PAGES).read_bytes())
    assert kinds(target) == [("twice", PAGES)]


def test_a_torn_zip_and_no_package_at_all(bag: Path, tmp_path: Path) -> None:
    target = zipped(bag)
    os.truncate(target, target.stat().st_size - 100)
    with pytest.raises(StoreError, match="不是完整的 ZIP 归档包"):
        verify_package(target)
    with pytest.raises(StoreError, match="归档包打不开"):
        verify_package(tmp_path / "nowhere")


# --- looking on


def test_progress_and_giving_up(bag: Path) -> None:
    told: list[tuple[int, int]] = []
    verify_package(bag, progress=lambda *both: told.append(both))
    assert (
        told[-1][0]
        == told[-1][1]
        == sum(
            p.stat().st_size for p in bag.rglob("*") if p.is_file() and "tagmanifest" not in p.name
        )
    )
    left = iter([False] * 5)
    (bag / "README.txt").write_bytes(b"")
    found = kinds(bag, cancelled=lambda: next(left, True))
    assert found == [("changed", "README.txt"), ("cancelled", "")]
