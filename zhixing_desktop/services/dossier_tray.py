"""The tray (待归区): what nobody has placed yet is kept here, whatever it is, until somebody does.

Nothing is refused on arrival and nothing is ever deleted: a torn, a locked or an unknown file lies
here with a hint that says so.  The same pages of the same file are told, not kept twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from zhixing_desktop.models import file_folder
from zhixing_desktop.models.dossier_tables import dossier_tray
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.models.tables import files
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_filing import Also, file_item, replace_item
from zhixing_desktop.services.dossier_store import (
    Cancelled,
    KeptPiece,
    Progress,
    enter_rows,
    path_of,
    take_in,
)
from zhixing_desktop.services.dossier_tray_rows import (
    ASIDE,
    FILED,
    WAITING,
    TrayLine,
    TraySource,
    cuts_of,
    filed_pages,
    new_tray_row,
    refuse_settled,
    same_pages,
    tray_lines,
    tray_row,
)
from zhixing_desktop.services.dossier_types import Cut, Filed, Filing, Medium, Piece
from zhixing_desktop.services.file_pages import FilePages, PagePicture, file_pages
from zhixing_desktop.services.file_store import files_folder, read_file
from zhixing_desktop.services.papers import looked, see_whole
from zhixing_desktop.services.permission import may, permit
from zhixing_desktop.services.sight import Sight, ask_sight, seen_cases
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
    StaleEditError,
    StoreError,
)
from zhixing_desktop.workflow.new_facts import must_give_reason

if TYPE_CHECKING:
    from zhixing_desktop.dossier.incoming import Examined

_ACT = "dossier.tray"
_IN_DOSSIER = "相同的内容已经在卷宗中，归入前请核对是否重复"


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

    Raises ``StoreError`` where it cannot be read or written (gone, disk full).
    """
    from zhixing_desktop.dossier.intake import examine

    seen = examine(piece.content, piece.name)
    folder = files_folder(bureau)
    if isinstance(piece.content, Path):
        digest, size = file_folder.keep_from(folder, piece.content, seen.media_type)
    else:
        digest = file_folder.keep(folder, piece.content, seen.media_type)
        size = len(piece.content)
    return KeptScan(KeptPiece(digest, piece.name, seen.media_type, size), seen)


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
) -> Arrived:
    """Do the same with a file that is in the store already."""
    try:
        return _arrive(bureau, actor, kept, source, cuts, case, hint)
    except StaleEditError:
        # Another workstation has brought the same file in the same moment: look again, once.
        return _arrive(bureau, actor, kept, source, cuts, case, hint)


def _arrive(
    bureau: Bureau,
    actor: Actor,
    kept: KeptScan,
    source: TraySource,
    cuts: Sequence[Cut] | None,
    case: str | int | None,
    hint: str,
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
            (known,) = tray_lines(conn, [there])
            return Arrived(known, again=True, sentence=_again(known))
        told = [hint.rstrip("。"), kept.hint]
        if tuple(cut.page for cut in wanted) in filed_pages(conn, digest):
            told.append(_IN_DOSSIER)
        words = "；".join(part for part in told if part)
        row = new_tray_row(
            bureau, conn, actor.name, digest, kept.file.name, source, wanted, case_id, words
        )
        with _recorder(conn, bureau, actor, case_id) as record:
            enter_rows(conn, record, bureau, actor, [kept.file])
            row["id"] = record.new_id(dossier_tray)
            record.insert(dossier_tray, row)
        (made,) = tray_lines(conn, [row])
    return Arrived(made, again=False, sentence=f"“{made.name}”已经放入待归区。")


def _again(known: TrayLine) -> str:
    became = {
        WAITING: "已经在待归区等待归入",
        FILED: f"已由{known.settled_by}归入卷宗",
        ASIDE: f"已由{known.settled_by}搁置（{known.reason}），需要的可以取回",
    }[known.state]
    return f"“{known.name}”与以前收到的是同一份，{became}，没有重复保存。"


def _recorder(conn: Connection, bureau: Bureau, actor: Actor, case_id: int | None) -> Recorder:
    return Recorder(
        conn,
        at=bureau.database.now(conn),
        actor=actor.name,
        action=_ACT,
        workstation=bureau.workstation,
        case_id=case_id,
    )


# ------------------------------------------------------------------------------------ looking


def waiting(bureau: Bureau, actor: Actor, state: str = WAITING) -> tuple[TrayLine, ...]:
    """Return what waits in the tray, oldest first; with ``state`` what is filed or set aside.

    Scans of which the case is known are shown to those who see that case.  Raises
    ``NotAllowedError``.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, _ACT)
        shown = {number for (number,) in _shown(conn, bureau, actor, state, "t.id")}
        rows = rows_where(conn, dossier_tray, "state", state, order="id")
        return tray_lines(conn, [row for row in rows if row["id"] in shown])


def line(bureau: Bureau, actor: Actor, tray_id: int) -> TrayLine:
    """Return one scan of the tray, whatever became of it.

    Raises ``NotAllowedError`` also for one of a case that he may not see.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, _ACT)
        row = tray_row(conn, tray_id)
        if row["case_id"] is not None:
            ask_sight(conn, bureau, actor, row["case_id"])
        (found,) = tray_lines(conn, [row])
        return found


def waiting_count(bureau: Bureau, actor: Actor) -> int:
    """Return how many scans wait that he may see; 0 for whoever has nothing to do with them."""
    with bureau.database.reading() as conn:
        if not may(conn, bureau, actor, _ACT):
            return 0
        ((number,),) = _shown(conn, bureau, actor, WAITING, "count(*)")
        return int(number)


def _shown(
    conn: Connection, bureau: Bureau, actor: Actor, state: str, what: str
) -> list[tuple[int, ...]]:
    condition, values = seen_cases(conn, bureau, actor)
    statement = (
        f"SELECT {what} FROM dossier_tray t LEFT JOIN cases c ON c.id = t.case_id "  # noqa: S608 - our own words
        f"WHERE t.state = ? AND (t.case_id IS NULL OR {condition})"
    )
    return ask(conn, statement, (state, *values))


def pages(bureau: Bureau, actor: Actor, tray_id: int) -> FilePages:
    """Return the pages of a scan as they would be filed, to look at.

    Takes as long as it has pages.  Raises ``NotAllowedError``, :class:`InputRefusedError` for a
    file without pages, ``StoreError`` for one that is missing or changed.
    """
    row = _asked(bureau, actor, tray_id)
    cuts = cuts_of(row)
    if not cuts:
        why = f"：{row['hint']}" if row["hint"] else ""
        raise InputRefusedError(
            f"“{row['name']}”没有可以显示的页面{why}。",
            [Problem("页面", "请另存原件，用本机的程序打开查看")],
        )
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
        (found,) = tray_lines(conn, [row])
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


def _asked(bureau: Bureau, actor: Actor, tray_id: int) -> Row:
    """Return the row of a scan that he may see; a look at another's case is journalled."""
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, _ACT)
        row = tray_row(conn, tray_id)
        if row["case_id"] is None:
            return row
        sight = see_whole(conn, bureau, actor, row["case_id"])
    looked(bureau, actor, row["case_id"], sight, f"待归扫描件“{row['name']}”")
    return row


# -------------------------------------------------------------------------------------- doing


def _nothing(_done: int, _total: int, _what: str) -> None:
    """Show no progress."""


def _never() -> bool:
    return False


def file_from_tray(
    bureau: Bureau,
    actor: Actor,
    tray_id: int,
    case: str | int,
    filing: Filing,
    cuts: Sequence[Cut] | None = None,
    *,
    version: int,
    progress: Progress = _nothing,
    cancelled: Cancelled = _never,
) -> Filed:
    """File pages of a scan as a new thing of a case; the pages that are left go on waiting.

    ``cuts``: pages of the kept file, of those that wait, in the order and turn wanted; ``None``
    takes all that wait.  Takes as long as it has pages.  Raises as ``dossier_filing.file_item`` and
    ``dossier_store.take_in``; ``StaleEditError`` or ``RuleRefusedError`` where somebody else has
    dealt with it meanwhile.
    """
    row = _asked(bureau, actor, tray_id)
    chosen = _chosen(row, cuts, version)
    piece = Piece(row["name"], path_of(bureau, row["digest"]), row["digest"])
    taken = take_in(bureau, [piece], chosen or None, progress, cancelled)
    also = _settling(bureau, actor, tray_id, chosen, version)
    return file_item(bureau, actor, case, filing, taken, also=also)


def replace_from_tray(
    bureau: Bureau,
    actor: Actor,
    tray_id: int,
    item_id: int,
    reason: str,
    cuts: Sequence[Cut] | None = None,
    *,
    version: int,
    item_version: int,
    medium: Medium | None = Medium.ORIGINAL,
    progress: Progress = _nothing,
    cancelled: Cancelled = _never,
) -> Filed:
    """Make pages of a scan the new version of a thing that is filed; otherwise as above.

    ``item_version`` is the version of the item's row that he has looked at.
    """
    row = _asked(bureau, actor, tray_id)
    chosen = _chosen(row, cuts, version)
    piece = Piece(row["name"], path_of(bureau, row["digest"]), row["digest"])
    taken = take_in(bureau, [piece], chosen or None, progress, cancelled)
    also = _settling(bureau, actor, tray_id, chosen, version)
    return replace_item(
        bureau, actor, item_id, taken, reason, version=item_version, medium=medium, also=also
    )


def _chosen(row: Row, cuts: Sequence[Cut] | None, version: int) -> tuple[Cut, ...]:
    """Return the pages to be filed; refuses early what the transaction would refuse."""
    refuse_settled(row, version)
    there = cuts_of(row)
    if cuts is None:
        return there
    strangers = sorted({cut.page + 1 for cut in cuts} - {cut.page + 1 for cut in there})
    if strangers or (there and not cuts):
        words = f"第{strangers[0]}页不在这份待归扫描件中" if strangers else "请至少选一页"
        raise InputRefusedError(f"没有归入：{words}。", [Problem("页面", words)])
    return tuple(cuts)


def _settling(
    bureau: Bureau, actor: Actor, tray_id: int, chosen: Sequence[Cut], version: int
) -> Also:
    """Return what is written with a filing: the row is settled, the pages left go on waiting."""

    def settle(conn: Connection, record: Recorder, item_id: int) -> None:
        permit(conn, bureau, actor, _ACT)
        row = tray_row(conn, tray_id, lock=True)
        refuse_settled(row, version)
        used = {cut.page for cut in chosen}
        left = [cut for cut in cuts_of(row) if cut.page not in used]
        after = _settled(bureau, conn, actor, row, FILED)
        after |= {"item_id": item_id}
        after |= {"cuts": [[0, cut.page, cut.turn] for cut in chosen], "pages": len(chosen)}
        record.update(dossier_tray, {"id": tray_id}, row, after)
        if left:
            rest = {**row, "cuts": [[0, c.page, c.turn] for c in left], "pages": len(left)}
            rest |= {"id": record.new_id(dossier_tray), "version": 1}
            record.insert(dossier_tray, rest)

    return settle


def _settled(bureau: Bureau, conn: Connection, actor: Actor, row: Row, state: str) -> Row:
    return {
        **row,
        "state": state,
        "settled_by": actor.name,
        "settled_at": bureau.database.now(conn),
        "version": row["version"] + 1,
    }


def set_aside(bureau: Bureau, actor: Actor, tray_id: int, reason: str, *, version: int) -> TrayLine:
    """Take a scan off the list with a reason; it is kept and can be fetched back.

    Raises ``NotAllowedError``, :class:`InputRefusedError` without a reason, ``StaleEditError``,
    ``RuleRefusedError`` where it was dealt with already.
    """
    with bureau.database.writing() as conn:
        row = _locked(conn, bureau, actor, tray_id)
        must_give_reason(reason, "搁置扫描件应当写明具体理由")
        refuse_settled(row, version)
        after = {**_settled(bureau, conn, actor, row, ASIDE), "reason": reason.strip()}
        return _changed(conn, bureau, actor, row, after)


def fetch_back(bureau: Bureau, actor: Actor, tray_id: int, *, version: int) -> TrayLine:
    """Put a scan that was set aside back on the list; raises as :func:`set_aside`."""
    with bureau.database.writing() as conn:
        row = _locked(conn, bureau, actor, tray_id)
        if row["state"] != ASIDE:
            raise RuleRefusedError(
                f"“{row['name']}”没有被搁置，不需要取回，请刷新列表。",
                data={"kind": row["state"], "tray": tray_id},
            )
        refuse_settled({**row, "state": WAITING}, version)
        after = {**row, "state": WAITING, "version": version + 1, "reason": ""}
        after |= {"settled_by": None, "settled_at": None}
        return _changed(conn, bureau, actor, row, after)


def _locked(conn: Connection, bureau: Bureau, actor: Actor, tray_id: int) -> Row:
    permit(conn, bureau, actor, _ACT)
    row = tray_row(conn, tray_id, lock=True)
    if row["case_id"] is not None:
        see_whole(conn, bureau, actor, row["case_id"])
    return row


def _changed(conn: Connection, bureau: Bureau, actor: Actor, row: Row, after: Row) -> TrayLine:
    with _recorder(conn, bureau, actor, row["case_id"]) as record:
        record.update(dossier_tray, {"id": row["id"]}, row, after)
    (changed,) = tray_lines(conn, [after])
    return changed
