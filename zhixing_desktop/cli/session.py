"""What every command shares: which database, whose hands, which time, how to print."""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import stat
import sys
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhixing_desktop.clock import Clock, FixedClock, SystemClock
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.errors import RuleRefusedError, StoreError, UsageError

if TYPE_CHECKING:
    from zhixing_desktop.services.bureau import Actor, Bureau
    from zhixing_desktop.services.rules import Rules

DATABASE_VARIABLE = "ZHIXING_DATABASE"
NOW_VARIABLE = "ZHIXING_NOW"
USER_VARIABLE = "ZHIXING_USER"
PASSWORD_VARIABLE = "ZHIXING_PASSWORD"
WITNESS_PASSWORD_VARIABLE = "ZHIXING_WITNESS_PASSWORD"
NEW_PASSWORD_VARIABLE = "ZHIXING_NEW_PASSWORD"
COMMAND_LINE = "命令行"
_DAY_LENGTH = len("2024-02-05")


class Session:
    """One run of the command line; opens the database and the rules only when asked."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self._bureau: Bureau | None = None
        self._rules: Rules | None = None
        self._actor: Actor | None = None

    @property
    def as_json(self) -> bool:
        """Whether the answer is wanted as JSON."""
        return bool(getattr(self.options, "json", False))

    def clock(self) -> Clock:
        """Return the system's clock, or the test clock that was asked for."""
        text = getattr(self.options, "now", None) or os.environ.get(NOW_VARIABLE)
        return FixedClock(moment(text)) if text else SystemClock()

    def database_url(self) -> str:
        """Return the database's address: option, variable, then the settings file."""
        given = getattr(self.options, "database", None) or os.environ.get(DATABASE_VARIABLE)
        if not given:
            from zhixing_desktop.settings import load_settings

            given = load_settings().database_url
        return as_url(given)

    def rules(self) -> Rules:
        """Return rulebook and calendar, with the court's edits when a database is named."""
        if self._bureau is not None:
            return self._bureau.rules
        if self._rules is None:
            from zhixing_desktop.services.rules import load_rules

            named = getattr(self.options, "database", None) or os.environ.get(DATABASE_VARIABLE)
            self._rules = self.bureau().rules if named else load_rules(resources_dir())
        return self._rules

    def bureau(self) -> Bureau:
        """Open the bureau's database for the person who signs in."""
        self.actor()
        return self.open_bureau()

    def open_bureau(
        self, *, create: bool = False, purpose: str = "bureau", upgrade: bool = False
    ) -> Bureau:
        """Open the bureau's database without asking who it is.

        For what time alone brings (``sweep``), for the first start, for changing a password, and
        for the upgrade of a schema that this program cannot sign in to yet.
        """
        if self._bureau is None:
            url = self.database_url()
            self._bureau = self._opened(url, create=create, purpose=purpose, upgrade=upgrade)
        return self._bureau

    def open_at(self, path: Path) -> Bureau:
        """Open a database that has just been put there; the only one of this run."""
        self._bureau = self._opened(as_url(str(path)))
        return self._bureau

    def _opened(self, url: str, **more: Any) -> Bureau:
        from zhixing_desktop.services.bureau import open_bureau
        from zhixing_desktop.settings import load_settings, shared_files

        return open_bureau(
            url,
            clock=self.clock(),
            resources=resources_dir(),
            workstation=platform.node() or COMMAND_LINE,
            files_dir=shared_files(load_settings()),
            **more,
        )

    def actor(self) -> Actor:
        """Return who has signed in with ``--by`` and a password; asked once in a run.

        Raises ``RuleRefusedError`` when nobody is named, nobody has an account yet, the password
        does not fit or has to be changed first.
        """
        if self._actor is None:
            from zhixing_desktop.services.accounts import sign_in

            bureau = self.open_bureau()
            self._refuse_first_start(bureau)
            login, password = self.credentials()
            signed = sign_in(bureau, login, password)
            if signed.must_change:
                raise RuleRefusedError(
                    f"{signed.must_change}用 zhixing account password 更换。",
                    data={"kind": "must_change"},
                )
            self._actor = signed.actor
        return self._actor

    def witness(self) -> Actor | None:
        """Return the second person who has signed in with ``--witness``; ``None`` without one.

        Raises as :meth:`actor`.
        """
        from zhixing_desktop.services.signing_in import sign_in_beside

        login = self.options.witness
        if not login:
            return None
        file = self.options.witness_password_file
        password = _secret(file, WITNESS_PASSWORD_VARIABLE, f"会同人{login}的密码：")
        if password is None:
            raise RuleRefusedError(
                f"没有会同人的密码。请由本人输入，或者放在变量 {WITNESS_PASSWORD_VARIABLE}、"
                "写在 --witness-password-file 的文件里。",
                data={"kind": "no_password"},
            )
        return sign_in_beside(self.open_bureau(), login, password)

    def _refuse_first_start(self, bureau: Bureau) -> None:
        from zhixing_desktop.services.first_start import needs_first_start

        if needs_first_start(bureau):
            raise RuleRefusedError(
                "这个数据库还没有账号，谁也不能办理。请先完成首次启动："
                "打开窗口，或者用 zhixing init --admin 姓名 --security 姓名 --court 法院名称。",
                data={"kind": "first_start"},
            )

    def credentials(self) -> tuple[str, str]:
        """Return the login that was named and its password, from wherever it was given."""
        login = getattr(self.options, "by", None) or os.environ.get(USER_VARIABLE)
        if not login:
            raise RuleRefusedError(
                "没有说明由谁办理。请用 --by 写明登录名或者姓名（也可以放在变量 "
                f"{USER_VARIABLE}），密码放在变量 {PASSWORD_VARIABLE}、写在 --password-file "
                "的文件里，或者当场输入。",
                data={"kind": "nobody"},
            )
        return str(login), self.password(f"{login}的密码：")

    def password(self, question: str) -> str:
        """Return the password: file, variable, or typed unseen at a terminal; never an argument."""
        found = _secret(getattr(self.options, "password_file", None), PASSWORD_VARIABLE, question)
        if found is None:
            raise RuleRefusedError(
                f"没有密码。请放在变量 {PASSWORD_VARIABLE}，写在 --password-file 的文件里，"
                "或者在终端上当场输入；密码不能写在命令中。",
                data={"kind": "no_password"},
            )
        return found

    def close(self) -> None:
        """Close what was opened."""
        if self._bureau is not None:
            self._bureau.close()

    def show(self, data: Any, lines: Sequence[str] | None = None) -> None:
        """Print an answer: JSON when asked for, else lines for a person."""
        if self.as_json or lines is None:
            text = json.dumps(plain(data), ensure_ascii=False, indent=2)
            sys.stdout.write(text + "\n")
        else:
            sys.stdout.write("\n".join(lines) + "\n")


def new_password(session: Session, *, asked: bool) -> str | None:
    """Return the new password that was given; with ``asked`` it is typed twice where it was not.

    Raises :class:`RuleRefusedError` when the two differ or there is no terminal to ask at.
    """
    question = "新密码：" if asked else ""
    file = getattr(session.options, "new_password_file", None)
    found = _secret(file, NEW_PASSWORD_VARIABLE, question)
    if found is None and asked:
        raise RuleRefusedError(
            f"没有新密码。请放在变量 {NEW_PASSWORD_VARIABLE}，写在 --new-password-file 的文件里，"
            "或者在终端上当场输入。"
        )
    typed = asked and not file and NEW_PASSWORD_VARIABLE not in os.environ
    if typed and _secret(None, "", "再输入一次新密码：") != found:
        raise RuleRefusedError("两次输入的新密码不一样，密码没有修改。")
    return found


def _secret(file: str | None, variable: str, question: str) -> str | None:
    """Return the first line of a file, else the variable, else what is typed unseen."""
    if file:
        path = Path(file).expanduser()
        with path.open(encoding="utf-8-sig") as lines:
            others = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
            if others and os.name == "posix":
                raise StoreError(
                    f"密码文件“{file}”别人也能读写，没有使用。请先执行：chmod 600 {file}",
                    data={"kind": "open_password_file"},
                )
            return lines.readline().rstrip("\r\n")
    if variable and os.environ.get(variable) is not None:
        return os.environ[variable]
    if question and sys.stdin is not None and sys.stdin.isatty():
        from getpass import getpass

        return getpass(question)
    return None


def as_url(given: str) -> str:
    """Return a database address; a plain path means an SQLite file."""
    if "://" in given:
        return given
    return f"sqlite:///{Path(given).expanduser().resolve()}"


def moment(text: str) -> datetime:
    """Read an ISO day or moment in court time; :class:`UsageError` for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(_no_moment(text)) from error
    if found.tzinfo is not None:
        raise UsageError(f"“{text}”带有时区。时间按本院所在地时间填写，不要写时区。")
    return found.replace(microsecond=0)


def _no_moment(text: str) -> str:
    shape = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:$|[T ])", text.strip())
    if shape is not None:
        year, month, number = map(int, shape.groups())
        if year and not 1 <= month <= 12:
            return f"“{text}”中没有{month}月这个月份，请核对。"
        if year and not 1 <= number <= monthrange(year, month)[1]:
            return f"{year}年{month}月没有{number}日，请核对“{text}”。"
    return f"“{text}”不是日期或者时间，应当形如 2024-02-05 或者 2024-02-05T09:30。"


def day_or_moment(text: str) -> date:
    """Read a day, or a moment where an hour is written; errors as above."""
    found = moment(text)
    return found if len(text.strip()) > _DAY_LENGTH else found.date()


def day_end(text: str) -> datetime:
    """Read a moment; a day alone is its last second."""
    found = day_or_moment(text)
    return found if isinstance(found, datetime) else datetime.combine(found, time(23, 59, 59))


def pairs(entries: Sequence[str], data: str | None = None) -> dict[str, Any]:
    """Read ``name=value`` arguments and a JSON object; values in JSON where they are JSON.

    Raises :class:`UsageError` for what is neither.
    """
    found: dict[str, Any] = {}
    if data:
        try:
            loaded = json.loads(data)
        except json.JSONDecodeError as error:
            raise UsageError(f"--data 不是 JSON：{error}") from error
        if not isinstance(loaded, dict):
            raise UsageError("--data 应当是 JSON 对象。")
        found.update(loaded)
    for entry in entries:
        name, mark, value = entry.partition("=")
        if not mark:
            raise UsageError(f"“{entry}”应当写成 字段=值。")
        found[name.strip()] = value
    return found


def plain(value: Any) -> Any:
    """Return a value as JSON-ready data: local ISO times, amounts as text, words of enums."""
    if isinstance(value, date):  # a moment is a day, too
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(entry) for entry in value]
    return value
