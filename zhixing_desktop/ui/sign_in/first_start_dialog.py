"""The first start: the court, then the first administrators, then they can sign in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import people
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.bureau_settings import (
    BureauSettings,
    CourtProfile,
    SecurityRules,
    read_settings,
)
from zhixing_desktop.services.first_start import FirstPerson, first_start
from zhixing_desktop.services.passwords import one_time_password
from zhixing_desktop.services.people import AUDITOR, SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.ui.sign_in.new_password import NewPassword, align_labels, heading
from zhixing_desktop.ui.sign_in.once import show_once
from zhixing_desktop.workflow.errors import InputRefusedError, ZhixingError

_Known = tuple[BureauSettings, Sequence[people.Person]]
_STEPS = ("第一步　本院", "第二步　管理员")


class PersonBox(QGroupBox):
    """One of the first people: name, login, password (or one made up for who is not here)."""

    def __init__(self, role: str, words: str, *, absent: bool, parent: QWidget) -> None:
        super().__init__(role, parent)
        self.role = role
        self._rules: SecurityRules | None = None
        self._made, self._made_for = "", ("", "")
        self.name = QComboBox(self)
        self.name.setEditable(True)
        self.name.setAccessibleName(f"{role}姓名")
        self.login = QLineEdit(self)
        self.login.setPlaceholderText("不填即同姓名")
        self.login.setAccessibleName(f"{role}登录名")
        self.absent = QCheckBox("本人不在场：生成一次性密码，首次登录须更换", self)
        self.absent.setVisible(absent)
        self.password = NewPassword(self)
        form = QFormLayout(self)
        form.addRow(Words(words, tone="muted"))
        form.addRow("姓名", self.name)
        form.addRow("登录名", self.login)
        form.addRow("", self.absent)
        form.addRow(self.password)
        align_labels(form, self.password.form)
        self.absent.toggled.connect(lambda on: self.password.setVisible(not on))
        self.name.editTextChanged.connect(self._on_person)
        self.login.textChanged.connect(self._on_person)

    def begin(self, rules: SecurityRules, everybody: Sequence[people.Person]) -> None:
        """Offer whoever is on the staff already and has no role that excludes this one."""
        self._rules = rules
        fit = [p.name for p in everybody if p.active and set(p.roles) <= {self.role}]
        holders = [p.name for p in everybody if p.active and self.role in p.roles]
        self.name.addItems(fit)
        self.name.setEditText(holders[0] if holders and holders[0] in fit else "")
        self.password.set_rules(rules, "", "")

    def _on_person(self) -> None:
        self.password.set_person(self.login.text().strip(), self.name.currentText().strip())

    def person(self) -> FirstPerson:
        """Return what was filled in."""
        name = self.name.currentText().strip()
        login = self.login.text().strip() or name
        if self.absent.isChecked() and self._rules is not None:
            if self._made_for != (name, login):
                self._made_for = (name, login)
                self._made = one_time_password(self._rules, login=login, name=name)
            return FirstPerson(name, login, self._made, must_change=True)
        return FirstPerson(name, login, self.password.value)

    def differs(self) -> bool:
        """Whether the two fields of the password hold different words."""
        if self.absent.isChecked():
            return False
        return self.password.first.text() != self.password.again.text()


class FirstStartDialog(QDialog):
    """``started`` carries the login of the first 系统管理员."""

    help_page = "first-start"
    started = Signal(str)

    def __init__(self, bureau: Bureau, bridge: Bridge, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bureau, self._bridge = bureau, bridge
        self._busy = False
        self.setWindowTitle("首次启动 — 知行")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self._court_page())
        self.pages.addWidget(self._people_page())
        self.head = heading(_STEPS[0], self)
        self.note = NoteLabel(self)
        self.leave = QPushButton("退出", self)
        self.back = QPushButton("上一步", self)
        self.next = QPushButton("下一步", self)
        for button in (self.leave, self.back):
            button.setAutoDefault(False)
        self.next.setDefault(True)
        self.next.setEnabled(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.next)
        box = QVBoxLayout(self)
        box.addWidget(self.head)
        box.addWidget(self.pages, 1)
        box.addWidget(self.note)
        box.addLayout(buttons)
        self.leave.clicked.connect(self.reject)
        self.back.clicked.connect(lambda: self._show_page(0))
        self.next.clicked.connect(self.go_on)
        self._show_page(0)
        room = self.screen().availableGeometry()
        self.resize(
            min(em(self, 56), room.width() * 9 // 10), min(em(self, 42), room.height() * 9 // 10)
        )
        bridge.read(self, self._read, self._begin, self._refused)

    def _court_page(self) -> QWidget:
        page = QWidget(self)
        self.name, self.code = QLineEdit(page), QLineEdit(page)
        self.superior, self.high = QLineEdit(page), QLineEdit(page)
        self.letterhead = QPlainTextEdit(page)
        self.letterhead.setTabChangesFocus(True)
        self.letterhead.setFixedHeight(self.fontMetrics().lineSpacing() * 4)
        self.letterhead.setPlaceholderText("可以写几行；不写即用法院名称")
        for field, words in (
            (self.name, "如 焦作市山阳区人民法院"),
            (self.code, "案号中的代字，如 豫0811"),
            (self.superior, "如 河南省焦作市中级人民法院"),
            (self.high, "如 河南省高级人民法院"),
        ):
            field.setPlaceholderText(words)
        box = QVBoxLayout(page)
        said = (
            "这个数据库还没有账号。请先填写本院情况，再设最初的管理员；以后可以在“本院设置”中修改。"
        )
        box.addWidget(Words(said))
        form = QFormLayout()
        box.addLayout(form)
        box.addStretch(1)
        form.addRow("法院名称", self.name)
        form.addRow("法院代字", self.code)
        form.addRow("上级中级人民法院", self.superior)
        form.addRow("高级人民法院", self.high)
        form.addRow("抬头", self.letterhead)
        return page

    def _people_page(self) -> QWidget:
        inner = QWidget(self)
        words = {
            SYSTEM_ADMINISTRATOR: "登记人员、建立账号、备份；不授予角色，也不办案。",
            SECURITY_ADMINISTRATOR: "授予角色、修改安全设置；不建立账号，也不办案。",
            AUDITOR: "查看、核对、导出日志。可以以后再设，姓名不填即不设。",
        }
        self.boxes = {
            role: PersonBox(role, said, absent=role != SYSTEM_ADMINISTRATOR, parent=inner)
            for role, said in words.items()
        }
        box = QVBoxLayout(inner)
        box.addWidget(Words(f"{people.APART}。几个人须各用自己的账号和密码。"))
        for entry in self.boxes.values():
            box.addWidget(entry)
        box.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        return area

    def _read(self) -> _Known:
        return read_settings(self._bureau), people.all_people(self._bureau)

    def _begin(self, known: _Known) -> None:
        settings, everybody = known
        self.name.setText(settings.court.name)
        self.code.setText(settings.court.code)
        self.superior.setText(settings.court.superior)
        self.high.setText(settings.court.high)
        for box in self.boxes.values():
            box.begin(settings.security, everybody)
        self.next.setEnabled(True)
        self.name.setFocus()

    def _show_page(self, number: int) -> None:
        self.pages.setCurrentIndex(number)
        self.head.setText(_STEPS[number])
        self.back.setVisible(number > 0)
        self.next.setText("完成" if number else "下一步")
        self.note.say("")

    # ------------------------------------------------------------------------------ finishing

    def go_on(self) -> None:
        """To the next page, or do it."""
        if self._busy:
            return
        if self.pages.currentIndex() == 0:
            if self.name.text().strip():
                self._show_page(1)
                self.boxes[SYSTEM_ADMINISTRATOR].name.setFocus()
            else:
                self.note.say("请填写法院名称。", "error")
                self.name.setFocus()
            return
        differing = [box.role for box in self._wanted() if box.differs()]
        if differing:
            self.note.say(f"{'、'.join(differing)}两次输入的密码不一样。", "error")
            return
        self._start()

    def _wanted(self) -> list[PersonBox]:
        auditor = self.boxes[AUDITOR]
        boxes = [self.boxes[SYSTEM_ADMINISTRATOR], self.boxes[SECURITY_ADMINISTRATOR]]
        return [*boxes, auditor] if auditor.name.currentText().strip() else boxes

    def _start(self) -> None:
        court = CourtProfile(
            self.name.text().strip(),
            self.code.text().strip(),
            self.superior.text().strip(),
            self.high.text().strip(),
            tuple(self.letterhead.toPlainText().split("\n")),
        )
        persons = [box.person() for box in self._wanted()]
        bureau = self._bureau
        self._set_busy(busy=True)
        self.note.say("正在建立，请稍候……")
        self._bridge.write(
            self,
            lambda: first_start(bureau, court, *persons),
            lambda _: self._done(persons),
            self._refused,
        )

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        for widget in (self.pages, self.back, self.next, self.leave):
            widget.setEnabled(not busy)

    def _done(self, persons: Sequence[FirstPerson]) -> None:
        made = [(p.name, p.login, p.password) for p in persons if p.must_change]
        login = persons[0].login
        if not made:
            self._finish(login)
            return
        self.note.say("")
        show_once(made, parent=self).finished.connect(lambda _: self._finish(login))

    def _finish(self, login: str) -> None:
        self._busy = False
        self.started.emit(login)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self._set_busy(busy=False)
        if isinstance(error, InputRefusedError) and error.problems:
            lines = [messages.problem_words(problem) for problem in error.problems]
            self.note.say("\n　· ".join((error.sentence, *dict.fromkeys(lines))), "error")
        elif isinstance(error, ZhixingError):
            self.note.say(error.sentence, "error")
        else:
            self.note.say("")
            messages.show_error(self, error)

    def reject(self) -> None:
        """Give up; not while it is being written."""
        if not self._busy:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Treat the cross as giving up."""
        event.ignore()
        self.reject()
