"""A case that takes note of what is asked of it.

What an evaluation answers depends on the facts and on the time only through the questions it asks
them.  ``WatchedContext`` hands every question on and writes it down, so that an answer need not be
found again while all its questions would be answered as before.  Nothing gets past it: a mapping of
the index is only reachable through ``_Watched``, every other attribute counts as looked at whole,
and the time as such counts as a look at this very second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import FactIndex

K = TypeVar("K")
V = TypeVar("V")
Question = tuple[str, Any]
"""An attribute of the index, and the key that was looked up in it (or ``WHOLE``)."""
WHOLE = object()
BY_KEY = frozenset(
    {
        "events",
        "by_name",
        "items",
        "values",
        "completed",
        "started",
        "by_kind",
        "rounds",
        "_order",
    }
)
"""The mappings of the index that are asked for single keys."""
_MISSING = object()
_NEVER = datetime(9999, 12, 31)


class Watch:
    """The questions that were asked since the last ``take``."""

    __slots__ = ("now", "questions", "until")

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.questions: set[Question] = set()
        self.until = _NEVER
        """From this moment on a comparison with the time may come out differently."""

    def compared(self, moment: datetime) -> None:
        """Take note that the time was compared with a moment."""
        if moment >= self.now:
            turns = moment if moment > self.now else moment + datetime.resolution
            self.until = min(self.until, turns)

    def take(self) -> tuple[frozenset[Question], datetime]:
        """Return the questions and until when their answers about time hold; begin anew."""
        taken = frozenset(self.questions), self.until
        self.questions.clear()
        self.until = _NEVER
        return taken


class _Watched(Mapping[K, V]):
    """A mapping that takes note of the keys it is asked for."""

    __slots__ = ("_held", "_name", "_note")

    def __init__(self, name: str, held: Mapping[K, V], watch: Watch) -> None:
        self._name = name
        self._held = held
        self._note = watch.questions.add

    def __getitem__(self, key: K) -> V:
        self._note((self._name, key))
        return self._held[key]

    def get(self, key: K, default: Any = None) -> Any:
        """Return what stands under the key; said here again because it is asked so often."""
        self._note((self._name, key))
        return self._held.get(key, default)

    def __contains__(self, key: object) -> bool:
        self._note((self._name, key))
        return key in self._held

    def __iter__(self) -> Iterator[K]:
        self._note((self._name, WHOLE))
        return iter(self._held)

    def __len__(self) -> int:
        self._note((self._name, WHOLE))
        return len(self._held)


class _WatchedIndex(FactIndex):
    """An index whose every answer is taken note of.  It has nothing of its own."""

    def __init__(self, source: FactIndex, watch: Watch) -> None:
        self._source = source
        self._watch = watch
        for name in BY_KEY:
            setattr(self, name, _Watched(name, getattr(source, name), watch))

    def __getattr__(self, name: str) -> Any:
        # Whatever is not set above: header, officers, approvals … and what may come later.
        self._watch.questions.add((name, WHOLE))
        return getattr(self._source, name)


class WatchedContext(Context):
    """A context whose questions go to ``watch``.  ``now`` is not set: ``__getattr__`` gives it."""

    __slots__ = ("_watch",)
    _watch: Watch

    def __init__(self, ctx: Context, watch: Watch) -> None:
        put = object.__setattr__
        put(self, "_watch", watch)
        put(self, "rulebook", ctx.rulebook)
        put(self, "calendar", ctx.calendar)
        put(self, "index", _WatchedIndex(ctx.index, watch))

    def __getattr__(self, name: str) -> Any:
        if name != "now":
            raise AttributeError(name)
        self._watch.compared(self._watch.now)
        return self._watch.now

    def reached(self, moment: datetime) -> bool:
        """Tell whether a moment has come."""
        self._watch.compared(moment)
        return moment <= self._watch.now

    def passed(self, moment: datetime) -> bool:
        """Tell whether a moment lies behind."""
        self._watch.compared(moment)
        return moment < self._watch.now


def changed_between(old: FactIndex, new: FactIndex) -> set[Question]:
    """Return the questions that the two indexes may answer differently."""
    found: set[Question] = set()
    if old is new:
        return found
    before = vars(old)
    for name, held in vars(new).items():
        was = before[name]
        if name not in BY_KEY:
            if was is not held and was != held:
                found.add((name, WHOLE))
            continue
        if was is held:
            continue
        other = [
            key
            for key, value in held.items()
            if (known := was.get(key, _MISSING)) is not value and not _same(known, value)
        ]
        other += was.keys() - held.keys()
        found.update((name, key) for key in other)
        if other or list(was) != list(held):
            found.add((name, WHOLE))
    return found


def _same(one: Any, other: Any) -> bool:
    """Tell whether two entries are the same; ``True`` and ``1`` are not."""
    if type(one) is not type(other):
        return False
    if type(one) is dict:
        pairs = zip(one.values(), other.values(), strict=False)
        same = (was is now or _same(was, now) for was, now in pairs)
        return list(one) == list(other) and all(same)
    return bool(one == other)
