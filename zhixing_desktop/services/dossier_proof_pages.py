"""What a scan of a paper volume is held against: its sides as they were printed last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.dossier.volume import PlannedPage, VolumePlan, print_plan
from zhixing_desktop.dossier.volume_sheets import Sheet, Side, SideKind
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Bureau, Row
from zhixing_desktop.services.dossier_sheets import (
    case_mark,
    page_stamp,
    pages_in,
    stamp_corners,
)
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.stack_targets import NO_DIGEST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from zhixing_desktop.dossier.pdf_pictures import PdfPictures
    from zhixing_desktop.dossier.proof import ExpectedPage
    from zhixing_desktop.dossier.stamp import Stamp

_FRONT = {
    SideKind.COVER: "封面",
    SideKind.CATALOGUE: "卷内目录",
    SideKind.CLOSING_NOTE: "备考表",
}
_A4 = (1754, 1240)
"""Rows and columns at the working resolution."""


@dataclass(frozen=True, slots=True)
class BoundSide:
    """A side of a bound volume.

    ``words`` is what people call it (第12页, 封面); ``pdf`` and ``place`` which page of which kept
    file it shows, empty for a blank back and for what exists only on paper (then ``page``).
    """

    key: str
    words: str
    pdf: str = ""
    place: int = 0
    page: PlannedPage | None = None
    front: bool = False
    sheet: int | None = None
    number_left: bool = False

    @property
    def paper_only(self) -> bool:
        """Whether the electronic dossier has no picture of it."""
        return self.page is not None and not self.pdf


def bound_sides(
    bureau: Bureau, conn: Connection, case: Row, volume: Row, plan: VolumePlan
) -> tuple[BoundSide, ...]:
    """Return the sides of a volume from its cover to its closing note, as printed last.

    Raises ``StoreError`` where a kept file is not there.
    """
    folder = files_folder(bureau)
    front: Mapping[str, str] = volume["front"]
    counts = {
        kind: pages_in(file_folder.path_of(folder, front[kind.value], PDF).read_bytes())
        for kind in (SideKind.CATALOGUE, SideKind.CLOSING_NOTE)
        if kind.value in front
    }
    printed = print_plan(
        plan,
        None,
        duplex=bool(volume["duplex"]),
        catalogue_pages=counts.get(SideKind.CATALOGUE, 1),
        note_pages=counts.get(SideKind.CLOSING_NOTE, 1),
    )
    pdfs = version_pdfs(conn, case["id"])
    made = _Sides(front, pdfs)
    return tuple(made.all(plan, printed.sheets))


def version_pdfs(conn: Connection, case_id: int) -> dict[tuple[int, int], str]:
    """Return, by item and number of the version, the digest of its pages of record."""
    rows = ask(
        conn,
        "SELECT v.item_id, v.number, v.pdf FROM dossier_versions v JOIN dossier_items i "
        "ON i.id = v.item_id WHERE i.case_id = ?",
        (case_id,),
    )
    return {(item, number): pdf for item, number, pdf in rows}


class _Sides:
    """Puts printed sheets and paper that was bound as it came in the order of the volume."""

    def __init__(self, front: Mapping[str, str], pdfs: Mapping[tuple[int, int], str]) -> None:
        self._front, self._pdfs = front, pdfs

    def all(self, plan: VolumePlan, sheets: Sequence[Sheet]) -> Iterator[BoundSide]:
        content = {sheet.pages[0]: at for at, sheet in enumerate(sheets) if sheet.pages}
        first = min(content.values(), default=None)
        ending = [at for at, sheet in enumerate(sheets)
                  if sheet.front.kind is SideKind.CLOSING_NOTE]  # fmt: skip
        before = first if first is not None else (ending[0] if ending else len(sheets))
        for at in range(before):
            yield from self._sheet(at, sheets[at])
        for page in plan.pages:
            if page.own_paper:
                yield self._content(page, None, left=False)
            elif page in content:
                yield from self._sheet(content[page], sheets[content[page]])
        for at in ending:
            yield from self._sheet(at, sheets[at])

    def _sheet(self, at: int, sheet: Sheet) -> Iterator[BoundSide]:
        said = ""
        for side in sheet.sides:
            made = self._side(at, side, said)
            said = made.words
            yield made

    def _side(self, at: int, side: Side, front: str) -> BoundSide:
        if side.page is not None:
            return self._content(side.page, at, left=side.number_side.value == "left")
        if side.kind is SideKind.BLANK:
            return BoundSide(f"blank/{at}", f"{front}的背面", sheet=at)
        words = _FRONT[side.kind]
        if side.place:
            words += f"第{side.place + 1}张"
        key = f"{side.kind.value}/{side.place}"
        pdf = self._front.get(side.kind.value, "")
        return BoundSide(key, words, pdf, side.place, front=True, sheet=at)

    def _content(self, page: PlannedPage, at: int | None, *, left: bool) -> BoundSide:
        pdf = self._pdfs.get((page.item_id, page.version), "")
        return BoundSide(
            f"page/{page.number.words}",
            f"第{page.number.words}页",
            "" if page.on_paper_only else pdf,
            page.item_page - 1,
            page=page,
            sheet=at,
            number_left=left,
        )


class Pictures:
    """The electronic pages as pictures, each file opened once; asked from several threads."""

    def __init__(self, bureau: Bureau) -> None:
        """Remember where the files lie; nothing is opened yet."""
        import threading

        self._folder = files_folder(bureau)
        self._open: dict[str, PdfPictures] = {}
        self._lock = threading.Lock()

    def of(self, pdf: str, place: int) -> NDArray[np.uint8]:
        """Return a page; ``StoreError`` where it cannot be read."""
        from zhixing_desktop.dossier.pdf_pictures import PdfPictures

        with self._lock:
            if pdf not in self._open:
                self._open[pdf] = PdfPictures(file_folder.path_of(self._folder, pdf, PDF))
            file = self._open[pdf]
        return file.picture(place)

    def close(self) -> None:
        """Let go of the files."""
        for file in self._open.values():
            file.close()


def expected_pages(
    conn: Connection, case: Row, side: str, sides: Sequence[BoundSide], pictures: Pictures
) -> tuple[ExpectedPage, ...]:
    """Return what the proof expects, without what exists only on paper."""
    from zhixing_desktop.dossier.corners import Corner
    from zhixing_desktop.dossier.page_marks import NumberSide
    from zhixing_desktop.dossier.proof import ExpectedPage

    corners = stamp_corners(conn, case["id"])
    mark = case_mark(case["case_no"])

    def corner_of(page: PlannedPage) -> Corner:
        known = corners.get((page.item_id, page.version), ())
        named = known[page.item_page - 1] if len(known) >= page.item_page else ""
        return Corner(named) if named else Corner.BOTTOM_RIGHT

    found = []
    for one in sides:
        if one.paper_only:
            continue
        draw = partial(pictures.of, one.pdf, one.place) if one.pdf else _white
        page = one.page
        if page is None:
            # People sign the closing note, and write number and day of the archive on the cover.
            found.append(
                ExpectedPage(
                    one.key, None, draw, label=one.words, sheet=one.sheet, filled_in=one.front
                )
            )
            continue
        own = page.own_paper
        number = NumberSide.LEFT if one.number_left else NumberSide.RIGHT
        found.append(
            ExpectedPage(
                one.key,
                page_stamp(case["id"], mark, side, page, one.pdf),
                draw,
                sheet=one.sheet,
                corner=None if own else corner_of(page),
                number_side=None if own else number,
                own_paper=own,
            )
        )
    return tuple(found)


def stamps_on_paper(case: Row, side: str, sides: Sequence[BoundSide]) -> tuple[Stamp, ...]:
    """Return what the stick-on stamps of the pages say that exist only on paper."""
    mark = case_mark(case["case_no"])
    return tuple(
        page_stamp(case["id"], mark, side, one.page, one.pdf or NO_DIGEST)
        for one in sides
        if one.paper_only and one.page is not None
    )


def _white() -> NDArray[np.uint8]:
    import numpy as np

    return np.full(_A4, 255, np.uint8)
