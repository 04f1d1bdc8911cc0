"""The accounts of a database that is for trying things: everybody, with one known password.

Never in a real bureau's database: the password stands in the handbook.
"""

from __future__ import annotations

from sqlalchemy import select

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import accounts, staff
from zhixing_desktop.services import sample_names as names
from zhixing_desktop.services.account_rows import mark_now
from zhixing_desktop.services.accounts import enter_account, prepared
from zhixing_desktop.services.bureau import SYSTEM, Bureau
from zhixing_desktop.services.bureau_settings import CourtProfile, enter_settings, read_settings
from zhixing_desktop.workflow.errors import RuleRefusedError

SAMPLE_PASSWORD = "Shili-2024"
SAMPLE_COURT = CourtProfile(
    name="焦作市山阳区人民法院",
    code="豫0811",
    superior="河南省焦作市中级人民法院",
    high="河南省高级人民法院",
    letterhead=(),
    address="焦作市山阳区人民路1838号",
    phone="0391-3688123",
    postcode="454002",
    account_name="焦作市山阳区人民法院执行款专户",
    account_bank="中国农业银行焦作山阳支行",
    account_number="16395101040012345",
    supervision_phone="0391-3688111",
)

_PROFILE = (
    *("name", "code", "superior", "high", "address", "phone", "postcode"),
    *("account_name", "account_bank", "account_number", "supervision_phone"),
)


def court_settings(court: CourtProfile) -> dict[str, str]:
    """Return a court's profile as the settings that hold it."""
    return {f"court.{name}": getattr(court, name) for name in _PROFILE if getattr(court, name)}


def sample_people() -> list[tuple[str, tuple[str, ...], str]]:
    """Return the sample's staff: name, roles, team."""
    made: list[tuple[str, tuple[str, ...], str]] = []
    for place, name in enumerate(names.OFFICERS):
        made.append((name, ("承办人",), names.TEAMS[place % len(names.TEAMS)]))
    for place, name in enumerate(names.CLERKS):
        made.append((name, ("书记员",), names.TEAMS[place % len(names.TEAMS)]))
    made.extend((name, roles, "") for name, roles in names.OTHERS)
    return made


def give_accounts(bureau: Bureau, court: CourtProfile | None = None) -> int:
    """Give everybody without an account one with ``SAMPLE_PASSWORD``; return how many.

    The login is the name.  ``court`` is written as the court's profile.  Raises
    :class:`RuleRefusedError` in a real bureau's database.
    """
    if bureau.database.purpose == "bureau":
        raise RuleRefusedError("示例密码只能用于示例或者试验数据库，正式数据库不能使用。")
    settings = read_settings(bureau)
    with bureau.database.reading() as conn:
        there = {row.staff_id for row in conn.execute(select(accounts.c.staff_id))}
        wanted = conn.execute(select(staff).order_by(staff.c.id)).all()
    fresh = [row for row in wanted if row.id not in there]
    made = [
        prepared(bureau, settings, row.name, row.name, SAMPLE_PASSWORD, must_change=False)
        for row in fresh
    ]
    if not fresh and court is None:
        return 0
    with bureau.database.writing() as conn:
        now = bureau.database.now(conn)
        for row, new in zip(fresh, made, strict=True):
            enter_account(conn, row.id, new, now)
        with Recorder(
            conn,
            at=now,
            actor=SYSTEM.name,
            action="account.create",
            workstation=bureau.workstation,
        ) as record:
            told = [
                {"staff_id": row.id, "name": row.name, "login": new.login, **mark_now(conn, row.id)}
                for row, new in zip(fresh, made, strict=True)
            ]
            record.note({"accounts": told})
            if court is not None:
                enter_settings(bureau, conn, record, SYSTEM, court_settings(court), "示例")
    return len(fresh)
