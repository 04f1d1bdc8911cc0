"""What arrives in the tray (待归区): kept whatever it is, told where the same pages came before.

Nothing is refused on arrival: a torn, a locked or an unknown file lies there with a hint that says
so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.models import file_folder
from zhixing_desktop.models.dossier_tables import dossier_tray
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.models.tables import files
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_store import (
    KeptPiece,
    enter_rows,
    refuse_growing,
    state_of,
    tidy,
)
from zhixing_desktop.services.dossier_tray_rows import (
    ASIDE,
    FILED,
    WAITING,
    TrayLine,
    TraySource,
    filed_pages,
    new_tray_row,
    same_pages,
    tray_lines,
)
from zhixing_desktop.services.dossier_types import Cut, Piece
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.workflow.errors import (
    StaleEditError,
)

if TYPE_CHECKING:
    from zhixing_desktop.dossier.incoming import Examined

_IN_DOSSIER = "相同的内容已经在卷宗中，归入前请核对是否重复"
_ACT = "dossier.tray"


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of a file that came: its line, and whether the same pages were here before."""

    line: TrayLine
    again: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class KeptScan:
    """A file that is in the store, not yet in a row: what it is and what was noticed."""

    file: KeptPiece
    seen: Examined

    @property
    def hint(self) -> str:
        """What was noticed, in words."""
        return "；".join(dict.fromkeys(one.sentence.rstrip("。") for one in self.seen.problems))

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """All its pages."""
        return tuple(Cut(0, page) for page in range(self.seen.pages))


def keep_scan_file(bureau: Bureau, piece: Piece) -> KeptScan:
    """Write a file into the store, whatever it is; its row comes with what becomes of it.

    Raises ``StoreError`` where it cannot be read or written (gone, still written, disk full).
    """
    from zhixing_desktop.dossier.intake import examine

    piece = tidy(piece)
    before = state_of(piece)
    seen = examine(piece.content, piece.name)
    folder = files_folder(bureau)
    if isinstance(piece.content, Path):
        digest, size = file_folder.keep_from(folder, piece.content, seen.media_type)
    else:
        digest = file_folder.keep(folder, piece.content, seen.media_type)
        size = len(piece.content)
    kept = KeptPiece(digest, piece.name, seen.media_type, size)
    refuse_growing(piece, before, kept)
    return KeptScan(kept, seen)


def arrive(
    bureau: Bureau,
    actor: Actor,
    piece: Piece,
    source: TraySource,
    cuts: Sequence[Cut] | None = None,
    case: str | int | None = None,
    hint: str = "",
) -> Arrived:
    """Keep a file in the tray, whatever it is; ``cuts``: only these of its pages.

    ``case``: whose case it belongs to, where that is known; then only those who see that case see
    it.  What was noticed on the file stands after ``hint``.  Takes as long as the file is large.
    Raises ``NotAllowedError``, ``StoreError``, :class:`InputRefusedError` for an unknown case.
    """
    kept = keep_scan_file(bureau, piece)
    return arrive_kept(bureau, actor, kept, source, cuts, case, hint)


def arrive_kept(
    bureau: Bureau,
    actor: Actor,
    kept: KeptScan,
    source: TraySource,
    cuts: Sequence[Cut] | None = None,
    case: str | int | None = None,
    hint: str = "",
    *,
    aside: str = "",
) -> Arrived:
    """Do the same with a file that is in the store already.

    ``aside``: why it is set aside at once; it can be fetched back.
    """
    try:
        return _arrive(bureau, actor, kept, source, cuts, case, hint, aside)
    except StaleEditError:
        # Another workstation has brought the same file in the same moment: look again, once.
        return _arrive(bureau, actor, kept, source, cuts, case, hint, aside)


def _arrive(
    bureau: Bureau,
    actor: Actor,
    kept: KeptScan,
    source: TraySource,
    cuts: Sequence[Cut] | None,
    case: str | int | None,
    hint: str,
    aside: str,
) -> Arrived:
    wanted = tuple(cuts) if cuts is not None else kept.cuts
    digest = kept.file.digest
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, _ACT)
        case_id = case_store.find_case(conn, case)["id"] if case is not None else None
        # Held until the commit: two that bring the same file come one after the other.
        rows_where(conn, files, "digest", digest, lock=True)
        there = same_pages(conn, digest, wanted)
        if there is not None:
            (known,) = tray_lines(conn, bureau, actor, [there])
            return Arrived(known, again=True, sentence=_again(known))
        told = [hint.rstrip("。"), kept.hint]
        if tuple(cut.page for cut in wanted) in filed_pages(conn, digest):
            told.append(_IN_DOSSIER)
        words = "；".join(part for part in told if part)
        row = new_tray_row(
            bureau, conn, actor.name, digest, kept.file.name, source, wanted, case_id, words
        )
        if aside:
            settled = {"settled_by": actor.name, "settled_at": row["arrived_at"]}
            row |= {"state": ASIDE, "reason": aside, **settled}
        with recorder(conn, bureau, actor, _ACT, case_id) as record:
            enter_rows(conn, record, bureau, actor, [kept.file])
            row["id"] = record.new_id(dossier_tray)
            record.insert(dossier_tray, row)
        (made,) = tray_lines(conn, bureau, actor, [row])
    return Arrived(made, again=False, sentence=f"“{made.name}”已经放入待归区。")


def _again(known: TrayLine) -> str:
    became = {
        WAITING: "已经在待归区等待归入",
        FILED: f"已由{known.settled_by}归入卷宗",
        ASIDE: f"已由{known.settled_by}搁置（{known.reason}），需要的可以取回",
    }[known.state]
    return f"“{known.name}”与以前收到的是同一份，{became}，没有重复保存。"
