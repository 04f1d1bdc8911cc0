"""The watched folder: whole files are taken once, put away when committed, and never lost."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from helpers.bureau import Office
from helpers.paper_office import paper_office, second_desk
from helpers.papers import pdf
from zhixing_desktop.services import scan_folder as watched
from zhixing_desktop.services.dossier_tray import waiting
from zhixing_desktop.services.dossier_tray_rows import TraySource
from zhixing_desktop.services.scan_folder import CLAIMED, DONE, Look, ScanFolder

DAY = "2024-03-05"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "扫描"
    made.mkdir()
    return made


def page(tint: float = 0.5) -> bytes:
    return pdf((0.9, 0.1, tint))


def names(office: Office) -> list[str]:
    return [line.name for line in waiting(office.bureau, office.actor())]


def test_a_file_is_taken_when_it_has_stopped_growing(office: Office, folder: Path) -> None:
    watch = ScanFolder(office.bureau, folder)
    whole = page()
    (folder / "0001.pdf").write_bytes(whole[:200])
    (folder / "0002.pdf.tmp").write_bytes(whole)
    assert watch.look() == Look()
    (folder / "0001.pdf").write_bytes(whole)
    assert watch.look().taken == ()
    (done,) = watch.look().taken
    assert done.name == "0001.pdf"
    (line,) = waiting(office.bureau, office.actor())
    assert (line.source, line.pages, line.arrived_by) == (TraySource.FOLDER, 1, "系统")
    assert (folder / DONE / DAY / "0001.pdf").read_bytes() == whole
    assert watch.look() == Look()
    # Scanners count from the beginning again: another file of that name stays beside the first.
    (folder / "0001.pdf").write_bytes(page(0.1))
    watch.look(), watch.look()
    assert (folder / DONE / DAY / "0001（2）.pdf").exists()
    assert len(names(office)) == 2


def test_what_is_torn_is_taken_too(office: Office, folder: Path) -> None:
    watch = ScanFolder(office.bureau, folder)
    (folder / "坏.pdf").write_bytes(b"%PDF-1.5 half")
    watch.look(), watch.look()
    (line,) = waiting(office.bureau, office.actor())
    assert line.hint


def test_a_vanished_folder_is_told_once_and_picked_up_again(office: Office, folder: Path) -> None:
    watch = ScanFolder(office.bureau, folder)
    watch.look()
    away = folder.with_name("断开")
    folder.rename(away)
    (sentence,) = watch.look().told
    assert "找不到扫描文件夹" in sentence
    assert watch.look() == Look()
    (away / "0001.pdf").write_bytes(page())
    away.rename(folder)
    (sentence,) = watch.look().told
    assert "已经恢复" in sentence
    assert len(watch.look().taken) == 1


def test_a_file_that_cannot_be_kept_stays_and_is_told_once(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = ScanFolder(office.bureau, folder)
    (folder / "0001.pdf").write_bytes(page())
    watch.look()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        looks = [watch.look() for _ in range(4)]
    told = [sentence for look in looks for sentence in look.told]
    assert len(told) == 1
    assert "磁盘满了" in told[0]
    assert (folder / "0001.pdf").exists()
    assert names(office) == []
    watch.look(), watch.look()
    assert names(office) == ["0001.pdf"]


def test_a_file_that_is_held_is_told_once_when_it_stays_so(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = ScanFolder(office.bureau, folder)
    (folder / "0001.pdf").write_bytes(page())
    rename = Path.rename

    def held(self: Path, target: Path) -> Path:
        if self.parent == folder:
            raise PermissionError(13, "The process cannot access the file")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", held)
        told = [sentence for _ in range(8) for sentence in watch.look().told]
    assert len(told) == 1
    assert "不能读取" in told[0]
    assert len(watch.look().taken) == 1


def test_what_was_claimed_before_a_kill_is_finished_and_comes_once(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    (folder / "0001.pdf").write_bytes(page())
    watch = ScanFolder(office.bureau, folder)
    watch.look()
    with monkeypatch.context() as patch:
        # Everything is committed, the file is not yet put away.
        patch.setattr(ScanFolder, "_put_away", killed)
        with pytest.raises(Killed):
            watch.look()
    assert names(office) == ["0001.pdf"]
    assert not list((folder / DONE).glob("*/*"))
    ScanFolder(office.bureau, folder).look()
    assert names(office) == ["0001.pdf"]
    assert (folder / DONE / DAY / "0001.pdf").exists()


def test_claims_of_a_workstation_that_died_are_taken_over(office: Office, folder: Path) -> None:
    dead, alive = folder / CLAIMED / "死机", folder / CLAIMED / "在办"
    for place in (dead, alive):
        place.mkdir(parents=True)
        (place / ".在线").touch()
        (place / f"{place.name}.pdf").write_bytes(page(len(place.name) / 10 + ord(place.name[0])))
    os.utime(dead / ".在线", (0, 0))
    ScanFolder(office.bureau, folder).look()
    assert names(office) == ["死机.pdf"]
    assert (alive / "在办.pdf").exists()


def test_two_workstations_take_each_file_once(
    office: Office, folder: Path, database_url: str, tmp_path: Path
) -> None:
    if "sqlite" in database_url:
        pytest.skip("one workstation a file")
    other = second_desk(office, database_url, tmp_path)
    other.bureau.workstation = "第二工作站"
    for number in range(12):
        (folder / f"{number:04}.pdf").write_bytes(page(number / 20))
    desks = [ScanFolder(desk.bureau, folder) for desk in (office, other)]
    for desk in desks:
        desk.look()
    looks: list[Look] = []
    start = threading.Barrier(2)

    def look(desk: watched.ScanFolder) -> None:
        start.wait()
        looks.append(desk.look())

    threads = [threading.Thread(target=look, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert sum(len(one.taken) for one in looks) == 12
    assert [sentence for one in looks for sentence in one.told] == []
    assert len(names(office)) == len(list((folder / DONE / DAY).iterdir())) == 12


def test_a_share_that_hangs_is_told_once_and_never_waited_for_twice(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, asked = threading.Event(), []
    scandir = os.scandir

    def hanging(place: Path) -> object:
        if Path(place) == folder:
            asked.append(place)
            answer.wait()
        return scandir(place)

    # A mount that does not answer needs rights that a test has not.
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", hanging)
        watch = ScanFolder(office.bureau, folder, seconds=0.5)
        looks = [watch.look() for _ in range(4)]
        answer.set()
    (sentence,) = [words for look in looks for words in look.told]
    assert "没有响应" in sentence
    assert "恢复以后自动继续" in sentence
    assert len(asked) == 1
    (folder / "0001.pdf").write_bytes(page())
    looks = [watch.look() for _ in range(4)]
    assert "已经恢复" in "".join(words for look in looks for words in look.told)
    assert names(office) == ["0001.pdf"]


def test_a_program_that_ends_does_not_wait_for_a_share_that_hangs(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, ending = threading.Event(), threading.Event()

    def hanging(_place: Path) -> object:
        ending.set()
        answer.wait()
        raise FileNotFoundError

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", hanging)
        watch = ScanFolder(office.bureau, folder, ending.is_set, seconds=3600)
        assert watch.look() == Look()
        answer.set()


def test_a_folder_that_may_only_be_read_says_so_and_keeps_its_files(office: Office) -> None:
    if os.geteuid() != 0:
        pytest.skip("takes away its own rights for a moment")
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "0001.pdf").write_bytes(page())
        folder.chmod(0o555)
        watch = ScanFolder(office.bureau, folder)
        os.seteuid(65534)
        try:
            told = [words for _ in range(4) for words in watch.look().told]
        finally:
            os.seteuid(0)
        assert len(told) == 1
        assert "只读" in told[0]
        assert "文件都在原处" in told[0]
        assert (folder / "0001.pdf").exists()
        folder.chmod(0o755)
        looks = [watch.look() for _ in range(3)]
        assert "已经恢复" in looks[0].told[0]
    assert names(office) == ["0001.pdf"]


def test_an_empty_file_is_told_once_it_stays_empty_and_taken_when_it_is_not(
    office: Office, folder: Path
) -> None:
    watch = ScanFolder(office.bureau, folder)
    (folder / "0001.pdf").touch()
    assert watch.look() == watch.look() == Look(), "the scanner has only just begun"
    told = [words for _ in range(20) for words in watch.look().told]
    assert len(told) == 1
    assert "“0001.pdf”是空的" in told[0]
    assert "重新扫描" in told[0]
    (folder / "0001.pdf").write_bytes(page())
    watch.look(), watch.look()
    assert names(office) == ["0001.pdf"]


def test_the_same_file_dropped_again_is_told_put_away_and_not_doubled(
    office: Office, folder: Path
) -> None:
    watch = ScanFolder(office.bureau, folder)
    long = f"{'扫' * 82}.pdf"
    for name in ("0001.pdf", "另一个名字.pdf", long, long, long):
        (folder / name).write_bytes(page())
        looks = [watch.look() for _ in range(3)]
        assert [one.name for look in looks for one in look.taken] == [name]
    (last,) = [one for look in looks for one in look.taken]
    assert "以前已经收过1份，没有重复保存" in last.sentence
    assert names(office) == ["0001.pdf"]
    assert len(list((folder / DONE / DAY).iterdir())) == 5
    assert not list((folder / CLAIMED).rglob("*.pdf"))


def test_bad_files_among_good_ones_hold_nobody_up(office: Office, folder: Path) -> None:
    watch = ScanFolder(office.bureau, folder)
    for number in range(6):
        (folder / f"{number}.pdf").write_bytes(page(number / 10))
    (folder / "3.pdf").write_bytes(b"%PDF-1.5 half")
    (folder / "压缩.zip").write_bytes(b"PK\x03\x04 torn")
    watch.look()
    assert len(watch.look().taken) == 7
    hints = {line.name: line.hint for line in waiting(office.bureau, office.actor())}
    assert len(hints) == 7
    assert "损坏" in hints["3.pdf"]
    assert "压缩包已经损坏" in hints["压缩.zip"]


def test_what_a_power_cut_left_in_the_temporary_folder_goes_with_the_next_scan(
    office: Office, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = tmp_path / "temporary"
    for name in ("zhixing-scan-old", "zhixing-scan-new", "theirs"):
        (rooms / name).mkdir(parents=True)
        (rooms / name / "scan").write_bytes(page())
    for name in ("zhixing-scan-old", "theirs"):
        os.utime(rooms / name, (0, 0))
    monkeypatch.setattr(tempfile, "tempdir", str(rooms))
    watch = ScanFolder(office.bureau, folder)
    (folder / "0001.pdf").write_bytes(page())
    watch.look(), watch.look()
    assert names(office) == ["0001.pdf"]
    assert {path.name for path in rooms.iterdir()} == {"zhixing-scan-new", "theirs"}
