"""Keeps what lies in the intake dialog every few seconds, and offers it after a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from zhixing_desktop.services import dossier_intake, drafts
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_intake import Looked
from zhixing_desktop.services.drafts import Draft
from zhixing_desktop.services.node_saving import Place
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.intake_draft import PLACE, Kept, from_body, to_body
from zhixing_desktop.ui.forms.draft_keeper import DraftKeeper

if TYPE_CHECKING:
    from zhixing_desktop.ui.dossier.intake_dialog import IntakeDialog


class DeskKeeper(QObject):
    """Of one dialog; a replacement is kept too, but only offered to a new filing."""

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        dialog: IntakeDialog,
    ) -> None:
        super().__init__(dialog)
        self._bureau, self._bridge, self._dialog = bureau, bridge, dialog
        self._actor = actor_of()
        place = Place(bureau, self._actor, dialog.case_id, PLACE)
        self._keeper = DraftKeeper(bridge, place, self._body, self)

    def _body(self) -> Mapping[str, Any]:
        return to_body(self._dialog.desk.kept())

    def touch(self) -> None:
        """Something was changed."""
        if self._dialog.wish.replaced is None and self._dialog.desk.stack.things:
            self._keeper.touch()

    def drop(self) -> None:
        """Forget what is kept: it is filed, or given up."""
        if self._dialog.wish.replaced is None:
            self._keeper.drop()

    def offer(self) -> None:
        """Ask whether to go on with what was not filed last time, where there is something."""
        bureau, actor, case_id = self._bureau, self._actor, self._dialog.case_id

        def job() -> tuple[Draft, Kept] | None:
            draft = drafts.load_draft(bureau, actor, case_id, PLACE)
            kept = from_body(draft.body) if draft is not None else None
            return (draft, kept) if draft is not None and kept and kept.leaves else None

        def ask(found: tuple[Draft, Kept] | None) -> None:
            if found is None or self._dialog.desk.stack.things:
                self._dialog.ready.emit()
                return
            draft, kept = found
            messages.ask(
                self._dialog,
                "恢复",
                f"{draft.saved_at:%Y-%m-%d %H:%M}有{len(kept.filings)}件材料没有入卷完，恢复吗？",
                lambda: self._restore(kept),
                no=self._keeper.drop,
                yes_words="恢复",
                no_words="不要了",
            )
            self._dialog.ready.emit()

        self._bridge.read(self, job, ask)

    def _restore(self, kept: Kept) -> None:
        bureau = self._bureau

        def show(found: tuple[Looked, ...]) -> None:
            self._dialog.desk.restore(kept, found)
            self._dialog.show_stack()
            self._dialog.ready.emit()

        self._bridge.read(self, lambda: dossier_intake.looked_at(bureau, kept.pieces), show)
