"""The window of the bureau's people: roles, teams, clerks, who is on duty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import at_desk, people
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.people import ADMINISTRATORS, APART, ROLES, Person
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.ui.office.pieces import Listing, OfficeWindow, allow, plain_button
from zhixing_desktop.ui.sign_in.password_dialog import refusal_words
from zhixing_desktop.workflow.errors import StaleEditError, ZhixingError

_COLUMNS = (("姓名", 6), ("角色", 14), ("团队", 8), ("书记员", 6), ("状态", 4))
_Known = tuple[Sequence[Person], Mapping[str, str]]
TITLES = ("审判员", "执行员", "法官助理", "书记员", "执行局局长", "副院长", "院长")
"""Proposed beside those that are on the list already; a court may write others."""
OWN = "自己的角色不能由自己修改，请另一名安全管理员办理。"
SELF_LEAVE = "自己不能把自己设为离岗，请另一名系统管理员办理。"


class RoleBoxes(QGroupBox):
    """A box for each role; what excludes what is greyed out and said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("角色", parent)
        self.boxes = {role: QCheckBox(role, self) for role in ROLES}
        self._editable = True
        grid = QGridLayout()
        plain = [role for role in ROLES if role not in ADMINISTRATORS]
        for place, role in enumerate((*plain, *ADMINISTRATORS)):
            grid.addWidget(self.boxes[role], place // 2, place % 2)
            self.boxes[role].toggled.connect(self._exclude)
        self._box = QVBoxLayout(self)
        self._box.addLayout(grid)
        self._box.addWidget(Words(f"{APART}。", tone="muted"))

    def add_button(self, button: QWidget) -> None:
        """Put a button below the roles."""
        self._box.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)

    def roles(self) -> tuple[str, ...]:
        """Return the roles that are ticked, in their order."""
        return tuple(role for role, box in self.boxes.items() if box.isChecked())

    def show_roles(self, roles: Sequence[str]) -> None:
        """Tick exactly these."""
        for role, box in self.boxes.items():
            box.setChecked(role in roles)
        self._exclude()

    def set_editable(self, editable: bool, why: str) -> None:
        """Let roles be ticked, or say why not."""
        self._editable = editable
        self.setToolTip("" if editable else why)
        self._exclude()

    def _exclude(self) -> None:
        ticked = self.roles()
        for role, box in self.boxes.items():
            others = [other for other in ticked if other != role]
            admin = role in ADMINISTRATORS or any(other in ADMINISTRATORS for other in others)
            barred = bool(others) and admin and not box.isChecked()
            box.setEnabled(self._editable and not barred)
            box.setToolTip(f"不能与{'、'.join(others)}并存" if barred else "")


class PeopleWindow(OfficeWindow):
    """Everybody at the left, the chosen person at the right."""

    help_page = "people"

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self._everybody: Sequence[Person] = ()
        self._refusals: Mapping[str, str] = {}
        self.person: Person | None = None
        self.setWindowTitle("人员名册")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("姓名、角色或者团队")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("查找人员")
        self.gone = QCheckBox("也显示离岗的", self)
        self.list = Listing("人员", _COLUMNS, self)
        self.title = Words(bold=True, scale=1.2)
        self.roles = RoleBoxes(self)
        self.team = QComboBox(self)
        self.team.setEditable(True)
        self.team.setAccessibleName("团队")
        self.clerk = QComboBox(self)
        self.clerk.setAccessibleName("书记员")
        self.title_on_papers = QComboBox(self)
        self.title_on_papers.setEditable(True)
        self.title_on_papers.setAccessibleName("职务")
        self.telephone = QLineEdit(self)
        self.telephone.setAccessibleName("办公电话")
        self.telephone.setPlaceholderText("例如：0391-1234567")
        self.add = plain_button("登记人员…", self.ask_new, self)
        self.save_roles = plain_button("保存角色", self.store_roles, self)
        self.save_place = plain_button("保存所在、职务和电话", self.store_place, self)
        self.leave = plain_button("设为离岗…", self.ask_leave, self)
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.gone.toggled.connect(self._fill)
        self.list.currentItemChanged.connect(lambda *_: self._show_person())
        self.reload()

    def _lay_out(self) -> None:
        left = QWidget(self)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.gone)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self.add)
        bottom.addStretch(1)
        column.addLayout(bottom)
        right = QWidget(self)
        form = QFormLayout()
        form.addRow("团队", self.team)
        form.addRow("书记员", self.clerk)
        form.addRow("职务", self.title_on_papers)
        form.addRow("办公电话", self.telephone)
        for editor in (self.title_on_papers, self.telephone):
            editor.setToolTip("印在文书上")
        place = QGroupBox("所在、职务和电话", self)
        inner = QVBoxLayout(place)
        inner.addLayout(form)
        inner.addWidget(self.save_place, 0, Qt.AlignmentFlag.AlignRight)
        self.roles.add_button(self.save_roles)
        side = QVBoxLayout(right)
        side.setContentsMargins(em(self, 0.8), 0, 0, 0)
        side.addWidget(self.title)
        side.addWidget(self.roles)
        side.addWidget(place)
        side.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignLeft)
        side.addStretch(1)
        self.splitter = QSplitter(self)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        box = QVBoxLayout(self)
        box.addWidget(self.splitter, 1)
        box.addWidget(self.note)
        self.resize(em(self, 72), em(self, 42))

    # -------------------------------------------------------------------------------- showing

    def reload(self) -> None:
        """Read everybody anew."""
        bureau, actor = self._bureau, self._actor()

        def read() -> _Known:
            acts = ("staff.edit", "staff.roles")
            return people.all_people(bureau), at_desk.refusals(bureau, actor, acts)

        self._bridge.read(self, read, self._show)

    def _show(self, known: _Known) -> None:
        self._everybody, self._refusals = known
        teams = sorted({person.team for person in self._everybody if person.team})
        self.team.clear()
        self.team.addItems(["", *teams])
        titles = {person.title for person in self._everybody if person.title}
        self.title_on_papers.clear()
        self.title_on_papers.addItems(["", *TITLES, *sorted(titles - set(TITLES))])
        self.clerk.clear()
        self.clerk.addItem("（没有固定的书记员）", None)
        for person in self._everybody:
            if person.active and "书记员" in person.roles:
                self.clerk.addItem(person.name, person.id)
        allow(self.add, self._refusals, "staff.edit")
        self._fill()

    def _fill(self) -> None:
        word = self.search.text().strip()
        names = {person.id: person.name for person in self._everybody}
        rows = []
        for person in self._everybody:
            words = [
                person.name,
                "、".join(person.roles) or "还没有角色",
                person.team,
                names.get(person.clerk_id or 0, ""),
                "在岗" if person.active else "离岗",
            ]
            if (person.active or self.gone.isChecked()) and word in " ".join(words):
                rows.append((person.id, words))
        away = {person.id for person in self._everybody if not person.active}
        self.list.fill(rows, grey=away)
        self._show_person()

    def _show_person(self) -> None:
        number = self.list.key()
        self.person = next((p for p in self._everybody if p.id == number), None)
        person = self.person
        there = person is not None
        own = there and person is not None and person.id == self._actor().staff_id
        for widget in (self.roles, self.team, self.clerk, self.title_on_papers, self.telephone):
            widget.setEnabled(there)
        if person is not None:
            self.title.setText(f"{person.name}　{'在岗' if person.active else '已离岗'}")
            self.roles.show_roles(person.roles)
            self.team.setEditText(person.team)
            self.clerk.setCurrentIndex(max(self.clerk.findData(person.clerk_id), 0))
            self.title_on_papers.setEditText(person.title)
            self.telephone.setText(person.telephone)
            self.leave.setText("设为离岗…" if person.active else "设为在岗…")
        why = self._refusals.get("staff.roles", OWN if own else "")
        self.roles.set_editable(there and not why, why)
        allow(self.save_roles, self._refusals, "staff.roles", also=there and not own, why=OWN)
        allow(self.save_place, self._refusals, "staff.edit", also=there)
        allow(self.leave, self._refusals, "staff.edit", also=there and not own, why=SELF_LEAVE)
        edits = "staff.edit" not in self._refusals and there
        for widget in (self.team, self.title_on_papers, self.telephone):
            widget.setEnabled(edits)
        officer = person is not None and "承办人" in person.roles
        self.clerk.setEnabled(edits and officer)
        self.clerk.setToolTip("" if officer else "只有承办人有书记员")

    # --------------------------------------------------------------------------------- saving

    def store_roles(self) -> None:
        """Give the chosen person exactly the ticked roles."""
        person, wanted = self.person, self.roles.roles()
        if person is None:
            return
        bureau, actor, version = self._bureau, self._actor(), person.version
        self._store(
            person,
            lambda: people.change_roles(bureau, actor, person.id, wanted, version=version),
            f"角色：{'、'.join(wanted) or '没有角色'}",
        )

    def store_place(self) -> None:
        """Save team, clerk, and the title and telephone that papers print."""
        person, team, clerk = self.person, self.team.currentText(), self.clerk.currentData()
        if person is None:
            return
        bureau, actor = self._bureau, self._actor()
        title, telephone = self.title_on_papers.currentText(), self.telephone.text()

        def save() -> Person:
            now = person
            if (title.strip(), telephone.strip()) != (person.title, person.telephone):
                # First, since it may be refused for what was typed.
                now = people.set_contact(
                    bureau, actor, person.id, title, telephone, version=now.version
                )
            now = people.set_team(bureau, actor, person.id, team, version=now.version)
            if "承办人" not in now.roles:
                return now
            return people.set_clerk(bureau, actor, person.id, clerk, version=now.version)

        mine = f"团队：{team or '无'}；书记员：{self.clerk.currentText()}"
        self._store(person, save, f"{mine}；{_contact(title, telephone)}")

    def ask_leave(self) -> None:
        """Ask, then let the chosen person leave or come back."""
        person = self.person
        if person is None:
            return
        word = "离岗" if person.active else "在岗"
        below = "离岗后不能登录；所做过的一切仍在，承办的案件须由执行局长或者主管院领导更换承办人。"
        messages.ask(
            self,
            f"设为{word}",
            f"要把{person.name}设为{word}吗？",
            lambda: self.store_active(active=not person.active),
            yes_words=f"设为{word}",
            below=below if person.active else "",
        )

    def store_active(self, *, active: bool) -> None:
        """Let the chosen person leave or come back."""
        person = self.person
        if person is None:
            return
        bureau, actor, version = self._bureau, self._actor(), person.version
        self._store(
            person,
            lambda: people.set_active(bureau, actor, person.id, active=active, version=version),
            "在岗" if active else "离岗",
        )

    def _store(self, person: Person, job: Callable[[], Person], mine: str) -> None:
        def refused(error: Exception) -> None:
            if isinstance(error, StaleEditError):
                self._show_both(person, mine, error)
            else:
                self.refused(error)

        def saved(now: Person) -> None:
            self.say(f"已保存：{now.name}")
            self.changed.emit()
            self.reload()

        self._bridge.write(self, job, saved, refused)

    def _show_both(self, person: Person, mine: str, error: StaleEditError) -> None:
        """Show what somebody else saved meanwhile beside what was about to be saved."""

        def show(everybody: Sequence[Person]) -> None:
            now = next((p for p in everybody if p.id == person.id), person)
            names = {p.id: p.name for p in everybody}
            messages.show_both(
                self,
                error,
                yours=mine,
                before=_words(person, names),
                theirs=_words(now, names),
            ).finished.connect(self.reload)

        self._bridge.read(self, lambda: people.all_people(self._bureau), show)

    def ask_new(self) -> NewPersonDialog:
        """Open the dialog for somebody new."""
        dialog = NewPersonDialog(self._bureau, self._bridge, self._actor(), self)
        dialog.accepted.connect(self.changed)
        dialog.accepted.connect(self.reload)
        dialog.open()
        return dialog


def _words(person: Person, names: Mapping[int, str]) -> str:
    clerk = names.get(person.clerk_id or 0, "无")
    state = "在岗" if person.active else "离岗"
    roles = "、".join(person.roles) or "没有角色"
    place = f"团队：{person.team or '无'}；书记员：{clerk}"
    return f"角色：{roles}；{place}；{_contact(person.title, person.telephone)}；{state}"


def _contact(title: str, telephone: str) -> str:
    return f"职务：{title or '无'}；办公电话：{telephone or '无'}"


class NewPersonDialog(QDialog):
    """Name and team of somebody new; roles are given by the 安全管理员 afterwards."""

    help_page = "people"

    def __init__(self, bureau: Bureau, bridge: Bridge, actor: Actor, window: OfficeWindow) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self.setWindowTitle("登记人员")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.name, self.team = QLineEdit(self), QLineEdit(self)
        self.name.setAccessibleName("姓名")
        self.team.setPlaceholderText("可以不填")
        self.note = NoteLabel(self)
        self.buttons = QDialogButtonBox(self)
        self.ok = self.buttons.addButton("登记", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        form = QFormLayout()
        form.addRow("姓名", self.name)
        form.addRow("团队", self.team)
        box = QVBoxLayout(self)
        box.addLayout(form)
        box.addWidget(Words("登记后由安全管理员授予角色，再由系统管理员建立账号。", tone="muted"))
        box.addWidget(self.note)
        box.addWidget(self.buttons)
        self.resize(em(self, 26), em(self, 11))
        self.buttons.accepted.connect(self.try_add)
        self.buttons.rejected.connect(self.reject)

    def try_add(self) -> None:
        """Enter the person."""
        name, team = self.name.text().strip(), self.team.text().strip()
        bureau, actor = self._bureau, self._actor

        def add() -> bool:
            if any(person.name == name for person in people.all_people(bureau)):
                return False
            people.add_people(bureau, actor, [(name, (), team)])
            return True

        self.ok.setEnabled(False)
        self._bridge.write(self, add, self._added, self._refused)

    def _added(self, fresh: bool) -> None:
        self.ok.setEnabled(True)
        if fresh:
            self.accept()
        else:
            words = "名册中已有同名的人。同名的，请在姓名后加注以示区别，如“李明（二团队）”。"
            self.note.say(words, "error")

    def _refused(self, error: Exception) -> None:
        self.ok.setEnabled(True)
        if isinstance(error, ZhixingError):
            self.note.say(refusal_words(error), "error")
        else:
            messages.show_error(self, error)
