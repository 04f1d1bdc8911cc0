"""The archive package: valid for common tools, whole or not there at all."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import bagit
import pikepdf
import pytest

from helpers.case_packages import CASE, NUMBER, made, source, with_items
from helpers.papers import RED, pdf
from zhixing_desktop.dossier.package import (
    PackingCancelledError,
    package_name,
    verify_package,
    write_package,
)
from zhixing_desktop.dossier.package_parts import (
    MAIN,
    CasePackage,
    JournalFile,
    PackedItem,
    PageSpan,
    SourceFile,
)
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

TESTS = Path(__file__).parents[1]
not_on_windows = pytest.mark.skipif(
    sys.platform == "win32", reason="a process is limited otherwise"
)
EXPECTED = """\
data/原件/正卷/02_执行通知书/v1_执行通知书.docx
data/原件/正卷/02_执行通知书/v2_扫描件.pdf
data/原件/正卷/02_执行通知书/v2_扫描件_2.pdf
data/原件/正卷/06_现场执行录像/v1_录像.mp4
data/影像卷宗/副卷第1册.pdf
data/影像卷宗/正卷第1册.pdf
data/影像卷宗/正卷第2册.pdf
data/日志/verify_journal.py
data/日志/本案日志.zip
data/电子卷宗/副卷/01_合议庭评议笔录.pdf
data/电子卷宗/正卷/01_执行案件登记表.pdf
data/电子卷宗/正卷/02_执行通知书.pdf
data/电子卷宗/正卷/03_A／B公司： 流水＊＂明细＂？.pdf
data/电子卷宗/正卷/04_=1+1.pdf
data/电子卷宗/正卷/05_财产查询反馈.pdf
data/目录.csv
data/目录.json
""".splitlines()


@pytest.fixture
def package(tmp_path: Path) -> CasePackage:
    return made(tmp_path / "store")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def files_below(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def summed(folder: Path, manifest: str) -> subprocess.CompletedProcess[str]:
    """Verify as an archive does that has nothing but coreutils."""
    return subprocess.run(
        ["sha256sum", "--strict", "-c", manifest],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )


# --- what it is


def test_common_tools_find_it_whole(package: CasePackage, out: Path) -> None:
    target = out / package_name(NUMBER)
    done = write_package(target, package)
    assert bagit.Bag(str(target)).validate(processes=1)
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        run = summed(target, manifest)
        assert run.returncode == 0, run.stdout + run.stderr
    for path in target.rglob("*.pdf"):
        with pikepdf.open(path) as opened:
            assert opened.check_pdf_syntax() == []
    assert verify_package(target, digest=done.digest) == ()
    payload = [target / name for name in EXPECTED]
    assert [name for name in files_below(target) if name.startswith("data/")] == EXPECTED
    assert (done.files, done.bytes) == (len(payload), sum(p.stat().st_size for p in payload))


def test_each_file_is_what_was_handed_in(package: CasePackage, out: Path) -> None:
    target = write_package(out / "包", package).path
    given = package.items[1]
    assert given.pdf is not None
    pages = target / "data/电子卷宗/正卷/02_执行通知书.pdf"
    assert pages.read_bytes() == given.pdf.path.read_bytes()
    original = target / "data/原件/正卷/02_执行通知书/v2_扫描件_2.pdf"
    assert original.read_bytes() == given.originals[2].source.path.read_bytes()
    assert (target / "data/日志/本案日志.zip").read_bytes() == b"PK bundle"


def test_the_list_for_people(package: CasePackage, out: Path) -> None:
    target = write_package(out / "包", package).path
    data = (target / "data/目录.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    said = [(r["卷"], r["件号"], r["册"], r["起页"], r["止页"], r["页数"]) for r in rows]
    assert said == [
        ("正卷", "1", "1", "1", "1", "1"),
        ("正卷", "2", "1", "2", "3", "2"),
        ("正卷", "3", "1", "4", "4", "1"),
        ("正卷", "4", "1", "5", "5", "1"),
        # With a dash that no sheet program takes for a date.
        ("正卷", "5", "1", "6", "6\u20111", "2"),
        ("正卷", "5", "2", "1", "1", "1"),
        ("正卷", "6", "", "", "", "0"),
        ("正卷", "7", "2", "2", "2", "1"),
        ("副卷", "1", "1", "1", "1", "1"),
    ]
    notice = rows[1]
    assert (notice["文号"], notice["日期"]) == ("（2024）豫0811执1号之一", "2024-03-05")
    pages = (target / notice["文件"]).read_bytes()
    assert notice["SHA-256"] == hashlib.sha256(pages).hexdigest()
    assert rows[2]["名称"] == 'A/B公司: 流水*"明细"?'
    # A sheet program must not reckon with a name.
    assert (rows[3]["名称"], rows[3]["备注"]) == ("'=1+1", "'-见第3件")
    assert (rows[7]["仅有纸质"], rows[7]["文件"]) == ("是", "")


def test_the_list_for_programs(package: CasePackage, out: Path) -> None:
    target = write_package(out / "包", package).path
    content = json.loads((target / "data/目录.json").read_bytes())
    assert (content["格式"], content["版本"]) == ("zhixing-archive-package", 1)
    assert content["案件"]["被执行人"] == ["张𬭚"]
    assert content["案件"]["执行标的"] == "120000.50"
    assert content["件"][4]["起止"][0]["止页"] == "6-1"
    archive = content["归档"]
    assert (archive["全宗号"], archive["保管期限"]) == ("0811", "长期（六十年）")
    assert archive["保管至"] == "2084-12-31"
    assert [archive[k] for k in ("正卷册数", "正卷页数", "副卷册数", "副卷页数")] == [2, 9, 1, 1]
    named = [part["文件"] for part in content["卷册"] + content["件"] if part["文件"]]
    named += [one["文件"] for item in content["件"] for one in item["原件"]]
    named += [one["文件"] for one in content["日志"]]
    assert sorted([*named, "data/目录.csv", "data/目录.json"]) == EXPECTED


def test_what_it_says_of_itself(package: CasePackage, out: Path) -> None:
    target = write_package(out / "包", package).path
    info = bagit.Bag(str(target)).info
    assert info["Source-Organization"] == CASE.court
    assert info["Bagging-Date"] == "2024-09-06"
    assert info["External-Identifier"] == NUMBER
    octets = sum((target / name).stat().st_size for name in EXPECTED)
    assert info["Payload-Oxum"] == f"{octets}.{len(EXPECTED)}"
    words = (target / "README.txt").read_text("utf-8-sig")
    for command in ("sha256sum -c manifest-sha256.txt", "Get-FileHash", "certutil -hashfile"):
        assert command in words
    assert "正卷2册9页、副卷1册1页" in words


def test_a_name_ten_times_too_long_and_a_hundred_items(tmp_path: Path, out: Path) -> None:
    package = made(tmp_path / "store")
    paper = source(tmp_path / "store", "p.pdf", pdf(RED))
    items = tuple(
        PackedItem(MAIN, n, "关于财产情况的说明" * 30, 1, paper, (PageSpan(1, f"{n}", f"{n}", 1),))
        for n in range(1, 101)
    )
    package = replace(with_items(package, items), volumes=package.volumes[:1])
    target = write_package(out / "包", package).path
    names = [path.name for path in (target / "data/电子卷宗/正卷").iterdir()]
    assert len(names) == 100
    assert min(names).startswith("001_关于")
    assert max(len(name.encode()) for name in names) <= 120
    assert verify_package(target) == ()


# --- as one file


def test_as_zip_it_is_the_same_package(package: CasePackage, out: Path) -> None:
    folder = write_package(out / "包", package)
    zipped = write_package(out / "包.zip", package, zipped=True)
    same = ("files", "bytes", "digest")
    assert [getattr(zipped, name) for name in same] == [getattr(folder, name) for name in same]
    (out / "again").mkdir()
    again = write_package(out / "again" / "包.zip", package, zipped=True)
    assert again.path.read_bytes() == zipped.path.read_bytes()
    with zipfile.ZipFile(zipped.path) as book:
        assert {info.compress_type for info in book.infolist()} == {zipfile.ZIP_STORED}
        book.extractall(out / "unpacked")
    unpacked = out / "unpacked" / "包"
    assert files_below(unpacked) == files_below(folder.path)
    assert bagit.Bag(str(unpacked)).validate(processes=1)
    assert verify_package(zipped.path, digest=folder.digest) == ()
    assert verify_package(unpacked, digest=folder.digest) == ()


def test_a_file_too_large_for_the_old_form_of_zip(
    package: CasePackage, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 400)
    target = write_package(out / "包.zip", package, zipped=True).path
    assert verify_package(target) == ()


def test_copying_does_not_hold_a_file_in_memory(tmp_path: Path, out: Path) -> None:
    film = tmp_path / "film"
    with film.open("wb") as file:
        file.truncate(96 << 20)
    digest = hashlib.sha256(bytes(96 << 20)).hexdigest()
    package = made(tmp_path / "store")
    first = package.items[5].originals[0]
    item = replace(
        package.items[5], originals=(replace(first, source=SourceFile(film, digest, 96 << 20)),)
    )
    package = with_items(package, (*package.items[:5], item, *package.items[6:]))
    tracemalloc.start()
    try:
        for zipped in (False, True):
            name = "包.zip" if zipped else "包"
            assert verify_package(write_package(out / name, package, zipped=zipped).path) == ()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 << 20


# --- nothing half there


def nothing_left(out: Path) -> None:
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("zipped", [False, True])
def test_changed_and_missing_sources_are_all_named(
    package: CasePackage, out: Path, zipped: bool
) -> None:
    changed, missing = package.items[1].pdf, package.items[4].pdf
    original = package.items[1].originals[0].source
    assert changed is not None
    assert missing is not None
    changed.path.write_bytes(changed.path.read_bytes().replace(b"Type", b"Typo", 1))
    original.path.write_bytes(original.path.read_bytes() + b"!")
    missing.path.unlink()
    with pytest.raises(StoreError) as refused:
        write_package(out / "包", package, zipped=zipped)
    assert refused.value.data["files"] == [
        "原件/正卷/02_执行通知书/v1_执行通知书.docx（内容与登记的不同）",
        "电子卷宗/正卷/02_执行通知书.pdf（内容与登记的不同）",
        "电子卷宗/正卷/05_财产查询反馈.pdf（找不到）",
    ]
    assert "请先检查并修复数据文件夹" in refused.value.sentence
    nothing_left(out)


@pytest.mark.parametrize("zipped", [False, True])
def test_giving_up_leaves_nothing(package: CasePackage, out: Path, zipped: bool) -> None:
    told: list[tuple[int, int]] = []
    with pytest.raises(PackingCancelledError):
        write_package(
            out / "包",
            package,
            zipped=zipped,
            progress=lambda done, total: told.append((done, total)),
            cancelled=lambda: len(told) == 6,
        )
    assert len(told) == 6
    nothing_left(out)


def test_progress_goes_up_to_the_whole(package: CasePackage, out: Path) -> None:
    told: list[tuple[int, int]] = []
    done = write_package(out / "包", package, progress=lambda *both: told.append(both))
    assert told == sorted(told)
    assert told[-1] == (done.bytes, done.bytes)


@pytest.mark.parametrize("zipped", [False, True])
def test_nothing_is_overwritten(package: CasePackage, out: Path, zipped: bool) -> None:
    (out / "包").write_bytes(b"older")
    with pytest.raises(StoreError, match="已经有同名的文件"):
        write_package(out / "包", package, zipped=zipped)
    assert files_below(out) == ["包"]
    assert (out / "包").read_bytes() == b"older"


def test_too_little_room_is_said_before_anything_is_written(
    package: CasePackage, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(out)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=10_000))
    with pytest.raises(StoreError, match="磁盘空间不够") as refused:
        write_package(out / "包", package)
    assert refused.value.data["kind"] == "full"
    nothing_left(out)


def test_two_do_not_make_the_same_package_at_a_time(package: CasePackage, out: Path) -> None:
    def second(_done: int, _total: int) -> None:
        with pytest.raises(StoreError, match="正由另一个窗口或者工作站制作"):
            write_package(out / "包", package)

    write_package(out / "包", package, progress=second)
    assert verify_package(out / "包") == ()
    assert [path.name for path in out.iterdir()] == ["包"]


def test_a_folder_that_is_not_there_is_a_sentence(package: CasePackage, out: Path) -> None:
    with pytest.raises(StoreError, match="请检查文件夹是否存在"):
        write_package(out / "没有" / "包", package)


_PROCESS = """
import os, resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from helpers.case_packages import made
from zhixing_desktop.dossier.package import package_name, write_package
from zhixing_desktop.dossier import package_lists, package_readme, package_contents
from zhixing_desktop.workflow.errors import StoreError

store, target, zipped, limit, left = sys.argv[2:7]
package = made(Path(store))
if int(limit):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
left = int(left)

def step(event, details):
    # Each of these changes the disk: die before the one whose turn it is.
    global left
    writes = event == "open" and str(details[1] or "r")[0] in "wxa"
    if writes or event in ("os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir"):
        if "/out/" in str(details[0]):
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

sys.addaudithook(step)
try:
    write_package(Path(target), package, zipped=zipped == "zip")
except StoreError as error:
    print(error.sentence)
"""


def in_a_process(target: Path, kind: str, *, limit: int = 0, steps: int = -1) -> Any:
    store = target.parents[1] / "store"
    words = [TESTS, store, target, kind, limit, steps]
    return subprocess.run(
        [sys.executable, "-c", _PROCESS, *map(str, words)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


@not_on_windows
@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_disk_that_is_full_in_the_middle_leaves_nothing(out: Path, kind: str) -> None:
    run = in_a_process(out / "包", kind, limit=3000)
    assert run.returncode == 0, run.stderr
    assert "磁盘满了，没有写成，也没有留下写了一半的文件" in run.stdout
    assert run.stderr == ""
    nothing_left(out)


@not_on_windows
@pytest.mark.parametrize(
    ("kind", "at"), [("folder", (0, 2, 9, 25, 34, 35, 36)), ("zip", (0, 1, 2, 3, 4))]
)
def test_a_kill_leaves_no_package_or_a_whole_one(
    package: CasePackage, out: Path, kind: str, at: tuple[int, ...]
) -> None:
    """One after the other at the same place, as somebody would try again and again."""
    *before, after = at
    for steps in before:
        run = in_a_process(out / "包", kind, steps=steps)
        assert run.returncode == -signal.SIGKILL, run.stderr
        assert not (out / "包").exists()
        shutil.rmtree(out)
        out.mkdir()
    in_a_process(out / "包", kind, steps=after)
    assert verify_package(out / "包") == ()
    (out / "包").rename(out / "first")
    write_package(out / "包", package, zipped=kind == "zip")
    assert sorted(path.name for path in out.iterdir()) == ["first", "包"]


@not_on_windows
def test_what_a_kill_left_is_cleared_away(package: CasePackage, out: Path) -> None:
    in_a_process(out / "包", "folder", steps=25)
    assert len(list(out.glob(".包.new-*/包/data/*"))) >= 3
    write_package(out / "包", package)
    assert [path.name for path in out.iterdir()] == ["包"]
    assert verify_package(out / "包") == ()


# --- what does not fit


def test_everything_that_does_not_fit_is_said_at_once(package: CasePackage, out: Path) -> None:
    one, two, *_ = package.items
    bad = SourceFile(Path("x"), "not-a-digest", 5)
    items = (
        one,
        replace(two, number=1),
        replace(two, number=3, pages=5),
        replace(two, number=4, pdf=None),
        replace(two, number=5, pdf=bad, spans=(PageSpan(2, "1", "2", 2),)),
        replace(two, number=6, side="third"),
        replace(two, number=7, name=" "),
    )
    package = replace(
        package,
        items=items,
        volumes=(package.volumes[0], package.volumes[0], package.volumes[2]),
        journal=(
            JournalFile("../escape", b""),
            JournalFile("a.zip", b""),
            JournalFile("A.zip", b""),
        ),
        case=replace(CASE, number=""),
    )
    with pytest.raises(InputRefusedError) as refused:
        write_package(out / "包", package)
    said = [problem.sentence for problem in refused.value.problems]
    for words in (
        "没有案号",
        "正卷第1件有2份，件号不能重复",
        "正卷第1册的影像卷宗有2份",
        "副卷第1册有影像卷宗，却没有一件材料",
        "正卷第2册没有影像卷宗",
        "（../escape）不能用作文件名",
        "（A.zip）重复",
        "正卷第3件“执行通知书”有5页，编入各册的却是2页",
        "正卷第4件“执行通知书”有2页，却没有电子文件",
        "正卷第5件“执行通知书”的登记有误",
        "没有写明是正卷还是副卷",
        "正卷第7件“ ”的件号、名称或者页数有误",
    ):
        assert sum(words in sentence for sentence in said) == 1, (words, said)
    assert len(said) == 12
    nothing_left(out)


def test_an_empty_dossier_is_no_package(package: CasePackage, out: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        write_package(out / "包", replace(package, items=()))
    assert "一件材料也没有" in refused.value.problems[0].sentence


def test_the_name_of_a_package() -> None:
    assert package_name("（2024）豫0811执1号") == "（2024）豫0811执1号"
    assert package_name("（2024）豫0811执1号", zipped=True) == "（2024）豫0811执1号.zip"
