"""The catalogues of the dossier and where things belong in them: read by whoever asks first."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhixing_desktop.dossier.catalogue import Catalogues
    from zhixing_desktop.dossier.places import Place, Places

FOLDER = "dossier"


class DossierRules:
    """Catalogues and places of one program folder; from any thread, read when they are wanted."""

    def __init__(self, resources: Path) -> None:
        """Set up; nothing is read yet."""
        self._folder = resources / FOLDER
        self._lock = threading.Lock()
        self._read: tuple[Catalogues, Places] | None = None

    @property
    def catalogues(self) -> Catalogues:
        """The catalogues of 首次执行, 恢复执行, 执行保全 and 副卷.

        Raises ``InputRefusedError`` naming every fault with its line, ``StoreError`` where a file
        is missing.
        """
        return self._both()[0]

    def place_of(self, kind: str, node: int, material: str = "") -> Place | None:
        """Return where a material of a node goes in a case of a kind, ``None`` where nobody says.

        Raises as :attr:`catalogues`.
        """
        return self._both()[1].place_of(kind, node, material)

    def _both(self) -> tuple[Catalogues, Places]:
        from zhixing_desktop.dossier.catalogue import load_catalogues
        from zhixing_desktop.dossier.places import load_places

        with self._lock:
            if self._read is None:
                catalogues = load_catalogues(self._folder)
                self._read = (catalogues, load_places(self._folder, catalogues))
            return self._read
