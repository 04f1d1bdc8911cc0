"""What somebody wants to take in, and for what: handed from window to window."""

from __future__ import annotations

from dataclasses import dataclass

from zhixing_desktop.services.dossier_types import ItemLine, Piece
from zhixing_desktop.workflow.views import Key


@dataclass(frozen=True, slots=True)
class Wish:
    """``pieces``: the files that were brought already.

    ``key`` and ``material``: the duty they are brought for; ``side`` and ``place``: the item of the
    catalogue they were dropped on; ``replaced``: the thing that gets a new version; ``on_paper``:
    there are no files, the thing is on paper only.
    """

    pieces: tuple[Piece, ...] = ()
    key: Key | None = None
    material: str = ""
    side: str | None = None
    place: int | None = None
    replaced: ItemLine | None = None
    on_paper: bool = False
