"""交接: who takes a paper volume, for what, until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import dossier_moves
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_moves import MoveLine, WhereLine
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.entry_keeper import EntryKeeper
from zhixing_desktop.ui.dossier.frame import offer
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.workflow.errors import InputRefusedError


class MoveDialog(QDialog):
    """``moved`` carries the step that was recorded; a refusal is shown and the words stay."""

    help_page = "volumes"
    moved = Signal(object)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        case_id: int,
        line: WhereLine,
        now: datetime,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"交出　{line.title}")
        self._bureau, self._bridge, self._actor_of, self._line = bureau, bridge, actor_of, line
        self.keeper = EntryKeeper(bureau, bridge, self.body, self.put, self)
        box = QVBoxLayout(self)
        box.addWidget(self.keeper.bar)
        box.addWidget(Words(f"现在在{line.holder}处{f'，{line.place}' if line.place else ''}"))
        form = QFormLayout()
        self.to = self._edit("接收人", "姓名，或者部门")
        self.purpose = self._edit("事由", "如：送档案室、合议庭评议、院长查阅")
        self.place = self._edit("存放地点", "可以不填，如：档案室3号柜")
        self.due = DateEditor(now, parent=self)
        self.due.setAccessibleName("归还期限")
        for words, field in (
            ("接收人", self.to),
            ("事由", self.purpose),
            ("归还期限（出借）", self.due),
            ("存放地点", self.place),
        ):
            form.addRow(words, field)
        box.addLayout(form)
        self.note = NoteLabel(self)
        box.addWidget(self.note)
        self.buttons = QDialogButtonBox(self)
        self.accept_button = self.buttons.addButton("登记", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.send)
        self.buttons.rejected.connect(self.reject)
        box.addWidget(self.buttons)
        self.setMinimumWidth(em(self, 34))
        self.to.setFocus()
        for edit in (self.to, self.purpose, self.place):
            edit.textChanged.connect(self._typed)
        self.due.line.textChanged.connect(self._typed)
        self._typed()
        self.keeper.begin(actor_of(), case_id, f"move/{line.volume_id}")

    def _edit(self, name: str, hint: str) -> QLineEdit:
        edit = QLineEdit(self)
        edit.setPlaceholderText(hint)
        edit.setAccessibleName(name)
        return edit

    def body(self) -> dict[str, str]:
        """Return what was typed, to be kept; empty where nothing was."""
        said = {
            "to": self.to.text(),
            "purpose": self.purpose.text(),
            "place": self.place.text(),
            "due": str(self.due.value() or ""),
        }
        return {name: words for name, words in said.items() if words.strip()}

    def put(self, body: Mapping[str, Any]) -> None:
        """Put back what was kept."""
        for name, edit in (("to", self.to), ("purpose", self.purpose), ("place", self.place)):
            edit.setText(str(body.get(name, "")))
        self.due.set_value(body.get("due") or None)

    def _typed(self) -> None:
        lacking = [
            words
            for words, edit in (("接收人", self.to), ("事由", self.purpose))
            if not edit.text().strip()
        ]
        offer(self.accept_button, f"请填写{'、'.join(lacking)}" if lacking else "")
        self.keeper.touch()

    def send(self) -> None:
        """Record it."""
        typed = self.due.value()
        try:
            due = date.fromisoformat(typed) if typed else None
        except ValueError:
            self.note.say("归还期限应当是日期，如 2024-03-20", "error")
            self.due.setFocus()
            return
        bureau, actor, line = self._bureau, self._actor_of(), self._line
        to, purpose, place = self.to.text(), self.purpose.text(), self.place.text()
        self.accept_button.setEnabled(False)
        self._bridge.write(
            self,
            lambda: dossier_moves.hand_over(
                bureau, actor, line.volume_id, to, purpose, due, place, version=line.version
            ),
            self._recorded,
            self._failed,
        )

    def _recorded(self, move: MoveLine) -> None:
        self.keeper.drop()
        self.moved.emit(move)
        self.accept()

    def done(self, result: int) -> None:
        """Keep what was typed and not recorded, then close."""
        self.keeper.flush()
        super().done(result)

    def _failed(self, error: Exception) -> None:
        self._typed()
        if isinstance(error, InputRefusedError) and error.problems:
            self.note.say("；".join(f"{p.where}：{p.sentence}" for p in error.problems), "error")
        else:
            messages.show_error(self, error)
