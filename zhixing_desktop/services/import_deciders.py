"""Who decided, where an imported row says that a decision was taken: he must be allowed to.

A decision of the court names in 办理人 who took it, in a sequence all of them, parted by 、; each
must hold the deciding role in the staff list (whoever has left stands there as inactive).  One of
another court names that court or its office.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from zhixing_desktop.workflow.approvals import ApprovalRule
from zhixing_desktop.workflow.authority import DECIDE, LOCAL, OWN_CASE, Matrix
from zhixing_desktop.workflow.errors import NotAllowedError

Staff = Mapping[str, Sequence[str]]
"""The roles of everybody on the staff list by name, also of those who have left."""
_PARTING = re.compile(r"[、，,；;／/\s]+")


def deciders_of(
    said: str, rule: ApprovalRule, node: int, *, officer: str, staff: Staff, matrix: Matrix
) -> list[tuple[str, str]]:
    """Return role and name of whoever decided, in their order.

    ``said`` is what stands in 办理人, ``officer`` the case's.  Raises :class:`NotAllowedError` that
    names the row of the matrix.
    """
    names = [name for name in _PARTING.split(said.strip()) if name]
    row = _row_of(matrix, rule.matter, node)
    if rule.level != LOCAL:
        if not names:
            raise _refused(rule, row, "请在“办理人”中写明作出决定的法院或者审批人")
        return [(rule.roles[0] if rule.roles else said.strip(), said.strip())]
    wanted = rule.roles if rule.mode == "sequence" else rule.roles[:1]
    if len(names) != len(wanted):
        joined = "、".join(rule.roles)
        how = (
            f"{joined}依次批准" if rule.mode == "sequence" else f"{'或者'.join(rule.roles)}一人批准"
        )
        raise _refused(rule, row, f"须由{how}，请在“办理人”中依次写明姓名，用顿号分开")
    found = []
    for place, name in enumerate(names):
        may = rule.roles[place : place + 1] if rule.mode == "sequence" else rule.roles
        found.append((_role_of(name, may, rule, row, officer=officer, staff=staff), name))
    if len({name for _, name in found}) != len(found):
        raise _refused(rule, row, "两步决定不得由一人作出")
    return found


def _role_of(
    name: str, may: Sequence[str], rule: ApprovalRule, row: str, *, officer: str, staff: Staff
) -> str:
    if name not in staff:
        raise _refused(
            rule, row, f"人员名册中没有“{name}”。已经离任的，也请连同角色登记在名册中（可以是离岗）"
        )
    if name == officer:
        raise _refused(rule, row, f"{OWN_CASE}，“{name}”是本案的承办人")
    held = next((role for role in may if role in staff[name]), None)
    if held is None:
        roles = "、".join(staff[name]) or "没有角色"
        raise _refused(rule, row, f"须由{'或者'.join(may)}决定，“{name}”（{roles}）不能决定")
    return held


def _row_of(matrix: Matrix, matter: str, node: int) -> str:
    rows = matrix.by_act.get(DECIDE, ())
    return next((r.id for r in rows if matter in r.matters and node in r.nodes), "")


def _refused(rule: ApprovalRule, row: str, why: str) -> NotAllowedError:
    return NotAllowedError(
        f"“{rule.label}”：{why}（权限表{row}）。",
        cite=rule.cite,
        data={"act": DECIDE, "row": row, "roles": list(rule.roles)},
    )
