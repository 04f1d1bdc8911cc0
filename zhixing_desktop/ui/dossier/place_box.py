"""Where in the dossier a thing belongs: an item of 正卷 or 副卷, found by typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QWidget

from zhixing_desktop.services.dossier_choices import PlaceChoice
from zhixing_desktop.services.dossier_types import MAIN
from zhixing_desktop.ui.forms.choices import CalmCombo
from zhixing_desktop.ui.forms.editor import Editor

NOWHERE = "尚未编目（以后再定）"


class PlaceBox(Editor):
    """``value`` is the side and the number (0: nobody has said yet)."""

    def __init__(self, places: Sequence[PlaceChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = CalmCombo(self)
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(CalmCombo.InsertPolicy.NoInsert)
        self.combo.addItem(NOWHERE, (MAIN, 0))
        for place in places:
            self.combo.addItem(place.words, (place.side, place.number))
        completer = QCompleter([place.words for place in places], self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.combo.setCompleter(completer)
        self.combo.activated.connect(lambda _: self.edited.emit())
        completer.activated.connect(lambda _: self.edited.emit())
        self.row.addWidget(self.combo, 1)
        self.adopt(self.combo)
        line = self.combo.lineEdit()
        assert line is not None
        line.installEventFilter(self)

    def value(self) -> tuple[str, int] | None:
        """Return what is chosen; what was typed and is no place counts as nothing chosen."""
        at = self.combo.findText(self.combo.currentText())
        found = self.combo.itemData(at if at >= 0 else self.combo.currentIndex())
        return (str(found[0]), int(found[1])) if found else None

    def set_place(self, side: str, number: int) -> None:
        """Choose a place; 0 is 尚未编目."""
        for at in range(self.combo.count()):
            data: Any = self.combo.itemData(at)
            if tuple(data) == (side, number) or (number == 0 and at == 0):
                self.combo.setCurrentIndex(at)
                return

    def set_value(self, value: Any) -> None:
        """Choose a pair of side and number, ``None`` for 尚未编目."""
        side, number = value or (MAIN, 0)
        self.set_place(side, number)

    def on_left(self) -> None:
        """Write the place in full."""
        found = self.value()
        if found is not None:
            self.set_place(*found)
