"""The volumes of a dossier on paper: planned, printed, recorded, bound.

What was printed last is remembered page by page, so that only what is new need be printed, and so
that a scan of the volume can be held against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from zhixing_desktop.dossier.volume import (
    Numbering,
    Offer,
    PageNumber,
    PlannedPage,
    PrintPlan,
    VolumeItem,
    VolumePlan,
    numbering_offers,
    plan_volumes,
    print_plan,
    replan,
)
from zhixing_desktop.models.dossier_tables import dossier_prints, dossier_volumes
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_filing import recorder
from zhixing_desktop.services.dossier_front import FrontMatter, front_matter, volume_title
from zhixing_desktop.services.dossier_rows import case_items, item_lines
from zhixing_desktop.services.dossier_sheets import (
    Cancelled,
    Progress,
    Sheets,
    keep_front,
    pages_in,
    stamp_corners,
)
from zhixing_desktop.services.dossier_store import enter_rows
from zhixing_desktop.services.dossier_types import (
    FILED,
    MAIN,
    SIDE,
    SIDES,
    ItemLine,
    Medium,
)
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.services.papers import see_whole
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StaleEditError, StoreError

OPEN, BOUND = "open", "bound"
Way = Numbering
"""How new pages are numbered, for those who may not look into the dossier package."""
_UNPLACED_LAST = 1000
_PRINT = "dossier.print"


@dataclass(frozen=True, slots=True)
class VolumeLine:
    """A volume as it is planned now and as it is on paper.

    ``state``: ``open`` or ``bound``, empty while it was never printed; ``added`` counts the pages
    that are not on paper as they are now; ``holder`` has the paper.
    """

    side: str
    number: int
    title: str
    plan: VolumePlan
    state: str
    added: int
    holder: str
    place: str
    version: int


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


def volumes(bureau: Bureau, actor: Actor, case: str | int, side: str) -> tuple[VolumeLine, ...]:
    """Return the volumes of a side: as printed where they are, new things at the end.

    Raises ``NotAllowedError`` as ``dossier.dossier`` and for a 副卷 that he may not see.
    """
    with bureau.database.reading() as conn:
        row = _open(conn, bureau, actor, case, side)
        found = _planned(conn, bureau, row, side, Numbering.APPEND)
        known = {r["number"]: r for r in volume_rows(conn, row["id"], side)}
    return tuple(_line(side, plan, known.get(plan.number), len(found)) for plan in found)


def ways(bureau: Bureau, actor: Actor, case: str | int, side: str) -> tuple[Offer, ...]:
    """Return how what is new can be numbered, each way with what it costs; raises as above."""
    with bureau.database.reading() as conn:
        row = _open(conn, bureau, actor, case, side)
        settings = read_settings(conn).dossier
        printed = printed_plans(conn, row["id"], side)
        items = volume_items(bureau, conn, row, side)
    return numbering_offers(
        items, printed, settings.volume_pages, duplex=settings.printing == "duplex"
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """A way to number what is new, for a window: ``way`` is its name, ``sentence`` its cost."""

    way: str
    numbering: Numbering
    sentence: str
    default: bool


def offers(bureau: Bureau, actor: Actor, case: str | int, side: str) -> tuple[Offered, ...]:
    """Return :func:`ways` for a window; raises as it does."""
    return tuple(
        Offered(one.way.value, one.way, one.sentence, one.default)
        for one in ways(bureau, actor, case, side)
    )


def prints_duplex(bureau: Bureau) -> bool:
    """Tell whether the court prints its volumes on both sides."""
    with bureau.database.reading() as conn:
        return read_settings(conn).dossier.printing == "duplex"


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
        row = _open(conn, bureau, actor, case, side)
        permit(conn, bureau, actor, _PRINT, case=row["id"])
        court = read_settings(conn)
        both = court.dossier.printing == "duplex" if duplex is None else duplex
        found = _planned(conn, bureau, row, side, way)
        printed = {plan.number: plan for plan in printed_plans(conn, row["id"], side)}
        lines = {line.id: line for line in _lines(bureau, conn, row, side)}
        corners = stamp_corners(conn, row["id"])
        other = SIDE if side == MAIN else MAIN
        whole = {side: found, other: _planned(conn, bureau, row, other, Numbering.APPEND)}
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
    )
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
        now = {line.id: line.version for line in _lines(bureau, conn, case, side)}
        if now != dict(prepared.seen):
            raise StaleEditError(
                "准备打印以后，卷宗又有材料入卷或者变动，没有打印。请重新打开预览，核对后再打印。",
                data={"kind": "stale", "yours": dict(prepared.seen), "theirs": now},
            )
        layout = [_numbers(page) for page in prepared.volume.pages]
        moment = bureau.database.now(conn)
        with recorder(conn, bureau, actor, _PRINT, case["id"]) as record:
            record.insert(
                dossier_prints,
                {
                    "id": record.new_id(dossier_prints),
                    "case_id": case["id"],
                    "side": side,
                    "volume": number,
                    "kind": prepared.kind,
                    "pages": layout,
                    "printer": printer,
                    "copies": copies,
                    "who": actor.name,
                    "at": moment,
                },
            )
            row = kept_volume(conn, case["id"], side, number)
            enter_rows(conn, record, bureau, actor, tuple(kept.values()))
            front = {name: one.digest for name, one in kept.items()}
            if row is not None and prepared.kind == "added":
                # Cover and closing note stay as they are in the volume.
                front = {**front, **row["front"], "catalogue": front["catalogue"]}
            fresh = {
                "layout": layout,
                "front": front,
                "duplex": prepared.duplex,
                "pages": len(layout),
            }
            if row is None:
                row = {
                    "id": record.new_id(dossier_volumes),
                    "case_id": case["id"],
                    "side": side,
                    "number": number,
                    "state": OPEN,
                    "holder": actor.name,
                    "place": "",
                    "due_on": None,
                    "bound_by": None,
                    "bound_at": None,
                    "version": 1,
                    **fresh,
                }
                record.insert(dossier_volumes, row)
            else:
                after = {**row, **fresh, "version": row["version"] + 1}
                record.update(dossier_volumes, {"id": row["id"]}, row, after)
                row = after
        count = len(_planned(conn, bureau, case, side, Numbering.APPEND))
    return _line(side, prepared.volume, row, count)


def bind(
    bureau: Bureau, actor: Actor, case: str | int, side: str, number: int, *, version: int
) -> None:
    """Record that a paper volume is bound: its numbers stay from now on.

    Raises :class:`InputRefusedError` for a volume that was never printed, ``StaleEditError``,
    ``NotAllowedError``.
    """
    with bureau.database.writing() as conn:
        found = case_store.find_case(conn, case, lock=True)
        permit(conn, bureau, actor, _PRINT, case=found["id"])
        row = kept_volume(conn, found["id"], side, number)
        if row is None:
            raise InputRefusedError(
                f"{SIDES[side]}第{number}册还没有打印过，不能登记装订。",
                [Problem("装订", "请先打印")],
            )
        if row["version"] != version:
            raise StaleEditError(
                "这一册刚刚被别人改动过，没有登记，请刷新后再办。",
                data={"kind": "stale", "yours": version, "theirs": row["version"]},
            )
        after = {
            **row,
            "state": BOUND,
            "bound_by": actor.name,
            "bound_at": bureau.database.now(conn),
            "version": version + 1,
        }
        with recorder(conn, bureau, actor, "dossier.bind", found["id"]) as record:
            record.update(dossier_volumes, {"id": row["id"]}, row, after)


# ------------------------------------------------------------------------------------- the parts


def volume_rows(conn: Connection, case_id: int, side: str) -> list[Row]:
    """Return the rows of a case's paper volumes of a side, in order."""
    rows = rows_where(conn, dossier_volumes, "case_id", case_id, order="number")
    return [row for row in rows if row["side"] == side]


def kept_volume(conn: Connection, case_id: int, side: str, number: int) -> Row | None:
    """Return the row of a paper volume, ``None`` while it was never printed."""
    found = [row for row in volume_rows(conn, case_id, side) if row["number"] == number]
    return found[0] if found else None


def printed_plans(conn: Connection, case_id: int, side: str) -> tuple[VolumePlan, ...]:
    """Return the volumes as they were printed last, their pages in order."""
    media = dict(
        map(tuple, ask(conn, "SELECT id, medium FROM dossier_items WHERE case_id = ?", (case_id,)))
    )
    return tuple(
        VolumePlan(
            number=row["number"],
            pages=tuple(
                PlannedPage(
                    row["number"], PageNumber(page, insert), item, version, place,
                    media.get(item) == Medium.PAPER, media.get(item) == Medium.ORIGINAL,
                )
                for page, insert, item, version, place in row["layout"]
            ),
            lines=(),
            bound=row["state"] == BOUND,
        )
        for row in volume_rows(conn, case_id, side)
    )  # fmt: skip


def _numbers(page: PlannedPage) -> list[int]:
    return [page.number.page, page.number.insert, page.item_id, page.version, page.item_page]


def _open(conn: Connection, bureau: Bureau, actor: Actor, case: str | int, side: str) -> Row:
    row = case_store.find_case(conn, case)
    see_whole(conn, bureau, actor, row["id"])
    if side == SIDE:
        permit(conn, bureau, actor, "dossier.side", case=row["id"])
    return row


def _lines(bureau: Bureau, conn: Connection, case: Row, side: str) -> list[ItemLine]:
    rows = [r for r in case_items(conn, case["id"]) if r["side"] == side and r["state"] == FILED]
    return list(item_lines(bureau, conn, case, rows))


def volume_items(bureau: Bureau, conn: Connection, case: Row, side: str) -> tuple[VolumeItem, ...]:
    """Return what is to be bound, in the order of the catalogue; what has no place comes last."""
    return tuple(
        VolumeItem(
            item_id=line.id,
            title=line.name,
            catalogue_number=line.place or _UNPLACED_LAST,
            pages=0 if line.medium is Medium.ELECTRONIC else line.pages,
            on_paper_only=line.medium is Medium.PAPER,
            version=line.current,
            document_number=line.number,
            day=line.thing_on,
            remark="见光盘或者电子卷宗" if line.medium is Medium.ELECTRONIC else "",
            original=line.medium is Medium.ORIGINAL,
        )
        for line in _lines(bureau, conn, case, side)
    )


def _planned(
    conn: Connection, bureau: Bureau, case: Row, side: str, way: Numbering
) -> tuple[VolumePlan, ...]:
    items = volume_items(bureau, conn, case, side)
    most = read_settings(conn).dossier.volume_pages
    printed = printed_plans(conn, case["id"], side)
    return replan(items, printed, way, most) if printed else plan_volumes(items, most)


def _line(side: str, plan: VolumePlan, row: Row | None, count: int) -> VolumeLine:
    on_paper = {tuple(page) for page in row["layout"]} if row is not None else set()
    added = sum(tuple(_numbers(page)) not in on_paper for page in plan.pages)
    return VolumeLine(
        side=side,
        number=plan.number,
        title=volume_title(side, plan.number, count),
        plan=plan,
        state=row["state"] if row is not None else "",
        added=added,
        holder=row["holder"] if row is not None else "",
        place=row["place"] if row is not None else "",
        version=row["version"] if row is not None else 0,
    )


def prepared_pages(prepared: Prepared) -> FilePages:
    """Return what was prepared as pages to look at; ``StoreError`` where its file is gone."""
    try:
        data = prepared.path.read_bytes()
    except OSError as error:
        raise StoreError(
            "准备好的打印文件已经不在了，请重新打开预览。", data={"kind": "unreadable"}
        ) from error
    return FilePages(prepared.path.name, PDF, prepared.pages, data)
