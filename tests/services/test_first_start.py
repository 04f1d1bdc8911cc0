"""The first start: of a new bureau, of an upgraded one, by two at once, and never a second time."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from helpers.bureau import OFFICER, Office, rules
from helpers.founding import ADMIN, ADMIN_PASSWORD, COURT, SECURITY, SECURITY_PASSWORD, found
from helpers.offices import beside
from zhixing_desktop import paths
from zhixing_desktop.clock import FixedClock, SystemClock
from zhixing_desktop.models.tables import accounts, password_history, staff
from zhixing_desktop.services import health, people
from zhixing_desktop.services.accounts import sign_in
from zhixing_desktop.services.bureau import Bureau, open_bureau
from zhixing_desktop.services.bureau_settings import CourtProfile, read_settings
from zhixing_desktop.services.first_start import FirstPerson, first_start, needs_first_start
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError, StoreError

OLD = Path(__file__).parents[1] / "fixtures" / "bureau-schema-1.db.gz"


def person(name: str = ADMIN, login: str = "admin", password: str = ADMIN_PASSWORD) -> FirstPerson:
    return FirstPerson(name, login, password)


GUARD = person(SECURITY, "security", SECURITY_PASSWORD)


@pytest.fixture
def other(office: Office, database_url: str) -> Iterator[Office]:
    """Another workstation on the same database."""
    made = beside(office, database_url)
    yield made
    made.close()


def test_the_first_two_can_sign_in_and_the_court_is_known(office: Office) -> None:
    assert needs_first_start(office.bureau)
    admin, _ = found(office.bureau)
    assert not needs_first_start(office.bureau)
    assert read_settings(office.bureau).court == COURT
    signed = sign_in(office.bureau, "admin", ADMIN_PASSWORD)
    assert (signed.actor, signed.must_change) == (admin, "")
    assert sign_in(office.bureau, SECURITY, SECURITY_PASSWORD).actor.roles == ("安全管理员",)
    with pytest.raises(RuleRefusedError, match="首次启动已经完成"):
        found(office.bureau)
    assert health.check_all(office.bureau) == []


def test_everything_wrong_is_told_at_once_and_nothing_is_left_behind(office: Office) -> None:
    court = CourtProfile(" ", "豫0811", "", "", ())
    with pytest.raises(InputRefusedError) as refused:
        first_start(
            office.bureau, court, person(OFFICER, "x", "kurz"), person(OFFICER, "x", "kurz")
        )
    said = " ".join(problem.sentence for problem in refused.value.problems)
    for sentence in ("法院名称", "2至32个字符", "太短", "三员分立", "登录名不能相同"):
        assert sentence in said
    assert needs_first_start(office.bureau)
    assert people.find_person(office.bureau, OFFICER).roles == ("承办人",)


def test_somebody_with_case_work_is_no_administrator(office: Office) -> None:
    with pytest.raises(InputRefusedError) as refused:
        first_start(office.bureau, COURT, person(OFFICER), GUARD)
    assert "三员分立" in refused.value.problems[0].sentence


def test_two_workstations_start_at_once(office: Office, other: Office) -> None:
    ended: list[str] = []

    def start(bureau: Bureau, name: str) -> None:
        try:
            first_start(bureau, COURT, person(name, f"login-{name}"), GUARD)
        except RuleRefusedError as error:
            ended.append(error.data["kind"])

    workers = [
        threading.Thread(target=start, args=(bureau, name))
        for bureau, name in ((office.bureau, "甲管理"), (other.bureau, "乙管理"))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert ended == ["started"]
    with office.bureau.database.reading() as conn:
        assert len(conn.execute(select(accounts)).all()) == 2


def test_whoever_empties_the_table_does_not_become_administrator(office: Office) -> None:
    found(office.bureau)
    with office.bureau.database.writing() as conn:
        conn.execute(delete(password_history))
        conn.execute(delete(accounts))
    with pytest.raises(StoreError, match="绕过程序删除"):
        needs_first_start(office.bureau)
    with pytest.raises(StoreError, match="绕过程序删除"):
        found(office.bureau)


def test_an_upgraded_bureau_starts_with_somebody_who_is_there(tmp_path: Path) -> None:
    path = tmp_path / "局.db"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    bureau = open_bureau(
        f"sqlite:///{path}",
        clock=FixedClock(datetime(2030, 1, 2, 9)),
        resources=paths.resources_dir(),
        workstation="一号机",
        rules=rules(),
    )
    assert needs_first_start(bureau)
    with bureau.database.reading() as conn:
        before = conn.execute(select(staff)).all()
    (admin,) = [row.name for row in before if "系统管理员" in row.roles]
    first_start(bureau, COURT, person(admin), GUARD)
    assert sign_in(bureau, admin, ADMIN_PASSWORD).actor.name == admin
    with bureau.database.reading() as conn:
        after = conn.execute(select(staff)).all()
    assert after[: len(before)] == before
    assert [row.name for row in after[len(before) :]] == [SECURITY]
    bureau.close()


def test_a_real_bureau_starts_with_real_costs(tmp_path: Path) -> None:
    bureau = open_bureau(
        f"sqlite:///{tmp_path / '局.db'}",
        clock=SystemClock(),
        resources=paths.resources_dir(),
        workstation="一号机",
        create=True,
        rules=rules(),
    )
    with pytest.raises(InputRefusedError) as refused:
        first_start(bureau, COURT, person(), person(SECURITY, "security"))
    assert "密码不能相同" in refused.value.problems[0].sentence
    first_start(bureau, COURT, person(), GUARD)
    with bureau.database.reading() as conn:
        hashes = list(conn.scalars(select(accounts.c.password_hash)))
    assert all("m=65536,t=3,p=4" in encoded for encoded in hashes)
    bureau.close()
