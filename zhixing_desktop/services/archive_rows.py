"""The rows of archive packages as the lines that people read."""

from __future__ import annotations

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import archive_packages
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services.archive_types import PackageLine
from zhixing_desktop.services.bureau import Row
from zhixing_desktop.workflow.errors import InputRefusedError, Problem


def package_row(conn: Connection, package_id: int, *, lock: bool = False) -> Row:
    """Return a package's row; :class:`InputRefusedError` for an unknown number."""
    found = rows_where(conn, archive_packages, "id", package_id, lock=lock)
    if not found:
        raise InputRefusedError(
            f"没有第{package_id}号归档包", [Problem("归档包", "请核对归档包的编号")]
        )
    return found[0]


def package_line(row: Row, case_no: str) -> PackageLine:
    """Return a package's row as people read it."""
    return PackageLine(
        id=row["id"],
        case_id=row["case_id"],
        case_no=case_no,
        state=row["state"],
        name=row["name"],
        digest=row["digest"],
        bytes=row["bytes"],
        retention=row["retention"],
        archive_number=row["archive_number"],
        made_by=row["made_by"],
        made_at=row["made_at"],
        handed_by=row["handed_by"] or "",
        handed_at=row["handed_at"],
        settled_by=row["settled_by"] or "",
        settled_at=row["settled_at"],
        receipt=row["receipt"],
        points=tuple(row["points"]),
        version=row["version"],
    )
