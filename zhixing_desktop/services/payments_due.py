"""案款 that both signatures have approved and 财务 has not paid yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from json import loads
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.payments import PAID_OUT, PAYOUT

_DUE = (
    "SELECT a.case_id, c.case_no, c.parties_text, s.name, a.subject, a.requested_by, a.decided_by, "
    "a.decided_at, a.reason, q.data FROM approvals a JOIN cases c ON c.id = a.case_id "
    "LEFT JOIN staff s ON s.id = c.officer_id "
    "LEFT JOIN facts q ON q.case_id = a.case_id AND q.seq = a.request_seq "
    "WHERE a.matter = ? AND a.status = 'granted' "
    # Of several approvals of one payment the newest counts, and a payment after it ends the wait.
    "AND NOT EXISTS (SELECT 1 FROM approvals b WHERE b.case_id = a.case_id AND b.matter = a.matter "
    "AND b.subject = a.subject AND b.request_seq > a.request_seq) "
    "AND NOT EXISTS (SELECT 1 FROM facts f WHERE f.case_id = a.case_id AND f.kind = ? "
    "AND f.subject = a.subject AND f.seq > a.request_seq) "
    "ORDER BY a.decided_at, a.case_id, a.subject LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class PaymentDue:
    """One payment that may be made; ``amount`` in yuan, as it was approved."""

    case_id: int
    case_no: str
    parties: str
    officer: str
    subject: str
    requested_by: str
    decided_by: str
    decided_at: datetime
    reason: str
    amount: Decimal | None = None


def payments_due(bureau: Bureau, actor: Actor, *, limit: int = 200) -> tuple[PaymentDue, ...]:
    """Return what 财务 may pay, the longest approved first; ``NotAllowedError`` without a panel."""
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "panel.view")
        return payments_in(conn, limit=limit)


def payments_in(conn: Connection, *, limit: int = 200) -> tuple[PaymentDue, ...]:
    """Return the same within somebody else's reading, which has asked who reads."""
    return tuple(_due(row) for row in ask(conn, _DUE, (PAYOUT, PAID_OUT, limit)))


def _due(row: Sequence[Any]) -> PaymentDue:
    at = row[7]
    return PaymentDue(
        case_id=row[0],
        case_no=row[1],
        parties=row[2],
        officer=row[3] or "",
        subject=row[4],
        requested_by=row[5],
        decided_by=row[6] or "",
        decided_at=datetime.fromisoformat(at) if type(at) is str else at,
        reason=row[8],
        amount=_amount(row[9]),
    )


def _amount(asked: str | None) -> Decimal | None:
    """The sum that the application names; old ones and those on a list may name none."""
    approved = loads(asked).get("payment") if asked else None
    said = approved.get("payout_amount") if approved else None
    return Decimal(str(said)) if said is not None else None
