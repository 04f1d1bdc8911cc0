"""What of the dossier's acts a person may not do with a case, and why: for grey buttons."""

from __future__ import annotations

from collections.abc import Mapping

from zhixing_desktop.services.at_desk import refusals
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import About, may
from zhixing_desktop.workflow.subjects import CASE
from zhixing_desktop.workflow.views import Key

FILE, ARRANGE, WITHDRAW = "dossier.file", "dossier.arrange", "dossier.withdraw"
PRINT, COPY, TRAY = "dossier.print", "dossier.copy", "dossier.tray"
_OF_CASE = (FILE, ARRANGE, WITHDRAW, PRINT, COPY)


def barred(bureau: Bureau, actor: Actor, case_id: int | None) -> Mapping[str, str]:
    """Return for each act of the dossier that the person may not do, the sentence that says why.

    ``case_id`` is the case's row number; without one only what concerns no case is asked.  Whoever
    may file at some node of the case may file: which one is said in the filing, and asked there.
    """
    if case_id is None:
        return refusals(bureau, actor, (TRAY,))
    found = {**refusals(bureau, actor, _OF_CASE, case=case_id), **refusals(bureau, actor, (TRAY,))}
    if FILE in found and _somewhere(bureau, actor, case_id):
        del found[FILE]
    return found


def _somewhere(bureau: Bureau, actor: Actor, case_id: int) -> bool:
    # One node of each role is enough: rows of the matrix know roles, not nodes.
    nodes = {spec.role: number for number, spec in bureau.rules.book.nodes.items()}
    with bureau.database.reading() as conn:
        return any(
            may(conn, bureau, actor, FILE, case=case_id, about=About(key=Key(node, CASE)))
            for node in nodes.values()
        )
