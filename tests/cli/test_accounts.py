"""The command line asks who it is; accounts, people and settings by commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from helpers.command_line import ADMIN, CASE, SECURITY, CommandLine
from helpers.desk import CLERK, OFFICER
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD

COMMANDS = (
    ("case", "list"),
    ("case", "show", CASE),
    ("fact", "add", CASE, "收案"),
    ("node", "show", CASE, "3"),
    ("approval", "list"),
    ("simulate", CASE, "--until", "2024-05-01"),
    ("journal", "verify"),
    ("check",),
    ("backup", "copy.db"),
    ("export", "out.xlsx"),
    ("import", "in.xlsx"),
    ("people", "list"),
    ("account", "list"),
    ("settings", "show"),
    ("calendar", "show", "2024"),
    ("limit", "7-a", "--from", "2024-02-07"),
)
"""Commands that open the bureau's database."""
STARTED = ("--court", "焦作市山阳区人民法院", "--admin", ADMIN, "--security", SECURITY)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_without_an_account_nothing_is_done_and_nothing_is_shown(
    cli: CommandLine, words: tuple[str, ...]
) -> None:
    cli.bureau()
    cli.case()
    before = cli.counts()
    cli.monkeypatch.chdir(cli.folder)
    cli.monkeypatch.delenv("ZHIXING_USER")
    assert "没有说明由谁办理" in cli.refused(*words)
    cli.by(OFFICER)
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", "geraten-2024")
    assert "登录名或者密码不对" in cli.refused(*words)
    cli.monkeypatch.delenv("ZHIXING_PASSWORD")
    assert "没有密码" in cli.refused(*words)
    assert cli.counts() == before
    assert not (cli.folder / "copy.db").exists()
    assert not (cli.folder / "out.xlsx").exists()


def test_what_time_alone_brings_needs_nobody(cli: CommandLine) -> None:
    cli.bureau()
    cli.case()
    for name in ("ZHIXING_USER", "ZHIXING_PASSWORD"):
        cli.monkeypatch.delenv(name)
    assert cli.json("sweep")["cases"] >= 0


def test_a_database_without_accounts_lets_nobody_work(cli: CommandLine) -> None:
    cli.use(cli.file).at("2024-03-01T09:00")
    cli.ok("init", "--purpose", "test")
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", SAMPLE_PASSWORD)
    assert "首次启动" in cli.by(OFFICER).refused("case", "list")
    assert "--security" in cli.refused("init", "--purpose", "test", "--admin", ADMIN, code=2)
    assert "--admin" in cli.refused("init", "--purpose", "test", "--court", "甲", code=2)
    cli.ok("init", "--purpose", "test", *STARTED)
    assert cli.by(ADMIN).json("settings", "show", "court.name")[0]["value"] == STARTED[1]
    assert "已经有账号" in cli.refused("init", "--purpose", "test", *STARTED)


def test_the_first_start_of_a_real_bureau(cli: CommandLine) -> None:
    cli.use(cli.folder / "真.db").real_time()
    assert "没有密码" in cli.refused("init", *STARTED)
    assert not (cli.folder / "真.db").exists()
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", "kurz")
    assert "太短" in cli.refused("init", *STARTED)
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", "Guan-li-2024")
    made = cli.json("init", *STARTED, "--auditor", "审计甲", "--admin-login", "Admin")
    admin, security, auditor = made["accounts"]
    assert "password" not in admin
    assert security["password"] != auditor["password"]
    cli.by("admin").ok("people", "list")
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", security["password"])
    assert "zhixing account password" in cli.by(SECURITY).refused("people", "list")
    cli.monkeypatch.setenv("ZHIXING_NEW_PASSWORD", "Bao-an-2024")
    cli.ok("account", "password")
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", "Bao-an-2024")
    cli.ok("people", "list")


def test_a_password_comes_from_a_file_that_nobody_else_reads(cli: CommandLine) -> None:
    cli.bureau()
    cli.monkeypatch.delenv("ZHIXING_PASSWORD")
    file = cli.folder / "密码.txt"
    file.write_text(f"{SAMPLE_PASSWORD}\r\n第二行不读\n", encoding="utf-8-sig")
    file.chmod(0o600)
    cli.ok("case", "list", "--password-file", file)
    if os.name == "posix":
        file.chmod(0o644)
        assert "chmod 600" in cli.refused("case", "list", "--password-file", file)
    assert "找不到" in cli.refused("case", "list", "--password-file", cli.folder / "没有.txt")


def test_a_password_is_typed_unseen_at_a_terminal(
    cli: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.bureau()
    cli.monkeypatch.delenv("ZHIXING_PASSWORD")
    asked: list[str] = []

    def typed(question: str) -> str:
        asked.append(question)
        return SAMPLE_PASSWORD if "新" not in question else f"Neu-{len(asked) // 3}-Wort.24"

    cli.monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    cli.monkeypatch.setattr("getpass.getpass", typed)
    cli.ok("case", "list")
    assert asked == [f"{OFFICER}的密码："]
    asked.clear()
    assert "不一样" in cli.refused("account", "password")
    assert len(asked) == 3


def test_no_command_takes_a_password_as_an_argument(cli: CommandLine) -> None:
    cli.bureau()
    for option in ("--password", "--new-password"):
        assert "不认识" in cli.refused("case", "list", option, SAMPLE_PASSWORD, code=2)


def test_five_wrong_passwords_lock_and_the_administrator_unlocks(cli: CommandLine) -> None:
    cli.bureau()
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", "geraten-2024")
    for _ in range(5):
        assert "不对" in cli.refused("case", "list")
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", SAMPLE_PASSWORD)
    assert "到2024-03-01 09:30:00为止" in cli.refused("case", "list")
    listed = {entry["name"]: entry for entry in cli.json("account", "list", "--by", ADMIN)}
    assert listed[OFFICER]["locked_until"] == "2024-03-01T09:30:00"
    assert "锁定到2024-03-01 09:30" in cli.ok("account", "list", "--by", ADMIN)
    words = ("account", "unlock", OFFICER, "--reason", "本人到场核实")
    assert "由系统管理员" in cli.refused(*words, "--by", CLERK)
    assert "已解锁" in cli.ok(*words, "--by", ADMIN)
    cli.ok("case", "list")


def test_a_new_officer_from_the_register_to_the_first_sign_in(cli: CommandLine) -> None:
    cli.bureau()
    cli.ok("people", "add", "田承办", "--team", "执行一团队", "--by", ADMIN)
    made = cli.json("account", "add", "田承办", "--login", "Tian", "--by", ADMIN)
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", made["password"])
    assert "还没有角色" in cli.refused("case", "list", "--by", "tian")
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", SAMPLE_PASSWORD)
    cli.ok("people", "roles", "田承办", "--role", "承办人", "--by", SECURITY)
    cli.ok("people", "clerk", "田承办", CLERK, "--by", ADMIN)
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", made["password"])
    assert "zhixing account password" in cli.refused("case", "list", "--by", "tian")
    cli.monkeypatch.setenv("ZHIXING_NEW_PASSWORD", "Feld-wald-24")
    cli.ok("account", "password", "--by", "tian")
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", "Feld-wald-24")
    (row,) = [p for p in cli.json("people", "list", "--by", "tian") if p["name"] == "田承办"]
    assert (row["roles"], row["team"], row["clerk"]) == (["承办人"], "执行一团队", CLERK)


def test_two_look_at_the_same_person_and_the_second_is_refused(cli: CommandLine) -> None:
    cli.bureau()
    cli.ok("people", "team", CLERK, "执行一团队", "--seen", "1", "--by", ADMIN)
    said = cli.refused("people", "team", CLERK, "执行二团队", "--seen", "1", "--by", ADMIN)
    assert "第1版" in said
    assert "第2版" in said
    assert "已离岗" in cli.ok("people", "deactivate", CLERK, "--by", ADMIN)
    assert "已不在岗" in cli.refused("case", "list", "--by", CLERK)
    cli.ok("people", "activate", CLERK, "--by", ADMIN)
    cli.ok("account", "disable", CLERK, "--reason", "借调", "--by", ADMIN)
    assert "已停用" in cli.refused("case", "list", "--by", CLERK)
    cli.ok("account", "enable", CLERK, "--reason", "回来", "--by", ADMIN)
    made = cli.json("account", "reset", CLERK, "--by", ADMIN)["password"]
    assert "不对" in cli.refused("case", "list", "--by", CLERK)
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", made)
    assert "请先换成" in cli.refused("case", "list", "--by", CLERK)


def test_settings_by_command(cli: CommandLine) -> None:
    cli.bureau()
    assert "security.lock_minutes　锁定时长　30分钟" in cli.ok("settings", "show")
    assert "GB/T 22239" in cli.ok("settings", "show", "security.lock_minutes")
    words = ("settings", "set", "security.lock_minutes", "60", "--reason", "院里通知")
    assert "由安全管理员" in cli.refused(*words, "--by", ADMIN)
    assert "已修改：锁定时长　60分钟" in cli.ok(*words, "--by", SECURITY)
    assert cli.json("settings", "show", "锁定时长")[0]["value"] == 60
    assert "应当是整数" in cli.refused(*words[:3], "x", *words[4:], "--by", SECURITY)
    assert "没有名为" in cli.refused("settings", "show", "nichts")


def test_the_workstations_own_file_changes_no_rule(cli: CommandLine) -> None:
    """Whoever edits the settings file of a workstation gets neither in nor round a lock."""
    cli.bureau()
    home = Path(os.environ["ZHIXING_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.json").write_text(
        '{"security.lock_failures": 1000, "last_user": "何管理", "must_change": false, '
        '"roles": ["院长"], "password": ""}',
        encoding="utf-8",
    )
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", "geraten-2024")
    for _ in range(5):
        cli.refused("case", "list")
    assert "已锁定" in cli.refused("case", "list")
    cli.monkeypatch.delenv("ZHIXING_USER")
    assert "没有说明由谁办理" in cli.refused("case", "list")


def test_an_administrators_password_is_made_by_two(cli: CommandLine) -> None:
    cli.bureau()
    reset = ("account", "reset", SECURITY, "--by", ADMIN)
    assert "第二人当场登录会同" in cli.refused(*reset)
    assert "没有会同人的密码" in cli.refused(*reset, "--witness", "贺审计")
    cli.monkeypatch.setenv("ZHIXING_WITNESS_PASSWORD", "geraten-2024")
    assert "登录名或者密码不对" in cli.refused(*reset, "--witness", "贺审计")
    cli.monkeypatch.setenv("ZHIXING_WITNESS_PASSWORD", SAMPLE_PASSWORD)
    assert "M-99" in cli.refused(*reset, "--witness", OFFICER)
    made = cli.json(*reset, "--witness", "贺审计")["password"]
    cli.monkeypatch.setenv("ZHIXING_PASSWORD", made)
    assert "zhixing account password" in cli.refused("settings", "show", "--by", SECURITY)
    cli.at("2024-03-02T09:01")
    assert "失效" in cli.refused("settings", "show", "--by", SECURITY)
