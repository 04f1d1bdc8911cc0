"""Reads the papers of the instance that the panel shows, and opens their windows.

What makes papers is imported in a thread once a case is shown: the program's start goes without.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.node_detail import NodeDetail
from zhixing_desktop.services.paper_types import Offer, PaperLine, PaperWish
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.node_panel.papers import PaperActs, PapersSection
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.views import Key

if TYPE_CHECKING:
    from zhixing_desktop.ui.papers.reading import Shelf
    from zhixing_desktop.ui.papers.windows import PaperWindows


class PaperShelf(QObject):
    """``office_wanted`` names a window of the court's own data (``settings``, ``people``)."""

    office_wanted = Signal(str)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], panel: QWidget
    ) -> None:
        super().__init__(panel)
        self._bureau, self._bridge, self._actor_of, self._panel = bureau, bridge, actor_of, panel
        self._known: tuple[int, Key, Shelf] | None = None
        self._shown: tuple[CaseDetail, NodeDetail, PapersSection] | None = None
        self._windows: PaperWindows | None = None
        self._warm = False
        self.acts = PaperActs(make=self._make, open=self._open, pack=self._pack)

    @property
    def windows(self) -> PaperWindows:
        """The windows of papers, made with the first."""
        if self._windows is None:
            from zhixing_desktop.ui.papers.windows import PaperWindows

            self._windows = PaperWindows(
                self._bureau, self._bridge, self._actor_of, self._panel.window()
            )
            self._windows.office_wanted.connect(self.office_wanted)
        return self._windows

    def fill(self, case: CaseDetail, detail: NodeDetail, section: PapersSection) -> None:
        """Show what is known of an instance's papers, and read them anew."""
        key = detail.key
        if key is None:
            return
        self._shown = (case, detail, section)
        if self._known is not None and self._known[:2] == (case.id, key):
            section.show_shelf(self._known[2])
        bureau, actor = self._bureau, self._actor_of()

        def job() -> Shelf:
            from zhixing_desktop.ui.papers import reading, windows  # noqa: F401 - only to be there

            return reading.read_shelf(bureau, actor, case, key)

        def show(found: Shelf) -> None:
            self._known = (case.id, key, found)
            section.show_shelf(found)
            self._warm_up()

        def failed(error: Exception) -> None:
            if isinstance(error, ZhixingError):
                section.say(error.sentence, bad=True)
            else:
                self._bridge.failed.emit(error)

        self._bridge.read(section, job, show, failed)

    def _warm_up(self) -> None:
        """Read forms and fonts, once: the first page would wait for them."""
        if self._warm:
            return
        self._warm = True
        bureau = self._bureau

        def job() -> None:
            from zhixing_desktop.services import papers

            papers.warm_up(bureau)

        # What is wrong with them is said when a paper is wanted.
        self._bridge.read(self, job, lambda _: None, lambda _: None)

    def _make(self, offer: Offer) -> None:
        if self._shown is not None:
            case = self._shown[0]
            self.windows.make(PaperWish(case.id, offer.form, offer.key, offer.about))

    def _open(self, line: PaperLine) -> None:
        self.windows.show_paper(line.id)

    def _pack(self) -> None:
        if self._shown is None:
            return
        case, detail, _ = self._shown
        if detail.key is not None:
            self.windows.node_pack(case.id, case.case_no, detail.key, detail.spec.name)
