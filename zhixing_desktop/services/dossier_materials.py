"""Which materials of a node are there, whatever their evidence is.

Most are filed.  One that is ``collective`` (节点四十三 案件材料) is the dossier as a whole.  One
that goes to the archive (节点四十四 工作内容2, 影像卷宗) is in the package that was handed over; it
is never a thing of the dossier that it is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import archive_packages
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.services.archive_types import HANDED, RECEIVED
from zhixing_desktop.services.bureau import Row
from zhixing_desktop.services.dossier_types import FILED, MAIN
from zhixing_desktop.workflow.rulebook import Material
from zhixing_desktop.workflow.views import Key


class MaterialsThere:
    """The materials of a case that are there; ``rows`` are all things of its dossier."""

    def __init__(self, conn: Connection, case_id: int, rows: Sequence[Row]) -> None:
        filed = [row for row in rows if row["state"] == FILED]
        self._filed = {
            (row["node"], row["subject"], row["material"]) for row in filed if row["material"]
        }
        self._anything = any(row["side"] == MAIN for row in filed)
        packages = rows_where(conn, archive_packages, "case_id", case_id)
        self._archived = any(row["state"] in (HANDED, RECEIVED) for row in packages)

    def has(self, key: Key, material: Material) -> bool:
        """Tell whether an instance's material is there."""
        if material.at_archive:
            return self._archived
        if material.collective and self._anything:
            return True
        return (key.node, key.subject, material.name) in self._filed

    def names(self, key: Key, materials: Iterable[Material]) -> frozenset[str]:
        """Return the names of those of an instance's materials that are there."""
        return frozenset(one.name for one in materials if self.has(key, one))
