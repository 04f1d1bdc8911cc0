"""A month of the sample bureau, lived day by day by all its people through the services.

The clock is set forward hour by hour; everybody signs in each morning.  Officers fill in what is
due and apply, deciders decide, some cases are left alone so that nodes freeze, the bureau chief is
away for a week.  What each person was shown is kept as text, each evening's daily sheet as a page.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from helpers.filling import full_entry
from zhixing_desktop import paths
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import (
    accounts,
    alerts,
    approvals,
    case_list,
    cases,
    deputies,
    health,
    journal_chain,
    journal_export,
    outside,
    people,
    waiting,
    work,
)
from zhixing_desktop.services import sample_names as names
from zhixing_desktop.services.bureau import Actor, Bureau, open_bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.cases import CaseDetail, NewCase, NewParty
from zhixing_desktop.services.daily_sheet import daily_sheet, record_printed
from zhixing_desktop.services.daily_sheet_page import sheet_html
from zhixing_desktop.services.digest import Digest, digest, mark_looked
from zhixing_desktop.services.payments_due import payments_due
from zhixing_desktop.services.popups import take_popups
from zhixing_desktop.services.sample import SAMPLE_NOW, make_sample
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD
from zhixing_desktop.services.sweep import sweep
from zhixing_desktop.services.waiting import DECIDE, WaitingItem
from zhixing_desktop.ui.digest_window import lines_of
from zhixing_desktop.workflow.decide import Hop, Reply
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import InstanceView, Key

Tell = Callable[[str], None]
OFFICE_HOURS = (9, 10, 11, 12, 14, 15, 16, 17)
_WORKED = (State.ACTIVE, State.WARNED, State.OVERDUE)
_PAID_BY_CASHIER = frozenset({"paid_out_on", "payment_voucher"})
_SCAN = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_WHY_UNFREEZE = "因系统故障未能按时办理，现已具备办理条件，申请解冻"
_WHY = "材料已经齐备，核对无误，申请审批"
_DONE_A_ROUND = 2
"""Nodes that an officer finishes at one sitting."""
_NEGLECTED = 6
"""Every so many-th case is left alone: its nodes freeze."""


@dataclass(slots=True)
class Day:
    """What one working day was like; ``popups`` is the most that one person got."""

    day: date
    news: int = 0
    digest_most: int = 0
    popups: int = 0
    asked: int = 0
    decided: int = 0
    done: int = 0
    fired: int = 0
    frozen: int = 0
    waiting: int = 0
    head: str = ""


@dataclass(slots=True)
class Month:
    """The bureau, its days so far, and what was refused how often (by sentence)."""

    bureau: Bureau
    clock: FixedClock
    out: Path
    tell: Tell
    days: list[Day] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    signed: dict[str, Actor] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    digests: int = 0
    deputy_decisions: int = 0
    replies: int = 0

    @property
    def heads(self) -> list[str]:
        """What the printed sheets say, as somebody types it in."""
        return [day.head for day in self.days]

    def who(self, role: str) -> Actor:
        """Return the first person of a role who is there today."""
        found = [a for a in self.signed.values() if role in a.roles and a.name not in self.away]
        return found[0]


def open_month(folder: Path, cases_wanted: int, tell: Tell) -> Month:
    """Make the sample bureau and open it where its month begins."""
    path = make_sample(folder / "局", cases=cases_wanted, progress=tell)
    clock = FixedClock(SAMPLE_NOW)
    bureau = open_bureau(
        f"sqlite:///{path}",
        clock=clock,
        resources=paths.resources_dir(),
        workstation="执行局-1",
    )
    return Month(bureau, clock, folder, tell)


def live(month: Month, days: int) -> None:
    """Live through so many calendar days; nobody works on days of rest."""
    first = SAMPLE_NOW.date() + timedelta(days=1)  # its own morning has been written to
    calendar = month.bureau.rules.calendar
    working = [d for n in range(days) if calendar.is_workday(d := first + timedelta(days=n))]
    chief = next(name for name, roles in names.OTHERS if "执行局长" in roles)
    away = set(working[len(working) // 3 : len(working) // 3 + 5])
    for number, day in enumerate(working):
        month.away = {chief} if day in away else set()
        if day == min(away):
            month.clock.set(datetime.combine(day, time(8, 31)))
            _name_deputy(month, chief, day, max(away))
        _live_day(month, number, day)


def _name_deputy(month: Month, chief: str, first: date, last: date) -> None:
    actor = accounts.sign_in(month.bureau, chief, SAMPLE_PASSWORD).actor
    deputy = names.OFFICERS[0]  # not 主管院领导, who signs the second time where two must
    paper = "山法委〔2025〕9号委托书"
    deputies.name_deputy(month.bureau, actor, chief, deputy, "执行局长", first, last, paper)


# --- a day


def _live_day(month: Month, number: int, day: date) -> None:
    now = Day(day)
    month.days.append(now)
    popped: Counter[str] = Counter()
    month.clock.set(datetime.combine(day, time(8, 35)))
    _swept(month, now)
    # Whoever left the window open is interrupted before he has read anything.
    _popups(month, popped)
    _morning(month, now)
    _file_new_cases(month, number, day)
    for hour in OFFICE_HOURS:
        month.clock.set(datetime.combine(day, time(hour, 5)))
        _swept(month, now)
        _popups(month, popped)
        if hour in (9, 14):
            _officers_work(month, now, number)
        if hour in (11, 16):
            _decide_all(month, now)
    now.popups = max(popped.values(), default=0)
    month.clock.set(datetime.combine(day, time(17, 40)))
    _evening(month, now)
    month.tell(_line(now))


def _swept(month: Month, now: Day) -> None:
    found = sweep(month.bureau)
    now.fired += found.fired
    now.frozen += found.frozen


def _morning(month: Month, now: Day) -> None:
    """Everybody signs in and reads what is new."""
    for person in people.all_people(month.bureau):
        if person.name in month.away or not person.active:
            continue
        signed = accounts.sign_in(month.bureau, person.name, SAMPLE_PASSWORD)
        assert not signed.must_change
        month.signed[person.name] = signed.actor
        found = digest(month.bureau, signed.actor)
        lines = sum(len(lines) for _, lines in lines_of(found))
        now.news += lines
        now.digest_most = max(now.digest_most, lines)
        assert len({entry.case_id for entry in found.news}) == len(found.news)
        _keep_digest(month, person.name, person.roles, found, now.day)
        alerts.mark_read(
            month.bureau, signed.actor, [n for entry in found.news for n in entry.alert_ids]
        )
        mark_looked(month.bureau, signed.actor, found.until)


def _keep_digest(month: Month, name: str, roles: Sequence[str], found: Digest, day: date) -> None:
    folder = month.out / "每日情况" / f"{day:%m-%d}"
    folder.mkdir(parents=True, exist_ok=True)
    text = [f"{name}（{'、'.join(roles)}）　{found.until:%Y-%m-%d %H:%M}", found.heading, ""]
    for title, lines in lines_of(found):
        text.append(f"{title}　{len(lines)}")
        text += [f"  {e.word}　{e.case_no}　{e.sentence}　{e.at}" for e in lines]
    (folder / f"{name}.txt").write_text("\n".join(text) + "\n", "utf-8")
    month.digests += 1


def _popups(month: Month, popped: Counter[str]) -> None:
    most = read_settings(month.bureau).popups_per_day
    for name, actor in month.signed.items():
        if name in month.away:
            continue
        popped[name] += len(take_popups(month.bureau, actor, per_day=most).shown)
        assert popped[name] <= most, (name, popped[name])


def _evening(month: Month, now: Day) -> None:
    """The daily sheet, printed by the chief or whoever stands in for him."""
    printer = month.who("执行局长") if not month.away else month.who("主管院领导")
    court = read_settings(month.bureau).court.name
    sheet = daily_sheet(month.bureau, printer, now.day, court=court)
    record_printed(month.bureau, printer, sheet)
    now.head = f"{sheet.head_id}:{sheet.head_hash}"
    now.waiting = sum(count for _, count in sheet.waiting)
    month.deputy_decisions += sum(1 for made in sheet.decisions if made.on_behalf_of)
    folder = month.out / "日报"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{now.day:%m-%d}.html").write_text(sheet_html(sheet), "utf-8")


# --- filing


def _file_new_cases(month: Month, number: int, day: date) -> None:
    month.clock.set(datetime.combine(day, time(8, 50)))
    filer = month.who("立案人员")
    for nth in range(2):
        serial = 9000 + number * 10 + nth
        officer = names.OFFICERS[(number * 2 + nth) % len(names.OFFICERS)]
        parties = [
            NewParty("creditor", "法人", "焦作市甲商贸有限公司"),
            NewParty("debtor", "自然人", "牛大勇"),
        ]
        new = NewCase(
            f"（{day.year}）豫0811执{serial}号", parties, amount=Decimal("86000.00"),
            officer=officer,
        )  # fmt: skip
        made = cases.register(month.bureau, filer, new).case_id
        # Every third is forgotten after the first two nodes: node 3 freezes at the end of the day.
        for node in (1, 2) if serial % 3 == 0 else (1, 2, 3, 4):
            with _refusals(month):
                _fill(month, filer, made, Key(node, "case"))


# --- officers


def _officers_work(month: Month, now: Day, number: int) -> None:
    for name in names.OFFICERS:
        actor = month.signed[name]
        query = case_list.CaseQuery(filter="mine", officer_id=actor.staff_id, limit=8)
        done = 0
        for line in case_list.page(month.bureau, actor, query):
            if line.id % _NEGLECTED == number % 2 or line.closed_at is not None:
                continue
            done += _work_on(month, now, actor, line.id)
            if done >= _DONE_A_ROUND:
                break


def _work_on(month: Month, now: Day, actor: Actor, case_id: int) -> int:
    """Do what is due in one case; return how many nodes were finished."""
    found = cases.detail(month.bureau, actor, case_id)
    done = 0
    for view in sorted(found.view.instances.values(), key=_due):
        if view.state is State.FROZEN:
            _ask_again(month, now, actor, found, view, "unfreeze")
        elif view.state in _WORKED and view.role in ("承办人", "书记员", "系统"):
            for spec in month.bureau.rules.book.nodes[view.key.node].approvals:
                if spec.matter != "unfreeze":
                    _ask_again(month, now, actor, found, view, spec.matter)
            with _refusals(month):
                _fill(month, actor, case_id, view.key)
                done += 1
                now.done += 1
        if done:
            break
    return done


def _due(view: InstanceView) -> tuple[datetime, str]:
    return view.due_at or datetime(9999, 1, 1), str(view.key)


def _ask_again(
    month: Month, now: Day, actor: Actor, found: CaseDetail, view: InstanceView, matter: str
) -> None:
    """Apply, or urge what has waited for two days."""
    case_id, key = found.id, view.key
    asked = found.context.index.latest_approval(matter, key.node, key.subject)
    if asked is not None and asked.status == "granted" and matter != "unfreeze":
        return
    with _refusals(month):
        if asked is None or asked.status != "pending":
            why = _WHY_UNFREEZE if matter == "unfreeze" else _WHY
            approvals.request_decision(month.bureau, actor, case_id, key, matter, why)
            now.asked += 1
        elif month.clock.now() - asked.requested_at > timedelta(days=2):
            why = "申请已满两日，请尽快决定"
            approvals.urge_decision(month.bureau, actor, case_id, asked.seq, why)


def _fill(month: Month, actor: Actor, case_id: int, key: Key) -> None:
    """Do everything a node asks for with sensible values, then finish it."""
    for _ in range(3):
        found = cases.detail(month.bureau, actor, case_id)
        fields, items = full_entry(found.context, key, {})
        rest = {n: v for n, v in fields.items() if key.node != 33 or n not in _PAID_BY_CASHIER}
        if not rest and not items:
            break
        work.record_work(month.bureau, actor, case_id, key, rest, items)
    work.complete_node(month.bureau, actor, case_id, key)


# --- deciders


def _decide_all(month: Month, now: Day) -> None:
    for name, actor in month.signed.items():
        if name not in month.away:
            for item in waiting.waiting_for(month.bureau, actor)[:12]:
                with _refusals(month):
                    _one_decision(month, now, actor, item)
    cashier = month.who("财务")
    for due in payments_due(month.bureau, cashier):
        with _refusals(month):
            today = month.clock.now().date()
            approvals.pay_out(month.bureau, cashier, due.case_id, due.subject, today, "字第1号")


def _one_decision(month: Month, now: Day, actor: Actor, item: WaitingItem) -> None:
    bureau, today = month.bureau, month.clock.now().date()
    if item.step == DECIDE:
        outcome, why, points = _outcome(item)
        approvals.decide_application(
            bureau, actor, item.case_id, item.request, outcome, why, points=points
        )
        now.decided += 1
    elif item.step == "forward":
        hop = Hop("本院", "焦作市中级人民法院", today, f"山执报{item.case_id}-{item.request}号")
        outside.forward(bureau, actor, item.case_id, item.request, hop)
        reply = Reply(
            number=f"（{today.year}）豫08执督{item.case_id}{item.request:03d}号",
            decided_on=today,
            decider="孙庭长",
            office="焦作市中级人民法院",
            outcome="granted",
            words="同意解冻",
        )
        scan = outside.Scan("批复.pdf", _SCAN + str(item.case_id).encode() + b"\n%%EOF\n")
        outside.enter_reply(bureau, actor, item.case_id, item.request, reply, scan)
    elif item.step == "read_back":
        found = f"（{today.year}）豫08执督{item.case_id}{item.request:03d}号"
        day = next(
            fact.data["decided_on"]
            for fact in reversed(cases.detail(bureau, actor, item.case_id).facts)
            if fact.kind == "approval_replied"
        )
        on = date.fromisoformat(str(day))
        outside.read_back(bureau, actor, item.case_id, item.request, found, on)
        month.replies += 1


def _outcome(item: WaitingItem) -> tuple[str, str, tuple[str, ...]]:
    """Mostly yes, now and then no or back with points; by number, so that each run is the same."""
    turn = (item.case_id * 7 + item.request) % 10
    if turn == 0:
        return "refused", "理由不足，未说明逾期的原因，不予批准", ()
    if turn == 1:
        return "returned", "请补充材料后再报", ("补充送达回证", "写明逾期的起止时间")
    return "granted", "情况属实，同意", ()


class _Noted:
    """A refusal is what the bureau's people live with; each sentence is kept and counted."""

    def __init__(self, month: Month) -> None:
        self._month = month

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, ZhixingError):
            return False
        self._month.refused[error.sentence] += 1
        return True


def _refusals(month: Month) -> _Noted:
    return _Noted(month)


# --- the proofs at the end


HEADINGS = "日期　　情况行数　最多一人　弹窗最多　申请　决定　办结　通知　冻结　等待"


def _line(day: Day) -> str:
    numbers = (
        day.news, day.digest_most, day.popups, day.asked, day.decided, day.done,
        day.fired, day.frozen, day.waiting,
    )  # fmt: skip
    return f"{day.day:%m-%d}" + "".join(f"{number:>8}" for number in numbers)


def table(month: Month) -> str:
    """Return the month as a table, a line for each day."""
    return "\n".join([HEADINGS, *(_line(day) for day in month.days)])


def prove(month: Month) -> dict[str, Any]:
    """Check the whole bureau, the journal by the printed heads, and the bundle by a stranger."""
    bureau = month.bureau
    auditor = month.who("审计员")
    found: dict[str, Any] = {"check": health.check_all(bureau)}
    verified = journal_chain.verify(bureau, auditor, heads=month.heads)
    found["verify"] = (verified.ok, verified.rows, verified.sentence)
    bundle = month.out / "日志验证包.zip"
    bundle.unlink(missing_ok=True)
    exported = journal_export.export_bundle(bureau, auditor, bundle)
    found["bundle"] = check_bundle(bundle, month.heads, exported.fingerprint)
    found["cut"] = list(cut_tails(month))
    return found


def other_python() -> str:
    """Return a Python of this machine that is not ours, else ours."""
    own = Path(sys.executable).resolve()
    candidates = ["/usr/bin/python3", *(f"python3.{minor}" for minor in (13, 12, 10, 9, 14, 8))]
    for word in (*candidates, "python3"):
        found = shutil.which(word)
        if found and Path(found).resolve() != own:
            return found
    return sys.executable


def check_bundle(bundle: Path, heads: Sequence[str], fingerprint: str) -> tuple[int, str, str]:
    """Run the script out of the bundle with a bare Python; return code, words, which Python."""
    script = bundle.with_name("verify_journal.py")
    shutil.unpack_archive(bundle, bundle.with_name("验证包"))
    shutil.copy(bundle.with_name("验证包") / "verify_journal.py", script)
    python = other_python()
    printed = [word for head in heads for word in ("--head", head)]
    command = [python, "-I", "-S", str(script), str(bundle), *printed]
    command += ["--fingerprint", fingerprint]
    run = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, timeout=300,
        env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
    )  # fmt: skip
    return run.returncode, run.stdout + run.stderr, python


def cut_tails(month: Month) -> Iterator[tuple[bool, bool]]:
    """Cut the journal of copies, head and all; yield what is found without and with the sheets."""
    import sqlite3
    from contextlib import closing

    source = month.bureau.database.path
    assert source is not None
    last = int(month.heads[-1].partition(":")[0])
    before = int(month.heads[len(month.heads) // 2].partition(":")[0])
    for place, keep in enumerate((last - 1, before, before - 1)):
        copy = month.out / f"截尾{place}.db"
        copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(source)) as raw, closing(sqlite3.connect(copy)) as cut:
            raw.backup(cut)
            for (name,) in cut.execute("SELECT name FROM sqlite_master WHERE type='trigger'"):
                cut.execute(f"DROP TRIGGER {name}")
            cut.execute("DELETE FROM journal WHERE id > ?", (keep,))
            cut.execute(
                "UPDATE journal_head SET last_id = ?, last_hash = "
                "(SELECT hash FROM journal WHERE id = ?)",
                (keep, keep),
            )
            cut.commit()
        opened = open_bureau(
            f"sqlite:///{copy}",
            clock=month.clock,
            resources=paths.resources_dir(),
            workstation="执行局-1",
            rules=month.bureau.rules,
        )
        try:
            auditor = month.who("审计员")
            blind = journal_chain.verify(opened, auditor).ok
            seen = journal_chain.verify(opened, auditor, heads=month.heads).ok
        finally:
            opened.close()
        yield blind, seen
