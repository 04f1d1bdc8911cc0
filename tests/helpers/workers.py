"""Processes that work on cases through the services, each step said when it is committed."""

from __future__ import annotations

import sys
from datetime import datetime

from helpers.bureau import OFFICER
from helpers.offices import open_at
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import people, sweep, work
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.workflow.errors import StoreError

NOW = datetime(2024, 4, 2, 9)
LOCKED = frozenset({"locked", "busy"})


def note_clues(url: str, case: int, writer: int, count: int) -> None:
    """Be a workstation that notes ``count`` clues in a case that others work on as well."""
    bureau = open_at(url, FixedClock(NOW), workstation=f"{writer}号机")
    for number in range(1, count + 1):
        note(bureau, case, writer * 1000 + number)
        sweep.sweep(bureau)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    bureau.close()


def note(bureau: Bureau, case: int, number: int) -> None:
    """Note one clue; wait again when somebody else writes for long."""
    actor = people.find_person(bureau, OFFICER).actor()
    data = {"name": f"线索{number}", "source": "其他", "urgent": False}
    while True:
        try:
            work.add_fact(bureau, actor, case, "clue_received", f"clue/{number}", NOW, data)
        except StoreError as error:
            if error.data["kind"] not in LOCKED:
                raise
        else:
            return


if __name__ == "__main__":
    note_clues(sys.argv[1], *(int(word) for word in sys.argv[2:]))
