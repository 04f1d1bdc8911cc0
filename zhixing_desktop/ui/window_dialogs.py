"""The dialogs that the main window opens, and what they bring back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from zhixing_desktop import __version__
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.window_actions import TITLE

if TYPE_CHECKING:
    from zhixing_desktop.services.cases import CaseDetail
    from zhixing_desktop.ui.approvals.window import DecisionsWindow
    from zhixing_desktop.ui.calendar.window import CalendarWindow
    from zhixing_desktop.ui.daily_sheet_window import DailySheetWindow
    from zhixing_desktop.ui.dossier.archive_window import ArchiveWindow
    from zhixing_desktop.ui.dossier.copy_dialog import CopyDialog
    from zhixing_desktop.ui.dossier.intake_dialog import IntakeDialog
    from zhixing_desktop.ui.dossier.overdue_window import OverdueWindow
    from zhixing_desktop.ui.dossier.proof_window import ProofWindow
    from zhixing_desktop.ui.dossier.scan_sheets_dialog import ScanSheetsDialog
    from zhixing_desktop.ui.dossier.triangle_window import TriangleWindow
    from zhixing_desktop.ui.dossier.volumes_window import VolumesWindow
    from zhixing_desktop.ui.dossier.window import DossierWindow
    from zhixing_desktop.ui.dossier.windows import DossierWindows
    from zhixing_desktop.ui.help_window import HelpWindow
    from zhixing_desktop.ui.import_dialog import ImportDialog
    from zhixing_desktop.ui.journal_window import JournalWindow
    from zhixing_desktop.ui.main_window import MainWindow
    from zhixing_desktop.ui.new_case import NewCaseDialog
    from zhixing_desktop.ui.node_panel.things import ThingShelf
    from zhixing_desktop.ui.office.accounts_window import AccountsWindow
    from zhixing_desktop.ui.office.deputies_window import DeputiesWindow
    from zhixing_desktop.ui.office.layout_window import LayoutWindow
    from zhixing_desktop.ui.office.matrix_window import MatrixWindow
    from zhixing_desktop.ui.office.paper_laws_window import LawsWindow
    from zhixing_desktop.ui.office.paper_take_back_dialog import TakeBackDialog
    from zhixing_desktop.ui.office.paper_templates_window import TemplatesWindow
    from zhixing_desktop.ui.office.people_window import PeopleWindow
    from zhixing_desktop.ui.office.pieces import OfficeWindow
    from zhixing_desktop.ui.office.rulebook_window import RulebookWindow
    from zhixing_desktop.ui.office.settings_window import SettingsWindow
    from zhixing_desktop.ui.office.store_window import StoreWindow
    from zhixing_desktop.ui.papers.batch_window import BatchWindow
    from zhixing_desktop.ui.papers.pack_window import PackWindow
    from zhixing_desktop.ui.parties_dialog import PartiesDialog
    from zhixing_desktop.ui.sign_in.password_dialog import PasswordDialog

    _Office = TypeVar("_Office", bound=OfficeWindow)
    _PaperOf = TypeVar("_PaperOf", VolumesWindow, ProofWindow)
    _Of = TypeVar("_Of")


def load_dialogs() -> None:
    """Import the dialogs.  For a thread that may take long: the list is shown without them."""
    from zhixing_desktop.ui import (  # noqa: F401 - only to be there
        help_window,
        import_dialog,
        new_case,
    )
    from zhixing_desktop.ui.calendar import window  # noqa: F401 - as above


class WindowDialogs(QObject):
    """Opens dialogs over the window.

    ``registered`` carries a new case's row number; ``standing_changed`` that somebody's roles or
    deputies may be others; ``help_requested`` the name of a page of the handbook.
    """

    registered = Signal(int)
    standing_changed = Signal()
    help_requested = Signal(str)

    def __init__(self, bureau: Bureau, bridge: Bridge, window: MainWindow, handbook: Path) -> None:
        super().__init__(window)
        self._bureau = bureau
        self._bridge = bridge
        self._window = window
        self._handbook = handbook
        self.help: HelpWindow | None = None

    def new_case(self) -> NewCaseDialog:
        """Open the dialog for a new case."""
        from zhixing_desktop.ui.new_case import NewCaseDialog

        window = self._window
        dialog = NewCaseDialog(self._bureau, self._bridge, window.actor, parent=window)
        dialog.registered.connect(self._on_registered)
        dialog.open()
        return dialog

    def _on_registered(self, case_id: int, case_no: str) -> None:
        self._window.status.say(f"{case_no}已登记")
        self.registered.emit(case_id)

    def parties(self, subject: str = "") -> PartiesDialog | None:
        """Open the parties of the case that is shown, ``subject`` first; None without a case."""
        from zhixing_desktop.ui.parties_dialog import PartiesDialog

        window = self._window
        case_id = window.shown.case_id
        if case_id is None:
            window.status.say("请先在列表中选定一个案件")
            return None
        dialog = PartiesDialog(
            self._bureau, self._bridge, window.actor, case_id, subject=subject, parent=window
        )
        dialog.open()
        return dialog

    def _of_case(self, open_: Callable[[int, str], PackWindow]) -> PackWindow | None:
        window = self._window
        case = window.panels.node.case
        if window.shown.case_id is None or case is None:
            window.status.say("请先在列表中选定一个案件")
            return None
        return open_(case.id, case.case_no)

    def case_papers(self) -> PackWindow | None:
        """Open all papers of the case that is shown; None without a case."""
        return self._of_case(self._window.panels.node.papers.windows.case_pack)

    def dossier(self) -> DossierWindow | None:
        """Open the dossier of the case that is shown; None without a case."""
        return self._of_things(lambda windows, case: windows.dossier(case.id, case.case_no))

    def triangle(self) -> TriangleWindow | None:
        """Open node, electronic and paper dossier of the case side by side; None without a case."""
        return self._of_things(lambda windows, case: windows.triangle(case.id, case.case_no))

    def take_in(self) -> IntakeDialog | None:
        """Open the dialog that takes files into the case's dossier; None without a case."""
        from zhixing_desktop.ui.dossier.wishes import Wish

        return self._of_things(lambda windows, case: windows.take_in(case.id, Wish()))

    def scan_sheets(self) -> ScanSheetsDialog | None:
        """Open the printing of separators and stick-on stamps; None without a case."""
        window = self._window
        return self._of_things(lambda _, case: window.scans.sheets(case.id, case.case_no))

    def open_archive(self) -> ArchiveWindow:
        """Open what waits for the archive, at the case that is shown."""
        from zhixing_desktop.ui.dossier.archive_window import ArchiveWindow

        window = self._office(ArchiveWindow)
        case = self._window.panels.node.case if self._window.whole else None
        if case is not None and self._window.shown.case_id is not None:
            window.choose_case(case.id, case.case_no)
        return window

    def _archive_of(self, case_id: int, case_no: str) -> None:
        from zhixing_desktop.ui.dossier.archive_window import ArchiveWindow

        self._office(ArchiveWindow).choose_case(case_id, case_no)

    def open_copies(self) -> CopyDialog | None:
        """Open the copies for parties of the case that is shown; None without a case."""
        from zhixing_desktop.ui.dossier.copy_dialog import CopyDialog

        def made(_windows: DossierWindows, case: CaseDetail) -> CopyDialog:
            window = self._window
            dialog = CopyDialog(
                self._bureau, self._bridge, lambda: window.actor, case.id, case.case_no,
                parent=window,
            )  # fmt: skip
            dialog.show()
            return dialog

        return self._of_things(made)

    def open_overdue(self) -> OverdueWindow:
        """Open what of the dossiers is overdue in the whole bureau."""
        from zhixing_desktop.ui.dossier.overdue_window import OverdueWindow

        window = self._office(OverdueWindow)
        if not window.property("led"):
            window.setProperty("led", True)
            window.volumes_wanted.connect(self.open_volumes)
            window.archive_wanted.connect(self._archive_of)
        return window

    def open_store(self) -> StoreWindow:
        """Open the check of the kept files."""
        from zhixing_desktop.ui.office.store_window import StoreWindow

        return self._office(StoreWindow)

    def _of_things(self, open_: Callable[[DossierWindows, CaseDetail], _Of]) -> _Of | None:
        window = self._window
        case = window.panels.node.case
        if window.shown.case_id is None or case is None:
            window.status.say("请先在列表中选定一个案件")
            return None
        return open_(window.panels.node.things.windows, case)

    def listen_to(self, things: ThingShelf) -> None:
        """Go where the windows of the dossier lead to."""
        things.node_wanted.connect(self._show_instance)
        things.told.connect(self._window.status.say)
        things.with_volumes = things.with_proof = True
        things.volumes_wanted.connect(self.open_volumes)
        things.proof_wanted.connect(self.open_proof)
        things.archive_wanted.connect(self._archive_of)

    def volumes(self) -> VolumesWindow | None:
        """Open the paper volumes of the case that is shown; None without a case."""
        case = self._window.panels.node.case
        if self._window.shown.case_id is None or case is None:
            self._window.status.say("请先在列表中选定一个案件")
            return None
        return self.open_volumes(case.id, case.case_no)

    def proof(self) -> ProofWindow | None:
        """Open the proof of the paper volumes of the case that is shown; None without a case."""
        case = self._window.panels.node.case
        if self._window.shown.case_id is None or case is None:
            self._window.status.say("请先在列表中选定一个案件")
            return None
        return self.open_proof(case.id, case.case_no)

    def open_volumes(self, case_id: int, case_no: str) -> VolumesWindow:
        """Open the paper volumes of a case, or bring them to the front: one of each."""
        from zhixing_desktop.ui.dossier.volumes_window import VolumesWindow

        found = self._paper_window(VolumesWindow, case_id, case_no)
        if not found.isVisible():
            found.proof_wanted.connect(self.open_proof)
        return self._fronted(found)

    def open_proof(self, case_id: int, case_no: str) -> ProofWindow:
        """Open the proof of a case's paper volumes, or bring it to the front."""
        from zhixing_desktop.ui.dossier.proof_window import ProofWindow

        return self._fronted(self._paper_window(ProofWindow, case_id, case_no))

    def _paper_window(self, kind: type[_PaperOf], case_id: int, case_no: str) -> _PaperOf:
        window = self._window
        for one in window.findChildren(kind):
            if one.isVisible() and one.case_id == case_id:
                return one
        printer = window.panels.node.papers.windows.make_printer
        # Somebody else may sit down while it is open.
        return kind(
            self._bureau, self._bridge, lambda: window.actor, case_id, case_no, window,
            make_printer=printer,
        )  # fmt: skip

    def _fronted(self, found: _PaperOf) -> _PaperOf:
        found.show()
        found.raise_()
        found.activateWindow()
        return found

    def _show_instance(self, case_id: int, node: int, subject: str) -> None:
        self._show_case(case_id, node)
        self._window.panels.node.show_case(case_id, node, subject)

    def outdoor_kit(self) -> PackWindow | None:
        """Open the forms to be filled in by hand for the case that is shown."""
        return self._of_case(self._window.panels.node.papers.windows.kit)

    def many_papers(self) -> BatchWindow:
        """Open the window in which one form is made for all cases of the list."""
        window = self._window
        return window.panels.node.papers.windows.many(window.case_list.model.query)

    def office(self, name: str) -> None:
        """Open one of the windows of the court's own data: ``settings`` or ``people``."""
        {"settings": self.court_settings, "people": self.people}[name]()

    def take_back(self) -> TakeBackDialog | None:
        """Open the taking back of edited papers of the case that is shown; None without a case."""
        from zhixing_desktop.ui.office.paper_take_back_dialog import TakeBackDialog

        window = self._window
        case_id = window.shown.case_id
        if case_id is None:
            window.status.say("请先在列表中选定一个案件")
            return None
        dialog = TakeBackDialog(
            self._bureau, self._bridge, lambda: window.actor, case_id, parent=window
        )
        dialog.open()
        return dialog

    def import_cases(self) -> ImportDialog:
        """Open the import."""
        from zhixing_desktop.ui.import_dialog import ImportDialog

        window = self._window
        dialog = ImportDialog(self._bureau, self._bridge, window.actor, parent=window)
        dialog.imported.connect(self._on_imported)
        dialog.open()
        return dialog

    def _on_imported(self, count: int) -> None:
        self._window.status.say(f"已导入{count}件案件")
        self._bridge.announce(Changes(alerts=True))

    def calendar(self) -> CalendarWindow:
        """Open the court's calendar, or bring it to the front: there is one of it."""
        from zhixing_desktop.ui.calendar.window import CalendarWindow

        window = self._window
        found = [one for one in window.findChildren(CalendarWindow) if one.isVisible()]
        if not found:
            bureau, bridge, now = self._bureau, self._bridge, window.status.now()
            # Somebody else may sit down while it is open.
            made = CalendarWindow(bureau, bridge, lambda: window.actor, now, parent=window)
            found = [made]
        found[0].show()
        found[0].activateWindow()
        return found[0]

    def whole_journal(self) -> JournalWindow:
        """Open the journal of the whole bureau, or bring it to the front: there is one of it."""
        from zhixing_desktop.ui.journal_window import JournalWindow

        window = self._window
        found = [one for one in window.findChildren(JournalWindow) if one.isVisible()]
        if not found:
            # Somebody else may sit down while it is open.
            made = JournalWindow(self._bureau, self._bridge, lambda: window.actor, parent=window)
            found = [made]
        found[0].show()
        found[0].activateWindow()
        return found[0]

    def decisions(self) -> DecisionsWindow:
        """Open the window of those who decide, or bring it to the front: there is one of it."""
        from zhixing_desktop.ui.approvals.window import DecisionsWindow

        window = self._window
        found = window.findChildren(DecisionsWindow)
        if not found:
            made = DecisionsWindow(self._bureau, self._bridge, lambda: window.actor, window)
            made.case_requested.connect(self._show_case)
            found = [made]
        found[0].show()
        found[0].activateWindow()
        return found[0]

    def decide(self, case_id: int, request: int) -> None:
        """Open that window at an application."""
        self.decisions().panel.look_for((case_id, request))

    def _show_case(self, case_id: int, node: int) -> None:
        window = self._window
        window.open_case(case_id, node or None)
        window.activateWindow()
        window.raise_()

    def daily_sheet(self) -> DailySheetWindow:
        """Open the daily sheet of today."""
        from zhixing_desktop.ui.daily_sheet_window import DailySheetWindow

        window = self._window
        now = window.status.now()
        made = DailySheetWindow(self._bureau, self._bridge, window.actor, now, window)
        made.show()
        return made

    def leave(self) -> None:
        """Close what shows the work of who worked here until now."""
        from zhixing_desktop.ui.approvals.window import DecisionsWindow
        from zhixing_desktop.ui.daily_sheet_window import DailySheetWindow

        for kind in (DecisionsWindow, DailySheetWindow):
            for one in self._window.findChildren(kind):
                one.close()
                # Not found any more, whatever is typed in it: it was not for the next person.
                one.setParent(None)
                one.deleteLater()

    def save_template(self) -> None:
        """Ask where to save an empty import template."""
        from zhixing_desktop.ui.import_dialog import ask_template

        ask_template(self._window, self._bridge, self._window.status.say)

    # ------------------------------------------------------------------------ people and rights

    def people(self) -> PeopleWindow:
        """Open the staff."""
        from zhixing_desktop.ui.office.people_window import PeopleWindow

        return self._office(PeopleWindow)

    def accounts(self) -> AccountsWindow:
        """Open the accounts."""
        from zhixing_desktop.ui.office.accounts_window import AccountsWindow

        return self._office(AccountsWindow)

    def court_settings(self) -> SettingsWindow:
        """Open the court's settings."""
        from zhixing_desktop.ui.office.settings_window import SettingsWindow

        return self._office(SettingsWindow)

    def paper_layout(self) -> LayoutWindow:
        """Open the layout of papers."""
        from zhixing_desktop.ui.office.layout_window import LayoutWindow

        return self._office(LayoutWindow)

    def paper_templates(self) -> TemplatesWindow:
        """Open the court's own templates."""
        from zhixing_desktop.ui.office.paper_templates_window import TemplatesWindow

        return self._office(TemplatesWindow)

    def paper_laws(self) -> LawsWindow:
        """Open the dated table of articles."""
        from zhixing_desktop.ui.office.paper_laws_window import LawsWindow

        return self._office(LawsWindow)

    def matrix(self) -> MatrixWindow:
        """Open the authority matrix."""
        from zhixing_desktop.ui.office.matrix_window import MatrixWindow

        return self._office(MatrixWindow)

    def rulebook(self) -> RulebookWindow:
        """Open the rulebook that is worked by."""
        from zhixing_desktop.ui.office.rulebook_window import RulebookWindow

        return self._office(RulebookWindow)

    def offer_rulebook(self) -> QMessageBox:
        """Tell whoever may adopt it that the program brings another rulebook."""
        return messages.ask(
            self._window,
            "节点规则",
            "本程序带来一套新的节点规则，本局还没有核准，现在仍按原来的规则办案。",
            self.rulebook,
            yes_words="现在查看",
            no_words="以后再说",
            below="可以先比较规则的差异和在办案件的变化，再决定是否核准（“人员”菜单的“节点规则…”）。",
        )

    def deputies(self) -> DeputiesWindow:
        """Open who stands for whom."""
        from zhixing_desktop.ui.office.deputies_window import DeputiesWindow

        return self._office(DeputiesWindow)

    def _office(self, kind: type[_Office]) -> _Office:
        """Open one of the administrators' windows, or bring it to the front: one of each."""
        window = self._window
        found = [one for one in window.findChildren(kind) if one.isVisible()]
        if not found:
            made = kind(self._bureau, self._bridge, lambda: window.actor, parent=window)
            made.changed.connect(self.standing_changed)
            found = [made]
        found[0].show()
        found[0].activateWindow()
        return found[0]

    def my_password(self) -> PasswordDialog:
        """Let the one who works here change his own password."""
        from zhixing_desktop.ui.sign_in.password_dialog import PasswordDialog

        window = self._window
        dialog = PasswordDialog(
            self._bureau, self._bridge, window.login, window.actor.name, parent=window
        )
        dialog.saved.connect(lambda: window.status.say("密码已修改"))
        dialog.open()
        return dialog

    def show_help(self) -> None:
        """Open the handbook at the page of the panel that has the cursor."""
        from zhixing_desktop.ui.help_window import open_help

        self.help, page = open_help(self._handbook)
        self.help_requested.emit(page)

    def show_about(self) -> None:
        """Say which program this is and by which rules it works."""
        book = self._bureau.rules.book
        messages.tell(
            self._window,
            "关于知行",
            f"{TITLE}\n版本 {__version__}",
            below=f"节点规则　{book.title}\n规则版本 {book.version}，{book.effective} 起施行\n"
            f"校验值　{book.hash[:16]}",
        )
