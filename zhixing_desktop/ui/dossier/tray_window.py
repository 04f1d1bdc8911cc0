"""待归扫描件: what waits is looked at, put in order and filed to a case, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from zhixing_desktop.services import (
    dossier_choices,
    dossier_rights,
    dossier_tray,
    dossier_tray_joining,
    dossier_tray_pages,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_choices import Choices
from zhixing_desktop.services.dossier_rights import FILE, TRAY
from zhixing_desktop.services.dossier_tray_rows import ASIDE, WAITING, TrayLine
from zhixing_desktop.services.dossier_types import Filed
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.frame import DossierFrame, Newest
from zhixing_desktop.ui.dossier.incoming_data import holds_pieces, pieces_of
from zhixing_desktop.ui.dossier.long_job import Tell
from zhixing_desktop.ui.dossier.stack import NO_PAGES
from zhixing_desktop.ui.dossier.tray_arrivals import TrayArrivals
from zhixing_desktop.ui.dossier.tray_desk import TrayDesk, place_of
from zhixing_desktop.ui.dossier.tray_left import TrayLeft
from zhixing_desktop.ui.dossier.tray_memory import TrayMemory
from zhixing_desktop.ui.dossier.tray_pages import TrayPages
from zhixing_desktop.ui.dossier.tray_shelf import TrayShelf
from zhixing_desktop.ui.dossier.tray_side import TraySide
from zhixing_desktop.ui.forms.parts import Words, show_if
from zhixing_desktop.workflow.errors import ZhixingError

_Known = tuple[Choices, Mapping[str, str]]
_SHARES = (0.17, 0.58, 0.25)


class TrayWindow(DossierFrame):
    """``counted`` carries how many wait; ``stack_wanted`` that a whole stack is to be taken."""

    help_page = "scanning"
    counted = Signal(int)
    stack_wanted = Signal()

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(bureau, bridge, actor_of, parent=parent)
        self.setWindowTitle("待归扫描件")
        self.setAcceptDrops(True)
        self.desk = TrayDesk()
        self.memory = TrayMemory(bureau, bridge, actor_of(), self)
        self._listing, self._opening, self._choosing = (Newest(bridge, self) for _ in range(3))
        self._build()
        self._connect()
        self.arm()
        self.memory.read(self.reload)
        self.finder.look()

    # ------------------------------------------------------------------------------- building

    def _build(self) -> None:
        self.shelf = TrayShelf(self._bureau, self._bridge, self._actor, self)
        self.aside = self.button("搁置", self.set_aside)
        self.back = self.button("取回", self.fetch_back)
        self.pages = TrayPages(self._bridge, self.desk, self)
        self.side = TraySide(self._bureau, self._bridge, self._actor, self.aside, self.back, self)
        self.finder, self.form, self.which = self.side.finder, self.side.form, self.side.which
        self.wrong, self.aside_reason = self.side.wrong, self.side.aside_reason
        panes = QSplitter(Qt.Orientation.Horizontal, self)
        panes.setChildrenCollapsible(False)
        for pane in (self._made_left(), self._made_middle(), self.side):
            panes.addWidget(pane)
        panes.setStretchFactor(1, 1)
        self.put(panes)
        self.act = self.button("归入案件", self.submit, "Ctrl+Return")
        self.put_foot(self.act, self.leave)
        self.fit(108, 60)
        panes.setSizes([round(self.width() * share) for share in _SHARES])
        QWidget.setTabOrder(self.list, self.finder.line)

    def _made_left(self) -> QWidget:
        self.arrivals = TrayArrivals(self._bureau, self._bridge, self._actor, self)
        self.add = self.button("添加文件…", self.arrivals.ask_files, "Ctrl+O")
        self.paste = self.button("粘贴", self.arrivals.paste_in, "Ctrl+V")
        self.stack = self.button("整批收取…", self.stack_wanted.emit, "Ctrl+Shift+O")
        buttons = (self.add, self.paste, self.stack)
        left = TrayLeft(self._bureau, self._bridge, self._actor, buttons, self)
        self.state, self.list, self.empty = left.state, left.list, left.empty
        return left

    def _made_middle(self) -> QWidget:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        self.hint = Words(tone="muted")
        column.addWidget(self.hint)
        column.addWidget(self.pages, 1)
        return middle

    def _connect(self) -> None:
        self.state.activated.connect(lambda _: self.reload())
        self.list.chosen.connect(self._chosen)
        self.finder.chosen.connect(lambda case_id, _no: self._read_case(case_id))
        self.form.edited.connect(self._typed)
        self.which.textEdited.connect(lambda _: self.arm())
        self.aside_reason.textEdited.connect(lambda _: self.arm())
        self.pages.thing_chosen.connect(self._show_thing)
        self.pages.changed.connect(self._arranged)
        self.pages.told.connect(self.said.setText)
        self.pages.job.ended.connect(self.arm)
        self.shelf.done.connect(self._settled)
        self.shelf.refused.connect(self.failed)
        self.arrivals.came.connect(self.reload)
        self.arrivals.told.connect(self.said.setText)
        self.arrivals.refused.connect(self.failed)
        self._bridge.changed.connect(lambda _: self.reload())

    # ------------------------------------------------------------------------------- reading

    def reload(self) -> None:
        """Read the list anew."""
        bureau, actor = self._bureau, self._actor()
        state = self.state.currentData()

        def read() -> tuple[tuple[TrayLine, ...], Mapping[str, str]]:
            return dossier_tray.waiting(bureau, actor, state), dossier_rights.barred(
                bureau, actor, None
            )

        self._listing.read(read, lambda found: self._listed(state, *found), self.failed)

    def _listed(self, state: str, lines: Sequence[TrayLine], barred: Mapping[str, str]) -> None:
        self.barred = {**self.barred, **barred}
        self.list.show_lines(lines)
        show_if(self.empty, not lines)
        if state == WAITING:
            self.counted.emit(len(lines))

    def _chosen(self) -> None:
        lines = self.list.lines()
        same = [(x.id, x.version) for x in lines] == [(x.id, x.version) for x in self.desk.lines]
        if not same:
            self._lay(lines)
        self.arm()

    def _lay(self, lines: tuple[TrayLine, ...]) -> None:
        kept = self.memory.of(place_of(lines))
        self.desk.lay(lines, kept)
        self.which.clear()
        hints = dict.fromkeys(line.hint or line.reason for line in lines)
        self.hint.setText("\n".join(hint for hint in hints if hint))
        case_id, case_no = (kept.case_id, kept.case_no) if kept is not None else (None, "")
        known = next((line for line in lines if line.case_id is not None), None)
        if case_id is None and known is not None:
            case_id, case_no = known.case_id, known.case_no
        if case_id is not None and case_id != self.finder.case_id:
            self.finder.show_case(case_id, case_no)
        self._open(lines)

    def _open(self, lines: tuple[TrayLine, ...]) -> None:
        self._opening.forget()
        if not any(line.cuts for line in lines):
            self.pages.clear("这个文件没有可以显示的页面。" if lines else "")
            self._show_thing(self.desk.stack.things[0] if lines else 0)
            return
        self.pages.clear("正在打开……")
        bureau, actor = self._bureau, self._actor()

        def read() -> dict[int, FilePages]:
            return {
                source: dossier_tray_pages.pages(bureau, actor, line.id)
                for source, line in enumerate(lines)
                if line.cuts
            }

        def failed(error: Exception) -> None:
            words = error.sentence if isinstance(error, ZhixingError) else "这个文件不能显示。"
            self.pages.clear(words, bad=True)

        self._opening.read(read, self.pages.show_files, failed)
        self._show_thing(self.desk.stack.things[0] if self.desk.stack.things else 0)

    def _read_case(self, case_id: int) -> None:
        bureau, actor = self._bureau, self._actor()

        def read() -> _Known:
            known = dossier_choices.choices(bureau, actor, case_id)
            return known, dossier_rights.barred(bureau, actor, case_id)

        self._choosing.read(read, lambda found: self._know(*found), self._unknown)

    def _know(self, known: Choices, barred: Mapping[str, str]) -> None:
        self.desk.known, self.barred = known, barred
        self.form.know(known)
        self._show_thing(self.thing)
        if self.desk.touched:
            self._remember()
        self.arm()

    def _unknown(self, error: Exception) -> None:
        self.desk.known = None
        self.failed(error)

    # ------------------------------------------------------------------------------- the thing

    @property
    def thing(self) -> int:
        """The thing that is spoken of: that under the cursor, else the first."""
        things = self.desk.stack.things
        return self.pages.thing if self.pages.thing in things else (things[0] if things else 0)

    def _show_thing(self, thing: int) -> None:
        things = self.desk.stack.things
        several = len(things) > 1 and thing in things
        at = things.index(thing) + 1 if several else 0
        count = self.desk.stack.pages(thing)
        self.side.about.setText(f"第{at}件（共{len(things)}件），{count}页" if several else "")
        show_if(self.side.about, several)
        if thing and self.desk.known is not None:
            by_hand = thing in self.desk.by_hand
            self.form.show_filing(self.desk.filing(thing), by_hand=by_hand, on_paper=False)
        self.arm()

    def _typed(self) -> None:
        if self.thing:
            by_hand = self.form.placed_by_hand
            self.desk.say(self.thing, self.form.filing(), by_hand=by_hand)
            self.pages.grid.viewport().update()
            self._remember()

    def _arranged(self) -> None:
        self.desk.touched = True
        self._show_thing(self.thing)
        self._remember()

    def _remember(self) -> None:
        done = self.desk.arrangement(self.finder.case_id, self.finder.line.text())
        self.memory.put(place_of(self.desk.lines), done)

    # ------------------------------------------------------------------------------- filing

    def _wrong_pages(self) -> str:
        try:
            self.side.places(len(self.desk.stack.of(self.thing)))
        except ValueError as error:
            return str(error)
        return ""

    def arm(self) -> None:
        """Let be used what can be used now."""
        lines = self.desk.lines
        state = lines[0].state if lines else ""
        waits, free = state == WAITING, not (self.job.running or self.pages.job.running)
        wrong = self._wrong_pages()
        self.wrong.setText(wrong)
        known = self.desk.known is not None
        barred = self.barred.get(FILE, "")
        self.pages.arm(free=waits and free)
        self.form.setEnabled(waits and free and known and not barred)
        self.which.setEnabled(waits and free)
        busy = "" if free else "正在办理，请稍候"
        empty = not any(not leaf.out for leaf in self.desk.stack.of(self.thing))
        self.offer(
            self.act,
            busy,
            "" if waits else "请先选定一份待归入的扫描件",
            "" if known else "请先选定归入哪个案件",
            barred,
            wrong,
            "这一件没有要归入的页" if empty else "",
        )
        for button in (self.add, self.paste, self.stack):
            self.offer(button, self.barred.get(TRAY, ""))
        for widget in (self.aside, self.aside_reason):
            show_if(widget, waits)
        self.offer(self.aside, busy, "" if self.aside_reason.text().strip() else "请写明搁置的理由")
        show_if(self.back, state == ASIDE)
        self.back.setEnabled(free)

    def submit(self) -> None:
        """File the thing that is spoken of."""
        known, thing = self.desk.known, self.thing
        if known is None or not self.act.isEnabled():
            return
        wrong = self.form.wrong_day()
        if wrong:
            self.wrong.setText(wrong)
            return
        filing = self.form.filing()
        if not self.form.placed_by_hand and not filing.place:
            filing = self.desk.unplaced(filing)
        places = self.side.places(len(self.desk.stack.of(thing)))
        if places is not None and self.desk.stack.of(thing)[0].page != NO_PAGES:
            self.desk.stack.divide(thing, places)
        picked, cuts = self.desk.picked(thing)
        before = place_of(self.desk.lines)
        after = self.desk.rest(thing, self.finder.case_id, self.finder.line.text())
        bureau, actor = self._bureau, self._actor()

        def job(tell: Tell, stopped: Callable[[], bool]) -> Filed:
            return dossier_tray_joining.file_together(
                bureau, actor, picked, cuts, known.case_id, filing,
                progress=tell, cancelled=stopped,
            )  # fmt: skip

        def done(filed: Filed) -> None:
            self.memory.drop(before)
            place, rest = after
            if place and rest.pages:
                self.memory.put(place, rest)
            self._filed(known, filed)

        self.run(job, done, self._not_filed)

    def _not_filed(self, error: Exception) -> None:
        self.failed(error)
        self.reload()

    def _filed(self, known: Choices, done: Filed) -> None:
        notes = "".join(f"\n{note}" for note in done.notes)
        self.aside_reason.clear()
        self.which.clear()
        self._bridge.announce(Changes(frozenset({known.case_id})))
        self._read_case(known.case_id)
        where = f"{known.case_no}　{done.item.place_name}"
        self.said.setText(f"“{done.item.name}”已归入{where}{notes}")
        self.list.setFocus()

    # -------------------------------------------------------------------------------- tray

    def set_aside(self) -> None:
        """Take the scans that are looked at off the list."""
        self.shelf.set_aside(self.desk.lines, self.aside_reason.text())

    def fetch_back(self) -> None:
        """Put the scans that are looked at back on the list."""
        self.shelf.fetch_back(self.desk.lines)

    def _settled(self, lines: tuple[TrayLine, ...], words: str) -> None:
        self.aside_reason.clear()
        self.memory.drop(place_of(lines))
        self.reload()
        self.said.setText(words)

    # ------------------------------------------------------------------------------- dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if holds_pieces(event.mimeData()) and TRAY not in self.barred:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put what is dropped into the tray."""
        event.acceptProposedAction()
        self.arrivals.bring(pieces_of(event.mimeData()))

    def reject(self) -> None:
        """Stop what runs, else close; what is half done is kept."""
        self.memory.flush()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what is half done."""
        self.memory.flush()
        super().closeEvent(event)
