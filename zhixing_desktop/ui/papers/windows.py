"""Opens the windows of papers, one for each paper, and those of several papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import CaseQuery
from zhixing_desktop.services.paper_types import PaperLine, PaperWish
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.papers import packs
from zhixing_desktop.ui.papers.batch_window import BatchWindow
from zhixing_desktop.ui.papers.dialog import PaperDialog
from zhixing_desktop.ui.papers.pack_window import PackWindow
from zhixing_desktop.ui.papers.print_job import MakePrinter, new_printer
from zhixing_desktop.ui.papers.words import about
from zhixing_desktop.workflow.views import Key

_Window = TypeVar("_Window", bound=QDialog)


class PaperWindows(QObject):
    """``office_wanted`` names a window of the court's own data: ``settings`` or ``people``."""

    office_wanted = Signal(str)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        window: QWidget,
        *,
        make_printer: MakePrinter = new_printer,
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of, self._window = bureau, bridge, actor_of, window
        self.make_printer = make_printer
        self._open: dict[object, QDialog] = {}

    def make(self, wish: PaperWish) -> PaperDialog:
        """Open the window in which a paper is made."""
        return self._paper(("wish", wish.case, wish.form, wish.key, wish.about), wish)

    def show_paper(self, paper_id: int) -> PaperDialog:
        """Open a paper that is kept."""
        return self._paper(("paper", paper_id), paper_id)

    def _paper(self, name: object, wanted: PaperWish | int) -> PaperDialog:
        def made() -> PaperDialog:
            dialog = PaperDialog(self._bureau, self._bridge, self._actor_of, wanted, self._window)
            dialog.office_wanted.connect(self.office_wanted)
            dialog.pack_wanted.connect(self.case_pack)
            dialog.print_wanted.connect(self.print_one)
            dialog.other_wanted.connect(self.show_paper)
            return dialog

        return self._shown(name, PaperDialog, made)

    def print_one(self, wanted: object) -> PackWindow:
        """Open the print window of a paper, a draft, or (in a tuple) a 送达回证."""
        bureau, actor = self._bureau, self._actor_of()
        if isinstance(wanted, tuple):
            name = f"送达回证　《{wanted[0].name}》{wanted[0].number}"
            return self.pack(name, lambda: packs.of_proof(bureau, actor, wanted))
        if isinstance(wanted, PaperLine):
            name = f"打印　《{wanted.name}》{wanted.number}{about(wanted.about_words)}"
            return self.pack(name, lambda: (packs.entry_of(wanted),))
        assert isinstance(wanted, PaperWish)
        return self.pack("打印草稿", lambda: packs.of_wish(bureau, actor, wanted))

    def node_pack(self, case_id: int, case_no: str, key: Key, name: str) -> PackWindow:
        """Open all papers of a node instance."""
        bureau, actor = self._bureau, self._actor_of()
        title = f"节点{key.node}“{name}”的文书　{case_no}"
        return self.pack(title, lambda: packs.of_node(bureau, actor, case_id, key))

    def case_pack(self, case_id: int, case_no: str) -> PackWindow:
        """Open all papers of a case."""
        bureau, actor = self._bureau, self._actor_of()
        title = f"本案文书　{case_no}"
        return self.pack(title, lambda: packs.of_case(bureau, actor, case_id))

    def kit(self, case_id: int, case_no: str) -> PackWindow:
        """Open the forms to be filled in by hand outside."""
        bureau, actor = self._bureau, self._actor_of()
        title = f"外勤包：手工填写的空白文书　{case_no}"
        return self.pack(title, lambda: packs.of_kit(bureau, actor, case_id))

    def many(self, query: CaseQuery) -> BatchWindow:
        """Open the window in which one form is made for the cases of a list."""

        def made() -> BatchWindow:
            window = BatchWindow(self._bureau, self._bridge, self._actor_of, query, self._window)
            window.pack_wanted.connect(self._issued_pack)
            return window

        return self._shown("many", BatchWindow, made)

    def _issued_pack(self, case_ids: tuple[int, ...], form: str) -> None:
        bureau, actor = self._bureau, self._actor_of()
        title = f"列表中已签发的文书（{len(case_ids)}件案件）"
        self.pack(title, lambda: packs.of_form(bureau, actor, case_ids, form))

    def pack(self, title: str, load: packs.Loader) -> PackWindow:
        """Open a list of papers."""
        return self._shown(
            ("pack", title),
            PackWindow,
            lambda: PackWindow(
                self._bureau,
                self._bridge,
                self._actor_of,
                title,
                load,
                self._window,
                make_printer=self.make_printer,
            ),
        )

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
