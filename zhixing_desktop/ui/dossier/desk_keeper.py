"""Keeps what lies in the intake dialog every few seconds, and offers it after a crash."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from zhixing_desktop.services import dossier_intake, drafts
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_intake import Looked
from zhixing_desktop.services.drafts import Draft
from zhixing_desktop.services.node_saving import Place
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.intake_draft import INTAKE, Kept, from_body, place_of, to_body
from zhixing_desktop.ui.forms.draft_keeper import DraftKeeper
from zhixing_desktop.workflow.views import Key

if TYPE_CHECKING:
    from zhixing_desktop.ui.dossier.intake_dialog import IntakeDialog

OpenPlaces = Callable[[], Collection[Key]]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was not filed last time, and where it was kept."""

    place: Key
    draft: Draft
    kept: Kept


class DeskKeeper(QObject):
    """Of one dialog.  Each wish has a place of its own (``intake_draft.place_of``).

    ``open_places`` are those of the dialogs that are open: what lies in another one is not offered.
    Nothing is kept before it is known what was kept there: it is not overwritten unasked.
    """

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        dialog: IntakeDialog,
        open_places: OpenPlaces,
    ) -> None:
        super().__init__(dialog)
        self._bureau, self._bridge, self._dialog = bureau, bridge, dialog
        self._actor = actor_of()
        self._open_places = open_places
        self.place = place_of(dialog.wish)
        self._keeper = self._keeper_at(self.place)
        self._asking = True

    def _keeper_at(self, place: Key) -> DraftKeeper:
        where = Place(self._bureau, self._actor, self._dialog.case_id, place)
        return DraftKeeper(self._bridge, where, self._body, self)

    def _body(self) -> Mapping[str, Any]:
        dialog = self._dialog
        return to_body(dialog.desk.kept(str(dialog.reason.value() or "")))

    def touch(self) -> None:
        """Something was changed."""
        if self._dialog.desk.stack.things and not self._asking:
            self._keeper.touch()

    def flush(self) -> None:
        """Keep at once what waits to be kept."""
        self._keeper.flush()

    def drop(self) -> None:
        """Forget what is kept: it is filed, or given up."""
        if not self._asking:
            self._keeper.drop()

    def offer(self) -> None:
        """Ask whether to go on with what was not filed last time, where there is something.

        A dialog that is opened for nothing special asks after what was left in the others, too.
        """
        bureau, actor, case_id = self._bureau, self._actor, self._dialog.case_id
        own, taken = self.place, set(self._open_places())

        def job() -> _Found | None:
            draft = drafts.load_draft(bureau, actor, case_id, own)
            there = [(own, draft)] if draft is not None else []
            if own.subject == INTAKE:
                others = drafts.drafts_of(bureau, actor, case_id, f"{INTAKE}/")
                there += [one for one in others if one[0] not in taken]
            for place, one in there:
                kept = from_body(one.body)
                if kept.leaves:
                    return _Found(place, one, kept)
            return None

        self._bridge.read(self, job, self._ask, lambda _error: self._ask(None))

    def _ask(self, found: _Found | None) -> None:
        if found is None:
            self._asked()
            return
        messages.ask(
            self._dialog,
            "恢复",
            f"{found.draft.saved_at:%Y-%m-%d %H:%M}有{len(found.kept.filings)}件材料"
            "没有入卷完，恢复吗？",
            lambda: self._restore(found),
            no=lambda: self._refused(found),
            yes_words="恢复",
            no_words="不要了",
        )
        self._dialog.ready.emit()

    def _asked(self) -> None:
        self._asking = False
        self.touch()
        if not self._dialog.wish.pieces:
            self._dialog.ready.emit()

    def _refused(self, found: _Found) -> None:
        self._keeper_at(found.place).drop()
        self._asked()

    def _restore(self, found: _Found) -> None:
        bureau, kept = self._bureau, found.kept

        def show(files: tuple[Looked, ...]) -> None:
            dialog = self._dialog
            dialog.desk.restore(kept, files)
            if kept.reason and not dialog.reason.value():
                dialog.reason.set_value(kept.reason)
            self._asking = False
            dialog.show_stack()
            if found.place != self.place:
                # Kept here before it is forgotten there: the power may go in between.
                self._keeper.keep()
                self._keeper_at(found.place).drop()
            dialog.ready.emit()

        self._bridge.read(self, lambda: dossier_intake.looked_at(bureau, kept.pieces), show)
