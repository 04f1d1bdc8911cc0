"""The rows of the dossier as the lines that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import dossier_items, dossier_versions
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.services.bureau import Bureau, Row
from zhixing_desktop.services.dossier_types import (
    FILED,
    SIDE,
    Cut,
    ItemLine,
    ItemVersion,
    Medium,
    Origin,
)
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.views import Key

if TYPE_CHECKING:
    from zhixing_desktop.dossier.catalogue import Catalogue

UNPLACED = "尚未编目"


def item_row(conn: Connection, item_id: int, *, lock: bool = False) -> Row:
    """Return an item's row; :class:`InputRefusedError` for an unknown number."""
    found = rows_where(conn, dossier_items, "id", item_id, lock=lock)
    if not found:
        raise InputRefusedError(
            f"卷宗中没有第{item_id}号材料", [Problem("卷宗材料", "请核对材料的编号")]
        )
    return found[0]


def case_items(conn: Connection, case_id: int) -> list[Row]:
    """Return the rows of everything in a case's dossier, in the order of the volumes."""
    rows = rows_where(conn, dossier_items, "case_id", case_id, order="id")
    return sorted(rows, key=order_of)


def order_of(row: Row) -> tuple[str, bool, int, int, int]:
    """Return by what things stand in a volume: what has no place yet comes last."""
    return (row["side"], row["place"] == 0, row["place"], row["position"], row["id"])


def catalogue_of(bureau: Bureau, case: Row, side: str) -> Catalogue:
    """Return the catalogue that a side of a case's dossier is arranged by."""
    kind = SIDE if side == SIDE else case["kind"]
    return bureau.dossier.catalogues.of(kind)


def current_pdfs(conn: Connection, case_id: int) -> dict[int, str]:
    """Return, by item, the digest of the pages of record of the newest version."""
    rows = ask(
        conn,
        "SELECT v.item_id, v.pdf FROM dossier_versions v JOIN dossier_items i "
        "ON i.id = v.item_id AND i.current = v.number WHERE i.case_id = ?",
        (case_id,),
    )
    return dict(map(tuple, rows))


def item_lines(
    bureau: Bureau, conn: Connection, case: Row, rows: Sequence[Row]
) -> tuple[ItemLine, ...]:
    """Return rows of one case as lines."""
    pdfs = current_pdfs(conn, case["id"])
    return tuple(_line(bureau, case, row, pdfs.get(row["id"], "")) for row in rows)


def _line(bureau: Bureau, case: Row, row: Mapping[str, Any], pdf: str) -> ItemLine:
    catalogue = catalogue_of(bureau, case, row["side"])
    return ItemLine(
        id=row["id"],
        case_id=row["case_id"],
        side=row["side"],
        place=row["place"],
        place_name=catalogue.item(row["place"]).name if row["place"] else UNPLACED,
        position=row["position"],
        name=row["name"],
        number=row["number"],
        origin=Origin(row["source"]),
        medium=Medium(row["medium"]),
        thing_on=row["thing_on"],
        key=Key(row["node"], row["subject"]) if row["node"] is not None else None,
        work_item=row["work_item"],
        material=row["material"],
        paper_id=row["paper_id"],
        service_id=row["service_id"],
        state=row["state"],
        current=row["current"],
        pages=row["pages"],
        pdf=pdf,
        filed_by=row["filed_by"],
        filed_at=row["filed_at"],
        withdrawn_by=row["withdrawn_by"] or "",
        reason=row["reason"],
        version=row["version"],
    )


def version_rows(conn: Connection, item_id: int) -> list[Row]:
    """Return the rows of an item's versions, oldest first."""
    return rows_where(conn, dossier_versions, "item_id", item_id, order="number")


def version_of(row: Row) -> ItemVersion:
    """Return a version's row as people read it."""
    return ItemVersion(
        number=row["number"],
        originals=tuple(row["originals"]),
        cuts=tuple(Cut(*cut) for cut in row["cuts"]),
        pdf=row["pdf"],
        pages=row["pages"],
        corners=tuple(row["corners"]),
        notes=tuple(row["notes"]),
        reason=row["reason"],
        made_by=row["made_by"],
        made_at=row["made_at"],
    )


def filed_materials(conn: Connection, case_id: int, key: Key) -> tuple[str, ...]:
    """Return the names of the materials that lie in the dossier for a node instance."""
    rows = ask(
        conn,
        "SELECT DISTINCT material FROM dossier_items WHERE case_id = ? AND node = ? "
        "AND subject = ? AND state = ? AND material <> '' ORDER BY material",
        (case_id, key.node, key.subject, FILED),
    )
    return tuple(name for (name,) in rows)
