"""The rulebook that the bureau works by; another one compared with it, and adopted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import at_desk, rulebook_change
from zhixing_desktop.services import recompute as recompute_service
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.rulebook_change import ACT, Candidate, ComparisonCancelledError
from zhixing_desktop.services.rulebook_store import Adopted, offered
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.office.paged_listing import PagedListing
from zhixing_desktop.ui.office.pieces import Listing, OfficeWindow, allow, plain_button
from zhixing_desktop.ui.office.rulebook_rows import (
    Compared,
    Row,
    adopted_words,
    adoption_rows,
    compared_words,
)
from zhixing_desktop.ui.sign_in.password_dialog import refusal_words
from zhixing_desktop.workflow.errors import ZhixingError

_RULES = (("节点", 5), ("规则", 15), ("原来", 19), ("改为", 19))
_CASES = (("案号", 15), ("节点", 17), ("变化", 26))
_ADOPTIONS = (("版本", 6), ("施行日期", 9), ("核准时间", 12), ("核准人", 8), ("依据", 22))
_OFFERED = "本程序带来另一套节点规则，本局还没有核准。请先“比较”，核对后由院长核准。"
_FIRST = "请先“比较”，看过规则差异和案件变化，才能核准"


@dataclass(frozen=True, slots=True)
class _Known:
    adopted: tuple[Adopted, ...]
    offered: bool
    refused: str


class RulebookWindow(OfficeWindow):
    """Above what counts now; below another rulebook's differences and what they would change."""

    help_page = "rulebook"
    _progressed = Signal(int, int)
    _entered = Signal()

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self._folder: Path | None = None
        self._tried: tuple[Candidate, int] | None = None
        self._refused = ""
        self._busy = False
        self._stop = threading.Event()
        self.setWindowTitle("节点规则")
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._show_busy()
        self.reload()

    # ------------------------------------------------------------------------------ building

    def _make_widgets(self) -> None:
        self.adopted = Words(bold=True)
        self.source = Words(tone="muted")
        self.compare_button = plain_button("比较(&B)", self.compare, self)
        self.folder_button = plain_button("其他规则文件夹(&F)…", self._ask_folder, self)
        self.stop_button = plain_button("停止", self.stop, self)
        self.progress = QProgressBar(self)
        self.summary = Words()
        self.tabs = QTabWidget(self)
        self.rules = PagedListing("规则差异", _RULES, self)
        self.cases = PagedListing("案件变化", _CASES, self)
        self.history = Listing("历次核准", _ADOPTIONS, self)
        self.paper, self.reason = QLineEdit(self), QLineEdit(self)
        self.paper.setPlaceholderText("所依据文件的文号，可以不填")
        self.reason.setPlaceholderText("为什么更换，记入日志")
        for line, name in ((self.paper, "文号"), (self.reason, "理由")):
            line.setAccessibleName(name)
        self.adopt_button = plain_button("核准(&A)", self.ask_adopt, self)
        self.compare_button.setToolTip("只比较，不保存（Ctrl+Enter）")

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.addWidget(self.source, 1)
        for button in (self.stop_button, self.folder_button, self.compare_button):
            acts.addWidget(button)
        self.tabs.addTab(self.rules, "规则差异")
        self.tabs.addTab(self.cases, "案件变化")
        self.tabs.addTab(self.history, "历次核准")
        form = QFormLayout()
        form.addRow("文号(&P)", self.paper)
        form.addRow("理由(&R)", self.reason)
        bottom = QHBoxLayout()
        bottom.addLayout(form, 1)
        bottom.addWidget(self.adopt_button, 0, Qt.AlignmentFlag.AlignBottom)
        box = QVBoxLayout(self)
        box.addWidget(self.adopted)
        box.addLayout(acts)
        box.addWidget(self.progress)
        box.addWidget(self.summary)
        box.addWidget(self.tabs, 1)
        box.addLayout(bottom)
        box.addWidget(self.note)
        room = self.screen().availableGeometry()
        wanted = (em(self, 66), em(self, 44))
        self.resize(min(wanted[0], room.width()), min(wanted[1], room.height() - em(self, 3)))

    def _connect(self) -> None:
        queued = Qt.ConnectionType.QueuedConnection
        self._progressed.connect(self._show_progress, queued)
        self._entered.connect(self._on_entered, queued)
        # Nobody waits for a comparison any more; what is being adopted is finished all the same.
        self.finished.connect(self._leave)
        # Queued: the same key would go on to the question's own default button.
        self.reason.returnPressed.connect(self.ask_adopt, queued)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.compare)

    # ------------------------------------------------------------------------------- showing

    def reload(self) -> None:
        """Read which rulebook counts, whether the program brings another, and who may adopt."""
        bureau, actor = self._bureau, self._actor()

        def read() -> _Known:
            return _Known(
                rulebook_change.adoptions(bureau),
                offered(bureau),
                at_desk.refusals(bureau, actor, (ACT,)).get(ACT, ""),
            )

        self._bridge.read(self, read, self._show, self._failed)

    def _show(self, known: _Known) -> None:
        self._refused = known.refused
        self.adopted.setText(f"本局现用　{adopted_words(known.adopted[-1])}")
        self.history.fill(adoption_rows(known.adopted))
        if self._folder is not None:
            self.source.setText(f"与文件夹“{self._folder.name}”中的规则比较")
        elif known.offered:
            self.source.setText(_OFFERED)
        else:
            self.source.setText("本程序没有带来新的规则。")
        self._show_busy()

    def _show_tried(self, done: tuple[Candidate, Compared]) -> None:
        candidate, found = done
        self._end()
        self._tried = (candidate, found.based_on)
        self.summary.setText(f"另一套　{found.title}\n{found.summary}")
        self._fill(found.rules, found.cases)
        if found.rules:
            self.say("比较完毕，什么也没有保存。请核对两张表，再由院长核准。")
        else:
            self.say("这套规则与本局现用的没有不同。")
        self._show_busy()
        self.rules.list.setFocus()

    def _fill(self, rules: tuple[Row, ...], cases: tuple[Row, ...]) -> None:
        self.rules.show_rows(rules)
        self.cases.show_rows(cases)
        for place, (words, rows) in enumerate((("规则差异", rules), ("案件变化", cases))):
            self.tabs.setTabText(place, f"{words}（{len(rows)}）" if rows else words)
        self.tabs.setCurrentIndex(0)

    # -------------------------------------------------------------------------------- acting

    def compare(self) -> None:
        """Find out what is different and what would change; nothing is written."""
        if self._busy:
            return
        self._begin("正在比较……")
        bureau, actor, folder = self._bureau, self._actor(), self._folder
        tell, stopped = self._progressed.emit, self._stop.is_set

        def look() -> tuple[Candidate, Compared]:
            candidate = rulebook_change.read_candidate(bureau, folder)
            found = rulebook_change.compare(bureau, actor, candidate, tell, stopped)
            return candidate, compared_words(found)

        self._bridge.read(self, look, self._show_tried, self._failed)

    def ask_adopt(self) -> None:
        """Ask once more, then adopt what was compared."""
        if not self.adopt_button.isEnabled() or self._tried is None:
            return
        book = self._tried[0].book
        messages.ask(
            self,
            "更换节点规则",
            f"本局从现在起按版本{book.version}办案，在办案件全部重新计算。确定核准吗？",
            self.adopt,
            yes_words="核准",
            below="已经结案的案件仍按原来的规则。其他工作站须关闭程序重新打开。",
            default_yes=False,
        )

    def adopt(self) -> None:
        """Adopt what was compared; then bring the open cases in line."""
        if self._busy or self._tried is None:
            return
        candidate, based_on = self._tried
        reason, paper = self.reason.text(), self.paper.text()
        self._begin("正在保存……")
        self.stop_button.setEnabled(False)
        bureau, actor = self._bureau, self._actor()
        tell, entered = self._progressed.emit, self._entered.emit

        def work() -> int:
            rulebook_change.adopt(bureau, actor, candidate, reason, paper=paper, based_on=based_on)
            entered()
            return len(recompute_service.recompute(bureau, actor, tell, act=ACT))

        self._bridge.write(self, work, self._on_adopted, self._failed)

    def _on_entered(self) -> None:
        if self._busy:
            self.say("规则已核准，正在重新计算在办案件……")

    def _on_adopted(self, moved: int) -> None:
        self._end()
        self._forget()
        self.reason.clear()
        self.paper.clear()
        self.say(
            f"已核准，{moved}个时限随之变动，每件案件的变动都记入了日志。"
            "其他工作站须关闭程序重新打开；本机打开着的其他窗口请关闭后再打开。"
        )
        self.changed.emit()
        self._bridge.announce(Changes(alerts=True))
        self.reload()

    def stop(self) -> None:
        """Stop a comparison."""
        self._stop.set()
        self.stop_button.setEnabled(False)
        self.say("正在停止……")

    def _leave(self) -> None:
        self._stop.set()

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, "选择节点规则所在的文件夹")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.choose_folder)
        dialog.open()

    def choose_folder(self, folder: str) -> None:
        """Compare with the rulebook in a folder from now on; with the program's for none."""
        self._folder = Path(folder) if folder else None
        self._forget()
        self.reload()

    def _forget(self) -> None:
        """What was compared is not what stands there any more."""
        self._tried = None
        self.summary.setText("")
        self._fill((), ())
        self._show_busy()

    # ------------------------------------------------------------------------------- running

    def _begin(self, words: str) -> None:
        self._busy = True
        # Each run has its own flag: one that was told to stop must not hear the next one's.
        self._stop = threading.Event()
        self.progress.setRange(0, 0)
        self.stop_button.setEnabled(True)
        self.say(words)
        self._show_busy()

    def _end(self) -> None:
        self._busy = False
        self._show_busy()

    def _show_busy(self) -> None:
        self.progress.setVisible(self._busy)
        self.stop_button.setVisible(self._busy)
        self.summary.setVisible(bool(self.summary.text()))
        for widget in (self.compare_button, self.folder_button):
            widget.setEnabled(not self._busy)
        refused = {ACT: self._refused} if self._refused else {}
        ready = self._tried is not None and not self._busy
        allow(self.adopt_button, refused, ACT, also=ready, why=_FIRST)
        for line in (self.paper, self.reason):
            line.setEnabled(not self._busy and not self._refused)
            line.setToolTip(self._refused)

    def _show_progress(self, done: int, total: int) -> None:
        if self._busy:
            self.progress.setRange(0, max(total, 1))
            self.progress.setValue(done)
            self.progress.setFormat(f"{done} / {total} 件")

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, ComparisonCancelledError):
            self.say("已停止，什么也没有保存。")
        elif isinstance(error, ZhixingError):
            self.say(refusal_words(error), "error")
        else:
            self.refused(error)
