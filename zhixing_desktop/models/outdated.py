"""What a database says of its accounts, read as it stands: an older one, or a backup.

Nothing is written and no table of today's schema is needed, so that somebody can be asked who he is
before the database is raised or put in its place.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text

from zhixing_desktop.models import engines, upgrades
from zhixing_desktop.models.backup import address_of
from zhixing_desktop.models.failures import translated

# Since schema 2; whatever a later step adds is of no matter here.
_ACCOUNTS = (
    "SELECT a.staff_id, a.login, s.name, s.roles, a.password_hash, s.active, a.disabled, "
    "a.must_change FROM accounts a JOIN staff s ON s.id = a.staff_id ORDER BY a.staff_id"
)


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """One account with its holder, as the rows say."""

    staff_id: int
    login: str
    name: str
    roles: tuple[str, ...]
    password_hash: str
    active: bool
    disabled: bool
    must_change: bool


@dataclass(frozen=True, slots=True)
class Known:
    """The schema's number (0: no database yet) and the accounts."""

    schema: int
    accounts: tuple[KnownAccount, ...]

    @property
    def older(self) -> bool:
        """Whether it is a database that an upgrade would raise."""
        return 0 < self.schema < len(upgrades.STEPS)


NOTHING = Known(0, ())


def known_at(url: str, *, busy_ms: int = 5000) -> Known:
    """Return what the database at an address says; :data:`NOTHING` where there is none yet.

    Raises ``StoreError`` when it cannot be read, ``UsageError`` for what is no address.
    """
    parsed = engines.parse(url)
    place = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite":
        path = Path(str(parsed.database)).absolute()
        if not path.exists():
            return NOTHING
        parsed, place = parsed.set(database=str(path)), str(path)
    reader, writer = engines.make(parsed, busy_ms)
    try:
        with translated(place), reader.begin() as conn:
            version = upgrades.version_of(conn, place)
            if not inspect(conn).has_table("accounts"):
                return Known(version, ())
            return Known(version, _accounts(tuple(row) for row in conn.execute(text(_ACCOUNTS))))
    finally:
        reader.dispose()
        writer.dispose()


def known_in(backup: Path) -> Known:
    """Return what a backup says that was found whole (``backup.content_of``)."""
    with closing(sqlite3.connect(address_of(backup), uri=True)) as raw:
        names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
        asked = "SELECT value FROM meta WHERE key = 'schema_version'"
        version = int(raw.execute(asked).fetchone()[0])
        rows = raw.execute(_ACCOUNTS).fetchall() if "accounts" in names else []
    return Known(version, _accounts(rows))


def _accounts(rows: Iterable[Sequence[Any]]) -> tuple[KnownAccount, ...]:
    return tuple(
        KnownAccount(
            staff_id=number,
            login=login,
            name=name,
            roles=tuple(json.loads(roles)),
            password_hash=encoded,
            active=bool(active),
            disabled=bool(disabled),
            must_change=bool(must_change),
        )
        for number, login, name, roles, encoded, active, disabled, must_change in rows
    )
