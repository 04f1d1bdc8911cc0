"""Signing in: name and password, compared off the GUI thread; a forced change in the same window.

The same dialog unlocks a locked window: then the name stands fixed, until somebody else takes over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import at_desk, signing_in
from zhixing_desktop.services.at_desk import SignInName
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.bureau_settings import BureauSettings, read_settings
from zhixing_desktop.services.signing_in import SignedIn
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Box, Words, em, fit_height
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.ui.sign_in.name_list import NameCompleter, RoleTree
from zhixing_desktop.ui.sign_in.new_password import NewPassword, heading
from zhixing_desktop.ui.sign_in.password_dialog import refusal_words
from zhixing_desktop.ui.sign_in.password_edit import CAPS_WORDS, PasswordEdit
from zhixing_desktop.ui.window_actions import TITLE
from zhixing_desktop.workflow.errors import ZhixingError

_Known = tuple[BureauSettings, Sequence[SignInName]]
LOCKED_TITLE = "知行 · 已锁定"


class SignInDialog(QDialog):
    """``signed_in`` carries a :class:`SignedIn` whose password need not be changed any more.

    ``known`` when names are completed.  ``login`` is written into the field.  With ``holder``, the
    name of who works here, it is the lock: it cannot be closed, ``quit_wanted`` asks to end the
    program.  ``why`` stands above.
    """

    help_page = "sign-in"
    signed_in = Signal(object)
    known = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        *,
        login: str = "",
        holder: str = "",
        why: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge = bureau, bridge
        self._holder = holder
        self._sample = bureau.database.purpose == "sample"
        self._signed: SignedIn | None = None
        self._settings: BureauSettings | None = None
        self._busy = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(LOCKED_TITLE if holder else f"登录 — {TITLE}")
        self.pages = QStackedWidget(self)
        self.head = heading("知行", self)
        self.court = Words(TITLE, tone="muted", selectable=False, parent=self)
        self.why = NoteLabel(self)
        self.login = QLineEdit(self)
        self.login.setAccessibleName("姓名或者登录名")
        self.login.setPlaceholderText("姓名、登录名或者拼音首字母")
        self.completer = NameCompleter(self.login)
        self.password = PasswordEdit("密码", self)
        self.caps = NoteLabel(self)
        self.note = NoteLabel(self)
        self.people = RoleTree(self)
        self.people.setMinimumHeight(em(self, 16))
        self.enter = QPushButton("解锁" if holder else "登录", self)
        self.enter.setDefault(True)
        self.other = QPushButton("换人…", self)
        self.leave = QPushButton("退出程序", self)
        self.new = NewPassword(self)
        self.new_why = NoteLabel(self)
        self.new_note = NoteLabel(self)
        self._lay_out()
        self._connect()
        self.login.setText(login or holder)
        self._fix_name(fixed=bool(holder))
        self.why.say(why, "warning")
        if self._sample:
            self._fill_sample()
        bridge.read(self, self._read, self._show_known, self._refused)

    # ------------------------------------------------------------------------------ building

    def _lay_out(self) -> None:
        self.pages.addWidget(self._first_page())
        self.pages.addWidget(self._second_page())
        box = QVBoxLayout(self)
        box.addWidget(self.pages)
        self.resize(em(self, 30), em(self, 15))

    def _first_page(self) -> QWidget:
        page = QWidget(self)
        form = QFormLayout()
        form.addRow("姓名", self.login)
        form.addRow("密码", self.password)
        form.addRow("", self.caps)
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        buttons.addWidget(self.other)
        buttons.addWidget(self.enter)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        for widget in (self.head, self.court, self.why):
            box.addWidget(widget)
        if self._sample:
            box.addWidget(self._sample_box())
            box.addWidget(self.people, 1)
        else:
            self.people.hide()
        box.addLayout(form)
        box.addWidget(self.note)
        box.addStretch(0 if self._sample else 1)
        box.addLayout(buttons)
        for button in (self.other, self.leave):
            button.setAutoDefault(False)
        return page

    def _sample_box(self) -> QWidget:
        from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD

        frame = Box("strong", self)
        inner = QVBoxLayout(frame)
        inner.addWidget(Words("这是示例局，供试用；人员和案件都是编造的。", bold=True))
        words = f"每个人的密码都是“{SAMPLE_PASSWORD}”，已经填好。"
        inner.addWidget(Words(words))
        return frame

    def _second_page(self) -> QWidget:
        page = QWidget(self)
        self.save = QPushButton("更换密码并进入", page)
        self.back = QPushButton("返回", page)
        self.back.setAutoDefault(False)
        self.save.setEnabled(False)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.save)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(heading("请更换密码", page))
        for widget in (self.new_why, self.new, self.new_note):
            box.addWidget(widget)
        box.addStretch(1)
        box.addLayout(buttons)
        return page

    def _connect(self) -> None:
        self.enter.clicked.connect(self.try_enter)
        self.other.clicked.connect(self.let_others)
        self.leave.clicked.connect(self._on_leave)
        self.password.caps.connect(self._on_caps)
        self.people.currentItemChanged.connect(self._on_picked)
        self.people.itemActivated.connect(self.try_enter)
        self.save.clicked.connect(self.try_change)
        self.back.clicked.connect(self._go_back)
        self.new.changed.connect(self._look_new)

    def _fix_name(self, *, fixed: bool) -> None:
        self.login.setReadOnly(fixed)
        self.people.setVisible(self._sample and not fixed)
        self.other.setVisible(fixed)
        if self._holder:
            said = f"{self._holder}的窗口已锁定" if fixed else "换人登录"
            self.head.setText(said)
            self.leave.setVisible(not fixed)
        (self.password if self.login.text() else self.login).setFocus()

    def let_others(self) -> None:
        """Let anybody sign in at a locked window."""
        self.login.clear()
        self.password.clear()
        self._fix_name(fixed=False)
        self.why.say(
            f"别人登录后，{self._holder}打开的窗口全部关闭；办理节点、新收案件中填写的内容"
            f"留作草稿，只有{self._holder}本人能看到。{self._holder}登录则接着办理。"
        )
        if self._sample:
            self._fill_sample()
        self.note.say("")
        self.enter.setText("登录")
        self.login.setFocus()
        QTimer.singleShot(0, self, lambda: fit_height(self))

    def _fill_sample(self) -> None:
        from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD

        self.password.setText(SAMPLE_PASSWORD)

    def _read(self) -> _Known:
        return read_settings(self._bureau), at_desk.sign_in_names(self._bureau)

    def _show_known(self, known: _Known) -> None:
        self._settings, names = known
        self.completer.names.offer(names)
        if self._settings.court.name:
            self.court.setText(self._settings.court.name)
            self.court.show()
        if self._sample:
            self.people.offer(names)
            wanted = self.login.text() or next((n.name for n in names if "承办人" in n.roles), "")
            self.people.pick(wanted)
        self.known.emit()
        QTimer.singleShot(0, self, lambda: fit_height(self))

    @property
    def names_known(self) -> bool:
        """Whether names are completed already."""
        return self._settings is not None

    def _on_picked(self) -> None:
        if self.people.picked() and not self.login.isReadOnly():
            self.login.setText(self.people.picked())
            self._fill_sample()

    def _on_caps(self, on: bool) -> None:
        self.caps.say(CAPS_WORDS if on else "", "warning")

    # ------------------------------------------------------------------------------- entering

    def try_enter(self) -> None:
        """Compare, off the GUI thread; Argon2id takes long on purpose."""
        if self._busy:
            return
        login, password = self.login.text().strip(), self.password.text()
        if not login or not password:
            self.note.say("请输入密码。" if login else "请输入姓名或者登录名。", "error")
            (self.password if login else self.login).setFocus()
            return
        self._set_busy(busy=True)
        self.note.say("正在核对，请稍候……")
        bureau = self._bureau
        self._bridge.write(
            self, lambda: signing_in.sign_in(bureau, login, password), self._entered, self._refused
        )

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        for widget in (self.login, self.password, self.enter, self.other, self.people):
            widget.setEnabled(not busy)

    def _entered(self, signed: SignedIn) -> None:
        self._set_busy(busy=False)
        self._signed = signed
        if signed.must_change:
            self._ask_new(signed)
        else:
            self._finish(signed)

    def _finish(self, signed: SignedIn) -> None:
        self.password.clear()
        self.new.clear()
        self.signed_in.emit(signed)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self._set_busy(busy=False)
        if not isinstance(error, ZhixingError):
            self.note.say("")
            messages.show_error(self, error)
            return
        self.note.say(error.sentence, "error")
        self.password.selectAll()
        self.password.setFocus()
        QTimer.singleShot(0, self, lambda: fit_height(self))

    # -------------------------------------------------------------------------- forced change

    def _ask_new(self, signed: SignedIn) -> None:
        self.note.say("")
        self.new_why.say(signed.must_change, "warning")
        if self._settings is not None:
            self.new.set_rules(self._settings.security, signed.login, signed.actor.name)
        self.pages.setCurrentIndex(1)
        self.save.setDefault(True)
        self.new.first.setFocus()
        QTimer.singleShot(0, self, lambda: fit_height(self))

    def _look_new(self) -> None:
        self.save.setEnabled(not self._busy and self.new.ready())

    def try_change(self) -> None:
        """Change the password, then go on as signed in."""
        if self._signed is None or not self.save.isEnabled():
            return
        bureau, login = self._bureau, self._signed.login
        old, new = self.password.text(), self.new.value
        self._busy = True
        self._look_new()
        self.new_note.say("正在更换，请稍候……")
        self._bridge.write(
            self,
            lambda: signing_in.change_password(bureau, login, old, new),
            self._changed,
            self._not_changed,
        )

    def _changed(self, _result: object) -> None:
        self._busy = False
        assert self._signed is not None
        self._finish(replace(self._signed, must_change=""))

    def _not_changed(self, error: Exception) -> None:
        self._busy = False
        self._look_new()
        if isinstance(error, ZhixingError):
            self.new_note.say(refusal_words(error), "error")
            QTimer.singleShot(0, self, lambda: fit_height(self))
        else:
            self.new_note.say("")
            messages.show_error(self, error)

    def _go_back(self) -> None:
        self._signed = None
        self.new.clear()
        self.password.clear()
        self.pages.setCurrentIndex(0)
        self.enter.setDefault(True)
        self.password.setFocus()

    # -------------------------------------------------------------------------------- leaving

    def _on_leave(self) -> None:
        if not self._holder:
            self.reject()
            return
        messages.ask(
            self,
            "退出程序",
            f"要退出程序吗？{self._holder}打开的窗口全部关闭。",
            self.quit_wanted.emit,
            yes_words="退出",
            below="办理节点、新收案件中填写的内容留作本人的草稿，其他没有保存的内容不保留。",
            default_yes=False,
        )

    def reject(self) -> None:
        """Give up; a lock cannot be given up."""
        if not self._holder and not self._busy:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Treat the cross as leaving; at a lock, ask."""
        event.ignore()
        if self._holder:
            self._on_leave()
        else:
            self.reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the first field leads to the second."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.login.hasFocus() and not self.password.text():
            self.password.setFocus()
            return
        super().keyPressEvent(event)
