"""Somebody who wants in and may not: real processes, real files, the database in his hands."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select, update

from helpers.bureau import AUDITOR, CHIEF, CLERK, OFFICER, OTHER_OFFICER, Office
from helpers.command_line import ADMIN, CASE, CommandLine, without_settings
from helpers.founding import ADMIN_PASSWORD
from helpers.offices import journal, make_office
from helpers.rows import recorder, tamper
from zhixing_desktop import paths
from zhixing_desktop.cli.main import build_parser
from zhixing_desktop.exchange.case_list import write_case_list
from zhixing_desktop.models import health as models_health
from zhixing_desktop.models import tables
from zhixing_desktop.models.tables import JOURNALLED
from zhixing_desktop.services import (
    account_check,
    accounts,
    alerts,
    bureau_settings,
    calendar,
    deputies,
    drafts,
    health,
    journal_chain,
    people,
    sample_names,
    work,
)
from zhixing_desktop.services.calendar import DaysChange
from zhixing_desktop.services.rules import load_rules
from zhixing_desktop.services.sample import sample_list
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD, give_accounts, sample_people
from zhixing_desktop.workflow.errors import NotAllowedError, RuleRefusedError
from zhixing_desktop.workflow.views import Key

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
GUESSES = 1000
SECURITY_ADMIN = "邢安全"


# --- the program as a process of its own


class Desk:
    """A workstation of its own: its settings folder, its environment, the real program."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ZHIXING_")}
        self.environment = {**kept, "ZHIXING_HOME": str(self.home), "PYTHONPATH": str(ROOT)}

    def run(self, *words: object, **variables: object) -> subprocess.CompletedProcess[str]:
        """Run ``zhixing``; ``user``, ``password``, ``database``, ``now`` go by the environment."""
        named = {f"ZHIXING_{name.upper()}": str(value) for name, value in variables.items()}
        return subprocess.run(
            [sys.executable, "-m", "zhixing_desktop", *map(str, words)],
            env=self.environment | named,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def refused(self, *words: object, **variables: object) -> str:
        found = self.run(*words, **variables)
        assert found.returncode == 1, found.stdout + found.stderr
        assert found.stdout == ""
        assert "Traceback" not in found.stderr
        return found.stderr

    def settings(self, **content: object) -> None:
        """Edit the workstation's settings file by hand."""
        text = json.dumps(content, ensure_ascii=False)
        (self.home / "settings.json").write_text(text, "utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def made(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> CommandLine:
    """A bureau with its people, who all have accounts, and one case."""
    without_settings(monkeypatch, tmp_path)
    cli = CommandLine(capsys, monkeypatch, tmp_path)
    cli.bureau()
    cli.case()
    return cli


def rows_of(file: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as raw:
        return raw.execute(question).fetchall()


# --- guessing


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    office = make_office(database_url)
    give_accounts(office.bureau)
    yield office
    office.close()


def test_a_thousand_guesses_a_minute_apart_are_few_tries_and_all_told(office: Office) -> None:
    """Patience does not help: the lock comes again, and the right word does not open it."""
    bureau, begin = office.bureau, office.clock.now()
    kinds: dict[str, int] = {}
    for number in range(GUESSES):
        office.at(begin + timedelta(minutes=number))
        with pytest.raises(RuleRefusedError) as refused:
            accounts.sign_in(bureau, OFFICER, f"Geraten-{number}")
        kind = str(refused.value.data["kind"])
        kinds[kind] = kinds.get(kind, 0) + 1
        if kind == "locked":
            assert number == 5 or office.clock.now() < refused.value.data["until"]
    # Five tries, then half an hour: not one in six is even compared.
    assert kinds["wrong"] + kinds["locked"] == GUESSES
    assert kinds["wrong"] <= GUESSES // 6
    told = [action for action, _ in journal(bureau)]
    assert told.count("account.failure") + told.count("account.refused") == GUESSES
    office.at(begin + timedelta(minutes=GUESSES + 31))
    signed = accounts.sign_in(bureau, OFFICER, SAMPLE_PASSWORD)
    assert f"{kinds['wrong']}次输错密码" in signed.words()
    assert journal_chain.verify(bureau, office.actor(AUDITOR)).ok


def test_guessing_at_the_real_door(made: CommandLine, desk: Desk) -> None:
    at: dict[str, object] = {"database": made.file, "now": "2024-03-01T10:00"}
    said = [
        desk.refused("case", "list", user=OFFICER, password=f"Geraten-{number}", **at)
        for number in range(6)
    ]
    assert all("登录名或者密码不对" in words for words in said[:5])
    assert "已锁定" in said[5]
    # Now the right one, too; and nobody of that name is told the same as a wrong password.
    assert "已锁定" in desk.refused(
        "case", "list", user=OFFICER, password=SAMPLE_PASSWORD,
        database=made.file, now="2024-03-01T10:01",
    )  # fmt: skip
    nobody = desk.refused(
        "case", "list", user="无此人", password="x", database=made.file, now="2024-03-01T10:01"
    )
    assert nobody == said[0]
    counted = rows_of(made.file, "SELECT action FROM journal")
    assert [a for (a,) in counted].count("account.failure") == 6
    assert [a for (a,) in counted].count("account.lock") == 1


# --- files of the workstation and of the database


def test_an_edited_settings_file_gives_no_right(made: CommandLine, desk: Desk) -> None:
    desk.settings(
        database_url=f"sqlite:///{made.file}", last_user=ADMIN, user=ADMIN, roles=["院长"],
        password="", must_change=False, signed_in=True, purpose="test", **{
            "security.lock_failures": 1000, "security.min_length": 1, "hashing.time": 1,
        },
    )  # fmt: skip
    now = "2024-03-01T10:00"
    assert "没有说明由谁办理" in desk.refused("case", "list", now=now)
    assert "没有密码" in desk.refused("people", "list", user=ADMIN, now=now)
    wrong = [desk.refused("people", "list", user=ADMIN, password="x", now=now) for _ in range(6)]
    assert "已锁定" in wrong[-1]
    # With his own account he may what he could before, whatever the file says he is.
    mine: dict[str, object] = {"user": OFFICER, "password": SAMPLE_PASSWORD, "now": now}
    assert desk.run("case", "list", **mine).returncode == 0
    assert "权限表" in desk.refused("backup", "x.db", **mine)
    shown = rows_of(made.file, "SELECT key FROM settings_edits")
    assert shown == []


def test_a_settings_file_that_leads_to_another_database_opens_only_that_one(
    made: CommandLine, desk: Desk, tmp_path: Path
) -> None:
    """His own bureau, where he is everything, says nothing about ours."""
    own = tmp_path / "自己的.db"
    variables: dict[str, object] = {"database": own, "password": "Ganz-mein-24"}
    first = ("--court", "某法院", "--admin", "甲某", "--security", "乙某")
    assert desk.run("init", *first, **variables).returncode == 0
    desk.settings(database_url=f"sqlite:///{own}")
    assert desk.run("people", "list", user="甲某", password="Ganz-mein-24").returncode == 0
    before = made.file.read_bytes()
    said = desk.refused(
        "people", "list", user="甲某", password="Ganz-mein-24",
        database=made.file, now="2024-03-01T10:00",
    )  # fmt: skip
    assert "登录名或者密码不对" in said
    assert rows_of(made.file, "SELECT count(*) FROM staff WHERE name = '甲某'") == [(0,)]
    assert before != b""


def test_a_copied_database_asks_for_the_password_and_ours_knows_nothing_of_it(
    made: CommandLine, desk: Desk, tmp_path: Path
) -> None:
    stolen = tmp_path / "别处" / "局.db"
    stolen.parent.mkdir()
    for ending in ("", "-wal", "-shm"):
        if (part := made.file.with_name(made.file.name + ending)).exists():
            shutil.copy(part, stolen.with_name(stolen.name + ending))
    ours = rows_of(made.file, "SELECT id, hash FROM journal ORDER BY id")
    there: dict[str, object] = {"database": stolen, "now": "2024-03-01T10:00"}
    assert "没有说明由谁办理" in desk.refused("case", "list", **there)
    assert "不对" in desk.refused("case", "list", user=OFFICER, password="x", **there)
    # No hash tells its word, and none is in the journal.
    hashes = [row[0] for row in rows_of(stolen, "SELECT password_hash FROM accounts")]
    assert all(entry.startswith("$argon2id$") for entry in hashes)
    assert len(set(hashes)) == len(hashes)  # though everybody has the same
    told = "".join(row[0] for row in rows_of(stolen, "SELECT payload FROM journal"))
    assert not any(entry.rpartition("$")[2] in told for entry in hashes)
    # What he does there stays there.
    with closing(sqlite3.connect(stolen)) as raw:
        raw.execute("UPDATE staff SET roles = '[\"院长\"]' WHERE name = ?", (OFFICER,))
        raw.commit()
    assert rows_of(made.file, "SELECT id, hash FROM journal ORDER BY id") == ours
    assert made.at("2024-03-01T10:05").by(ADMIN).ok("check") == "没有发现问题。\n"


# --- the tables


def every_table(office: Office) -> None:
    """Have something in each journalled table."""
    bureau, chief = office.bureau, office.actor(CHIEF)
    case = office.register(1)
    for node in (1, 2):
        office.fill(case, node)
    office.at("2024-03-04T09:00").sweep()
    filer = office.actor("吴立案")
    why = "系统故障未能当日提起，现已恢复"
    work.request_approval(bureau, filer, case, Key(3, "case"), "unfreeze", why)
    heard = alerts.alerts_for(bureau, filer) or alerts.alerts_for(bureau, chief)
    reader = filer if alerts.alerts_for(bureau, filer) else chief
    alerts.mark_read(bureau, reader, [heard[0].id])
    today = office.clock.now().date()
    deputies.name_deputy(bureau, chief, CHIEF, "王院长", "执行局长", today, today, "委托书1号")
    day = today + timedelta(days=60)
    change = DaysChange(day, day, "rest", "院庆", "本院建院纪念日放假", "院发1号")
    calendar.save(bureau, office.actor("郑审管"), change)
    security = office.actor(SECURITY_ADMIN)
    bureau_settings.change_setting(bureau, security, "security.history", 6, "院里通知")
    row = {
        "digest": "0" * 64, "algorithm": "sha256", "name": "批复.pdf", "bytes": 9,
        "media_type": "application/pdf", "added_by": CHIEF, "added_at": office.clock.now(),
    }  # fmt: skip
    now = office.clock.now()
    paper = {
        "id": 1, "case_id": case, "form": "execution-notice", "name": "执行通知书", "node": 7,
        "state": "draft", "asked": {}, "enclosed": [], "made_by": OFFICER, "made_at": now,
    }  # fmt: skip
    service = {
        "id": 1, "paper_id": 1, "case_id": case, "recipient": "乙", "way": "direct",
        "result": "received", "entered_by": OFFICER, "entered_at": now,
    }  # fmt: skip
    template = {
        "id": 1, "form": "07-enforcement-notice", "digest": "0" * 64, "name": "通知.docx",
        "fields": [], "effective_on": today, "who": CHIEF, "at": now, "reason": "本院样式",
    }  # fmt: skip
    with bureau.database.writing() as conn, recorder(conn, at=now) as step:
        step.insert(tables.files, row)
        step.insert(tables.paper_templates, template)
        step.insert(tables.papers, paper)
        step.insert(tables.services_of_papers, service)
        for table, filed in _filed(case, now).items():
            step.insert(tables.METADATA.tables[table], {"id": 1, **filed})


def _filed(case: int, now: datetime) -> Mapping[str, Mapping[str, Any]]:
    """A row of each table of the dossier."""
    digest, who = "0" * 64, {"who": CLERK, "at": now}
    of_case = {"case_id": case, "side": "main"}
    volume = {**of_case, "volume": 1}
    return {
        "dossier_items": {
            **of_case, "place": 8, "position": 1, "name": "执行通知书", "source": "made",
            "state": "filed", "current": 1, "pages": 1, "filed_by": CLERK, "filed_at": now,
        },
        "dossier_versions": {
            "item_id": 1, "number": 1, "originals": [digest], "cuts": [[0, 0, 0]], "pdf": digest,
            "pages": 1, "corners": [], "notes": [], "made_by": CLERK, "made_at": now,
        },
        "dossier_tray": {
            "digest": digest, "cuts": [[0, 0, 0]], "name": "扫描.pdf", "source": "folder",
            "pages": 1, "state": "waiting", "arrived_by": CLERK, "arrived_at": now,
        },
        "dossier_volumes": {
            **of_case, "number": 1, "state": "bound", "pages": 1, "layout": [], "front": {},
            "holder": CLERK,
        },
        "dossier_moves": {
            "volume_id": 1, "kind": "handed", "from_holder": CLERK, "to_holder": OFFICER, **who,
        },
        "dossier_prints": {**volume, "kind": "volume", "pages": [], **who},
        "dossier_proofs": {
            **volume, "scan": digest, "expected": [], "scanned": 0, "findings": [], "same": False,
            "measure": {}, **who,
        },
        "dossier_copies": {
            "case_id": case, "recipient": "乙", "basis": "申请查阅", "content": [], "masked": [],
            "pages": 1, "digest": digest, **who,
        },
        "archive_packages": {
            "case_id": case, "state": "made", "name": "卷.zip", "digest": digest, "content": [],
            "bytes": 9, "points": [], "made_by": CLERK, "made_at": now,
        },
    }  # fmt: skip


_EDITS: Mapping[str, tuple[str, str]] = {
    "staff": ("roles", "'[\"院长\"]'"),
    "cases": ("amount", "1"),
    "facts": ("entered_by", "'李局长'"),
    "instances": ("state", "'not_applicable'"),
    "agenda": ("recipients", "'[]'"),
    "alerts": ("sentence", "'已办结'"),
    "alert_reads": ("read_at", "'2020-01-01T00:00:00'"),
    "approvals": ("status", "'granted'"),
    "waiting": ("due_roles", "'承办人'"),
    "deputies": ("until_on", "'2099-12-31'"),
    "files": ("name", "'另一份.pdf'"),
    "calendar_edits": ("kind", "'work'"),
    "settings_edits": ("value", "'1'"),
    "rulebooks": ("adopted_by", "'赵院长'"),
    "papers": ("state", "'issued'"),
    "paper_templates": ("digest", "''"),
    "services_of_papers": ("arrived_on", "'2020-01-01'"),
    "dossier_items": ("side", "'side'"),
    "dossier_versions": ("pdf", "''"),
    "dossier_tray": ("state", "'aside'"),
    "dossier_volumes": ("holder", "'李局长'"),
    "dossier_moves": ("to_holder", "'李局长'"),
    "dossier_prints": ("pages", "'[[1,0,1,1,1]]'"),
    "dossier_proofs": ("scanned", "9"),
    "dossier_copies": ("recipient", "'甲'"),
    "archive_packages": ("state", "'received'"),
}
"""One edit that would be of use to somebody, by table."""


def first_key(office: Office, table: Table) -> dict[str, Any]:
    keys = list(table.primary_key.columns)
    with office.bureau.database.reading() as conn:
        row = conn.execute(select(*keys).order_by(*keys)).first()
    assert row is not None, table.name
    return dict(row._mapping)


def _stored(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def where(key: Mapping[str, Any]) -> str:
    parts = []
    for name, value in key.items():
        text = _stored(value)
        parts.append(f"{name} = {text!r}" if isinstance(text, str) else f"{name} = {text}")
    return " AND ".join(parts)


def test_an_edit_of_any_table_is_found_and_names_table_and_row(office: Office) -> None:
    """As the owner of the database, who can drop triggers; one table after the other."""
    every_table(office)
    database = office.bureau.database
    assert {table.name for table in JOURNALLED} == set(_EDITS)
    # The file of the row that was written by hand lies nowhere, and neither does its folder.
    files = ("批复.pdf", "数据文件夹")
    kept = [p for p in health.check_all(office.bureau) if not any(word in p for word in files)]
    assert kept == []
    wanted: list[str] = []
    for table in JOURNALLED:
        column, value = _EDITS[table.name]
        key = first_key(office, table)
        shown = "、".join(str(_stored(entry)) for entry in key.values())
        wanted.append(f"表 {table.name} 的行 {shown}：{column} ")
        tamper(database, f"UPDATE {table.name} SET {column} = {value} WHERE {where(key)}")  # noqa: S608
    # Each is named, none hides another.
    found = _differences(office)
    assert [begin for begin in wanted if not any(said.startswith(begin) for said in found)] == []


def _differences(office: Office) -> list[str]:
    return [said for said in models_health.check(office.bureau.database) if "触发器" not in said]


def test_rows_put_in_and_taken_out_are_found(office: Office) -> None:
    every_table(office)
    database = office.bureau.database
    tamper(database, "DELETE FROM alert_reads", "DELETE FROM waiting")
    tamper(
        database,
        "INSERT INTO staff (name, initials, roles, team, active, version) "
        "VALUES ('混入者', 'hrz', '[\"院长\"]', '', true, 1)",
    )
    found = _differences(office)
    assert any("表 waiting" in said and "表中没有" in said for said in found)
    assert any("表 alert_reads" in said and "表中没有" in said for said in found)
    assert any("表 staff" in said and "日志里没有" in said for said in found)
    # The chain itself is whole: it is the tables that lie.
    assert journal_chain.verify(office.bureau, office.actor(AUDITOR)).ok


def test_accounts_edited_past_the_program_are_found(office: Office) -> None:
    account = tables.accounts
    officer = people.find_person(office.bureau, OFFICER).id
    with office.bureau.database.reading() as conn:
        known = conn.execute(
            select(account.c.password_hash).where(account.c.staff_id != officer)
        ).scalars().first()  # fmt: skip
    assert account_check.account_problems(office.bureau) == []
    with office.bureau.database.writing() as conn:
        # Somebody else's hash, whose word he knows.
        conn.execute(
            update(account).where(account.c.staff_id == officer).values(password_hash=known)
        )
    assert accounts.sign_in(office.bureau, OFFICER, SAMPLE_PASSWORD).actor.name == OFFICER
    (said,) = [p for p in health.check_all(office.bureau) if "账号" in p]
    assert said.startswith(f"{OFFICER}的账号")


def test_a_role_written_into_the_table_is_found_by_the_command(
    made: CommandLine, desk: Desk
) -> None:
    with closing(sqlite3.connect(made.file)) as raw:
        raw.execute("UPDATE staff SET roles = '[\"院长\"]' WHERE name = ?", (OFFICER,))
        raw.commit()
    found = desk.run(
        "check", user=ADMIN, password=SAMPLE_PASSWORD, database=made.file, now="2024-03-01T10:00"
    )
    assert found.returncode == 1
    assert "表 staff 的行 1：roles " in found.stdout
    assert "院长" in found.stdout


def test_who_wrote_himself_a_role_does_not_get_in_by_any_door(
    made: CommandLine, desk: Desk
) -> None:
    mine: dict[str, object] = {
        "user": OFFICER, "password": SAMPLE_PASSWORD, "database": made.file,
        "now": "2024-03-01T10:00",
    }  # fmt: skip
    assert desk.run("case", "list", **mine).returncode == 0
    with closing(sqlite3.connect(made.file)) as raw:
        raw.execute("UPDATE staff SET roles = '[\"院长\"]' WHERE name = ?", (OFFICER,))
        raw.commit()
    said = desk.refused("case", "list", **mine)
    assert "角色与日志记载的不一致" in said
    assert "绕过程序" in said
    assert "检查数据库" in said
    refused = rows_of(made.file, "SELECT payload FROM journal WHERE action = 'account.refused'")
    assert '"why":"row_changed"' in refused[-1][0].replace(" ", "")


def test_an_edited_journal_is_named_by_the_command(made: CommandLine, desk: Desk) -> None:
    with closing(sqlite3.connect(made.file)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE journal SET actor = '李局长' WHERE id = 3")
        raw.commit()
    auditor: dict[str, object] = {
        "user": "贺审计", "password": SAMPLE_PASSWORD, "database": made.file,
        "now": "2024-03-01T10:00",
    }  # fmt: skip
    found = desk.run("journal", "verify", **auditor)
    assert found.returncode == 1
    assert "第 3 条" in found.stdout


# --- without an account


NOT_OF_A_BUREAU = {
    "sweep": "what time alone brings",
    "init": "makes a database; refused where there are accounts",
    "restore": "asks by the accounts of the backup, which it reads first",
    "import-template": "an empty form",
    "rulebook coverage": "the program's own rulebook",
    "authority show": "the program's own matrix",
    "authority check": "the program's own matrix",
    "sample": "made-up cases",
    "demo": "made-up cases",
    "dossier verify": "a package that somebody holds in his hand",
}
"""Commands that say nothing of a bureau's people and cases, and why."""


def leaves(
    parser: Any, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Yield every command of the parser."""
    fill, parser._fill = parser._fill, None
    if fill is not None:
        fill()
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not groups:
        yield path, parser
        return
    for name, under in groups[0].choices.items():
        yield from leaves(under, (*path, name))


def words_of(path: Sequence[str], parser: argparse.ArgumentParser) -> list[str]:
    """Return a command with as much as it needs to be taken seriously."""
    words = list(path)
    for action in parser._actions:
        if action.option_strings and action.required:
            words += [action.option_strings[0], _value(action)]
        elif not action.option_strings and action.nargs not in ("*", "?"):
            words.append(_value(action))
    return words


def _value(action: argparse.Action) -> str:
    if action.choices:
        return str(next(iter(action.choices)))
    known = {
        "case": CASE, "case_no": "（2024）豫0811执7号", "node": "3", "day": "2024-05-01",
        "on": "2024-03-01", "until": "2024-05-01", "first": "2024-03-01", "last": "2024-03-02",
        "start": "2024-03-01", "year": "2024", "person": OFFICER, "id": "1", "event": "收案",
        "payment": "payment/1", "file": "x.xlsx", "key": "court.name", "act": "case.view",
    }  # fmt: skip
    return known.get(action.dest, "1" if action.type is int else "甲")


_MORE: Mapping[str, Sequence[str]] = {
    "journal export": ("--bundle", "journal.zip"),
    "dossier file": ("--paper-pages", "1"),
}
_WHO = ("没有说明由谁办理", "登录名或者密码不对")
OTHER = "无此人"
COMMANDS = {" ".join(path): words_of(path, parser) for path, parser in leaves(build_parser())}


def test_the_excused_commands_exist() -> None:
    assert set(NOT_OF_A_BUREAU) <= set(COMMANDS)
    assert len(COMMANDS) > 60


def test_without_an_account_no_command_says_or_does_anything(made: CommandLine) -> None:
    """Every command there is, out of the parser: a new one is held without being listed here."""
    made.monkeypatch.chdir(made.folder)
    sample = paths.resources_dir() / "samples" / "示例案件清单.xlsx"
    shutil.copy(sample, made.folder / "x.xlsx")
    before, files = made.counts(), {path.name for path in made.folder.iterdir()}
    made.monkeypatch.setenv("ZHIXING_NEW_PASSWORD", "Ganz-neu-2024")
    wrong: dict[str, str] = {}
    for number, command in enumerate(sorted(set(COMMANDS) - set(NOT_OF_A_BUREAU))):
        words = [*COMMANDS[command], *_MORE.get(command, ())]
        made.by("")
        made.monkeypatch.delenv("ZHIXING_PASSWORD", raising=False)
        nobody = made.run(*words)
        made.monkeypatch.setenv("ZHIXING_PASSWORD", "geraten-2024")
        guessed = made.run(*words, "--by", f"{OTHER}{number}")  # one alone would be locked
        silent = nobody.out == guessed.out == "" and nobody.code == guessed.code == 1
        if not (silent and _WHO[0] in nobody.err and _WHO[1] in guessed.err):
            wrong[command] = nobody.out + nobody.err + guessed.out + guessed.err
    assert set(wrong) == {"calendar import"}, wrong  # it reads its file first, and says what of it
    assert "x.xlsx" in wrong["calendar import"]
    assert made.counts() == before
    new = {path.name for path in made.folder.iterdir()} - files
    assert {name for name in new if not name.endswith(("-wal", "-shm"))} <= {"home"}


def test_a_backup_is_put_back_by_an_administrator_of_it(made: CommandLine, desk: Desk) -> None:
    at: dict[str, object] = {"now": "2024-03-01T10:00"}
    copy, back = made.folder / "备份.db", made.folder / "恢复.db"
    made.at("2024-03-01T10:00").by(ADMIN).ok("backup", copy)
    assert "没有说明由谁办理" in desk.refused("restore", copy, back, **at)
    mine = {"user": OFFICER, "password": SAMPLE_PASSWORD, **at}
    assert "应由系统管理员办理（权限表M-89" in desk.refused("restore", copy, back, **mine)
    for who in (ADMIN, "无此人"):
        guess = {"user": who, "password": "geraten-2024", **at}
        assert desk.refused("restore", copy, back, **guess) == "登录名或者密码不对。\n"
    admin = {"user": ADMIN, "password": SAMPLE_PASSWORD, **at}
    why = ("--without-sign-in", "管理员都不在")
    assert f"可以登录办理的系统管理员：{ADMIN}" in desk.refused("restore", copy, back, *why, **mine)
    assert not back.exists()
    assert not back.with_name(f"{back.name}.files").exists()
    assert desk.run("restore", copy, back, **admin).returncode == 0
    question = "SELECT actor, payload FROM journal WHERE action = 'backup.restore'"
    ((actor, told),) = rows_of(back, question)
    assert actor == ADMIN
    assert "备份.db" in told
    # Where nobody could sign in, it is done with a reason that stands in the journal.
    nobody, again = made.folder / "无人.db", made.folder / "再恢复.db"
    shutil.copy(copy, nobody)
    with closing(sqlite3.connect(nobody)) as raw:
        raw.execute("UPDATE accounts SET disabled = 1")
        raw.commit()
        raw.execute("PRAGMA journal_mode = DELETE")
    assert "已停用" in desk.refused("restore", nobody, again, **admin)
    assert "理由" in desk.refused("restore", nobody, again, "--without-sign-in", "急", **admin)
    assert desk.run("restore", nobody, again, *why, **at).returncode == 0
    ((actor, told),) = rows_of(again, question)
    assert (actor, "管理员都不在" in told) == ("未登录", True)


# --- what belongs to others


def test_another_users_draft_is_out_of_reach(office: Office) -> None:
    case = office.register(1)
    key = Key(1, "case")
    mine, other = office.actor(OFFICER), office.actor(OTHER_OFFICER)
    drafts.save_draft(office.bureau, mine, case, key, {"words": "还没有想好"})
    assert drafts.load_draft(office.bureau, other, case, key) is None
    drafts.drop_draft(office.bureau, other, case, key)
    drafts.save_draft(office.bureau, other, case, key, {"words": "别人的"})
    kept = drafts.load_draft(office.bureau, mine, case, key)
    assert kept is not None
    assert kept.body == {"words": "还没有想好"}
    # Nor by calling himself by the other's name: the number is looked up, and its holder asked.
    with pytest.raises(NotAllowedError):
        drafts.load_draft(office.bureau, replace(other, name=OFFICER), case, key)
    # 三员 have none: they would be told of cases by them.
    with pytest.raises(NotAllowedError):
        drafts.load_draft(office.bureau, office.actor("何管理"), case, key)


def test_a_real_bureau_refuses_another_time(desk: Desk, tmp_path: Path) -> None:
    """Whoever could turn the clock could undo a freeze."""
    real = tmp_path / "真.db"
    opened: dict[str, object] = {"database": real, "password": ADMIN_PASSWORD, "user": "何管理"}
    first = ("--court", "山阳区人民法院", "--admin", "何管理", "--security", "安保员")
    assert desk.run("init", *first, **opened).returncode == 0
    before = rows_of(real, "SELECT id, hash FROM journal")
    for words in (("people", "list"), ("sweep",), ("check",)):
        assert "不接受测试时钟" in desk.refused(*words, now="2024-03-01T09:00", **opened)
        assert "不接受测试时钟" in desk.refused(*words, "--now", "2024-03-01T09:00", **opened)
    assert rows_of(real, "SELECT id, hash FROM journal") == before
    assert desk.run("people", "list", **opened).returncode == 0


def test_a_list_that_claims_decisions_by_the_wrong_person_is_refused_row_by_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_settings(monkeypatch, tmp_path)
    cli = CommandLine(capsys, monkeypatch, tmp_path)
    staff = [(name, roles[0]) for name, roles, _ in sample_people()]
    cli.bureau(now="2025-09-01T09:00", people=[(n, r) for n, r in staff if n != "甲"])
    cases, parties, events = sample_list(load_rules(paths.resources_dir()), cases=8)
    officer = {row.case_no: row.officer for row in cases}
    wrong: dict[int, str] = {}
    for place, row in enumerate(events):
        if row.what in ("审批：限制消费", "审批：报结", "审批：案款发放") and len(wrong) < 3:
            wrong[place] = officer[row.case_no]
    assert len(wrong) >= 2
    changed = [replace(e, officer=wrong.get(n, e.officer)) for n, e in enumerate(events)]
    path = tmp_path / "清单.xlsx"
    write_case_list(path, cases, parties, changed)
    filer = next(name for name, roles in sample_names.OTHERS if "立案人员" in roles)
    before = cli.counts()
    said = cli.by(filer).run("import", path)
    assert said.code == 1
    for place in wrong:
        (line,) = [text for text in said.out.splitlines() if f"第{place + 2}行" in text][:1]
        assert "权限表M-" in line
    assert cli.counts() == before
    write_case_list(path, cases, parties, events)
    assert "已导入案件8件" in cli.ok("import", path)
