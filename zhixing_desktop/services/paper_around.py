"""What a paper needs beside its case's facts: the court, its people, papers that go along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from json import loads
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from zhixing_desktop.documents.case_data import Issued, LogLine, Person
from zhixing_desktop.documents.form_types import PaperKind
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Bureau, Row
from zhixing_desktop.services.bureau_settings import BureauSettings
from zhixing_desktop.services.fact_words import when_words
from zhixing_desktop.services.node_history import history
from zhixing_desktop.services.paper_places import Place, approval_of
from zhixing_desktop.services.paper_rows import unserved
from zhixing_desktop.services.paper_types import ISSUED, PaperWish
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

if TYPE_CHECKING:
    from zhixing_desktop.documents.form_reader import Library


_PEOPLE = "SELECT name, roles, title, telephone, clerk_id, id FROM staff WHERE active ORDER BY id"
_ROLES = {"chief": "执行局长", "vice_president": "主管院领导", "president": "院长"}


def court_values(settings: BureauSettings) -> dict[str, str]:
    """Return the court as papers name it (``dictionary.COURT``)."""
    court = settings.court
    return {
        "name": court.name,
        "code": court.code,
        "address": court.address,
        "phone": court.phone,
        "postcode": court.postcode,
        "superior": court.superior,
        "high": court.high,
        "account_name": court.account_name,
        "account_bank": court.account_bank,
        "account_number": court.account_number,
        "supervision_phone": court.supervision_phone,
    }


def people_of(conn: Connection, ctx: Context, settings: BureauSettings) -> dict[str, Person]:
    """Return the people a case's papers name, by their part.

    Who decides is named where one person alone holds the role, or where the court has said who.
    """
    rows = ask(conn, _PEOPLE)
    by_name = {row[0]: row for row in rows}
    by_id = {row[5]: row for row in rows}
    found: dict[str, Person] = {}
    officer = by_name.get(ctx.current_officer())
    if officer is not None:
        found["officer"] = _person(officer)
    clerk = by_name.get(ctx.header.get("clerk")) or (by_id.get(officer[4]) if officer else None)
    if clerk is not None:
        found["clerk"] = _person(clerk)
    for part, role in _ROLES.items():
        named = str(getattr(settings.papers, part))
        holders = [row for row in rows if role in loads(row[1])]
        if named:
            found[part] = _person(by_name[named]) if named in by_name else Person(named)
        elif len(holders) == 1:
            found[part] = _person(holders[0])
    return found


def _person(row: Sequence[Any]) -> Person:
    return Person(row[0], row[2], row[3])


def issued_before(rows: Sequence[Row], services: Sequence[Row]) -> tuple[Issued, ...]:
    days: dict[int, date] = {}
    for service in services:
        day = service["effective_on"]
        if service["withdrawn_by"] is None and day is not None:
            days[service["paper_id"]] = max(day, days.get(service["paper_id"], day))
    return tuple(
        Issued(row["name"], row["number"], row["day"], days.get(row["id"]))
        for row in rows
        if row["state"] == ISSUED
    )


def enclosed_with(
    ctx: Context,
    bureau: Bureau,
    place: Place,
    wish: PaperWish,
    rows: Sequence[Row],
    services: Sequence[Row],
) -> list[Row]:
    """Return the papers that go along: those named, else those that fit.

    With a 送达回证 goes what has not reached its recipient, with a letter or notice to somebody
    outside the rulings of its instance.  Raises :class:`InputRefusedError` for a number that is not
    an issued paper of the case.
    """
    there = [row for row in rows if row["state"] == ISSUED]
    if wish.enclosed is not None:
        known = {row["id"]: row for row in there}
        wrong = [number for number in wish.enclosed if number not in known]
        if wrong:
            listed = "、".join(f"第{number}号" for number in wrong)
            raise InputRefusedError(
                f"{listed}文书不是本案已经签发的文书，不能附上。", [Problem("附件", listed)]
            )
        return [known[number] for number in wish.enclosed]
    library = bureau.papers.library(bureau.rules)
    if place.form.kind is PaperKind.PROOF:
        to = subjects.base(wish.recipient) if wish.recipient else ""
        return [r for r in there if to in _open_for(ctx, library, r, services)]
    if "assistant" in place.form.served_on:
        return [
            row
            for row in there
            if (row["node"], row["subject"]) == tuple(place.key)
            and row["form"] in library.forms
            and library.forms[row["form"]].kind is PaperKind.RULING
        ]
    return []


def _open_for(ctx: Context, library: Library, row: Row, services: Sequence[Row]) -> tuple[str, ...]:
    form = library.forms.get(row["form"])
    if form is None or form.kind is PaperKind.PROOF:
        return ()
    own = [service for service in services if service["paper_id"] == row["id"]]
    return unserved(ctx, row, form.served_on, own)


def log_of(ctx: Context, place: Place) -> tuple[LogLine, ...]:
    rows = history(ctx, ctx.index.facts, ctx.rulebook.nodes[place.key.node], place.key)
    return tuple(
        LogLine(
            when_words(row.happened_at),
            when_words(row.entered_at),
            row.entered_by,
            "：".join(part for part in (row.title, row.words) if part),
        )
        for row in reversed(rows)
    )


def hops_of(ctx: Context, place: Place) -> tuple[str, ...]:
    approval = approval_of(ctx, place)
    if approval is None or approval.request is None:
        return ()
    from zhixing_desktop.services.decision_sheet import hop_words

    asked = next(a for a in ctx.index.approvals if a.seq == approval.request)
    return tuple(hop_words(dict(hop)) for hop in asked.forwards)
