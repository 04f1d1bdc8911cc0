"""Opens the windows of the dossier, one of each for a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_types import Piece
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.intake_dialog import IntakeDialog
from zhixing_desktop.ui.dossier.triangle_window import TriangleWindow
from zhixing_desktop.ui.dossier.window import DossierWindow
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.workflow.views import Key

_Window = TypeVar("_Window", bound=QDialog)


class DossierWindows(QObject):
    """``node_wanted`` carries a case, a node and a subject that are to be shown in the main window;
    ``volumes_wanted`` and ``proof_wanted`` a case and its 案号, for the windows of the paper;
    ``told`` what has been done."""

    node_wanted = Signal(int, int, str)
    paper_wanted = Signal(int)
    told = Signal(str)
    volumes_wanted = Signal(int, str)
    proof_wanted = Signal(int, str)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], window: QWidget
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of, self._window = bureau, bridge, actor_of, window
        self._open: dict[object, QDialog] = {}
        self.with_volumes = self.with_proof = False

    def dossier(self, case_id: int, case_no: str, item: int | None = None) -> DossierWindow:
        """Open a case's dossier, at a thing where one is named."""

        def made() -> DossierWindow:
            window = DossierWindow(
                self._bureau, self._bridge, self._actor_of, case_id, case_no, self._window
            )
            window.take_wanted.connect(lambda wish: self.take_in(case_id, wish))
            window.triangle_wanted.connect(self.triangle)
            self.told.connect(window.say)
            return window

        window = self._shown(("dossier", case_id), DossierWindow, made)
        if item is not None:
            window.choose(item)
        return window

    def take_in(self, case_id: int, wish: Wish) -> IntakeDialog:
        """Open the dialog in which files are taken in; one that is open takes more of them."""
        found = self._open.get(("take", case_id))
        if isinstance(found, IntakeDialog) and _same(found.wish, wish):
            found.raise_()
            found.activateWindow()
            if wish.pieces:
                found.bring(wish.pieces)
            return found

        def made() -> IntakeDialog:
            dialog = IntakeDialog(
                self._bureau,
                self._bridge,
                self._actor_of,
                case_id,
                wish,
                # Not over the window it was asked for in: closing that would end the filing.
                self._window,
            )
            dialog.told.connect(self.told)
            return dialog

        name = ("take", case_id) if found is None else ("take", case_id, wish)
        return self._shown(name, IntakeDialog, made)

    def material(self, case_id: int, key: Key, material: str, pieces: tuple[Piece, ...] = ()) -> (
        IntakeDialog
    ):  # fmt: skip
        """Open the same for a material of a node instance."""
        return self.take_in(case_id, Wish(pieces=pieces, key=key, material=material))

    def triangle(self, case_id: int, case_no: str) -> TriangleWindow:
        """Open 节点 – 电子卷宗 – 纸质卷宗 of a case."""

        def made() -> TriangleWindow:
            window = TriangleWindow(
                self._bureau, self._bridge, self._actor_of, case_id, case_no, self._window
            )
            window.take_wanted.connect(lambda wish: self.take_in(case_id, wish))
            window.thing_wanted.connect(lambda item: self.dossier(case_id, case_no, item))
            window.node_wanted.connect(self.node_wanted)
            window.paper_wanted.connect(self.paper_wanted)
            window.volumes_wanted.connect(self.volumes_wanted)
            window.proof_wanted.connect(self.proof_wanted)
            window.with_volumes = self.with_volumes
            window.with_proof = self.with_proof
            return window

        return self._shown(("triangle", case_id), TriangleWindow, made)

    def _shown(self, name: object, kind: type[_Window], make: Callable[[], _Window]) -> _Window:
        found = self._open.get(name)
        if found is None or not isinstance(found, kind):
            made = make()
            found = self._open[name] = made
            made.destroyed.connect(lambda: self._open.pop(name, None))
            made.show()
        else:
            found.raise_()
        found.activateWindow()
        assert isinstance(found, kind)
        return found


def _same(one: Wish, other: Wish) -> bool:
    """Whether files brought for the one may join those brought for the other."""
    plain = one.replaced is None and other.replaced is None
    return plain and not other.on_paper and other.key is None and other.place is None
