"""Backup and restore, for whoever has no business with tables."""

from __future__ import annotations

from pathlib import Path

from zhixing_desktop.models import backup as copies
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import permit


def back_up(bureau: Bureau, actor: Actor, target: Path) -> Path:
    """Copy the database while it is in use.

    Raises ``NotAllowedError``, ``StoreError`` when the place cannot be written.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "backup.make")
    return copies.backup(bureau.database, target)


def restore(source: Path, target: Path) -> Path:
    """Put a backup in the place of a database that is not in use."""
    return copies.restore(source, target)
