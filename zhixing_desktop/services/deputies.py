"""Deputies: who stands in for whom, under which role, on which days, by which paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from zhixing_desktop.models.database import lock_people
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.models.tables import deputies, staff
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.permission import About, permit
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, RuleRefusedError

DEPUTISED = ("执行局长", "主管院领导", "院长", "审判管理办公室", "材料审核人", "财务")
"""Roles that decide or pay.  A case officer is changed, not stood in for."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deputy:
    """A deputy as the list shows it; ``state`` is ``coming``, ``now``, ``over`` or ``revoked``."""

    id: int
    principal: str
    deputy: str
    role: str
    from_on: date
    until_on: date
    paper: str
    named_by: str
    named_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    reason: str
    state: str

    def words(self) -> str:
        """Return what stands before a decision taken under it."""
        return acting_words(self.principal)


def acting_words(principal: str | None) -> str:
    """Return ``代X审批`` for a decision taken in somebody's place, empty for one's own."""
    return f"代{principal}审批" if principal else ""


def name_deputy(
    bureau: Bureau,
    actor: Actor,
    principal: str,
    deputy: str,
    role: str,
    from_on: date,
    until_on: date | None,
    paper: str,
) -> int:
    """Name a deputy for some days, both counted; return the row's number.  Journalled.

    ``paper`` is the document that names him.  Raises :class:`InputRefusedError` with everything
    that is wrong (a day that has passed, no end, too long, no such role, oneself, an
    administrator, overlapping days, a chain or circle of deputies), :class:`RuleRefusedError` for
    whoever may not name him.
    """
    with bureau.database.writing() as conn:
        now = bureau.database.now(conn)
        people = _people(conn, (principal, deputy), actor)
        permit(conn, bureau, actor, "deputy.name", about=About(owner=principal))
        problems = _people_problems(bureau, people, principal, deputy, role)
        problems += _day_problems(conn, from_on, until_on, now.date())
        if not paper.strip():
            problems.append(Problem("文件", "请写明指定代理人的文件名称和文号"))
        if not problems and until_on is not None:
            ids = people[principal]["id"], people[deputy]["id"]
            problems += _other_problems(conn, *ids, role, from_on, until_on)
        if problems or until_on is None:
            said = "；".join(problem.sentence for problem in problems)
            raise InputRefusedError(f"代理人没有指定：{said}。", problems)
        with Recorder(
            conn,
            at=now,
            actor=actor.name,
            action="deputy.name",
            workstation=bureau.workstation,
        ) as record:
            number = record.new_id(deputies)
            record.insert(
                deputies,
                {
                    "id": number,
                    "principal_id": people[principal]["id"],
                    "deputy_id": people[deputy]["id"],
                    "role": role,
                    "from_on": from_on,
                    "until_on": until_on,
                    "paper": paper.strip(),
                    "named_by": actor.name,
                    "named_at": now,
                    "reason": "",
                },
            )
    return number


def _people(conn: Connection, names: Sequence[str], actor: Actor) -> dict[str, Row]:
    """Return the rows of two people, whom nobody else names, and whose rights stay, until the end.

    Locked in one order with the row of the one who acts, so that two who name do not cross.
    """
    wanted = select(staff).where(staff.c.name.in_(names)).order_by(staff.c.id)
    ids = {row["id"] for row in conn.execute(wanted).mappings()}
    lock_people(conn, ids | ({actor.staff_id} if actor.staff_id is not None else set()))
    return {row["name"]: dict(row) for row in conn.execute(wanted).mappings()}


def _people_problems(
    bureau: Bureau, people: dict[str, Row], principal: str, deputy: str, role: str
) -> list[Problem]:
    found = []
    for label, name in (("被代理人", principal), ("代理人", deputy)):
        row = people.get(name)
        if row is None or not row["active"]:
            found.append(Problem(label, f"{label}“{name}”不在人员名册中，或者已不在岗"))
    if principal == deputy:
        found.append(Problem("代理人", "不能指定本人为自己的代理人"))
    if role not in DEPUTISED:
        found.append(
            Problem("角色", f"“{role}”不能由他人代理，可以代理的是：{'、'.join(DEPUTISED)}")
        )
    elif principal in people and role not in people[principal]["roles"]:
        found.append(Problem("角色", f"{principal}没有“{role}”这个角色，不能由他人代理"))
    separate = bureau.rules.matrix.separate
    held = separate.intersection(people[deputy]["roles"]) if deputy in people else frozenset()
    if held:
        names = "、".join(sorted(held))
        found.append(Problem("代理人", f"{deputy}是{names}，不得兼办案件，不能指定为代理人"))
    return found


def _day_problems(
    conn: Connection, from_on: date, until_on: date | None, today: date
) -> list[Problem]:
    if until_on is None:
        return [Problem("截止日期", "请写明代理截止的日期，不能没有期限")]
    found = []
    if from_on < today:
        found.append(Problem("起始日期", f"起始日期不能早于今天（{today}）"))
    if until_on < from_on:
        found.append(Problem("截止日期", "截止日期不能早于起始日期"))
    most = read_settings(conn).deputy_days
    if until_on >= from_on + timedelta(days=most):
        found.append(Problem("截止日期", f"一次代理最多{most}天（本院设置）"))
    return found


def _other_problems(
    conn: Connection, principal: int, deputy: int, role: str, from_on: date, until_on: date
) -> list[Problem]:
    """Overlapping days: one deputy a role, and no chain or circle of any length."""
    wanted = select(deputies).where(
        deputies.c.revoked_at.is_(None),
        deputies.c.until_on >= from_on,
        deputies.c.from_on <= until_on,
    )
    found = []
    for row in conn.execute(wanted).all():
        days = f"{row.from_on}至{row.until_on}"
        if row.principal_id == principal and row.role == role:
            found.append(Problem("期间", f"同一角色在{days}已经指定了代理人，请先撤销或者错开日期"))
        elif row.principal_id == deputy and row.deputy_id == principal:
            found.append(Problem("代理人", f"两人在{days}互为代理人，不能循环代理"))
        elif row.principal_id == deputy:
            found.append(Problem("代理人", f"代理人自己在{days}已由他人代理，不能再代理别人"))
        elif row.deputy_id == principal:
            found.append(
                Problem("被代理人", f"被代理人在{days}正代理别人，不能再由他人代理，代理权不能转托")
            )
    return found


def revoke_deputy(bureau: Bureau, actor: Actor, number: int, reason: str) -> None:
    """Take a deputy's power back from now on, with the reason; what he decided stands.

    Raises :class:`InputRefusedError` for an unknown or ended one or without a reason,
    :class:`RuleRefusedError` for whoever may not.
    """
    if not reason.strip():
        raise InputRefusedError("请写明撤销代理的理由", [Problem("理由", "理由不能为空")])
    with bureau.database.writing() as conn:
        now = bureau.database.now(conn)
        found = rows_where(conn, deputies, "id", number)
        if not found:
            raise InputRefusedError(f"没有第{number}号代理", [Problem("代理", str(number))])
        # What he decides at this moment is decided before, or not at all.
        lock_people(conn, [found[0]["deputy_id"], *filter(None, [actor.staff_id])])
        (row,) = rows_where(conn, deputies, "id", number)
        principal = str(
            conn.execute(select(staff.c.name).where(staff.c.id == row["principal_id"])).scalar()
        )
        permit(conn, bureau, actor, "deputy.revoke", about=About(owner=principal))
        if row["revoked_at"] is not None or row["until_on"] < now.date():
            raise RuleRefusedError("这项代理已经撤销或者期满，不需要再撤销。", data={"id": number})
        with Recorder(
            conn,
            at=now,
            actor=actor.name,
            action="deputy.revoke",
            workstation=bureau.workstation,
        ) as record:
            changed = {"revoked_by": actor.name, "revoked_at": now, "reason": reason.strip()}
            record.update(deputies, {"id": number}, row, changed)


def list_deputies(
    bureau: Bureau, *, person: str | None = None, everything: bool = False
) -> tuple[Deputy, ...]:
    """Return deputies, the newest first: those that hold or come, or all of them.

    ``person`` limits the list to where somebody is principal or deputy.
    """
    other = staff.alias("other")
    statement = (
        select(deputies, staff.c.name.label("principal"), other.c.name.label("deputy"))
        .join(staff, staff.c.id == deputies.c.principal_id)
        .join(other, other.c.id == deputies.c.deputy_id)
        .order_by(deputies.c.from_on.desc(), deputies.c.id.desc())
    )
    if person is not None:
        statement = statement.where((staff.c.name == person) | (other.c.name == person))
    with bureau.database.reading() as conn:
        today = bureau.database.now(conn).date()
        rows = conn.execute(statement).mappings().all()
    listed = [_deputy(dict(row), today) for row in rows]
    return tuple(e for e in listed if everything or e.state in ("coming", "now"))


def _deputy(row: Row, today: date) -> Deputy:
    state = "now"
    if row["revoked_at"] is not None:
        state = "revoked"
    elif row["until_on"] < today:
        state = "over"
    elif row["from_on"] > today:
        state = "coming"
    return Deputy(
        id=row["id"],
        principal=row["principal"],
        deputy=row["deputy"],
        role=row["role"],
        from_on=row["from_on"],
        until_on=row["until_on"],
        paper=row["paper"],
        named_by=row["named_by"],
        named_at=row["named_at"],
        revoked_by=row["revoked_by"],
        revoked_at=row["revoked_at"],
        reason=row["reason"],
        state=state,
    )


def standing_in(conn: Connection, staff_id: int, today: date) -> tuple[tuple[str, str, int], ...]:
    """Return as what somebody stands in today: role, principal's name and row number.

    Only where the principal still holds the role and is on duty.
    """
    statement = (
        select(deputies.c.role, staff.c.name, staff.c.id, staff.c.roles, staff.c.active)
        .join(staff, staff.c.id == deputies.c.principal_id)
        .where(
            deputies.c.deputy_id == staff_id,
            deputies.c.from_on <= today,
            deputies.c.until_on >= today,
            deputies.c.revoked_at.is_(None),
        )
        .order_by(deputies.c.id)
    )
    return tuple(
        (row.role, row.name, row.id)
        for row in conn.execute(statement)
        if row.active and row.role in row.roles
    )
