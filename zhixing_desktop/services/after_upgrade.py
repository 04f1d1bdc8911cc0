"""What an upgrade of the schema leaves to the services: rows derived from facts, papers to file.

The upgrade notes it in ``meta`` under ``rebuild`` and ``unfiled``; whoever opens the bureau next
does it once.
"""

from __future__ import annotations

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import SYSTEM, Bureau
from zhixing_desktop.workflow.engine import view_of

MARK, WAITING = "rebuild", "waiting"
UNFILED = "unfiled"
SLICE = 20
"""Cases a transaction: a clerk who saves meanwhile waits some hundredths of a second."""
_MARKED = "SELECT value FROM meta WHERE key = ?"
# A case where nobody applied for anything has nothing that waits.
_CASES = "SELECT DISTINCT case_id FROM approvals ORDER BY case_id"


def finish_upgrade(bureau: Bureau) -> bool:
    """Fill what the last upgrade left to be filled; return whether there was anything.

    Several workstations may do so at once: each case is locked, brought in line with its facts and
    left alone where it is.  The mark goes last, so that an interruption is made good next time.
    Raises ``StoreError``.
    """
    filed = _file_papers(bureau)
    with bureau.database.reading() as conn:
        if not _marked(conn):
            return filed
        ids = [int(row[0]) for row in ask(conn, _CASES)]
    for start in range(0, len(ids), SLICE):
        with bureau.database.writing() as conn:
            for case_id in ids[start : start + SLICE]:
                _fill(bureau, conn, case_id)
    with bureau.database.writing() as conn:
        conn.exec_driver_sql(f"DELETE FROM meta WHERE key = '{MARK}'")  # noqa: S608 - our own word
    return True


def _file_papers(bureau: Bureau) -> bool:
    """File papers, proofs and replies of the time before dossiers; the mark goes when all is."""
    if bureau.database.meta(UNFILED) is None:
        return False
    from zhixing_desktop.services.dossier_earlier import file_earlier

    if file_earlier(bureau) == 0:
        with bureau.database.writing() as conn:
            # S608: our own word.
            conn.exec_driver_sql(f"DELETE FROM meta WHERE key = '{UNFILED}'")  # noqa: S608
    return True


def _marked(conn: Connection) -> bool:
    found = ask(conn, _MARKED, (MARK,))
    return bool(found) and found[0][0] == WAITING


def _fill(bureau: Bureau, conn: Connection, case_id: int) -> None:
    now = bureau.database.now(conn)
    standing = case_store.load_standing(bureau, conn, case_id)
    view = view_of(case_store.context_of(bureau, standing.index, now))
    if case_store.applications_as_they_should_be(standing, view):
        return
    with Recorder(
        conn,
        at=now,
        actor=SYSTEM.name,
        action="upgrade.waiting",
        workstation=bureau.workstation,
        case_id=case_id,
    ) as record:
        case_store.keep_applications(conn, record, standing, view)
