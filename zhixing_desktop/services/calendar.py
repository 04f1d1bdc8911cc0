"""The court's own edits of the calendar."""

from __future__ import annotations

from datetime import date

from zhixing_desktop.models.database import Database
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import calendar_edits
from zhixing_desktop.services.bureau import Actor, Bureau, overrides
from zhixing_desktop.workflow.calendar import CalendarOverride
from zhixing_desktop.workflow.errors import InputRefusedError, Problem


def overrides_of(database: Database) -> list[CalendarOverride]:
    """Return the court's edits in the order they were made."""
    with database.reading() as conn:
        return overrides(conn)


def edit_day(bureau: Bureau, actor: Actor, day: date, kind: str, name: str, reason: str) -> None:
    """Declare a day a working day (``work``) or a day of rest (``rest``); journalled."""
    problems = []
    if kind not in ("work", "rest"):
        problems.append(Problem("性质", "只能是上班日（work）或者休息日（rest）"))
    if len(reason.strip()) < 4:
        problems.append(Problem("依据", "请写明依据的通知或者理由"))
    if problems:
        raise InputRefusedError("日历没有修改", problems)
    with bureau.database.writing() as conn:
        now = bureau.database.now(conn)
        with Recorder(
            conn,
            at=now,
            actor=actor.name,
            action="calendar.edit",
            workstation=bureau.workstation,
        ) as record:
            record.insert(
                calendar_edits,
                {
                    "day": day,
                    "kind": kind,
                    "name": name,
                    "who": actor.name,
                    "at": now,
                    "reason": reason,
                },
            )
