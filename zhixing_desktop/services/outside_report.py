"""The report to a superior court: letter, case extract, the node's log, reasons; to be printed.

Content first (``Report``), then a page of HTML made of it; Word and PDF come with the papers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from zhixing_desktop.services import cases
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.decision_sheet import hop_words
from zhixing_desktop.services.fact_words import (
    fact_title,
    fact_words,
    subject_words,
    when_words,
)
from zhixing_desktop.services.permission import About, permit
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.approvals import rule_for
from zhixing_desktop.workflow.deciding import find_application
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.views import Key

_RECEIVERS = {
    "intermediate_court": ("superior", "中级人民法院", ""),
    "intermediate_court_bureau_chief": ("superior", "中级人民法院", "执行局"),
    "high_court": ("high", "高级人民法院", ""),
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the node's log: when it happened, when and by whom it was entered, what."""

    happened: str
    entered: str
    by: str
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported, ready to be printed.

    ``letter`` are the paragraphs of the letter, ``extract`` label and text of the case, ``log`` the
    node's facts in order, ``reasons`` what the officer says, ``rule`` the guideline's words,
    ``hops`` the letter's way so far.
    """

    letterhead: tuple[str, ...]
    title: str
    receiver: str
    letter: tuple[str, ...]
    extract: tuple[tuple[str, str], ...]
    log: tuple[LogLine, ...]
    reasons: tuple[tuple[str, str], ...]
    rule: str
    hops: tuple[str, ...]
    sender: str
    made_on: datetime


def report(bureau: Bureau, actor: Actor, case: str | int, request: int) -> Report:
    """Return the report on an application that an authority outside the court decides.

    Raises ``RuleRefusedError`` for one that the court decides itself, ``InputRefusedError`` for an
    unknown one.
    """
    detail = cases.detail(bureau, actor, case)
    ctx, view = detail.context, detail.view
    asked = find_application(ctx, request)
    rule = rule_for(ctx, view, asked)
    if rule.level == "local":
        raise RuleRefusedError(f"“{rule.label}”由本院决定，不需要报上级法院。", cite=rule.cite)
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "print", case=ctx, about=About(request=request))
    court = read_settings(bureau).court
    which, general, office = _RECEIVERS[rule.level]
    receiver = f"{(court.superior if which == 'superior' else court.high) or general}{office}"
    spec = ctx.rulebook.nodes[asked.node]
    sender = court.name or "本院"
    about = subject_words(ctx.index.name_of, asked.subject)
    where = "" if asked.subject == subjects.CASE else f"（{about}）"
    what = f"节点{spec.number}“{spec.name}”{where}"
    instance = view.instances.get(Key(asked.node, asked.subject))
    frozen = instance.frozen if instance is not None else None
    since = f"已于{when_words(frozen.frozen_at)}自动冻结" if frozen is not None else "已经冻结"
    way = "层报" if rule.level == "high_court" else "报请"
    return Report(
        letterhead=court.letterhead or (sender,),
        title=f"关于{detail.case_no}案件{what}解冻的报告",
        receiver=receiver,
        letter=(
            f"我院办理的{detail.case_no}执行案件，{what}{since}。",
            f"承办人于{when_words(asked.requested_at)}申请解冻。现{way}你院审查批准。",
        ),
        extract=_extract(detail),
        log=_log(detail, asked),
        reasons=(("申请人", asked.requested_by), ("申请理由", asked.reason)),
        rule=rule.cite.words(),
        hops=tuple(hop_words(dict(entry)) for entry in asked.forwards),
        sender=sender,
        made_on=detail.now,
    )


def _extract(detail: cases.CaseDetail) -> tuple[tuple[str, str], ...]:
    header, view = detail.header, detail.view
    names = {
        kind: "、".join(
            str(data.get("name", ""))
            for subject, data in detail.parties.items()
            if subjects.kind_of(subject) == kind
        )
        for kind in ("creditor", "debtor")
    }
    filed = detail.context.index.event("case_filed", subjects.CASE)
    rows = (
        ("案号", detail.case_no),
        ("申请执行人", names["creditor"]),
        ("被执行人", names["debtor"]),
        ("案由", str(header.get("cause", ""))),
        ("执行依据", str(header.get("basis", ""))),
        ("申请执行标的（元）", str(header.get("amount", ""))),
        ("立案时间", when_words(filed.happened_at) if filed is not None else ""),
        ("承办人", detail.officer),
        ("案件状态", view.state.label),
    )
    return tuple((label, text) for label, text in rows if text)


def _log(detail: cases.CaseDetail, asked: ApprovalView) -> tuple[LogLine, ...]:
    ctx = detail.context
    book, names = ctx.rulebook, ctx.index.name_of
    return tuple(
        LogLine(
            when_words(fact.happened_at),
            f"{fact.entered_at:%Y-%m-%d %H:%M}",
            fact.entered_by,
            f"{fact_title(book, names, fact)}　{fact_words(book, names, fact)}",
        )
        for fact in ctx.index.facts
        if fact.node == asked.node and subjects.related(fact.subject, asked.subject)
    )


def report_html(made: Report) -> str:
    """Return the report as one page of HTML, complete in itself; everything in it is escaped."""
    head = "".join(f"<div class=head>{escape(line)}</div>" for line in made.letterhead)
    letter = "".join(f"<p>{escape(text)}</p>" for text in made.letter)
    log = "".join(
        f"<tr><td>{escape(line.happened)}</td><td>{escape(line.what)}</td>"
        f"<td>{escape(line.by)}</td><td>{escape(line.entered)}</td></tr>"
        for line in made.log
    )
    hops = "".join(f"<li>{escape(text)}</li>" for text in made.hops)
    parts = (
        "<!DOCTYPE html><html lang=zh-CN><head><meta charset=utf-8>",
        f"<title>{escape(made.title)}</title><style>{_STYLE}</style></head><body>",
        f"{head}<h1>{escape(made.title)}</h1><p class=to>{escape(made.receiver)}：</p>{letter}",
        f"<h2>一、案件基本情况</h2>{_pairs(made.extract)}",
        "<h2>二、节点办理记录</h2><table><tr><th>发生时间</th><th>内容</th><th>录入人</th>"
        f"<th>录入时间</th></tr>{log}</table>",
        f"<h2>三、申请的理由</h2>{_pairs(made.reasons)}",
        f"<h2>四、依据</h2><p>{escape(made.rule)}</p>",
        f"<h2>五、转报经过</h2><ul>{hops}</ul>" if hops else "",
        f"<p class=sign>{escape(made.sender)}<br>{_day(made.made_on)}</p></body></html>",
    )
    return "".join(parts)


def _pairs(rows: tuple[tuple[str, str], ...]) -> str:
    body = "".join(f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in rows)
    return f"<table>{body}</table>"


def _day(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


_STYLE = (
    "body{font-family:FangSong,STFangsong,serif;font-size:16pt;line-height:1.6;margin:2.5cm}"
    ".head{text-align:center;font-size:22pt;color:#b00;font-weight:bold}"
    "h1{text-align:center;font-size:20pt}h2{font-size:16pt}p{text-indent:2em;margin:.3em 0}"
    ".to{text-indent:0}.sign{text-align:right;text-indent:0;margin-top:2em}"
    "table{border-collapse:collapse;width:100%;font-size:12pt}"
    "th,td{border:1px solid #333;padding:.2em .4em;text-align:left;vertical-align:top}"
    "th{white-space:nowrap;font-weight:normal;background:#f3f3f3}tr{page-break-inside:avoid}"
)
