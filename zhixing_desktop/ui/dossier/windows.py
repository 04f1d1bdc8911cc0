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
from zhixing_desktop.ui.dossier.intake_draft import place_of
from zhixing_desktop.ui.dossier.triangle_window import TriangleWindow
from zhixing_desktop.ui.dossier.window import DossierWindow
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.workflow.views import Key

_Window = TypeVar("_Window", bound=QDialog)


class DossierWindows(QObject):
    """``node_wanted`` carries a case, a node and a subject that are to be shown in the main window;
    ``volumes_wanted``, ``proof_wanted`` and ``archive_wanted`` a case and its 案号, for the windows
    of the paper and the archive;
    ``told`` what has been done."""

    node_wanted = Signal(int, int, str)
    told = Signal(str)
    volumes_wanted = Signal(int, str)
    proof_wanted = Signal(int, str)
    archive_wanted = Signal(int, str)

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
            self.told.connect(window.tell)
            return window

        window = self._shown(("dossier", case_id), DossierWindow, made)
        if item is not None:
            window.choose(item)
        return window

    def take_in(self, case_id: int, wish: Wish) -> IntakeDialog:
        """Open the dialog in which files are taken in.

        There is one for each purpose (``intake_draft.place_of``): where it is open already it comes
        to the front and takes what is brought.
        """
        name = ("take", case_id, place_of(wish))
        found = self._open.get(name)
        if isinstance(found, IntakeDialog):
            found.bring_more(wish)

        def made() -> IntakeDialog:
            dialog = IntakeDialog(
                self._bureau,
                self._bridge,
                self._actor_of,
                case_id,
                wish,
                # Not over the window it was asked for in: closing that would end the filing.
                self._window,
                lambda: self._places(case_id),
            )
            dialog.told.connect(self.told)
            return dialog

        return self._shown(name, IntakeDialog, made)

    def _places(self, case_id: int) -> list[Key]:
        """Return where the dialogs of a case that are open keep what is not filed yet."""
        dialogs = [one for one in self._open.values() if isinstance(one, IntakeDialog)]
        return [one.keeper.place for one in dialogs if one.case_id == case_id]

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
            mends = window.mends
            mends.take_wanted.connect(lambda wish: self.take_in(case_id, wish))
            mends.node_wanted.connect(self.node_wanted)
            mends.volumes_wanted.connect(self.volumes_wanted)
            mends.proof_wanted.connect(self.proof_wanted)
            mends.archive_wanted.connect(self.archive_wanted)
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
