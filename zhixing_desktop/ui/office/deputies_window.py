"""The window of deputies: who stands for whom, from when to when, by which paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import at_desk, deputies, people
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.deputies import DEPUTISED, Deputy
from zhixing_desktop.services.people import ADMINISTRATORS, Person
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em, fit_height
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.ui.office.pieces import (
    Listing,
    OfficeWindow,
    allow,
    ask_reason,
    plain_button,
)
from zhixing_desktop.ui.sign_in.password_dialog import refusal_words
from zhixing_desktop.workflow.errors import ZhixingError

_COLUMNS = (
    ("被代理人", 6),
    ("代理人", 6),
    ("角色", 8),
    ("起", 6),
    ("止", 6),
    ("状态", 5),
    ("文件", 14),
    ("指定人", 6),
    ("撤销", 12),
)
STATES = {"now": "代理中", "coming": "未开始", "over": "已期满", "revoked": "已撤销"}
NAME, REVOKE = "deputy.name", "deputy.revoke"


class _Known:
    """What the window has read; ``own`` and ``any`` are refusals for oneself and for others."""

    def __init__(self, bureau: Bureau, actor: Actor, *, everything: bool) -> None:
        self.rows = deputies.list_deputies(bureau, everything=everything)
        self.people = people.all_people(bureau)
        self.today = at_desk.today(bureau)
        acts = (NAME, REVOKE)
        self.own = at_desk.refusals(bureau, actor, acts, owner=actor.name)
        self.any = at_desk.refusals(bureau, actor, acts)


class DeputiesWindow(OfficeWindow):
    """A line on top says who stands for whom today."""

    help_page = "deputies"

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Callable[[], Actor],
        *,
        parent: QWidget,
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self._known: _Known | None = None
        self.setWindowTitle("代理人")
        self.now_words = Words(bold=True)
        self.all = QCheckBox("也显示期满、撤销的", self)
        self.list = Listing("代理", _COLUMNS, self)
        self.add = plain_button("指定代理人…", self.ask_new, self)
        self.revoke = plain_button("撤销…", self.ask_revoke, self)
        top = QHBoxLayout()
        top.addWidget(self.now_words, 1)
        top.addWidget(self.all)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.revoke)
        buttons.addStretch(1)
        box = QVBoxLayout(self)
        box.addLayout(top)
        box.addWidget(self.list, 1)
        box.addWidget(self.note)
        box.addLayout(buttons)
        self.resize(em(self, 74), em(self, 30))
        self.all.toggled.connect(self.reload)
        self.list.currentItemChanged.connect(lambda *_: self._on_row())
        self.reload()

    def reload(self) -> None:
        """Read all deputies anew."""
        bureau, actor, everything = self._bureau, self._actor(), self.all.isChecked()
        self._bridge.read(self, lambda: _Known(bureau, actor, everything=everything), self._show)

    def _show(self, known: _Known) -> None:
        self._known = known
        now = [row for row in known.rows if row.state == "now"]
        said = "；".join(f"{d.deputy}代{d.principal}（{d.role}）" for d in now)
        self.now_words.setText(f"今天　{said}" if said else "今天没有人代理。")
        self.list.fill(
            ((row.id, _row(row)) for row in known.rows),
            grey={row.id for row in known.rows if row.state in ("over", "revoked")},
        )
        refused = known.own if NAME not in known.own else known.any
        allow(self.add, refused, NAME)
        self._on_row()

    def _on_row(self) -> None:
        row = self._chosen()
        if self._known is None or row is None:
            self.revoke.setEnabled(False)
            self.revoke.setToolTip("请先选一项代理。" if self._known else "")
            return
        own = row.principal == self._actor().name
        open_ = row.state in ("now", "coming")
        refused = self._known.own if own else self._known.any
        allow(self.revoke, refused, REVOKE, also=open_, why="已经撤销或者期满。")

    def _chosen(self) -> Deputy | None:
        number = self.list.key()
        rows = self._known.rows if self._known is not None else ()
        return next((row for row in rows if row.id == number), None)

    def ask_new(self) -> NameDeputyDialog | None:
        """Open the dialog for a new deputy."""
        if self._known is None:
            return None
        anyone = NAME not in self._known.any
        dialog = NameDeputyDialog(
            (self._bureau, self._bridge, self._actor()),
            self._known.people,
            self._known.today,
            anyone=anyone,
            window=self,
        )
        dialog.accepted.connect(self.changed)
        dialog.accepted.connect(self.reload)
        dialog.open()
        return dialog

    def ask_revoke(self) -> None:
        """Ask why, then take the deputy's power back."""
        row = self._chosen()
        if row is None:
            return
        bureau, actor, number = self._bureau, self._actor(), row.id
        words = f"撤销{row.deputy}代{row.principal}（{row.role}）。已经作出的决定仍然有效。"
        ask_reason(
            self, "撤销", words, lambda why: deputies.revoke_deputy(bureau, actor, number, why)
        )


def _row(row: Deputy) -> list[str]:
    revoked = ""
    if row.revoked_at is not None:
        revoked = f"{row.revoked_at:%m-%d} {row.revoked_by}：{row.reason}"
    return [
        row.principal,
        row.deputy,
        row.role,
        f"{row.from_on}",
        f"{row.until_on}",
        STATES[row.state],
        row.paper,
        row.named_by,
        revoked,
    ]


class NameDeputyDialog(QDialog):
    """Principal, role, deputy, days and paper; whose deputies one may name is asked beforehand."""

    help_page = "deputies"

    def __init__(
        self,
        here: tuple[Bureau, Bridge, Actor],
        everybody: Sequence[Person],
        today: date,
        *,
        anyone: bool,
        window: OfficeWindow,
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor = here
        self._people: Mapping[str, Person] = {p.name: p for p in everybody if p.active}
        self.setWindowTitle("指定代理人")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.principal, self.role, self.deputy = QComboBox(self), QComboBox(self), QComboBox(self)
        self.principal.setAccessibleName("被代理人")
        self.role.setAccessibleName("角色")
        self.deputy.setAccessibleName("代理人")
        self.from_on, self.until_on = QDateEdit(self), QDateEdit(self)
        first = QDate(today.year, today.month, today.day)
        for field, days, words in ((self.from_on, 0, "起"), (self.until_on, 6, "止")):
            field.setCalendarPopup(True)
            field.setDisplayFormat("yyyy-MM-dd")
            field.setDate(first.addDays(days))
            field.setAccessibleName(words)
        self.paper = QLineEdit(self)
        self.paper.setPlaceholderText("如 执行局〔2024〕3号授权委托书")
        self.paper.setAccessibleName("文件")
        self.note = NoteLabel(self)
        self.buttons = QDialogButtonBox(self)
        self.ok = self.buttons.addButton("指定", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        form = QFormLayout()
        for label, widget in (
            ("被代理人", self.principal),
            ("角色", self.role),
            ("代理人", self.deputy),
            ("起", self.from_on),
            ("止（含当日）", self.until_on),
            ("文件和文号", self.paper),
        ):
            form.addRow(label, widget)
        box = QVBoxLayout(self)
        box.addLayout(form)
        words = "代理人只在这几天、以这个角色代为办理，显示为“代某某审批”；不得转委托。"
        box.addWidget(Words(words, tone="muted"))
        box.addWidget(self.note)
        box.addStretch(1)
        box.addWidget(self.buttons)
        self.resize(em(self, 30), em(self, 19))
        self._offer(anyone=anyone)
        self.principal.currentTextChanged.connect(self._on_principal)
        self.from_on.dateChanged.connect(self._on_from)
        self.buttons.accepted.connect(self.try_name)
        self.buttons.rejected.connect(self.reject)

    def _offer(self, *, anyone: bool) -> None:
        able = [n for n, p in self._people.items() if set(p.roles) & set(DEPUTISED)]
        self.principal.addItems(able if anyone else [self._actor.name])
        if self._actor.name in able:
            self.principal.setCurrentText(self._actor.name)
        self._on_principal(self.principal.currentText())

    def _on_principal(self, name: str) -> None:
        person = self._people.get(name)
        roles = [role for role in DEPUTISED if person is not None and role in person.roles]
        self.role.clear()
        self.role.addItems(roles)
        self.deputy.clear()
        for other in self._people.values():
            if other.name != name and not set(other.roles) & set(ADMINISTRATORS):
                self.deputy.addItem(f"{other.name}（{'、'.join(other.roles)}）", other.name)
        if not roles:
            self.note.say(f"{name}没有可以由他人代理的角色（{'、'.join(DEPUTISED)}）。", "warning")
        else:
            self.note.say("")
        self.ok.setEnabled(bool(roles))

    def _on_from(self, day: QDate) -> None:
        if self.until_on.date() < day:
            self.until_on.setDate(day)

    def try_name(self) -> None:
        """Name the deputy."""
        bureau, actor = self._bureau, self._actor
        principal, role = self.principal.currentText(), self.role.currentText()
        deputy, paper = str(self.deputy.currentData() or ""), self.paper.text()
        begin, end = _day(self.from_on), _day(self.until_on)
        self.ok.setEnabled(False)
        self._bridge.write(
            self,
            lambda: deputies.name_deputy(bureau, actor, principal, deputy, role, begin, end, paper),
            lambda _: self.accept(),
            self._refused,
        )

    def _refused(self, error: Exception) -> None:
        self.ok.setEnabled(True)
        if isinstance(error, ZhixingError):
            self.note.say(refusal_words(error), "error")
            fit_height(self)
        else:
            messages.show_error(self, error)


def _day(field: QDateEdit) -> date:
    day = field.date()
    return date(1, 1, 1) + timedelta(days=day.toJulianDay() - QDate(1, 1, 1).toJulianDay())
