"""One person's time at the desk: from signing in to signing out, with the lock in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.sign_in.curtain import Curtain
from zhixing_desktop.ui.sign_in.idle import IdleWatch

if TYPE_CHECKING:
    from zhixing_desktop.services.at_desk import DeskState
    from zhixing_desktop.services.signing_in import SignedIn
    from zhixing_desktop.ui.sign_in.sign_in_dialog import SignInDialog


class Session(QObject):
    """Watches, locks, unlocks.

    ``stood`` carries a :class:`DeskState` whenever it was read; ``locking`` comes before everything
    is hidden; ``taken_over`` carries the :class:`SignedIn` of somebody else who signed in at the
    lock; ``quit_wanted`` asks to end the program.
    """

    stood = Signal(object)
    locking = Signal()
    unlocked = Signal(object)
    taken_over = Signal(object)
    quit_wanted = Signal()

    def __init__(
        self, bureau: Bureau, bridge: Bridge, now: Callable[[], datetime], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge = bureau, bridge
        self._actor: Actor | None = None
        self._login = ""
        self._noted = False
        self.dialog: SignInDialog | None = None
        self.curtain = Curtain(self)
        self.watch = IdleWatch(now, self)
        self.watch.idle.connect(self._on_idle)
        self.watch.expired.connect(self._on_expired)
        self.watch.lock_wanted.connect(self.lock)

    @property
    def locked(self) -> bool:
        """Whether everything is hidden until somebody signs in."""
        return self.dialog is not None

    @property
    def login(self) -> str:
        """The login of who works here."""
        return self._login

    def begin(self, actor: Actor, login: str = "") -> None:
        """``actor`` works here from now on; without ``login`` nobody has signed in (a test).

        How the person stands is read by :meth:`refresh`, when the rules are there.
        """
        self._actor, self._login, self._noted = actor, login or actor.name, bool(login)
        self.watch.start()

    def end(self, why: str) -> None:
        """Nobody works here any more; ``why`` goes into the journal."""
        self.watch.stop()
        if not self.locked:
            self._note(why)
        self._actor = None
        self._close_lock()
        self.curtain.drop()

    def _note(self, why: str) -> None:
        if self._actor is None or not self._noted:
            return
        from zhixing_desktop.services import signing_in

        bureau, actor = self._bureau, self._actor
        self._bridge.write(self, lambda: signing_in.sign_out(bureau, actor, why), lambda _: None)

    # ------------------------------------------------------------------------------- standing

    @Slot()
    def refresh(self) -> None:
        """Read anew how the person stands: roles, deputies, limits of the session."""
        if self._actor is None:
            return
        from zhixing_desktop.services import at_desk

        bureau, actor = self._bureau, self._actor
        self._bridge.read(self, lambda: at_desk.desk_state(bureau, actor), self._show, _later)

    def _show(self, state: DeskState) -> None:
        if self._actor is None:
            return
        self.watch.set_limits(state.idle_minutes, state.session_hours)
        if state.actor is None:
            self.lock("账号已停用或者本人已不在岗，不能继续办理。请联系系统管理员。")
        elif state.actor.staff_id == self._actor.staff_id:
            self._actor = state.actor
            self.stood.emit(state)

    # -------------------------------------------------------------------------------- locking

    def _on_idle(self) -> None:
        self.lock("较长时间没有操作，窗口已自动锁定。")

    def _on_expired(self) -> None:
        self.lock("本次登录时间已满，请重新输入密码。", journal="登录超时")

    def lock(self, why: str = "", *, journal: str = "锁屏") -> None:
        """Hide everything until the same person, or somebody else, signs in."""
        if self._actor is None or self.locked:
            return
        from zhixing_desktop.ui.sign_in.sign_in_dialog import SignInDialog

        self.watch.stop()
        self.locking.emit()
        dialog = SignInDialog(
            self._bureau, self._bridge, login=self._login, holder=self._actor.name, why=why
        )
        self.dialog = dialog
        messages.keep_until_finished(dialog)
        dialog.signed_in.connect(self._on_signed_in)
        dialog.quit_wanted.connect(self.quit_wanted)
        dialog.show()
        self.curtain.draw(dialog)
        dialog.activateWindow()
        dialog.password.setFocus()
        self._note(journal)

    def switch_user(self) -> None:
        """Lock, and let somebody else sign in."""
        self.lock(journal="换人")
        if self.dialog is not None:
            self.dialog.let_others()

    def _on_signed_in(self, signed: SignedIn) -> None:
        self.dialog = None
        same = self._actor is not None and signed.actor.staff_id == self._actor.staff_id
        if same:
            self.curtain.open()
            self._actor, self._login, self._noted = signed.actor, signed.login, True
            self.watch.start()
            self.refresh()
            self.unlocked.emit(signed)
        else:
            self.watch.stop()
            self._actor = None
            self.taken_over.emit(signed)

    def hidden_windows(self) -> list[QWidget]:
        """Return what the lock hides, and forget it: its owner has gone."""
        return self.curtain.drop()

    def _close_lock(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.done(0)


def _later(_error: Exception) -> None:
    """Asked again with the next beat; who may do what is asked in each step anyway."""
