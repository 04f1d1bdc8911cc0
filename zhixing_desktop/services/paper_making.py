"""From a wish to a paper: its data, what is asked and what was typed before, its number.

Writes nothing and asks nobody: whoever calls has asked whether the person may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from json import loads
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.documents.blocks import Paper
from zhixing_desktop.documents.case_data import Around, paper_data
from zhixing_desktop.documents.form_types import Ask, Form, Numbering
from zhixing_desktop.documents.gap_places import BY_ITSELF, place_of
from zhixing_desktop.documents.numbering import series_number, suffix_number
from zhixing_desktop.documents.values import Blank, Record, said
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.paper_around import (
    court_values,
    enclosed_with,
    hops_of,
    issued_before,
    log_of,
    people_of,
)
from zhixing_desktop.services.paper_layout import read_overrides
from zhixing_desktop.services.paper_places import Place
from zhixing_desktop.services.paper_rows import case_papers, case_services
from zhixing_desktop.services.paper_template_use import (
    filled,
    from_template,
    template_in_force,
)
from zhixing_desktop.services.paper_types import (
    AskLine,
    GapLine,
    PaperWish,
)
from zhixing_desktop.workflow import case_numbers
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.entries import checked_values
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.rule_parts import FieldSpec
from zhixing_desktop.workflow.views import CaseView

_ANSWERS = "SELECT case_id, name, value FROM paper_answers WHERE case_id IN (0, ?)"
_EMPTY: tuple[object, ...] = (None, "", [], ())


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number: the words, and which of its series it is (``serial`` None: of none)."""

    words: str = ""
    series: str = ""
    year: int = 0
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A paper with what it was made of.

    ``asked`` are all answers in stored form, ``typed`` those that were given for this paper.
    ``word`` is its Word file where it comes from the court's own template.
    """

    paper: Paper
    asks: tuple[AskLine, ...]
    asked: Mapping[str, Any]
    gaps: tuple[GapLine, ...]
    typed: Mapping[str, Any]
    enclosed: tuple[int, ...]
    word: bytes | None = None


# ------------------------------------------------------------------------------------- the paper


def make(
    conn: Connection,
    bureau: Bureau,
    ctx: Context,
    view: CaseView,
    place: Place,
    wish: PaperWish,
    *,
    case_id: int,
    number: str,
    day: date,
    draft: bool = True,
    by_hand: bool = False,
    trial: tuple[bytes, tuple[str, ...]] | None = None,
) -> Made:
    """Return the paper of a place with the given answers, number and day.

    ``trial`` is a template to be tried instead of what counts: its bytes and the fields it uses.
    Raises :class:`InputRefusedError` naming every answer that is wrong.
    """
    # Jinja2 comes along, for which nobody waits who only lists papers.
    from zhixing_desktop.documents.making import Making, make_paper

    form = place.form
    given = _checked(ctx, form, wish.asked)
    settings = read_settings(conn)
    rows = case_papers(conn, case_id)
    services = case_services(conn, case_id)
    enclosed = enclosed_with(ctx, bureau, place, wish, rows, services)
    template = template_in_force(conn, form.key, ctx.now.date())
    needs = bureau.papers.library(bureau.rules).needs[form.key].names
    tried = trial[1] if trial is not None else template.fields if template is not None else ()
    needs = (*needs, *(name.replace("[]", "") for name in tried))
    around = Around(
        court=court_values(settings),
        people=people_of(conn, ctx, settings),
        number=number,
        day=day,
        asks=form.asks,
        subject=place.about,
        recipient=wish.recipient,
        matter=form.approval,
        earlier=issued_before(rows, services),
        enclosed=issued_before(enclosed, services),
        log=log_of(ctx, place) if "node.log" in needs else (),
        hops=hops_of(ctx, place) if "application.hops" in needs else (),
    )
    dictionary = bureau.papers.dictionary(bureau.rules)
    remembered = _remembered(conn, case_id)
    # The case's own data may be what an answer defaults to.
    first = {**{a.name: v for a in form.asks if (v := _before(a, remembered)) is not None}, **given}
    data = paper_data(ctx, view, dictionary, place.key, replace(around, asked=first))
    answers = _answers(form, given, remembered, data)
    asked = {line.name: line.value for line in answers if line.value is not None}
    if asked != first:
        data = paper_data(ctx, view, dictionary, place.key, replace(around, asked=asked))
    layout = bureau.papers.layout(read_overrides(conn))
    paper = make_paper(
        form,
        data,
        bureau.papers.laws(bureau.rules),
        Making(
            day=day,
            zero=layout.zero,
            draft=draft,
            by_hand=by_hand,
            # Whoever works on it: the file must not differ.
            author=ctx.current_officer(),
        ),
    )
    word = None
    mark = layout.draft.words if draft else ""
    if trial is not None:
        paper, word = filled(
            bureau, *trial, data, paper, day=day, zero=layout.zero, draft_words=mark
        )
    elif template is not None:
        paper, word = from_template(
            bureau, template, form, data, paper,
            day=day, zero=layout.zero, draft_words=mark, by_hand=by_hand,
        )  # fmt: skip
    book = bureau.rules.book
    gaps = tuple(
        GapLine(gap.label, gap.source, place_of(gap, book))
        for gap in paper.gaps
        if gap.source not in BY_ITSELF
    )
    typed = {name: value for name, value in given.items() if value is not None}
    return Made(paper, answers, asked, gaps, typed, tuple(row["id"] for row in enclosed), word)


def _checked(ctx: Context, form: Form, asked: Mapping[str, Any]) -> dict[str, Any]:
    specs = [
        FieldSpec(
            name=entry.name,
            label=entry.label,
            type=entry.type,
            required=entry.required,
            cite=None,
            options=entry.options,
        )
        for entry in form.asks
    ]
    known = {entry.name for entry in form.asks}
    problems = [
        Problem(name, f"《{form.name}》不填写“{name}”") for name in asked if name not in known
    ]
    clean: dict[str, Any] = {}
    try:
        clean = checked_values(ctx, specs, {n: v for n, v in asked.items() if n in known})
    except InputRefusedError as error:
        problems += error.problems
    if problems:
        said_all = "；".join(problem.sentence for problem in problems)
        raise InputRefusedError(f"填写的内容有错误：{said_all}", problems)
    return clean


def _remembered(conn: Connection, case_id: int) -> dict[tuple[str, str], Any]:
    return {
        ("case" if row[0] else "bureau", row[1]): loads(row[2])
        for row in ask(conn, _ANSWERS, (case_id,))
    }


def _before(entry: Ask, remembered: Mapping[tuple[str, str], Any]) -> Any:
    value = remembered.get((entry.remember, entry.name))
    if entry.options and value not in _EMPTY:
        # Options may have changed since.
        chosen = value if isinstance(value, list) else [value]
        return value if all(one in entry.options for one in chosen) else None
    return value


def _answers(
    form: Form,
    given: Mapping[str, Any],
    remembered: Mapping[tuple[str, str], Any],
    data: Mapping[str, Any],
) -> tuple[AskLine, ...]:
    found = []
    for entry in form.asks:
        value, source = given.get(entry.name), "typed"
        if entry.name not in given:
            value, source = _before(entry, remembered), "remembered"
            if value in _EMPTY:
                value, source = _default(entry, data), "default"
        if value in _EMPTY:
            value, source = None, ""
        found.append(
            AskLine(
                entry.name,
                entry.label,
                entry.type.value,
                entry.options,
                entry.required,
                entry.help,
                value,
                source,
            )
        )
    return tuple(found)


def _default(entry: Ask, data: Mapping[str, Any]) -> Any:
    if not entry.default:
        return None
    first, *rest = entry.default.split(".")
    value = data.get(first)
    for name in rest:
        if value is None or isinstance(value, Blank):
            return None
        value = getattr(value, name)
    return _stored(value)


def _stored(value: Any) -> Any:
    """A value of the data as an answer is kept."""
    if value is None or isinstance(value, Blank):
        return None
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (Record, tuple)):
        return said(value)
    return value


# ------------------------------------------------------------------------------------- numbers

_HIGHEST = "SELECT max(serial) FROM papers WHERE series = ? AND series_year = ?"


def next_number(conn: Connection, ctx: Context, form: Form, case_id: int, day: date) -> Numbered:
    """Return the number that a paper gets now; void papers keep theirs.

    Who gives it out holds the case, and for a bureau's series ``hold_series``, before asking.
    """
    case_no = str(ctx.header.get("case_no", ""))
    match form.numbering:
        case Numbering.CASE:
            return Numbered(case_no)
        case Numbering.SUFFIX:
            series = f"case:{case_id}"
            serial = _next(conn, series, 0)
            plain = read_settings(conn).papers.first_number == "plain"
            words = suffix_number(case_no, serial, first_plain=plain)
            return Numbered(words, series, 0, serial)
        case Numbering.SERIES:
            court = case_numbers.parse(case_no).court
            serial = _next(conn, form.series, day.year)
            words = series_number(day.year, court, form.series, serial)
            return Numbered(words, form.series, day.year, serial)
        case Numbering.NONE:
            return Numbered()


def _next(conn: Connection, series: str, year: int) -> int:
    highest = ask(conn, _HIGHEST, (series, year))[0][0]
    return int(highest or 0) + 1
