"""The pages of a scan that waits in the tray, to look at."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_store import (
    path_of,
)
from zhixing_desktop.services.dossier_tray_rows import (
    cuts_of,
    hint_for,
    tray_lines,
    tray_row,
)
from zhixing_desktop.services.dossier_types import Cut
from zhixing_desktop.services.file_pages import FilePages, PagePicture, file_pages
from zhixing_desktop.services.file_store import kept_file, read_file
from zhixing_desktop.services.large_pages import large_pages
from zhixing_desktop.services.papers import looked, see_whole
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.sight import Sight, ask_sight
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    StoreError,
)

_ACT = "dossier.tray"


def pages(bureau: Bureau, actor: Actor, tray_id: int) -> FilePages:
    """Return the pages of a scan as they would be filed, to look at.

    Takes as long as it has pages.  Raises ``NotAllowedError``, :class:`InputRefusedError` for a
    file without pages, ``StoreError`` for one that is missing or changed.
    """
    row = seen_row(bureau, actor, tray_id)
    cuts = cuts_of(row)
    if not cuts:
        with bureau.database.reading() as conn:
            hint = hint_for(conn, bureau, actor, row)
        why = f"：{hint}" if hint else ""
        raise InputRefusedError(
            f"“{row['name']}”没有可以显示的页面{why}。",
            [Problem("页面", "请另存原件，用本机的程序打开查看")],
        )
    large = large_pages(bureau, kept_file(bureau, row["digest"]), row["name"], cuts)
    if large is not None:
        return large
    kept, data = read_file(bureau, row["digest"])
    if len(cuts) == 1 and kept.media_type != PDF and not cuts[0].turn:
        whole = file_pages(row["name"], kept.media_type, data)
        if whole.count == 1:
            return whole
    return file_pages(row["name"], PDF, _composed(data, row["name"], cuts))


def first_page(bureau: Bureau, actor: Actor, tray_id: int, width: int) -> PagePicture | None:
    """Return a scan's first page drawn ``width`` pixels wide, for a list of many.

    ``None`` where there is none to show: a file without pages, a damaged one, a case that is not
    his own (a look at that is journalled, so it is not shown before he opens it).  A few
    milliseconds: not for the thread of the window.  Raises ``NotAllowedError``.
    """
    from zhixing_desktop.dossier.pdf_pages import page_rasters
    from zhixing_desktop.dossier.picture_raster import picture_raster

    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, _ACT)
        row = tray_row(conn, tray_id)
        if row["case_id"] is not None:
            sight = ask_sight(conn, bureau, actor, row["case_id"])
            if sight is not Sight.OPEN:
                return None
        (found,) = tray_lines(conn, bureau, actor, [row])
    if not found.cuts:
        return None
    first = found.cuts[0].page
    try:
        path = path_of(bureau, found.digest)
        if found.media_type == PDF:
            raster = next(iter(page_rasters(path, [first], width)))
        else:
            raster = picture_raster(path, first, width)
    except StoreError:
        return None
    return PagePicture(raster.data, width=raster.width, height=raster.height, stride=raster.stride)


def _composed(data: bytes, name: str, cuts: Sequence[Cut]) -> bytes:
    from zhixing_desktop.dossier.composing import compose
    from zhixing_desktop.dossier.incoming import PageCut, Source

    with tempfile.TemporaryDirectory() as room:
        made = Path(room) / "pages.pdf"
        compose([Source(data, name)], [PageCut(0, cut.page, cut.turn) for cut in cuts], made)
        return made.read_bytes()


def seen_row(bureau: Bureau, actor: Actor, tray_id: int) -> Row:
    """Return the row of a scan that he may see; a look at another's case is journalled."""
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, _ACT)
        row = tray_row(conn, tray_id)
        if row["case_id"] is None:
            return row
        sight = see_whole(conn, bureau, actor, row["case_id"])
    looked(bureau, actor, row["case_id"], sight, f"待归扫描件“{row['name']}”")
    return row
