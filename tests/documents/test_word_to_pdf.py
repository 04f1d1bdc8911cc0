"""PDF from an edited Word file, by the LibreOffice of the workstation."""

from __future__ import annotations

import os
import re
import select
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.made_papers import everything, ruling
from helpers.office import converter, official, pages_of
from helpers.word_files import docx_of
from zhixing_desktop.documents.libreoffice import (
    ConversionCancelledError,
    LibreOffice,
    find_converter,
)
from zhixing_desktop.documents.word import render_docx
from zhixing_desktop.workflow.errors import StoreError


@pytest.fixture
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that the test finds empty afterwards."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_several_papers_become_pdfs_in_their_order(tmp_path: Path, nothing_left: Path) -> None:
    papers = [render_docx(ruling(60), official()), docx_of("第二份"), docx_of("第三份")]
    first, second, third = converter(tmp_path).to_pdf(papers)
    assert "执行裁定书" in "".join(pages_of(first)).replace(" ", "")
    assert ["第二份" in pages_of(second)[0], "第三份" in pages_of(third)[0]] == [True, True]
    assert list(nothing_left.iterdir()) == []


def test_no_papers_need_no_program() -> None:
    assert LibreOffice(Path("nowhere")).to_pdf([]) == ()


def test_where_there_is_none_a_sentence_says_what_to_do() -> None:
    with pytest.raises(StoreError, match="请安装 LibreOffice，或者在 Word、WPS 中打开后另存为 PDF"):
        find_converter({"PATH": ""}, platform="win32")


def test_the_program_that_the_court_chose_is_taken(tmp_path: Path) -> None:
    chosen = tmp_path / "soffice"
    chosen.write_text("", "ascii")
    found = find_converter({"PATH": ""}, chosen)
    assert (found.name, getattr(found, "program", None)) == ("LibreOffice", chosen)
    windows = tmp_path / "LibreOffice" / "program" / "soffice.exe"
    windows.parent.mkdir(parents=True)
    windows.write_text("", "ascii")
    found = find_converter({"PATH": "", "ProgramFiles": str(tmp_path)}, platform="win32")
    assert getattr(found, "program", None) == windows


@pytest.mark.parametrize(
    ("ending", "part"), [(".xlsx", "表格"), (".xls", "表格"), (".ppt", "演示")]
)
def test_a_part_of_it_that_is_not_installed_is_named(
    tmp_path: Path, ending: str, part: str
) -> None:
    program = tmp_path / "program" / "soffice"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    (program.parent / "libswlo.so").touch()
    with pytest.raises(StoreError) as refused:
        LibreOffice(program, {}).to_pdf([b"x"], ending=ending)
    assert f"没有安装{part}" in refused.value.sentence
    assert "另存为 PDF" in refused.value.sentence


def test_its_pdf_has_the_fonts_of_ours(tmp_path: Path) -> None:
    """Where a workstation has no 小标宋 and no 楷体, what plays them is the same in both."""
    (pdf,) = converter(tmp_path).to_pdf([render_docx(everything(), official())])
    embedded = set(re.findall(rb"/[A-Z]{6}\+([\w-]+)", pdf))
    assert embedded == {
        b"NotoSerifSC-Bold",
        b"NotoSerifSC-Regular",
        b"NotoSansSC-Regular",
        b"LXGWWenKai-Regular",
    }


def test_a_program_that_does_not_start_is_named(tmp_path: Path, nothing_left: Path) -> None:
    broken = tmp_path / "soffice"
    broken.write_text("no program", "ascii")
    with pytest.raises(StoreError, match="启动不了 LibreOffice"):
        LibreOffice(broken, os.environ).to_pdf([docx_of("一")])
    assert list(nothing_left.iterdir()) == []


def test_a_paper_that_cannot_be_turned_is_named(tmp_path: Path, nothing_left: Path) -> None:
    with pytest.raises(StoreError, match="没有能把第2份文书转为 PDF") as caught:
        converter(tmp_path).to_pdf([docx_of("一"), b"PK\x03\x04 torn"])
    assert caught.value.data["missing"] == [2]
    assert list(nothing_left.iterdir()) == []


def slow_program(folder: Path) -> LibreOffice:
    """Return a program that goes on for ever, with a child of its own, and says who they are."""
    script = folder / "slow"
    script.write_text(
        f'#!/bin/sh\nsleep 1000 &\necho $! $$ > "{folder}/pids"\nwait\n', encoding="utf-8"
    )
    script.chmod(0o755)
    return LibreOffice(script, os.environ)


def ended(folder: Path) -> bool:
    """Return whether the program and its child are gone, or go within half a minute."""
    return all(_ended(int(pid)) for pid in (folder / "pids").read_text("ascii").split())


def _ended(pid: int) -> bool:
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], 30)[0])
    finally:
        os.close(watched)


def test_it_is_stopped_when_the_person_changes_his_mind(tmp_path: Path, nothing_left: Path) -> None:
    """Once the program and its child run, both are ended; nothing is left behind."""

    def begun() -> bool:
        return (tmp_path / "pids").exists() and bool((tmp_path / "pids").read_text("ascii"))

    with pytest.raises(ConversionCancelledError, match="已取消"):
        slow_program(tmp_path).to_pdf([docx_of("一")], cancelled=begun)
    assert ended(tmp_path)
    assert list(nothing_left.iterdir()) == []


def test_it_is_stopped_when_it_takes_too_long(tmp_path: Path, nothing_left: Path) -> None:
    with pytest.raises(StoreError, match="很久没有转完"):
        slow_program(tmp_path).to_pdf([docx_of("一")], seconds=2)
    assert ended(tmp_path)
    assert list(nothing_left.iterdir()) == []


def test_the_libraries_of_the_one_folder_program_are_kept_from_it(tmp_path: Path) -> None:
    script = tmp_path / "shows"
    script.write_text(f'#!/bin/sh\necho "$LD_LIBRARY_PATH|$PATH" > "{tmp_path}/seen"\n', "utf-8")
    script.chmod(0o755)
    environment = {**os.environ, "LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/own"}
    with pytest.raises(StoreError, match="没有能把文书转为 PDF"):
        replace(LibreOffice(script), environment=environment).to_pdf([docx_of("一")])
    assert (tmp_path / "seen").read_text("utf-8").startswith("/own|")
