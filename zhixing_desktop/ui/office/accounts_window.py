"""The window of accounts: made, reset, unlocked, disabled; who signed in when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import accounts, at_desk, people
from zhixing_desktop.services.accounts import Account
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.people import Person
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.ui.office.pieces import (
    Listing,
    OfficeWindow,
    allow,
    ask_reason,
    plain_button,
)
from zhixing_desktop.ui.office.witness_box import WitnessBox
from zhixing_desktop.ui.sign_in.once import OncePasswords, show_once
from zhixing_desktop.ui.sign_in.password_dialog import refusal_words
from zhixing_desktop.workflow.errors import ZhixingError

_COLUMNS = (
    ("姓名", 5),
    ("登录名", 6),
    ("角色", 10),
    ("状态", 12),
    ("密码有效期至", 8),
    ("上次登录", 9),
    ("工作站", 7),
    ("此后输错", 5),
)
_LIST = "account.list"
_ACTS = (_LIST, "account.create", "account.reset", "account.unlock", "account.disable")
_Known = tuple[Sequence[Person], Sequence[Account], Mapping[str, str]]
_OWN = "自己的账号请另一名系统管理员办理；自己的密码用“修改我的密码”。"


class AccountsWindow(OfficeWindow):
    """Everybody with the account there is, or that there is none."""

    help_page = "accounts"

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self._people: Mapping[int, Person] = {}
        self._accounts: Mapping[int, Account] = {}
        self._refusals: Mapping[str, str] = {}
        self.setWindowTitle("账号")
        self.list = Listing("账号", _COLUMNS, self)
        self.make_button = plain_button("建立账号…", self.ask_login, self)
        self.reset_button = plain_button("重置密码…", self.ask_reset, self)
        self.unlock_button = plain_button("解锁…", self.ask_unlock, self)
        self.disable_button = plain_button("停用…", self.ask_disable, self)
        buttons = QHBoxLayout()
        for button in (
            self.make_button,
            self.reset_button,
            self.unlock_button,
            self.disable_button,
        ):
            buttons.addWidget(button)
        buttons.addStretch(1)
        box = QVBoxLayout(self)
        box.addWidget(self.list, 1)
        box.addWidget(self.note)
        box.addLayout(buttons)
        self.resize(em(self, 70), em(self, 36))
        self.list.currentItemChanged.connect(lambda *_: self._on_row())
        self.reload()

    def reload(self) -> None:
        """Read people and accounts anew."""
        bureau, actor = self._bureau, self._actor()

        def read() -> _Known:
            refused = at_desk.refusals(bureau, actor, _ACTS)
            if _LIST in refused:
                return (), (), refused
            return people.all_people(bureau), accounts.account_list(bureau, actor), refused

        self._bridge.read(self, read, self._show)

    def _show(self, known: _Known) -> None:
        everybody, found, self._refusals = known
        self._people = {person.id: person for person in everybody}
        self._accounts = {account.person.id: account for account in found}
        # Who has left and never had an account is nobody's concern here.
        rows = [
            (person.id, _row(person, self._accounts.get(person.id)))
            for person in everybody
            if person.active or person.id in self._accounts
        ]
        away = {p.id for p in everybody if not p.active or p.id not in self._accounts}
        self.list.fill(rows, grey=away)
        self._on_row()
        if _LIST in self._refusals:
            self.note.say(self._refusals[_LIST], "error")

    def _chosen(self) -> tuple[Person | None, Account | None]:
        number = self.list.key()
        return self._people.get(number), self._accounts.get(number)

    def _on_row(self) -> None:
        person, account = self._chosen()
        own = person is not None and person.id == self._actor().staff_id
        none = "还没有账号，请先建立。"
        there = account is not None
        locked = account is not None and account.locked_until is not None
        refused = self._refusals
        allow(
            self.make_button,
            refused,
            "account.create",
            also=person is not None and not there,
            why="已经有账号，可以重置密码。",
        )
        why = _OWN if own else none
        allow(self.reset_button, refused, "account.reset", also=there and not own, why=why)
        why = _OWN if own else ("没有锁定。" if there else none)
        allow(self.unlock_button, refused, "account.unlock", also=locked and not own, why=why)
        why = _OWN if own else none
        allow(self.disable_button, refused, "account.disable", also=there and not own, why=why)
        disabled = account is not None and account.disabled
        self.disable_button.setText("启用…" if disabled else "停用…")

    # ---------------------------------------------------------------------------------- acting

    def ask_login(self) -> NewAccountDialog | None:
        """Open the dialog for an account of the chosen person."""
        person, _ = self._chosen()
        if person is None:
            return None
        dialog = NewAccountDialog(self._bureau, self._bridge, self._actor(), person, self)
        dialog.open()
        return dialog

    def created(self, person: Person, login: str, password: str) -> OncePasswords:
        """Show the password once."""
        self.changed.emit()
        self.reload()
        return show_once([(person.name, login, password)], parent=self)

    def ask_reset(self) -> None:
        """Ask, then make a new one-time password."""
        person, account = self._chosen()
        if person is None or account is None:
            return
        bureau, actor, login = self._bureau, self._actor(), account.login
        if accounts.needs_witness(person, account):
            ResetDialog(bureau, self._bridge, actor, person, login, self).open()
            return

        def reset() -> None:
            self.write(
                lambda: accounts.reset_password(bureau, actor, person.id),
                lambda made: show_once([(person.name, login, made)], parent=self),
            )

        messages.ask(
            self,
            "重置密码",
            f"要重置{person.name}的密码吗？",
            reset,
            yes_words="重置",
            below="原来的密码立即失效，账号同时解锁。请先核实是本人要求的。",
        )

    def ask_unlock(self) -> None:
        """Ask why, then end the lock."""
        person, _ = self._chosen()
        if person is None:
            return
        bureau, actor = self._bureau, self._actor()
        words = f"提前解除{person.name}的锁定。请先核实是本人输错密码。"
        ask_reason(self, "解锁", words, lambda why: accounts.unlock(bureau, actor, person.id, why))

    def ask_disable(self) -> None:
        """Ask why, then let nobody in with this account, or let them in again."""
        person, account = self._chosen()
        if person is None or account is None:
            return
        bureau, actor = self._bureau, self._actor()
        word, act = ("启用", accounts.enable) if account.disabled else ("停用", accounts.disable)
        words = f"{word}{person.name}的账号。"
        ask_reason(self, word, words, lambda why: act(bureau, actor, person.id, why))


def _row(person: Person, account: Account | None) -> list[str]:
    head = [person.name, account.login if account else "", "、".join(person.roles)]
    if account is None:
        return [*head, "没有账号", "", "", "", ""]
    states = []
    if not person.active:
        states.append("已离岗")
    if account.disabled:
        states.append("已停用")
    if account.locked_until is not None:
        states.append(f"锁定到{account.locked_until:%m-%d %H:%M}")
    if account.must_change:
        states.append("须更换密码")
    last = account.last_at
    return [
        *head,
        "、".join(states) or "正常",
        f"{account.expires_at:%Y-%m-%d}",
        "没有登录过" if last is None else f"{last:%Y-%m-%d %H:%M}",
        account.last_from,
        f"{account.failures_since}次" if account.failures_since else "",
    ]


class _OneTimeDialog(QDialog):
    """What makes somebody a one-time password, where it has to be with a second person beside."""

    help_page = "accounts"

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Actor,
        person: Person,
        window: AccountsWindow,
        *,
        title: str,
        yes: str,
        words: str,
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self._person, self._window = person, window
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.login = QLineEdit(person.name, self)
        self.login.setAccessibleName("登录名")
        self.witness: WitnessBox | None = None
        self.note = NoteLabel(self)
        self.buttons = QDialogButtonBox(self)
        self.ok = self.buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        form = QFormLayout()
        form.addRow("姓名", Words(person.name))
        form.addRow("登录名", self.login)
        box = QVBoxLayout(self)
        box.addLayout(form)
        box.addWidget(Words(words, tone="muted"))
        if accounts.needs_witness(person):
            self.witness = WitnessBox(person.name, self)
            box.addWidget(self.witness)
        box.addWidget(self.note)
        box.addWidget(self.buttons)
        self.resize(em(self, 30), em(self, 20 if self.witness else 11))
        self.buttons.accepted.connect(self.try_create)
        self.buttons.rejected.connect(self.reject)

    def make(self, login: str, beside: Actor | None) -> str:
        """Return the password; on a worker."""
        raise NotImplementedError

    def try_create(self) -> None:
        """Let the second person sign in where one is needed, then make the password."""
        login = self.login.text().strip()
        sign_in = self.witness.sign_in(self._bureau) if self.witness is not None else None
        self.ok.setEnabled(False)
        self._bridge.write(
            self,
            lambda: self.make(login, sign_in() if sign_in is not None else None),
            lambda made: self._created(login, made),
            self._refused,
        )

    def _created(self, login: str, made: str) -> None:
        self.accept()
        self._window.created(self._person, login, made)

    def _refused(self, error: Exception) -> None:
        self.ok.setEnabled(True)
        if isinstance(error, ZhixingError):
            self.note.say(refusal_words(error), "error")
        else:
            messages.show_error(self, error)


class NewAccountDialog(_OneTimeDialog):
    """Asks for the login; the password is made by the program."""

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Actor, person: Person, window: AccountsWindow
    ) -> None:
        super().__init__(
            bureau,
            bridge,
            actor,
            person,
            window,
            title="建立账号",
            yes="建立",
            words="密码由程序生成，只显示一次，首次登录须更换。本人也可以用姓名登录。",
        )

    def make(self, login: str, beside: Actor | None) -> str:
        """Return the new account's password."""
        number = self._person.id
        return accounts.create_account(self._bureau, self._actor, number, login, witness=beside)


class ResetDialog(_OneTimeDialog):
    """Resets an administrator's password with a second person beside."""

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Actor,
        person: Person,
        login: str,
        window: AccountsWindow,
    ) -> None:
        super().__init__(
            bureau,
            bridge,
            actor,
            person,
            window,
            title="重置密码",
            yes="重置",
            words="原来的密码立即失效，账号同时解锁。请先核实是本人要求的。",
        )
        self.login.setText(login)
        self.login.setReadOnly(True)

    def make(self, login: str, beside: Actor | None) -> str:
        """Return the new password."""
        return accounts.reset_password(self._bureau, self._actor, self._person.id, witness=beside)
