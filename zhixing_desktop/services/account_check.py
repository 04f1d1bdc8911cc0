"""Do the accounts stand as the journal says?  For ``check``: they are not rebuilt from it.

Whoever writes his own hash into the table, lifts a block, or adds an account past the program
leaves a row whose mark is not the one that was journalled last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from zhixing_desktop.models.tables import accounts, journal, staff
from zhixing_desktop.services.account_rows import mark_of
from zhixing_desktop.services.bureau import Bureau


def account_problems(bureau: Bureau) -> list[str]:
    """Return one sentence for each account that is not as it was journalled."""
    with bureau.database.reading() as conn:
        marks = _journalled(conn)
        joined = select(accounts, staff.c.name).join(staff, staff.c.id == accounts.c.staff_id)
        rows = conn.execute(joined.order_by(accounts.c.staff_id)).mappings().all()
    found = []
    for row in rows:
        wanted = marks.pop(row["staff_id"], None)
        if wanted is None:
            found.append(f"{row['name']}的账号在日志中没有来历：它是绕过程序添加的")
        elif wanted[1] != mark_of(dict(row)):
            found.append(f"{row['name']}的账号与日志不符：密码、登录名或者停用状态被绕过程序改过")
    found += [f"{name}的账号不见了：它被绕过程序删除了" for name, _ in marks.values()]
    return found


def _journalled(conn: Connection) -> dict[int, tuple[str, str]]:
    """Return name and last mark by the number of the person."""
    marks: dict[int, tuple[str, str]] = {}
    wanted = select(journal.c.payload).where(journal.c.action.like("account.%"))
    for changes in conn.scalars(wanted.order_by(journal.c.id)):
        for entry in _entries(changes):
            if "mark" in entry:
                marks[entry["staff_id"]] = (entry["name"], entry["mark"])
    return marks


def _entries(changes: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for change in changes:
        if change["op"] == "note":
            yield from change["data"].get("accounts", (change["data"],))
