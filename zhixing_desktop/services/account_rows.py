"""Rows of accounts: found, locked, written, told to the journal; logins as they are kept.

What signing in and the administrator's part share.  Nothing here compares or makes a password.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import accounts, password_history
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import HIGHEST_HISTORY, BureauSettings
from zhixing_desktop.services.people import Person
from zhixing_desktop.workflow.errors import Problem, StaleEditError

FOUNDING = "首次启动"
"""The witness of the accounts that the first start makes."""
_SHORTEST_LOGIN, _LONGEST_LOGIN = 2, 32


def plain_login(login: str) -> str:
    """Return a login as it is kept: no difference of width or case, no blanks around."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def login_problems(login: str) -> list[Problem]:
    """Return what is wrong with a login (in its kept form)."""
    problems = []
    if not _SHORTEST_LOGIN <= len(login) <= _LONGEST_LOGIN:
        sentence = f"登录名应当有{_SHORTEST_LOGIN}至{_LONGEST_LOGIN}个字符"
        problems.append(Problem("登录名", sentence))
    if any(not (sign.isalnum() or sign in "._-·") for sign in login):
        problems.append(Problem("登录名", "登录名只能用文字、数字和 . _ - ·，中间没有空格"))
    return problems


def is_locked(account: Mapping[str, Any], now: datetime) -> bool:
    """Whether a lock still lasts."""
    return account["locked_until"] is not None and account["locked_until"] > now


def expires(account: Mapping[str, Any], settings: BureauSettings) -> datetime:
    """Return until when the password may be used."""
    changed: datetime = account["changed_at"]
    return changed + timedelta(days=settings.security.expiry_days)


def lapses(account: Mapping[str, Any], settings: BureauSettings) -> datetime | None:
    """Return until when a one-time password may be used; ``None`` for the holder's own."""
    if not account["must_change"]:
        return None
    changed: datetime = account["changed_at"]
    return changed + _onetime(account, settings)


def lapse_words(account: Mapping[str, Any], settings: BureauSettings) -> str:
    """Return how long a one-time password may be used: ``24小时``, of the first start ``7天``."""
    rules = settings.security
    return f"{rules.first_days}天" if founding(account) else f"{rules.onetime_hours}小时"


def founding(account: Mapping[str, Any]) -> bool:
    """Whether an account still has the one-time password of the first start.

    Whoever set the bureau up made it and may make another: he gains nothing by it, and where
    nobody else can sign in yet nobody could stand by.
    """
    return bool(account["must_change"]) and account["witness"] == FOUNDING


def _onetime(account: Mapping[str, Any], settings: BureauSettings) -> timedelta:
    rules = settings.security
    if founding(account):
        return timedelta(days=rules.first_days)
    return timedelta(hours=rules.onetime_hours)


def why_change(account: Mapping[str, Any], settings: BureauSettings, now: datetime) -> str:
    """Return why the password has to be changed before anything else; empty when it need not."""
    if account["must_change"]:
        return "密码由管理员设置，请先换成只有您自己知道的密码。"
    if now >= expires(account, settings):
        return f"密码已使用超过{settings.security.expiry_days}天，请先更换密码。"
    return ""


def earlier_hashes(conn: Connection, staff_id: int, count: int) -> list[str]:
    """Return the hashes of the last passwords, the present one first."""
    found = (
        select(password_history.c.password_hash)
        .where(password_history.c.staff_id == staff_id)
        .order_by(password_history.c.id.desc())
        .limit(count)
    )
    return [row.password_hash for row in conn.execute(found)]


def set_password(
    conn: Connection,
    staff_id: int,
    encoded: str,
    now: datetime,
    *,
    must_change: bool,
    witness: str = "",
) -> None:
    """Write a new password's hash; whatever lock there was ends."""
    changed = {
        "password_hash": encoded,
        "must_change": must_change,
        "changed_at": now,
        "failures": 0,
        "locked_until": None,
        "witness": witness,
    }
    write(conn, staff_id, changed)
    remember(conn, staff_id, encoded, now)


def remember(conn: Connection, staff_id: int, encoded: str, now: datetime) -> None:
    """Keep a hash, so that its password is not used again; the oldest are forgotten."""
    history = password_history
    row = {"staff_id": staff_id, "password_hash": encoded, "at": now}
    conn.execute(insert(history).values(row))
    mine = history.c.staff_id == staff_id
    newest = select(history.c.id).where(mine).order_by(history.c.id.desc()).limit(HIGHEST_HISTORY)
    conn.execute(delete(history).where(mine, history.c.id.not_in(newest)))


def account_row(conn: Connection, staff_id: int, *, lock: bool) -> Mapping[str, Any] | None:
    """Return the account; with ``lock`` nobody else changes it until the transaction ends."""
    wanted = select(accounts).where(accounts.c.staff_id == staff_id)
    if lock and conn.dialect.name == "postgresql":
        wanted = wanted.with_for_update()
    row = conn.execute(wanted).mappings().one_or_none()
    return None if row is None else dict(row)


def write(conn: Connection, staff_id: int, changed: Mapping[str, Any]) -> None:
    """Change columns of an account; :class:`StaleEditError` when it is gone."""
    done = conn.execute(update(accounts).where(accounts.c.staff_id == staff_id).values(**changed))
    if done.rowcount != 1:
        raise StaleEditError("这个账号刚刚被别人改过，请刷新后再试。", data={"kind": "stale"})


def step(bureau: Bureau, conn: Connection, actor: Actor, action: str) -> Recorder:
    """Return the recorder of one act on accounts."""
    return Recorder(
        conn,
        at=bureau.database.now(conn),
        actor=actor.name,
        action=action,
        workstation=bureau.workstation,
    )


def mark_of(account: Mapping[str, Any]) -> str:
    """Return what tells a changed account from an unchanged one, and nothing about the password.

    It goes into the journal in place of the hash, of which it is a digest: the hash holds 16 random
    bytes that the journal does not know, so that nothing can be tried out against the mark.
    """
    parts = [str(account[name]) for name in ("staff_id", "login", "password_hash", "witness")]
    # Set back, a one-time password that has lapsed would live again.
    parts.append(account["changed_at"].isoformat())
    parts += [str(int(bool(account[name]))) for name in ("must_change", "disabled")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def mark_now(conn: Connection, staff_id: int) -> dict[str, str]:
    """Return the mark of an account as it stands, to go into a note."""
    row = account_row(conn, staff_id, lock=False)
    return {} if row is None else {"mark": mark_of(row)}


def note(
    bureau: Bureau,
    conn: Connection,
    actor: Actor,
    action: str,
    person: Person | None,
    login: str,
    **more: Any,
) -> None:
    """Journal what happened to an account; never a password, never a hash."""
    who = {} if person is None else {"staff_id": person.id, "name": person.name, "login": login}
    with step(bureau, conn, actor, action) as record:
        record.note(who | more)
