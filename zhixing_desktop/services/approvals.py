"""Applications that wait for a decision, over all cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from zhixing_desktop.models.tables import approvals, cases
from zhixing_desktop.services.bureau import Bureau


@dataclass(frozen=True, slots=True)
class Application:
    """One application: what is asked, by whom, for which node of which case."""

    case_id: int
    case_no: str
    parties: str
    request: int
    node: int
    node_name: str
    subject: str
    matter: str
    level: str
    status: str
    requested_by: str
    requested_at: datetime
    reason: str
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str


def applications(
    bureau: Bureau, *, status: str | None = "pending", case_id: int | None = None
) -> tuple[Application, ...]:
    """Return applications, oldest first; of one case or of all, in one status or in any."""
    statement = (
        select(approvals, cases.c.case_no, cases.c.parties_text)
        .select_from(approvals.join(cases, cases.c.id == approvals.c.case_id))
        .order_by(approvals.c.requested_at, approvals.c.id)
    )
    if status is not None:
        statement = statement.where(approvals.c.status == status)
    if case_id is not None:
        statement = statement.where(approvals.c.case_id == case_id)
    with bureau.database.reading() as conn:
        rows = conn.execute(statement).all()
    book = bureau.rules.book
    return tuple(
        Application(
            case_id=row.case_id,
            case_no=row.case_no,
            parties=row.parties_text,
            request=row.request_seq,
            node=row.node,
            node_name=book.nodes[row.node].name,
            subject=row.subject,
            matter=row.matter,
            level=row.level,
            status=row.status,
            requested_by=row.requested_by,
            requested_at=row.requested_at,
            reason=row.reason,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            decision_reason=row.decision_reason,
        )
        for row in rows
    )
