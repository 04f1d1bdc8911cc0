"""Files that are put into the tray by hand: chosen, pasted, dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from zhixing_desktop.services import dossier_arrivals
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_tray_rows import TraySource
from zhixing_desktop.services.dossier_types import Piece
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.incoming_data import EMPTY, pieces_of, unfolded


class TrayArrivals(QObject):
    """``came`` when all are there; ``told`` carries what became of them; ``refused`` the error."""

    came = Signal()
    told = Signal(str)
    refused = Signal(object)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], window: QWidget
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of, self._window = bureau, bridge, actor_of, window

    def ask_files(self) -> QFileDialog:
        """Ask for files that are to wait here."""
        dialog = QFileDialog(self._window, "选择放入待归区的文件")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._take_files)
        dialog.open()
        return dialog

    def _take_files(self, names: Sequence[str]) -> None:
        self.bring([Piece(Path(name).name, Path(name)) for name in names])

    def paste_in(self) -> None:
        """Take what lies on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        pieces = pieces_of(data) if data is not None else ()
        if pieces:
            self.bring(pieces, TraySource.PASTED)
        else:
            self.told.emit("剪贴板中没有文件或者图片")

    def bring(self, pieces: Sequence[Piece], source: TraySource = TraySource.DROPPED) -> None:
        """Put files into the tray, whatever they are."""
        bureau, actor = self._bureau, self._actor_of()

        def job() -> list[str]:
            files = unfolded(pieces)
            came = [dossier_arrivals.arrive(bureau, actor, one, source).sentence for one in files]
            return came or [EMPTY]

        def done(sentences: list[str]) -> None:
            self.came.emit()
            self.told.emit("\n".join(sentences))

        self._bridge.read(self, job, done, self.refused.emit)
