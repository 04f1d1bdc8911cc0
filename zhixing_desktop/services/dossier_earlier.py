"""Papers, proofs and replies that are not in the dossier yet although they exist: filed now.

After an upgrade everything that was issued, served and answered before there was a dossier; later a
single issued paper that was taken out of it by mistake.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import dossier_items
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.models.tables import facts, files, papers, services_of_papers
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import SYSTEM, Actor, Bureau, Row
from zhixing_desktop.services.dossier_papers import (
    file_issued,
    file_proof,
    file_reply,
    take_proof,
)
from zhixing_desktop.services.dossier_rows import item_lines, item_row
from zhixing_desktop.services.dossier_types import FILED, Filed
from zhixing_desktop.services.file_store import kept_file, read_file
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_rows import paper_row
from zhixing_desktop.services.paper_types import ISSUED, STATES
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.workflow.errors import RuleRefusedError, StoreError
from zhixing_desktop.workflow.facts import REPLIED
from zhixing_desktop.workflow.outside_decisions import Reply
from zhixing_desktop.workflow.views import Key

_UNFILED_PAPERS = (
    "SELECT p.id FROM papers p WHERE p.state = ? AND NOT EXISTS "
    "(SELECT 1 FROM dossier_items i WHERE i.paper_id = p.id) ORDER BY p.id"
)
_UNFILED_PROOFS = (
    "SELECT s.id FROM services_of_papers s WHERE s.proof <> '' AND s.withdrawn_by IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM dossier_items i WHERE i.service_id = s.id) ORDER BY s.id"
)
_REPLIES = "SELECT id FROM facts WHERE kind = ? ORDER BY id"
_ORIGINALS = (
    "SELECT v.originals FROM dossier_versions v JOIN dossier_items i ON i.id = v.item_id "
    "WHERE i.case_id = ?"
)


def file_earlier(bureau: Bureau) -> int:
    """File what was issued, served and answered before; return how many could not be.

    For the first start after an upgrade; each in a transaction of its own, exactly once.  Where a
    file cannot be read its paper is left for the next start: the health check names the file.
    """
    with bureau.database.reading() as conn:
        made = [number for (number,) in ask(conn, _UNFILED_PAPERS, (ISSUED,))]
        served = [number for (number,) in ask(conn, _UNFILED_PROOFS)]
        answered = [number for (number,) in ask(conn, _REPLIES, (REPLIED,))]
    left = [n for n in made if not _earlier_paper(bureau, n)]
    left += [n for n in served if not _earlier_proof(bureau, n)]
    left += [n for n in answered if not _earlier_reply(bureau, n)]
    return len(left)


def file_paper_again(bureau: Bureau, actor: Actor, paper_id: int) -> Filed:
    """File an issued paper that was taken out of the dossier, from the files it was issued with.

    What was taken out stays among what was taken out.  Raises ``NotAllowedError``,
    ``RuleRefusedError`` for a paper that is not issued or lies in the dossier, ``StoreError`` where
    its file is missing or was changed.
    """
    with bureau.database.reading() as conn:
        row = paper_row(conn, paper_id)
        permit(conn, bureau, actor, "dossier.file", case=row["case_id"], key=_key(row))
    pdf = _pdf_of(bureau, row)
    with bureau.database.writing() as conn:
        case = case_store.find_case(conn, row["case_id"], lock=True)
        permit(conn, bureau, actor, "dossier.file", case=case["id"], key=_key(row))
        row = paper_row(conn, paper_id)
        _refuse_filed(conn, row)
        mine = {**row, "issued_by": actor.name, "issued_at": bureau.database.now(conn)}
        ctx = _context(conn, bureau, case["id"])
        with recorder(conn, bureau, actor, "dossier.file", case["id"]) as record:
            number = file_issued(conn, record, bureau, ctx, mine, pdf)
        (line,) = item_lines(bureau, conn, case, [item_row(conn, number)])
        return Filed(line)


def _refuse_filed(conn: Connection, row: Row) -> None:
    name = f"《{row['name']}》{row['number']}"
    if row["state"] != ISSUED:
        raise RuleRefusedError(
            f"{name}{STATES[row['state']]}，只有已签发的文书可以入卷。",
            data={"kind": row["state"], "paper": row["id"]},
        )
    there = rows_where(conn, dossier_items, "paper_id", row["id"])
    if any(item["state"] == FILED for item in there):
        raise RuleRefusedError(
            f"{name}已经在卷宗里，不需要再入卷。请刷新。",
            data={"kind": FILED, "paper": row["id"]},
        )


def _key(row: Row) -> Key:
    return Key(row["node"], row["subject"])


def _pdf_of(bureau: Bureau, row: Row) -> bytes:
    return read_file(bureau, row["pdf"])[1] if row["pdf"] else b""


def _earlier_paper(bureau: Bureau, paper_id: int) -> bool:
    with bureau.database.reading() as conn:
        (row,) = rows_where(conn, papers, "id", paper_id)
    try:
        pdf = _pdf_of(bureau, row)
    except StoreError:
        return False
    with bureau.database.writing() as conn:
        case_store.find_case(conn, row["case_id"], lock=True)
        permit(conn, bureau, SYSTEM, "dossier.file", case=row["case_id"])
        if rows_where(conn, dossier_items, "paper_id", paper_id):
            return True
        ctx = _context(conn, bureau, row["case_id"])
        with recorder(conn, bureau, SYSTEM, "dossier.file", row["case_id"]) as record:
            file_issued(conn, record, bureau, ctx, row, pdf)
    return True


def _earlier_proof(bureau: Bureau, service_id: int) -> bool:
    with bureau.database.reading() as conn:
        (service,) = rows_where(conn, services_of_papers, "id", service_id)
        (paper,) = rows_where(conn, papers, "id", service["paper_id"])
    scan = _scan_of(bureau, service["proof"])
    if scan is None:
        return False
    taken = take_proof(bureau, scan)
    with bureau.database.writing() as conn:
        case_store.find_case(conn, paper["case_id"], lock=True)
        permit(conn, bureau, SYSTEM, "dossier.file", case=paper["case_id"])
        if rows_where(conn, dossier_items, "service_id", service_id):
            return True
        with recorder(conn, bureau, SYSTEM, "dossier.file", paper["case_id"]) as record:
            file_proof(conn, record, bureau, SYSTEM, paper, service, taken)
    return True


def _earlier_reply(bureau: Bureau, fact_id: int) -> bool:
    """File a reply's scan, unless a thing of its case is made of that very file."""
    with bureau.database.reading() as conn:
        (fact,) = rows_where(conn, facts, "id", fact_id)
        digest = str(fact["data"].get("scan") or "")
        # A scan that was never kept (an imported case) cannot be filed, now or later.
        if not rows_where(conn, files, "digest", digest):
            return True
        if digest in _filed_originals(conn, fact["case_id"]):
            return True
    scan = _scan_of(bureau, digest)
    if scan is None:
        return False
    taken = take_proof(bureau, scan)
    with bureau.database.writing() as conn:
        case = case_store.find_case(conn, fact["case_id"], lock=True)
        permit(conn, bureau, SYSTEM, "dossier.file", case=case["id"])
        if digest in _filed_originals(conn, case["id"]):
            return True
        key = Key(fact["node"], fact["subject"]) if fact["node"] is not None else None
        with recorder(conn, bureau, SYSTEM, "dossier.file", case["id"]) as record:
            reply = _reply_of(fact["data"])
            file_reply(conn, record, bureau, SYSTEM, case, key, reply, digest, taken)
    return True


def _filed_originals(conn: Connection, case_id: int) -> frozenset[str]:
    def digests() -> Iterator[str]:
        for (stored,) in ask(conn, _ORIGINALS, (case_id,)):
            yield from json.loads(stored) if isinstance(stored, str) else stored

    return frozenset(digests())


def _reply_of(data: Row) -> Reply:
    return Reply(
        str(data.get("number") or ""),
        date.fromisoformat(str(data["decided_on"])[:10]),
        str(data.get("decider") or ""),
        str(data.get("office") or ""),
        str(data.get("outcome") or ""),
        str(data.get("words") or ""),
    )


def _scan_of(bureau: Bureau, digest: str) -> Scan | None:
    try:
        return Scan(kept_file(bureau, digest).name, read_file(bureau, digest)[1])
    except StoreError:
        return None


def _context(conn: Connection, bureau: Bureau, case_id: int) -> Any:
    case = case_store.find_case(conn, case_id)
    _, index = case_store.load_index(bureau, conn, case_id, case["version"])
    return case_store.context_of(bureau, index, bureau.database.now(conn))
