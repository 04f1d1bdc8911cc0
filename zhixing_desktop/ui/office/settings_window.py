"""The window of the court's settings, made from their table: what each means, rests on, may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import at_desk, bureau_settings, setting_changes
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import (
    COURT_ACT,
    SECURITY_ACT,
    Setting,
    SettingLine,
)
from zhixing_desktop.services.setting_changes import SettingChange
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.office.pieces import Listing, OfficeWindow, allow, plain_button
from zhixing_desktop.ui.sign_in.password_dialog import refusal_words
from zhixing_desktop.workflow.errors import ZhixingError

_COLUMNS = (("设置", 12), ("现在", 14), ("来源", 4))
_Known = tuple[Sequence[SettingLine], Mapping[str, SettingChange], Mapping[str, str]]
Editor = QLineEdit | QPlainTextEdit | QSpinBox | QComboBox


class SettingsWindow(OfficeWindow):
    """All settings at the left; at the right the chosen one with its explanation and editor."""

    help_page = "settings"

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self._lines: Mapping[str, SettingLine] = {}
        self._changes: Mapping[str, SettingChange] = {}
        self._refusals: Mapping[str, str] = {}
        self.editor: Editor | None = None
        self.setWindowTitle("本院设置")
        self.list = Listing("设置", _COLUMNS, self)
        self.title = Words(bold=True, scale=1.2)
        self.explanation = Words()
        self.basis, self.bounds = Words(tone="muted"), Words(tone="muted")
        self.last = Words(tone="muted")
        self.reason = QLineEdit(self)
        self.reason.setAccessibleName("理由")
        self.reason.setPlaceholderText("为什么修改，记入日志")
        self.save = plain_button("保存", self.store, self)
        self._lay_out()
        self.list.currentItemChanged.connect(lambda *_: self._show_setting())
        self.reload()

    def _lay_out(self) -> None:
        right = QWidget(self)
        self.form = QFormLayout()
        self.form.addRow("理由", self.reason)
        side = QVBoxLayout(right)
        side.setContentsMargins(em(self, 0.8), 0, 0, 0)
        side.setSpacing(em(self, 0.6))
        for words in (self.title, self.explanation, self.basis, self.bounds):
            side.addWidget(words)
        side.addLayout(self.form)
        side.addWidget(self.save, 0, Qt.AlignmentFlag.AlignRight)
        side.addWidget(self.last)
        side.addWidget(self.note)
        side.addStretch(1)
        splitter = QSplitter(self)
        splitter.addWidget(self.list)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([em(self, 33), em(self, 33)])
        box = QVBoxLayout(self)
        box.addWidget(splitter)
        self.resize(em(self, 68), em(self, 36))

    # -------------------------------------------------------------------------------- showing

    def reload(self) -> None:
        """Read all settings anew."""
        bureau, actor = self._bureau, self._actor()

        def read() -> _Known:
            return (
                bureau_settings.setting_lines(bureau),
                setting_changes.last_changes(bureau),
                at_desk.refusals(bureau, actor, (COURT_ACT, SECURITY_ACT)),
            )

        self._bridge.read(self, read, self._show)

    def _show(self, known: _Known) -> None:
        lines, self._changes, self._refusals = known
        self._lines = {line.setting.key: line for line in lines}
        self.list.fill(
            (key, (line.setting.label, line.words, "默认" if line.standard else "已设"))
            for key, line in self._lines.items()
        )
        self._show_setting()

    def _show_setting(self) -> None:
        line = self._lines.get(self.list.key() or "")
        if line is None:
            return
        setting = line.setting
        self.title.setText(setting.label)
        self.explanation.setText(setting.explanation)
        self.basis.setText(f"依据　{setting.basis}")
        self.bounds.setText(self._bounds(setting))
        self.bounds.setVisible(bool(self.bounds.text()))
        change = self._changes.get(setting.key)
        self.last.setText(
            "没有修改过，按默认。"
            if change is None
            else f"最近修改　{change.at:%Y-%m-%d %H:%M}　{change.who}\n理由　{change.reason}"
        )
        self._show_editor(line)
        self.reason.clear()
        self.say("")
        refused = self._refusals.get(setting.act, "")
        for widget in (self.editor, self.reason):
            if widget is not None:
                widget.setEnabled(not refused)
                widget.setToolTip(refused)
        allow(self.save, self._refusals, setting.act)
        if refused:
            self.say(refused)

    def _bounds(self, setting: Setting) -> str:
        purpose = self._bureau.database.purpose
        standard = setting.words(setting.standard(purpose))
        if setting.kind != "whole":
            return f"默认　{standard}" if setting.kind == "choice" else ""
        least, most = setting.bounds(purpose)
        return f"可以是　{least}至{most}{setting.unit}；默认　{standard}"

    def _show_editor(self, line: SettingLine) -> None:
        editor = _editor_for(line, self._bureau.database.purpose, self)
        editor.setAccessibleName(line.setting.label)
        if self.editor is not None:
            self.form.removeRow(self.editor)
        self.editor = editor
        self.form.insertRow(0, "改为", editor)

    # --------------------------------------------------------------------------------- saving

    def store(self) -> None:
        """Save the chosen setting with the reason."""
        line = self._lines.get(self.list.key() or "")
        if line is None or self.editor is None:
            return
        bureau, actor, key = self._bureau, self._actor(), line.setting.key
        value, reason = value_of(self.editor), self.reason.text()
        self.save.setEnabled(False)
        self._bridge.write(
            self,
            lambda: bureau_settings.change_setting(bureau, actor, key, value, reason),
            self._saved,
            self._not_saved,
        )

    def _saved(self, changed: bool) -> None:
        self.changed.emit()
        self.reload()
        said = "已保存。" if changed else "原来就是这样，没有修改。"
        messages.tell(self, "本院设置", said)

    def _not_saved(self, error: Exception) -> None:
        self.save.setEnabled(True)
        if isinstance(error, ZhixingError):
            self.say(refusal_words(error), "error")
        else:
            self.refused(error)


def _editor_for(line: SettingLine, purpose: str, parent: QWidget) -> Editor:
    setting, value = line.setting, line.value
    if setting.kind == "whole":
        number = QSpinBox(parent)
        number.setRange(*setting.bounds(purpose))
        number.setSuffix(f" {setting.unit}" if setting.unit else "")
        number.setValue(value)
        return number
    if setting.kind == "choice":
        choice = QComboBox(parent)
        for name, word in setting.choices:
            choice.addItem(word, name)
        choice.setCurrentIndex(max(choice.findData(value), 0))
        return choice
    if setting.kind == "lines":
        text = QPlainTextEdit("\n".join(value), parent)
        text.setTabChangesFocus(True)
        text.setFixedHeight(text.fontMetrics().lineSpacing() * 5)
        return text
    return QLineEdit(str(value), parent)


def value_of(editor: Editor) -> object:
    """Return what an editor holds, as the service takes it."""
    if isinstance(editor, QSpinBox):
        return editor.value()
    if isinstance(editor, QComboBox):
        return editor.currentData()
    if isinstance(editor, QPlainTextEdit):
        return tuple(editor.toPlainText().split("\n"))
    return editor.text()
