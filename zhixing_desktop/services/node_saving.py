"""What the dialog of a node reads when it opens, and what saving it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhixing_desktop.services import cases, drafts, people, work
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.drafts import Draft
from zhixing_desktop.services.field_rights import closed_fields
from zhixing_desktop.services.people import Person
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.views import Key


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dialog works: which bureau, who, which case, which instance."""

    bureau: Bureau
    actor: Actor
    case_id: int
    key: Key


@dataclass(frozen=True, slots=True)
class Opening:
    """What a dialog is opened with; ``closed`` says by field why the person does not fill it."""

    case: CaseDetail
    people: tuple[Person, ...]
    draft: Draft | None
    closed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be saved; ``complete`` lets the node flow on afterwards."""

    values: Mapping[str, Any]
    items: Mapping[int, ItemEntry]
    overrides: Mapping[str, str]
    complete: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of it: the case afterwards, and why completing was refused (if it was)."""

    case: CaseDetail
    recorded: bool
    completed: bool
    refusal: ZhixingError | None


def read_opening(place: Place) -> Opening:
    """Read the case, the people and a draft that was kept."""
    case = cases.detail(place.bureau, place.actor, place.case_id)
    return Opening(
        case,
        people.all_people(place.bureau),
        drafts.load_draft(place.bureau, place.actor, place.case_id, place.key),
        closed_fields(place.bureau, place.actor, case, place.key),
    )


def save(place: Place, wish: Wish, expected_version: int) -> Saved:
    """Record what was typed, then complete; what is recorded stays when completing is refused.

    Raises what recording raises; its draft is dropped once it is recorded.
    """
    bureau, actor, case_id, key = place.bureau, place.actor, place.case_id, place.key
    version: int | None = expected_version
    recorded = bool(wish.values or wish.items)
    if recorded:
        work.record_work(
            bureau,
            actor,
            case_id,
            key,
            wish.values,
            wish.items,
            overrides=wish.overrides,
            expected_version=expected_version,
        )
        drafts.drop_draft(bureau, actor, case_id, key)
        version = None
    refusal: ZhixingError | None = None
    completed = False
    if wish.complete:
        try:
            work.complete_node(bureau, actor, case_id, key, expected_version=version)
            completed = True
        except ZhixingError as error:
            if not recorded and version is not None and not _about_rules(error):
                raise
            refusal = error
    return Saved(cases.detail(bureau, actor, case_id), recorded, completed, refusal)


def _about_rules(error: ZhixingError) -> bool:
    return "blockers" in error.data or "missing" in error.data
