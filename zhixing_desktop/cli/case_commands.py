"""Commands on one case: case, fact, node, approval."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from zhixing_desktop.cli import shapes
from zhixing_desktop.cli.lookup import (
    case_of,
    event_of,
    key_of,
    known_key,
    known_subject,
    reference,
    subject_of,
)
from zhixing_desktop.cli.session import Session, day_end, moment, pairs
from zhixing_desktop.services import alerts as alert_services
from zhixing_desktop.services import approvals as approval_services
from zhixing_desktop.services import case_list, cases, work
from zhixing_desktop.services.personal_data import show_personal
from zhixing_desktop.services.sight import why_nothing
from zhixing_desktop.services.steps import Outcome
from zhixing_desktop.workflow import gates, subjects
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.errors import Problem, RuleRefusedError, UsageError
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.money import format_money, parse_money
from zhixing_desktop.workflow.views import Key


def show_outcome(session: Session, outcome: Outcome, warnings: Sequence[Problem] = ()) -> None:
    """Print what a step brought: the new facts, how the case stands, what should be looked at."""
    data = {
        "case_no": outcome.case_no,
        "version": outcome.version,
        "facts": [shapes.fact_shape(fact) for fact in outcome.facts],
        "state": outcome.view.state,
        "warnings": [{"where": p.where, "sentence": p.sentence} for p in warnings],
    }
    lines = [
        f"{outcome.case_no}：已登记（第{outcome.version}版），案件状态：{outcome.view.state.label}"
    ]
    lines += [
        f"  {fact.seq}　{fact.kind}　{fact.subject}　{fact.happened_at:%Y-%m-%d %H:%M}"
        for fact in outcome.facts
    ]
    lines += [f"  提示　{p.where}：{p.sentence}" for p in warnings]
    session.show(data, lines)


def case_new(session: Session) -> None:
    """Register a case."""
    o = session.options
    parties = [_party("creditor", text) for text in o.creditor]
    parties += [_party("debtor", text) for text in o.debtor]
    new = cases.NewCase(
        case_no=o.case_no,
        parties=parties,
        content=tuple(o.content or ("money",)),
        amount=parse_money(o.amount, where="申请执行标的") if o.amount else None,
        officer=o.officer or "",
        clerk=o.clerk or "",
        non_litigation=o.non_litigation,
        cause=o.cause or "",
        basis=o.basis or "",
        previous_case_no=o.previous or "",
    )
    warnings = [p for p in cases.check_case(new)[1] if p.severity == "warning"]
    show_outcome(session, cases.register(session.bureau(), session.actor(), new), warnings)


def _party(standing: str, text: str) -> cases.NewParty:
    """``名称[,证件号[,类型]]``; the kind is a natural person's where it is not said."""
    name, _, rest = text.partition(",")
    number, _, kind = rest.partition(",")
    organisation = any(
        word in name for word in ("公司", "银行", "局", "委员会", "厂", "合作社", "中心")
    )
    return cases.NewParty(
        standing, kind or ("法人" if organisation else "自然人"), name.strip(), number.strip()
    )


def case_list_command(session: Session) -> None:
    """List cases."""
    o = session.options
    officer = None
    if o.filter == "mine":
        officer = session.actor().staff_id
    query = case_list.CaseQuery(
        filter=o.filter,
        search=o.search or "",
        officer_id=officer,
        sort=o.sort,
        limit=o.limit,
        offset=o.offset,
    )
    rows = case_list.page(session.bureau(), session.actor(), query)
    data = [
        {
            "id": row.id,
            "case_no": row.case_no,
            "parties": row.parties,
            "officer": row.officer,
            "current_node": row.current_node,
            "next_due_at": row.next_due_at,
            "state": row.state,
            "amount": row.amount,
            "closing_way": row.closing_way,
        }
        for row in rows
    ]
    lines = [_list_line(row) for row in rows]
    if not rows:
        lines += [words] if (words := why_nothing(session.bureau(), session.actor())) else []
    session.show(data, [*lines, f"共{len(rows)}件"])


def _list_line(row: case_list.CaseLine) -> str:
    due = f"{row.next_due_at:%Y-%m-%d %H:%M}" if row.next_due_at else "—"
    node = f"{row.current_node or '—'} {row.current_node_name}"
    parts = (row.case_no, row.parties, row.officer, node, due, row.state.label, _amount(row.amount))
    return "　".join(parts)


def _amount(amount: Decimal | None) -> str:
    return format_money(amount) if amount is not None else "—"


def case_show(session: Session) -> None:
    """Show a case as it stands."""
    detail = case_of(session, session.options.case)
    _show_case(session, detail)


def _show_case(session: Session, detail: cases.CaseDetail) -> None:
    book = detail.context.rulebook
    lines = [
        f"{detail.case_no}　{detail.view.state.label}　承办人：{detail.officer or '未指定'}",
        *(f"  {subjects.label(s)}：{data.get('name')}" for s, data in detail.parties.items()),
    ]
    for entry in detail.view.instances.values():
        if entry.state.is_open or entry.completed_at is not None:
            name = detail.context.index.name_of(entry.key.subject)
            due = f"　{entry.due_at:%Y-%m-%d %H:%M}届满" if entry.due_at else ""
            where = (
                ""
                if entry.key.subject == subjects.CASE
                else subjects.label(entry.key.subject, name)
            )
            node = f"节点{entry.key.node} {book.nodes[entry.key.node].name}"
            lines.append(f"  {node} {where}　{entry.state.label}{due}")
    session.show(shapes.case_shape(detail), lines)


def case_facts(session: Session) -> None:
    """List the facts of a case."""
    detail = case_of(session, session.options.case)
    if session.options.personal:
        detail = show_personal(session.bureau(), session.actor(), detail.id)
    lines = [_fact_line(fact) for fact in detail.facts]
    session.show([shapes.fact_shape(f) for f in detail.facts], lines)


def _fact_line(fact: Fact) -> str:
    node = "" if fact.node is None else f"节点{fact.node}"
    body = json.dumps(dict(fact.data), ensure_ascii=False)
    mended = f"　更正第{fact.corrects}号：{fact.reason}" if fact.corrects else ""
    when = f"{fact.happened_at:%Y-%m-%d %H:%M}"
    return f"{fact.seq:>4}　{when}　{fact.kind}　{fact.subject}　{node}　{body}{mended}"


def case_simulate(session: Session) -> None:
    """Show what happens when nothing is done until a day."""
    o = session.options
    bureau = session.bureau()
    today = case_of(session, o.case)
    until = day_end(o.until)
    if until < today.now:
        raise UsageError(
            f"模拟到的日期应当在现在（{today.now:%Y-%m-%d %H:%M}）之后，不能是{o.until}。"
        )
    detail = cases.detail(bureau, session.actor(), today.id, at=until)
    steps = [s for s in today.view.agenda if today.now < s.at <= until]
    data = {**shapes.case_shape(detail), "steps": [shapes.step_shape(s) for s in steps]}
    words = {"warn1": "预警", "warn2": "届满当日预警", "overdue": "逾期", "freeze": "冻结"}
    lines = [f"假如到{until:%Y-%m-%d %H:%M}为止什么都不办（模拟，未保存）："]
    lines += [
        f"  {s.at:%Y-%m-%d %H:%M}　{s.key}　{words.get(s.step, s.step)}　{s.limit_id}"
        for s in steps
    ]
    lines.append(f"届时案件状态：{detail.view.state.label}")
    session.show(data, lines)


def case_assign(session: Session) -> None:
    """Assign or change the case officer."""
    o = session.options
    show_outcome(
        session,
        work.assign_officer(
            session.bureau(),
            session.actor(),
            reference(session, o.case),
            o.officer,
            reason=o.reason,
        ),
    )


def case_alerts(session: Session) -> None:
    """List the announcements of a case."""
    detail = case_of(session, session.options.case)
    found = alert_services.case_alerts(session.bureau(), session.actor(), detail.id)
    data = [
        {
            "instance": str(Key(a.node, a.subject)),
            "limit": a.limit_id,
            "step": a.step,
            "legal_at": a.legal_at,
            "noticed_at": a.noticed_at,
            "recipients": list(a.recipients),
            "sentence": a.sentence,
        }
        for a in found
    ]
    session.show(data, [f"{a.legal_at:%Y-%m-%d %H:%M}　{a.sentence}" for a in found])


def fact_add(session: Session) -> None:
    """Record an event."""
    o = session.options
    detail = case_of(session, o.case)
    event = event_of(detail.context.rulebook, o.event)
    outcome = work.add_fact(
        session.bureau(),
        session.actor(),
        detail.id,
        event,
        known_subject(detail, event, subject_of(o.subject)),
        _at(session, o.at),
        pairs(o.values, o.data),
        overrides=pairs(o.override or ()),
    )
    show_outcome(session, outcome)


def fact_correct(session: Session) -> None:
    """Correct a fact."""
    o = session.options
    data = pairs(o.values, o.data)
    outcome = work.correct_fact(
        session.bureau(),
        session.actor(),
        reference(session, o.case),
        o.seq,
        at=moment(o.at) if o.at else None,
        data=data or None,
        reason=o.reason,
    )
    show_outcome(session, outcome)


def fact_withdraw(session: Session) -> None:
    """Withdraw a fact."""
    o = session.options
    show_outcome(
        session,
        work.withdraw_fact(
            session.bureau(), session.actor(), reference(session, o.case), o.seq, reason=o.reason
        ),
    )


def _at(session: Session, text: str | None) -> datetime:
    return moment(text) if text else session.bureau().database.now()


def _instance(session: Session) -> tuple[int, Key]:
    """Return the case and the instance that the options name."""
    o = session.options
    detail = case_of(session, o.case)
    return detail.id, known_key(detail, key_of(o))


def node_show(session: Session) -> None:
    """Show one instance with its limits, what is missing and what blocks."""
    o = session.options
    detail = case_of(session, o.case)
    key = known_key(detail, key_of(o))
    if o.personal:
        detail = show_personal(session.bureau(), session.actor(), detail.id, key)
    shape = shapes.node_shape(detail, key)
    state = shape.get("state_label", "无")
    lines = [f"节点{key.node} {shape['name']}　{shape['subject_label']}　{state}"]
    for limit in shape.get("limits", ()):
        lines.append(f"  时限{limit['id']}　{limit['status']}　{limit['due_at'] or '未起算'}")
        lines += [f"    {step['words']}（{step['cite']}）" for step in limit["steps"]]
    lines += [f"  缺：{entry['label']}" for entry in shape["missing"]]
    for act, words in (("work", "不能办理"), ("complete", "不能办结")):
        lines += [f"  {words}：{b['sentence']}" for b in shape["blockers"][act]]
    session.show(shape, lines)


def node_start(session: Session) -> None:
    """Start an on-demand node; one that its event has opened already is said to run."""
    o = session.options
    at = moment(o.at) if o.at else None
    case, key = _instance(session)
    try:
        outcome = work.start_node(session.bureau(), session.actor(), case, key, at=at)
    except RuleRefusedError as refusal:
        codes = {entry["code"] for entry in refusal.data.get("blockers", ())}
        if codes != {gates.ALREADY_OPEN}:
            raise
        _runs_already(session, case, key)
        return
    show_outcome(session, outcome)


def _runs_already(session: Session, case: str | int, key: Key) -> None:
    detail = cases.detail(session.bureau(), session.actor(), case)
    view = detail.view.instances[key]
    since = f"{view.opened_at:%Y-%m-%d %H:%M}" if view.opened_at else ""
    data = {
        "case_no": detail.case_no,
        "version": detail.version,
        "facts": [],
        "state": detail.view.state,
        "already_open": True,
    }
    words = f"节点{key.node}“{detail.context.rulebook.nodes[key.node].name}”"
    session.show(data, [f"{words}已于{since}启动（{view.why}），不必另行启动。"])


def node_work(session: Session) -> None:
    """Record fields and work items."""
    o = session.options
    items = {}
    for text in o.item or ():
        number, _, day = text.partition("=")
        if not number.isdecimal():
            raise UsageError(f"“{text}”应当写成 工作内容序号=日期，如 2=2024-03-01。")
        items[int(number)] = ItemEntry(done_on=moment(day) if day else _at(session, None))
    if o.items:
        items.update(_items(session, pairs((), o.items)))
    outcome = work.record_work(
        session.bureau(),
        session.actor(),
        *_instance(session),
        pairs(o.values, o.data),
        items,
        overrides=pairs(o.override or ()),
        complete=o.complete,
    )
    show_outcome(session, outcome)


def _items(session: Session, data: Mapping[str, Any]) -> dict[int, ItemEntry]:
    """Read ``{"1": {"done_on", "papers", "notices", "materials", "not_needed"}}``."""
    found = {}
    for number, entry in data.items():
        if not str(number).isdigit() or not isinstance(entry, dict):
            raise UsageError("--items 应当是 {序号: {done_on, papers, notices, materials}}。")
        found[int(number)] = ItemEntry(
            done_on=_at(session, entry.get("done_on")),
            papers=dict(entry.get("papers", {})),
            notices=tuple(entry.get("notices", ())),
            materials=tuple(entry.get("materials", ())),
            not_needed=entry.get("not_needed"),
        )
    return found


def node_complete(session: Session) -> None:
    """Complete a node instance."""
    o = session.options
    at = moment(o.at) if o.at else None
    case, key = _instance(session)
    show_outcome(session, work.complete_node(session.bureau(), session.actor(), case, key, at=at))


def approval_request(session: Session) -> None:
    """Apply for a decision."""
    o = session.options
    outcome = work.request_approval(
        session.bureau(),
        session.actor(),
        *_instance(session),
        o.matter,
        o.reason,
        pairs(o.values, o.data),
    )
    show_outcome(session, outcome)


def approval_decide(session: Session) -> None:
    """Decide an application."""
    o = session.options
    outcome = approval_services.decide_application(
        session.bureau(),
        session.actor(),
        reference(session, o.case),
        o.request,
        o.outcome,
        o.reason,
        points=o.point or (),
    )
    show_outcome(session, outcome)


def approval_list(session: Session) -> None:
    """List applications."""
    o = session.options
    found = approval_services.applications(
        session.bureau(), session.actor(), status=None if o.all else "pending"
    )
    data = [
        {
            "case_no": a.case_no,
            "request": a.request,
            "instance": str(Key(a.node, a.subject)),
            "matter": a.matter,
            "level": a.level,
            "status": a.status,
            "requested_by": a.requested_by,
            "requested_at": a.requested_at,
            "reason": a.reason,
            "decided_by": a.decided_by,
        }
        for a in found
    ]
    lines = [
        f"{a.case_no}　第{a.request}号　节点{a.node} {a.node_name}　{a.matter}　{a.status}　"
        f"{a.requested_by} {a.requested_at:%Y-%m-%d %H:%M}　{a.reason}"
        for a in found
    ]
    session.show(data, [*lines, f"共{len(found)}件"])
