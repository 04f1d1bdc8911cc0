"""What can be said of a thing before it is filed: duties, materials, places; and a first guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from zhixing_desktop.services import cases
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.dossier_materials import materials_for
from zhixing_desktop.services.dossier_types import MAIN, SIDE, SIDES, Filing, Medium, Origin
from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.services.file_store import plain_name
from zhixing_desktop.services.permission import may
from zhixing_desktop.workflow.completeness import materials_in_play
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.subjects import CASE
from zhixing_desktop.workflow.views import Key

_SHORTEST, _ALIKE = 2, 4
_LONGEST = 100
"""Characters of a name that is only proposed; a person may write more."""
_RECORDINGS = "视听"
_ORIGINS: tuple[tuple[Origin, tuple[str, ...]], ...] = (
    (Origin.SERVED, ("送达回证", "回执", "邮单", "签收", "妥投")),
    (Origin.OBTAINED, ("反馈", "查询", "调取", "评估报告", "登记信息", "流水")),
    (Origin.MADE, ("笔录", "裁定", "通知书", "决定书", "公告", "令", "审批表", "报告表")),
    (Origin.SUBMITTED, ("申请", "身份证", "委托", "证据", "营业执照", "生效", "保证", "协议")),
)
"""Words in a name from which the source is guessed; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class MaterialChoice:
    """A material of the rulebook at an instance; ``filed``: something lies in the dossier."""

    name: str
    item: int | None
    required: bool
    filed: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """A node instance to which things can be filed; ``open`` while it is being worked on."""

    key: Key
    words: str
    open: bool
    materials: tuple[MaterialChoice, ...]

    @property
    def lacking(self) -> tuple[MaterialChoice, ...]:
        """The materials that are still to come."""
        return tuple(one for one in self.materials if not one.filed)


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """An item of a catalogue that a thing may be filed under."""

    side: str
    number: int
    name: str

    @property
    def words(self) -> str:
        """How it is called in a list."""
        return f"{SIDES[self.side]} {self.number}. {self.name}"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a filing may say in a case.

    ``places`` leaves 副卷 out for whoever may not see it.  ``by_catalogue``: where the catalogue
    puts a node's material (自动编目), side and number.
    """

    case_id: int
    case_no: str
    now: datetime
    places: tuple[PlaceChoice, ...]
    duties: tuple[Duty, ...]
    by_catalogue: Mapping[tuple[int, str], tuple[str, int]]

    def place_of(self, key: Key | None, material: str) -> tuple[str, int] | None:
        """Return where the catalogue puts a material of an instance, ``None`` where nobody says."""
        if key is None:
            return None
        found = self.by_catalogue.get((key.node, material))
        return found or self.by_catalogue.get((key.node, ""))

    def duty(self, key: Key | None) -> Duty | None:
        """Return the duty of an instance."""
        return next((duty for duty in self.duties if duty.key == key), None)


def choices(bureau: Bureau, actor: Actor, case: int) -> Choices:
    """Return what a filing may say in a case.

    Raises ``NotAllowedError`` for a case that he may not see.
    """
    found = cases.detail(bureau, actor, case)
    kind = str(found.header["kind"])
    catalogues = bureau.dossier.catalogues
    with bureau.database.reading() as conn:
        both = may(conn, bureau, actor, "dossier.side", case=found.id)
        duties = tuple(
            _duty(found, key, materials_for(conn, found.context, found.id, key))
            for key, view in sorted(found.view.instances.items())
            if view.state is not State.NOT_APPLICABLE
        )
    shown = (MAIN, SIDE) if both else (MAIN,)
    places = tuple(
        PlaceChoice(side, item.number, item.name)
        for side in shown
        for item in catalogues.of(SIDE if side == SIDE else kind).items
    )
    return Choices(
        found.id,
        found.case_no,
        found.now,
        places,
        tuple(sorted(duties, key=lambda duty: not duty.open)),
        _by_catalogue(bureau, kind),
    )


def _duty(case: CaseDetail, key: Key, filed: Sequence[str]) -> Duty:
    spec = case.context.rulebook.nodes[key.node]
    about = subject_words(case.context.index.name_of, key.subject) if key.subject != CASE else ""
    in_play = materials_in_play(case.context, spec, key.subject)
    materials = [material for material in in_play if not material.at_archive]
    return Duty(
        key,
        f"节点{key.node} {spec.name}{f'　{about}' if about else ''}",
        case.view.instances[key].state.is_open,
        tuple(MaterialChoice(m.name, m.item, m.required, m.name in filed) for m in materials),
    )


def _by_catalogue(bureau: Bureau, kind: str) -> dict[tuple[int, str], tuple[str, int]]:
    found = {}
    for node, spec in bureau.rules.book.nodes.items():
        for material in ("", *(one.name for one in spec.materials)):
            place = bureau.dossier.place_of(kind, node, material)
            if place is not None:
                side = SIDE if place.catalogue == SIDE else MAIN
                found[node, material] = (side, place.item)
    return found


def propose(
    known: Choices,
    name: str,
    medium: Medium,
    key: Key | None = None,
    material: str = "",
) -> Filing:
    """Return what is probably to be said of a file, by its name and where it was brought to.

    ``key`` and ``material`` are what somebody wants to fill; without them a material that is still
    to come and stands in the file's name is taken.  Without a place there is none: nobody knows.
    """
    plain = PurePath(plain_name(name, "")).stem.strip()[:_LONGEST]
    if key is None:
        key, material = _by_name(known, plain)
    elif not material:
        duty = known.duty(key)
        material = _named([m.name for m in duty.lacking], plain) if duty is not None else ""
    duty = known.duty(key)
    item = next((m.item for m in duty.materials if m.name == material), None) if duty else None
    place = known.place_of(key, material)
    if place is None and medium is Medium.ELECTRONIC:
        heard = [p for p in known.places if p.side == MAIN and _RECORDINGS in p.name]
        place = (heard[0].side, heard[0].number) if heard else None
    words = material or plain
    return Filing(
        words,
        key,
        item,
        material,
        place[1] if place is not None else None,
        place[0] if place is not None else None,
        origin=origin_of(f"{material}{plain}"),
        medium=medium,
    )


def origin_of(words: str) -> Origin:
    """Return where a thing of such a name probably comes from."""
    for origin, marks in _ORIGINS:
        if any(mark in words for mark in marks):
            return origin
    return Origin.OTHER


def _by_name(known: Choices, plain: str) -> tuple[Key | None, str]:
    for duty in known.duties:
        name = _named([m.name for m in duty.lacking], plain)
        if name:
            return duty.key, name
    return None, ""


def _named(names: Sequence[str], plain: str) -> str:
    """Return the longest of some names that stands in another, or the other way round."""
    if len(plain) < _SHORTEST:
        return ""
    fitting = [name for name in names if name in plain or plain in name]
    if not fitting:
        # 网络查控反馈表 is what the rulebook calls 网络查控反馈材料.
        fitting = [name for name in names if name[:_ALIKE] == plain[:_ALIKE] and len(plain) >= 4]
    return max(fitting, key=len, default="")
