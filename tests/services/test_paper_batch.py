"""Many papers in one go: what is refused does not keep the others back, a full disk does."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from helpers.bureau import Office
from helpers.offices import contents, journal
from helpers.paper_office import notice, paper_office
from zhixing_desktop.models import file_folder, health
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.health import check_all
from zhixing_desktop.services.paper_batch import STOPPED, export_many, issue_many
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.storage import back_up


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


def test_a_list_is_issued_and_what_is_refused_is_named(office: Office) -> None:
    (case,) = office.case_ids
    told: list[tuple[int, int]] = []
    wishes = [
        notice(case),
        notice(case, "debtor/9"),
        notice(case, duty=""),
        notice(case, "debtor/2"),
    ]
    found = issue_many(
        office.bureau, office.actor(), wishes, lambda done, total, what: told.append((done, total))
    )
    assert [line.about for line in found.done] == ["debtor/1", "debtor/2"]
    assert [failure.what for failure in found.failed] == [
        "07-notice debtor/9",
        "07-notice debtor/1",
    ]
    assert "应当履行的义务" in found.failed[1].sentence
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert (found.untried, found.stopped) == (0, "")


def test_somebody_may_stop_it_between_two_papers(office: Office) -> None:
    (case,) = office.case_ids
    answers = iter([False, True])
    wishes = [notice(case), notice(case, "debtor/2")]
    found = issue_many(office.bureau, office.actor(), wishes, cancelled=lambda: next(answers))
    assert (len(found.done), found.untried, found.stopped) == (1, 1, STOPPED)


def full_after(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk take so many more files."""
    write, left = file_folder._write, iter(range(count))

    def limited(target: Path, data: bytes) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(target, data)

    monkeypatch.setattr(file_folder, "_write", limited)


@pytest.mark.parametrize("files", [0, 1])
def test_a_full_disk_stops_the_rest_and_leaves_nothing_half_written(
    office: Office, monkeypatch: pytest.MonkeyPatch, files: int
) -> None:
    """It may be full after the first of a paper's two files, too."""
    (case,) = office.case_ids
    before = contents(office.bureau)
    full_after(files, monkeypatch)
    wishes = [notice(case), notice(case, "debtor/2")]
    found = issue_many(office.bureau, office.actor(), wishes)
    assert found.done == ()
    assert found.untried == 1
    assert "磁盘满了" in found.stopped
    assert contents(office.bureau) == before
    monkeypatch.undo()
    assert len(issue_many(office.bureau, office.actor(), wishes).done) == 2
    assert check_all(office.bureau) == []


def test_papers_are_exported_each_journalled_and_nothing_is_overwritten(
    office: Office, tmp_path: Path
) -> None:
    (case,) = office.case_ids
    ids = [
        issue(office.bureau, office.actor(), notice(case, f"debtor/{n}", contact=f"{n}楼")).paper.id
        for n in (1, 2)
    ]
    folder = tmp_path / "导出"
    folder.mkdir()
    found = export_many(office.bureau, office.actor(), ids[:1], folder)
    name = "执行通知书（2024）豫0811执1号（乙建强）.pdf"
    assert found.files == (name,)
    assert (folder / name).read_bytes().startswith(b"%PDF")
    assert journal(office.bureau)[-1] == ("paper.print", "张承办")
    again = export_many(office.bureau, office.actor(), ids, folder)
    assert [failure.sentence for failure in again.failed] == [
        f"“{name}”已经存在，为免覆盖没有写入。请换一个文件夹，或者先移走原来的文件。"
    ]
    assert len(again.done) == 1
    word = export_many(office.bureau, office.actor(), ids, folder, ".docx")
    assert len(word.files) == 2
    assert sorted(p.suffix for p in folder.iterdir()) == [".docx", ".docx", ".pdf", ".pdf"]


def test_a_disk_that_fills_up_amid_an_export_stops_it_with_nothing_half_written(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = office.case_ids
    ids = [
        issue(office.bureau, office.actor(), notice(case, f"debtor/{n}")).paper.id for n in (1, 2)
    ]
    folder = tmp_path / "导出"
    folder.mkdir()
    write = Path.write_bytes

    def full(path: Path, data: Any) -> int:
        write(path, data[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    found = export_many(office.bureau, office.actor(), ids, folder)
    assert (found.done, found.untried) == ((), 1)
    assert "磁盘是否已满" in found.stopped
    assert list(folder.iterdir()) == []


def test_a_file_another_program_holds_is_one_papers_failure(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = office.case_ids
    ids = [
        issue(office.bureau, office.actor(), notice(case, f"debtor/{n}")).paper.id for n in (1, 2)
    ]
    folder = tmp_path / "导出"
    folder.mkdir()
    replace = Path.replace

    def held(path: Path, target: Path) -> Path:
        if "乙建强" in target.name:
            raise PermissionError(errno.EACCES, "used by another process")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", held)
    found = export_many(office.bureau, office.actor(), ids, folder)
    assert [line.about for line in found.done] == ["debtor/2"]
    assert "是否正被打开" in found.failed[0].sentence
    assert [p.suffix for p in folder.iterdir()] == [".pdf"]


def test_a_paper_whose_file_is_gone_or_changed_is_found_and_a_backup_has_them(
    office: Office, tmp_path: Path
) -> None:
    (case,) = office.case_ids
    made = issue(office.bureau, office.actor(), notice(case)).paper
    assert check_all(office.bureau) == []
    if office.bureau.database.path is not None:
        copied = back_up(office.bureau, office.actor("何管理"), tmp_path / "备份.db")
        assert (copied.files, copied.lost) == (2, ())
    path = file_folder.path_of(files_folder(office.bureau), made.pdf, file_folder.PDF)
    path.write_bytes(path.read_bytes() + b" ")
    (sentence,) = check_all(office.bureau)
    assert "执行通知书（2024）豫0811执1号" in sentence
    assert "内容与保存时不同" in sentence
    path.unlink()
    (sentence,) = check_all(office.bureau)
    assert sentence.startswith("“执行通知书")
    assert "的文件不见了" in sentence
    assert health.check(office.bureau.database) == []
    assert made.day == date(2024, 3, 5)
