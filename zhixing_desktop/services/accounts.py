"""Accounts, as the administrators keep them: made, reset, unlocked, disabled, listed.

Signing in is in ``signing_in`` and offered here as well.  Each change is a journal row; passwords
and hashes never are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from zhixing_desktop.models.tables import accounts, staff
from zhixing_desktop.services import passwords
from zhixing_desktop.services.account_rows import (
    FOUNDING,
    account_row,
    expires,
    founding,
    is_locked,
    lapses,
    login_problems,
    mark_now,
    note,
    plain_login,
    remember,
    set_password,
    why_change,
    write,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import BureauSettings, read_settings
from zhixing_desktop.services.people import (
    ADMINISTRATORS,
    Person,
    keep_an_administrator,
    locked_staff,
    person_of,
)
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.signing_in import SignedIn, change_password, sign_in, sign_out
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, RuleRefusedError

__all__ = [
    "Account",
    "NewAccount",
    "SignedIn",
    "account_list",
    "change_password",
    "create_account",
    "disable",
    "enable",
    "enter_account",
    "needs_witness",
    "prepared",
    "reset_password",
    "sign_in",
    "sign_out",
    "unlock",
]


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the administrator's list shows it; ``locked_until`` only while it lasts.

    ``expires_at`` is until when the password may be used, a one-time password's its hours;
    ``founding``: it still has the one-time password of the first start.
    """

    person: Person
    login: str
    disabled: bool
    must_change: bool
    changed_at: datetime
    expires_at: datetime
    locked_until: datetime | None
    last_at: datetime | None
    last_from: str
    failures_since: int
    founding: bool


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that is about to be made; its password is hashed already."""

    login: str
    password_hash: str
    must_change: bool


def prepared(
    bureau: Bureau,
    settings: BureauSettings,
    login: str,
    name: str,
    password: str,
    *,
    must_change: bool,
) -> NewAccount:
    """Check login and password and hash it; before the transaction, since it takes long.

    Raises :class:`InputRefusedError` naming everything that is wrong.
    """
    word = plain_login(login)
    problems = login_problems(word)
    problems += passwords.password_problems(password, settings.security, login=word, name=name)
    if problems:
        raise InputRefusedError(f"{name}的账号没有建立。", problems)
    return NewAccount(word, passwords.hashed(password, settings.hashing), must_change)


def enter_account(
    conn: Connection, staff_id: int, new: NewAccount, now: datetime, *, witness: str = ""
) -> None:
    """Write an account within somebody else's step."""
    conn.execute(
        insert(accounts).values(
            staff_id=staff_id,
            login=new.login,
            password_hash=new.password_hash,
            must_change=new.must_change,
            changed_at=now,
            witness=witness,
        )
    )
    remember(conn, staff_id, new.password_hash, now)


def needs_witness(person: Person, account: Account | None = None) -> bool:
    """Whether this person's password is made by two: an administrator's never by one alone.

    But for the first ones, until they are changed (``account_rows.founding``).
    """
    if account is not None and account.founding:
        return False
    return any(role in ADMINISTRATORS for role in person.roles)


def _may_set(
    conn: Connection, bureau: Bureau, actor: Actor, act: str, person: Person, witness: Actor | None
) -> str:
    """Refuse whoever may not make this person's password; return the name of who stands by.

    Whoever makes a one-time password knows it.  So that no administrator quietly becomes another,
    a second person signs in beside him, neither him nor the holder; but for a password of the
    first start that is not changed yet.
    """
    if not needs_witness(person):
        permit(conn, bureau, actor, act)
        return ""
    role = next(role for role in person.roles if role in ADMINISTRATORS)
    permit(conn, bureau, actor, "account.administrator")
    if act == "account.create":
        permit(conn, bureau, actor, act)
    if witness is None and act == "account.reset":
        row = account_row(conn, person.id, lock=False)
        if row is not None and founding(row):
            return FOUNDING
    if witness is None:
        raise RuleRefusedError(
            f"{person.name}是{role}，一次性密码不能由一个人设置，须有第二人当场登录会同：另一名管理员、"
            "主管院领导或者院长（权限表M-98、M-99）。",
            data={"kind": "witness_needed", "row": "M-98"},
        )
    if witness.staff_id in (actor.staff_id, person.id):
        raise RuleRefusedError(
            "会同人须是办理人和账号本人以外的第三人（权限表M-99）。",
            data={"kind": "witness_self", "row": "M-99"},
        )
    permit(conn, bureau, witness, "account.witness")
    return witness.name


def create_account(
    bureau: Bureau,
    actor: Actor,
    staff_id: int,
    login: str,
    password: str | None = None,
    *,
    witness: Actor | None = None,
) -> str:
    """Give a person an account; return the password to hand over.

    Without ``password`` one is made up.  It has to be changed at the first sign-in, except one that
    was given in a database made for tests or as a sample.  ``witness`` has signed in as well; an
    administrator's account is not made without one.  Raises :class:`InputRefusedError` (bad
    login or password, login in use, an account already there, nobody of that number) or the
    refusal of somebody who may not.
    """
    with bureau.database.reading() as conn:
        person = _must_be(conn, staff_id)
        _may_set(conn, bureau, actor, "account.create", person, witness)
        settings = read_settings(conn)
        _refuse_taken(conn, person, plain_login(login))
    given = password
    if given is None:
        given = passwords.one_time_password(
            settings.security, login=plain_login(login), name=person.name
        )
    must_change = password is None or bureau.database.purpose == "bureau"
    new = prepared(bureau, settings, login, person.name, given, must_change=must_change)
    with bureau.database.writing() as conn:
        person = _must_be(conn, staff_id)  # again: a role may have been granted meanwhile
        beside = _may_set(conn, bureau, actor, "account.create", person, witness)
        _refuse_taken(conn, person, new.login)
        enter_account(conn, staff_id, new, bureau.database.now(conn), witness=beside)
        mark = mark_now(conn, staff_id) | _beside(beside)
        note(bureau, conn, actor, "account.create", person, new.login, **mark)
    return given


def _beside(witness: str) -> dict[str, str]:
    return {"witness": witness} if witness else {}


def _refuse_taken(conn: Connection, person: Person, login: str) -> None:
    problems = []
    if conn.execute(select(accounts).where(accounts.c.staff_id == person.id)).first():
        problems.append(Problem("人员", f"{person.name}已经有账号，可以重置密码"))
    taken = (
        select(staff.c.name)
        .join(accounts, accounts.c.staff_id == staff.c.id)
        .where(accounts.c.login == login, staff.c.id != person.id)
    )
    holder = conn.execute(taken).scalar()
    if holder is not None:
        problems.append(Problem("登录名", f"登录名“{login}”已由{holder}使用"))
    named = select(staff.c.name).where(staff.c.name == login, staff.c.id != person.id)
    if conn.execute(named).first():
        problems.append(Problem("登录名", f"登录名不能是别人的姓名“{login}”"))
    if problems:
        raise InputRefusedError(f"{person.name}的账号没有建立。", problems)


def reset_password(
    bureau: Bureau, actor: Actor, staff_id: int, *, witness: Actor | None = None
) -> str:
    """Return a new password to hand over, to be changed at the next sign-in; unlocks as well.

    An administrator's is made only with a ``witness`` who has signed in as well.  Raises
    :class:`RuleRefusedError` for one's own, :class:`InputRefusedError` without an account.
    """
    if actor.staff_id == staff_id:
        raise RuleRefusedError(
            "自己的密码不能重置，请用“修改密码”（需要输入现在的密码）；"
            "忘记了的，请另一名管理员重置。"
        )
    with bureau.database.reading() as conn:
        _may_set(conn, bureau, actor, "account.reset", _must_be(conn, staff_id), witness)
        settings = read_settings(conn)
        person, account = _account_of(conn, staff_id, lock=False)
    made = passwords.one_time_password(settings.security, login=account["login"], name=person.name)
    encoded = passwords.hashed(made, settings.hashing)
    with bureau.database.writing() as conn:
        beside = _may_set(conn, bureau, actor, "account.reset", _must_be(conn, staff_id), witness)
        person, account = _account_of(conn, staff_id)
        now = bureau.database.now(conn)
        set_password(conn, staff_id, encoded, now, must_change=True, witness=beside)
        mark = mark_now(conn, staff_id) | _beside(beside)
        note(bureau, conn, actor, "account.reset", person, account["login"], **mark)
    return made


def unlock(bureau: Bureau, actor: Actor, staff_id: int, reason: str) -> bool:
    """End a lock early; return whether there was one.  Raises as :func:`reset_password`."""
    _refuse_silence(reason, "解锁")
    if actor.staff_id == staff_id:
        raise RuleRefusedError("自己的账号不能由自己解锁，请另一名系统管理员办理。")
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, "account.unlock")
        person, account = _account_of(conn, staff_id)
        if not is_locked(account, bureau.database.now(conn)):
            return False
        write(conn, staff_id, {"failures": 0, "locked_until": None})
        note(bureau, conn, actor, "account.unlock", person, account["login"], reason=reason)
    return True


def disable(bureau: Bureau, actor: Actor, staff_id: int, reason: str) -> bool:
    """Let nobody in with this account until it is enabled; return whether anything changed.

    Raises :class:`RuleRefusedError` for one's own account and for the last administrator's.
    """
    if actor.staff_id == staff_id:
        raise RuleRefusedError("自己的账号不能由自己停用，请另一名系统管理员办理。")
    return _set_disabled(bureau, actor, staff_id, reason, disabled=True)


def enable(bureau: Bureau, actor: Actor, staff_id: int, reason: str) -> bool:
    """Let an account in again; return whether anything changed."""
    return _set_disabled(bureau, actor, staff_id, reason, disabled=False)


def _set_disabled(
    bureau: Bureau, actor: Actor, staff_id: int, reason: str, *, disabled: bool
) -> bool:
    _refuse_silence(reason, "停用" if disabled else "启用")
    with bureau.database.writing() as conn:
        # First of all: two must not disable each other at once, and whoever is disabled while he
        # decides has decided before or not at all.
        everybody = locked_staff(conn, staff_id)
        permit(conn, bureau, actor, "account.disable")
        person, account = _account_of(conn, staff_id)
        if account["disabled"] == disabled:
            return False
        if disabled:
            keep_an_administrator(conn, everybody, replace(person, active=False))
        write(conn, staff_id, {"disabled": disabled})
        action = "account.disable" if disabled else "account.enable"
        told = {"reason": reason, **mark_now(conn, staff_id)}
        note(bureau, conn, actor, action, person, account["login"], **told)
    return True


def account_list(bureau: Bureau, actor: Actor) -> tuple[Account, ...]:
    """Return all accounts in the order of the staff; raises ``NotAllowedError``."""
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "account.list")
        now = bureau.database.now(conn)
        settings = read_settings(conn)
        found = conn.execute(select(accounts).order_by(accounts.c.staff_id)).mappings()
        rows = [dict(row) for row in found]
        people = {row["staff_id"]: person_of(conn, row["staff_id"]) for row in rows}
    return tuple(
        Account(
            person=person,
            login=row["login"],
            disabled=row["disabled"],
            must_change=bool(why_change(row, settings, now)),
            changed_at=row["changed_at"],
            expires_at=lapses(row, settings) or expires(row, settings),
            locked_until=row["locked_until"] if is_locked(row, now) else None,
            last_at=row["last_at"],
            last_from=row["last_from"],
            failures_since=row["failures_since"],
            founding=founding(row),
        )
        for row in rows
        if (person := people[row["staff_id"]]) is not None
    )


def _must_be(conn: Connection, staff_id: int) -> Person:
    person = person_of(conn, staff_id)
    if person is None:
        raise InputRefusedError(
            f"人员名册中没有第{staff_id}号", [Problem("人员", "请先在人员名册中登记")]
        )
    return person


def _account_of(
    conn: Connection, staff_id: int, *, lock: bool = True
) -> tuple[Person, Mapping[str, Any]]:
    person = _must_be(conn, staff_id)
    row = account_row(conn, staff_id, lock=lock)
    if row is None:
        raise InputRefusedError(
            f"{person.name}还没有账号，请先建立。", [Problem("账号", "请先建立账号")]
        )
    return person, row


def _refuse_silence(reason: str, what: str) -> None:
    if len(reason.strip()) < 2:
        raise InputRefusedError(f"没有{what}。", [Problem("理由", "请写明理由")])
