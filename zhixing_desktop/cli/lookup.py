"""From what a person types to what the program knows; who is not found is told what there is."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from zhixing_desktop.cli.session import Session
from zhixing_desktop.exchange.cells import CellError, read_subject
from zhixing_desktop.services import case_list, cases
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.workflow import case_numbers, subjects
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, UsageError
from zhixing_desktop.workflow.rulebook import Rulebook
from zhixing_desktop.workflow.views import Key

_LISTED = 8
_FREE_KINDS = ("query", "followup", "round")
"""Subjects that come up by themselves, or with the event that is being recorded."""


def case_of(session: Session, text: str) -> CaseDetail:
    """Return a case by 案号 (in any spelling) or by the number of its row.

    Raises :class:`InputRefusedError` that names similar cases.
    """
    wanted: str | int = int(text) if text.isdecimal() else case_numbers.normalise(text)
    bureau = session.bureau()
    try:
        return cases.detail(bureau, session.actor(), wanted)
    except InputRefusedError as error:
        known = [
            row.case_no
            for row in case_list.page(
                bureau, session.actor(), case_list.CaseQuery(sort="case_no", limit=5000)
            )
        ]
        raise InputRefusedError(
            f"没有案件“{wanted}”。{_close(str(wanted), known, '案件')}"
            "请核对案号，用 zhixing case list 查看全部。",
            [Problem("案号", "请核对案号")],
        ) from error


def reference(session: Session, text: str) -> int:
    """Return the row number of a case; errors as above."""
    return case_of(session, text).id


def event_of(book: Rulebook, text: str) -> str:
    """Return the name of an event, given by its name or by its Chinese label.

    Raises :class:`InputRefusedError` that names similar ones.
    """
    if text in book.events:
        return text
    for event in book.events.values():
        if event.label == text:
            return event.name
    labels = {f"{event.label}（{event.name}）": event for event in book.events.values()}
    alike = [words for words, event in labels.items() if text in event.label or text in event.name]
    names = [e.name for e in labels.values()] + [e.label for e in labels.values()]
    for match in () if alike else get_close_matches(text, names, _LISTED, 0.5):
        alike += [words for words, event in labels.items() if match in (event.name, event.label)]
    if alike:
        more = f"是不是：{'、'.join(dict.fromkeys(alike[:_LISTED]))}？"
    else:
        more = f"可以登记的有：{'、'.join(event.label for event in book.events.values())}。"
    raise InputRefusedError(
        f"没有名为“{text}”的事实。{more}", [Problem("事实", f"没有名为“{text}”的事实")]
    )


def subject_of(text: str | None) -> str:
    """Return a subject from its path or its words (``asset/1``, 财产1); nothing is the case."""
    if text is None:
        return subjects.CASE
    try:
        return read_subject(text)
    except CellError as error:
        raise UsageError(
            f"“{text}”不是办理对象，应当写成 案件、被执行人1、线索1、财产2、财产2第1轮拍卖、款项1，"
            "或者 case、debtor/1、clue/1、asset/2、asset/2/round/1、payment/1。"
        ) from error


def key_of(options: Any) -> Key:
    """Return the instance that is named (``17`` with ``--subject``, or ``17@asset/1``)."""
    text = str(options.node)
    number, mark, subject = text.partition("@")
    if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= 46):
        raise UsageError(f"没有节点“{text}”。节点是 1 至 46，带办理对象的写成 17@asset/1。")
    return Key(int(number), subject_of(subject if mark else options.subject))


def known_key(detail: CaseDetail, key: Key) -> Key:
    """Return the instance; :class:`InputRefusedError` tells for what the case has the node."""
    spec = detail.context.rulebook.nodes[key.node]
    kind = subjects.kind_of(key.subject)
    there = detail.context.index.subjects_of(spec.subject)
    if kind != spec.subject:
        want = subjects.KIND_LABELS[spec.subject]
        raise InputRefusedError(
            f"节点{spec.number}“{spec.name}”按{want}办理，不能办理在“{subjects.label(key.subject)}”"
            f"上。{_listed(detail, there, want)}",
            [Problem("办理对象", key.subject)],
        )
    if kind != subjects.CASE and kind not in _FREE_KINDS:
        _must_have(detail, key.subject)
    return key


def known_subject(detail: CaseDetail, event: str, subject: str) -> str:
    """Return the subject of an event that is recorded; what the event itself brings is new."""
    book = detail.context.rulebook
    wanted = book.events[event].subject
    if subjects.kind_of(subject) != wanted:
        want = subjects.KIND_LABELS[wanted]
        brings = any(entry.event == event for entry in book.subjects.values())
        there = detail.context.index.subjects_of(wanted)
        more = (
            f"新的请用 --subject {wanted}/{len(there) + 1}。"
            if brings
            else _listed(detail, there, want)
        )
        raise InputRefusedError(
            f"“{book.events[event].label}”应当登记在{want}上，不是“{subjects.label(subject)}”。"
            f"{more}",
            [Problem("办理对象", subject)],
        )
    brought = any(entry.event == event for entry in book.subjects.values())
    if not brought and wanted not in (subjects.CASE, *_FREE_KINDS):
        _must_have(detail, subject)
    return subject


def _must_have(detail: CaseDetail, subject: str) -> None:
    kind = subjects.kind_of(subject)
    there = tuple(detail.context.index.subjects_of(kind))
    if subjects.base(subject) not in there:
        raise InputRefusedError(
            f"案件中没有{subjects.label(subject)}。"
            f"{_listed(detail, there, subjects.KIND_LABELS[kind])}",
            [Problem("办理对象", subject)],
        )


def _listed(detail: CaseDetail, there: Iterable[str], kind: str) -> str:
    words = [f"{subjects.label(s, detail.context.index.name_of(s))}（{s}）" for s in there]
    return f"已登记的{kind}：{'、'.join(words)}。" if words else f"本案还没有登记{kind}。"


def _close(text: str, known: list[str], what: str) -> str:
    if not known:
        return f"数据库中还没有{what}。"
    close = set(get_close_matches(text, known, 5, 0.6))
    alike = [name for name in known if name in close]
    return f"相近的有：{'、'.join(alike)}。" if alike else ""
