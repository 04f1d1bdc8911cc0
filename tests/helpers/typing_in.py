"""Typing into the window's widgets as a person does: keys, an input method, clicks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from zhixing_desktop.ui.forms.choices import (
    BoolEditor,
    CalmCombo,
    ChoiceEditor,
    MultiEditor,
    SearchEditor,
)
from zhixing_desktop.ui.forms.editor import Editor, LineEditor, LongEditor
from zhixing_desktop.ui.forms.field_row import FieldRow
from zhixing_desktop.ui.forms.item_section import ItemSection


def commit(widget: QWidget, text: str) -> None:
    """Enter text as an input method does; Chinese comes no other way."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def write_line(line: QLineEdit, text: str) -> None:
    """Replace what stands in a line."""
    line.selectAll()
    if text:
        commit(line, text)
    else:
        QTest.keyClick(line, Qt.Key.Key_Delete)


def pick(combo: CalmCombo, value: Any) -> None:
    """Choose an entry by its value."""
    place = combo.findData(value)
    assert place >= 0, value
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


def enter(row: FieldRow, value: Any) -> None:
    """Enter a value into a field."""
    enter_into(row.editor, value)


def enter_into(editor: Editor, value: Any) -> None:
    """Enter a value into an editor of any kind."""
    if isinstance(editor, ChoiceEditor):
        pick(editor.combo, value)
    elif isinstance(editor, SearchEditor):
        # Typing opens the list of matches, which the offscreen platform cannot raise.
        pick(editor.combo, value)
    elif isinstance(editor, MultiEditor):
        for box in editor.boxes:
            if box.isChecked() != (box.text() in value):
                box.click()
    elif isinstance(editor, BoolEditor):
        editor.choices[value].click()
    elif isinstance(editor, LongEditor):
        editor.area.selectAll()
        commit(editor.area, str(value))
    elif isinstance(editor, LineEditor):
        write_line(editor.line, str(value))
    else:
        raise TypeError(type(editor))


def do_item(section: ItemSection, day: str) -> None:
    """Tick a work item, date its papers, tell everybody, tick all materials."""
    if not section.done.isChecked():
        section.done.click()
    for name, editor in section.papers.rows.items():
        if editor.isVisibleTo(section):
            assert name
            enter_into(editor, day)
    for combo, editor in section.notices.rows.values():
        if combo.isVisibleTo(section):
            pick(combo, combo.itemData(1))
            enter_into(editor, day)
    for box in section.materials.boxes.values():
        if box.isVisibleTo(section) and not box.isChecked():
            box.click()
