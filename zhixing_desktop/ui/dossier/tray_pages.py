"""The pages of what waits in the tray: put in order beside the one that is looked at in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget

from zhixing_desktop.services.file_pages import FilePages, PagePicture
from zhixing_desktop.services.page_blanks import blank_pages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.intake_grid import IntakeGrid, IntakeModel
from zhixing_desktop.ui.dossier.long_job import LongJob, Tell
from zhixing_desktop.ui.dossier.stack import NO_PAGES, Stack
from zhixing_desktop.ui.dossier.stack_acts import StackActs
from zhixing_desktop.ui.dossier.tray_desk import TrayDesk
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Words, em, show_if
from zhixing_desktop.ui.page_view import PageView
from zhixing_desktop.workflow.errors import StoreError

_BUTTONS = (
    ("left", "左转", "["),
    ("right", "右转", "]"),
    ("out", "不入卷", "Del"),
    ("in", "恢复", "Insert"),
    ("blank", "去掉空白页", "Ctrl+B"),
    ("split", "从此页起另为一件", "Ctrl+D"),
    ("join", "并入上一件", "Ctrl+J"),
    ("join_all", "合为一件", "Ctrl+Shift+J"),
    ("undo", "撤销", "Ctrl+Z"),
)
_OF_THE_GRID = frozenset({"[", "]", "Del", "Insert"})
"""Keys that count where the pages have the focus only: elsewhere somebody types."""


class TrayPages(QWidget):
    """``changed`` after whatever was done with the pages; ``thing_chosen`` carries the thing under
    the cursor (0: none); ``told`` a short word.  ``job`` is the bar of what takes long."""

    changed = Signal()
    thing_chosen = Signal(int)
    told = Signal(str)

    def __init__(self, bridge: Bridge, desk: TrayDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.changeable = False
        self.files: dict[int, FilePages] = {}
        """By their place on the desk."""
        self.thing = 0
        self.grid = IntakeGrid(self)
        self.grid.setAccessibleName("扫描件的各页")
        self.acts = StackActs(self, self)
        self.job = LongJob(bridge, self)
        self.view = PageView(bridge, self)
        # Turning for the record is one thing, turning one's head another: here is the first.
        self.view.turn_button.hide()
        self.words = Words(tone="muted")
        ratio = self.devicePixelRatioF()
        self.model = IntakeModel(
            bridge,
            desk.stack,
            lambda source: desk.lines[source].name,
            self._pictures,
            desk.title_of,
            round(self.grid.picture_width * ratio),
            self,
        )
        self.grid.setModel(self.model)
        self._lay_out()
        self._connect()
        self.clear("")

    def _lay_out(self) -> None:
        tools = QWidget(self)
        flow = FlowLayout(tools)
        flow.setSpacing(em(self, 0.3))
        self.buttons: dict[str, QPushButton] = {}
        for name, words, keys in _BUTTONS:
            button = QPushButton(words, self)
            button.setAutoDefault(False)
            button.setToolTip(f"{words}（{keys}）")
            if keys not in _OF_THE_GRID:
                QShortcut(QKeySequence(keys), self).activated.connect(button.click)
            self.buttons[name] = button
            flow.addWidget(button)
        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.setChildrenCollapsible(False)
        across.addWidget(self.grid)
        across.addWidget(self.view)
        across.setSizes([360, 640])
        across.setStretchFactor(1, 1)
        self.grid.setMinimumWidth(self.grid.cell.width() + em(self, 2))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(tools)
        column.addWidget(self.words)
        column.addWidget(across, 1)
        column.addWidget(self.job)
        self._across, self._tools = across, tools

    def _connect(self) -> None:
        acts = self.acts
        for name, act in (
            ("left", lambda: acts.turn(-90)),
            ("right", lambda: acts.turn(90)),
            ("out", lambda: acts.leave_out(True)),
            ("in", lambda: acts.leave_out(False)),
            ("blank", self.drop_blanks),
            ("split", acts.split),
            ("join", acts.join),
            ("join_all", acts.join_all),
            ("undo", acts.undo),
        ):
            self._on(self.buttons[name], act)
        self.grid.moved.connect(acts.move_to)
        self.grid.stepped.connect(acts.step)
        self.grid.turned.connect(acts.turn)
        self.grid.dropped_out.connect(acts.leave_out)
        self.grid.looked_at.connect(lambda _row: self.view.area.setFocus())
        self.grid.selectionModel().currentChanged.connect(self._page_chosen)
        self.view.page_shown.connect(self._page_shown)

    def _on(self, button: QPushButton, act: Callable[[], object]) -> None:
        button.clicked.connect(lambda _on=False: act())

    def _pictures(self, source: int, wanted: Sequence[int], wide: int) -> Sequence[PagePicture]:
        return self.files[source].pictures(wanted, wide)

    # ------------------------------------------------------------------------------- showing

    @property
    def stack(self) -> Stack:
        """The pages as they lie now."""
        return self.desk.stack

    def clear(self, words: str, *, bad: bool = False) -> None:
        """Show nothing but some words."""
        self.files = {}
        self.model.show_stack(Stack())
        self.view.clear()
        self.words.set_tone("bad" if bad else "muted")
        self.words.setText(words)
        show_if(self.words, bool(words))
        self._across.hide()
        self._tools.hide()

    def show_files(self, files: dict[int, FilePages]) -> None:
        """Show what lies on the desk, of these files."""
        self.files = files
        self.words.hide()
        self._across.show()
        self._tools.show()
        self.model.show_stack(self.stack)
        self.grid.choose([0] if self.stack.leaves else [])
        self._look()

    def show_stack(self, chosen: list[int] | None = None) -> None:
        """Show the pages as they lie now, with these rows chosen."""
        before = self.grid.currentIndex().row()
        self.model.refresh()
        count = len(self.stack.leaves)
        rows = chosen if chosen else [min(max(before, 0), count - 1)] if count else []
        self.grid.choose(rows)
        self._look()
        self.changed.emit()

    def split_off(self, thing: int, old: int) -> None:
        """Let a thing that was split off stand where the other does; it has its own name."""
        said = self.desk.filing(old)
        self.desk.say(thing, self.desk.plain(said), by_hand=old in self.desk.by_hand)

    def _page_chosen(self, _now: QModelIndex) -> None:
        self._look()

    def _look(self) -> None:
        row = self.grid.currentIndex().row()
        leaves = self.stack.leaves
        thing = leaves[row].thing if 0 <= row < len(leaves) else 0
        if thing != self.thing:
            self.thing = thing
            self.thing_chosen.emit(thing)
        if not thing or leaves[row].page == NO_PAGES:
            self.view.clear("这个文件没有可以显示的页面。" if thing else "")
            return
        leaf = leaves[row]
        file = self.files.get(leaf.source)
        if file is None:
            return
        if not self.view.shows(file):
            self.view.show_file(file)
        self.view.show_page(leaf.page, leaf.turn)

    def _page_shown(self, number: int) -> None:
        """Follow somebody who turns over in the large page."""
        row = self.grid.currentIndex().row()
        leaves = self.stack.leaves
        if not 0 <= row < len(leaves) or leaves[row].page == number - 1:
            return
        source = leaves[row].source
        for at, leaf in enumerate(leaves):
            if (leaf.source, leaf.page) == (source, number - 1):
                self.grid.choose([at])
                return

    def arm(self, *, free: bool) -> None:
        """Let the pages be changed, or not."""
        self.changeable = free
        for button in self.buttons.values():
            button.setEnabled(free)

    # ------------------------------------------------------------------------------- blanks

    def drop_blanks(self) -> None:
        """Leave out every page on which nothing stands."""
        files = dict(self.files)
        total = sum(file.count for file in files.values())
        if self.job.running or not total or not self.changeable:
            return

        def job(tell: Tell, stopped: Callable[[], bool]) -> frozenset[tuple[int, int]]:
            found: set[tuple[int, int]] = set()
            before = 0
            for source, file in files.items():

                def step(done: int, begun: int = before) -> None:
                    if stopped():
                        raise StoreError("已经停止。", data={"kind": "cancelled"})
                    tell(begun + done, total, "查找空白页")

                found |= {(source, page) for page in blank_pages(file, step)}
                before += file.count
            return frozenset(found)

        def show(found: frozenset[tuple[int, int]]) -> None:
            # Another scan may be looked at by now.
            if files == self.files:
                self.told.emit(self.acts.drop(found))

        def failed(error: Exception) -> None:
            self.told.emit(error.sentence if isinstance(error, StoreError) else "没有完成。")

        self.job.run(job, show, failed)
