"""The check of a whole database, for the administrator and before a handover."""

from __future__ import annotations

from sqlalchemy import Connection

from zhixing_desktop.models.chain import verify
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.replay import differences
from zhixing_desktop.models.tables import APPEND_ONLY
from zhixing_desktop.workflow.errors import StoreError

_TRIGGERS = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        ("no_update", "no_delete", "no_replace"),
    ),
    # One that is switched off is as good as none.
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgenabled = 'O' AND NOT tgisinternal",
        ("no_change", "no_truncate"),
    ),
}


def check(database: Database) -> list[str]:
    """Return in Chinese what is wrong with the database; empty when all is well.

    Looks at the file (SQLite), the references, the triggers that protect facts and journal, the
    chain of the journal, and whether the journal gives the tables again.  Reads everything: minutes
    for a large bureau.
    """
    try:
        with database.reading() as conn:
            problems = [*_file(conn), *_triggers(conn)]
            found = verify(conn)
            if not found.ok:
                problems.append(found.sentence)
            return [*problems, *differences(conn)]
    except StoreError as error:
        return [error.sentence]


def _file(conn: Connection) -> list[str]:
    if conn.dialect.name != "sqlite":
        return []
    problems = [
        f"数据库文件内部有错：{words}。请保留这个文件并用备份恢复。"
        for (words,) in conn.exec_driver_sql("PRAGMA integrity_check(20)")
        if words != "ok"
    ]
    for table, row, parent, _ in conn.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20):
        problems.append(f"表 {table} 的第 {row} 行指向表 {parent} 中不存在的行。")
    return problems


def _triggers(conn: Connection) -> list[str]:
    question, endings = _TRIGGERS[conn.dialect.name]
    present = {name for (name,) in conn.exec_driver_sql(question)}
    return [
        f"表 {table.name} 的保护（触发器 {table.name}_{ending}）被去掉或停用了。"
        for table in APPEND_ONLY
        for ending in endings
        if f"{table.name}_{ending}" not in present
    ]
