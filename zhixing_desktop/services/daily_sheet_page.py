"""The daily sheet as a page to print: plain HTML of tables, as a text document can lay it out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from zhixing_desktop.services.daily_sheet import DailySheet, LateCase
from zhixing_desktop.workflow.day_words import day_words
from zhixing_desktop.workflow.facts import State

# Headings are plain paragraphs: a text document makes headings larger than any style says.
_STYLE = """
p, td, th { font-size: 9.5pt; }
p { margin: 0 0 2pt 0; }
p.title { font-size: 16pt; font-weight: bold; margin: 0 0 2pt 0; }
p.head { font-size: 11pt; font-weight: bold; margin: 7pt 0 2pt 0; }
th { text-align: left; font-weight: bold; }
p.small { font-size: 8.5pt; }
"""
_GAP = "&nbsp;&nbsp;&nbsp;"
"""Between two words: blanks of any width are run together by a text document."""


def sheet_html(sheet: DailySheet) -> str:
    """Return the page; every word in it is escaped."""
    words = day_words(sheet.day)
    parts = [
        f"<p class='title' align='center'>{escape(sheet.court)}执行工作日报</p>",
        f"<p align='center'>{words}</p>",
        "<p class='head'>一、案件</p>",
        _counts([*sheet.moves, *sheet.states]),
        "<p class='head'>二、当日预警、逾期、督办、冻结、解冻</p>",
        _counts([*sheet.announced, *sheet.freezes]),
        "<p class='head'>三、等待决定的申请</p>",
        _counts([(f"由{roles}", count) for roles, count in sheet.waiting]) or _none(),
        f"<p class='head'>四、届满最久的案件（前{len(sheet.worst)}件）</p>" if sheet.worst else "",
        _worst(sheet),
        "<p class='head'>五、当日决定</p>",
        _decisions(sheet),
        "<p class='head'>六、代行职权</p>",
        _deputies(sheet),
        "<p class='head'>七、日志末条</p>",
        _head(sheet),
        f"<p><br/>执行局长签名：____________________{_GAP * 3}日期：____________________</p>",
    ]
    body = "".join(parts)
    return f"<html><head><style>{_STYLE}</style></head><body>{body}</body></html>"


def _head(sheet: DailySheet) -> str:
    blocks = [sheet.head_hash[at : at + 8] for at in range(0, len(sheet.head_hash), 8)]
    return (
        f"<p>第 {sheet.head_id} 条，{escape(sheet.head_algorithm.upper())} 校验值：<br/>"
        f"<tt>{' '.join(blocks)}</tt></p>"
        f"{_key(sheet)}"
        "<p class='small'>本页打印后请签名留存。日后核对日志时，以本页的编号和校验值为准："
        f"zhixing journal verify --head {sheet.head_id}:{sheet.head_hash}</p>"
        f"<p class='small'>制表：{escape(sheet.made_by)}{_GAP}{sheet.made_at:%Y-%m-%d %H:%M}</p>"
    )


def _key(sheet: DailySheet) -> str:
    if not sheet.key_fingerprint:
        return ""
    blocks = [sheet.key_fingerprint[at : at + 8] for at in range(0, 64, 8)]
    return f"<p>日志签名密钥指纹：<br/><tt>{' '.join(blocks)}</tt></p>"


def _worst(sheet: DailySheet) -> str:
    if not sheet.worst:
        return ""
    return _table(
        ("案号", "当事人", "承办人", "节点", "届满日", "逾期"),
        (
            (
                late.case_no,
                late.parties,
                late.officer,
                _node(late),
                f"{late.due_at:%Y-%m-%d}",
                f"{late.days_late}日",
            )
            for late in sheet.worst
        ),
    )


def _node(late: LateCase) -> str:
    """The node with its own state; that another node has frozen the case is said beside it."""
    frozen = late.state is State.FROZEN is not late.node_state
    more = "，另有节点冻结" if frozen else ""
    return f"{late.node} {late.node_name}（{late.node_state.label}{more}）"


def _decisions(sheet: DailySheet) -> str:
    if not sheet.decisions:
        return _none()
    return _table(
        ("时间", "案号", "事项", "决定", "决定人", "理由"),
        (
            (
                f"{made.at:%H:%M}",
                made.case_no,
                f"节点{made.node} {made.matter}",
                made.outcome,
                f"{made.decided_by}（代{made.on_behalf_of}审批）"
                if made.on_behalf_of
                else made.decided_by,
                made.reason,
            )
            for made in sheet.decisions
        ),
    )


def _deputies(sheet: DailySheet) -> str:
    if not sheet.deputies:
        return _none()
    return _table(
        ("被代行人", "代行人", "职权", "至", "依据"),
        (
            (note.principal, note.deputy, note.role, note.until_on.isoformat(), note.paper)
            for note in sheet.deputies
        ),
    )


def _none() -> str:
    return "<p>无</p>"


def _counts(pairs: Sequence[tuple[str, int]]) -> str:
    if not pairs:
        return ""
    return "<p>" + _GAP.join(f"{escape(word)} <b>{count}</b>" for word, count in pairs) + "</p>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(head)}</th>" for head in heads)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        "<table border='1' cellspacing='0' cellpadding='2' width='100%' "
        f"style='border-collapse: collapse'><tr>{top}</tr>{lines}</table>"
    )
