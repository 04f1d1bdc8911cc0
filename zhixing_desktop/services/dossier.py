"""A case's dossier, to be looked at: its catalogue, its things, their pages and versions.

正卷 is seen by whoever sees the case whole, 副卷 only by whom the authority matrix names; a look at
the pages of somebody else's case is journalled before anything is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from zhixing_desktop.models import file_folder
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_rows import (
    UNPLACED,
    case_items,
    catalogue_of,
    item_lines,
    item_row,
    version_of,
    version_rows,
)
from zhixing_desktop.services.dossier_types import (
    FILED,
    MAIN,
    SIDE,
    DossierView,
    ItemLine,
    ItemVersion,
    PlaceLine,
    SideView,
)
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.file_store import KeptFile, files_folder, kept_file, read_file
from zhixing_desktop.services.large_pages import large_pages
from zhixing_desktop.services.papers import looked, see_whole
from zhixing_desktop.services.permission import may, permit
from zhixing_desktop.services.sight import Sight, ask_sight
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

SIDE_ACT = "dossier.side"


def dossier(bureau: Bureau, actor: Actor, case: str | int) -> DossierView:
    """Return what is filed for a case, by the items of its catalogues.

    Names and numbers only; 副卷 is left out for whoever may not see it.  Raises ``NotAllowedError``
    for a case that he may not see.
    """
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case)
        ask_sight(conn, bureau, actor, row["id"])
        side = may(conn, bureau, actor, SIDE_ACT, case=row["id"])
        lines = item_lines(bureau, conn, row, case_items(conn, row["id"]))
    return DossierView(
        row["id"],
        row["case_no"],
        _side(bureau, row, MAIN, lines),
        _side(bureau, row, SIDE, lines) if side else None,
    )


def _side(bureau: Bureau, case: Row, side: str, lines: Sequence[ItemLine]) -> SideView:
    catalogue = catalogue_of(bureau, case, side)
    own = [line for line in lines if line.side == side]
    filed = [line for line in own if line.state == FILED]
    places = tuple(
        PlaceLine(item.number, item.name, tuple(x for x in filed if x.place == item.number))
        for item in catalogue.items
    )
    return SideView(
        side,
        catalogue.name,
        places,
        tuple(line for line in filed if line.place_name == UNPLACED),
        tuple(line for line in own if line.state != FILED),
    )


def item(bureau: Bureau, actor: Actor, item_id: int) -> ItemLine:
    """Return one thing of a dossier, whatever became of it.

    Raises ``NotAllowedError`` for a case, or a 副卷, that he may not see.
    """
    with bureau.database.reading() as conn:
        row = item_row(conn, item_id)
        ask_sight(conn, bureau, actor, row["case_id"])
        if row["side"] == SIDE:
            permit(conn, bureau, actor, SIDE_ACT, case=row["case_id"])
        case = case_store.find_case(conn, row["case_id"])
        (found,) = item_lines(bureau, conn, case, [row])
        return found


def versions(bureau: Bureau, actor: Actor, item_id: int) -> tuple[ItemVersion, ...]:
    """Return the versions of a thing, oldest first; raises as :func:`pages`."""
    with bureau.database.reading() as conn:
        ask_item(conn, bureau, actor, item_row(conn, item_id))
        return tuple(version_of(row) for row in version_rows(conn, item_id))


def pages(bureau: Bureau, actor: Actor, item_id: int, version: int | None = None) -> FilePages:
    """Return the pages of record of a thing's newest version, or of an older one, to look at.

    Raises ``NotAllowedError`` (a case or a 副卷 that he may not see, personal data that is covered
    for him), :class:`InputRefusedError` for a thing without pages, ``StoreError`` for a file that
    is missing or changed.
    """
    with bureau.database.reading() as conn:
        row = item_row(conn, item_id)
        sight = ask_item(conn, bureau, actor, row)
        number = row["current"] if version is None else version
        found = [v for v in version_rows(conn, item_id) if v["number"] == number]
    if not found or not found[0]["pdf"]:
        raise InputRefusedError(
            f"“{row['name']}”没有可以显示的页面。", [Problem("页面", "请打开原件查看")]
        )
    looked(bureau, actor, row["case_id"], sight, row["name"])
    large = large_pages(bureau, kept_file(bureau, found[0]["pdf"]), row["name"])
    if large is not None:
        return large
    kept, data = read_file(bureau, found[0]["pdf"])
    return file_pages(row["name"], kept.media_type, data)


def original(
    bureau: Bureau, actor: Actor, item_id: int, place: int = 0, version: int | None = None
) -> tuple[KeptFile, bytes]:
    """Return a file as it came, with its bytes; ``place`` counts the originals of a version.

    Raises as :func:`pages`.
    """
    return read_file(bureau, _original(bureau, actor, item_id, place, version))


def original_at(
    bureau: Bureau, actor: Actor, item_id: int, place: int = 0, version: int | None = None
) -> tuple[KeptFile, Path]:
    """Return the same, however large: what is known of it, and where it lies, proven to be it."""
    kept = kept_file(bureau, _original(bureau, actor, item_id, place, version))
    path = file_folder.path_of(files_folder(bureau), kept.digest, kept.media_type)
    file_folder.proven_size(path, kept.digest)
    return kept, path


def _original(bureau: Bureau, actor: Actor, item_id: int, place: int, version: int | None) -> str:
    """Ask whether somebody may see an original, and return its digest."""
    with bureau.database.reading() as conn:
        row = item_row(conn, item_id)
        sight = ask_item(conn, bureau, actor, row)
        number = row["current"] if version is None else version
        found = [v for v in version_rows(conn, item_id) if v["number"] == number]
    if not found or not 0 <= place < len(found[0]["originals"]):
        raise InputRefusedError(f"“{row['name']}”没有这个原件。", [Problem("原件", "请刷新后再试")])
    looked(bureau, actor, row["case_id"], sight, row["name"])
    return str(found[0]["originals"][place])


def ask_item(conn: Connection, bureau: Bureau, actor: Actor, row: Row) -> Sight:
    """Return how somebody sees the case of a thing whose pages he wants to see.

    Raises ``NotAllowedError`` (a case, a 副卷 that he may not see; personal data covered for him).
    """
    sight = see_whole(conn, bureau, actor, row["case_id"])
    if row["side"] == SIDE:
        permit(conn, bureau, actor, SIDE_ACT, case=row["case_id"])
    return sight
