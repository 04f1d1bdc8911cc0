"""Commands on the authority matrix: show it, ask it."""

from __future__ import annotations

from zhixing_desktop.cli.session import Session
from zhixing_desktop.workflow.errors import UsageError
from zhixing_desktop.workflow.views import Key


def authority_show(session: Session) -> None:
    """Print the matrix, one row a line, to be read and signed."""
    from zhixing_desktop.workflow.authority_json import matrix_json, matrix_lines

    matrix = session.rules().matrix
    session.show(matrix_json(matrix), matrix_lines(matrix))


def authority_check(session: Session) -> None:
    """Tell under what the person may do an act, on a case where one is named; else the refusal."""
    from zhixing_desktop.cli.lookup import reference, subject_of
    from zhixing_desktop.services.permission import About, ask_permission

    o = session.options
    matrix = session.rules().matrix
    if o.act not in matrix.by_act:
        raise UsageError(f"权限表中没有“{o.act}”。全部事项见 zhixing authority show。")
    bureau, actor = session.bureau(), session.actor()
    about = About(
        key=Key(o.node, subject_of(o.subject)) if o.node else None,
        request=o.request,
        matter=o.matter or "",
        event=o.event or "",
    )
    case = reference(session, o.case) if o.case else None
    given = ask_permission(bureau, actor, o.act, case, about)
    row = matrix.row(given.row_id)
    instead = f"，代{given.on_behalf_of}" if given.on_behalf_of else ""
    data = {
        "allowed": True,
        "row": row.id,
        "role": given.role,
        "on_behalf_of": given.on_behalf_of,
        "basis": row.why(),
    }
    words = f"{actor.name}可以{row.label}（{given.role}{instead}；权限表{row.id}）。"
    session.show(data, [words, f"依据：{row.why()}"])
