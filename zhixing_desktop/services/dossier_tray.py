"""The tray (待归区): what nobody has placed waits here until it is filed or set aside.

Nothing is ever deleted; what arrives, ``dossier_arrivals`` says.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import dossier_tray
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_filing import Also, file_item, replace_item
from zhixing_desktop.services.dossier_store import (
    Cancelled,
    Progress,
    path_of,
    take_in,
)
from zhixing_desktop.services.dossier_tray_pages import seen_row
from zhixing_desktop.services.dossier_tray_rows import (
    ASIDE,
    FILED,
    WAITING,
    TrayLine,
    cuts_of,
    refuse_settled,
    tray_lines,
    tray_row,
)
from zhixing_desktop.services.dossier_types import Cut, Filed, Filing, Medium, Piece
from zhixing_desktop.services.papers import see_whole
from zhixing_desktop.services.permission import may, permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.services.sight import ask_sight, seen_cases
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
    RuleRefusedError,
)
from zhixing_desktop.workflow.new_facts import must_give_reason

_ACT = "dossier.tray"


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
        return tray_lines(conn, bureau, actor, [row for row in rows if row["id"] in shown])


def line(bureau: Bureau, actor: Actor, tray_id: int) -> TrayLine:
    """Return one scan of the tray, whatever became of it.

    Raises ``NotAllowedError`` also for one of a case that he may not see.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, _ACT)
        row = tray_row(conn, tray_id)
        if row["case_id"] is not None:
            ask_sight(conn, bureau, actor, row["case_id"])
        (found,) = tray_lines(conn, bureau, actor, [row])
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
    row = seen_row(bureau, actor, tray_id)
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
    row = seen_row(bureau, actor, tray_id)
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
    with recorder(conn, bureau, actor, _ACT, row["case_id"]) as record:
        record.update(dossier_tray, {"id": row["id"]}, row, after)
    (changed,) = tray_lines(conn, bureau, actor, [after])
    return changed
