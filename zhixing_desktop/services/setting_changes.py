"""Who changed each of the court's settings last, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from zhixing_desktop.models.tables import settings_edits
from zhixing_desktop.services.bureau import Bureau


@dataclass(frozen=True, slots=True)
class SettingChange:
    """The last change of one setting."""

    who: str
    at: datetime
    reason: str


def last_changes(bureau: Bureau) -> Mapping[str, SettingChange]:
    """Return the last change by the setting's key; a setting nobody changed is not in it."""
    newest = select(func.max(settings_edits.c.id)).group_by(settings_edits.c.key)
    wanted = select(settings_edits).where(settings_edits.c.id.in_(newest))
    with bureau.database.reading() as conn:
        rows = conn.execute(wanted).all()
    return {row.key: SettingChange(row.who, row.at, row.reason) for row in rows}
