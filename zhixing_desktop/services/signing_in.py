"""Signing in and changing one's own password: guesses, counted.

A guess is compared outside any transaction (Argon2id takes long on purpose), then counted in one
short transaction that reads the account again, and only then answered.  Whoever stops the program
in between gets no answer; two workstations that guess at once are counted one after the other.
Every sign-in, failure and lock is a journal row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from zhixing_desktop.models.tables import accounts, staff
from zhixing_desktop.services import passwords, strangers
from zhixing_desktop.services.account_rows import (
    account_row,
    earlier_hashes,
    expires,
    is_locked,
    lapse_words,
    lapses,
    mark_now,
    note,
    plain_login,
    set_password,
    step,
    why_change,
    write,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import BureauSettings, read_settings
from zhixing_desktop.services.people import ADMINISTRATORS, Person, person_of
from zhixing_desktop.services.rights_told import refusal_of
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StaleEditError,
)

STRANGER = Actor("未登录")
"""Who a failed guess is journalled under: nobody has proven to be anybody."""

WRONG = "登录名或者密码不对。"
_HINT_DAYS = 7
"""From so many days before on, somebody who signs in is told that the password expires."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in, and what the person should be told.

    ``must_change`` is why the password has to be changed before anything else, empty when it need
    not.  ``last_at``, ``last_from`` and ``failures_since`` are those before this sign-in;
    ``expires_at`` is until when the password may be used.
    """

    actor: Actor
    login: str
    at: datetime
    must_change: str
    last_at: datetime | None
    last_from: str
    failures_since: int
    expires_at: datetime

    def expiry_words(self) -> str:
        """Return that the password has to be changed soon; empty while there is time."""
        left = self.expires_at - self.at
        if self.must_change or left >= timedelta(days=_HINT_DAYS + 1):
            return ""
        when = f"密码将于{self.expires_at:%Y-%m-%d %H:%M}到期"
        return f"{when}，还有{left.days}天，请尽早更换。" if left.days else f"{when}，请今天更换。"

    def words(self) -> str:
        """Return what is shown after signing in."""
        if self.last_at is None:
            said = "这是首次登录。"
        else:
            said = f"上次登录：{self.last_at:%Y-%m-%d %H:%M}，{self.last_from}。"
        if self.failures_since:
            said += f"此后有{self.failures_since}次输错密码；不是您本人的，请告诉安全管理员。"
        return said


@dataclass(frozen=True, slots=True)
class _Guess:
    """What was found and compared before the transaction that counts it."""

    account: Mapping[str, Any] | None
    """The row, with the holder's ``name``."""
    right: bool
    settings: BureauSettings
    login: str
    """As it is kept."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Whose password was right, as the rows stand in the transaction that counted it."""

    account: Mapping[str, Any]
    person: Person


def sign_in(bureau: Bureau, login: str, password: str) -> SignedIn:
    """Return who this is; ``login`` may also be a name that only one account's holder has.

    Raises :class:`RuleRefusedError` with ``data["kind"]``: ``wrong`` (unknown or not the password,
    one sentence for both), ``locked``, ``disabled``, ``inactive``, ``roleless``, ``row_changed``
    (the person's row was altered past the program), ``lapsed`` and ``unwitnessed`` (one-time
    passwords: too old, an administrator's made by one alone); ``StoreError`` when the try cannot
    be written down, be it right or wrong; :class:`StaleEditError` when the password was changed at
    this very moment.
    """
    guess = _compare(bureau, login, password)
    fresh = ""
    if guess.right and guess.account is not None:
        cost = guess.settings.hashing
        if passwords.too_cheap(guess.account["password_hash"], cost):
            fresh = passwords.hashed(password, cost)
    with bureau.database.writing() as conn:
        now = bureau.database.now(conn)
        found = _counted(bureau, conn, guess, now)
        if isinstance(found, _Known):
            return _welcome(bureau, conn, found, guess.settings, fresh)
    raise found


def _welcome(
    bureau: Bureau, conn: Connection, known: _Known, settings: BureauSettings, fresh: str
) -> SignedIn:
    """Write down that somebody has come in; ``fresh`` is a hash that replaces a cheaper one."""
    now, account = bureau.database.now(conn), known.account
    changed: dict[str, Any] = {
        "failures": 0,
        "locked_until": None,
        "last_at": now,
        "last_from": bureau.workstation,
        "failures_since": 0,
    }
    if fresh:
        changed["password_hash"] = fresh
    write(conn, known.person.id, changed)
    actor = known.person.actor()
    mark = mark_now(conn, known.person.id) if fresh else {}
    note(bureau, conn, actor, "account.sign_in", known.person, account["login"], **mark)
    return SignedIn(
        actor=actor,
        login=account["login"],
        at=now,
        must_change=why_change(account, settings, now),
        last_at=account["last_at"],
        last_from=account["last_from"],
        failures_since=account["failures_since"],
        expires_at=expires(account, settings),
    )


def sign_in_beside(bureau: Bureau, login: str, password: str) -> Actor:
    """Return a second person who stands by (会同) and signs in for that; else as :func:`sign_in`.

    Also refused while the person's own password has to be changed first.
    """
    signed = sign_in(bureau, login, password)
    if signed.must_change:
        raise RuleRefusedError(f"会同人{login}：{signed.must_change}")
    return signed.actor


def sign_out(bureau: Bureau, actor: Actor, why: str) -> None:
    """Journal that a session ended; ``why`` in words (退出, 锁屏, 登录超时)."""
    with bureau.database.writing() as conn, step(bureau, conn, actor, "account.sign_out") as record:
        record.note({"staff_id": actor.staff_id, "why": why})


def _compare(bureau: Bureau, login: str, password: str) -> _Guess:
    """Look the account up and compare the password; as long for a login that nobody has."""
    with bureau.database.reading() as conn:
        settings = read_settings(conn)
        account = _find(conn, login)
    encoded = passwords.nobodys_hash(settings.hashing)
    if account is not None:
        encoded = account["password_hash"]
    # Cut off first: the work must not grow with what somebody sends.
    right = passwords.matches(encoded, password[: passwords.LONGEST + 1])
    return _Guess(account, right and account is not None, settings, plain_login(login))


def _find(conn: Connection, login: str) -> Mapping[str, Any] | None:
    """Return the account with this login, else of the only holder of this name."""
    joined = select(accounts, staff.c.name).join(staff, staff.c.id == accounts.c.staff_id)
    word = plain_login(login)
    rows = conn.execute(joined.where(accounts.c.login == word)).mappings().all()
    if not rows:
        wanted = joined.where(staff.c.name == login.strip(), staff.c.active)
        rows = conn.execute(wanted).mappings().all()
    return dict(rows[0]) if len(rows) == 1 else None


def _counted(
    bureau: Bureau, conn: Connection, guess: _Guess, now: datetime
) -> RuleRefusedError | _Known:
    """Count a guess against the account as it stands now; a refusal is raised after the commit."""
    if guess.account is None:
        return _nobody(bureau, conn, guess, now)
    account = account_row(conn, guess.account["staff_id"], lock=True)
    person = person_of(conn, guess.account["staff_id"])
    if account is None or person is None:
        return _wrong(guess.settings)
    login = account["login"]
    if is_locked(account, now):
        note(bureau, conn, STRANGER, "account.refused", person, login, why="locked")
        return _locked(account["locked_until"])
    if account["password_hash"] != guess.account["password_hash"]:
        raise StaleEditError("这个账号的密码刚刚被修改，请再登录一次。", data={"kind": "stale"})
    if not guess.right:
        return _failed(bureau, conn, account, person, guess.settings, now)
    refusal = (
        refusal_of(conn, person)
        or _barred(account, person)
        or _one_time(account, person, guess.settings, now)
    )
    if refusal is None:
        return _Known(account, person)
    why = refusal.data["kind"]
    note(bureau, conn, STRANGER, "account.refused", person, login, why=why)
    return refusal


def _nobody(bureau: Bureau, conn: Connection, guess: _Guess, now: datetime) -> RuleRefusedError:
    """Count a guess at a login that nobody has as one at an account; what was typed is not kept."""
    rules = guess.settings.security
    row = strangers.locked_row(conn, guess.login)
    if is_locked(row, now):
        note(bureau, conn, STRANGER, "account.refused", None, "", why="locked")
        return _locked(row["locked_until"])
    failures, until = strangers.count(conn, row, rules, now)
    note(bureau, conn, STRANGER, "account.failure", None, "", count=failures)
    if until is not None:
        note(bureau, conn, STRANGER, "account.lock", None, "", until=until.isoformat())
    return _wrong(guess.settings)


def _failed(
    bureau: Bureau,
    conn: Connection,
    account: Mapping[str, Any],
    person: Person,
    settings: BureauSettings,
    now: datetime,
) -> RuleRefusedError:
    rules = settings.security
    failures = account["failures"] + 1
    changed: dict[str, Any] = {
        "failures": failures,
        "failures_since": account["failures_since"] + 1,
        "locked_until": None,
    }
    lock = failures >= rules.lock_failures
    if lock:
        changed |= {"failures": 0, "locked_until": now + timedelta(minutes=rules.lock_minutes)}
    write(conn, person.id, changed)
    note(bureau, conn, STRANGER, "account.failure", person, account["login"], count=failures)
    if lock:
        until = changed["locked_until"].isoformat()
        note(bureau, conn, STRANGER, "account.lock", person, account["login"], until=until)
    return _wrong(settings)


def _wrong(settings: BureauSettings) -> RuleRefusedError:
    """Return the one refusal for all wrong guesses; it tells nothing of the account."""
    rules = settings.security
    return RuleRefusedError(
        f"{WRONG}连续输错{rules.lock_failures}次，账号锁定{rules.lock_minutes}分钟。",
        data={"kind": "wrong"},
    )


def _locked(until: datetime) -> RuleRefusedError:
    return RuleRefusedError(
        f"这个账号因连续输错密码已锁定，到{until:%Y-%m-%d %H:%M:%S}为止。"
        "请届时再试，或者请系统管理员核实身份后解锁。",
        data={"kind": "locked", "until": until},
    )


def _barred(account: Mapping[str, Any], person: Person) -> RuleRefusedError | None:
    """Return why somebody who knows the password may still not come in."""
    if account["disabled"]:
        return RuleRefusedError("这个账号已停用。请联系系统管理员。", data={"kind": "disabled"})
    if not person.active:
        return RuleRefusedError(
            f"{person.name}已不在岗，不能登录。请联系系统管理员。", data={"kind": "inactive"}
        )
    if not person.roles:
        return RuleRefusedError(
            f"{person.name}还没有角色，不能登录。请安全管理员先授予角色。",
            data={"kind": "roleless"},
        )
    return None


def _one_time(
    account: Mapping[str, Any], person: Person, settings: BureauSettings, now: datetime
) -> RuleRefusedError | None:
    """Return why a one-time password may not be used: it is known to somebody else.

    Asked here and not only where it is made: a role may be granted afterwards.
    """
    held = [role for role in person.roles if role in ADMINISTRATORS]
    if account["must_change"] and held and not account["witness"]:
        return RuleRefusedError(
            f"{person.name}现在是{held[0]}，而这个一次性密码是由一个人单独设置的，不能使用。"
            "请两名管理员会同重置后再登录。",
            data={"kind": "unwitnessed"},
        )
    until = lapses(account, settings)
    if until is not None and now >= until:
        return RuleRefusedError(
            f"这个一次性密码已在{until:%Y-%m-%d %H:%M}失效"
            f"（{lapse_words(account, settings)}内没有更换）。请系统管理员重新设置。",
            data={"kind": "lapsed", "until": until},
        )
    return None


def change_password(bureau: Bureau, login: str, old: str, new: str) -> None:
    """Change one's own password; a wrong old one counts as a failed sign-in.

    Raises as :func:`sign_in`, or :class:`InputRefusedError` naming all that is wrong with the new
    one.
    """
    guess = _compare(bureau, login, old)
    problems: list[Problem] = []
    encoded = ""
    if guess.right and guess.account is not None:
        problems = _problems_of_new(bureau, guess.account, guess.settings, new)
        if not problems:
            encoded = passwords.hashed(new, guess.settings.hashing)
    with bureau.database.writing() as conn:
        now = bureau.database.now(conn)
        found = _counted(bureau, conn, guess, now)
        if isinstance(found, _Known) and encoded:
            set_password(conn, found.person.id, encoded, now, must_change=False)
            person, login = found.person, found.account["login"]
            mark = mark_now(conn, person.id)
            note(bureau, conn, person.actor(), "account.password", person, login, **mark)
    if isinstance(found, RuleRefusedError):
        raise found
    if problems:
        raise InputRefusedError("密码没有修改。", problems)


def _problems_of_new(
    bureau: Bureau, account: Mapping[str, Any], settings: BureauSettings, new: str
) -> list[Problem]:
    rules = settings.security
    login, name = account["login"], account["name"]
    problems = passwords.password_problems(new, rules, login=login, name=name)
    with bureau.database.reading() as conn:
        earlier = earlier_hashes(conn, account["staff_id"], rules.history)
    if passwords.used_before(new[: passwords.LONGEST + 1], earlier):
        problems.append(Problem("密码", f"不能与最近用过的{rules.history}个密码相同"))
    return problems
