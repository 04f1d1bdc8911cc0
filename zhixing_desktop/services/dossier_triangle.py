"""节点 – 电子卷宗 – 纸质卷宗: where the three of a case disagree, and what mends each.

Rules X30, X37 and X42 of the guideline (第一部分 总体要求3, 节点四十三 工作内容2, 节点四十四
工作内容2); reading A62: what may come within seven days after the closing does not stand in its
way.  What is looked for stands in ``dossier_triangle_finding``, what holds for each kind in
``dossier_triangle_types``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_triangle_finding import holes_of
from zhixing_desktop.services.dossier_triangle_types import (
    CITE,
    Edge,
    Hole,
    HoleKind,
    Triangle,
)
from zhixing_desktop.services.dossier_types import SIDE
from zhixing_desktop.services.permission import may
from zhixing_desktop.services.sight import ask_sight
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.views import CaseView

__all__ = [
    "CITE",
    "Edge",
    "Hole",
    "HoleKind",
    "Triangle",
    "enforced",
    "refuse_holes",
    "triangle",
    "triangle_of",
]

_LISTED = 8
_INNER = "副卷有一处不一致。"


def triangle(bureau: Bureau, actor: Actor, case: str | int) -> Triangle:
    """Return where node, electronic and paper dossier of a case disagree.

    What lies in the 副卷 is not named to whoever may not see it.  Raises ``NotAllowedError`` for a
    case that he may not see.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        ask_sight(conn, bureau, actor, row["id"])
        _, index = case_store.load_index(bureau, conn, row["id"], row["version"])
        ctx = case_store.context_of(bureau, index, bureau.database.now(conn))
        found = triangle_of(bureau, conn, row, ctx, view_of(ctx))
        if may(conn, bureau, actor, "dossier.side", case=row["id"]):
            return found
        return replace(found, holes=tuple(_unnamed(hole) for hole in found.holes))


def _unnamed(hole: Hole) -> Hole:
    """Return a disagreement of the 副卷 without the name of its thing."""
    return replace(hole, sentence=_INNER, item=None) if hole.side == SIDE else hole


def triangle_of(
    bureau: Bureau, conn: Connection, case: Row, ctx: Context, view: CaseView
) -> Triangle:
    """Return the same within a transaction that has asked whether he may.

    Of a closed case everything stands in the way of 归档 but that it is not archived yet.
    """
    holes = tuple(holes_of(bureau, conn, case, ctx, view))
    closed = case["closed_at"] is not None
    if closed:
        holes = tuple(
            replace(hole, blocks=hole.kind is not HoleKind.NOT_ARCHIVED) for hole in holes
        )
    return Triangle(case["id"], case["case_no"], holes, enforced(conn, case), closed)


def enforced(conn: Connection, case: Row) -> bool:
    """Tell whether 报结 of a case is refused while there are holes: the court's setting says since
    which day of filing."""
    since = read_settings(conn).dossier.since
    filed = case["filed_at"]
    return bool(since) and filed is not None and filed.date() >= date.fromisoformat(since)


def refuse_holes(
    bureau: Bureau,
    conn: Connection,
    case: Row,
    ctx: Context,
    view: CaseView,
    *,
    inner: bool = True,
) -> None:
    """Raise ``RuleRefusedError`` naming the holes that the rules know (X30, X37, X42), each with
    what it rests on and what mends it.

    ``inner`` tells whether things of the 副卷 may be named.  ``data["holes"]`` are the kinds,
    ``data["found"]`` each hole with ``kind``, ``sentence``, ``mend`` and ``cite``, for the window.
    """
    found = triangle_of(bureau, conn, case, ctx, view)
    if not found.enforced or not found.blocking:
        return
    named = [hole if inner else _unnamed(hole) for hole in found.blocking]
    listed = "；".join(_told(hole) for hole in _some(named))
    more = len(named) - _LISTED
    tail = f"……另有{more}处" if more > 0 else ""
    cites = {hole.cite for hole in named}
    raise RuleRefusedError(
        f"节点、电子卷宗、纸质卷宗有{len(named)}处不一致，不能报结：{listed}{tail}。"
        "请在“三卷一致”中逐项处理。",
        cite=named[0].cite if len(cites) == 1 else CITE,
        data={
            "kind": "dossier_holes",
            "holes": [hole.kind.value for hole in named],
            "found": [
                {
                    "kind": hole.kind.value,
                    "sentence": hole.sentence,
                    "mend": hole.mend,
                    "cite": hole.cite.words(),
                }
                for hole in named
            ],
        },
    )


def _told(hole: Hole) -> str:
    return f"{hole.sentence.rstrip('。')}（{hole.cite.paragraph}；处理：{hole.mend}）"


def _some(holes: Sequence[Hole]) -> list[Hole]:
    """Return so many as a sentence bears, of every kind at least one."""
    first = {hole.kind: hole for hole in reversed(holes)}
    rest = [hole for hole in holes if first[hole.kind] is not hole]
    return [*first.values(), *rest][:_LISTED]
