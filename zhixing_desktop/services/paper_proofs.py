"""The scan of a service (送达回证, a receipt of the post, a notice): looked at, brought later."""

from __future__ import annotations

from sqlalchemy import Connection

from zhixing_desktop.models import file_folder
from zhixing_desktop.models.dossier_tables import dossier_items
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.models.tables import services_of_papers
from zhixing_desktop.services import case_store, dossier_papers, traces
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_types import FILED
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.file_store import (
    enter_file,
    files_folder,
    kept_file,
    most_megabytes,
    read_file,
    scan_problems,
)
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_rows import paper_row
from zhixing_desktop.services.papers import see_whole
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.services.sight import Sight
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StaleEditError,
)
from zhixing_desktop.workflow.views import Key

_ACT = "paper.serve"


def proof_scan(bureau: Bureau, actor: Actor, service_id: int) -> FilePages:
    """Return the scan of a service, withdrawn or not, for whoever sees the case's papers.

    A scan cannot be covered in part, no more than a paper: signature, address and telephone number
    stand on it.  The look is journalled before anything is shown, unless it is one's own case.
    Raises ``NotAllowedError``, :class:`InputRefusedError` for an unknown service and for one
    without a scan, ``StoreError`` when it is missing, changed or damaged, or when the look cannot
    be journalled.
    """
    with bureau.database.reading() as conn:
        service = _service_row(conn, service_id)
        sight = see_whole(conn, bureau, actor, service["case_id"])
        row = paper_row(conn, service["paper_id"])
    if not service["proof"]:
        words = "这次送达没有附扫描件"
        raise InputRefusedError(
            f"{words}。送达回证已经收回的，请补附扫描件。", [Problem("扫描件", words)]
        )
    kept, data = read_file(bureau, service["proof"])
    pages = file_pages(kept.name, kept.media_type, data)
    if sight is not Sight.OPEN:
        whose = f"{service['recipient']}的送达　《{row['name']}》{row['number']}"
        traces.looked_at_personal_data(
            bureau, actor, service["case_id"], whose, (f"扫描件“{kept.name}”",)
        )
    return pages


def add_proof(
    bureau: Bureau, actor: Actor, service_id: int, scan: Scan | None = None, *, version: int
) -> None:
    """File the proof of a service whose scan comes later, or was taken out of the dossier.

    ``scan`` may be left out where one was entered with the service: that one is filed again.
    ``version`` is the service's.  Raises ``NotAllowedError``, :class:`InputRefusedError` (no scan,
    or one that cannot be kept), ``RuleRefusedError`` (the service was taken back; its proof lies in
    the dossier), ``StaleEditError``, ``StoreError``.
    """
    with bureau.database.reading() as conn:
        service = _service_row(conn, service_id)
        paper = paper_row(conn, service["paper_id"])
        permit(conn, bureau, actor, _ACT, case=paper["case_id"], key=_key(paper))
        _refuse_settled(conn, service)
    fresh = scan
    if scan is None:
        scan = _entered_before(bureau, service)
    else:
        _keep(bureau, scan)
    taken = dossier_papers.take_proof(bureau, scan)
    with bureau.database.writing() as conn:
        case_store.find_case(conn, paper["case_id"], lock=True)
        permit(conn, bureau, actor, _ACT, case=paper["case_id"], key=_key(paper))
        before = _service_row(conn, service_id)
        _refuse_settled(conn, before)
        if before["version"] != version:
            raise StaleEditError(
                "这次送达的登记刚刚被别人改过，没有保存，请刷新后核对再办。",
                data={"kind": "stale", "yours": version, "theirs": before["version"]},
            )
        after = {
            **before,
            "proof": file_folder.digest_of(scan.data),
            "version": version + 1,
        }
        with recorder(conn, bureau, actor, _ACT, paper["case_id"]) as record:
            if fresh is not None and taken is None:
                enter_file(conn, record, bureau, actor, fresh.name, fresh.data)
            record.update(services_of_papers, {"id": service_id}, before, after)
            dossier_papers.file_proof(conn, record, bureau, actor, paper, after, taken)


def _service_row(conn: Connection, service_id: int) -> Row:
    found = rows_where(conn, services_of_papers, "id", service_id)
    if not found:
        words = f"没有第{service_id}号送达登记"
        raise InputRefusedError(f"{words}。", [Problem("送达", words)])
    return found[0]


def _key(paper: Row) -> Key:
    return Key(paper["node"], paper["subject"])


def _refuse_settled(conn: Connection, service: Row) -> None:
    if service["withdrawn_by"]:
        raise RuleRefusedError(
            "这次送达登记已经撤回，不能补附扫描件。请重新登记送达。",
            data={"kind": "withdrawn", "service": service["id"]},
        )
    there = rows_where(conn, dossier_items, "service_id", service["id"])
    if any(item["state"] == FILED for item in there):
        raise RuleRefusedError(
            "这次送达的凭证已经在卷宗里。要换成清晰的扫描件，请在卷宗中更换。",
            data={"kind": FILED, "service": service["id"]},
        )


def _entered_before(bureau: Bureau, service: Row) -> Scan:
    if not service["proof"]:
        words = "请附上送达回证的扫描件（PDF 或者图片）"
        raise InputRefusedError(f"{words}。", [Problem("扫描件", words)])
    return Scan(kept_file(bureau, service["proof"]).name, read_file(bureau, service["proof"])[1])


def _keep(bureau: Bureau, scan: Scan) -> None:
    kind, problems = scan_problems(scan.data, most_megabytes(bureau))
    if problems:
        said = "；".join(problem.sentence.rstrip("。") for problem in problems)
        raise InputRefusedError(f"送达凭证没有入卷：{said}。", problems)
    file_folder.keep(files_folder(bureau), scan.data, kind or "")
