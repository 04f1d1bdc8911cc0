"""Commands on applications that wait, on authorities outside the court, on deputies."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from zhixing_desktop.cli.case_commands import show_outcome
from zhixing_desktop.cli.lookup import reference, subject_of
from zhixing_desktop.cli.session import Session, moment
from zhixing_desktop.services import approvals, deputies, outside, waiting
from zhixing_desktop.services.fact_words import matter_words
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.waiting import WaitingItem, WaitingQuery
from zhixing_desktop.workflow.decide import Hop, Reply
from zhixing_desktop.workflow.views import Key

_STEPS = {"decide": "待决定", "forward": "待转报", "read_back": "待核对答复"}


def approval_waiting(session: Session) -> None:
    """List what waits for the person's decision, the most urgent first."""
    o = session.options
    query = WaitingQuery(matter=o.matter, step=o.step, offset=o.offset, limit=o.limit)
    bureau, actor = session.bureau(), session.actor()
    found = waiting.waiting_for(bureau, actor, query)
    _show_waiting(session, found, waiting.count_waiting(bureau, actor, query))


def approval_away(session: Session) -> None:
    """List what was passed on and has not come back."""
    found = waiting.pending_at_others(
        session.bureau(), session.actor(), limit=session.options.limit
    )
    _show_waiting(session, found, len(found))


def _show_waiting(session: Session, found: tuple[WaitingItem, ...], number: int) -> None:
    book = session.rules().book
    data = [
        {**asdict(item), "instance": str(Key(item.node, item.subject)), "acting": item.acting()}
        for item in found
    ]
    lines = []
    for item in found:
        parts = [
            item.case_no,
            f"第{item.request}号",
            f"节点{item.node} {item.node_name}",
            matter_words(book, item.node, item.matter),
            _STEPS.get(item.step, "等待答复"),
            f"{item.requested_by} {item.requested_at:%Y-%m-%d %H:%M}",
        ]
        if item.frozen_at is not None:
            parts.append(f"{item.frozen_at:%Y-%m-%d %H:%M}冻结")
        if item.urges:
            parts.append(f"催办{item.urges}次")
        if item.acting():
            parts.append(item.acting())
        lines.append("　".join(parts))
    session.show(data, [*lines, f"共{number}件"])


def approval_today(session: Session) -> None:
    """List what the person decided, passed on or entered today."""
    found = waiting.decided_today(session.bureau(), session.actor())
    lines = [
        f"{item.at:%H:%M}　{item.case_no}　第{item.request}号　节点{item.node}　"
        f"{item.outcome or item.kind}　{item.reason}"
        for item in found
    ]
    session.show([asdict(item) for item in found], [*lines, f"共{len(found)}件"])


def approval_urge(session: Session) -> None:
    """Urge a decision."""
    o = session.options
    case = reference(session, o.case)
    made = approvals.urge_decision(session.bureau(), session.actor(), case, o.request, o.reason)
    show_outcome(session, made)


def approval_withdraw(session: Session) -> None:
    """Take an application back."""
    o = session.options
    case = reference(session, o.case)
    bureau, actor = session.bureau(), session.actor()
    made = approvals.withdraw_application(bureau, actor, case, o.request, o.reason)
    show_outcome(session, made)


def approval_countermand(session: Session) -> None:
    """Take a decision back."""
    o = session.options
    case = reference(session, o.case)
    made = approvals.countermand(session.bureau(), session.actor(), case, o.request, o.reason)
    show_outcome(session, made)


def approval_pay(session: Session) -> None:
    """Record that approved case funds were paid."""
    o = session.options
    case = reference(session, o.case)
    bureau, actor = session.bureau(), session.actor()
    day = moment(o.on).date() if o.on else bureau.database.now().date()
    subject = subject_of(o.payment)
    show_outcome(session, approvals.pay_out(bureau, actor, case, subject, day, o.voucher))


def approval_forward(session: Session) -> None:
    """Record one hop of a letter to a superior court."""
    o = session.options
    hop = Hop(o.sender, o.to, moment(o.on).date(), o.number, o.note)
    case = reference(session, o.case)
    show_outcome(session, outside.forward(session.bureau(), session.actor(), case, o.request, hop))


def approval_reply(session: Session) -> None:
    """Enter what came back from a superior court, with its scan."""
    o = session.options
    reply = Reply(o.number, moment(o.on).date(), o.decider, o.office, o.outcome, o.words)
    case = reference(session, o.case)
    bureau, actor = session.bureau(), session.actor()
    made = outside.enter_reply(bureau, actor, case, o.request, reply, _scan(o.scan))
    show_outcome(session, made)


def _scan(text: str | None) -> Scan | None:
    if not text:
        return None
    path = Path(text).expanduser()
    return Scan(path.name, path.read_bytes())


def approval_confirm(session: Session) -> None:
    """Read a reply back: number and day typed again by a second person."""
    o = session.options
    case = reference(session, o.case)
    bureau, actor = session.bureau(), session.actor()
    day = moment(o.on).date()
    made = outside.read_back(bureau, actor, case, o.request, o.number, day)
    show_outcome(session, made)


def approval_report(session: Session) -> None:
    """Write the report to a superior court as PDF or Word."""
    from zhixing_desktop.services.outside_report import report, write_report

    o = session.options
    case = reference(session, o.case)
    bureau, actor = session.bureau(), session.actor()
    made = report(bureau, actor, case, o.request)
    target = write_report(bureau, actor, made, Path(o.file).expanduser())
    told = {"file": str(target), "title": made.title, "issued": made.line is not None}
    session.show(told, [f"报告已写入：{o.file}", made.words])


def deputy_name(session: Session) -> None:
    """Name a deputy for some days."""
    o = session.options
    number = deputies.name_deputy(
        session.bureau(),
        session.actor(),
        o.principal,
        o.deputy,
        o.role,
        moment(o.start).date(),
        moment(o.until).date() if o.until else None,
        o.paper,
    )
    words = f"第{number}号：{o.deputy}代{o.principal}履行“{o.role}”，{o.start}至{o.until}"
    session.show({"id": number}, [words])


def deputy_revoke(session: Session) -> None:
    """Take a deputy's power back."""
    o = session.options
    deputies.revoke_deputy(session.bureau(), session.actor(), o.id, o.reason)
    session.show({"id": o.id}, [f"第{o.id}号代理已撤销"])


_STATES = {"now": "代理中", "coming": "尚未开始", "over": "期满", "revoked": "已撤销"}


def deputy_list(session: Session) -> None:
    """List deputies."""
    o = session.options
    session.actor()
    found = deputies.list_deputies(session.bureau(), person=o.person, everything=o.all)
    lines = [
        f"第{d.id}号　{d.deputy}代{d.principal}（{d.role}）　{d.from_on}至{d.until_on}　"
        f"{_STATES[d.state]}　{d.paper}　{d.named_by}指定"
        for d in found
    ]
    session.show([asdict(d) for d in found], [*lines, f"共{len(found)}项"])
