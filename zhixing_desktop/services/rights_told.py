"""Does a person's row say what the journal says of it?  Asked when somebody signs in.

Whoever writes a role into the table past the program would otherwise act under it until somebody
runs ``check``.  The journal tells of every change of a person's row, and whoever altered that as
well is found by the printed heads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from json import loads
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.people import STAFF_ACTIONS, Person
from zhixing_desktop.workflow.errors import RuleRefusedError

_TOLD = (
    f"SELECT payload FROM journal WHERE action IN ({', '.join('?' * len(STAFF_ACTIONS))}) "  # noqa: S608 - marks only
    "ORDER BY id DESC"
)
_WORDS = {"name": "姓名", "roles": "角色", "active": "在岗", "team": "团队", "clerk_id": "书记员"}
"""What of a person's row gives rights."""


def told_of(conn: Connection, staff_id: int) -> dict[str, Any] | None:
    """Return what the journal said last of what gives a person rights; ``None``: nothing at all.

    From the end, as far as needed: the last change of each column counts.
    """
    found: dict[str, Any] = {}
    for change in _changes(conn, staff_id):
        after = change["after"] or {}
        found = {name: value for name, value in after.items() if name in _WORDS} | found
        if change["op"] == "insert":
            return {name: found.get(name) for name in _WORDS}
    return None


def _changes(conn: Connection, staff_id: int) -> Iterator[Mapping[str, Any]]:
    for (payload,) in ask(conn, _TOLD, STAFF_ACTIONS):
        for change in reversed(loads(payload) if isinstance(payload, str) else payload):
            if change.get("table") != "staff":
                continue
            number = (change["after"] or {}).get("id") or (change["key"] or {}).get("id")
            if number == staff_id:
                yield change


def refusal_of(conn: Connection, person: Person) -> RuleRefusedError | None:
    """Return why somebody may not come in whose row was changed past the program."""
    told = told_of(conn, person.id)
    wrong = list(_WORDS.values())
    if told is not None:
        stands = {name: getattr(person, name) for name in _WORDS}
        wrong = [
            word
            for name, word in _WORDS.items()
            if _plain(told[name], name) != _plain(stands[name], name)
        ]
    if not wrong:
        return None
    return RuleRefusedError(
        f"{person.name}在人员名册中的{'、'.join(wrong)}与日志记载的不一致，是被人绕过程序改动的，不能登录。"
        "请告诉安全管理员和审计员：由系统管理员“检查数据库”找出改动，"
        "由安全管理员重新授予角色，或者用最近一次备份恢复。",
        data={"kind": "row_changed", "columns": wrong},
    )


def _plain(value: Any, name: str) -> Any:
    """Return a value as it compares: the journal keeps it as the database stores it."""
    if name == "roles":
        return tuple(loads(value) if isinstance(value, str) else value or ())
    if name == "active":
        return bool(value)
    return value
