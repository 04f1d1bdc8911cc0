"""Papers and proofs of service file themselves: with their issue, in the same transaction.

A void paper's sheet leaves the volume with the reason; it stays to be seen.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import Connection

from zhixing_desktop.documents.duties import Duties
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.dossier_tables import dossier_items
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services import case_store, dossier_duties
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_materials import materials_for
from zhixing_desktop.services.dossier_store import KeptPiece, Taken, enter_rows, take_in
from zhixing_desktop.services.dossier_types import (
    FILED,
    MAIN,
    SIDE,
    WITHDRAWN,
    Cut,
    Medium,
    Origin,
    Piece,
)
from zhixing_desktop.services.dossier_writing import next_position, write_item, write_version
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError
from zhixing_desktop.workflow.item_entries import with_filed
from zhixing_desktop.workflow.outside_decisions import Reply
from zhixing_desktop.workflow.rulebook import Elsewhere, NodeSpec
from zhixing_desktop.workflow.views import Key

PROOF = "送达回证"
_BRACKETS = re.compile("（[^）]*）")
_REPLY, _SIGNED = "有权批准的单位的答复", 2
"""What a reply is called, and its item of the 副卷 (审（签）批材料)."""
_SERVICE = "送达"
"""What the item of each catalogue is called under which proofs of service lie."""


def file_issued(
    conn: Connection, record: Recorder, bureau: Bureau, ctx: Context, row: Row, pdf: bytes
) -> int:
    """File an issued paper under its place in the catalogue; return the item's number.

    ``pdf`` is empty where the Word file is the text of record and no PDF could be made: its pages
    come when the PDF is added.
    """
    item = _item_of(conn, row)
    item |= {"name": _name(ctx, row), "number": row["number"], "thing_on": row["day"]}
    item |= {"source": Origin.MADE.value, "paper_id": row["id"]}
    spec = bureau.rules.book.nodes[row["node"]]
    item["material"] = paper_material(spec, row["name"])
    taken = _of_paper(row, pdf)
    return write_item(record, {**item, "pages": taken.pages}, taken)


def _item_of(conn: Connection, row: Row) -> Row:
    """Return the row of an item that is the evidence of a paper, with the paper's place."""
    side = SIDE if row["catalogue"] == SIDE else MAIN
    place = row["dossier_item"] or 0
    return {
        "case_id": row["case_id"],
        "side": side,
        "place": place,
        "position": next_position(conn, row["case_id"], side, place),
        "name": row["name"],
        "number": "",
        "medium": Medium.BOTH.value,
        "thing_on": None,
        "node": row["node"],
        "subject": row["subject"],
        "work_item": None,
        "material": "",
        "paper_id": None,
        "service_id": None,
        "state": FILED,
        "current": 1,
        "pages": 0,
        "filed_by": row["issued_by"],
        "filed_at": row["issued_at"],
        "withdrawn_by": None,
        "withdrawn_at": None,
        "reason": "",
        "version": 1,
    }


def _name(ctx: Context, row: Row) -> str:
    whom = row["recipient"] or row["about"]
    who = ctx.index.name_of(subjects.base(whom)) if whom and whom != subjects.CASE else ""
    return f"{row['name']}（{who}）" if who else str(row["name"])


def _of_paper(row: Row, pdf: bytes) -> Taken:
    """Return a paper's files as taken in: our own pages have room for the stamp, bottom right."""
    word = KeptPiece(row["docx"], "", file_folder.DOCX, 0)
    if not pdf:
        return Taken((word,), (), None, 0, (), ("PDF 尚未生成，补入以后才有页面。",))
    from zhixing_desktop.dossier.pdf_pages import page_count

    pages = page_count(pdf)
    made = KeptPiece(row["pdf"], "", file_folder.PDF, len(pdf))
    return Taken((made, word), _whole(pages), made, pages, (), ())


def _whole(pages: int) -> tuple[Cut, ...]:
    return tuple(Cut(0, page) for page in range(pages))


def with_material(
    conn: Connection, ctx: Context, case_id: int, key: Key, row: Row, duties: list[Duties]
) -> list[Duties]:
    """Return what an issue enters at its node with the materials that lie there, the paper as well.

    The paper's own entries are kept; a material goes into the same report of a work item.
    """
    also = {paper_material(ctx.rulebook.nodes[key.node], row["name"])} - {""}
    return _along(conn, ctx, case_id, key, also, duties)


def with_proof(
    conn: Connection, ctx: Context, case_id: int, paper: Row, duties: list[Duties]
) -> list[Duties]:
    """Return what a service enters at its node with the material that its scan is (送达回证)."""
    key = Key(paper["node"], paper["subject"])
    name = proof_material(ctx.rulebook.nodes[key.node], paper["name"])
    return _along(conn, ctx, case_id, key, {name} - {""}, duties)


def _along(
    conn: Connection, ctx: Context, case_id: int, key: Key, also: set[str], duties: list[Duties]
) -> list[Duties]:
    there = {*materials_for(conn, ctx, case_id, key), *also}
    if also:
        duties = dossier_duties.merged(duties, dossier_duties.upon_filing(ctx, key, there))
    return [
        replace(duty, items=with_filed(ctx, key, duty.items, there)) if duty.key == key else duty
        for duty in duties
    ]


def paper_material(spec: NodeSpec, paper: str) -> str:
    """Return the material of a node that an issued paper of it is, "" where none is."""
    for one in spec.materials:
        if one.name == paper or Elsewhere(spec.number, paper) in one.lies_at:
            return one.name
    return ""


def proof_material(spec: NodeSpec, paper: str) -> str:
    """Return the material of a node that is the proof of a paper's service, "" where none is.

    The rulebook names it after the paper in short: 裁定书送达回证 of 执行裁定书（冻结用）,
    终本裁定送达回证 of 终结本次执行程序裁定书.
    """
    names = (one.name for one in spec.materials if one.name.endswith(PROOF))
    for name in names:
        papers = _BRACKETS.sub("", name.removesuffix(PROOF)).split("、")
        if any(_is_short_for(short, paper) for short in papers):
            return name
    return ""


def _is_short_for(short: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in short)


def add_pages(
    conn: Connection, record: Recorder, bureau: Bureau, actor: Actor, row: Row, pdf: bytes
) -> None:
    """Give a filed paper the pages that it had not when it was issued."""
    for item in rows_where(conn, dossier_items, "paper_id", row["id"], lock=True):
        write_version(conn, record, bureau, actor, item, _of_paper(row, pdf), "补入 PDF")


def withdraw_paper(
    conn: Connection, record: Recorder, bureau: Bureau, actor: Actor, paper_id: int, reason: str
) -> None:
    """Take a void paper's sheets out of the volume, within the step that made it void."""
    _withdraw(conn, record, bureau, actor, ("paper_id", paper_id), f"文书作废：{reason}")


def withdraw_proof(
    conn: Connection, record: Recorder, bureau: Bureau, actor: Actor, service_id: int, reason: str
) -> None:
    """Do the same for the proof of a service whose entry was taken back."""
    _withdraw(conn, record, bureau, actor, ("service_id", service_id), f"送达登记撤回：{reason}")


def _withdraw(
    conn: Connection,
    record: Recorder,
    bureau: Bureau,
    actor: Actor,
    of: tuple[str, int],
    reason: str,
) -> None:
    for row in rows_where(conn, dossier_items, *of, lock=True):
        if row["state"] != FILED:
            continue
        after = {
            **row,
            "state": WITHDRAWN,
            "withdrawn_by": actor.name,
            "withdrawn_at": bureau.database.now(conn),
            "reason": reason,
            "version": row["version"] + 1,
        }
        record.update(dossier_items, {"id": row["id"]}, row, after)


def take_proof(bureau: Bureau, scan: Scan) -> Taken | None:
    """Make the pages of a proof's scan, before the transaction that enters the service.

    ``None`` where no pages can be made of it: it is filed without, and its notes say so.
    """
    try:
        return take_in(bureau, [Piece(scan.name, scan.data)])
    except (InputRefusedError, StoreError):
        return None


def file_proof(
    conn: Connection,
    record: Recorder,
    bureau: Bureau,
    actor: Actor,
    paper: Row,
    service: Row,
    taken: Taken | None,
) -> None:
    """File the proof of a service under the catalogue's item for proofs of service."""
    case = case_store.find_case(conn, paper["case_id"])
    catalogue = bureau.dossier.catalogues.of(case["kind"])
    place = next((item.number for item in catalogue.items if _SERVICE in item.name), 0)
    if taken is None:
        taken = _unseen(service["proof"])
    else:
        enter_rows(conn, record, bureau, actor, taken.rows)
    for there in rows_where(conn, dossier_items, "service_id", service["id"], lock=True):
        # One that was taken out stays out; what comes now is filed beside it.
        if there["state"] == FILED:
            write_version(conn, record, bureau, actor, there, taken, "补充送达回证")
            return
    item = _item_of(conn, {**paper, "catalogue": case["kind"], "dossier_item": place})
    item |= {
        "name": f"{PROOF}（{paper['name']}，{service['recipient']}）",
        "source": Origin.SERVED.value,
        "medium": Medium.ORIGINAL.value,
        "thing_on": service["arrived_on"] or service["sent_on"],
        "service_id": service["id"],
        "filed_by": actor.name,
        "filed_at": bureau.database.now(conn),
        "pages": taken.pages,
    }
    spec = bureau.rules.book.nodes[paper["node"]]
    item["material"] = proof_material(spec, paper["name"])
    write_item(record, item, taken)


def file_reply(
    conn: Connection,
    record: Recorder,
    bureau: Bureau,
    actor: Actor,
    case: Row,
    key: Key | None,
    reply: Reply,
    digest: str,
    taken: Taken | None,
) -> None:
    """File the paper with which an authority outside the court replied, in the 副卷."""
    if taken is None:
        taken = _unseen(digest)
    else:
        enter_rows(conn, record, bureau, actor, taken.rows)
    where = {"node": key.node, "subject": key.subject} if key is not None else {}
    paper = {"node": None, "subject": subjects.CASE, "issued_by": actor.name, **where}
    paper |= {"case_id": case["id"], "name": _REPLY, "catalogue": SIDE, "dossier_item": _SIGNED}
    item = _item_of(conn, {**paper, "issued_at": bureau.database.now(conn)})
    item |= {
        "number": reply.number.strip(),
        "source": Origin.OBTAINED.value,
        "medium": Medium.ORIGINAL.value,
        "thing_on": reply.decided_on,
        "pages": taken.pages,
    }
    write_item(record, item, taken)


def _unseen(digest: str) -> Taken:
    """Return a scan of which no pages can be made."""
    kept = KeptPiece(digest, "", "", 0)
    return Taken((kept,), (), None, 0, (), ("扫描件不能逐页显示，请重新扫描后更换。",))
