"""What can go wrong with a database, and the sentence for each: one place, nothing swallowed.

``StoreError.data["kind"]`` names the failure for a program.  An error that is not listed here is a
defect and passes through unchanged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from zhixing_desktop.workflow.errors import StaleEditError, StoreError, ZhixingError

if TYPE_CHECKING:
    import psycopg

_UNSAVED = "这一步没有保存，填好的内容还在。"

SENTENCES = {
    # Met while working.
    "locked": f"另一个程序正在写数据库，等了一会儿还没有轮到。{_UNSAVED}请稍等片刻再试一次。",
    "busy": f"有别的工作站同时在改相同的内容，数据库让这一步退出。{_UNSAVED}请再试一次。",
    "full": f"磁盘满了。{_UNSAVED}请清理数据库所在的磁盘后再试一次。",
    "readonly": f"数据库不能写入：文件、文件夹或服务器是只读的。{_UNSAVED}"
    "请系统管理员给当前用户写入权限后再试。",
    "io": f"读写磁盘时出错。{_UNSAVED}请检查磁盘是否还连着、是否有坏道，再重新打开程序。",
    "torn": "数据库文件已损坏，请不要再写入。"
    "请保留这个文件，用最近一次备份恢复，并通知系统管理员。",
    "unreachable": f"连不上数据库服务器。{_UNSAVED}请检查网线和服务器，再试一次。",
    "login": "数据库服务器拒绝登录：用户名或密码不对。请系统管理员核对连接地址。",
    "permission": "数据库用户没有所需的权限。请系统管理员在服务器上授权后再试。",
    "no_database": "数据库服务器上没有这个数据库。请系统管理员先建立它，或核对连接地址。",
    "append_only": "事实、日志和修改记录只能追加，不能改也不能删。"
    "要更正，请另行登记一条更正并写明理由。",
    "clock_back": f"时钟被调回过：现在是 {{now}}，而数据库在 {{seen}} 已经写过。{_UNSAVED}"
    "请先把时钟校准；如果错的是当时的时钟，请系统管理员核对后确认现在的时间。",
    "algorithm": "这台电脑不能计算日志使用的杂凑算法 {algorithm}。"
    "请安装带有该算法的程序版本，或请系统管理员改用 sha256。",
    # Met when opening.
    "missing": "找不到数据库：{place}。请检查位置是否正确；如果是第一次使用，请先建立数据库。",
    "empty": "这里还没有建立知行的数据库：{place}。请先建立，或检查位置是否正确。",
    "not_a_database": "这个文件不是数据库，或者文件头已损坏：{place}。"
    "请选择正确的文件，或用备份恢复。",
    "foreign": "这是别的程序的数据库，知行不会动它：{place}。请另选一个位置。",
    "cannot_open": "打不开数据库文件：{place}。请检查文件夹是否存在、当前用户是否有权限。",
    "newer": "数据库已由更新版本的知行升级（数据库第 {found} 版，本程序只认识到第 {known} 版）。"
    "请先升级这台电脑上的程序。",
    "older": "数据库的结构比程序旧（数据库第 {found} 版，程序第 {known} 版）。"
    "请系统管理员关闭各工作站的程序，先用 pg_dump 备份，再执行 zhixing upgrade --saved。",
    "network": "数据库不能放在网络盘上（{place}，{filesystem}），多人同时写会损坏数据。"
    "请放到本机磁盘；几台电脑合用请使用 PostgreSQL。",
    "wal": "这个磁盘不支持数据库所需的写入方式：{place}。请把数据库放到本机的普通磁盘上。",
    "in_use": "这个数据库已经在另一个知行窗口中打开（{holder}）。请先关闭那个窗口。",
    "test_clock": "正式数据库不接受测试时钟，程序没有打开它。请去掉测试时间，或换用示例数据库。",
    "purpose": "这个数据库的用途是“{found}”，不能当作“{wanted}”使用。请换一个位置。",
    "encoding": "PostgreSQL 数据库的编码是 {encoding}，存不下全部汉字。"
    "请系统管理员以 UTF8 重建数据库。",
    "upgrade_failed": "数据库升级没有完成，已经全部退回，原有数据不变（备份在 {backup}）。"
    "请通知系统管理员。",
    # Backups.
    "exists": "目标文件已经存在，为免覆盖没有写入：{place}。请换一个文件名。",
    "bad_backup": "这个备份不能用：{place}（{why}）。请换一份备份。",
    "pg_dump": "PostgreSQL 的备份由服务器的工具完成，请系统管理员执行："
    "pg_dump --format=custom --file=备份文件 数据库名。"
    "文书、扫描件不在数据库里，而在各工作站共用的数据文件夹：请在导出数据库之后把整个文件夹一并复制；"
    "恢复以后用 zhixing check 核对，缺少的文件会逐一列出。",
}

_SQLITE_KINDS = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_PERM: "readonly",
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_CORRUPT: "torn",
    sqlite3.SQLITE_NOTADB: "not_a_database",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
    sqlite3.SQLITE_CONSTRAINT_TRIGGER: "append_only",
}
_SQLITE_DUPLICATE = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)

# By the first characters of the server's SQLSTATE; the longest that fits counts.
_PG_KINDS = {
    "08": "unreachable",
    "57P": "unreachable",
    "25P03": "unreachable",
    "53300": "unreachable",
    "53100": "full",
    "55P03": "locked",
    "57014": "locked",
    "40": "busy",
    "25006": "readonly",
    "28": "login",
    "3D000": "no_database",
    "42501": "permission",
    "58": "io",
    "XX001": "torn",
    "XX002": "torn",
    "ZX001": "append_only",
}
_PG_DUPLICATE = "23505"

# A refused connection has no SQLSTATE, only words.
_PG_WORDS = {
    "authentication failed": "login",
    "no password supplied": "login",
    'FATAL:  role "': "login",
    'FATAL:  database "': "no_database",
}


def refuse(kind: str, **data: object) -> StoreError:
    """Return the ``StoreError`` of ``kind``; ``data`` fills its sentence and goes along."""
    return StoreError(SENTENCES[kind].format_map(data), data={"kind": kind, **data})


def translate(error: BaseException, place: str = "") -> ZhixingError | None:
    """Return what a person should read about a driver's error; ``None`` for a defect."""
    cause: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _from_sqlite(cause, place)
    if cause is not None and type(cause).__module__.startswith("psycopg"):
        return _from_pg(cause, place)
    return None


@contextmanager
def translated(place: str = "") -> Iterator[None]:
    """Within it, a driver's error becomes the program's; the original is its cause."""
    try:
        yield
    except Exception as error:
        if (known := translate(error, place)) is None:
            raise
        raise known from error


def _from_sqlite(error: sqlite3.Error, place: str) -> ZhixingError | None:
    code = getattr(error, "sqlite_errorcode", None)  # absent when Python itself complains
    if code is None:
        return None
    if code in _SQLITE_DUPLICATE:
        # UNIQUE constraint failed: facts.case_id, facts.seq
        names = str(error).rpartition(": ")[2]
        return _duplicate(names.partition(".")[0], str(error))
    kind = _SQLITE_KINDS.get(code) or _SQLITE_KINDS.get(code & 0xFF)
    return None if kind is None else _known(kind, place, error)


def _from_pg(error: Any, place: str) -> ZhixingError | None:
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state == _PG_DUPLICATE:
        return _duplicate(error.diag.table_name or "", str(error))
    if state is None:
        kind = _of_connection(error)
    else:
        fits = [begin for begin in _PG_KINDS if state.startswith(begin)]
        kind = _PG_KINDS[max(fits, key=len)] if fits else None
    return None if kind is None else _known(kind, place, error)


def _of_connection(error: psycopg.Error) -> str | None:
    """Name an error that the server did not number: the connection failed or broke."""
    import psycopg

    if not isinstance(error, psycopg.OperationalError):
        return None
    words = str(error)
    found = [kind for word, kind in _PG_WORDS.items() if word in words]
    return found[0] if found else "unreachable"


def _known(kind: str, place: str, error: BaseException) -> StoreError:
    return refuse(kind, place=place, detail=str(error).strip())


def _duplicate(table: str, detail: str) -> StaleEditError:
    """Return the refusal of a row that somebody else wrote first."""
    return StaleEditError(
        f"同样的内容刚刚已有人登记。{_UNSAVED}请刷新后核对再试。",
        data={"kind": "duplicate", "table": table, "detail": detail},
    )
