"""What was chosen and covered for a copy, as JSON can hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhixing_desktop.services.dossier_copy_types import Area
from zhixing_desktop.ui.dossier.copy_pages import Place


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """Whom it is for and why; which pages; what is covered on which; which were looked at."""

    recipient: str = ""
    basis: str = ""
    chosen: tuple[Place, ...] = ()
    areas: Mapping[Place, tuple[Area, ...]] = field(default_factory=dict)
    looked: frozenset[Place] = frozenset()

    def as_json(self, versions: Mapping[int, int]) -> dict[str, Any]:
        """Return it to be kept, each page with the version of its thing (by thing, ``versions``).

        Empty where nothing was typed, chosen or covered: what was only looked at is not kept.
        """
        areas = {place: found for place, found in self.areas.items() if found}
        if not (self.recipient.strip() or self.basis.strip() or self.chosen or areas):
            return {}
        return {
            "recipient": self.recipient,
            "basis": self.basis,
            "chosen": _places(self.chosen, versions),
            "areas": [
                [item, versions[item], page, [[a.left, a.top, a.right, a.bottom] for a in found]]
                for (item, page), found in areas.items()
                if item in versions
            ],
            "looked": _places(sorted(self.looked), versions),
        }

    @classmethod
    def from_json(
        cls, body: Mapping[str, Any], versions: Mapping[int, int]
    ) -> tuple[KeptCopy, int]:
        """Return what was kept, and how many pages of it are of things that were replaced since.

        Of those neither the choice nor what was covered is taken back: it lay on other pages.
        """

        def fits(item: int, version: int) -> bool:
            return versions.get(item) == version

        wanted = {(i, v, p) for i, v, p in body.get("chosen", ())}
        wanted |= {(i, v, p) for i, v, p, _ in body.get("areas", ())}
        kept = cls(
            str(body.get("recipient", "")),
            str(body.get("basis", "")),
            tuple((i, p) for i, v, p in body.get("chosen", ()) if fits(i, v)),
            {
                (i, p): tuple(Area(*one) for one in found)
                for i, v, p, found in body.get("areas", ())
                if fits(i, v)
            },
            frozenset((i, p) for i, v, p in body.get("looked", ()) if fits(i, v)),
        )
        return kept, sum(not fits(item, version) for item, version, _ in wanted)


def _places(places: Iterable[Place], versions: Mapping[int, int]) -> list[list[int]]:
    return [[item, versions[item], page] for item, page in places if item in versions]
