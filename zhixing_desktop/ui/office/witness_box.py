"""Where a second person signs in to stand by (会同) for what nobody may do alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFormLayout, QGroupBox, QLineEdit, QWidget

from zhixing_desktop.services import signing_in
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.sign_in.password_edit import PasswordEdit


class WitnessBox(QGroupBox):
    """Name and password of the second person, who is neither who acts nor ``about``."""

    def __init__(self, about: str, parent: QWidget | None = None) -> None:
        super().__init__("会同人当场登录", parent)
        self.login = QLineEdit(self)
        self.login.setAccessibleName("会同人姓名或者登录名")
        self.password = PasswordEdit("会同人密码", self)
        form = QFormLayout(self)
        words = (
            f"{about}是管理员，密码须由两人会同设置："
            "另一名管理员、主管院领导或者院长在此输入自己的密码。"
        )
        form.addRow(Words(words, tone="muted"))
        form.addRow("姓名", self.login)
        form.addRow("密码", self.password)

    def sign_in(self, bureau: Bureau) -> Callable[[], Actor]:
        """Return what signs the second person in, for a worker; the field is emptied at once."""
        login, password = self.login.text().strip(), self.password.text()
        self.password.clear()
        return lambda: signing_in.sign_in_beside(bureau, login, password)
