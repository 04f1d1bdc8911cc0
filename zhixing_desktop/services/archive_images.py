"""The image dossier (影像卷宗) of a case's volumes, as they are bound: numbers, stamps, outline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop import __version__
from zhixing_desktop.documents.blocks import Align, Paper, Paragraph, Style, text_of
from zhixing_desktop.dossier.page_marks import NumberSide
from zhixing_desktop.dossier.stamp import encode, short_line
from zhixing_desktop.dossier.volume import PlannedPage, VolumePlan, print_plan
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services.archive_content import Versions
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_front import FrontMatter, front_matter
from zhixing_desktop.services.dossier_sheets import case_mark, page_stamp, pages_in
from zhixing_desktop.services.dossier_types import SIDES
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.paper_files import draw_one
from zhixing_desktop.services.paper_types import PDF_ENDING

if TYPE_CHECKING:
    from zhixing_desktop.dossier.assembly_parts import OutPage
    from zhixing_desktop.dossier.image_volume import ImageItem

PROGRAM = f"知行 {__version__}"
_ON_PAPER = "on-paper"
Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ImageMade:
    """The image dossier of a volume: the file, its pages, SHA-256 and size, what to know of it."""

    side: str
    volume: int
    pages: int
    path: Path
    digest: str
    bytes: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imaging:
    """What the image dossiers of a case have in common.

    ``numbers`` and ``names`` are 件号 and names by item; ``versions`` by item and number.
    """

    case: Row
    court: str
    retention: str
    made_on: date
    numbers: Mapping[int, int]
    names: Mapping[int, str]
    versions: Versions
    duplex: bool


def image_volumes(
    bureau: Bureau,
    actor: Actor,
    about: Imaging,
    side: str,
    plans: Mapping[str, Sequence[VolumePlan]],
    folder: Path,
    progress: Progress,
    cancelled: Cancelled,
) -> list[ImageMade]:
    """Write the image dossier of each volume of a side below ``folder``; ``plans`` are of both.

    A page that is on paper only is a sheet that says so, under its number.  Raises what
    ``write_image_volume`` raises.
    """
    sheet = folder / f"{_ON_PAPER}.pdf"
    if not sheet.exists():
        sheet.write_bytes(_only_on_paper(bureau, about.court))
    before: set[int] = set()
    made = []
    for plan in plans[side]:
        volume = _Volume(bureau, actor, about, side, plan, plans)
        made.append(volume.write(folder, sheet, before, progress, cancelled))
        before |= {page.item_id for page in plan.pages}
    return made


def _only_on_paper(bureau: Bureau, court: str) -> bytes:
    words = "本页材料仅有纸质，没有扫描件，请查阅纸质卷宗的同一页码。"
    blocks = (
        Paragraph(text_of(court), Style.COURT, Align.CENTER, first=0),
        Paragraph(text_of(words), first=0, align=Align.LEFT),
    )
    with bureau.database.reading() as conn:
        paper = Paper(_ON_PAPER, "仅有纸质", court, blocks, dense=True, unnumbered=True)
        return draw_one(conn, bureau, paper, PDF_ENDING)


class _Volume:
    """One volume on its way to an image dossier."""

    def __init__(
        self,
        bureau: Bureau,
        actor: Actor,
        about: Imaging,
        side: str,
        plan: VolumePlan,
        plans: Mapping[str, Sequence[VolumePlan]],
    ) -> None:
        self._bureau, self._actor, self._about = bureau, actor, about
        self._side, self._plan, self._plans = side, plan, plans
        self._folder = files_folder(bureau)
        self._mark = case_mark(about.case["case_no"])

    def write(
        self,
        folder: Path,
        sheet: Path,
        before: set[int],
        progress: Progress,
        cancelled: Cancelled,
    ) -> ImageMade:
        from zhixing_desktop.dossier.image_volume import (
            ImageVolume,
            image_volume_problems,
            metadata_of,
            write_image_volume,
        )
        from zhixing_desktop.dossier.pdf_joining import one_after_another

        about, plan = self._about, self._plan
        word = f"{SIDES[self._side]}第{plan.number}册"
        front = front_matter(
            self._bureau, self._actor, about.case["id"], about.case["case_no"], about.court,
            self._side, plan, self._plans,
        )  # fmt: skip
        identity = ImageVolume(
            court=about.court,
            case_number=about.case["case_no"],
            side=self._side,
            volume=plan.number,
            volumes=len(self._plans[self._side]),
            made_on=about.made_on,
            program=PROGRAM,
            cause=about.case["cause"],
            retention=about.retention,
        )
        sources = {_ON_PAPER: sheet}
        sides = self._sides(front)
        pages = [self._page(p, sides.get(p, NumberSide.RIGHT), sources) for p in plan.pages]
        path = folder / f"{self._side}-{plan.number}.pdf"
        done = write_image_volume(
            path,
            identity,
            sources,
            pages,
            self._outline(before),
            one_after_another([front.cover, front.catalogue]),
            front.closing_note,
            progress=lambda done, total: progress(done, total, f"转换影像卷宗：{word}"),
            cancelled=cancelled,
        )
        problems = image_volume_problems(path, metadata_of(identity))
        notes = tuple(f"影像卷宗{word}：{problem.sentence}" for problem in problems)
        return ImageMade(
            self._side, plan.number, done.pages, path, done.digest, done.bytes, notes
        )  # fmt: skip

    def _outline(self, before: set[int]) -> list[ImageItem]:
        from zhixing_desktop.dossier.image_volume import ImageItem

        found: dict[int, ImageItem] = {}
        for at, page in enumerate(self._plan.pages):
            item = page.item_id
            if item not in found:
                found[item] = ImageItem(
                    self._about.numbers[item], self._about.names[item], at, item in before
                )
        return list(found.values())

    def _sides(self, front: FrontMatter) -> dict[PlannedPage, NumberSide]:
        """Return at which side each page bears its number on paper."""
        plan = print_plan(
            self._plan,
            duplex=self._about.duplex,
            catalogue_pages=pages_in(front.catalogue),
            note_pages=pages_in(front.closing_note),
        )
        return {side.page: side.number_side for side in plan.sides if side.page is not None}

    def _page(self, page: PlannedPage, side: NumberSide, sources: dict[str, Path]) -> OutPage:
        from zhixing_desktop.dossier.assembly_parts import OutPage
        from zhixing_desktop.dossier.corners import Corner

        version = self._about.versions.get((page.item_id, page.version))
        words = page.number.words
        if version is None or not version.pdf:
            return OutPage(_ON_PAPER, number=words, number_side=side)
        sources[version.pdf] = file_folder.path_of(self._folder, version.pdf, PDF)
        stamp = page_stamp(
            self._about.case["id"], self._mark, self._side, page, version.pdf
        )  # fmt: skip
        known = version.corners
        corner = known[page.item_page - 1] if len(known) >= page.item_page else ""
        return OutPage(
            version.pdf,
            page.item_page - 1,
            number=words,
            number_side=side,
            stamp=encode(stamp),
            stamp_line=short_line(stamp),
            corner=Corner(corner) if corner else Corner.BOTTOM_RIGHT,
        )
