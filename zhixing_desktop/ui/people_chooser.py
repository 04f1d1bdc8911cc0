"""Who sits at the desk: a plain list of the bureau's people with their roles.

This version asks for no password (the workstation's own sign-on stands before it); whatever is done
is written under the chosen name.  The last person is remembered by the workstation.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import people
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.people import ROLES, Person
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge

_PERSON = Qt.ItemDataRole.UserRole
_FOUNDER = Actor("系统管理员", ("系统管理员",))


class PeopleChooser(QDialog):
    """Lets somebody say who they are; ``chosen`` carries an :class:`Actor`.

    ``last_user`` is the name to begin with.  Where the bureau has nobody yet, people can be added.
    """

    chosen = Signal(object)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        *,
        last_user: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bureau = bureau
        self._bridge = bridge
        self._last_user = last_user
        self._everybody: Sequence[Person] = ()
        self._items: list[QTreeWidgetItem] = []
        self.setWindowTitle("选择办案人员")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("输入姓名、角色或者团队查找")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("查找人员")
        self.list = QTreeWidget(self)
        self.list.setAccessibleName("人员")
        self.list.setHeaderLabels(["姓名", "角色", "团队"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAllColumnsShowFocus(True)
        self.list.setAlternatingRowColors(True)
        self._hint = QLabel("正在读取人员名册……", self)
        self._hint.setWordWrap(True)
        self.buttons = QDialogButtonBox(self)
        self._enter = self.buttons.addButton("进入", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        self._enter.setEnabled(False)
        self._adding = self._make_adding()
        self._lay_out()
        self._connect()
        self._load()

    def _make_adding(self) -> QGroupBox:
        box = QGroupBox("登记人员", self)
        self.new_name = QLineEdit(box)
        self.new_name.setPlaceholderText("姓名")
        self.new_role = QComboBox(box)
        self.new_role.addItems(ROLES)
        self.new_role.setCurrentText("系统管理员")
        self.new_team = QLineEdit(box)
        self.new_team.setPlaceholderText("可以不填")
        self._add = QPushButton("登记", box)
        form = QFormLayout()
        form.addRow("姓名", self.new_name)
        form.addRow("角色", self.new_role)
        form.addRow("团队", self.new_team)
        line = QHBoxLayout(box)
        line.addLayout(form, 1)
        line.addWidget(self._add, 0, Qt.AlignmentFlag.AlignBottom)
        return box

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.addWidget(self._hint)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._adding)
        layout.addWidget(self.buttons)
        em = self.fontMetrics().horizontalAdvance("案")
        self.resize(em * 34, em * 30)
        for column, share in enumerate((8, 14)):
            self.list.setColumnWidth(column, em * share)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._accept_current)
        self.list.itemActivated.connect(self._accept_current)
        self.list.currentItemChanged.connect(self._on_current)
        self.buttons.accepted.connect(self._accept_current)
        self.buttons.rejected.connect(self.reject)
        self._add.clicked.connect(self._on_add)
        self.new_name.returnPressed.connect(self._on_add)

    # ------------------------------------------------------------------------------------ content

    def _load(self) -> None:
        self._bridge.read(self, lambda: people.all_people(self._bureau), self._show, self._refused)

    def _show(self, everybody: Sequence[Person]) -> None:
        self._everybody = [person for person in everybody if person.active]
        self.list.clear()
        self._items = []
        for person in self._everybody:
            words = [person.name, "、".join(person.roles), person.team]
            item = QTreeWidgetItem(self.list, words)
            item.setData(0, _PERSON, person.name)
            self._items.append(item)
        empty = not self._everybody
        self._adding.setVisible(empty)
        self.search.setVisible(not empty)
        self.list.setVisible(not empty)
        self._hint.setText(
            "这个数据库里还没有人员。请先登记系统管理员，以后由其登记其他人员。"
            if empty
            else "请选择您的姓名。办理的每一步都会记在这个姓名下。"
        )
        if empty:
            self.new_name.setFocus()
            return
        self._filter(self.search.text())
        remembered = [i for i, p in enumerate(self._everybody) if p.name == self._last_user]
        if remembered:
            self.list.setCurrentItem(self._items[remembered[0]])
            self.list.setFocus()
        else:
            self.search.setFocus()

    def _filter(self, text: str) -> None:
        wanted = text.strip()
        first: QTreeWidgetItem | None = None
        for item in self._items:
            words = " ".join(item.text(column) for column in range(3))
            item.setHidden(bool(wanted) and wanted not in words)
            if first is None and not item.isHidden():
                first = item
        current = self.list.currentItem()
        if first is not None and (current is None or current.isHidden()):
            self.list.setCurrentItem(first)
        self._on_current()

    def _on_current(self) -> None:
        item = self.list.currentItem()
        self._enter.setEnabled(item is not None and not item.isHidden())

    # ------------------------------------------------------------------------------------ choosing

    def _accept_current(self) -> None:
        item = self.list.currentItem()
        if item is None or item.isHidden():
            return
        name = item.data(0, _PERSON)
        person = next(person for person in self._everybody if person.name == name)
        self.chosen.emit(person.actor())
        self.accept()

    def _on_add(self) -> None:
        entry = (self.new_name.text().strip(), (self.new_role.currentText(),), self.new_team.text())
        self._add.setEnabled(False)
        self._last_user = entry[0]
        self._bridge.write(
            self,
            lambda: people.add_people(self._bureau, _FOUNDER, [entry]),
            lambda _: self._load(),
            self._refused,
        )

    def _refused(self, error: Exception) -> None:
        self._add.setEnabled(True)
        messages.show_error(self, error)
