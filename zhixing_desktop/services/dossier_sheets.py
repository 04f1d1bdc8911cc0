"""The sheets of a volume on their way to the printer: marked, stamped, written as one PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.dossier.stamp import Stamp, encode, short_line
from zhixing_desktop.dossier.volume import PlannedPage, PrintPlan
from zhixing_desktop.dossier.volume_sheets import Side, SideKind
from zhixing_desktop.dossier.whole_files import room
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Bureau, Row
from zhixing_desktop.services.dossier_front import FrontMatter
from zhixing_desktop.services.dossier_store import KeptPiece
from zhixing_desktop.services.dossier_types import ItemLine
from zhixing_desktop.services.file_store import files_folder

if TYPE_CHECKING:
    from zhixing_desktop.dossier.assembly_parts import OutPage

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def stamp_corners(conn: Connection, case_id: int) -> dict[tuple[int, int], Sequence[str]]:
    """Return where the stamps of each version's pages have room."""
    from json import loads

    rows = ask(
        conn,
        "SELECT v.item_id, v.number, v.corners FROM dossier_versions v "
        "JOIN dossier_items i ON i.id = v.item_id WHERE i.case_id = ?",
        (case_id,),
    )
    return {(item, number): loads(corners) for item, number, corners in rows}


def keep_front(bureau: Bureau, front: FrontMatter) -> dict[str, KeptPiece]:
    """Keep cover, catalogue and closing note as they are printed: the proof compares with them.

    Their rows are for the step that prints.  Raises ``StoreError``.
    """
    folder = files_folder(bureau)
    found = {}
    for kind, name, data in (
        (SideKind.COVER, "封面", front.cover),
        (SideKind.CATALOGUE, "卷内目录", front.catalogue),
        (SideKind.CLOSING_NOTE, "备考表", front.closing_note),
    ):
        digest = file_folder.keep(folder, data, PDF)
        found[kind.value] = KeptPiece(digest, f"{name}.pdf", PDF, len(data))
    return found


def pages_in(data: bytes) -> int:
    from zhixing_desktop.dossier.pdf_pages import page_count

    return page_count(data)


def case_mark(case_no: str) -> str:
    """Return the four digits by which a stamp tells its case from another of the same row."""
    return hashlib.sha256(case_no.encode("utf-8")).hexdigest()[:4]


@contextmanager
def _kept(own: Mapping[SideKind, bytes], folder: Path) -> Iterator[dict[SideKind, Path]]:
    """Give the pages before and after the content as files while the volume is written."""
    with room(folder, ".front-") as place:
        paths = {}
        for kind, data in own.items():
            paths[kind] = place / f"{kind.value}.pdf"
            paths[kind].write_bytes(data)
        yield paths


class Sheets:
    """Writes the sheets of a plan as one PDF."""

    def __init__(
        self,
        bureau: Bureau,
        case: Row,
        side: str,
        lines: Mapping[int, ItemLine],
        corners: Mapping[tuple[int, int], Sequence[str]],
        front: FrontMatter,
    ) -> None:
        self._bureau, self._case, self._side = bureau, case, side
        self._lines, self._corners, self._front = lines, corners, front
        self._mark = case_mark(case["case_no"])
        self._folder = files_folder(bureau)

    def write(
        self,
        out: Path,
        plan: PrintPlan,
        progress: Progress | None,
        cancelled: Cancelled | None,
    ) -> int:
        """Write them to ``out``; return how many pages the file has."""
        from zhixing_desktop.dossier.assembly import assemble
        from zhixing_desktop.dossier.assembly_parts import OutPage

        sources: dict[str, Path] = {}
        own = {
            SideKind.COVER: self._front.cover,
            SideKind.CATALOGUE: self._front.catalogue,
            SideKind.CLOSING_NOTE: self._front.closing_note,
        }
        with _kept(own, out.parent) as paths:
            sources |= {kind.value: path for kind, path in paths.items()}
            pages: list[OutPage] = []
            for side in plan.sides:
                page = side.page
                if page is not None:
                    pdf = self._lines[page.item_id].pdf
                    sources[pdf] = file_folder.path_of(self._folder, pdf, PDF)
                    pages.append(self._content(side, page, pdf))
                elif side.kind is SideKind.BLANK:
                    pages.append(OutPage(None))
                else:
                    pages.append(OutPage(side.kind.value, side.place))
            done = assemble(out, sources, pages, progress=progress, cancelled=cancelled, kept=False)
        return done.pages

    def _content(self, side: Side, page: PlannedPage, pdf: str) -> OutPage:
        from zhixing_desktop.dossier.assembly_parts import OutPage
        from zhixing_desktop.dossier.corners import Corner

        stamp = page_stamp(self._case["id"], self._mark, self._side, page, pdf)
        corners = self._corners.get((page.item_id, page.version), ())
        corner = corners[page.item_page - 1] if len(corners) >= page.item_page else ""
        return OutPage(
            pdf,
            page.item_page - 1,
            number=page.number.words,
            number_side=side.number_side,
            stamp=encode(stamp),
            stamp_line=short_line(stamp),
            corner=Corner(corner) if corner else Corner.BOTTOM_RIGHT,
        )


def page_stamp(case_id: int, mark: str, side: str, page: PlannedPage, pdf: str) -> Stamp:
    """Return what the stamp of a page says; ``mark`` as :func:`case_mark`, ``pdf`` the digest."""
    return Stamp(
        case_id=case_id,
        case_mark=mark,
        side=side,
        volume=page.volume,
        page=page.number.page,
        insert=page.number.insert,
        item_id=page.item_id,
        version=page.version,
        item_page=page.item_page,
        digest=pdf[:6],
    )
