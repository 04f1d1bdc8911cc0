"""What was half done in the tray: remembered from scan to scan, and kept for after a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from zhixing_desktop.services import drafts
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.drafts import Draft
from zhixing_desktop.services.node_saving import Place
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.intake_draft import filing_from_body, filing_to_body
from zhixing_desktop.ui.dossier.tray_desk import Arrangement, KeptPage
from zhixing_desktop.ui.forms.draft_keeper import DraftKeeper
from zhixing_desktop.workflow.views import Key

_NO_CASE = 0
_PLACE = Key(0, "dossier/tray")
_MOST = 40
"""Arrangements that are kept; the oldest goes first."""


class TrayMemory(QObject):
    """By where the scans lie (``tray_desk.place_of``); of one person."""

    def __init__(self, bureau: Bureau, bridge: Bridge, actor: Actor, parent: QObject) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self._known: dict[str, Arrangement] = {}
        place = Place(bureau, actor, _NO_CASE, _PLACE)
        self._keeper = DraftKeeper(bridge, place, self._body, self)

    def read(self, then: Callable[[], object]) -> None:
        """Read what was kept, then do something."""
        bureau, actor = self._bureau, self._actor

        def show(draft: Draft | None) -> None:
            kept = from_body(draft.body) if draft is not None else {}
            self._known = {**kept, **self._known}
            then()

        def lost(_error: Exception) -> None:
            then()

        self._bridge.read(
            self, lambda: drafts.load_draft(bureau, actor, _NO_CASE, _PLACE), show, lost
        )

    def of(self, place: str) -> Arrangement | None:
        """Return what was done with the scans of a place."""
        return self._known.get(place)

    def put(self, place: str, done: Arrangement) -> None:
        """Remember what was done."""
        self._known.pop(place, None)
        self._known[place] = done
        for old in list(self._known)[:-_MOST]:
            del self._known[old]
        self._keeper.touch()

    def drop(self, place: str) -> None:
        """Forget it: it is filed, or set aside."""
        if self._known.pop(place, None) is not None:
            self._keeper.touch()

    def flush(self) -> None:
        """Keep at once what waits to be kept."""
        self._keeper.flush()

    def _body(self) -> Mapping[str, Any]:
        return to_body(self._known)


def to_body(known: Mapping[str, Arrangement]) -> dict[str, Any]:
    """Return arrangements by their places as JSON can hold them."""
    return {place: _to_body(done) for place, done in known.items()}


def _to_body(done: Arrangement) -> dict[str, Any]:
    return {
        "pages": [[p.digest, p.page, p.thing, p.turn, p.out] for p in done.pages],
        "things": [
            [number, *filing_to_body(said), number in done.by_hand]
            for number, said in done.filings.items()
        ],
        "case": done.case_id,
        "case_no": done.case_no,
    }


def from_body(body: Mapping[str, Any]) -> dict[str, Arrangement]:
    """Return them from there."""
    return {
        place: Arrangement(
            tuple(KeptPage(*page) for page in one["pages"]),
            {entry[0]: filing_from_body(entry[1:-1]) for entry in one["things"]},
            frozenset(entry[0] for entry in one["things"] if entry[-1]),
            one["case"],
            one["case_no"],
        )
        for place, one in body.items()
    }
