"""A workstation of its own that does what it is told when it is told, and says how it went.

It reads lines from its standard input: first what is to be done, as JSON, which it makes ready and
answers with ``ready``; then ``go``.  It answers with one line of JSON: what refused it, or nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from os import environ
from pathlib import Path
from typing import Any

from helpers.offices import open_at
from helpers.paper_forms import lend
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import (
    approvals,
    dossier_filing,
    dossier_store,
    dossier_tray,
    outside,
    paper_issuing,
    people,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_types import Filing, Piece
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.outside_decisions import Reply

TESTS = Path(__file__).parents[1]
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
WON: dict[str, str] = {}
"""What a racer says who was not refused."""
Act = Callable[[], object]


# --- the other process


def main(url: str, now: str, folder: str, name: str) -> None:
    """Do what the lines say until there are no more."""
    bureau = open_at(url, FixedClock(datetime.fromisoformat(now)), workstation=name)
    bureau.files_dir = Path(folder)
    for line in sys.stdin:
        wanted = json.loads(line)
        actor = people.find_person(bureau, wanted.pop("by")).actor()
        act = ACTS[wanted.pop("act")](bureau, actor, **wanted)
        _say("ready")
        assert sys.stdin.readline() == "go\n"
        try:
            act()
        except ZhixingError as error:
            _say(json.dumps({"kind": type(error).__name__, "sentence": error.sentence}))
        else:
            _say(json.dumps(WON))
    bureau.close()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _decide(bureau: Bureau, actor: Actor, case: int, request: int, outcome: str) -> Act:
    return lambda: approvals.decide_application(
        bureau, actor, case, request, outcome, "情况属实，同意"
    )


def _withdraw(bureau: Bureau, actor: Actor, case: int, request: int) -> Act:
    return lambda: approvals.withdraw_application(
        bureau, actor, case, request, "材料有误，重新申请"
    )


def _roles(bureau: Bureau, actor: Actor, staff_id: int, roles: Sequence[str], version: int) -> Act:
    return lambda: people.change_roles(bureau, actor, staff_id, roles, version=version)


def _reply(bureau: Bureau, actor: Actor, case: int, request: int, number: str, on: str) -> Act:
    given = Reply(
        number, date.fromisoformat(on), "孙庭长", "焦作市中级人民法院", "granted", "同意解冻"
    )
    scan = outside.Scan("批复.pdf", PDF)
    return lambda: outside.enter_reply(bureau, actor, case, request, given, scan)


def _issue(
    bureau: Bureau, actor: Actor, case: int, form: str, about: str, forms: str, times: int = 1
) -> Act:
    lend(bureau, Path(forms))
    wish = PaperWish(case, form, about=about)

    def act() -> None:
        for _ in range(times):
            paper_issuing.issue(bureau, actor, wish)

    return act


def _file(bureau: Bureau, actor: Actor, case: int, name: str, place: str) -> Act:
    taken = dossier_store.take_in(bureau, [Piece(f"{name}.pdf", Path(place))])
    filing = Filing(name, place=11)
    return lambda: dossier_filing.file_item(bureau, actor, case, filing, taken)


def _from_tray(bureau: Bureau, actor: Actor, case: int, scan: int, version: int) -> Act:
    filing = Filing("笔录", place=11)
    return lambda: dossier_tray.file_from_tray(bureau, actor, scan, case, filing, version=version)


def _replace(bureau: Bureau, actor: Actor, item: int, place: str, version: int) -> Act:
    taken = dossier_store.take_in(bureau, [Piece("新.pdf", Path(place))])
    return lambda: dossier_filing.replace_item(
        bureau, actor, item, taken, "重新扫描的更清楚", version=version
    )


def _take_out(bureau: Bureau, actor: Actor, item: int, version: int) -> Act:
    return lambda: dossier_filing.withdraw_item(
        bureau, actor, item, "放错了案件，应当撤出", version=version
    )


ACTS: Mapping[str, Callable[..., Act]] = {
    "issue": _issue,
    "decide": _decide,
    "withdraw": _withdraw,
    "roles": _roles,
    "reply": _reply,
    "file": _file,
    "from_tray": _from_tray,
    "replace": _replace,
    "take_out": _take_out,
}


# --- the test's side


class Race:
    """Workstations that stand ready, each a process."""

    def __init__(self, processes: Sequence[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def run(self, *wanted: Mapping[str, Any]) -> list[dict[str, str]]:
        """Let each do one thing at the same moment; return what each was told, in their order."""
        assert len(wanted) == len(self._processes)
        for process, entry in zip(self._processes, wanted, strict=True):
            self._write(process, json.dumps(dict(entry), ensure_ascii=False))
        for process in self._processes:
            assert self._read(process) == "ready"
        for process in self._processes:
            self._write(process, "go")
        return [json.loads(self._read(process)) for process in self._processes]

    def end(self, limit_s: float) -> None:
        """Let all of them close their databases and go."""
        for process in self._processes:
            process.communicate(timeout=limit_s)
            assert process.returncode == 0

    @staticmethod
    def _write(process: subprocess.Popen[str], words: str) -> None:
        assert process.stdin is not None
        process.stdin.write(f"{words}\n")
        process.stdin.flush()

    @staticmethod
    def _read(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().rstrip("\n")


@contextmanager
def race(url: str, now: datetime, folder: Path, count: int = 2) -> Iterator[Race]:
    """Start workstations at one database; they end with the block at the latest."""
    environment = {**environ, "PYTHONPATH": str(TESTS), "PYTHONIOENCODING": "utf-8"}
    with ExitStack() as stack:
        processes = []
        for place in range(1, count + 1):
            words = (url, now.isoformat(), str(folder), f"{place}号机")
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "helpers.racers", *words],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    encoding="utf-8",
                    env=environment,
                )
            )
            stack.callback(process.kill)
            processes.append(process)
        yield Race(processes)


if __name__ == "__main__":
    main(*sys.argv[1:])
