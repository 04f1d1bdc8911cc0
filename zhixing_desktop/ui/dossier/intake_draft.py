"""What lies on the desk as data that is kept, so that a crash loses nothing; and back again."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from zhixing_desktop.services.dossier_types import Filing, Medium, Origin, Piece
from zhixing_desktop.ui.dossier.stack import Leaf
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.workflow.views import Key

INTAKE, _REPLACE = "dossier/intake", "dossier/replace"
_LARGEST = 2 * 1024 * 1024
_ALL = 12 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """What was on the desk: the files, whence each was made, the pages, what was said, why."""

    pieces: tuple[Piece, ...]
    made_of: Mapping[int, int]
    leaves: tuple[Leaf, ...]
    filings: Mapping[int, Filing]
    by_hand: frozenset[int]
    reason: str = ""
    made_page: Mapping[int, int] = field(default_factory=dict)


def place_of(wish: Wish) -> Key:
    """Return where the draft of a dialog is kept beside its case: each wish has its own.

    By what the files are for (a duty, an item of the catalogue, a thing that is replaced, paper
    alone), not by the files: so that no entry overwrites another, and the same wish finds its own.
    """
    if wish.replaced is not None:
        return Key(0, f"{_REPLACE}/{wish.replaced.id}")
    parts = [INTAKE]
    if wish.on_paper:
        parts.append("paper")
    if wish.key is not None:
        # A sharp would be taken for the number of an occurrence.
        duty = f"{wish.key.node}@{wish.key.subject}/{wish.material}"
        parts.append(f"for/{duty.replace('#', '~')}")
    if wish.place is not None:
        parts.append(f"at/{wish.side}/{wish.place}")
    return Key(0, "/".join(parts))


def to_body(kept: Kept) -> dict[str, Any]:
    """Return it as JSON can hold it.

    Files on the disk are kept by their place, pictures that were pasted or made with their bytes,
    up to a few megabytes; a larger one is left out, with its pages.
    """
    room = _ALL
    sources: list[dict[str, Any] | None] = []
    for piece in kept.pieces:
        content = piece.content
        if isinstance(content, Path):
            sources.append({"name": piece.name, "path": str(content)})
        elif len(content) <= min(_LARGEST, room):
            room -= len(content)
            sources.append({"name": piece.name, "data": b64encode(content).decode()})
        else:
            sources.append(None)
    return {
        "sources": sources,
        "made_of": [[one, of, kept.made_page.get(one, 0)] for one, of in kept.made_of.items()],
        "leaves": [[x.source, x.page, x.thing, x.turn, x.out] for x in kept.leaves],
        "things": [[n, *filing_to_body(f), n in kept.by_hand] for n, f in kept.filings.items()],
        "reason": kept.reason,
    }


def from_body(body: Mapping[str, Any]) -> Kept:
    """Return what was kept; files that are gone are left out, with their pages."""
    pieces: list[Piece] = []
    places: dict[int, int] = {}
    for number, source in enumerate(body.get("sources", ())):
        piece = _piece(source)
        if piece is not None:
            places[number] = len(pieces)
            pieces.append(piece)
    made_of = {
        places[one]: places[of]
        for one, of, *_ in body.get("made_of", ())
        if one in places and of in places
    }
    made_page = {places[one]: page for one, _, page in body.get("made_of", ()) if one in places}
    leaves = tuple(
        Leaf(places.get(source, source), page, thing, turn, out)
        for source, page, thing, turn, out in body.get("leaves", ())
        if source in places or source < 0
    )
    said = [entry for entry in body.get("things", ()) if any(x.thing == entry[0] for x in leaves)]
    return Kept(
        tuple(pieces),
        made_of,
        leaves,
        {entry[0]: filing_from_body(entry[1:-1]) for entry in said},
        frozenset(entry[0] for entry in said if entry[-1]),
        str(body.get("reason", "")),
        made_page,
    )


def _piece(source: Mapping[str, Any] | None) -> Piece | None:
    if source is None:
        return None
    if "path" in source:
        path = Path(source["path"])
        return Piece(source["name"], path) if path.is_file() else None
    return Piece(source["name"], b64decode(source["data"]))


def filing_to_body(filing: Filing) -> Sequence[Any]:
    """Return what is said of a thing as JSON can hold it."""
    return (
        filing.name,
        [filing.key.node, filing.key.subject] if filing.key is not None else None,
        filing.work_item,
        filing.material,
        filing.place,
        filing.side,
        filing.number,
        filing.origin.value,
        filing.medium.value,
        filing.thing_on.isoformat() if filing.thing_on is not None else None,
        filing.paper_pages,
    )


def filing_from_body(said: Sequence[Any]) -> Filing:
    """Return it from there."""
    name, key, item, material, place, side, number, origin, medium, day, pages = said
    return Filing(
        name,
        Key(key[0], key[1]) if key else None,
        item,
        material,
        place,
        side,
        number,
        Origin(origin),
        Medium(medium),
        date.fromisoformat(day) if day else None,
        pages,
    )
