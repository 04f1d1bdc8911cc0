"""Fields of a node that belong to one row of the matrix alone: who pays also says when and by what.

Pure.  A row of ``node.work`` that lists fields lets its roles fill these; where one of them records
an act of its own (支付案款), nobody else fills any of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhixing_desktop.workflow.authority import Matrix, Row
from zhixing_desktop.workflow.rulebook import NodeSpec

WORK = "node.work"


def reserved_fields(matrix: Matrix, spec: NodeSpec) -> Mapping[str, Row]:
    """Return the node's fields that one row alone may fill, each with its row."""
    events = {field.name: field.event for field in spec.fields}
    found: dict[str, Row] = {}
    for row in matrix.by_act.get(WORK, ()):
        if spec.number not in row.nodes:
            continue
        if any(events.get(name) in matrix.guarded for name in row.fields):
            found.update(dict.fromkeys(row.fields, row))
    return found


def left_to(label: str, row: Row) -> str:
    """Return why somebody else does not fill a field, as a sentence."""
    return f"“{label}”由{'、'.join(row.roles)}填写（权限表{row.id}：{row.why()}）。"
