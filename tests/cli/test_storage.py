"""A database that cannot be used as it is: one Chinese sentence, nothing lost.

What the tables do is held by ``tests/models``; here is what a person meets at the command line.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from helpers.command_line import CASE, CommandLine
from helpers.desk import OFFICER
from helpers.offices import open_at
from helpers.old_databases import KEPT, carry_to_server
from helpers.postgres import PostgresServer
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import place
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.upgrades import STEPS
from zhixing_desktop.services import file_store, rules
from zhixing_desktop.services.people import find_person
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD

HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
"""
SMALL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from zhixing_desktop.cli import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture
def kept(cli: CommandLine) -> CommandLine:
    """A database with one case that was filed."""
    cli.bureau()
    cli.case()
    cli.ok("fact", "add", CASE, "立案", "--at", "2024-03-01T08:30")
    return cli


def test_another_program_writes(kept: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept.counts()
    busy_at_once(monkeypatch)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(kept.file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        said = kept.refused("fact", "add", CASE, "收案")
        assert "另一个程序正在写数据库" in said
        assert "再试一次" in said
        assert kept.counts() == before  # looking is still possible
        other.communicate("\n", timeout=20)
    kept.ok("fact", "add", CASE, "收案")
    assert kept.ok("check") == "没有发现问题。\n"


def busy_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait five seconds for a lock that will not be given."""
    from zhixing_desktop.models.database import Database

    real = Database.open.__func__  # type: ignore[attr-defined]

    def quick(cls: type[Database], url: str, **options: object) -> Database:
        opened: Database = real(cls, url, **{**options, "busy_ms": 50})
        return opened

    monkeypatch.setattr(Database, "open", classmethod(quick))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="rights are different there")
def test_a_file_that_may_only_be_read(kept: CommandLine, open_folder: Path) -> None:
    copy = open_folder / "只读.db"
    kept.ok("backup", copy)
    copy.chmod(0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        said = kept.use(copy).refused("fact", "add", CASE, "收案")
    finally:
        if root:
            os.seteuid(0)
    assert "只读" in said
    assert "写入权限" in said


def test_a_network_drive(kept: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\n//server/share {kept.folder} cifs rw 0 0\n"
    monkeypatch.setattr(place, "_mounts", lambda: mounts)
    assert "不能放在网络盘上" in kept.refused("case", "list")


def test_a_torn_file(kept: CommandLine) -> None:
    whole = kept.file.read_bytes()
    torn = kept.folder / "坏.db"
    torn.write_bytes(whole[: len(whole) // 2])
    kept.use(torn)
    for words in (("case", "list"), ("fact", "add", CASE, "收案"), ("check",)):
        assert "备份恢复" in kept.refused(*words)
    assert torn.read_bytes() == whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "请先建立"), ("案号\n".encode() * 300, "不是数据库"), (None, "找不到数据库")],
)
def test_what_is_no_database(cli: CommandLine, content: bytes | None, sentence: str) -> None:
    path = cli.folder / "别的.db"
    if content is not None:
        path.write_bytes(content)
    cli.use(path)
    for words in (("case", "list"), ("sweep",), ("journal", "verify"), ("export", "x.xlsx")):
        assert sentence in cli.refused(*words)
    assert (path.read_bytes() if path.exists() else None) == content


def test_a_newer_database(kept: CommandLine) -> None:
    with sqlite3.connect(kept.file) as raw:
        raw.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    raw.close()
    said = kept.refused("case", "list")
    assert "更新版本" in said
    assert "请先升级" in said


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of size for a process")
def test_a_full_disk(kept: CommandLine, clean_environment: dict[str, str]) -> None:
    before = kept.json("case", "show", CASE)
    # Room for what is there, none for the log that a step needs.
    limit = str(4096)
    words = ["fact", "add", CASE, "收案"]
    run = subprocess.run(
        [sys.executable, "-c", SMALL, limit, *words],
        env={
            **clean_environment,
            "ZHIXING_DATABASE": str(kept.file),
            "ZHIXING_NOW": "2024-03-01T09:00",
            "ZHIXING_USER": OFFICER,
            "ZHIXING_PASSWORD": SAMPLE_PASSWORD,
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 1, run.stderr
    assert "Traceback" not in run.stderr
    assert "没有保存" in run.stderr
    assert kept.json("case", "show", CASE) == before
    kept.ok(*words)
    assert kept.ok("check") == "没有发现问题。\n"


def test_a_clock_that_was_set_back(kept: CommandLine) -> None:
    kept.at("2024-03-01T10:00")
    kept.ok("fact", "add", CASE, "收案")
    before = kept.counts()
    said = kept.at("2024-03-01T09:00").refused(
        "case", "assign", CASE, "孙承办", "--reason", "调离执行局"
    )
    assert "时钟被调回过" in said
    assert "2024-03-01 10:00:00" in said
    assert kept.counts() == before


def test_a_test_clock_on_a_bureaus_database(cli: CommandLine) -> None:
    real = cli.folder / "真.db"
    cli.use(real).real_time()
    started = ("--court", "山阳区人民法院", "--admin", "何管理", "--security", "安保员")
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", "Guan-li-2024")
    cli.ok("init", *started)
    cli.by("何管理")
    assert cli.ok("people", "list")
    cli.at("2024-03-01T09:00")
    for words in (
        ("case", "list"),
        ("sweep",),
        ("fact", "add", CASE, "立案"),
        ("export", "x.xlsx"),
    ):
        assert "不接受测试时钟" in cli.refused(*words)
    cli.real_time()
    assert "不接受测试时钟" in cli.refused("case", "list", "--now", "2024-03-01T09:00")
    assert cli.ok("people", "list")
    cli.at("2024-03-01T09:00").use(cli.folder / "新.db")
    assert "不接受测试时钟" in cli.refused("init")
    assert "用途" in cli.use(real).real_time().refused("init", "--purpose", "test")


def test_a_test_clock_may_be_given_both_ways(kept: CommandLine) -> None:
    later = "2024-03-01T09:30:00"
    assert kept.json("sweep", "--now", later)["at"] == later
    assert "形如" in kept.refused("sweep", "--now", "halb zehn", code=2)
    kept.at("2024-02-30T09:30")
    assert "没有30日" in kept.refused("sweep", code=2)


# ---------------------------------------------------------------------------- backup and restore


def test_backup_and_restore(kept: CommandLine) -> None:
    before = kept.counts()
    copy, back = kept.folder / "备份.db", kept.folder / "恢复.db"
    assert str(copy) in kept.ok("backup", copy)
    assert "已经存在" in kept.refused("backup", copy)
    kept.refused("backup", kept.folder / "没有" / "备份.db")
    assert str(back) in kept.ok("restore", copy, back)
    assert kept.use(back).counts() == before


def test_a_backup_without_its_scans(kept: CommandLine) -> None:
    url, clock = f"sqlite:///{kept.file}", FixedClock(datetime(2024, 3, 1, 9))
    bureau = open_at(url, clock)
    data = b"%PDF-1.7 %%EOF"
    file_store.keep_scan(bureau, data, [])
    chief = find_person(bureau, "李局长").actor()
    with (
        bureau.database.writing() as conn,
        Recorder(conn, at=clock.now(), actor="李局长", action="file.add", workstation="") as record,
    ):
        file_store.enter_file(conn, record, bureau, chief, "批复.pdf", data)
    bureau.close()
    copy, back = kept.folder / "备份.db", kept.folder / "恢复.db"
    assert "文书、扫描件1个" in kept.ok("backup", copy)
    shutil.rmtree(f"{copy}.files")
    said = kept.refused("restore", copy, back)
    assert "批复.pdf" in said
    assert "--partial" in said
    assert not back.exists()
    found = kept.run("restore", copy, back, "--partial")
    assert found.code == 1
    assert "缺少：批复.pdf" in found.out
    assert "登记的1个文件一个也找不到" in kept.use(back).run("check").out


def test_an_old_database_on_a_server_is_upgraded_by_command(
    cli: CommandLine, postgres_server: PostgresServer
) -> None:
    name = postgres_server.create_database()
    url = postgres_server.url(name)
    carry_to_server(KEPT[0], url, cli.folder)
    cli.use(url).at("2026-11-25T09:00")
    for words in (("case", "list"), ("upgrade",)):
        assert "zhixing upgrade --saved" in cli.refused(*words)
    assert f"第{len(STEPS)}版" in cli.ok("upgrade", "--saved")
    assert "首次启动" in cli.refused("case", "list")
    postgres_server.drop_database(name)


# --------------------------------------------------------------------------------- the rulebook


FAULTS = {
    "missing": lambda folder: (folder / "nodes-3-start.yaml").unlink(),
    "no yaml": lambda folder: some(folder).write_text("a: [1\n", "utf-8"),
    "other characters": lambda folder: some(folder).write_bytes("节点".encode("gbk")),
    "nothing in it": lambda folder: some(folder).write_text("", "utf-8"),
    "another period": lambda folder: change(folder, "amount: ", "amount: 1"),
    "another quote": lambda folder: change(folder, "quote: ", "quote: 本不是指引的话"),
}


def some(folder: Path) -> Path:
    """A file of the rulebook with nodes in it."""
    return next(
        path for path in sorted(folder.glob("*.yaml")) if "time_limits" in path.read_text("utf-8")
    )


def change(folder: Path, old: str, new: str) -> None:
    path = some(folder)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def damaged(folder: Path, fault: str) -> Path:
    """A copy of the program's files with one fault in the rulebook."""
    from zhixing_desktop import paths

    copy = folder / "resources"
    shutil.copytree(paths.resources_dir(), copy, ignore=shutil.ignore_patterns("samples", "icons"))
    FAULTS[fault](copy / "rulebook")
    return copy


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rulebook_with_a_fault(
    kept: CommandLine, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """A bureau goes on by the rulebook that it has adopted and keeps; the faulty one is refused."""
    before = kept.counts()
    shown = kept.json("rulebook", "show")
    limit = ("limit", "7-a", "--from", "2024-02-07")
    due = kept.ok(*limit)
    copy = damaged(kept.folder, fault)
    with monkeypatch.context() as patch:
        patch.setattr(rules, "load_rulebook", load_rulebook)
        for module in ("session", "bureau_commands"):
            patch.setattr(f"zhixing_desktop.cli.{module}.resources_dir", lambda: copy)
        for words in (("rulebook", "compare"), ("rulebook", "adopt", "--reason", "新的规则")):
            kept.refused(*words, "--by", "赵院长")
        assert kept.json("rulebook", "show") == shown
        assert kept.ok(*limit) == due
        kept.ok("sweep")
        new = ("--database", kept.folder / "new.db")
        kept.refused("init", "--purpose", "test", *new)
        kept.refused(*limit, *new)
    assert kept.counts() == before


load_rulebook = rules.load_rulebook


def test_the_programs_files_are_gone(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhixing_desktop.paths._program_dir", lambda: cli.folder)
    assert "重新复制" in cli.refused("rulebook", "show")
