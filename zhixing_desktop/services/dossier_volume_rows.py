"""The paper volumes as rows and as plans: what was printed last, and what is to be bound now."""

from __future__ import annotations

from sqlalchemy import Connection

from zhixing_desktop.dossier.volume import (
    Numbering,
    PageNumber,
    PlannedPage,
    VolumeItem,
    VolumePlan,
    plan_volumes,
    replan,
)
from zhixing_desktop.models.dossier_tables import dossier_volumes
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_rows import case_items, item_lines
from zhixing_desktop.services.dossier_types import (
    FILED,
    SIDE,
    ItemLine,
    Medium,
)
from zhixing_desktop.services.papers import see_whole
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import StaleEditError

OPEN, BOUND = "open", "bound"
_UNPLACED_LAST = 1000


def volume_rows(conn: Connection, case_id: int, side: str) -> list[Row]:
    """Return the rows of a case's paper volumes of a side, in order."""
    rows = rows_where(conn, dossier_volumes, "case_id", case_id, order="number")
    return [row for row in rows if row["side"] == side]


def kept_volume(conn: Connection, case_id: int, side: str, number: int) -> Row | None:
    """Return the row of a paper volume, ``None`` while it was never printed."""
    found = [row for row in volume_rows(conn, case_id, side) if row["number"] == number]
    return found[0] if found else None


def refuse_stale_volume(row: Row, yours: int) -> None:
    """Raise ``StaleEditError`` where a paper volume was changed or moved since it was looked at."""
    if row["version"] != yours:
        raise StaleEditError(
            "这一册刚刚被别人改动或者交接过，没有登记，请刷新后再办。",
            data={"kind": "stale", "yours": yours, "theirs": row["version"]},
        )


def printed_plans(conn: Connection, case_id: int, side: str) -> tuple[VolumePlan, ...]:
    """Return the volumes as they were printed last, their pages in order."""
    media = dict(
        map(tuple, ask(conn, "SELECT id, medium FROM dossier_items WHERE case_id = ?", (case_id,)))
    )
    return tuple(
        VolumePlan(
            number=row["number"],
            pages=tuple(
                PlannedPage(
                    row["number"], PageNumber(page, insert), item, version, place,
                    media.get(item) == Medium.PAPER, media.get(item) == Medium.ORIGINAL,
                )
                for page, insert, item, version, place in row["layout"]
            ),
            lines=(),
            bound=row["state"] == BOUND,
        )
        for row in volume_rows(conn, case_id, side)
    )  # fmt: skip


def layout_of(page: PlannedPage) -> list[int]:
    return [page.number.page, page.number.insert, page.item_id, page.version, page.item_page]


def open_side(conn: Connection, bureau: Bureau, actor: Actor, case: str | int, side: str) -> Row:
    row = case_store.find_case(conn, case)
    see_whole(conn, bureau, actor, row["id"])
    if side == SIDE:
        permit(conn, bureau, actor, "dossier.side", case=row["id"])
    return row


def filed_lines(bureau: Bureau, conn: Connection, case: Row, side: str) -> list[ItemLine]:
    rows = [r for r in case_items(conn, case["id"]) if r["side"] == side and r["state"] == FILED]
    return list(item_lines(bureau, conn, case, rows))


def volume_items(bureau: Bureau, conn: Connection, case: Row, side: str) -> tuple[VolumeItem, ...]:
    """Return what is to be bound, in the order of the catalogue; what has no place comes last."""
    return tuple(
        VolumeItem(
            item_id=line.id,
            title=line.name,
            catalogue_number=line.place or _UNPLACED_LAST,
            pages=0 if line.medium is Medium.ELECTRONIC else line.pages,
            on_paper_only=line.medium is Medium.PAPER,
            version=line.current,
            document_number=line.number,
            day=line.thing_on,
            remark="见光盘或者电子卷宗" if line.medium is Medium.ELECTRONIC else "",
            original=line.medium is Medium.ORIGINAL,
        )
        for line in filed_lines(bureau, conn, case, side)
    )


def planned(
    conn: Connection, bureau: Bureau, case: Row, side: str, way: Numbering
) -> tuple[VolumePlan, ...]:
    """Return the volumes of a side as they are to be.

    One that is on paper and to which nothing belongs any more comes without pages, so that its
    sheets can be taken out and that be recorded.
    """
    items = volume_items(bureau, conn, case, side)
    most = read_settings(conn).dossier.volume_pages
    printed = printed_plans(conn, case["id"], side)
    if not printed:
        return plan_volumes(items, most)
    found = {plan.number: plan for plan in replan(items, printed, way, most)}
    for before in printed:
        if before.pages and before.number not in found:
            found[before.number] = VolumePlan(before.number, (), (), before.bound)
    return tuple(found[number] for number in sorted(found))
