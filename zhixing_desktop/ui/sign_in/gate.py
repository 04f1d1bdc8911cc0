"""The way to the window: the first start where nobody has an account yet, else signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge

if TYPE_CHECKING:
    from zhixing_desktop.ui.sign_in.first_start_dialog import FirstStartDialog
    from zhixing_desktop.ui.sign_in.sign_in_dialog import SignInDialog


class Gate(QObject):
    """``entered`` carries a :class:`SignedIn`; ``given_up`` that nobody wants to sign in.

    ``ready`` comes when the dialog can be used, so that other work may begin.
    """

    ready = Signal()
    entered = Signal(object)
    given_up = Signal()

    def __init__(self, bureau: Bureau, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bureau, self._bridge = bureau, bridge
        self.dialog: QDialog | None = None

    def ask(self, login: str = "") -> None:
        """Ask who works here; ``login`` is written into the field."""
        bureau = self._bureau

        def fresh() -> bool:
            from zhixing_desktop.services.first_start import needs_first_start

            if not needs_first_start(bureau):
                return False
            if bureau.database.purpose != "sample":
                return True
            # A sample made before there were accounts.
            from zhixing_desktop.services.sample_people import SAMPLE_COURT, give_accounts

            give_accounts(bureau, SAMPLE_COURT)
            return False

        def answered(wanted: bool) -> None:
            if wanted:
                self.open_first_start()
            else:
                self.open_sign_in(login)

        self._bridge.write(self, fresh, answered, self._refused)

    def _refused(self, error: Exception) -> None:
        box = messages.show_error(None, error, title="不能登录")
        box.finished.connect(self.given_up)

    def open_sign_in(self, login: str = "") -> SignInDialog:
        """Show the dialog for name and password."""
        from zhixing_desktop.ui.sign_in.sign_in_dialog import SignInDialog

        dialog = SignInDialog(self._bureau, self._bridge, login=login)
        dialog.known.connect(self.ready)
        dialog.signed_in.connect(self.entered)
        self._show(dialog)
        return dialog

    def open_first_start(self) -> FirstStartDialog:
        """Show what makes the bureau and its first administrators."""
        from zhixing_desktop.ui.sign_in.first_start_dialog import FirstStartDialog

        dialog = FirstStartDialog(self._bureau, self._bridge)
        dialog.started.connect(self.open_sign_in)
        self._show(dialog)
        return dialog

    def _show(self, dialog: QDialog) -> None:
        messages.keep_until_finished(dialog)
        dialog.rejected.connect(self.given_up)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    def _forget(self) -> None:
        if self.sender() is self.dialog:
            self.dialog = None

    def close(self) -> None:
        """Put the dialog away without an answer."""
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.blockSignals(True)
            dialog.close()
            dialog.deleteLater()
