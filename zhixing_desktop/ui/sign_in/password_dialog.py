"""Changing one's own password."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from zhixing_desktop.services import signing_in
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.bureau_settings import BureauSettings, read_settings
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em, fit_height
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.ui.sign_in.new_password import NewPassword, align_labels
from zhixing_desktop.ui.sign_in.password_edit import CAPS_WORDS, PasswordEdit
from zhixing_desktop.workflow.errors import InputRefusedError, ZhixingError


class PasswordDialog(QDialog):
    """Asks for the present password and a new one; ``saved`` when it is changed."""

    help_page = "sign-in"
    saved = Signal()

    def __init__(
        self, bureau: Bureau, bridge: Bridge, login: str, name: str, *, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._login, self._name = bureau, bridge, login, name
        self._busy = False
        self.setWindowTitle("修改我的密码")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.old = PasswordEdit("现在的密码", self)
        self.new = NewPassword(self)
        self.note = NoteLabel(self)
        self.buttons = QDialogButtonBox(self)
        self.save = self.buttons.addButton("修改密码", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        self.save.setEnabled(False)
        form = QFormLayout()
        form.addRow("现在的密码", self.old)
        align_labels(form, self.new.form)
        box = QVBoxLayout(self)
        box.addWidget(Words(f"{name}（登录名 {login}）", selectable=False))
        box.addLayout(form)
        box.addWidget(self.new)
        box.addWidget(self.note)
        box.addStretch(1)
        box.addWidget(self.buttons)
        self.resize(em(self, 34), em(self, 20))
        self.new.changed.connect(self._look)
        self.old.textChanged.connect(self._look)
        self.old.caps.connect(lambda on: self.note.say(CAPS_WORDS if on else "", "warning"))
        self.buttons.accepted.connect(self.try_save)
        self.buttons.rejected.connect(self.reject)
        bridge.read(self, lambda: read_settings(bureau), self._begin)

    def _begin(self, settings: BureauSettings) -> None:
        self.new.set_rules(settings.security, self._login, self._name)
        fit_height(self)

    def _look(self) -> None:
        self.save.setEnabled(not self._busy and bool(self.old.text()) and self.new.ready())

    def try_save(self) -> None:
        """Change it, off the GUI thread."""
        if not self.save.isEnabled():
            return
        self._busy = True
        self._look()
        self.note.say("正在核对，请稍候……")
        bureau, login, old, new = self._bureau, self._login, self.old.text(), self.new.value
        self._bridge.write(
            self,
            lambda: signing_in.change_password(bureau, login, old, new),
            self._saved,
            self._refused,
        )

    def _saved(self, _result: object) -> None:
        self.saved.emit()
        self.accept()

    def _refused(self, error: Exception) -> None:
        self._busy = False
        self._look()
        if isinstance(error, ZhixingError):
            self.note.say(refusal_words(error), "error")
        else:
            self.note.say("")
            messages.show_error(self, error)


def refusal_words(error: ZhixingError) -> str:
    """Return a refusal with all its problems in a few lines."""
    if isinstance(error, InputRefusedError) and error.problems:
        said = [messages.problem_words(problem) for problem in error.problems]
        return "；".join(dict.fromkeys(said)) + "。"
    return error.sentence
