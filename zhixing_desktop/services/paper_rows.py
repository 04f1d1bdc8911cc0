"""The rows of papers and of their service as the lines that people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.models.tables import papers, services_of_papers
from zhixing_desktop.services.bureau import Bureau, Row
from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.services.paper_types import ISSUED, PaperLine, ServiceLine
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.service_of_papers import (
    BY_NOTICE,
    Result,
    Service,
    Way,
    served,
)
from zhixing_desktop.workflow.views import Key

CATALOGUES: Mapping[str, str] = {
    "first": "执行卷",
    "resumed": "执行恢复卷",
    "preservation": "执行保全卷",
    "side": "副卷",
}


def paper_row(conn: Connection, paper_id: int, *, lock: bool = False) -> Row:
    """Return a paper's row; :class:`InputRefusedError` for an unknown number."""
    found = rows_where(conn, papers, "id", paper_id, lock=lock)
    if not found:
        raise InputRefusedError(f"没有第{paper_id}号文书", [Problem("文书", "请核对文书的编号")])
    return found[0]


def case_papers(conn: Connection, case_id: int) -> list[Row]:
    """Return the rows of a case's papers, oldest first."""
    return rows_where(conn, papers, "case_id", case_id, order="id")


def case_services(conn: Connection, case_id: int) -> list[Row]:
    """Return the rows of all services of a case's papers, oldest first."""
    return rows_where(conn, services_of_papers, "case_id", case_id, order="id")


def recipients(ctx: Context, row: Row, served_on: Sequence[str]) -> tuple[str, ...]:
    """Return on whom a paper must be served: subjects of parties, ``""`` for somebody outside.

    A copy for one party is served on that party, a paper about a debtor on that debtor.
    """
    if row["recipient"]:
        return (subjects.base(row["recipient"]),)
    found: list[str] = []
    own = subjects.kind_of(row["about"]) if row["about"] else ""
    for who in served_on:
        if who in ("creditor", "debtor"):
            found += [subjects.base(row["about"])] if own == who else _side(ctx, who)
        elif "" not in found:
            found.append("")
    return tuple(dict.fromkeys(found))


def _side(ctx: Context, who: str) -> list[str]:
    return [s for s in ctx.index.parties if subjects.kind_of(s) == who]


def unserved(
    ctx: Context, row: Row, served_on: Sequence[str], services: Iterable[Row]
) -> tuple[str, ...]:
    """Return which recipients an issued paper has not reached by ``ctx.now``."""
    if row["state"] != ISSUED:
        return ()
    today = ctx.now.date()
    reached = {
        subjects.base(s["whom"]) if s["whom"] else ""
        for s in services
        if s["withdrawn_by"] is None
        and s["effective_on"] is not None
        and s["effective_on"] <= today
    }
    return tuple(whom for whom in recipients(ctx, row, served_on) if whom not in reached)


def lines(
    bureau: Bureau,
    conn: Connection,
    ctx: Context,
    case_no: str,
    rows: Sequence[Row],
) -> tuple[PaperLine, ...]:
    """Return papers of one case as lines."""
    if not rows:
        return ()
    library = bureau.papers.library(bureau.rules)
    by_paper: dict[int, list[Row]] = {}
    for service in case_services(conn, rows[0]["case_id"]):
        by_paper.setdefault(service["paper_id"], []).append(service)
    replaced = dict(
        ask(
            conn,
            "SELECT replaces_id, id FROM papers WHERE case_id = ? AND replaces_id IS NOT NULL",
            (rows[0]["case_id"],),
        )
    )
    found = []
    for row in rows:
        form = library.forms.get(row["form"])
        services = by_paper.get(row["id"], [])
        missing = unserved(ctx, row, form.served_on, services) if form is not None else ()
        found.append(
            PaperLine(
                id=row["id"],
                case_id=row["case_id"],
                case_no=case_no,
                form=row["form"],
                name=row["name"],
                key=Key(row["node"], row["subject"]),
                about=row["about"],
                about_words=about_words(ctx, row["about"] or row["subject"]),
                recipient=row["recipient"],
                state=row["state"],
                number=row["number"],
                day=row["day"],
                asked=row["asked"],
                enclosed=tuple(row["enclosed"]),
                made_by=row["made_by"],
                made_at=row["made_at"],
                issued_by=row["issued_by"] or "",
                issued_at=row["issued_at"],
                voided_by=row["voided_by"] or "",
                voided_at=row["voided_at"],
                reason=row["reason"],
                replaces=row["replaces_id"],
                replaced_by=replaced.get(row["id"]),
                pdf=row["pdf"],
                docx=row["docx"],
                edited=row["edited"],
                dossier=dossier_words(row),
                services=tuple(service_line(bureau, s) for s in services),
                unserved=tuple(recipient_name(ctx, whom) for whom in missing),
                version=row["version"],
            )
        )
    return tuple(found)


def about_words(ctx: Context, subject: str) -> str:
    """Return what a paper is for in words; empty for the case."""
    plain = subjects.base(subject)
    return "" if plain == subjects.CASE else subject_words(ctx.index.name_of, plain)


def recipient_name(ctx: Context, whom: str) -> str:
    """Return a recipient's name; somebody outside the case is called by what he is."""
    if not whom:
        return "协助执行单位或者其他受送达人"
    return ctx.index.name_of(whom) or subjects.label(whom)


def dossier_words(row: Row) -> str:
    """Return a paper's place in the catalogue in words."""
    if row["dossier_item"] is None:
        return ""
    return f"{CATALOGUES.get(row['catalogue'], row['catalogue'])}第{row['dossier_item']}项"


def service_of(row: Row) -> Service:
    """Return a row as the service it holds."""
    return Service(
        way=Way(row["way"]),
        result=Result(row["result"]),
        sent_on=row["sent_on"],
        arrived_on=row["arrived_on"],
        place=row["place"],
        received_by=row["received_by"],
        relation=row["relation"],
        reason=row["reason"],
        witness=row["witness"],
        server=row["server"],
    )


def service_line(bureau: Bureau, row: Row) -> ServiceLine:
    """Return a row with the derivation of its day, each step with the articles of that day."""
    service = service_of(row)
    laws = bureau.papers.laws(bureau.rules)
    found = served(service, lambda day: laws.days(BY_NOTICE, day))
    day = found.day or service.arrived_on or service.sent_on or row["entered_at"].date()
    return ServiceLine(
        id=row["id"],
        paper=row["paper_id"],
        whom=row["whom"],
        recipient=row["recipient"],
        service=service,
        effective_on=row["effective_on"],
        derivation=tuple(
            (step.words, laws.cite(step.laws, step.day or day)[0] if step.laws else "")
            for step in found.steps
        ),
        proof=row["proof"],
        entered_by=row["entered_by"],
        entered_at=row["entered_at"],
        withdrawn_by=row["withdrawn_by"] or "",
        withdrawn_reason=row["withdrawn_reason"],
        version=row["version"],
    )


def one_line(
    bureau: Bureau, conn: Connection, ctx: Context, case_no: str, row: Mapping[str, Any]
) -> PaperLine:
    """Return one paper as a line."""
    return lines(bureau, conn, ctx, case_no, [dict(row)])[0]
