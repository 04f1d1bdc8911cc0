"""Which of cover, catalogue and closing note say something else than what lies in the volumes.

What counts is the words: a sheet that was only drawn on another day is not printed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhixing_desktop.dossier.volume import Numbering, VolumePlan
from zhixing_desktop.dossier.volume_sheets import PrintPlan, SideKind, Step, StepKind
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_front import FrontMatter, cover_sheet, front_matter
from zhixing_desktop.services.dossier_types import SIDES
from zhixing_desktop.services.dossier_volume_rows import open_side, planned, volume_rows
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import StoreError

_SHEETS = {
    SideKind.COVER: "封面",
    SideKind.CATALOGUE: "卷内目录",
    SideKind.CLOSING_NOTE: "备考表",
}
Kept = Mapping[tuple[str, int], Mapping[str, str]]
"""By side and number of a volume: the digests of its cover, catalogue and closing note."""


def changed_front(
    bureau: Bureau, kept: Mapping[str, str], front: FrontMatter
) -> frozenset[SideKind]:
    """Return those whose words differ from what was printed last.

    ``kept`` are the digests of what was printed; one whose file is gone counts as changed.
    """
    drawn = {
        SideKind.COVER: front.cover,
        SideKind.CATALOGUE: front.catalogue,
        SideKind.CLOSING_NOTE: front.closing_note,
    }
    return frozenset(
        kind for kind, data in drawn.items() if not _same(bureau, kept.get(kind.value, ""), data)
    )


def other_covers(
    bureau: Bureau,
    actor: Actor,
    case_id: int,
    volumes: Mapping[str, Sequence[VolumePlan]],
    kept: Kept,
    but: tuple[str, int],
) -> Iterator[Step]:
    """Yield a step for every other printed volume whose cover says another extent by now.

    ``volumes`` are all of the case by their side, ``but`` the one that is being printed.  Raises as
    ``dossier_front.front_matter``.
    """
    for side, plans in volumes.items():
        for plan in plans:
            digests = kept.get((side, plan.number))
            if digests is None or (side, plan.number) == but:
                continue
            cover = cover_sheet(bureau, actor, case_id, side, plan, volumes)
            if not _same(bureau, digests.get(SideKind.COVER.value, ""), cover):
                words = (
                    f"{SIDES[side]}第{plan.number}册的封面、备考表也变了（册数、页数），"
                    "请另选这一册，只补印变动的页，换下原来的。"
                )
                yield Step(StepKind.OTHER_VOLUME, words)


@dataclass(frozen=True, slots=True)
class ChangedFront:
    """What of a printed volume says something else by now: ``sheets`` are court words (封面)."""

    number: int
    sheets: tuple[str, ...]


def changed_fronts(
    bureau: Bureau, actor: Actor, case: str | int, side: str
) -> tuple[ChangedFront, ...]:
    """Return the printed volumes of a side whose cover, catalogue or closing note have changed.

    They are drawn to be compared, so it takes a moment: not for the window's thread.  Raises
    ``NotAllowedError`` (also for who may not print volumes), and as ``dossier_front.front_matter``.
    """
    with bureau.database.reading() as conn:
        row = open_side(conn, bureau, actor, case, side)
        permit(conn, bureau, actor, "dossier.print", case=row["id"])
        kept = {one["number"]: one["front"] for one in volume_rows(conn, row["id"], side)}
        whole = {one: planned(conn, bureau, row, one, Numbering.APPEND) for one in SIDES}
        court = read_settings(conn).court.name
    found = []
    for plan in whole[side]:
        if plan.number not in kept or not plan.pages:
            continue
        front = front_matter(bureau, actor, row["id"], row["case_no"], court, side, plan, whole)
        changed = changed_front(bureau, kept[plan.number], front)
        if changed:
            words = tuple(name for kind, name in _SHEETS.items() if kind in changed)
            found.append(ChangedFront(plan.number, words))
    return tuple(found)


def reprinted(plan: PrintPlan, front: Mapping[str, str]) -> dict[str, str]:
    """Return the digests of those of cover, catalogue and closing note that a plan prints."""
    kinds = {side.kind.value for side in plan.sides}
    return {name: digest for name, digest in front.items() if name in kinds}


def _same(bureau: Bureau, digest: str, data: bytes) -> bool:
    from zhixing_desktop.dossier.pdf_pages import page_texts

    if not digest:
        return False
    try:
        before = file_folder.fetch(files_folder(bureau), digest, PDF)
    except StoreError:
        return False
    return before == data or page_texts(before) == page_texts(data)
