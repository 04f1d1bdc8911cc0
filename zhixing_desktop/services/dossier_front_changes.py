"""Which of cover, catalogue and closing note say something else than what lies in the volumes.

What counts is the words: a sheet that was only drawn on another day is not printed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from zhixing_desktop.dossier.volume import VolumePlan
from zhixing_desktop.dossier.volume_sheets import PrintPlan, SideKind, Step, StepKind
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_front import FrontMatter, cover_sheet
from zhixing_desktop.services.dossier_types import SIDES
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.workflow.errors import StoreError

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
