"""Papers made void: their numbers are not used again, their files stay."""

from __future__ import annotations

from sqlalchemy import Connection

from zhixing_desktop.models.tables import papers
from zhixing_desktop.services import dossier_papers
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.paper_held import locked, refuse_stale
from zhixing_desktop.services.paper_rows import one_line
from zhixing_desktop.services.paper_types import (
    DRAFT,
    VOID,
    PaperLine,
)
from zhixing_desktop.services.papers import Opened
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.workflow.errors import (
    RuleRefusedError,
)
from zhixing_desktop.workflow.new_facts import must_give_reason
from zhixing_desktop.workflow.views import Key


def void(bureau: Bureau, actor: Actor, paper_id: int, reason: str, *, version: int) -> PaperLine:
    """Make a draft or an issued paper void; its number is not used again, its files stay.

    What its issue entered at the node stays, too: it happened, and is corrected there if it is
    wrong.  Raises ``NotAllowedError``, :class:`InputRefusedError` without a reason,
    :class:`StaleEditError` with both versions.
    """
    with bureau.database.writing() as conn:
        before, opened = locked(conn, bureau, paper_id)
        after = void_in(conn, bureau, actor, (before, opened), reason, version=version)
        return one_line(bureau, conn, opened.ctx, opened.row["case_no"], after)


def void_in(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    held: tuple[Row, Opened],
    reason: str,
    *,
    version: int,
) -> Row:
    """Do the same within a writing transaction that has :func:`locked` the paper."""
    before, opened = held
    key = Key(before["node"], before["subject"])
    act = "paper.draft" if before["state"] == DRAFT else "paper.void"
    permit(conn, bureau, actor, act, case=opened.ctx, key=key)
    must_give_reason(reason, "作废文书应当写明具体理由")
    refuse_stale(before, version, {})
    if before["state"] == VOID:
        raise RuleRefusedError(f"《{before['name']}》已经作废。", data={"kind": VOID})
    after = {
        **before,
        "state": VOID,
        "voided_by": actor.name,
        "voided_at": bureau.database.now(conn),
        "reason": reason.strip(),
        "version": version + 1,
    }
    with recorder(conn, bureau, actor, "paper.void", before["case_id"]) as record:
        record.update(papers, {"id": before["id"]}, before, after)
        dossier_papers.withdraw_paper(conn, record, bureau, actor, before["id"], reason.strip())
    return after
