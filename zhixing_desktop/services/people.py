"""The bureau's people: names, roles, teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from zhixing_desktop.exchange.pinyin import initials
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import staff
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

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
    "系统管理员",
    "安全管理员",
    "审计员",
)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the staff."""

    id: int
    name: str
    roles: tuple[str, ...]
    team: str
    active: bool

    def actor(self) -> Actor:
        """Return the person as the one who acts."""
        return Actor(self.name, self.roles, self.id)


def all_people(bureau: Bureau) -> tuple[Person, ...]:
    """Return everybody, in the order they were entered."""
    with bureau.database.reading() as conn:
        rows = conn.execute(select(staff).order_by(staff.c.id)).all()
    return tuple(Person(r.id, r.name, tuple(r.roles), r.team, r.active) for r in rows)


def find_person(bureau: Bureau, name: str) -> Person:
    """Return a person by name; :class:`InputRefusedError` when nobody is called so."""
    for person in all_people(bureau):
        if person.name == name and person.active:
            return person
    raise InputRefusedError(f"人员名册中没有“{name}”", [Problem("人员", "请先在人员名册中登记")])


def person_id(conn: Connection, name: str | None) -> int | None:
    """Return the number of a person by name, ``None`` for nobody of that name."""
    if not name:
        return None
    found = conn.execute(select(staff.c.id).where(staff.c.name == name)).scalar()
    return None if found is None else int(found)


def add_people(
    bureau: Bureau, actor: Actor, people: Sequence[tuple[str, Sequence[str], str]]
) -> None:
    """Add people (name, roles, team); journalled.  Known names are left as they are.

    Raises :class:`InputRefusedError` naming every unknown role and empty name.
    """
    problems = [
        Problem(name or "（空）", f"“{name}”的角色“{role}”不认识")
        for name, roles, _ in people
        for role in roles
        if role not in ROLES
    ]
    problems += [Problem("姓名", "姓名不能为空") for name, _, _ in people if not name.strip()]
    if problems:
        raise InputRefusedError("人员名册没有保存", problems)
    with bureau.database.writing() as conn:
        now = bureau.database.now(conn)
        known = {row.name for row in conn.execute(select(staff.c.name))}
        fresh = [entry for entry in people if entry[0] not in known]
        if not fresh:
            return
        with Recorder(
            conn, at=now, actor=actor.name, action="staff.add", workstation=bureau.workstation
        ) as record:
            for name, roles, team in fresh:
                record.insert(
                    staff,
                    {"name": name, "initials": initials(name), "roles": list(roles), "team": team},
                )
