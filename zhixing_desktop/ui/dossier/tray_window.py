"""待归扫描件: what waits is looked at and filed to a case, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import (
    dossier_arrivals,
    dossier_choices,
    dossier_tray,
    dossier_tray_pages,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_choices import Choices, propose
from zhixing_desktop.services.dossier_tray_rows import ASIDE, FILED, WAITING, TrayLine, TraySource
from zhixing_desktop.services.dossier_types import Cut, Filed, Medium, Piece
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.case_finder import CaseFinder
from zhixing_desktop.ui.dossier.incoming_data import holds_pieces, pieces_of
from zhixing_desktop.ui.dossier.intake_form import IntakeForm
from zhixing_desktop.ui.dossier.page_strip import Pages
from zhixing_desktop.ui.dossier.tray_list import TrayList
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Mark, Words, em, show_if
from zhixing_desktop.workflow.errors import ZhixingError

_STATES = ((WAITING, "待归入"), (FILED, "已入卷"), (ASIDE, "已搁置"))


class TrayWindow(QDialog):
    """``counted`` carries how many wait; ``stack_wanted`` that a whole stack is to be taken."""

    help_page = "scanning"
    counted = Signal(int)
    stack_wanted = Signal()
    progressed = Signal(int, int, str)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setWindowTitle("待归扫描件")
        self.setAcceptDrops(True)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self.known: Choices | None = None
        self.shown: TrayLine | None = None
        self._running = self._stopped = False
        self._build()
        self.progressed.connect(self._progress)
        bridge.changed.connect(lambda _: self.refresh())
        self.refresh()
        self.finder.look()

    # ------------------------------------------------------------------------------- building

    def _build(self) -> None:
        box = QVBoxLayout(self)
        across = QSplitter(Qt.Orientation.Horizontal, self)
        for part in (self._made_left(), self._made_middle(), self._made_right()):
            across.addWidget(part)
        box.addWidget(across, 1)
        self.progress = QProgressBar(self)
        self.progress.hide()
        box.addWidget(self.progress)
        foot = QHBoxLayout()
        self.said = Words(tone="muted", middle=True)
        foot.addWidget(self.said, 1)
        self.act = self._button("归入案件", "Ctrl+Return", self.submit)
        self.leave = self._button("关闭", "", self.reject)
        foot.addWidget(self.act)
        foot.addWidget(self.leave)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        wide, high = em(self, 106), em(self, 58)
        self.resize(min(wide, room.width() - 20), min(high, room.height() - 40))
        across.setSizes([round(self.width() * share) for share in (0.25, 0.43, 0.32)])
        QWidget.setTabOrder(self.list, self.finder.line)

    def _made_left(self) -> QWidget:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        tools = QWidget(left)
        flow = FlowLayout(tools)
        self.state = QComboBox(left)
        self.state.setAccessibleName("显示哪些")
        for state, words in _STATES:
            self.state.addItem(words, state)
        self.state.activated.connect(lambda _: self.refresh())
        self.add = self._button("添加文件…", "Ctrl+O", self.ask_files)
        self.paste = self._button("粘贴", "Ctrl+V", self.paste_in)
        self.stack = self._button("整批收取…", "Ctrl+Shift+O", self.stack_wanted.emit)
        for widget in (self.state, self.add, self.paste, self.stack):
            flow.addWidget(widget)
        column.addWidget(tools)
        self.list = TrayList(self._bureau, self._bridge, self._actor_of, left)
        self.list.chosen.connect(self._chosen)
        column.addWidget(self.list, 1)
        self.empty = Words("没有扫描件。可以把文件拖到这里。", tone="muted")
        column.addWidget(self.empty)
        return left

    def _made_middle(self) -> QWidget:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(6, 0, 6, 0)
        self.hint = Words(tone="muted")
        column.addWidget(self.hint)
        self.pages = Pages(self._bridge, middle)
        column.addWidget(self.pages, 1)
        return middle

    def _made_right(self) -> QWidget:
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 6, 0)
        column.addWidget(Mark("归入哪个案件", bold=True))
        self.finder = CaseFinder(self._bureau, self._bridge, self._actor_of, right)
        self.finder.chosen.connect(lambda case_id, _no: self._read_case(case_id))
        column.addWidget(self.finder)
        self.form = IntakeForm(right)
        self.form.setEnabled(False)
        column.addWidget(self.form)
        line = QHBoxLayout()
        line.addWidget(Mark("归入的页"))
        self.which = QLineEdit(right)
        self.which.setPlaceholderText("全部；只归入几页的，如 1-3,5")
        self.which.setAccessibleName("归入的页")
        self.which.textEdited.connect(lambda _: self._fit())
        line.addWidget(self.which, 1)
        column.addLayout(line)
        self.wrong = Words(tone="bad")
        column.addWidget(self.wrong)
        column.addStretch(1)
        self.aside_reason = QLineEdit(right)
        self.aside_reason.setPlaceholderText("与案件无关的，写明理由后搁置（不删除）")
        self.aside_reason.setAccessibleName("搁置理由")
        self.aside_reason.textEdited.connect(lambda _: self._fit())
        self.aside = self._button("搁置", "", self.set_aside)
        self.back = self._button("取回", "", self.fetch_back)
        last = QHBoxLayout()
        last.addWidget(self.aside_reason, 1)
        last.addWidget(self.aside)
        last.addWidget(self.back)
        column.addLayout(last)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(right)
        return area

    def _button(self, words: str, keys: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        button.setToolTip(f"{words.rstrip('…')}（{keys}）" if keys else words)
        if keys:
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    # ------------------------------------------------------------------------------- reading

    def refresh(self) -> None:
        """Read the list anew."""
        bureau, actor = self._bureau, self._actor_of()
        state = self.state.currentData()
        self._bridge.read(
            self,
            lambda: dossier_tray.waiting(bureau, actor, state),
            lambda lines: self._listed(state, lines),
            self._not_read,
        )

    def _not_read(self, error: Exception) -> None:
        self.said.setText(error.sentence if isinstance(error, ZhixingError) else str(error))

    def _listed(self, state: str, lines: Sequence[TrayLine]) -> None:
        if state != self.state.currentData():
            return
        self.list.show_lines(lines)
        show_if(self.empty, not lines)
        if state == WAITING:
            self.counted.emit(len(lines))

    def _chosen(self, line: TrayLine | None) -> None:
        before, self.shown = self.shown, line
        if line is None:
            self.pages.clear()
            self.hint.setText("")
        elif before is None or (line.id, line.version) != (before.id, before.version):
            self._show_line(line)
        self._fit()

    def _show_line(self, line: TrayLine) -> None:
        self.which.clear()
        self.hint.setText(line.hint or line.reason)
        if line.case_id is not None and line.case_id != self.finder.case_id:
            self.finder.show_case(line.case_id, line.case_no)
        self._propose()
        if not line.cuts:
            self.pages.clear("这个文件没有可以显示的页面。")
            return
        self.pages.clear("正在打开……")
        bureau, actor = self._bureau, self._actor_of()

        def show(found: FilePages) -> None:
            if self.shown is not None and self.shown.id == line.id:
                self.pages.show_file(found)

        def failed(error: Exception) -> None:
            words = error.sentence if isinstance(error, ZhixingError) else "这个文件不能显示。"
            if self.shown is not None and self.shown.id == line.id:
                self.pages.clear(words, bad=True)

        self._bridge.read(
            self, lambda: dossier_tray_pages.pages(bureau, actor, line.id), show, failed
        )

    def _read_case(self, case_id: int) -> None:
        bureau, actor = self._bureau, self._actor_of()
        self._bridge.read(
            self, lambda: dossier_choices.choices(bureau, actor, case_id), self._know, self._told
        )

    def _know(self, known: Choices) -> None:
        if known.case_id != self.finder.case_id:
            return
        self.known = known
        self.form.know(known)
        self._propose()
        self._fit()

    def _propose(self) -> None:
        """Fill in what can be known of the scan that is looked at."""
        if self.known is None or self.shown is None:
            return
        filing = propose(self.known, self.shown.name, Medium.ORIGINAL)
        # What a scanner calls its files says nothing about the thing.
        name = filing.material
        self.form.show_filing(replace(filing, name=name), by_hand=False, on_paper=False)

    def _told(self, error: Exception) -> None:
        self.known = None
        self._fit()
        self.wrong.setText(error.sentence if isinstance(error, ZhixingError) else str(error))

    # -------------------------------------------------------------------------------- filing

    def cuts(self) -> list[Cut] | None:
        """Return the pages that are to be filed; ``None`` for all.

        Raises ``ValueError`` with words where what is typed are no pages of it.
        """
        text = self.which.text().strip()
        line = self.shown
        if not text or line is None:
            return None
        found: list[Cut] = []
        for part in text.replace("，", ",").replace("、", ",").replace("－", "-").split(","):
            first, _, last = part.strip().partition("-")
            if not first.isdecimal() or (last and not last.isdecimal()):
                raise ValueError(f"“{part}”不是页码，写法如 1-3,5")
            for number in range(int(first), int(last or first) + 1):
                if not 1 <= number <= line.pages:
                    raise ValueError(f"这份扫描件有{line.pages}页，没有第{number}页")
                found.append(line.cuts[number - 1])
        return found

    def _fit(self) -> None:
        line = self.shown
        waits = line is not None and line.state == WAITING
        problem = ""
        try:
            self.cuts()
        except ValueError as error:
            problem = str(error)
        self.wrong.setText(problem)
        free = not self._running
        self.form.setEnabled(waits and free and self.known is not None)
        ready = waits and free and self.known is not None and not problem
        self.act.setEnabled(ready)
        self.which.setEnabled(waits and free)
        for widget in (self.aside, self.aside_reason):
            show_if(widget, waits)
        self.aside.setEnabled(free and bool(self.aside_reason.text().strip()))
        show_if(self.back, line is not None and line.state == ASIDE)
        self.leave.setText("停止" if self._running else "关闭")

    def submit(self) -> None:
        """File the scan that is looked at."""
        line, known = self.shown, self.known
        if line is None or known is None or not self.act.isEnabled():
            return
        wrong = self.form.wrong_day()
        if wrong:
            self.wrong.setText(wrong)
            return
        cuts, filing = self.cuts(), self.form.filing()
        if not self.form.placed_by_hand and not filing.place:
            filing = replace(filing, place=None, side=None)
        bureau, actor = self._bureau, self._actor_of()
        self._run(
            lambda: dossier_tray.file_from_tray(
                bureau,
                actor,
                line.id,
                known.case_id,
                filing,
                cuts,
                version=line.version,
                progress=self.progressed.emit,
                cancelled=lambda: self._stopped,
            ),
            partial(self._filed, known),
        )

    def _run(self, job: Callable[[], object], done: Callable[[Filed], None]) -> None:
        self._running, self._stopped = True, False
        self.said.setText("")
        self.progress.setRange(0, 0)
        self.progress.show()
        self._fit()
        # By a reader: to make the pages takes long, and only its last moment writes.
        self._bridge.read(self, job, done, self._failed)

    def _progress(self, done: int, total: int, what: str) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.setFormat(f"{what} %v/%m")

    def _end(self) -> None:
        self._running = False
        self.progress.hide()
        self._fit()

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, ZhixingError):
            self.wrong.setText(error.sentence)
            self.refresh()
        else:
            messages.show_error(self, error)

    def _filed(self, known: Choices, done: Filed) -> None:
        self._end()
        notes = "".join(f"\n{note}" for note in done.notes)
        words = f"“{done.item.name}”已归入{known.case_no}　{done.item.place_name}{notes}"
        self.aside_reason.clear()
        self._bridge.announce(Changes(frozenset({known.case_id})))
        self._read_case(known.case_id)
        self.said.setText(words)
        self.list.setFocus()

    # -------------------------------------------------------------------------------- tray

    def set_aside(self) -> None:
        """Take the scan that is looked at off the list."""
        line, reason = self.shown, self.aside_reason.text()
        if line is None:
            return
        bureau, actor = self._bureau, self._actor_of()
        self._write(
            lambda: dossier_tray.set_aside(bureau, actor, line.id, reason, version=line.version),
            f"“{line.name}”已搁置，可以在“已搁置”中取回",
        )

    def fetch_back(self) -> None:
        """Put the scan that is looked at back on the list."""
        line = self.shown
        if line is None:
            return
        bureau, actor = self._bureau, self._actor_of()
        self._write(
            lambda: dossier_tray.fetch_back(bureau, actor, line.id, version=line.version),
            f"“{line.name}”已取回",
        )

    def _write(self, job: Callable[[], object], words: str) -> None:
        def done(_: object) -> None:
            self.aside_reason.clear()
            self.refresh()
            self.said.setText(words)

        self._bridge.write(self, job, done, self._failed)

    def ask_files(self) -> QFileDialog:
        """Ask for files that are to wait here."""
        dialog = QFileDialog(self, "选择放入待归区的文件")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._take_files)
        dialog.open()
        return dialog

    def _take_files(self, names: Sequence[str]) -> None:
        self.bring([Piece(Path(name).name, Path(name)) for name in names])

    def paste_in(self) -> None:
        """Take what lies on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        pieces = pieces_of(data) if data is not None else ()
        if pieces:
            self.bring(pieces, TraySource.PASTED)
        else:
            self.said.setText("剪贴板中没有文件或者图片")

    def bring(self, pieces: Sequence[Piece], source: TraySource = TraySource.DROPPED) -> None:
        """Put files into the tray, whatever they are."""
        bureau, actor = self._bureau, self._actor_of()

        def job() -> list[str]:
            return [dossier_arrivals.arrive(bureau, actor, one, source).sentence for one in pieces]

        def done(sentences: list[str]) -> None:
            self.refresh()
            self.said.setText("\n".join(sentences))

        self._bridge.read(self, job, done, self._failed)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if holds_pieces(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put what is dropped into the tray."""
        event.acceptProposedAction()
        self.bring(pieces_of(event.mimeData()))

    def reject(self) -> None:
        """Stop what runs, else close."""
        if self._running:
            self._stopped = True
            self.said.setText("正在停止…")
            return
        super().reject()
