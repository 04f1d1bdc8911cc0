"""Applications that wait in the sample: officers ask courts above to unfreeze a node."""

from __future__ import annotations

from sqlalchemy import select

from zhixing_desktop.models.tables import cases, instances, staff
from zhixing_desktop.services import people, work
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

# Nodes that only a court above may unfreeze.
_NODES = (3, 23)
_REASON = "因同期案件集中，承办人未能在时限内办理；经办事项现已补办，执行局已对承办人督促整改"


def ask_for_unfreezing(bureau: Bureau) -> int:
    """Have the officer of one frozen case of each such node apply; return how many did."""
    with bureau.database.reading() as conn:
        frozen = conn.execute(
            select(instances.c.case_id, instances.c.node, instances.c.subject, staff.c.name)
            .join(cases, cases.c.id == instances.c.case_id)
            .join(staff, staff.c.id == cases.c.officer_id)
            .where(instances.c.state == State.FROZEN.value, instances.c.node.in_(_NODES))
            .order_by(instances.c.node, instances.c.case_id)
        ).all()
    asked: set[int] = set()
    for row in frozen:
        if row.node in asked:
            continue
        officer = people.find_person(bureau, row.name).actor()
        try:
            key = Key(row.node, row.subject)
            work.request_approval(bureau, officer, row.case_id, key, "unfreeze", _REASON)
        except ZhixingError:
            continue
        asked.add(row.node)
    return len(asked)
