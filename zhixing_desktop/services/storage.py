"""Backup, restore and the journal's chain, for whoever has no business with tables."""

from __future__ import annotations

from pathlib import Path

from zhixing_desktop.models import backup as copies
from zhixing_desktop.models import journal
from zhixing_desktop.models.journal import VerifyResult
from zhixing_desktop.services.bureau import Bureau


def back_up(bureau: Bureau, target: Path) -> Path:
    """Copy the database while it is in use; ``StoreError`` when the place cannot be written."""
    return copies.backup(bureau.database, target)


def restore(source: Path, target: Path) -> Path:
    """Put a backup in the place of a database that is not in use."""
    return copies.restore(source, target)


def verify_journal(bureau: Bureau) -> VerifyResult:
    """Walk along the journal's chain and name the first row that does not fit."""
    with bureau.database.reading() as conn:
        return journal.verify(conn)
