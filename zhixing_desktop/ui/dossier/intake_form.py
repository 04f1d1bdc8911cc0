"""What is said about a thing that is to be filed; what can be known is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from zhixing_desktop.services.dossier_choices import Choices
from zhixing_desktop.services.dossier_types import MAIN, Filing, Medium, Origin
from zhixing_desktop.ui.dossier.place_box import PlaceBox
from zhixing_desktop.ui.forms.choices import CalmCombo
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.editor import Editor, LineEditor, NumberEditor
from zhixing_desktop.ui.forms.parts import Mark, Words, show_if
from zhixing_desktop.workflow.views import Key

NO_NODE, NO_MATERIAL = "不对应节点", "不是规定的材料"


class _Choice(Editor):
    """One of some that are always chosen from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = CalmCombo(self)
        self.combo.setMinimumContentsLength(14)
        self.combo.activated.connect(lambda _: self.edited.emit())
        self.row.addWidget(self.combo, 1)
        self.adopt(self.combo)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer these, each with its words."""
        self.combo.clear()
        for value, words in choices:
            self.combo.addItem(words, value)

    def value(self) -> Any:
        """Return what is chosen."""
        return self.combo.currentData()

    def set_value(self, value: Any) -> None:
        """Choose; the first where it is not offered."""
        found = [n for n in range(self.combo.count()) if self.combo.itemData(n) == value]
        self.combo.setCurrentIndex(found[0] if found else 0)


class IntakeForm(QWidget):
    """``edited`` after every change; ``filing`` is what stands there."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: Choices | None = None
        self._placed_by_hand = False
        self._filling = False
        self._item: int | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        box.addLayout(grid)
        self.name = LineEditor("材料名称")
        self.node = _Choice()
        self.material = _Choice()
        self.place = PlaceBox(())
        self.number = LineEditor("文书自己的文号，没有的不填")
        self.day: DateEditor | None = None
        self._day_place = QVBoxLayout()
        self.origin = _Choice()
        self.origin.offer([(one.value, one.label) for one in Origin])
        self.medium = _Choice()
        self.count = NumberEditor("几页")
        self.labels: dict[str, Mark] = {}
        self._rows: tuple[tuple[str, Editor], ...] = (
            ("材料名称", self.name),
            ("节点", self.node),
            ("规定的材料", self.material),
            ("目录项", self.place),
            ("文号", self.number),
            ("来源", self.origin),
            ("纸质", self.medium),
            ("纸质页数", self.count),
        )
        self._grid = grid
        for at, (label, editor) in enumerate(self._rows):
            self.labels[label] = Mark(label)
            grid.addWidget(self.labels[label], at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(editor, at, 1)
            editor.setAccessibleName(label)
        self.told = Words(tone="muted")
        box.addWidget(self.told)
        box.addStretch(1)
        self.node.edited.connect(self._node_chosen)
        self.material.edited.connect(self._material_chosen)
        self.place.edited.connect(self._place_chosen)
        self.medium.edited.connect(self._medium_chosen)
        for editor in (self.name, self.number, self.origin, self.count):
            editor.edited.connect(self._changed)
        self.name.left.connect(self._changed)

    def know(self, known: Choices) -> None:
        """Take what a filing may say in the case."""
        self._known = known
        nodes: list[tuple[Key | None, str]] = [(None, NO_NODE)]
        for duty in known.duties:
            lacking = len([m for m in duty.lacking if m.required])
            nodes.append((duty.key, f"{duty.words}{f'（缺{lacking}）' if lacking else ''}"))
        self.node.offer(nodes)
        fresh = PlaceBox(known.places)
        self._grid.replaceWidget(self.place, fresh)
        self.place.hide()
        self.place.deleteLater()
        self.place = fresh
        self.place.setAccessibleName("目录项")
        self.place.edited.connect(self._place_chosen)
        if self.day is None:
            self.day = DateEditor(known.now)
            self.day.setAccessibleName("材料日期")
            self.day.edited.connect(self._changed)
            self.day.left.connect(self._changed)
            at = self._grid.rowCount()
            self._grid.addWidget(Mark("材料日期"), at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self.day, at, 1)
            QWidget.setTabOrder(self.place.combo, self.number.line)
            QWidget.setTabOrder(self.count.line, self.day.line)

    # ------------------------------------------------------------------------------- values

    def show_filing(self, filing: Filing, *, by_hand: bool, on_paper: bool) -> None:
        """Show what is said of a thing.

        ``by_hand``: its place is not to be guessed any more; ``on_paper``: there are no files.
        """
        self._filling = True
        media = [one for one in Medium if (one is Medium.PAPER) == on_paper]
        self.medium.offer([(one.value, one.label) for one in media])
        self._placed_by_hand = by_hand
        self._item = filing.work_item
        self.name.set_value(filing.name)
        self.node.set_value(filing.key)
        self._offer_materials(filing.key)
        self.material.set_value(filing.material)
        self.place.set_place(filing.side or MAIN, filing.place or 0)
        self.number.set_value(filing.number)
        self.origin.set_value(filing.origin.value)
        self.medium.set_value(filing.medium.value)
        self.count.set_value(str(filing.paper_pages) if filing.paper_pages else None)
        if self.day is not None:
            self.day.set_value(filing.thing_on)
        self._filling = False
        self._fit()

    def filing(self) -> Filing:
        """Return what stands there; a day that is none is left to :meth:`problems`."""
        side, place = self.place.value() or (MAIN, 0)
        count = str(self.count.value() or "")
        return Filing(
            name=self.name.value() or "",
            key=self.node.value(),
            work_item=self._item,
            material=self.material.value() or "",
            place=place,
            side=side,
            number=self.number.value() or "",
            origin=Origin(self.origin.value()),
            medium=Medium(self.medium.value()),
            thing_on=self._day(),
            paper_pages=int(count) if count.isdecimal() else 0,
        )

    @property
    def placed_by_hand(self) -> bool:
        """Whether somebody chose the place himself."""
        return self._placed_by_hand

    def wrong_day(self) -> str:
        """Return why what stands as the day is none; empty where it is one or nothing."""
        value = self.day.value() if self.day is not None else None
        wrong = value is not None and self._day() is None
        return f"“{value}”不是日期，请按“年-月-日”填写" if wrong else ""

    def _day(self) -> date | None:
        value = self.day.value() if self.day is not None else None
        try:
            return date.fromisoformat(str(value)) if value is not None else None
        except ValueError:
            return None

    # ------------------------------------------------------------------------------- following

    def _offer_materials(self, key: Key | None) -> None:
        duty = self._known.duty(key) if self._known is not None else None
        found: list[tuple[str, str]] = [("", NO_MATERIAL)]
        for one in duty.materials if duty is not None else ():
            state = "已入卷" if one.filed else ("缺，必需" if one.required else "缺")
            found.append((one.name, f"{one.name}（{state}）"))
        self.material.offer(found)

    def _node_chosen(self) -> None:
        self._offer_materials(self.node.value())
        duty = self._known.duty(self.node.value()) if self._known is not None else None
        lacking = [m for m in duty.lacking if m.required] if duty is not None else []
        if len(lacking) == 1:
            self.material.set_value(lacking[0].name)
        self._material_chosen()

    def _material_chosen(self) -> None:
        if self._known is None:
            return
        key, material = self.node.value(), self.material.value() or ""
        duty = self._known.duty(key)
        found = [m for m in duty.materials if m.name == material] if duty is not None else []
        self._item = found[0].item if found else None
        if not self._placed_by_hand:
            side, place = self._known.place_of(key, material) or (MAIN, 0)
            self.place.set_place(side, place)
        if material:
            self.name.set_value(material)
        self._changed()

    def _place_chosen(self) -> None:
        self._placed_by_hand = True
        self._changed()

    def _medium_chosen(self) -> None:
        self._fit()
        self._changed()

    def _fit(self) -> None:
        paper = self.medium.value() == Medium.PAPER.value
        show_if(self.count, paper)
        show_if(self.labels["纸质页数"], paper)
        nowhere = (self.place.value() or ("", 0))[1] == 0
        self.told.setText("没有编目的材料列在“尚未编目”，报结以前须选定目录项。" if nowhere else "")

    def _changed(self) -> None:
        if not self._filling:
            self._fit()
            self.edited.emit()
