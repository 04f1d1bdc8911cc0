"""Whether a case's dossier is fit for the archive (节点四十四 工作内容2): everything at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from zhixing_desktop.dossier.volume import Numbering, VolumePlan, plan_volumes, replan
from zhixing_desktop.models.dossier_tables import archive_packages
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services import case_store
from zhixing_desktop.services.archive_types import (
    ARCHIVING,
    CITE,
    HANDED,
    RECEIVED,
    ArchiveCheck,
)
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_front import extent
from zhixing_desktop.services.dossier_rows import case_items, item_lines
from zhixing_desktop.services.dossier_triangle import HoleKind, Triangle, triangle_of
from zhixing_desktop.services.dossier_types import FILED, MAIN, SIDE, SIDES, ItemLine, Medium
from zhixing_desktop.services.dossier_volume_rows import printed_plans, volume_items
from zhixing_desktop.services.sight import ask_sight
from zhixing_desktop.workflow.completeness import missing
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import Problem, RuleRefusedError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import CaseView

BY_THE_ARCHIVE = frozenset(
    {"images_uploaded_on", "archived_on", "archive_number", "archive_received_by"}
)
"""Fields of node 44 that are only known once the archive has the dossier."""
BY_THE_PACKAGE = frozenset(
    {
        "dossier_checked_on",
        "dossier_check_result",
        "catalogued_on",
        "images_made_on",
        "retention_period",
        "main_volume_pages",
        "side_volume_pages",
        "filed_by",
    }
)
"""Fields that making the package enters."""


def check(bureau: Bureau, actor: Actor, case: str | int) -> ArchiveCheck:
    """Return everything that stands in the way of archiving a case, and what to look at besides.

    Where the court does not hold this case's node, electronic and paper dossier against each other
    (setting ``dossier.since``), their disagreements are warnings.  Raises ``NotAllowedError`` for a
    case that he may not see.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        ask_sight(conn, bureau, actor, row["id"])
        _, index = case_store.load_index(bureau, conn, row["id"], row["version"])
        ctx = case_store.context_of(bureau, index, bureau.database.now(conn))
        return check_of(bureau, conn, row, ctx, view_of(ctx))


def check_of(
    bureau: Bureau, conn: Connection, case: Row, ctx: Context, view: CaseView
) -> ArchiveCheck:
    """Return the same within a transaction that has asked whether he may."""
    found = triangle_of(bureau, conn, case, ctx, view)
    plans = {side: current_plans(bureau, conn, case, side) for side in SIDES}
    problems = [
        *_of_state(conn, case, view),
        *_of_triangle(found),
        *_of_content(bureau, conn, case, plans[MAIN]),
        *_of_node(ctx),
    ]
    return ArchiveCheck(
        case["id"],
        case["case_no"],
        tuple(sorted(problems, key=lambda problem: problem.severity != "error")),
        extent(plans[MAIN]),
        extent(plans[SIDE]),
    )


def refuse_unready(found: ArchiveCheck) -> None:
    """Raise ``RuleRefusedError`` naming the faults of a check, ``data["faults"]`` all of them."""
    if found.ready:
        return
    told = [problem.sentence.rstrip("。") for problem in found.faults]
    more = f"……另有{len(told) - _LISTED}处" if len(told) > _LISTED else ""
    raise RuleRefusedError(
        f"归档核查发现{len(told)}处问题，没有制作归档包：{'；'.join(told[:_LISTED])}{more}。"
        "请逐项处理后再试。",
        cite=CITE,
        data={"kind": "archive_faults", "faults": told},
    )


_LISTED = 6


def current_plans(bureau: Bureau, conn: Connection, case: Row, side: str) -> tuple[VolumePlan, ...]:
    """Return the volumes of a side as they are bound, with what came since at the end."""
    items = volume_items(bureau, conn, case, side)
    most = read_settings(conn).dossier.volume_pages
    printed = printed_plans(conn, case["id"], side)
    plans = replan(items, printed, Numbering.APPEND, most) if printed else plan_volumes(items, most)
    return tuple(plan for plan in plans if plan.pages)


def side_lines(bureau: Bureau, conn: Connection, case: Row, side: str) -> tuple[ItemLine, ...]:
    """Return what is filed on a side, in the order of the volumes."""
    rows = [r for r in case_items(conn, case["id"]) if r["side"] == side and r["state"] == FILED]
    return item_lines(bureau, conn, case, rows)


def content_of(bureau: Bureau, conn: Connection, case_id: int) -> list[list[int]]:
    """Return which version of which thing is filed now, as a package remembers what is in it."""
    case = case_store.find_case(conn, case_id)
    return [[x.id, x.current] for side in SIDES for x in side_lines(bureau, conn, case, side)]


def newest_package(conn: Connection, case_id: int, *, lock: bool = False) -> Row | None:
    """Return the row of the package of a case that was made last, ``None`` where there is none."""
    rows = rows_where(conn, archive_packages, "case_id", case_id, order="id", lock=lock)
    return rows[-1] if rows else None


def _of_state(conn: Connection, case: Row, view: CaseView) -> Iterator[Problem]:
    node = view.instances.get(ARCHIVING)
    if node is None or node.state in (State.NOT_STARTED, State.NOT_APPLICABLE):
        yield _fault("案件", "案件还没有报结，归档节点没有启动，不能归档。", "not_closed")
    last = newest_package(conn, case["id"])
    if last is not None and last["state"] == HANDED:
        words = "归档包已经移交，档案部门还没有接收或者退回。需要重做的，请档案部门先退回。"
        yield _fault("归档包", words, "handed")
    if last is not None and last["state"] == RECEIVED:
        number = last["archive_number"]
        yield _fault("归档包", f"档案部门已经接收归档（归档号{number}），不能再制作。", "received")


def _of_triangle(found: Triangle) -> Iterator[Problem]:
    for hole in found.holes:
        if hole.kind is HoleKind.NOT_ARCHIVED:
            continue  # it is what is about to be done
        words = f"{hole.sentence.rstrip('。')}。请{hole.mend}。"
        always = hole.kind is HoleKind.UNPLACED
        severity = "error" if found.enforced or always else "warning"
        data = {"kind": hole.kind.value, "item": hole.item, "volume": hole.volume}
        yield Problem("三卷一致", words, severity, data)


def _of_content(
    bureau: Bureau, conn: Connection, case: Row, plans: Sequence[VolumePlan]
) -> Iterator[Problem]:
    if not plans:
        yield _fault("卷宗", "正卷里一页材料也没有，不能归档。请先把材料入卷。", "empty")
    for side in SIDES:
        for line in side_lines(bureau, conn, case, side):
            if line.pages and not line.pdf and line.medium is not Medium.PAPER:
                words = f"“{line.name}”登记有{line.pages}页，却没有电子文件。请补扫后更换。"
                yield _fault("卷宗", words, "no_pages")


def _of_node(ctx: Context) -> Iterator[Problem]:
    left = BY_THE_ARCHIVE | BY_THE_PACKAGE
    names = [
        entry.label
        for entry in missing(ctx, ARCHIVING)
        if entry.kind == "field" and entry.name not in left
    ]
    if names:
        words = f"节点44“归档”还没有填写：{'、'.join(names)}。接收以前应当填写。"
        yield replace(_fault("节点44", words, "fields"), severity="warning")


def _fault(where: str, sentence: str, kind: str) -> Problem:
    return Problem(where, sentence, data={"kind": kind})
