"""Pages of several scans of the tray filed as one thing, turned and in the order wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import dossier_tray
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_store import Cancelled, Progress, path_of, take_in
from zhixing_desktop.services.dossier_tray_pages import seen_row
from zhixing_desktop.services.dossier_tray_rows import (
    ASIDE,
    FILED,
    WAITING,
    cuts_of,
    refuse_settled,
    tray_row,
)
from zhixing_desktop.services.dossier_types import Cut, Filed, Filing, Piece
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

_ACT = "dossier.tray"


@dataclass(frozen=True, slots=True)
class Picked:
    """A scan of which pages are filed; ``version`` is that of its row as it was looked at.

    ``dropped`` are pages (from 0 on, of the kept file) that nobody wants: blank backs.  They are
    set aside, so that they do not wait for ever, and can be fetched back.
    """

    tray_id: int
    version: int
    dropped: tuple[int, ...] = ()


def _nothing(_done: int, _total: int, _what: str) -> None:
    """Show no progress."""


def _never() -> bool:
    return False


def file_together(
    bureau: Bureau,
    actor: Actor,
    picked: Sequence[Picked],
    cuts: Sequence[Cut],
    case: str | int,
    filing: Filing,
    *,
    progress: Progress = _nothing,
    cancelled: Cancelled = _never,
) -> Filed:
    """File pages of scans that wait as one new thing of a case; what is left goes on waiting.

    ``cuts``: the pages in the order and turn wanted, ``source`` the place in ``picked``; none for
    a single file without pages (a sound recording).  All or nothing: one transaction.  Takes as
    long as it has pages.  Raises as ``dossier_filing.file_item`` and ``dossier_store.take_in``;
    ``StaleEditError`` or ``RuleRefusedError`` where somebody else has dealt with one meanwhile,
    :class:`InputRefusedError` for pages that are not in these scans.
    """
    rows = [seen_row(bureau, actor, one.tray_id) for one in picked]
    for one, row in zip(picked, rows, strict=True):
        refuse_settled(row, one.version)
    _refuse_strangers(rows, cuts)
    pieces = [Piece(row["name"], path_of(bureau, row["digest"]), row["digest"]) for row in rows]
    taken = take_in(bureau, pieces, list(cuts) or None, progress, cancelled)

    def settle(conn: Connection, record: Recorder, item_id: int) -> None:
        permit(conn, bureau, actor, _ACT)
        for place, one in enumerate(picked):
            row = tray_row(conn, one.tray_id, lock=True)
            refuse_settled(row, one.version)
            used = [cut for cut in cuts if cut.source == place]
            settling = _Settling(record, row, actor.name, bureau.database.now(conn))
            settling.write(used, one.dropped, item_id, filing.name)

    return file_item(bureau, actor, case, filing, taken, also=settle)


def _refuse_strangers(rows: Sequence[Row], cuts: Sequence[Cut]) -> None:
    problems = []
    for place, row in enumerate(rows):
        there = {cut.page for cut in cuts_of(row)}
        used = [cut.page for cut in cuts if cut.source == place]
        words = [f"第{page + 1}页不在这份待归扫描件中" for page in used if page not in there]
        if there and not used:
            words.append("请至少选一页")
        problems += [Problem(row["name"], said) for said in words]
    if problems:
        listed = "；".join(f"“{one.where}”{one.sentence}" for one in problems)
        raise InputRefusedError(f"没有归入：{listed}。", problems)


@dataclass(frozen=True, slots=True)
class _Settling:
    """One row on its way out of the tray, within the filing's transaction."""

    record: Recorder
    row: Row
    who: str
    at: object

    def write(self, used: Sequence[Cut], dropped: Sequence[int], item_id: int, name: str) -> None:
        """Settle it; what was dropped is set aside, what is left goes on waiting."""
        taken = {cut.page for cut in used}
        rest = [cut for cut in cuts_of(self.row) if cut.page not in taken]
        aside = [cut for cut in rest if cut.page in dropped]
        left = [cut for cut in rest if cut.page not in dropped]
        done = {"settled_by": self.who, "settled_at": self.at}
        after = {**self.row, **done, "state": FILED, "item_id": item_id, **_pages(used)}
        after["version"] = self.row["version"] + 1
        self.record.update(dossier_tray, {"id": self.row["id"]}, self.row, after)
        if aside:
            reason = f"归入“{name}”时略去的页"
            self._more({**done, "state": ASIDE, "reason": reason, **_pages(aside)})
        if left:
            self._more({"state": WAITING, **_pages(left)})

    def _more(self, said: Row) -> None:
        number = self.record.new_id(dossier_tray)
        self.record.insert(dossier_tray, {**self.row, **said, "id": number, "version": 1})


def _pages(cuts: Sequence[Cut]) -> Row:
    return {"cuts": [[0, cut.page, cut.turn] for cut in cuts], "pages": len(cuts)}
