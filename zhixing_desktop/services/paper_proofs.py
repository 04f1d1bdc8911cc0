"""The scan that was entered with a service: a signed 送达回证, a receipt of the post, a notice."""

from __future__ import annotations

from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.models.tables import services_of_papers
from zhixing_desktop.services import traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.file_store import read_file
from zhixing_desktop.services.paper_rows import paper_row
from zhixing_desktop.services.papers import see_whole
from zhixing_desktop.services.sight import Sight
from zhixing_desktop.workflow.errors import InputRefusedError, Problem


def proof_scan(bureau: Bureau, actor: Actor, service_id: int) -> FilePages:
    """Return the scan of a service, withdrawn or not, for whoever sees the case's papers.

    A scan cannot be covered in part, no more than a paper: signature, address and telephone number
    stand on it.  The look is journalled before anything is shown, unless it is one's own case.
    Raises ``NotAllowedError``, :class:`InputRefusedError` for an unknown service and for one
    without a scan, ``StoreError`` when it is missing, changed or damaged, or when the look cannot
    be journalled.
    """
    with bureau.database.reading() as conn:
        found = rows_where(conn, services_of_papers, "id", service_id)
        if not found:
            words = f"没有第{service_id}号送达登记"
            raise InputRefusedError(f"{words}。", [Problem("送达", words)])
        service = found[0]
        sight = see_whole(conn, bureau, actor, service["case_id"])
        row = paper_row(conn, service["paper_id"])
    if not service["proof"]:
        words = "这次送达没有附扫描件"
        raise InputRefusedError(
            f"{words}。补附的，撤回后连同扫描件重新登记。", [Problem("扫描件", words)]
        )
    kept, data = read_file(bureau, service["proof"])
    pages = file_pages(kept.name, kept.media_type, data)
    if sight is not Sight.OPEN:
        whose = f"{service['recipient']}的送达　《{row['name']}》{row['number']}"
        traces.looked_at_personal_data(
            bureau, actor, service["case_id"], whose, (f"扫描件“{kept.name}”",)
        )
    return pages
