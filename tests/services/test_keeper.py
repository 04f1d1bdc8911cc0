"""Who may put a backup back or raise an older database, asked before the database is opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.bureau import CHIEF, Office
from helpers.command_line import ADMIN, CommandLine, without_settings
from helpers.desk import OFFICER
from helpers.old_databases import KEPT, unpacked
from helpers.rows import tamper
from zhixing_desktop.models.outdated import NOTHING, Known, known_at
from zhixing_desktop.models.upgrades import STEPS
from zhixing_desktop.services.keeper import RESTORE, UPGRADE, keeper, without_keeper
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD, give_accounts
from zhixing_desktop.workflow.errors import NotAllowedError, RuleRefusedError, StoreError


@pytest.fixture
def known(office: Office, database_url: str) -> Known:
    give_accounts(office.bureau)
    return known_at(database_url)


def ask(office: Office, known: Known, login: str, password: str = SAMPLE_PASSWORD) -> str:
    return keeper(office.bureau.rules.matrix, RESTORE, known, login, password).name


def test_its_administrator_may_by_login_or_name(office: Office, known: Known) -> None:
    assert known.schema == len(STEPS)
    assert not known.older
    account = next(entry for entry in known.accounts if entry.name == ADMIN)
    assert ask(office, known, account.login.upper()) == ADMIN
    assert ask(office, known, f" {ADMIN} ") == ADMIN


def test_nobody_else(office: Office, known: Known) -> None:
    for login, password in ((ADMIN, "geraten-2024"), ("无此人", SAMPLE_PASSWORD), (ADMIN, "")):
        with pytest.raises(RuleRefusedError, match="登录名或者密码不对"):
            ask(office, known, login, password)
    with pytest.raises(NotAllowedError, match="应由系统管理员办理（权限表M-101"):
        keeper(office.bureau.rules.matrix, UPGRADE, known, CHIEF, SAMPLE_PASSWORD)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE accounts SET disabled = true",
        "UPDATE accounts SET must_change = true",
        "UPDATE staff SET active = false",
    ],
)
def test_where_nobody_can_sign_in_a_reason_is_asked_for(
    office: Office, known: Known, database_url: str, edit: str
) -> None:
    matrix = office.bureau.rules.matrix
    with pytest.raises(RuleRefusedError, match=f"可以登录办理的系统管理员：{ADMIN}"):
        without_keeper(matrix, RESTORE, known, "管理员都已调离")
    tamper(office.bureau.database, edit)
    barred = known_at(database_url)
    login = next(entry.login for entry in known.accounts if entry.name == ADMIN)
    with pytest.raises(RuleRefusedError, match="已停用"):
        ask(office, barred, login)
    with pytest.raises(RuleRefusedError, match="写明不登录办理的理由"):
        without_keeper(matrix, RESTORE, barred, " 急 ")
    without_keeper(matrix, RESTORE, barred, "管理员都已调离")


def test_what_is_not_there_or_not_ours_is_told_apart(tmp_path: Path) -> None:
    assert known_at(f"sqlite:///{tmp_path / '没有.db'}") == NOTHING
    torn = tmp_path / "坏.db"
    torn.write_bytes("案号\n".encode() * 300)
    with pytest.raises(StoreError, match="不是数据库"):
        known_at(f"sqlite:///{torn}")
    first = known_at(f"sqlite:///{unpacked(KEPT[0], tmp_path)}")
    assert (first.schema, first.accounts, first.older) == (1, (), True)


def test_an_older_database_with_accounts_asks_before_it_is_touched(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_settings(monkeypatch, tmp_path)
    cli = CommandLine(capsys, monkeypatch, tmp_path)
    cli.bureau()
    with closing(sqlite3.connect(cli.file)) as raw:
        raw.execute(f"UPDATE meta SET value = '{len(STEPS) - 1}' WHERE key = 'schema_version'")  # noqa: S608 - a number
        raw.commit()
    cli.by("")
    assert "没有说明由谁办理" in cli.refused("upgrade")
    assert "应由系统管理员办理（权限表M-101" in cli.refused("upgrade", "--by", OFFICER)
    assert ADMIN in cli.refused("upgrade", "--by", OFFICER, "--without-sign-in", "管理员休假")
    monkeypatch.setenv("ZHIXING_PASSWORD", "geraten-2024")
    assert "登录名或者密码不对" in cli.refused("upgrade", "--by", ADMIN)
    assert [path.name for path in tmp_path.iterdir() if ".before-" in path.name] == []
    with closing(sqlite3.connect(cli.file)) as raw:
        ((version,),) = raw.execute("SELECT value FROM meta WHERE key = 'schema_version'")
    assert int(version) == len(STEPS) - 1


def test_a_name_that_two_have_is_nobodys(office: Office, known: Known) -> None:
    twice = replace(known, accounts=(*known.accounts, *known.accounts))
    with pytest.raises(RuleRefusedError, match="登录名或者密码不对"):
        ask(office, twice, ADMIN)
