"""Who sees which case, and how much of the personal data in it: asked by everything that reads.

The authority matrix says who may look (``case.view``, ``journal.view_case``) and who may see
whole numbers (``personal.view``); how far 承办人 and 书记员 see is the court's setting.  Whoever
has to do something about an application sees its case while it waits for him.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, TextClause, bindparam, text, true

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import permit, person_of, visibility, visible_cases
from zhixing_desktop.workflow.authority import Relation, When
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import NotAllowedError

VIEW, JOURNAL, PERSONAL = "case.view", "journal.view_case", "personal.view"
EVERYTHING, NOTHING = "1 = 1", "1 = 0"
Condition = tuple[str, list[Any]]

_HOW_FAR = {
    "own": "“本人”：承办人、书记员只查看自己承办或者协助的案件",
    "team": "“本团队”：承办人、书记员只查看本人和本团队的案件",
    "bureau": "“全局”：承办人、书记员查看全局的案件",
}


class Sight(StrEnum):
    """How somebody sees the personal data of a case."""

    OPEN = "open"
    """Whole: it is his work, he types them."""
    ON_REQUEST = "on_request"
    """Covered; he may have them shown, which is journalled."""
    COVERED = "covered"
    """Covered, and never shown."""


def ask_sight(
    conn: Connection, bureau: Bureau, actor: Actor, case_id: int, act: str = VIEW
) -> Sight:
    """Return how somebody sees a case.

    Raises ``NotAllowedError`` for a case he may not see; it names the row and the setting, and
    nothing of the case.
    """
    try:
        permit(conn, bureau, actor, act, case=case_id)
    except NotAllowedError as refusal:
        from zhixing_desktop.services.waiting import waits_for

        if not waits_for(conn, bureau, actor, case_id):
            raise _refused(conn, bureau, actor, refusal) from refusal
    return personal_sight(conn, bureau, actor, case_id)


def personal_sight(conn: Connection, bureau: Bureau, actor: Actor, case: Context | int) -> Sight:
    """Return how somebody sees the personal data of a case that he may see."""
    try:
        given = permit(conn, bureau, actor, PERSONAL, case=case)
    except NotAllowedError:
        return Sight.COVERED
    row = bureau.rules.matrix.row(given.row_id)
    # On his own case, and while it is being filed, he types them himself.
    own = row.relation is Relation.CASE or row.when is When.FILING
    return Sight.OPEN if own else Sight.ON_REQUEST


def seen_cases(conn: Connection, bureau: Bureau, actor: Actor) -> Condition:
    """Return the condition on ``cases c`` for what a person sees, with its values, for a list.

    The same as asking for each case; :data:`EVERYTHING` and :data:`NOTHING` are the short answers.
    """
    condition, values = visible_cases(conn, bureau, actor)
    if condition == EVERYTHING:
        return condition, values
    # Most see everything; the list starts without what only the others need.
    from zhixing_desktop.services.waiting import waiting_cases

    waits = waiting_cases(conn, bureau, actor)
    if not waits:
        return condition, values
    listed = ", ".join("?" * len(waits))
    return f"({condition} OR c.id IN ({listed}))", [*values, *waits]


def in_sight(
    conn: Connection, bureau: Bureau, actor: Actor, case_id: Column[Any]
) -> ColumnElement[bool] | TextClause:
    """Return the same as a condition on a column that holds numbers of cases."""
    condition, values = seen_cases(conn, bureau, actor)
    if condition == EVERYTHING:
        return true()
    name = f"{case_id.table.name}.{case_id.name}"
    named, binds = _named(condition, values)
    inner = f"{name} IN (SELECT c.id FROM cases c WHERE {named})"  # noqa: S608 - our own words
    return text(inner).bindparams(*binds)


def _named(condition: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """Give each question mark a name: SQLAlchemy's own statements take no marks."""
    parts = condition.split("?")
    names = [f"seen_{place}" for place in range(len(values))]
    named = parts[0] + "".join(
        f":{name}{part}" for name, part in zip(names, parts[1:], strict=True)
    )
    return named, [bindparam(name, value) for name, value in zip(names, values, strict=True)]


def why_nothing(bureau: Bureau, actor: Actor) -> str:
    """Return why somebody sees no case at all, for an empty list; empty where he may see some."""
    with bureau.database.reading() as conn:
        condition, _ = seen_cases(conn, bureau, actor)
        if condition != NOTHING:
            return ""
        who = person_of(conn, bureau, actor)
        return _no_content(bureau, who.roles if who is not None else ())


def _no_content(bureau: Bureau, roles: Sequence[str]) -> str:
    matrix = bureau.rules.matrix
    rows = matrix.by_act.get(VIEW, ())
    named = "、".join(row.id for row in rows)
    apart = [role for role in roles if role in matrix.separate]
    if apart:
        return (
            f"{'、'.join(apart)}不接触案件内容，这里不列出案件（权限表{named}）。"
            f"依据：{matrix.separate_basis}。"
        )
    return (
        f"您的角色不查看案件，这里不列出案件（权限表{named}）。需要查看的，请安全管理员授予角色。"
    )


def _refused(
    conn: Connection, bureau: Bureau, actor: Actor, refusal: NotAllowedError
) -> NotAllowedError:
    """Say that a case is out of sight: by which row, by which setting, and what to do."""
    who = person_of(conn, bureau, actor)
    roles = who.roles if who is not None else ()
    near = [r for r in bureau.rules.matrix.by_act.get(VIEW, ()) if r.relation is Relation.TEAM]
    if who is None or not who.active or bureau.rules.matrix.clash(roles):
        return refusal
    if any(set(row.roles) & set(roles) for row in near):
        row = near[0]
        sentence = (
            f"不能查看这个案件（权限表{row.id}：{row.label}）。"
            f"本院设置“案件可见范围”现为{_HOW_FAR[visibility(conn)]}。"
            "确需查看的，请本案的承办人或者执行局长提供，或者由安全管理员修改本院设置。"
        )
        return NotAllowedError(sentence, cite=row.cite, data={**refusal.data, "row": row.id})
    return NotAllowedError(_no_content(bureau, roles), cite=None, data=refusal.data)
