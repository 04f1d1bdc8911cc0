"""The disk is full in the middle of taking in, of a printed volume, of a package: a sentence that
says so, nothing half there, and the same again works when there is room."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pikepdf import Pdf

from helpers.bureau import Office
from helpers.closed_case import CLERK, closed_case, printed
from helpers.full_disk import full_beyond
from helpers.paper_desk import paper_desk
from zhixing_desktop.services import dossier, dossier_archive, dossier_printing
from zhixing_desktop.services.archive_packing import make_package
from zhixing_desktop.services.dossier_arrivals import arrive
from zhixing_desktop.services.dossier_filing import file_item, replace_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_tray import waiting
from zhixing_desktop.services.dossier_tray_rows import TraySource
from zhixing_desktop.services.dossier_types import MAIN, Cut, Filing, Piece
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.health import check_all
from zhixing_desktop.workflow.errors import StoreError

SIZES = (100, 5_000, 40_000, 120_000, 250_000, 330_000)
"""From the first byte that is written to nearly the last."""


def large(folder: Path, name: str = "扫描.pdf", pages: int = 6) -> Path:
    """Write a PDF of some 400 kB that no program makes smaller."""
    chance = random.Random(7)
    place = folder / name
    with Pdf.new() as pdf:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842))
            words = f"% {chance.randbytes(33_000).hex()}\n0 0 1 rg 0 0 297 842 re f"
            page.obj.Contents = pdf.make_stream(words.encode())
        pdf.save(place, compress_streams=False)
    return place


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = paper_desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[tuple[Office, int]]:
    made, case = closed_case(tmp_path)
    yield made, case
    made.close()


def kept(office: Office) -> set[Path]:
    return {path for path in files_folder(office.bureau).rglob("*") if path.is_file()}


def refusals(act: Callable[[], object], sizes: tuple[int, ...] = SIZES) -> list[str]:
    """Do something on fuller and fuller disks; return what it was refused with."""
    told = []
    for size in sizes:
        with full_beyond(size):
            try:
                act()
            except StoreError as refusal:
                told.append(refusal.sentence)
            else:
                told.append("")
    return told


def test_the_disk_is_full_while_taking_in(office: Office, tmp_path: Path) -> None:
    (case,) = office.case_ids
    piece = Piece("扫描.pdf", large(tmp_path))
    before = kept(office)
    turned = [Cut(0, page, 90) for page in range(6)]
    for act in (
        lambda: take_in(office.bureau, [piece]),
        lambda: take_in(office.bureau, [piece], turned),
        lambda: arrive(office.bureau, office.actor(), piece, TraySource.STACK),
    ):
        told = refusals(act)
        assert all("磁盘满了" in words and "清理磁盘" in words for words in told), told
        # Neither a half file nor a folder of work is left; what was whole may stay.
        left = kept(office) - before
        assert all(path.stat().st_size == piece.content.stat().st_size for path in left)
        assert not list(files_folder(office.bureau).glob(".new-*"))
        before = kept(office)
    assert waiting(office.bureau, office.actor()) == ()
    taken = take_in(office.bureau, [piece], turned)
    item = file_item(office.bureau, office.actor(), case, Filing("笔录", place=11), taken).item
    assert item.pages == 6
    assert check_all(office.bureau) == []


def test_the_disk_is_full_at_the_moment_of_filing(office: Office, tmp_path: Path) -> None:
    (case,) = office.case_ids
    bureau, actor = office.bureau, office.actor()
    first = take_in(bureau, [Piece("扫描.pdf", large(tmp_path, pages=2))])
    second = take_in(bureau, [Piece("新.pdf", large(tmp_path, pages=3))])
    filing = Filing("笔录", place=11)
    with full_beyond(0), pytest.raises(StoreError) as refused:
        file_item(bureau, actor, case, filing, first)
    assert "没有保存，填好的内容还在" in refused.value.sentence
    assert dossier.dossier(bureau, actor, case).main.items == ()
    # What was taken in is still there: nothing has to be scanned or typed again.
    item = file_item(bureau, actor, case, filing, first).item
    with full_beyond(0), pytest.raises(StoreError):
        replace_item(bureau, actor, item.id, second, "更清楚的扫描", version=item.version)
    assert len(dossier.versions(bureau, actor, item.id)) == 1
    after = replace_item(bureau, actor, item.id, second, "更清楚的扫描", version=item.version)
    assert after.item.pages == 3
    assert check_all(bureau) == []


def test_the_disk_is_full_while_a_volume_is_printed(
    closed: tuple[Office, int], tmp_path: Path
) -> None:
    office, case = closed
    bureau, actor = office.bureau, office.actor()
    out = tmp_path / "打印"
    out.mkdir()
    target = out / "第1册.pdf"

    def act() -> object:
        return dossier_printing.prepare(bureau, actor, case, MAIN, 1, target)

    told = refusals(act, (100, 3_000, 20_000))
    assert all("磁盘满了" in words and "清理磁盘" in words for words in told), told
    assert list(out.iterdir()) == []
    made = act()
    dossier_printing.record_print(bureau, actor, made, printer="PDF")
    assert check_all(bureau) == []


@pytest.mark.parametrize("zipped", [False, True])
def test_the_disk_is_full_while_a_case_is_packed(
    closed: tuple[Office, int], tmp_path: Path, *, zipped: bool
) -> None:
    office, case = closed
    printed(office, case, tmp_path)
    out = tmp_path / "移交"
    out.mkdir()

    def act() -> object:
        return make_package(office.bureau, office.actor(CLERK), case, out, zipped=zipped)

    told = refusals(act, (0, 300, 3_000, 10_000))
    assert all("磁盘满了" in words and "清理磁盘" in words for words in told), told
    assert list(out.iterdir()) == []
    assert dossier_archive.packages(office.bureau, office.actor(), case) == ()
    made = make_package(office.bureau, office.actor(CLERK), case, out, zipped=zipped)
    assert dossier_archive.verify_package(made.path, digest=made.line.digest) == ()
    assert check_all(office.bureau) == []
