"""The dialogs that the main window opens, and what they bring back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from zhixing_desktop import __version__
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.help_window import HelpWindow, page_for
from zhixing_desktop.ui.import_dialog import ImportDialog, ask_template
from zhixing_desktop.ui.new_case import NewCaseDialog
from zhixing_desktop.ui.people_chooser import PeopleChooser

if TYPE_CHECKING:
    from zhixing_desktop.ui.main_window import MainWindow

TITLE = "知行 · 执行案件流程节点办案系统"


class WindowDialogs(QObject):
    """Opens dialogs over the window.

    ``registered`` carries a new case's row number; ``chosen`` an :class:`Actor`; ``help_requested``
    the name of a page of the handbook.
    """

    registered = Signal(int)
    chosen = Signal(object)
    help_requested = Signal(str)

    def __init__(self, bureau: Bureau, bridge: Bridge, window: MainWindow, handbook: Path) -> None:
        super().__init__(window)
        self._bureau = bureau
        self._bridge = bridge
        self._window = window
        self._handbook = handbook
        self.help: HelpWindow | None = None

    def new_case(self) -> NewCaseDialog:
        """Open the dialog for a new case."""
        window = self._window
        dialog = NewCaseDialog(self._bureau, self._bridge, window.actor, parent=window)
        dialog.registered.connect(self._on_registered)
        dialog.open()
        return dialog

    def _on_registered(self, case_id: int, case_no: str) -> None:
        self._window.status.say(f"{case_no}已登记")
        self.registered.emit(case_id)

    def import_cases(self) -> ImportDialog:
        """Open the import."""
        window = self._window
        dialog = ImportDialog(self._bureau, self._bridge, window.actor, parent=window)
        dialog.imported.connect(self._on_imported)
        dialog.open()
        return dialog

    def _on_imported(self, count: int) -> None:
        self._window.status.say(f"已导入{count}件案件")
        self._bridge.announce(Changes(alerts=True))

    def save_template(self) -> None:
        """Ask where to save an empty import template."""
        ask_template(self._window, self._bridge, self._window.status.say)

    def switch_user(self) -> PeopleChooser:
        """Let somebody else sit down."""
        window = self._window
        dialog = PeopleChooser(
            self._bureau, self._bridge, last_user=window.actor.name, parent=window
        )
        dialog.chosen.connect(self.chosen)
        dialog.open()
        return dialog

    def show_help(self) -> None:
        """Open the handbook at the page of the panel that has the cursor."""
        page = page_for(QApplication.focusWidget())
        self.help_requested.emit(page)
        if self.help is None:
            self.help = HelpWindow(self._handbook, self._window)
        self.help.show_page(page)
        if self.help.isVisible():
            self.help.raise_()
        self.help.show()
        self.help.activateWindow()

    def show_about(self) -> None:
        """Say which program this is and by which rules it works."""
        book = self._bureau.rules.book
        messages.tell(
            self._window,
            "关于知行",
            f"{TITLE}\n版本 {__version__}",
            below=f"节点规则　{book.title}\n规则版本 {book.version}，{book.effective} 起施行\n"
            f"校验值　{book.hash[:16]}",
        )
