"""The bureau at work: database, rules and workstation, handed to every use case."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from zhixing_desktop.clock import Clock
from zhixing_desktop.models.database import Database
from zhixing_desktop.services.rules import Rules, load_rules
from zhixing_desktop.workflow.facts import Fact

_CACHED_CASES = 64


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: name, roles and, for a member of the staff, the row's number."""

    name: str
    roles: tuple[str, ...] = ()
    staff_id: int | None = None


class FactCache:
    """The facts of the cases looked at last, by version, so that a step need not parse them again.

    A version is written with every change, so an entry is either right or not used.
    """

    def __init__(self) -> None:
        self._held: OrderedDict[int, tuple[int, tuple[Fact, ...]]] = OrderedDict()

    def get(self, case_id: int, version: int) -> tuple[Fact, ...] | None:
        """Return the facts of exactly this version, ``None`` when they are not held."""
        found = self._held.get(case_id)
        if found is None or found[0] != version:
            return None
        return found[1]

    def put(self, case_id: int, version: int, facts: tuple[Fact, ...]) -> None:
        """Hold the facts of a version."""
        self._held[case_id] = (version, facts)
        self._held.move_to_end(case_id)
        while len(self._held) > _CACHED_CASES:
            self._held.popitem(last=False)


@dataclass(slots=True)
class Bureau:
    """What a use case needs: the database, the rules, the name of the workstation."""

    database: Database
    rules: Rules
    workstation: str
    cache: FactCache = field(default_factory=FactCache)

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def open_bureau(
    url: str,
    *,
    clock: Clock,
    resources: Path,
    workstation: str,
    create: bool = False,
    purpose: str = "bureau",
    exclusive: bool = False,
    rules: Rules | None = None,
) -> Bureau:
    """Open a bureau's database with the rules of the program.

    Raises ``StoreError``, ``InputRefusedError`` (a faulty rulebook) or ``UsageError``.
    """
    from zhixing_desktop.services.calendar import overrides_of  # noqa: PLC0415 - uses Bureau's parts

    database = Database.open(url, clock=clock, create=create, purpose=purpose, exclusive=exclusive)
    try:
        loaded = rules or load_rules(resources, overrides_of(database))
    except BaseException:
        database.close()
        raise
    return Bureau(database, loaded, workstation)
