"""What of the 卷宗 menu this person may not do with the case that is shown is grey and says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.window_actions import DOSSIER_MENU, WindowActions

_OF_CASE = (("take_in", "dossier.file"), ("copies", "dossier.copy"))
_OF_TRAY = (("tray", "dossier.tray"), ("stack", "dossier.tray"))


class MenuRights(QObject):
    """Asked whenever the menu is opened; ``case_of`` is the row of the case, ``None`` for none.

    A key that is pressed while the menu is shut opens the window, whose own buttons say the same.
    """

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        case_of: Callable[[], int | None],
        actions: WindowActions,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._case_of, self._actions = case_of, actions
        menu = actions.menus[DOSSIER_MENU]
        menu.aboutToShow.connect(self.ask)
        # While it is shut nothing is held back: who sits there may be another one by then.
        menu.aboutToHide.connect(lambda: self._show({}))

    def ask(self) -> None:
        """Ask anew what may be done."""
        bureau, actor, case_id = self._bureau, self._actor_of(), self._case_of()

        def read() -> Mapping[str, str]:
            # Not before somebody opens the menu.
            from zhixing_desktop.services.dossier_rights import barred

            return barred(bureau, actor, case_id)

        self._bridge.read(self, read, self._show, lambda _error: None)

    def _show(self, barred: Mapping[str, str]) -> None:
        for name, act in (*_OF_CASE, *_OF_TRAY):
            self._actions.allow(name, barred.get(act, ""))
