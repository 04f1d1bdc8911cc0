"""Personal data shown on request: whole for one look, and the look is in the journal."""

from __future__ import annotations

from zhixing_desktop.services import case_store, traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail, covered, read_case
from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.sight import PERSONAL, Sight, ask_sight
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.personal import personal_parts
from zhixing_desktop.workflow.views import Key

WHOLE_CASE = "全案"


def show_personal(
    bureau: Bureau, actor: Actor, reference: str | int, key: Key | None = None
) -> CaseDetail:
    """Return the case with the personal data of one instance shown, of all of it without ``key``.

    Who, which case and which fields is journalled first, never the numbers themselves.  Raises
    ``NotAllowedError`` for whoever may not, ``StoreError`` when the look cannot be journalled:
    then nothing is shown.
    """
    with bureau.database.reading() as conn:
        case_id = case_store.find_case(conn, reference)["id"]
        sight = ask_sight(conn, bureau, actor, case_id)
        given = permit(conn, bureau, actor, PERSONAL, case=case_id)
        found = read_case(bureau, conn, case_id)
    if sight is Sight.OPEN:
        return found
    book = bureau.rules.book
    wanted = [fact for fact in found.facts if key is None or _of(fact, key)]
    parts = dict.fromkeys(part for fact in wanted for part in personal_parts(book, fact))
    if parts:
        traces.looked_at_personal_data(
            bureau,
            actor,
            case_id,
            _whose(found, key),
            tuple(parts),
            on_behalf_of=given.on_behalf_of,
        )
    return found if key is None else covered(found, sight, shown=key)


def _of(fact: Fact, key: Key) -> bool:
    return fact.node == key.node and fact.subject == key.subject


def _whose(case: CaseDetail, key: Key | None) -> str:
    if key is None:
        return WHOLE_CASE
    return f"节点{key.node} {subject_words(case.context.index.name_of, key.subject)}"
