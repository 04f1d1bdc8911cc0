"""The command line in the test's own process: words in, exit code and output back."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from helpers.desk import CASHIER, CHECKER, CHIEF, CLERK, FILER, LEADER, OFFICER, PRESIDENT, REVIEWER
from helpers.offices import open_at
from helpers.scenarios import Scenario
from zhixing_desktop.cli import main
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services.bureau import SYSTEM
from zhixing_desktop.services.people import add_people
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD, give_accounts

CASE = "（2024）豫0811执1号"
ADMIN, SECURITY, AUDITOR = "何管理", "安保员", "贺审计"
PEOPLE = (
    (OFFICER, "承办人"),
    ("孙承办", "承办人"),
    ("孙法官", "承办人"),
    (CLERK, "书记员"),
    (FILER, "立案人员"),
    (CHIEF, "执行局长"),
    (LEADER, "主管院领导"),
    (PRESIDENT, "院长"),
    (REVIEWER, "审判管理办公室"),
    (CHECKER, "材料审核人"),
    (CASHIER, "财务"),
    (ADMIN, "系统管理员"),
    (SECURITY, "安全管理员"),
    (AUDITOR, "审计员"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer of a run with ``--json``."""
        return json.loads(self.out)


@dataclass(slots=True)
class CommandLine:
    """Runs commands against one database, with a clock that the test sets."""

    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    folder: Path
    counted: int = field(default=0)

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / "bureau.db"

    def run(self, *words: object) -> Said:
        """Run one command and return whatever came of it."""
        self.counted += 1
        code = main([str(word) for word in (*words, *_whose(words))])
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        return Said(code, out, err)

    def ok(self, *words: object) -> str:
        """Run a command that is to succeed and return what it prints."""
        said = self.run(*words)
        assert said.code == 0, f"{words}\n{said.err}"
        return said.out

    def json(self, *words: object) -> Any:
        """Run a command that is to succeed and return its JSON."""
        return json.loads(self.ok(*words, "--json"))

    def refused(self, *words: object, code: int = 1) -> str:
        """Run a command that is to be refused, in Chinese, and return the sentence."""
        said = self.run(*words)
        assert said.code == code, f"{words}\n{said.out}{said.err}"
        assert said.out == ""
        assert any("\u4e00" <= sign <= "\u9fff" for sign in said.err), said.err
        return said.err

    def at(self, moment: str) -> CommandLine:
        """Set the test clock."""
        self.monkeypatch.setenv("ZHIXING_NOW", moment)
        return self

    def real_time(self) -> CommandLine:
        """Take the test clock away."""
        self.monkeypatch.delenv("ZHIXING_NOW", raising=False)
        return self

    def use(self, database: Path | str) -> CommandLine:
        """Work on another database."""
        self.monkeypatch.setenv("ZHIXING_DATABASE", str(database))
        return self

    def by(self, name: str) -> CommandLine:
        """Say who acts from now on."""
        self.monkeypatch.setenv("ZHIXING_USER", name)
        return self

    def bureau(self, now: str = "2024-03-01T09:00", people: Sequence[Any] = PEOPLE) -> CommandLine:
        """Make a database of purpose ``test`` with some people, who all have the same password."""
        self.use(self.file).at(now)
        url, clock = f"sqlite:///{self.file}", FixedClock(datetime.fromisoformat(now))
        made = open_at(url, clock, create=True)
        add_people(made, SYSTEM, [(name, (role,), "") for name, role in people])
        give_accounts(made)
        made.close()
        self.monkeypatch.setenv("ZHIXING_PASSWORD", SAMPLE_PASSWORD)
        return self.by(people[0][0]) if people else self

    def case(self, number: int = 1, *more: object, amount: str | None = "100000") -> str:
        """Register a case and return its 案号."""
        case_no = f"（2024）豫0811执{number}号"
        words = ["--creditor", "甲公司", "--debtor", "乙", "--officer", OFFICER]
        self.ok("case", "new", case_no, *words, *(("--amount", amount) if amount else ()), *more)
        return case_no

    def counts(self) -> tuple[int, int]:
        """Return how many cases there are, and how long the journal is without sign-ins."""
        with closing(sqlite3.connect(self.file)) as raw:
            (cases,) = raw.execute("SELECT count(*) FROM cases").fetchone()
            wanted = "SELECT count(*) FROM journal WHERE action NOT LIKE 'account.%'"
            (rows,) = raw.execute(wanted).fetchone()
        return cases, rows


_FILING = ("立案", "case_filed", "收到申请材料", "首次网络查询提起", "首次网络查询反馈", "案件移转")
_OF_OTHERS = {
    "check": ADMIN,
    "import": FILER,
    "calendar": REVIEWER,
    "backup": ADMIN,
    "restore": ADMIN,
    "upgrade": ADMIN,
    "journal": AUDITOR,
}


def _whose(words: Sequence[object]) -> tuple[str, ...]:
    """Let the right person do what a test leaves to the officer, who is at the desk by default."""
    said = [str(word) for word in words]
    if os.environ.get("ZHIXING_USER") != OFFICER or "--by" in said or "--help" in said or not said:
        return ()
    who = _OF_OTHERS.get(said[0])
    if said[:2] == ["case", "new"]:
        who = FILER
    if said[:2] == ["case", "assign"]:
        who = CHIEF
    if said[:2] == ["fact", "add"] and any(word in _FILING for word in said[3:4]):
        who = FILER
    if said[0] == "node" and len(said) > 3 and said[1] != "show":
        who = FILER if said[3].partition("@")[0] in ("1", "2", "3", "4") else None
    return ("--by", who) if who else ()


def without_settings(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Keep the developer's own database, clock and name out of a test."""
    for name in list(os.environ):
        if name.startswith("ZHIXING_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ZHIXING_HOME", str(folder / "home"))


# --- a whole case, as ``helpers.desk`` tells it


def open_case(cli: CommandLine, told: Scenario) -> str:
    """Register the case of a scenario and return its 案号."""
    header = told.header
    words: list[object] = ["case", "new", header["case_no"], "--by", FILER]
    for standing, name in told.parties:
        words += [f"--{standing}", name]
    for content in header["content"]:
        words += ["--content", content]
    words += ["--amount", header["amount"], "--officer", header["officer"]]
    if header.get("previous_case_no"):
        words += ["--previous", header["previous_case_no"]]
    return str(cli.at(told.opened).json(*words)["case_no"])


def drive(cli: CommandLine, case: str, steps: Iterable[Mapping[str, Any]]) -> None:
    """Do every step with a command, at its moment, by the person it names."""
    for step in steps:
        cli.at(step["at"])
        cli.json(*_COMMANDS[step["do"]](cli, case, step), "--by", step["by"])


def _place(step: Mapping[str, Any]) -> str:
    return f"{step['node']}@{step.get('subject', 'case')}"


def _data(step: Mapping[str, Any], name: str) -> str:
    return json.dumps(step.get(name, {}), ensure_ascii=False)


def _event(cli: CommandLine, case: str, step: Mapping[str, Any]) -> list[object]:
    subject = ("--subject", step.get("subject", "case"))
    return [
        *("fact", "add", case, step["event"], *subject),
        *("--at", step["on"], "--data", _data(step, "data")),
    ]


def _work(cli: CommandLine, case: str, step: Mapping[str, Any]) -> list[object]:
    place = _place(step)
    return [
        *("node", "work", case, place),
        *("--data", _data(step, "values"), "--items", _data(step, "items")),
    ]


def _request(cli: CommandLine, case: str, step: Mapping[str, Any]) -> list[object]:
    asked = ("--reason", step["reason"], "--data", _data(step, "data"))
    return ["approval", "request", case, _place(step), step["matter"], *asked]


def _asked(cli: CommandLine, case: str, step: Mapping[str, Any]) -> int:
    (found,) = [
        entry["request"]
        for entry in cli.json("approval", "list")
        if (entry["case_no"], entry["instance"], entry["matter"])
        == (case, _place(step), step["matter"])
    ]
    return int(found)


def _decide(cli: CommandLine, case: str, step: Mapping[str, Any]) -> list[object]:
    request = _asked(cli, case, step)
    return ["approval", "decide", case, request, step["outcome"], "--reason", step["reason"]]


_COMMANDS: Mapping[str, Callable[[CommandLine, str, Mapping[str, Any]], list[object]]] = {
    "event": _event,
    "work": _work,
    "request": _request,
    "decide": _decide,
    "start": lambda cli, case, step: ["node", "start", case, _place(step)],
    "complete": lambda cli, case, step: ["node", "complete", case, _place(step)],
    "assign": lambda cli, case, step: [
        *("case", "assign", case, step["officer"], "--reason", step["reason"])
    ],
}
