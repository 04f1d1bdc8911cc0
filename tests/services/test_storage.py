"""A backup holds the database and its scans; what is lost is named, never passed over."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import CHIEF, Office, make_bureau
from helpers.offices import make_office, open_at
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services import file_store, health, storage
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError, StoreError

PAPERS = {"批复.pdf": b"%PDF-1.7\n1\n%%EOF\n", "函.jpg": b"\xff\xd8\xff\xe0scan\xff\xd9"}
ADMIN = "何管理"


def keep(office: Office, name: str, data: bytes) -> str:
    """Keep a scan as a step does: bytes first, then the row."""
    bureau, problems = office.bureau, []
    digest = file_store.keep_scan(bureau, data, problems)
    assert problems == []
    with bureau.database.writing() as conn:
        at = bureau.database.now(conn)
        with Recorder(conn, at=at, actor=CHIEF, action="file.add", workstation="一号机") as record:
            file_store.enter_file(conn, record, bureau, office.actor(CHIEF), name, data)
    return digest


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = make_bureau(tmp_path / "局")
    for name, data in PAPERS.items():
        keep(made, name, data)
    yield made
    made.close()


def save(office: Office, target: Path) -> storage.Copied:
    return storage.back_up(office.bureau, office.actor(ADMIN), target)


def opened(office: Office, path: Path) -> Bureau:
    return open_at(f"sqlite:///{path}", office.clock)


def place(folder: Path, name: str) -> Path:
    data = PAPERS[name]
    kind = file_folder.media_type_of(data) or ""
    return file_folder.path_of(folder, file_folder.digest_of(data), kind)


def test_a_restored_bureau_has_all_its_scans(office: Office, tmp_path: Path) -> None:
    made = save(office, tmp_path / "备份.db")
    assert (made.files, made.lost) == (2, ())
    shutil.rmtree(file_store.files_folder(office.bureau))
    back = storage.restore(tmp_path / "备份.db", tmp_path / "恢复.db")
    copy = opened(office, back.path)
    try:
        for name, data in PAPERS.items():
            kept, content = file_store.read_file(copy, file_folder.digest_of(data))
            assert (kept.name, content) == (name, data)
        assert health.check_all(copy) == []
    finally:
        copy.close()
    assert not list(made.folder.rglob(".new-*"))


def test_scans_of_the_moment_only_and_whoever_may_not(office: Office, tmp_path: Path) -> None:
    with pytest.raises(NotAllowedError):
        storage.back_up(office.bureau, office.actor(CHIEF), tmp_path / "备份.db")
    assert not (tmp_path / "备份.db.files").exists()
    # Bytes that no row knows (a step that was refused) are not carried along.
    file_store.keep_scan(office.bureau, b"%PDF-1.4 other %%EOF", [])
    assert save(office, tmp_path / "备份.db").files == 2
    with pytest.raises(StoreError, match="已经存在"):
        save(office, tmp_path / "备份.db")
    assert place(tmp_path / "备份.db.files", "批复.pdf").exists()


@pytest.mark.parametrize("damage", ["missing", "torn"])
def test_a_scan_that_is_lost_already_is_named_and_the_rest_saved(
    office: Office, tmp_path: Path, damage: str
) -> None:
    lost = place(file_store.files_folder(office.bureau), "函.jpg")
    if damage == "missing":
        lost.unlink()
    else:
        lost.write_bytes(PAPERS["函.jpg"][:-1] + b"x")
    made = save(office, tmp_path / "备份.db")
    assert made.files == 1
    (problem,) = made.lost
    assert "函.jpg" in problem.where
    (said,) = health.check_all(office.bureau)
    assert "函.jpg" in said


@pytest.mark.parametrize("damage", ["missing", "torn", "no folder"])
def test_a_backup_that_lost_scans_is_not_restored_unless_told_to(
    office: Office, tmp_path: Path, damage: str
) -> None:
    made = save(office, tmp_path / "备份.db")
    target = tmp_path / "恢复.db"
    if damage == "no folder":
        shutil.rmtree(made.folder)
    elif damage == "missing":
        place(made.folder, "批复.pdf").unlink()
    else:
        place(made.folder, "批复.pdf").write_bytes(PAPERS["批复.pdf"][:-3])
    with pytest.raises(InputRefusedError) as refused:
        storage.restore(made.path, target)
    lost = {"no folder": 2}.get(damage, 1)
    assert len(refused.value.problems) == lost
    assert any("批复.pdf" in problem.where for problem in refused.value.problems)
    assert not target.exists()
    assert not (tmp_path / "恢复.db.files").exists()
    back = storage.restore(made.path, target, partial=True)
    assert (back.files, len(back.lost)) == (2 - lost, lost)
    copy = opened(office, target)
    try:
        # A folder that is not there is one thing to mend, however many files were in it.
        assert len(health.check_all(copy)) == 1
    finally:
        copy.close()


def test_scans_that_are_there_stay_and_torn_ones_are_mended(office: Office, tmp_path: Path) -> None:
    made = save(office, tmp_path / "备份.db")
    there = tmp_path / "恢复.db.files"
    shutil.copytree(made.folder, there)
    place(there, "函.jpg").write_bytes(b"torn")
    (there / "另存.txt").write_text("mine", "utf-8")
    storage.restore(made.path, tmp_path / "恢复.db")
    assert place(there, "函.jpg").read_bytes() == PAPERS["函.jpg"]
    assert (there / "另存.txt").read_text("utf-8") == "mine"


def test_a_full_disk_leaves_no_half_backup(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_up(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fill_up)
        with pytest.raises(StoreError, match="磁盘满了"):
            save(office, tmp_path / "备份.db")
    assert not list(tmp_path.glob("备份.db*"))
    assert save(office, tmp_path / "备份.db").files == 2


def test_the_signing_key_is_no_part_of_it_and_that_is_said(office: Office, tmp_path: Path) -> None:
    from zhixing_desktop.services import journal_keys

    journal_keys.signing_key(office.bureau, office.actor("穆审计"))
    made = save(office, tmp_path / "备份.db")
    assert not list(tmp_path.glob("*.pem"))
    assert not list(made.folder.rglob("*.pem"))
    back = storage.restore(made.path, tmp_path / "恢复.db")
    assert back.key_file is not None
    # Put back by hand, it is the bureau's key again.
    key = journal_keys.key_file(office.bureau)
    shutil.copy2(key, back.key_file)
    copy = opened(office, back.path)
    try:
        journal_keys.signing_key(copy, office.actor("穆审计"))
    finally:
        copy.close()


def test_a_server_is_told_of_its_folder_and_check_names_what_is_missing(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = request.getfixturevalue("postgres_server")
    name = server.create_database()
    office = make_office(server.url(name))
    try:
        office.bureau.files_dir = tmp_path / "共用"
        office.bureau.files_dir.mkdir()
        keep(office, "批复.pdf", PAPERS["批复.pdf"])
        with pytest.raises(StoreError, match="数据文件夹") as refused:
            save(office, tmp_path / "备份.db")
        assert "pg_dump" in refused.value.sentence
        assert not list(tmp_path.glob("备份*"))
        assert health.check_all(office.bureau) == []
        place(office.bureau.files_dir, "批复.pdf").unlink()
        (said,) = health.check_all(office.bureau)
        assert "批复.pdf" in said
    finally:
        office.close()
        server.drop_database(name)
