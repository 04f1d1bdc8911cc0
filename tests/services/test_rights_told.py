"""A person's row is believed at sign-in only where the journal says the same."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from helpers.bureau import CHIEF, CLERK, OFFICER, SECURITY, Office
from helpers.offices import open_at
from helpers.old_databases import KEPT, unpacked
from helpers.rows import tamper
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import accounts, health, people
from zhixing_desktop.services.rights_told import refusal_of, told_of
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD, give_accounts
from zhixing_desktop.workflow.errors import RuleRefusedError

ADMIN = "何管理"
NOW = datetime(2026, 12, 1, 9)
EDITS = [
    ("roles = '[\"院长\"]'", "角色"),
    ('roles = \'["承办人","执行局长"]\'', "角色"),
    ("name = '张承办二'", "姓名"),
    ("team = '执行二团队'", "团队"),
    ("clerk_id = 3", "书记员"),
    ("roles = '[\"院长\"]', version = version + 1, team = '院领导'", "角色、团队"),
]


def sign_in(office: Office, login: str = OFFICER) -> None:
    accounts.sign_in(office.bureau, login, SAMPLE_PASSWORD)


def set_row(office: Office, edit: str) -> None:
    """As the owner of the database."""
    where = "WHERE name = '张承办'"
    tamper(office.bureau.database, f"UPDATE staff SET {edit} {where}")  # noqa: S608 - a test's own


@pytest.mark.parametrize(("edit", "named"), EDITS, ids=[words for _, words in EDITS])
def test_what_was_written_past_the_program_lets_nobody_in(
    office: Office, edit: str, named: str
) -> None:
    give_accounts(office.bureau)
    sign_in(office)
    with office.bureau.database.reading() as conn:
        login = conn.execute(
            text("SELECT login FROM accounts a JOIN staff s ON s.id = a.staff_id WHERE name = :n"),
            {"n": OFFICER},
        ).scalar_one()
    set_row(office, edit)
    with pytest.raises(RuleRefusedError, match="绕过程序改动") as refused:
        sign_in(office, login)
    assert refused.value.data["kind"] == "row_changed"
    assert f"在人员名册中的{named}与日志" in refused.value.sentence
    # Nobody learns it who does not know the password; and the others go on.
    with pytest.raises(RuleRefusedError, match="登录名或者密码不对"):
        accounts.sign_in(office.bureau, login, "Geraten-2024")
    sign_in(office, CHIEF)


def test_who_has_left_is_not_back_by_a_stroke_of_the_pen(office: Office) -> None:
    give_accounts(office.bureau)
    officer = people.find_person(office.bureau, OFFICER)
    admin = office.actor(ADMIN)
    people.set_active(office.bureau, admin, officer.id, active=False, version=officer.version)
    set_row(office, "active = true")
    with pytest.raises(RuleRefusedError, match="在岗与日志"):
        sign_in(office)


def test_somebody_put_into_the_table_is_nobody(office: Office) -> None:
    give_accounts(office.bureau)
    tamper(
        office.bureau.database,
        "INSERT INTO staff (name, initials, roles, team, active, version) "
        "VALUES ('混入者', 'hrz', '[\"院长\"]', '', true, 1)",
        "UPDATE accounts SET staff_id = (SELECT id FROM staff WHERE name = '混入者') "
        "WHERE staff_id = (SELECT id FROM staff WHERE name = '张承办')",
    )
    with pytest.raises(RuleRefusedError, match="绕过程序"):
        sign_in(office, "混入者")


def test_a_role_granted_anew_opens_the_door_again(office: Office) -> None:
    give_accounts(office.bureau)
    set_row(office, "roles = '[\"院长\"]'")
    row = people.find_person(office.bureau, OFFICER)
    security = office.actor(SECURITY)
    people.change_roles(office.bureau, security, row.id, ("承办人",), version=row.version)
    sign_in(office)


def test_every_change_by_the_program_is_told(office: Office) -> None:
    """Whatever changes a person's row stands in the journal under one of the names looked for."""
    give_accounts(office.bureau)
    admin, security = office.actor(ADMIN), office.actor(SECURITY)
    officer = people.find_person(office.bureau, OFFICER)
    clerk = people.find_person(office.bureau, CLERK)
    people.add_people(office.bureau, admin, [("后来人", (), "执行三团队")])
    row = people.set_team(office.bureau, admin, officer.id, "执行三团队", version=officer.version)
    row = people.set_clerk(office.bureau, admin, officer.id, clerk.id, version=row.version)
    row = people.change_roles(
        office.bureau, security, officer.id, ("承办人", "材料审核人"), version=row.version
    )
    row = people.set_active(office.bureau, admin, officer.id, active=False, version=row.version)
    people.set_active(office.bureau, admin, officer.id, active=True, version=row.version)
    with office.bureau.database.reading() as conn:
        for person in people.all_people(office.bureau):
            assert refusal_of(conn, person) is None, person.name
        assert told_of(conn, 999) is None
    sign_in(office)
    assert health.check_all(office.bureau) == []


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_the_people_of_an_older_release_come_in(kept: Path, tmp_path: Path) -> None:
    bureau = open_at(f"sqlite:///{unpacked(kept, tmp_path)}", FixedClock(NOW))
    everybody = people.all_people(bureau)
    assert everybody
    with bureau.database.reading() as conn:
        assert [refusal_of(conn, person) for person in everybody] == [None] * len(everybody)
    bureau.close()
