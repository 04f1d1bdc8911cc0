"""Guesses at logins that nobody has, counted as those at a real account are.

Without it, whoever guesses five times would see by the lock that the login exists.  What was typed
is not kept: it may be a password in the wrong field.  It falls into one of a few thousand places by
a digest with the database's own salt, so that the table never grows beyond them and nobody can work
out which two words share a place.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, text, update

from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.tables import strangers
from zhixing_desktop.models.upgrades import put_meta
from zhixing_desktop.services.bureau_settings import SecurityRules

PLACES = 4096
_SALT = "stranger_salt"
_LOCK = "SELECT 1 FROM strangers WHERE place = ? FOR UPDATE"


def locked_row(conn: Connection, login: str) -> Mapping[str, Any]:
    """Return where guesses at a login that nobody has are counted; nobody else counts meanwhile."""
    place = _place(conn, login)
    wanted = select(strangers).where(strangers.c.place == place)
    if conn.execute(wanted).first() is None:
        _make(conn, place)
    if conn.dialect.name == "postgresql":
        ask(conn, _LOCK, (place,))
    return dict(conn.execute(wanted).mappings().one())


def count(
    conn: Connection, row: Mapping[str, Any], rules: SecurityRules, now: datetime
) -> tuple[int, datetime | None]:
    """Count one more; return how many there are, and until when it is locked by this one."""
    failures, until = row["failures"] + 1, None
    changed: dict[str, Any] = {"failures": failures, "locked_until": None}
    if failures >= rules.lock_failures:
        until = now + timedelta(minutes=rules.lock_minutes)
        changed = {"failures": 0, "locked_until": until}
    conn.execute(update(strangers).where(strangers.c.place == row["place"]).values(changed))
    return failures, until


def _place(conn: Connection, login: str) -> int:
    found = ask(conn, "SELECT value FROM meta WHERE key = ?", (_SALT,))
    salt = str(found[0][0]) if found else secrets.token_hex(16)
    if not found:
        put_meta(conn, _SALT, salt)
    digest = hashlib.sha256(f"{salt}\n{login}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % PLACES


def _make(conn: Connection, place: int) -> None:
    # Two at once: the second finds the first one's row.
    conn.execute(
        text("INSERT INTO strangers (place, failures) VALUES (:place, 0) ON CONFLICT DO NOTHING"),
        {"place": place},
    )
