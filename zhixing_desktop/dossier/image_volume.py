"""The image dossier (影像卷宗): a volume as one PDF that says of itself what it is.

``assembly`` writes it; here stands what is particular: metadata in both forms that archives read,
and an outline from the cover to the 备考表.  :func:`image_volume_problems` (in
``image_volume_check``) says what would keep it from being read in sixty years.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from zhixing_desktop.dossier.assembly import Assembled, assemble
from zhixing_desktop.dossier.assembly_parts import OutPage
from zhixing_desktop.dossier.image_volume_check import image_volume_problems
from zhixing_desktop.dossier.package_parts import SIDES
from zhixing_desktop.dossier.pdf_document import Metadata, OutlineEntry
from zhixing_desktop.dossier.pdf_pages import page_count
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

__all__ = (
    "ImageItem",
    "ImageVolume",
    "image_volume_problems",
    "metadata_of",
    "outline_of",
    "write_image_volume",
)

COVER, CATALOGUE, CLOSING_NOTE = "封面", "卷内目录", "备考表"
SUBJECT = "执行案件影像卷宗"


@dataclass(frozen=True, slots=True)
class ImageVolume:
    """Which volume it is.

    ``side`` is ``main`` or ``side``, ``volume`` the 册 from 1, ``volumes`` how many that side has;
    ``made_on`` is the day that the file bears, ``program`` name and version of what made it.
    """

    court: str
    case_number: str
    side: str
    volume: int
    volumes: int
    made_on: date
    program: str
    cause: str = ""
    archive_number: str = ""
    retention: str = ""

    @property
    def name(self) -> str:
        """The words for the volume: ``正卷第1册（共2册）``."""
        return f"{SIDES[self.side]}第{self.volume}册（共{self.volumes}册）"


@dataclass(frozen=True, slots=True)
class ImageItem:
    """An item in the outline: 件号, its name, the content page (from 0 on) where it begins.

    ``goes_on`` marks the further part of one that began in the volume before.
    """

    number: int
    name: str
    at: int
    goes_on: bool = False


def metadata_of(about: ImageVolume) -> Metadata:
    """Return what the file says of itself, in its document information and in XMP."""
    more = {
        "Court": about.court,
        "CaseNumber": about.case_number,
        "Volume": about.name,
        "ArchiveNumber": about.archive_number,
        "RetentionPeriod": about.retention,
    }
    keywords = "；".join(part for part in (SUBJECT, about.case_number, about.cause) if part)
    return Metadata(
        title=f"{about.case_number} {about.name}",
        author=about.court,
        subject=SUBJECT,
        keywords=keywords,
        creator=about.program,
        created=datetime(about.made_on.year, about.made_on.month, about.made_on.day),
        more={key: words for key, words in more.items() if words},
    )


def outline_of(
    items: Sequence[ImageItem], content_pages: int, front_pages: int, back_pages: int
) -> tuple[OutlineEntry, ...]:
    """Return the outline: cover, catalogue, each item, closing note.

    The front is the cover's one page and the catalogue's further ones.
    """
    entries = []
    if front_pages:
        entries.append(OutlineEntry(COVER, -front_pages))
    if front_pages > 1:
        entries.append(OutlineEntry(CATALOGUE, 1 - front_pages))
    for item in items:
        more = "（续）" if item.goes_on else ""
        entries.append(OutlineEntry(f"{item.number}　{item.name}{more}", item.at))
    if back_pages:
        entries.append(OutlineEntry(CLOSING_NOTE, content_pages))
    return tuple(entries)


def write_image_volume(
    out: Path,
    about: ImageVolume,
    sources: Mapping[str, Path],
    pages: Sequence[OutPage],
    items: Sequence[ImageItem],
    front: bytes | None = None,
    back: bytes | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Assembled:
    """Write the image dossier of a volume; the same input gives the same bytes.

    ``sources``, ``pages``, ``front`` (cover and catalogue) and ``back`` (备考表) are those of
    :func:`assemble`, without blank backs: they exist for printing only.  Raises what it raises,
    and :class:`InputRefusedError` where items and pages do not fit together.
    """
    problems = _misfits(about, pages, items)
    if problems:
        raise InputRefusedError("影像卷宗的内容有误，没有转换。请重新编页后再试。", problems)
    front_pages = page_count(front) if front is not None else 0
    back_pages = page_count(back) if back is not None else 0
    return assemble(
        out,
        sources,
        pages,
        front,
        back,
        outline_of(items, len(pages), front_pages, back_pages),
        metadata_of(about),
        progress,
        cancelled,
    )


def _misfits(
    about: ImageVolume, pages: Sequence[OutPage], items: Sequence[ImageItem]
) -> list[Problem]:
    found = []
    if about.side not in SIDES or not 1 <= about.volume <= about.volumes:
        found.append(Problem("卷册", "卷别或者册次有误，请重新分册。"))
    if not pages:
        found.append(Problem("卷册", "这一册一页内容也没有，不能转换影像卷宗。"))
    for item in items:
        if not 0 <= item.at < len(pages):
            words = f"第{item.number}件“{item.name}”不在这一册里，请重新编页。"
            found.append(Problem(f"第{item.number}件", words))
    starts = [item.at for item in items]
    if starts != sorted(starts):
        found.append(Problem("卷册", "各件的次序与页次不一致，请重新编页。"))
    return found
