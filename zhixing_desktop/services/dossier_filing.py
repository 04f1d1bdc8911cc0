"""Filing: a thing comes into the dossier, gets a new version, is put elsewhere, is taken out.

Files are kept and their pages made before the transaction; in it stand the rights, the rows, the
journal and what follows at the node.  Nothing is ever deleted or overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import dossier_items
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import case_store, dossier_duties, paper_duties
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_held import locked_item, refuse_stale, refuse_withdrawn
from zhixing_desktop.services.dossier_materials import materials_for
from zhixing_desktop.services.dossier_placing import filing_problems, new_row
from zhixing_desktop.services.dossier_rows import (
    item_lines,
    item_row,
)
from zhixing_desktop.services.dossier_store import Taken, enter_rows
from zhixing_desktop.services.dossier_types import (
    WITHDRAWN,
    Filed,
    Filing,
    Medium,
)
from zhixing_desktop.services.dossier_writing import next_position, write_item, write_version
from zhixing_desktop.services.permission import About, Permit, permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.services.steps import take_under
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    Problem,
)
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.new_facts import must_give_reason
from zhixing_desktop.workflow.views import CaseView, Key

Also = Callable[[Connection, Recorder, int], None]
"""What is written with a filing, in its transaction and under its journal row; told the item."""


def file_item(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    filing: Filing,
    taken: Taken | None = None,
    *,
    also: Also | None = None,
) -> Filed:
    """File a thing: its row, its first version, and what its duty at the node was waiting for.

    ``taken`` is what ``dossier_store.take_in`` made of its files; ``None`` for what is on paper
    only (``filing.paper_pages`` says how many).  ``also`` is written with it.  Raises
    ``NotAllowedError``, :class:`InputRefusedError` naming everything that is wrong, ``StoreError``.
    What the node refuses does not keep the thing out: ``Filed.notes`` say so.
    """
    return _Filing(bureau, actor, case, filing, taken, also).run()


class _Filing:
    """One filing: checked and placed in the transaction, written under the step's journal row."""

    def __init__(
        self,
        bureau: Bureau,
        actor: Actor,
        case: str | int,
        filing: Filing,
        taken: Taken | None,
        also: Also | None = None,
    ) -> None:
        self._bureau, self._actor, self._case = bureau, actor, case
        self._filing, self._taken, self._also = filing, taken, also
        self._row: Row = {}
        self._material = ""
        self._notes: list[str] = []
        self._id = 0
        self._conn: Connection | None = None

    def run(self) -> Filed:
        """Do it."""
        about = About(key=self._filing.key)
        bureau, actor = self._bureau, self._actor
        done = take_under(
            bureau, actor, self._case, "dossier.file", self.facts, about=about, beside=self
        )
        return Filed(_line_of(bureau, done.case_id, self._id), tuple(self._notes))

    def look(self, conn: Connection, ctx: Context, view: CaseView, given: Permit) -> None:
        """Check what is said about it and find its place."""
        case = case_store.find_case(conn, str(ctx.header["case_no"]))
        self._conn = conn
        self._row = new_row(conn, self._bureau, case, ctx, self._filing, self._actor)
        self._row["pages"] = _pages(self._filing, self._taken)

    def facts(self, ctx: Context, view: CaseView, given: Permit) -> Sequence[NewFact]:
        """Return what the filing enters at its node."""
        key = self._filing.key
        if key is None or not self._filing.material:
            return ()
        assert self._conn is not None
        there = materials_for(self._conn, ctx, self._row["case_id"], key)
        duty = dossier_duties.upon_filing(ctx, key, {*there, self._filing.material})
        duties = paper_duties.allowed(self._conn, self._bureau, self._actor, ctx, [duty])
        made, notes = dossier_duties.facts_or_notes(ctx, view, duties)
        self._notes = [*(paper_duties.notes_of(ctx, duties) if made else ()), *notes]
        return made

    def write(self, conn: Connection, record: Recorder, _new: Sequence[Fact]) -> None:
        """Write the rows of the files, of the item and of its version."""
        if self._taken is not None:
            enter_rows(conn, record, self._bureau, self._actor, self._taken.rows)
        self._id = write_item(record, self._row, self._taken)
        if self._also is not None:
            self._also(conn, record, self._id)


def _pages(filing: Filing, taken: Taken | None) -> int:
    if filing.medium is Medium.PAPER:
        return filing.paper_pages
    return taken.pages if taken is not None else 0


# ------------------------------------------------------------------------------------- changes


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be corrected about a filed thing; ``None`` leaves it as it is.

    ``before`` is the item in front of which it shall stand under the same item of the catalogue,
    0 for the end.
    """

    name: str | None = None
    number: str | None = None
    side: str | None = None
    place: int | None = None
    thing_on: date | None = None
    before: int | None = None


def replace_item(
    bureau: Bureau,
    actor: Actor,
    item_id: int,
    taken: Taken | None,
    reason: str,
    *,
    version: int,
    paper_pages: int = 0,
    medium: Medium | None = None,
    also: Also | None = None,
) -> Filed:
    """Give a thing a new version: the signed scan of an unsigned paper, a better picture.

    ``medium`` says where its pages are from now on: the signed paper itself is bound, it is not
    printed again; ``None`` leaves it.  The versions before stay.  Raises ``NotAllowedError``,
    :class:`InputRefusedError` without a reason, ``StaleEditError`` with both versions,
    ``RuleRefusedError`` for a thing taken out.
    """
    with bureau.database.writing() as conn:
        before, case = locked_item(conn, item_id)
        permit(conn, bureau, actor, "dossier.file", case=case["id"], key=_key_of(before))
        must_give_reason(reason, "更换材料应当写明具体理由")
        refuse_stale(conn, before, version)
        refuse_withdrawn(before, "更换")
        with recorder(conn, bureau, actor, "dossier.file", case["id"]) as record:
            if taken is not None:
                enter_rows(conn, record, bureau, actor, taken.rows)
            after = write_version(
                conn, record, bureau, actor, before, taken, reason.strip(), paper_pages, medium
            )
            if also is not None:
                also(conn, record, item_id)
        (line,) = item_lines(bureau, conn, case, [after])
        return Filed(line)


def _key_of(row: Row) -> Key | None:
    return Key(row["node"], row["subject"]) if row["node"] is not None else None


def change_item(
    bureau: Bureau, actor: Actor, item_id: int, change: Change, *, version: int
) -> Filed:
    """Correct what is said about a thing: its name, its number, its place in the catalogue.

    Raises ``NotAllowedError``, :class:`InputRefusedError`, ``StaleEditError`` with both versions.
    """
    with bureau.database.writing() as conn:
        before, case = locked_item(conn, item_id)
        permit(conn, bureau, actor, "dossier.arrange", case=case["id"])
        refuse_stale(conn, before, version)
        refuse_withdrawn(before, "改动")
        after = {**before, "version": version + 1}
        for name in ("name", "number", "side", "place", "thing_on"):
            wanted = getattr(change, name)
            if wanted is not None:
                after[name] = wanted.strip() if isinstance(wanted, str) else wanted
        filing = Filing(after["name"], side=after["side"], place=after["place"])
        problems = filing_problems(bureau, case, None, filing)
        if problems:
            listed = "；".join(problem.sentence.rstrip("。") for problem in problems)
            raise InputRefusedError(f"没有改动，有{len(problems)}处需要补正：{listed}。", problems)
        moved = (after["side"], after["place"]) != (before["side"], before["place"])
        if moved or change.before is not None:
            after["position"] = next_position(conn, case["id"], after["side"], after["place"])
        with recorder(conn, bureau, actor, "dossier.arrange", case["id"]) as record:
            record.update(dossier_items, {"id": item_id}, before, after)
            if change.before:
                _push_back(conn, record, before, after, change.before)
        (line,) = item_lines(bureau, conn, case, [item_row(conn, item_id)])
        return Filed(line)


def _push_back(conn: Connection, record: Recorder, old: Row, after: Row, before: int) -> None:
    """Put those that shall follow it behind it, in the order that they had."""
    rows = ask(
        conn,
        "SELECT id FROM dossier_items WHERE case_id = ? AND side = ? AND place = ? AND id <> ? "
        "ORDER BY position, id",
        (after["case_id"], after["side"], after["place"], old["id"]),
    )
    numbers = [number for (number,) in rows]
    if before not in numbers:
        raise InputRefusedError(
            "没有改动顺序：选定的位置已经不在这一目录项中，请刷新后再试。",
            [Problem("顺序", "请刷新后再试")],
        )
    for place, number in enumerate(numbers[numbers.index(before) :], start=1):
        row = item_row(conn, number)
        moved = {**row, "position": after["position"] + place, "version": row["version"] + 1}
        record.update(dossier_items, {"id": number}, row, moved)


def withdraw_item(
    bureau: Bureau, actor: Actor, item_id: int, reason: str, *, version: int
) -> Filed:
    """Take a thing out of the dossier with a reason; it stays to be seen, with its files.

    Raises as :func:`replace_item`.
    """
    with bureau.database.writing() as conn:
        before, case = locked_item(conn, item_id)
        permit(conn, bureau, actor, "dossier.withdraw", case=case["id"])
        must_give_reason(reason, "撤出材料应当写明具体理由")
        refuse_stale(conn, before, version)
        refuse_withdrawn(before, "撤出")
        after = {
            **before,
            "state": WITHDRAWN,
            "withdrawn_by": actor.name,
            "withdrawn_at": bureau.database.now(conn),
            "reason": reason.strip(),
            "version": version + 1,
        }
        with recorder(conn, bureau, actor, "dossier.withdraw", case["id"]) as record:
            record.update(dossier_items, {"id": item_id}, before, after)
        (line,) = item_lines(bureau, conn, case, [after])
        return Filed(line)


def _line_of(bureau: Bureau, case_id: int, item_id: int) -> Any:
    with bureau.database.reading() as conn:
        case = case_store.find_case(conn, case_id)
        (line,) = item_lines(bureau, conn, case, [item_row(conn, item_id)])
    return line
