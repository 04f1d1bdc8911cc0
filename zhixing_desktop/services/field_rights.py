"""Which fields of a node somebody may not fill, and why: for a form that says so beforehand."""

from __future__ import annotations

from collections.abc import Mapping

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.sight import PERSONAL
from zhixing_desktop.workflow.authority_fields import WORK, left_to, reserved_fields
from zhixing_desktop.workflow.completeness import current_value
from zhixing_desktop.workflow.errors import NotAllowedError
from zhixing_desktop.workflow.personal import holds_covered
from zhixing_desktop.workflow.views import Key


def closed_fields(bureau: Bureau, actor: Actor, case: CaseDetail, key: Key) -> Mapping[str, str]:
    """Return by name the fields that somebody may not fill at a node, with the reason.

    The same question as when it is saved; what is covered from him cannot be typed over either.
    """
    if key.node not in bureau.rules.book.nodes:
        return {}  # a new asset, clue or payment is registered at no node
    spec = bureau.rules.book.nodes[key.node]
    matrix = bureau.rules.matrix
    try:
        with bureau.database.reading() as conn:
            row = matrix.row(permit(conn, bureau, actor, WORK, case=case.id, key=key).row_id)
    except NotAllowedError as refusal:
        return {field.name: refusal.sentence for field in spec.fields}
    reserved = reserved_fields(matrix, spec)
    hidden = matrix.by_act[PERSONAL][0].id
    found: dict[str, str] = {}
    for field in spec.fields:
        owner = reserved.get(field.name)
        if owner is not None and owner.id != row.id:
            found[field.name] = left_to(field.label, owner)
        elif row.fields and field.name not in row.fields:
            found[field.name] = (
                f"“{field.label}”由本案的承办人、书记员填写；"
                f"{'、'.join(row.roles)}在本节点另有分工（权限表{row.id}）。"
            )
        elif holds_covered(current_value(case.context, key, field)):
            found[field.name] = f"已按权限遮盖，不能在这里修改（权限表{hidden}）。"
    return found
