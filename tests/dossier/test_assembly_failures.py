"""Volumes that cannot be put together: a sentence each, and nothing half there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from helpers.odd_pages import OddPage, odd_pdf, written
from zhixing_desktop.dossier.assembly import AssemblyCancelledError, assemble
from zhixing_desktop.dossier.assembly_parts import OutPage
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

SMALL_DISK = """
import resource, signal, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from zhixing_desktop.dossier.assembly import assemble
from zhixing_desktop.dossier.assembly_parts import OutPage
from zhixing_desktop.workflow.errors import StoreError
try:
    assemble(Path(sys.argv[2]), {"a": Path(sys.argv[1])},
             [OutPage("a", page, str(page + 1), stamp=f"*X{page}") for page in range(400)])
except StoreError as error:
    print(error.data["kind"], error.sentence)
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return written(tmp_path, "source", *(OddPage(words=f"p{n}") for n in range(400)))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a volume stands already, which a failure must not touch."""
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "volume.pdf"
    path.write_bytes(b"the volume of yesterday")
    return path


def untouched(out: Path) -> bool:
    return list(out.parent.iterdir()) == [out] and out.read_bytes() == b"the volume of yesterday"


def numbered(count: int) -> list[OutPage]:
    return [OutPage("a", page, str(page + 1)) for page in range(count)]


@pytest.mark.parametrize("after", [0, 1, 3])
def test_stopping_leaves_nothing(source: Path, out: Path, after: int) -> None:
    told: list[int] = []
    with pytest.raises(AssemblyCancelledError):
        assemble(
            out,
            {"a": source},
            numbered(400),
            progress=lambda done, _: told.append(done),
            cancelled=lambda: len(told) >= after,
        )
    assert len(told) == after
    assert untouched(out)


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files by resource")
def test_a_full_disk_leaves_nothing_half(source: Path, out: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(source), str(out)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1"},
        check=True,
        timeout=120,
    )
    assert done.stdout.startswith("full ")
    assert "磁盘满了" in done.stdout
    assert untouched(out)


def test_a_folder_that_is_gone_is_said(source: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="共享文件夹是否连着"):
        assemble(tmp_path / "gone" / "volume.pdf", {"a": source}, numbered(1))


@pytest.mark.parametrize(
    "content",
    [None, b"", b"no PDF at all", odd_pdf(OddPage())[:300], odd_pdf(OddPage())[:-20]],
    ids=["gone", "empty", "no PDF", "torn", "end lost"],
)
def test_a_source_that_cannot_be_read_is_named(
    tmp_path: Path, out: Path, content: bytes | None
) -> None:
    path = tmp_path / "0a1b.pdf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=r"0a1b\.pdf.*从备份恢复") as refusal:
        assemble(out, {"a": path}, numbered(1))
    assert refusal.value.data["source"] == "a"
    assert untouched(out)


def test_a_page_that_is_not_there_is_said(tmp_path: Path, out: Path) -> None:
    path = written(tmp_path, "two", OddPage(), OddPage())
    with pytest.raises(StoreError, match=r"只有2页，没有第3页（two\.pdf）"):
        assemble(out, {"a": path}, numbered(3))
    assert untouched(out)


def test_every_letter_that_the_font_lacks_is_named(source: Path, out: Path) -> None:
    pages = [OutPage("a", 0, "1\ue000"), OutPage("a", 1, "2", stamp="*X", stamp_line="正\ue001")]
    with pytest.raises(InputRefusedError) as refusal:
        assemble(out, {"a": source}, pages)
    assert [problem.where for problem in refusal.value.problems] == ["\ue000", "\ue001"]
    assert untouched(out)


def test_a_font_that_is_gone_is_said(source: Path, out: Path, tmp_path: Path) -> None:
    from zhixing_desktop.dossier.assembly import Looks

    with pytest.raises(StoreError, match="字体文件不能使用"):
        assemble(out, {"a": source}, numbered(1), looks=Looks(tmp_path / "none.ttf"))
    assert untouched(out)
