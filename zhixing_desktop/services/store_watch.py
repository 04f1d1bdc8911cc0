"""The beat looks after the store: names and sizes at its first, a few files at each."""

from __future__ import annotations

import logging

from zhixing_desktop.dossier.store_check import Fault
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.store_health import BEAT_BYTES, quick, read_some
from zhixing_desktop.workflow.errors import StoreError

_log = logging.getLogger(__name__)


class StoreWatch:
    """Looks at the kept files of a bureau, a part each time; from one thread."""

    def __init__(self, bureau: Bureau, budget: int = BEAT_BYTES) -> None:
        self._bureau, self._budget = bureau, budget
        self._begun = False
        self._told: set[tuple[str, str]] = set()

    def look(self) -> tuple[Fault, ...]:
        """Return the harmful faults that were not told yet.

        Never raises what the store or the database refuse with: a beat must go on without them.
        """
        try:
            found = list(quick(self._bureau).faults) if not self._begun else []
            self._begun = True
            found += read_some(self._bureau, self._budget).faults
        except StoreError as error:
            _log.warning("the store was not looked at: %s", error.sentence)
            return ()
        # What the quick look has named the reading names again.
        harmful = {(fault.place, fault.kind.value): fault for fault in found if fault.kind.harms}
        fresh = [fault for name, fault in harmful.items() if name not in self._told]
        self._told |= harmful.keys()
        for fault in fresh:
            _log.error("kept file %s: %s", fault.place, fault.kind.value)
        return tuple(fresh)
