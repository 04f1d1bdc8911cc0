"""What another rulebook makes of a case: two views of the same facts held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import CaseView, InstanceView, Key

_WARNINGS = frozenset({"warn1", "warn2"})


@dataclass(frozen=True, slots=True)
class Standing:
    """How an instance stands: its state, its last day, since when frozen, its next warning."""

    state: State
    due_at: datetime | None = None
    frozen_at: datetime | None = None
    warned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InstanceChange:
    """A node instance that stands otherwise under the other rulebook."""

    key: Key
    before: Standing
    after: Standing

    @property
    def kinds(self) -> tuple[str, ...]:
        """What changes: ``state``, ``due``, ``freeze``, ``warning``."""
        pairs = {
            "state": (self.before.state, self.after.state),
            "due": (self.before.due_at, self.after.due_at),
            "freeze": (self.before.frozen_at, self.after.frozen_at),
            "warning": (self.before.warned_at, self.after.warned_at),
        }
        return tuple(name for name, (old, new) in pairs.items() if old != new)

    def words(self) -> str:
        """What changes, from what to what."""
        old, new = self.before, self.after
        told = {
            "state": ("状态", old.state.label, new.state.label),
            "due": ("届满", _moment(old.due_at), _moment(new.due_at)),
            "freeze": ("冻结", _moment(old.frozen_at), _moment(new.frozen_at)),
            "warning": ("下次预警", _moment(old.warned_at), _moment(new.warned_at)),
        }
        parts = (told[kind] for kind in self.kinds)
        return "；".join(f"{what} {before} → {after}" for what, before, after in parts)


KINDS: Mapping[str, str] = MappingProxyType(
    {"state": "状态", "due": "届满日", "freeze": "冻结", "warning": "下次预警"}
)
"""What may change, in words."""


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return "无"
    if (moment.hour, moment.minute) in ((0, 0), (23, 59)):
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M}"


def view_changes(old: CaseView, new: CaseView) -> tuple[InstanceChange, ...]:
    """Return the instances that differ between two views of the same facts at the same moment.

    An instance that has not opened stands as 未启动, with or without a place in the view.
    """
    before, after = _standings(old), _standings(new)
    absent = Standing(State.NOT_STARTED)
    found = []
    for key in sorted(before.keys() | after.keys()):
        pair = before.get(key, absent), after.get(key, absent)
        if pair[0] != pair[1]:
            found.append(InstanceChange(key, *pair))
    return tuple(found)


def _standings(view: CaseView) -> Mapping[Key, Standing]:
    warned: dict[Key, datetime] = {}
    for step in view.agenda:
        if step.step in _WARNINGS and step.at > view.at:
            warned[step.key] = min(step.at, warned.get(step.key, step.at))
    return {
        key: Standing(
            entry.state,
            entry.due_at,
            entry.frozen.frozen_at if entry.frozen else None,
            warned.get(key),
        )
        for key, entry in view.instances.items()
        if _counts(entry)
    }


def _counts(entry: InstanceView) -> bool:
    """Whether an instance has begun, or is frozen or settled without having begun."""
    return entry.opened_at is not None or entry.completed_at is not None or bool(entry.freezes)
