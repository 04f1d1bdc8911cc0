"""Choosing: one of some, several of some, yes or no, a person, a party, an asset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QCompleter,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.editor import Editor
from zhixing_desktop.ui.forms.parts import em

NOTHING = "（未选择）"


class CalmCombo(QComboBox):
    """A combo box that the wheel changes only while it has the focus: forms are scrolled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.setMaxVisibleItems(16)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the form scroll."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceEditor(Editor):
    """One of some: pairs of value and words; the first line is nothing."""

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = CalmCombo(self)
        self.combo.addItem(NOTHING, None)
        for value, words in choices:
            self.combo.addItem(words, value)
        longest = max((len(words) for _, words in choices), default=8)
        # The arrow and the frame take three characters' room.
        self.combo.setFixedWidth(em(self, min(max(longest + 3, 12), 31)))
        self.combo.activated.connect(self._chosen)
        self.row.addWidget(self.combo)
        self.row.addStretch(1)
        self.adopt(self.combo)

    def value(self) -> Any:
        """Return the chosen value."""
        return self.combo.currentData()

    def set_value(self, value: Any) -> None:
        """Choose; a value that is not offered any more is kept and shown as it is."""
        place = 0 if value is None else self.combo.findData(value)
        if place < 0:
            self.combo.addItem(str(value), value)
            place = self.combo.count() - 1
        self.combo.setCurrentIndex(place)

    def _chosen(self, _index: int) -> None:
        self.edited.emit()


class SearchEditor(Editor):
    """One of many, found by typing any part of the name; a name that is not listed may stand."""

    def __init__(self, names: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = dict(names)
        self.combo = CalmCombo(self)
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setFixedWidth(em(self, 16))
        for value, words in names:
            self.combo.addItem(words, value)
        self.combo.setCurrentIndex(-1)
        completer = QCompleter([words for _, words in names], self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.combo.setCompleter(completer)
        line = self.combo.lineEdit()
        assert line is not None
        line.setPlaceholderText("输入姓名查找")
        line.textEdited.connect(self._changed)
        completer.activated.connect(self._changed)
        self.combo.activated.connect(self._changed)
        self.row.addWidget(self.combo)
        self.row.addStretch(1)
        self.adopt(self.combo)
        line.installEventFilter(self)

    def value(self) -> Any:
        """Return the person's name, or what was typed."""
        text = self.combo.currentText().strip()
        for value, words in self._words.items():
            if text in (words, value):
                return value
        return text or None

    def set_value(self, value: Any) -> None:
        """Show a name."""
        text = "" if value is None else str(value)
        self.combo.setCurrentIndex(self.combo.findData(text))
        self.combo.setEditText(self._words.get(text, text))

    def hint(self) -> str:
        """Say that nobody is called so."""
        found = self.value()
        return f"人员名册中没有“{found}”，请核对" if found and found not in self._words else ""

    def on_left(self) -> None:
        """Write the name as it is listed."""
        self.set_value(self.value())

    def _changed(self, *_: object) -> None:
        self.edited.emit()


class MultiEditor(Editor):
    """Several of some: check boxes side by side."""

    def __init__(self, options: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        holder = QWidget(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        flow = FlowLayout(holder)
        flow.setSpacing(round(em(self, 0.45)))
        self.boxes: list[QCheckBox] = []
        for option in options:
            box = QCheckBox(option, holder)
            box.clicked.connect(self._clicked)
            flow.addWidget(box)
            self.boxes.append(box)
        self.row.addWidget(holder, 1)
        if self.boxes:
            self.setFocusProxy(self.boxes[0])

    def value(self) -> Any:
        """Return the chosen options in their order, ``None`` for none."""
        return [box.text() for box in self.boxes if box.isChecked()] or None

    def set_value(self, value: Any) -> None:
        """Tick the options."""
        chosen = set(value or ())
        for box in self.boxes:
            box.setChecked(box.text() in chosen)

    def set_locked(self, locked: bool) -> None:
        """Grey the boxes."""
        for box in self.boxes:
            box.setEnabled(not locked)

    def _clicked(self, _on: bool) -> None:
        self.edited.emit()


class BoolEditor(Editor):
    """Yes, no, or not said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = QButtonGroup(self)
        self.choices: dict[bool | None, QRadioButton] = {}
        for value, words in ((True, "是"), (False, "否"), (None, "未填")):
            button = QRadioButton(words, self)
            button.clicked.connect(self._clicked)
            self.group.addButton(button)
            self.row.addWidget(button)
            self.row.addSpacing(em(self, 0.7))
            self.choices[value] = button
        self.choices[None].setChecked(True)
        self.row.addStretch(1)
        self.setFocusProxy(self.choices[True])

    def value(self) -> Any:
        """Return ``True``, ``False`` or ``None``."""
        return next(value for value, button in self.choices.items() if button.isChecked())

    def set_value(self, value: Any) -> None:
        """Choose."""
        self.choices[None if value is None else bool(value)].setChecked(True)

    def _clicked(self, _on: bool) -> None:
        self.edited.emit()
