"""The first start: the court's profile and the first two who can sign in.

A database without any account is started for the first time, be it new or upgraded from a schema
that had no accounts.  One whose accounts have been removed by hand is not: its journal tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.tables import accounts, journal, staff
from zhixing_desktop.services import people
from zhixing_desktop.services.account_rows import FOUNDING, mark_now, plain_login
from zhixing_desktop.services.accounts import NewAccount, enter_account, prepared
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import (
    CourtProfile,
    checked_value,
    enter_settings,
    read_settings,
    setting_of,
)
from zhixing_desktop.services.people import SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StoreError,
)

ACTION = "account.first_start"
_REASON = "首次启动"


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """One of the first two: a new name, or that of somebody on the staff without case roles."""

    name: str
    login: str
    password: str
    must_change: bool = False
    """Whether the password was made by somebody else and has to be changed."""


def needs_first_start(bureau: Bureau) -> bool:
    """Whether nobody has an account yet.

    Raises ``StoreError`` (``accounts_gone``) when there were accounts once: they were removed by
    hand, and whoever did that must not become administrator by it.
    """
    with bureau.database.reading() as conn:
        return _needs(conn)


def _needs(conn: Connection) -> bool:
    if conn.execute(select(accounts.c.staff_id).limit(1)).first() is not None:
        return False
    was = select(journal.c.id).where(journal.c.action.in_((ACTION, "account.create"))).limit(1)
    if conn.execute(was).first() is not None:
        raise StoreError(
            "账号被人绕过程序删除了，程序不会让人重新设立管理员。"
            "请保留这个数据库，用最近一次备份恢复，并通知安全管理员和审计员。",
            data={"kind": "accounts_gone"},
        )
    return True


def first_start(
    bureau: Bureau,
    court: CourtProfile,
    admin: FirstPerson,
    security: FirstPerson,
    auditor: FirstPerson | None = None,
) -> Actor:
    """Write the court's profile, the first 系统管理员, 安全管理员 and perhaps 审计员, in one step.

    Returns the 系统管理员.  Raises :class:`InputRefusedError` naming everything that is wrong at
    once, :class:`RuleRefusedError` when somebody else was first.
    """
    wanted = [(admin, SYSTEM_ADMINISTRATOR), (security, SECURITY_ADMINISTRATOR)]
    wanted += [(auditor, people.AUDITOR)] if auditor is not None else []
    if not needs_first_start(bureau):
        raise _too_late()
    profile, problems = _profile(bureau, court)
    problems += _same(bureau, wanted)
    made: list[NewAccount] = []
    settings = read_settings(bureau)
    for person, role in wanted:
        if not person.name.strip():
            problems.append(Problem(role, f"请填写{role}的姓名"))
            continue
        try:
            made.append(
                prepared(
                    bureau,
                    settings,
                    person.login,
                    person.name,
                    person.password,
                    must_change=person.must_change,
                )
            )
        except InputRefusedError as error:
            problems += [Problem(role, f"{role}：{p.sentence}") for p in error.problems]
    problems += _unfit(bureau, wanted)
    if problems:
        raise InputRefusedError("首次启动没有完成。", problems)
    with bureau.database.writing() as conn:
        if conn.dialect.name == "postgresql":  # two workstations start at once: one goes first
            ask(conn, "SELECT value FROM meta WHERE key = 'purpose' FOR UPDATE")
        if not _needs(conn):
            raise _too_late()
        numbers = _enter(bureau, conn, wanted, made, profile)
    return Actor(admin.name.strip(), (SYSTEM_ADMINISTRATOR,), numbers[0])


def _too_late() -> RuleRefusedError:
    return RuleRefusedError(
        "本局已经有账号，首次启动已经完成。请登录；要增加账号，请系统管理员办理。",
        data={"kind": "started"},
    )


def _profile(bureau: Bureau, court: CourtProfile) -> tuple[dict[str, Any], list[Problem]]:
    """Return what is set, by key, and what is wrong with it."""
    given = {
        "court.name": court.name,
        "court.code": court.code,
        "court.superior": court.superior,
        "court.high": court.high,
        "court.letterhead": court.letterhead,
        # A bureau that begins with this program begins with dossiers that agree.
        "dossier.since": bureau.database.now().date().isoformat(),
    }
    problems = [] if court.name.strip() else [Problem("法院名称", "请填写法院名称")]
    values: dict[str, Any] = {}
    for key, value in given.items():
        if not value:
            continue
        try:
            values[key] = checked_value(setting_of(key), value, bureau.database.purpose)
        except InputRefusedError as error:
            problems += error.problems
    return values, problems


def _same(bureau: Bureau, wanted: list[tuple[FirstPerson, str]]) -> list[Problem]:
    names = [person.name.strip() for person, _ in wanted if person.name.strip()]
    logins = [plain_login(person.login) for person, _ in wanted]
    words = [person.password for person, _ in wanted]
    problems = []
    if len(set(names)) < len(names):
        problems.append(Problem("姓名", people.APART))
    if len(set(logins)) < len(logins):
        problems.append(Problem("登录名", "几个人的登录名不能相同"))
    if len(set(words)) < len(words) and bureau.database.purpose == "bureau":
        problems.append(Problem("密码", "几个人的密码不能相同"))
    return problems


def _unfit(bureau: Bureau, wanted: list[tuple[FirstPerson, str]]) -> list[Problem]:
    """Name those on the staff who cannot take the role they are meant to have."""
    known = {person.name: person for person in people.all_people(bureau)}
    problems = []
    for person, role in wanted:
        found = known.get(person.name.strip())
        if found is None:
            continue
        if not found.active:
            problems.append(Problem(role, f"{found.name}已不在岗"))
        problems += people.role_problems(found.name, (*found.roles, role))
    return problems


def _enter(
    bureau: Bureau,
    conn: Connection,
    wanted: list[tuple[FirstPerson, str]],
    made: list[NewAccount],
    profile: Mapping[str, Any],
) -> list[int]:
    now = bureau.database.now(conn)
    actor = Actor(wanted[0][0].name.strip(), (SYSTEM_ADMINISTRATOR,))
    known = {row.name: row for row in conn.execute(select(staff))}
    with Recorder(
        conn, at=now, actor=actor.name, action=ACTION, workstation=bureau.workstation
    ) as record:
        enter_settings(bureau, conn, record, actor, profile, _REASON)
        for person, role in wanted:
            row = known.get(person.name.strip())
            if row is None:
                people.enter_person(record, person.name.strip(), (role,))
            elif role not in row.roles:
                before = {"roles": row.roles, "version": row.version}
                after = {"roles": [*row.roles, role], "version": row.version + 1}
                record.update(staff, {"id": row.id}, before, after)
        record.flush()
        numbers, told = [], []
        for (person, role), new in zip(wanted, made, strict=True):
            name = person.name.strip()
            found = people.person_id(conn, name)
            assert found is not None  # flushed above
            enter_account(conn, found, new, now, witness=FOUNDING)
            numbers.append(found)
            entry = {"staff_id": found, "name": name, "login": new.login, "role": role}
            told.append({**entry, **mark_now(conn, found)})
        record.note({"accounts": told})
    return numbers
