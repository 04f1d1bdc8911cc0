"""Opens the windows of scanning, and counts what waits in the tray."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.bridge import Bridge, Changes

if TYPE_CHECKING:
    from zhixing_desktop.ui.dossier.scan_folder_dialog import ScanFolderDialog
    from zhixing_desktop.ui.dossier.scan_sheets_dialog import ScanSheetsDialog
    from zhixing_desktop.ui.dossier.stack_dialog import StackDialog
    from zhixing_desktop.ui.dossier.tray_window import TrayWindow


class ScanWindows(QObject):
    """``counted`` carries how many scans wait; ``folder_saved`` the workstation's scan folder;
    ``proof_wanted`` case and 案号 of a volume whose own scan was brought."""

    counted = Signal(int)
    proof_wanted = Signal(int, str)
    folder_saved = Signal(str)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], window: QWidget
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of, self._window = bureau, bridge, actor_of, window
        self.folder = ""
        bridge.changed.connect(self._on_changes)

    def _on_changes(self, changes: Changes) -> None:
        if changes.lists:
            self.look()

    def look(self) -> None:
        """Count what waits."""
        bureau, actor = self._bureau, self._actor_of()

        def job() -> int:
            # Not before the list is there.
            from zhixing_desktop.services.dossier_tray import waiting_count

            return waiting_count(bureau, actor)

        self._bridge.read(self, job, self.counted.emit, lambda _error: None)

    def tray(self) -> TrayWindow:
        """Open the tray, or bring it to the front: there is one of it."""
        from zhixing_desktop.ui.dossier.tray_window import TrayWindow

        found = [one for one in self._window.findChildren(TrayWindow) if one.isVisible()]
        if not found:
            made = TrayWindow(self._bureau, self._bridge, self._actor_of, self._window)
            made.counted.connect(self.counted)
            made.stack_wanted.connect(self.stack)
            found = [made]
        found[0].show()
        found[0].activateWindow()
        return found[0]

    def stack(self) -> StackDialog:
        """Open the dialog that takes a whole stack."""
        from zhixing_desktop.ui.dossier.stack_dialog import StackDialog

        dialog = StackDialog(self._bureau, self._bridge, self._actor_of, self._window)
        dialog.tray_wanted.connect(self.tray)
        dialog.proof_wanted.connect(self.proof_wanted)
        dialog.open()
        return dialog

    def sheets(self, case_id: int, case_no: str) -> ScanSheetsDialog:
        """Open the printing of separators and stick-on stamps of a case."""
        from zhixing_desktop.ui.dossier.scan_sheets_dialog import ScanSheetsDialog

        dialog = ScanSheetsDialog(
            self._bureau, self._bridge, self._actor_of, case_id, case_no, self._window
        )
        dialog.open()
        return dialog

    def scan_folder(self) -> ScanFolderDialog:
        """Open the setting of the watched folder."""
        from zhixing_desktop.ui.dossier.scan_folder_dialog import ScanFolderDialog

        dialog = ScanFolderDialog(self._bridge, self.folder, self._window)
        dialog.saved.connect(self._saved)
        dialog.open()
        return dialog

    def _saved(self, folder: str) -> None:
        self.folder = folder
        self.folder_saved.emit(folder)
