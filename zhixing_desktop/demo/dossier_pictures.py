"""The dossier's windows of the demo: each opened as its user does, shown with the lived case."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtWidgets import QApplication, QDialog, QWidget

from zhixing_desktop import app
from zhixing_desktop.demo.neutral_paths import shown_neutral
from zhixing_desktop.services import people
from zhixing_desktop.services import showcase_pictures as drawn
from zhixing_desktop.services.dossier import dossier
from zhixing_desktop.services.dossier_showcase import showcase
from zhixing_desktop.services.dossier_showcase_stack import mixed_stack
from zhixing_desktop.services.dossier_showcase_volumes import Bindery, damaged
from zhixing_desktop.services.dossier_types import MAIN, Piece
from zhixing_desktop.ui.dossier.wishes import Wish

if TYPE_CHECKING:
    from zhixing_desktop.services.bureau import Bureau
    from zhixing_desktop.ui.main_window import MainWindow

_WINDOW, _LARGE, _SMALL = (1280, 800), (1366, 768), (900, 560)
_PATIENCE_S = 120.0
_CHOSEN = 3


class Showing(Protocol):
    """What takes the pictures: the stage of the demo."""

    window: MainWindow

    def settle(self) -> None:
        """Let the window work until nothing is under way."""

    def keep(self, widget: QWidget, name: str) -> None:
        """Leave a picture of a window."""

    def sit_down(self, name: str) -> None:
        """Let somebody else take over."""


def show_dossier(stage: Showing, bureau: Bureau, keeper: str) -> None:
    """Leave pictures of the dossier's windows; ``keeper`` may check the store of files."""
    found = showcase(bureau)
    if found is None:
        return
    stage.sit_down(found.officer)
    stage.window.open_case(found.case_id, 44)
    stage.settle()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        _Pictures(stage, bureau, found.case_id, found.officer, Path(folder)).take()
    stage.sit_down(keeper)
    _picture(stage, stage.window.dialogs.open_store(), "32-文件检查")


def _picture(stage: Showing, window: QDialog | None, name: str) -> None:
    assert window is not None
    window.resize(*_WINDOW)
    stage.settle()
    stage.keep(window, name)
    window.close()
    stage.settle()


class _Pictures:
    """The windows of one case, one after the other."""

    def __init__(
        self, stage: Showing, bureau: Bureau, case_id: int, officer: str, folder: Path
    ) -> None:
        self._stage, self._bureau, self._case, self._folder = stage, bureau, case_id, folder
        self._officer = people.find_person(bureau, officer).actor()

    def take(self) -> None:
        """Take them."""
        dialogs = self._stage.window.dialogs
        self._dossier(dialogs.dossier(), "24-卷宗")
        self._intake()
        self._tray()
        self._stack()
        self._kept(dialogs.triangle(), "28-三卷一致-有不一致")
        self._volumes(dialogs.volumes())
        self._proof(dialogs.proof())
        self._kept(dialogs.triangle(), "31-三卷一致")
        self._kept(dialogs.open_archive(), "33-归档")
        self._kept(dialogs.open_overdue(), "35-卷宗逾期清单")
        app.apply_theme("dark")
        self._dossier(dialogs.dossier(), "34-卷宗-深色")
        app.apply_theme("light")
        self._stage.settle()

    def _kept(self, window: QDialog | None, name: str) -> None:
        _picture(self._stage, window, name)

    def _dossier(self, window: Any, name: str) -> None:
        window.resize(*_LARGE)
        self._stage.settle()
        items = dossier(self._bureau, self._officer, self._case).main.items
        window.choose(next(item.id for item in items[_CHOSEN:] if item.pages > 1))
        self._until(lambda: True)
        self._stage.keep(window, name)
        window.close()
        self._stage.settle()

    def _intake(self) -> None:
        """Two photographs and a scan, on their way in."""
        words = ["今收到贵院发放的执行案款。", "（样本）"]
        page = drawn.sheet("收　条", words, "申请执行人", "")
        pieces = (
            Piece("手机拍照.jpg", drawn.on_desk(page)),
            Piece("证明.jpg", drawn.sheet("证　明", words, "某某公司", "", seal="业务章")),
        )
        window = self._stage.window.dialogs.dossier()
        assert window is not None
        window.take_wanted.emit(Wish(pieces=pieces))
        self._stage.settle()
        found = self._open("IntakeDialog")
        found.resize(*_LARGE)
        self._until(lambda: True)
        self._stage.keep(found, "25-入卷")
        found.done(QDialog.DialogCode.Rejected)
        window.close()
        self._stage.settle()
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QDialog) and box.isVisible():
                box.close()

    def _tray(self) -> None:
        self._kept(self._stage.window.scans.tray(), "26-待归扫描件")

    def _stack(self) -> None:
        """A stack of mixed pages, sorted: each page is accounted for."""
        scan = self._folder / "整批扫描.pdf"
        scan.write_bytes(mixed_stack(self._bureau, self._officer, self._case))
        dialog = self._stage.window.scans.stack()
        dialog.resize(*_SMALL)
        self._stage.settle()
        dialog.file.setText(str(scan))
        dialog.submit()
        self._until(lambda: dialog.list.count() > 0)
        with shown_neutral(dialog, {self._folder: r"D:\扫描"}):
            self._stage.keep(dialog, "27-整批收取")
        dialog.reject()
        self._stage.settle()

    def _volumes(self, window: Any) -> None:
        """Look at what is printed; then print what is new, so that paper and files agree."""
        window.resize(*_LARGE)
        self._until(lambda: window.prepared is not None)
        self._stage.keep(window, "29-纸质卷宗")
        window.close()
        self._stage.settle()
        self._bindery().all_volumes()

    def _proof(self, window: Any) -> None:
        """Hold a scan with three faults against the volume: what is found, side by side."""
        scan = self._folder / "扫描.pdf"
        bindery = self._bindery()
        scan.write_bytes(damaged(bindery.scan(MAIN, 1), bindery.lead))
        window.resize(*_LARGE)
        self._stage.settle()
        window.prove(scan)
        self._until(lambda: window.outcome is not None)
        window.go(1)
        self._until(lambda: True)
        self._stage.keep(window, "30-扫描核对")
        window.close()
        self._stage.settle()

    def _bindery(self) -> Bindery:
        def leave(name: str, data: bytes) -> None:
            (self._folder / name).write_bytes(data)

        return Bindery(self._bureau, self._officer, self._case, self._folder, leave)

    def _until(self, there: Callable[[], bool]) -> None:
        """Let the window work until something is there, and then until it has been drawn."""
        ends = time.monotonic() + _PATIENCE_S
        while not there() and time.monotonic() < ends:
            self._stage.settle()
        for _ in range(3):
            self._stage.settle()

    def _open(self, kind: str) -> Any:
        return next(
            widget
            for widget in QApplication.topLevelWidgets()
            if type(widget).__name__ == kind and widget.isVisible()
        )
