"""Who may put a backup in its place or raise an older database: asked before either is done.

Whoever can do it has the files in his hands anyway.  The question is there so that it is done by
a 系统管理员 who can be named, and not by chance.  Nothing can be written yet, so that wrong guesses
are not counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhixing_desktop.models.outdated import Known, KnownAccount
from zhixing_desktop.services import passwords
from zhixing_desktop.services.account_rows import plain_login
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.services.bureau_settings import SETTINGS, HashCost
from zhixing_desktop.services.signing_in import WRONG
from zhixing_desktop.workflow.authority import Matrix, Row
from zhixing_desktop.workflow.errors import NotAllowedError, RuleRefusedError

RESTORE, UPGRADE = "backup.restore", "schema.upgrade"
MIN_REASON = 4


def keeper(matrix: Matrix, act: str, known: Known, login: str, password: str) -> Actor:
    """Return who signs in to do ``act`` (:data:`RESTORE`, :data:`UPGRADE`) by these accounts.

    Raises :class:`RuleRefusedError` for a wrong login or password and for an account that is not
    in use, :class:`NotAllowedError` for whoever's role does not allow it.
    """
    account = _find(known.accounts, login)
    encoded = passwords.nobodys_hash(_usual_cost())
    if account is not None:
        encoded = account.password_hash
    right = passwords.matches(encoded, password[: passwords.LONGEST + 1])
    if account is None or not right:
        raise RuleRefusedError(WRONG, data={"kind": "wrong"})
    row = matrix.by_act[act][0]
    if not set(row.roles) & set(account.roles):
        held = "、".join(account.roles) or "没有角色"
        raise NotAllowedError(
            f"“{row.label}”应由{row.who()}办理（权限表{row.id}：{row.basis}），"
            f"{account.name}（{held}）不能办理。",
            data={"act": act, "row": row.id, "roles": list(row.roles), "actor": account.name},
        )
    if not _usable(account, row):
        raise RuleRefusedError(
            f"{account.name}的账号已停用、本人已不在岗或者还没有更换一次性密码，不能办理。",
            data={"kind": "barred"},
        )
    return Actor(account.name, account.roles, account.staff_id)


def without_keeper(matrix: Matrix, act: str, known: Known, reason: str) -> None:
    """Let it be done without signing in, where nobody could.

    Raises :class:`RuleRefusedError` where somebody could, and for a reason that says nothing.
    """
    row = matrix.by_act[act][0]
    able = [entry.name for entry in known.accounts if _usable(entry, row)]
    if able:
        raise RuleRefusedError(
            f"有可以登录办理的{row.who()}：{'、'.join(able)}。"
            "请由其用 --by 登录办理，不能免于登录。",
            data={"kind": "keeper_there"},
        )
    if len(reason.strip()) < MIN_REASON:
        raise RuleRefusedError("请写明不登录办理的理由。", data={"kind": "no_reason"})


def _find(accounts: Sequence[KnownAccount], login: str) -> KnownAccount | None:
    word = plain_login(login)
    found = [entry for entry in accounts if entry.login == word]
    if not found:
        found = [entry for entry in accounts if entry.name == login.strip() and entry.active]
    return found[0] if len(found) == 1 else None


def _usable(account: KnownAccount, row: Row) -> bool:
    allowed = bool(set(row.roles) & set(account.roles))
    return allowed and account.active and not account.disabled and not account.must_change


def _usual_cost() -> HashCost:
    names = ("memory_kib", "time", "lanes")
    return HashCost(*(int(SETTINGS[f"hashing.{name}"].default) for name in names))
