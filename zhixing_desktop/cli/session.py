"""What every command shares: which database, whose hands, which time, how to print."""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
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
from zhixing_desktop.workflow.errors import InputRefusedError, UsageError

if TYPE_CHECKING:
    from zhixing_desktop.services.bureau import Actor, Bureau
    from zhixing_desktop.services.rules import Rules

DATABASE_VARIABLE = "ZHIXING_DATABASE"
NOW_VARIABLE = "ZHIXING_NOW"
USER_VARIABLE = "ZHIXING_USER"
COMMAND_LINE = "命令行"
_DAY_LENGTH = len("2024-02-05")


class Session:
    """One run of the command line; opens the database and the rules only when asked."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self._bureau: Bureau | None = None
        self._rules: Rules | None = None

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

    def bureau(self, *, create: bool = False, purpose: str = "bureau") -> Bureau:
        """Open the bureau's database."""
        if self._bureau is None:
            from zhixing_desktop.services.bureau import open_bureau

            self._bureau = open_bureau(
                self.database_url(),
                clock=self.clock(),
                resources=resources_dir(),
                workstation=platform.node() or COMMAND_LINE,
                create=create,
                purpose=purpose,
            )
        return self._bureau

    def actor(self) -> Actor:
        """Return who acts: ``--by`` or the variable names one of the staff; else nobody known."""
        from zhixing_desktop.services.bureau import Actor
        from zhixing_desktop.services.people import all_people, find_person

        name = getattr(self.options, "by", None) or os.environ.get(USER_VARIABLE)
        if not name:
            return Actor(COMMAND_LINE)
        try:
            return find_person(self.bureau(), name).actor()
        except InputRefusedError as error:
            there = [person.name for person in all_people(self.bureau()) if person.active]
            listed = f"名册中有：{'、'.join(there[:20])}。" if there else "名册还是空的。"
            raise InputRefusedError(
                f"{error.sentence}。{listed}用 zhixing people add 登记。", error.problems
            ) from error

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
