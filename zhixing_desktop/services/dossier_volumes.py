"""The volumes of a dossier on paper: as they are planned, as they were printed, bound."""

from __future__ import annotations

from dataclasses import dataclass

from zhixing_desktop.dossier.volume import (
    Numbering,
    Offer,
    VolumePlan,
    numbering_offers,
)
from zhixing_desktop.models.dossier_tables import dossier_volumes
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_front import volume_title
from zhixing_desktop.services.dossier_types import (
    SIDES,
)
from zhixing_desktop.services.dossier_volume_rows import (
    BOUND,
    kept_volume,
    layout_of,
    open_side,
    planned,
    printed_plans,
    refuse_stale_volume,
    volume_items,
    volume_rows,
)
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recording import recorder
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

_PRINT = "dossier.print"
Way = Numbering
"""How new pages are numbered, for those who may not look into the dossier package."""


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


def volumes(bureau: Bureau, actor: Actor, case: str | int, side: str) -> tuple[VolumeLine, ...]:
    """Return the volumes of a side: as printed where they are, new things at the end.

    Raises ``NotAllowedError`` as ``dossier.dossier`` and for a 副卷 that he may not see.
    """
    with bureau.database.reading() as conn:
        row = open_side(conn, bureau, actor, case, side)
        found = planned(conn, bureau, row, side, Numbering.APPEND)
        known = {r["number"]: r for r in volume_rows(conn, row["id"], side)}
    return tuple(volume_line(side, plan, known.get(plan.number), len(found)) for plan in found)


def ways(bureau: Bureau, actor: Actor, case: str | int, side: str) -> tuple[Offer, ...]:
    """Return how what is new can be numbered, each way with what it costs; raises as above."""
    with bureau.database.reading() as conn:
        row = open_side(conn, bureau, actor, case, side)
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
        refuse_stale_volume(row, version)
        after = {
            **row,
            "state": BOUND,
            "bound_by": actor.name,
            "bound_at": bureau.database.now(conn),
            "version": version + 1,
        }
        with recorder(conn, bureau, actor, "dossier.bind", found["id"]) as record:
            record.update(dossier_volumes, {"id": row["id"]}, row, after)


def volume_line(side: str, plan: VolumePlan, row: Row | None, count: int) -> VolumeLine:
    on_paper = {tuple(page) for page in row["layout"]} if row is not None else set()
    added = sum(tuple(layout_of(page)) not in on_paper for page in plan.pages)
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
