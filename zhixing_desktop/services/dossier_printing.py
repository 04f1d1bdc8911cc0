"""A volume on its way to the printer: prepared as one file, recorded before it is printed.

What was printed last is remembered page by page, so that only what is new need be printed, and so
that a scan of the volume can be held against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection

from zhixing_desktop.dossier.volume import (
    Numbering,
    PrintPlan,
    VolumePlan,
    print_plan,
)
from zhixing_desktop.models.dossier_tables import dossier_prints, dossier_volumes
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_front import FrontMatter, front_matter, volume_title
from zhixing_desktop.services.dossier_front_changes import (
    changed_front,
    other_covers,
    reprinted,
)
from zhixing_desktop.services.dossier_sheets import (
    Cancelled,
    Progress,
    Sheets,
    keep_front,
    pages_in,
    stamp_corners,
)
from zhixing_desktop.services.dossier_store import enter_rows
from zhixing_desktop.services.dossier_types import MAIN, SIDE, SIDES
from zhixing_desktop.services.dossier_volume_rows import (
    OPEN,
    filed_lines,
    kept_volume,
    layout_of,
    open_side,
    planned,
    printed_plans,
    volume_rows,
)
from zhixing_desktop.services.dossier_volumes import VolumeLine, volume_line
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StaleEditError, StoreError

_PRINT = "dossier.print"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A volume, or what is new in it, ready for the printer: nothing is recorded yet."""

    case_id: int
    side: str
    volume: VolumePlan
    kind: str
    path: Path
    plan: PrintPlan
    pages: int
    seen: Mapping[int, int]
    front: FrontMatter = field(repr=False)
    duplex: bool


def prepare(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    side: str,
    number: int,
    out: Path,
    *,
    way: Numbering = Numbering.RENUMBER,
    only_added: bool = False,
    duplex: bool | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Prepared:
    """Write a volume as it goes to the printer: stamped, numbered, with cover and closing note.

    With ``only_added`` just the sheets that differ from what is on paper.  ``duplex`` is the
    court's setting where it is not said.  Takes seconds: not for the window's thread.  Raises
    ``NotAllowedError``, :class:`InputRefusedError` (no such volume; nothing new), ``StoreError``,
    ``AssemblyCancelledError``.
    """
    with bureau.database.reading() as conn:
        row = open_side(conn, bureau, actor, case, side)
        permit(conn, bureau, actor, _PRINT, case=row["id"])
        court = read_settings(conn)
        both = court.dossier.printing == "duplex" if duplex is None else duplex
        found = planned(conn, bureau, row, side, way)
        printed = {plan.number: plan for plan in printed_plans(conn, row["id"], side)}
        lines = {line.id: line for line in filed_lines(bureau, conn, row, side)}
        corners = stamp_corners(conn, row["id"])
        other = SIDE if side == MAIN else MAIN
        whole = {side: found, other: planned(conn, bureau, row, other, Numbering.APPEND)}
        fronts = {
            (one, kept["number"]): kept["front"]
            for one in SIDES
            for kept in volume_rows(conn, row["id"], one)
        }
    volume = next((plan for plan in found if plan.number == number), None)
    if volume is None:
        raise InputRefusedError(f"{SIDES[side]}没有第{number}册。", [Problem("册次", "请核对册次")])
    case_no, name = row["case_no"], court.court.name
    front = front_matter(bureau, actor, row["id"], case_no, name, side, volume, whole)
    before = printed.get(number)
    since = frozenset(before.pages) if only_added and before is not None else None
    plan = print_plan(
        volume,
        since,
        duplex=both,
        catalogue_pages=pages_in(front.catalogue),
        note_pages=pages_in(front.closing_note),
        front=changed_front(bureau, fronts[side, number], front) if since is not None else None,
    )
    others = other_covers(bureau, actor, row["id"], whole, fronts, (side, number))
    plan = replace(plan, steps=(*plan.steps, *others))
    if since is not None and not plan.sheets:
        raise InputRefusedError(
            f"{volume_title(side, number, len(found))}没有新增或者变动的页面，不需要补印。",
            [Problem("打印", "没有新增的页面")],
        )
    made = Sheets(bureau, row, side, lines, corners, front)
    pages = made.write(out, plan, progress, cancelled)
    kind = "added" if since is not None else "volume"
    seen = {line.id: line.version for line in lines.values()}
    return Prepared(row["id"], side, volume, kind, out, plan, pages, seen, front, both)


def record_print(
    bureau: Bureau, actor: Actor, prepared: Prepared, *, printer: str = "", copies: int = 1
) -> VolumeLine:
    """Record that a prepared volume is printed, before it goes to the printer.

    From now on this is what the paper volume is held against.  Raises ``StaleEditError`` where the
    dossier was changed since it was prepared, ``NotAllowedError``, ``StoreError``.
    """
    number, side = prepared.volume.number, prepared.side
    kept = keep_front(bureau, prepared.front)
    with bureau.database.writing() as conn:
        case = case_store.find_case(conn, prepared.case_id, lock=True)
        permit(conn, bureau, actor, _PRINT, case=case["id"])
        now = {line.id: line.version for line in filed_lines(bureau, conn, case, side)}
        if now != dict(prepared.seen):
            raise StaleEditError(
                "准备打印以后，卷宗又有材料入卷或者变动，没有打印。请重新打开预览，核对后再打印。",
                data={"kind": "stale", "yours": dict(prepared.seen), "theirs": now},
            )
        layout = [layout_of(page) for page in prepared.volume.pages]
        printed = Printed(case["id"], side, number, prepared.kind, layout, printer, copies)
        with recorder(conn, bureau, actor, _PRINT, case["id"]) as record:
            enter_print(conn, record, bureau, actor, printed)
            enter_rows(conn, record, bureau, actor, tuple(kept.values()))
            front = {name: one.digest for name, one in kept.items()}
            row = _enter_volume(conn, record, actor, prepared, layout, front)
        count = len(planned(conn, bureau, case, side, Numbering.APPEND))
    return volume_line(side, prepared.volume, row, count)


def _enter_volume(
    conn: Connection,
    record: Recorder,
    actor: Actor,
    prepared: Prepared,
    layout: Sequence[Sequence[int]],
    front: Mapping[str, str],
) -> Row:
    """Write what the paper volume is from now on; return its row."""
    row = kept_volume(conn, prepared.case_id, prepared.side, prepared.volume.number)
    if row is not None and prepared.kind == "added":
        # What is not printed anew stays in the volume as it is.
        front = {**front, **row["front"], **reprinted(prepared.plan, front)}
    fresh = {"layout": layout, "front": front, "duplex": prepared.duplex, "pages": len(layout)}
    if row is not None:
        after = {**row, **fresh, "version": row["version"] + 1}
        record.update(dossier_volumes, {"id": row["id"]}, row, after)
        return after
    made = {
        "id": record.new_id(dossier_volumes),
        "case_id": prepared.case_id,
        "side": prepared.side,
        "number": prepared.volume.number,
        "state": OPEN,
        "holder": actor.name,
        "place": "",
        "due_on": None,
        "bound_by": None,
        "bound_at": None,
        "version": 1,
        **fresh,
    }
    record.insert(dossier_volumes, made)
    return made


@dataclass(frozen=True, slots=True)
class Printed:
    """Something of a volume that goes to a printer: ``kind`` and ``layout`` as in its row."""

    case_id: int
    side: str
    volume: int
    kind: str
    layout: Sequence[Sequence[int]]
    printer: str = ""
    copies: int = 1


def enter_print(
    conn: Connection, record: Recorder, bureau: Bureau, actor: Actor, printed: Printed
) -> None:
    """Write the row of a print within somebody's step."""
    row = {
        "id": record.new_id(dossier_prints),
        "case_id": printed.case_id,
        "side": printed.side,
        "volume": printed.volume,
        "kind": printed.kind,
        "pages": printed.layout,
        "printer": printed.printer,
        "copies": printed.copies,
        "who": actor.name,
        "at": bureau.database.now(conn),
    }
    record.insert(dossier_prints, row)


def prepared_pages(prepared: Prepared) -> FilePages:
    """Return what was prepared as pages to look at; ``StoreError`` where its file is gone."""
    try:
        data = prepared.path.read_bytes()
    except OSError as error:
        raise StoreError(
            "准备好的打印文件已经不在了，请重新打开预览。", data={"kind": "unreadable"}
        ) from error
    return FilePages(prepared.path.name, PDF, prepared.pages, data)
