"""The bureau's people: names, roles, teams, an officer's clerk.

Roles of case work and the three administrators are kept apart (三员分立): whoever runs the program
does not work cases, and whoever grants rights does not run the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from zhixing_desktop.exchange.pinyin import initials
from zhixing_desktop.models.database import lock_people
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import accounts, deputies, staff
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StaleEditError,
)

SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDITOR = "系统管理员", "安全管理员", "审计员"
ADMINISTRATORS = (SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDITOR)
ROLES = (
    "立案人员",
    "承办人",
    "书记员",
    "执行局长",
    "主管院领导",
    "院长",
    "审判管理办公室",
    "材料审核人",
    "财务",
    "档案员",
    *ADMINISTRATORS,
)
APART = (
    "系统管理员、安全管理员、审计员不能由一人兼任，也不能兼任办案角色"
    "（三员分立，GB/T 22239—2019 8.1.4.2 访问控制 d 项）"
)
_MUST_STAY = (SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR)
STAFF_ACTIONS = ("staff.add", "staff.edit", "staff.roles", "account.first_start")
"""Under which names the journal tells of every change of a person's row."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the staff.

    ``clerk_id`` is the clerk who works with this officer; ``version`` grows with each change.
    ``title`` (审判员, 法官助理) and ``telephone`` of the office stand on papers.
    """

    id: int
    name: str
    roles: tuple[str, ...]
    team: str
    active: bool
    clerk_id: int | None = None
    version: int = 1
    title: str = ""
    telephone: str = ""

    def actor(self) -> Actor:
        """Return the person as the one who acts."""
        return Actor(self.name, self.roles, self.id)


def all_people(bureau: Bureau) -> tuple[Person, ...]:
    """Return everybody, in the order they were entered."""
    with bureau.database.reading() as conn:
        rows = conn.execute(select(staff).order_by(staff.c.id)).mappings().all()
    return tuple(_person(dict(row)) for row in rows)


def _person(row: Mapping[str, Any]) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        roles=tuple(row["roles"]),
        team=row["team"],
        active=row["active"],
        clerk_id=row["clerk_id"],
        version=row["version"],
        title=row["title"],
        telephone=row["telephone"],
    )


def find_person(bureau: Bureau, name: str) -> Person:
    """Return a person by name; :class:`InputRefusedError` when nobody is called so."""
    for person in all_people(bureau):
        if person.name == name and person.active:
            return person
    raise InputRefusedError(f"人员名册中没有“{name}”", [Problem("人员", "请先在人员名册中登记")])


def find_anybody(bureau: Bureau, word: str) -> Person:
    """Return a person by name or login, also one who has left.

    Raises :class:`InputRefusedError` when nobody is called so.
    """
    everybody = all_people(bureau)
    with bureau.database.reading() as conn:
        logins = select(accounts.c.staff_id).where(accounts.c.login == word.strip().casefold())
        number = conn.execute(logins).scalar()
    by_login = [person for person in everybody if person.id == number]
    by_name = [person for person in everybody if person.name == word.strip()]
    for person in (*by_login, *by_name):
        return person
    raise InputRefusedError(f"人员名册中没有“{word}”", [Problem("人员", "请先在人员名册中登记")])


def person_of(conn: Connection, staff_id: int) -> Person | None:
    """Return a person as the row stands now, ``None`` when there is no such number."""
    row = conn.execute(select(staff).where(staff.c.id == staff_id)).mappings().one_or_none()
    return None if row is None else _person(dict(row))


def person_id(conn: Connection, name: str | None) -> int | None:
    """Return the number of a person by name, ``None`` for nobody of that name."""
    if not name:
        return None
    found = conn.execute(select(staff.c.id).where(staff.c.name == name)).scalar()
    return None if found is None else int(found)


def role_problems(name: str, roles: Iterable[str]) -> list[Problem]:
    """Return what is wrong with a person's roles: unknown ones, ones that exclude each other."""
    wanted = list(dict.fromkeys(roles))
    where, whose = (name, f"“{name}”的") if name else ("角色", "")
    problems = [
        Problem(where, f"{whose}角色“{role}”不认识") for role in wanted if role not in ROLES
    ]
    if len(wanted) > 1 and any(role in ADMINISTRATORS for role in wanted):
        problems.append(Problem(where, f"{whose}角色不能并存：{APART}"))
    return problems


def add_people(
    bureau: Bureau, actor: Actor, people: Sequence[tuple[str, Sequence[str], str]]
) -> None:
    """Add people (name, roles, team); journalled.  Known names are left as they are.

    Whoever gives roles must also be allowed to; before the first start, when nobody can sign in,
    nobody is asked.  Raises :class:`InputRefusedError` naming every unknown role, roles that
    exclude each other and empty names, or the refusal of somebody who may not.
    """
    # With the rules of every step; whoever only looks people up does not pay for it.
    from zhixing_desktop.services.permission import permit

    problems = [problem for name, roles, _ in people for problem in role_problems(name, roles)]
    problems += [Problem("姓名", "姓名不能为空") for name, _, _ in people if not name.strip()]
    if problems:
        raise InputRefusedError("人员名册没有保存", problems)
    with bureau.database.writing() as conn:
        if conn.execute(select(accounts.c.staff_id).limit(1)).first() is not None:
            permit(conn, bureau, actor, "staff.edit")
            if any(roles for _, roles, _ in people):
                permit(conn, bureau, actor, "staff.roles")
        known = {row.name for row in conn.execute(select(staff.c.name))}
        fresh = [entry for entry in people if entry[0] not in known]
        if not fresh:
            return
        with _step(bureau, conn, actor, "staff.add") as record:
            for name, roles, team in fresh:
                enter_person(record, name, roles, team)


def enter_person(record: Recorder, name: str, roles: Sequence[str], team: str = "") -> None:
    """Write a new person within somebody else's step."""
    record.insert(
        staff, {"name": name, "initials": initials(name), "roles": list(roles), "team": team}
    )


# ---------------------------------------------------------------------------------------- changing


def change_roles(
    bureau: Bureau, actor: Actor, staff_id: int, roles: Sequence[str], *, version: int
) -> Person:
    """Give a person exactly these roles; ``version`` is the row's that was looked at.

    Raises :class:`InputRefusedError` (unknown roles, roles that exclude each other),
    :class:`RuleRefusedError` (the last administrator, one's own roles, not allowed) or
    :class:`StaleEditError` with both versions.
    """
    wanted = tuple(role for role in ROLES if role in roles)
    problems = role_problems("", roles)
    if problems:
        raise InputRefusedError("角色没有修改。", problems)
    if actor.staff_id == staff_id:
        raise RuleRefusedError(
            "自己的角色不能由自己修改，请另一名安全管理员办理。", data={"kind": "own_roles"}
        )
    return _change(bureau, actor, staff_id, version, "staff.roles", {"roles": wanted})


def set_active(
    bureau: Bureau, actor: Actor, staff_id: int, *, active: bool, version: int
) -> Person:
    """Let a person leave (the row and all that was done under the name stay) or come back.

    Raises as :func:`change_roles`.
    """
    if actor.staff_id == staff_id:
        raise RuleRefusedError("自己不能把自己设为离岗，请另一名系统管理员办理。")
    return _change(bureau, actor, staff_id, version, "staff.edit", {"active": active})


def set_team(bureau: Bureau, actor: Actor, staff_id: int, team: str, *, version: int) -> Person:
    """Put a person into a team; raises as :func:`change_roles`."""
    return _change(bureau, actor, staff_id, version, "staff.edit", {"team": team.strip()})


def set_clerk(
    bureau: Bureau, actor: Actor, staff_id: int, clerk_id: int | None, *, version: int
) -> Person:
    """Say which clerk works with an officer, ``None`` for nobody.

    Raises :class:`InputRefusedError` where one is no 承办人 or the other no 书记员; else as
    :func:`change_roles`.
    """
    return _change(bureau, actor, staff_id, version, "staff.edit", {"clerk_id": clerk_id})


def set_contact(
    bureau: Bureau, actor: Actor, staff_id: int, title: str, telephone: str, *, version: int
) -> Person:
    """Set the title and the office telephone that papers print; raises as :func:`change_roles`."""
    changed = {"title": title.strip(), "telephone": telephone.strip()}
    problems = [
        Problem(label, f"{label}不能含有换行或者看不见的字符")
        for label, words in (("职务", changed["title"]), ("办公电话", changed["telephone"]))
        if any(not sign.isprintable() for sign in words)
    ]
    if problems:
        raise InputRefusedError("职务和办公电话没有修改。", problems)
    return _change(bureau, actor, staff_id, version, "staff.edit", changed)


def _change(
    bureau: Bureau,
    actor: Actor,
    staff_id: int,
    version: int,
    act: str,
    changed: Mapping[str, Any],
) -> Person:
    # With the rules of every step; whoever only looks people up does not pay for it.
    from zhixing_desktop.services.permission import permit

    with bureau.database.writing() as conn:
        everybody = locked_staff(conn, staff_id, changed.get("clerk_id"))
        permit(conn, bureau, actor, act)
        before = everybody.get(staff_id)
        if before is None:
            raise InputRefusedError(
                f"人员名册中没有第{staff_id}号", [Problem("人员", "请先在人员名册中登记")]
            )
        if before.version != version:
            raise StaleEditError(
                f"{before.name}的资料刚刚被别人改过（您看到的是第{version}版，"
                f"现在是第{before.version}版）。没有保存，请刷新后核对再改。",
                data={"kind": "stale", "yours": version, "theirs": before.version},
            )
        after = replace(before, version=version + 1, **changed)
        if replace(after, version=version) == before:
            return before
        _check_clerk(everybody, after, changed)
        keep_an_administrator(conn, everybody, after)
        columns = (*changed, "version")
        with _step(bureau, conn, actor, act) as record:
            record.update(
                staff, {"id": staff_id}, _columns(before, columns), _columns(after, columns)
            )
    return after


def _columns(person: Person, names: Iterable[str]) -> dict[str, Any]:
    found = {name: getattr(person, name) for name in names}
    if "roles" in found:
        found["roles"] = list(found["roles"])
    return found


def _check_clerk(
    everybody: Mapping[int, Person], after: Person, changed: Mapping[str, Any]
) -> None:
    if changed.get("clerk_id") is None:
        return
    clerk = everybody.get(changed["clerk_id"])
    problems = []
    if "承办人" not in after.roles:
        problems.append(Problem("承办人", f"{after.name}不是承办人"))
    if clerk is None or not clerk.active or "书记员" not in clerk.roles:
        named = "所选的人" if clerk is None else clerk.name
        problems.append(Problem("书记员", f"{named}不是在岗的书记员"))
    if problems:
        raise InputRefusedError("书记员没有指定。", problems)


def locked_staff(conn: Connection, *changed: int | None) -> dict[int, Person]:
    """Return everybody by number, before some of them are changed.

    Until the transaction ends nobody else changes these, those who act in their place or for them,
    and those who keep the program running; steps of theirs that are under way have ended.
    """
    if conn.dialect.name == "postgresql":
        lock_people(conn, _touched(conn, {number for number in changed if number is not None}))
    return _everybody(conn)


def _touched(conn: Connection, changed: set[int]) -> set[int]:
    """Return whose rights hang on these people's: themselves, their clerks, their deputies.

    And the administrators, so that two do not dismiss each other at once.
    """
    everybody = _everybody(conn)
    found = {p.id for p in everybody.values() if any(role in _MUST_STAY for role in p.roles)}
    found |= changed & everybody.keys()
    found |= {clerk for n in found if (clerk := everybody[n].clerk_id) is not None}
    acting = select(deputies.c.deputy_id).where(
        deputies.c.principal_id.in_(changed), deputies.c.revoked_at.is_(None)
    )
    return found | set(conn.scalars(acting))


def _everybody(conn: Connection) -> dict[int, Person]:
    rows = conn.execute(select(staff).order_by(staff.c.id)).mappings()
    return {row["id"]: _person(dict(row)) for row in rows}


def keep_an_administrator(conn: Connection, everybody: Mapping[int, Person], after: Person) -> None:
    """Refuse a change after which nobody could run the program or grant rights any more.

    ``everybody`` is as :func:`locked_staff` gave it, ``after`` the person as changed.  Counted are
    those who are there, and of them those who can sign in.
    """
    disabled = select(accounts.c.staff_id).where(~accounts.c.disabled)
    can_enter = {row.staff_id for row in conn.execute(disabled)}
    changed = {**everybody, after.id: after}
    for role in _MUST_STAY:
        for numbers in (everybody.keys(), can_enter):
            if _holders(everybody, role, numbers) and not _holders(changed, role, numbers):
                raise RuleRefusedError(
                    f"{after.name}是唯一能登录的{role}，不能去掉，否则以后没有人能办理{role}的事。"
                    f"请先另设一名{role}并建立账号。",
                    data={"kind": "last_administrator", "role": role},
                )


def _holders(people: Mapping[int, Person], role: str, numbers: Iterable[int]) -> list[int]:
    wanted = set(numbers)
    return [p.id for p in people.values() if p.id in wanted and p.active and role in p.roles]


def _step(bureau: Bureau, conn: Connection, actor: Actor, action: str) -> Recorder:
    return Recorder(
        conn,
        at=bureau.database.now(conn),
        actor=actor.name,
        action=action,
        workstation=bureau.workstation,
    )
