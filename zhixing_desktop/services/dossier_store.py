"""Files on their way into the dossier: kept as they came, and their pages of record beside them.

All of it is done before the transaction that files them: a file without a row is harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.dossier.whole_files import room
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.models.tables import files
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_types import Cut, Piece
from zhixing_desktop.services.file_store import files_folder, kept_file, plain_name
from zhixing_desktop.services.paper_layout import read_overrides
from zhixing_desktop.workflow.errors import Problem, StoreError

if TYPE_CHECKING:
    from zhixing_desktop.dossier.incoming import Examined

Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]
PAGES_NAME = "卷宗页.pdf"


@dataclass(frozen=True, slots=True)
class KeptPiece:
    """A file in the store: digest, the name it came with, type, size in bytes."""

    digest: str
    name: str
    media_type: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in: the originals, and the pages of record made of them.

    ``pdf`` is ``None`` where there are no pages: a sound recording, a Word file that this
    workstation cannot turn into a PDF (``notes`` say so).
    """

    originals: tuple[KeptPiece, ...]
    cuts: tuple[Cut, ...]
    pdf: KeptPiece | None
    pages: int
    corners: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> tuple[KeptPiece, ...]:
        """All files that need a row."""
        return (*self.originals, self.pdf) if self.pdf is not None else self.originals


def _nothing(_done: int, _total: int, _what: str) -> None:
    """Show no progress."""


def _never() -> bool:
    return False


def take_in(
    bureau: Bureau,
    pieces: Sequence[Piece],
    cuts: Sequence[Cut] | None = None,
    progress: Progress = _nothing,
    cancelled: Cancelled = _never,
) -> Taken:
    """Keep files as they came and make their pages of record.

    ``cuts``: the pages in their order, each turned as it was turned; ``None`` takes all pages of
    all pieces.  Takes as long as the files are large: not for the thread of the window.  Raises
    ``InputRefusedError`` naming everything that is wrong with any of them (locked, torn, a packed
    folder), :class:`StoreError` (disk full, folder gone, stopped by the person); what was kept by
    then has no row and harms nobody.
    """
    from zhixing_desktop.dossier.composing import compose, identity
    from zhixing_desktop.dossier.incoming import PageCut, Source, refuse
    from zhixing_desktop.dossier.intake import examine

    folder = files_folder(bureau)
    pieces = [tidy(piece) for piece in pieces]
    states = [state_of(piece) for piece in pieces]
    found = [examine(piece.content, piece.name) for piece in pieces]
    refuse(found)
    originals: list[KeptPiece] = []
    for done, (piece, seen) in enumerate(zip(pieces, found, strict=True)):
        _go_on(cancelled)
        progress(done, len(pieces), f"保存{piece.name}")
        originals.append(_keep(folder, piece, seen.media_type))
        refuse_growing(piece, states[done], originals[done])
    # From here on what was kept is read: whoever moves a file away meanwhile changes nothing.
    lying = [_as_kept(bureau, *pair) for pair in zip(pieces, originals, strict=True)]
    told: list[str] = []
    sources, paged = _with_pages(bureau, lying, found, told)
    notes = [f"{one.where}：{one.sentence}" for seen in paged for one in seen.notes] + told
    wanted = tuple(cuts) if cuts is not None else _all_pages(paged)
    if not wanted:
        return Taken(tuple(originals), (), None, 0, (), tuple(notes))
    order = [PageCut(cut.source, cut.page, cut.turn) for cut in wanted]
    first = paged[order[0].source]
    at = order[0].source
    if first.clean and sources[at] is lying[at] and identity(order, first.pages):
        corners = _corners(sources[at].content, len(order), progress, cancelled)
        return Taken(tuple(originals), wanted, originals[at], len(order), corners, tuple(notes))

    def step(done: int) -> None:
        _go_on(cancelled)
        progress(done, len(order), "整理页面")

    with room(folder) as place:
        made = place / "pages.pdf"
        composed = compose(
            [Source(one.content, one.name) for one in sources], order, made, step=step
        )
        digest, size = file_folder.keep_from(folder, made, PDF)
        corners = _corners(made, composed.pages, progress, cancelled)
    pdf = KeptPiece(digest, PAGES_NAME, PDF, size)
    return Taken(tuple(originals), wanted, pdf, composed.pages, corners, tuple(notes))


def tidy(piece: Piece) -> Piece:
    """Return a file under a name that can be read, written and said."""
    return replace(piece, name=plain_name(piece.name, ""))


def state_of(piece: Piece) -> tuple[int, int]:
    """Return size and moment of the last change of a file; :class:`StoreError` if it is gone."""
    from zhixing_desktop.dossier.incoming import unreadable

    if isinstance(piece.content, bytes):
        return len(piece.content), 0
    try:
        seen = piece.content.stat()
    except OSError as error:
        raise unreadable(piece.content, error) from error
    return seen.st_size, seen.st_mtime_ns


def refuse_growing(piece: Piece, before: tuple[int, int], kept: KeptPiece) -> None:
    """Raise :class:`StoreError` where a file was written to since it was looked at.

    ``before`` is what :func:`state_of` said then.  A file that has gone away since was kept whole
    by then, so nothing is wrong with it.
    """
    try:
        after = state_of(piece)
    except StoreError:
        after = before
    if after != before or kept.bytes != before[0]:
        raise StoreError(
            f"“{piece.name}”正在写入，或者刚刚被改动过，没有收取。请等它写完，再放入一次。",
            data={"kind": "growing"},
        )


def _as_kept(bureau: Bureau, piece: Piece, kept: KeptPiece) -> Piece:
    if isinstance(piece.content, bytes):
        return piece
    return Piece(piece.name, path_of_kept(bureau, kept), kept.digest)


def _go_on(cancelled: Cancelled) -> None:
    if cancelled():
        raise StoreError("已经停止，没有入卷。", data={"kind": "cancelled"})


def _keep(folder: Path, piece: Piece, media_type: str) -> KeptPiece:
    if isinstance(piece.content, Path) and piece.digest:
        size = file_folder.proven_size(piece.content, piece.digest)
        return KeptPiece(piece.digest, piece.name, media_type, size)
    if isinstance(piece.content, Path):
        digest, size = file_folder.keep_from(folder, piece.content, media_type)
        return KeptPiece(digest, piece.name, media_type, size)
    digest = file_folder.keep(folder, piece.content, media_type)
    return KeptPiece(digest, piece.name, media_type, len(piece.content))


def _with_pages(
    bureau: Bureau, pieces: Sequence[Piece], found: Sequence[Examined], notes: list[str]
) -> tuple[list[Piece], list[Examined]]:
    """Return the pieces with what a word processor has made of those that need one."""
    from zhixing_desktop.dossier import media_types
    from zhixing_desktop.dossier.intake_office import office_pages

    def converter(data: bytes, media_type: str) -> bytes:
        return as_pdf(bureau, Piece("", data), media_types.ending_of(media_type))

    sources, seen = list(pieces), list(found)
    for place, one in enumerate(found):
        if one.media_type not in media_types.OFFICE:
            continue
        made = office_pages(pieces[place].content, one, converter)
        if made.problem is not None:
            notes.append(f"{made.problem.where}：{made.problem.sentence}")
        elif made.pdf is not None and made.examined is not None:
            notes += [f"{told.where}：{told.sentence}" for told in beside_the_pages(one)]
            sources[place] = Piece(one.name, made.pdf)
            seen[place] = made.examined
    return sources, seen


def beside_the_pages(seen: Examined) -> tuple[Problem, ...]:
    """Return what stays to be known of a Word or Excel file that has been turned into pages."""
    return tuple(one for one in seen.notes if one.data.get("kind") != "office")


def as_pdf(bureau: Bureau, piece: Piece, ending: str) -> bytes:
    """Return what the workstation's word processor makes of a Word or Excel file.

    ``ending`` is that of its real type.  Takes seconds.  Raises ``StoreError`` where there is none,
    and where the file cannot be read.
    """
    from zhixing_desktop.dossier.incoming import opened

    with bureau.database.reading() as conn:
        layout = bureau.papers.layout(read_overrides(conn))
    with opened(piece.content) as file:
        data = file.read()
    (made,) = bureau.papers.converter(layout).to_pdf([data], ending=ending)
    return made


def _all_pages(found: Sequence[Examined]) -> tuple[Cut, ...]:
    return tuple(Cut(source, page) for source, one in enumerate(found) for page in range(one.pages))


_LOOKED_AT = 300
"""Pixels across, enough to see which corner of a page is empty."""


def _corners(
    content: bytes | Path, pages: int, progress: Progress, cancelled: Cancelled
) -> tuple[str, ...]:
    """Return the emptiest corner of each page, where its stamp will stand."""
    from zhixing_desktop.dossier.corners import free_corner
    from zhixing_desktop.dossier.pdf_pages import page_rasters
    from zhixing_desktop.dossier.pictures import gray

    found = []
    for raster in page_rasters(content, range(pages), _LOOKED_AT):
        _go_on(cancelled)
        found.append(free_corner(gray(raster)).value)
        progress(len(found), pages, "查看页面")
    return tuple(found)


def enter_rows(
    conn: Connection, record: Recorder, bureau: Bureau, actor: Actor, kept: Sequence[KeptPiece]
) -> None:
    """Write the rows of kept files within somebody's step, but those that are there already."""
    now = bureau.database.now(conn)
    for one in {piece.digest: piece for piece in kept}.values():
        if rows_where(conn, files, "digest", one.digest):
            continue
        record.insert(
            files,
            {
                "digest": one.digest,
                "algorithm": file_folder.ALGORITHM,
                "name": plain_name(one.name, one.media_type),
                "media_type": one.media_type,
                "bytes": one.bytes,
                "added_by": actor.name,
                "added_at": now,
            },
        )


def path_of_kept(bureau: Bureau, kept: KeptPiece) -> Path:
    """Return where a file lies that has been kept a moment ago, with a row or without."""
    return file_folder.path_of(files_folder(bureau), kept.digest, kept.media_type)


def path_of(bureau: Bureau, digest: str) -> Path:
    """Return where a kept file lies; ``InputRefusedError`` for an unknown one."""
    kept = kept_file(bureau, digest)
    return file_folder.path_of(files_folder(bureau), digest, kept.media_type)
