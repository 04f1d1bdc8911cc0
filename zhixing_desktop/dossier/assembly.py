"""Volumes put together: pages of many PDFs in one, with page numbers, stamps, outline and labels.

The same code makes what is printed and the image dossier (影像卷宗).  pikepdf keeps whatever it
has copied in memory until it saves; so pages are copied and saved in small parts, and the parts'
objects are carried one after another into the file: what is held does not grow with the volume.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from zhixing_desktop.dossier import qr
from zhixing_desktop.dossier.assembly_parts import Marking, OutPage, PartMaker, parts
from zhixing_desktop.dossier.assembly_sources import Sources
from zhixing_desktop.dossier.marks_font import MarksFont, default_font, marks_font
from zhixing_desktop.dossier.page_marks import MarkMeasures
from zhixing_desktop.dossier.pdf_carry import Standing, carry
from zhixing_desktop.dossier.pdf_document import (
    Metadata,
    OutlineEntry,
    PageLabel,
    write_document,
)
from zhixing_desktop.dossier.pdf_sink import PdfSink
from zhixing_desktop.dossier.whole_files import refused, settle, settle_file, temporary

Progress = Callable[[int, int], None]
"""Is told how many pages are done and how many there are."""

_FRONT, _BACK = "\0front", "\0back"
"""Keys that no dossier item has."""


class AssemblyCancelledError(Exception):
    """The person stopped; nothing was left behind."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A volume that was written: its pages with covers and blanks, bytes, SHA-256 (or empty)."""

    pages: int
    bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class Looks:
    """How a volume is drawn: the font of numbers and stamps (a TrueType file), their measures."""

    font: Path
    measures: MarkMeasures = field(default_factory=MarkMeasures)


def assemble(
    out: Path,
    sources: Mapping[str, Path],
    pages: Sequence[OutPage],
    front: bytes | None = None,
    back: bytes | None = None,
    outline: Sequence[OutlineEntry] = (),
    metadata: Metadata | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    *,
    blank_backs: bool = False,
    looks: Looks | None = None,
    kept: bool = True,
) -> Assembled:
    """Write a volume: ``front`` (cover, catalogue), the content pages, ``back`` (备考表).

    ``sources`` are the PDFs that ``pages`` name; ``front`` and ``back`` are PDFs, whose pages bear
    no number; with ``blank_backs`` an empty page follows each of theirs, for printing on both
    sides.  An ``OutlineEntry.at`` counts from 0 on the first of ``pages``: -1 is the last page
    before it, ``len(pages)`` the first of the back.  Page labels are as printed; the front has
    i, ii, iii, and the back goes on with them.

    ``kept``: whether the file is to last; what only goes to the printer is neither hashed nor
    forced to the disk.

    The same input gives the same bytes.  The file appears whole or not at all: it is written
    beside its place, forced to the disk and renamed over what was there.

    Raises :class:`StoreError` where a source cannot be read, a page is not there or the disk does
    not take the file; :class:`InputRefusedError` where the font lacks a letter;
    :class:`AssemblyCancelledError` where ``cancelled`` says so.
    """
    looks = looks or Looks(default_font())
    font = marks_font(_words(pages), looks.font)
    files: dict[str, Path | bytes] = dict(sources)
    if front is not None:
        files[_FRONT] = front
    if back is not None:
        files[_BACK] = back
    marking = Marking(font.letters, looks.measures, qr.squares)
    with Sources(files) as opened:
        before = _loose(opened, _FRONT, backs=blank_backs) if front is not None else []
        after = _loose(opened, _BACK, backs=blank_backs) if back is not None else []
        job = _Job(
            pages=[*before, *pages, *after],
            labels=_labels(before, pages, after),
            outline=[replace(entry, at=entry.at + len(before)) for entry in outline],
            metadata=metadata or Metadata(""),
            progress=progress or (lambda _done, _all: None),
            cancelled=cancelled or (lambda: False),
            kept=kept,
        )
        return _written(out, job, opened, font, marking)


@dataclass(frozen=True, slots=True)
class _Job:
    pages: Sequence[OutPage]
    labels: Sequence[PageLabel]
    outline: Sequence[OutlineEntry]
    metadata: Metadata
    progress: Progress
    cancelled: Callable[[], bool]
    kept: bool


def _written(out: Path, job: _Job, opened: Sources, font: MarksFont, marking: Marking) -> Assembled:
    """Write the file beside its place and rename it."""
    try:
        with temporary(out.parent, ".new-") as fresh:
            with fresh.open("wb") as file:
                done = _filled(file, job, opened, font, marking)
                if job.kept:
                    settle_file(file)
            fresh.replace(out)
        if job.kept:
            settle(out.parent)
    except OSError as error:
        raise refused(out, error) from error
    return done


def _filled(
    file: BinaryIO, job: _Job, opened: Sources, font: MarksFont, marking: Marking
) -> Assembled:
    """Write all objects of the volume."""
    with PdfSink(file, hashed=job.kept) as sink:
        standing = Standing(pages=sink.reserve(), shared=sink.reserve())
        font.write(sink, standing.shared)
        maker = PartMaker(opened, marking)
        numbers: list[int] = []
        for part in parts(job.pages, opened):
            if job.cancelled():
                raise AssemblyCancelledError
            numbers += carry(maker.made(part), sink, standing)
            sink.send()
            job.progress(len(numbers), len(job.pages))
        root, info = write_document(
            sink,
            standing.pages,
            numbers,
            job.labels,
            job.outline,
            job.metadata,
            opened.version,
        )
        size, digest = sink.finish(root, info)
        if job.cancelled():
            raise AssemblyCancelledError
    return Assembled(len(job.pages), size, digest)


def _loose(opened: Sources, key: str, *, backs: bool) -> list[OutPage]:
    """Return the pages of a cover or the like, which bear neither number nor stamp."""
    found = []
    for page in range(opened.count(key)):
        found.append(OutPage(key, page))
        if backs:
            found.append(OutPage(None))
    return found


def _labels(
    before: Sequence[OutPage], pages: Sequence[OutPage], after: Sequence[OutPage]
) -> list[PageLabel]:
    """Return what a reader shows: i, ii, iii for what bears no number, else what is printed."""
    labels = [PageLabel(style="r", number=number) for number in range(1, len(before) + 1)]
    last = ""
    for page in pages:
        words = page.label or page.number
        if words:
            last = words
            labels.append(_label(words))
        else:
            labels.append(PageLabel(prefix=f"{last}（背）" if last else "空白"))
    labels += [
        PageLabel(style="r", number=len(before) + number) for number in range(1, len(after) + 1)
    ]
    return labels


def _label(words: str) -> PageLabel:
    if words.isascii() and words.isdigit() and not words.startswith("0"):
        return PageLabel(style="D", number=int(words))
    return PageLabel(prefix=words)


def _words(pages: Sequence[OutPage]) -> set[str]:
    return {words for page in pages for words in (page.number, page.stamp_line)}
