"""批量制作文书: one form for the cases of the list; progress, stopping, what came of each case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import CaseLine, CaseQuery
from zhixing_desktop.services.paper_types import BatchResult, PaperLine
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.choices import CalmCombo
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.making import Surroundings
from zhixing_desktop.ui.forms.parts import Mark, Words, em
from zhixing_desktop.ui.papers.ask_row import AskRow
from zhixing_desktop.ui.papers.batch_rows import TICKS, BatchRows, BatchTable
from zhixing_desktop.ui.papers.chain import Chain, told
from zhixing_desktop.ui.papers.many import (
    MOST_CASES,
    Act,
    FormLine,
    Many,
    Order,
    do_case,
    read_many,
)
from zhixing_desktop.ui.papers.words import day_of
from zhixing_desktop.workflow.errors import ZhixingError

ActorOf = Callable[[], Actor]
_WORDS = {Act.CHECK: "可以签发", Act.KEEP: "已存草稿", Act.ISSUE: "已签发"}


class BatchWindow(QDialog):
    """``made`` carries the papers that were issued; ``pack_wanted`` cases and the form of which all
    that is issued is to be printed or saved."""

    help_page = "papers"
    made = Signal(object)
    pack_wanted = Signal(object, str)
    # From the thread that works: a case, and what came of it.
    _told = Signal(int, str)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        query: CaseQuery,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setWindowTitle("批量制作文书")
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._many: Many | None = None
        self._wanted: list[int] = []
        self.issued: tuple[PaperLine, ...] = ()
        self.rows: dict[str, AskRow] = {}
        self.day: DateEditor | None = None
        self.chain = Chain(bridge, self)
        self._told.connect(self._show_told, Qt.ConnectionType.QueuedConnection)
        self.chain.progressed.connect(self._show_step)
        self.chain.broken.connect(self._broken)
        self._build()
        self._arm()
        self.said.setText("正在读取…")
        actor, whole = actor_of(), replace(query, offset=0, limit=MOST_CASES)
        bridge.read(self, lambda: read_many(bureau, actor, whole), self._opened, self._lost)

    # ------------------------------------------------------------------------------ building

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.addWidget(Words("批量制作文书", bold=True, scale=1.2))
        self.about = Words(tone="muted")
        box.addWidget(self.about)
        line = QHBoxLayout()
        line.addWidget(Mark("文书"))
        self.form = CalmCombo(self)
        self.form.setAccessibleName("文书")
        self.form.currentIndexChanged.connect(self._form_chosen)
        line.addWidget(self.form, 1)
        box.addLayout(line)
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setMinimumWidth(em(self, 18))
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.cases = BatchRows(self)
        self.cases.dataChanged.connect(self._changed)
        self.table = BatchTable(self.cases, self)
        self.across.addWidget(self.area)
        self.across.addWidget(self.table)
        self.across.setChildrenCollapsible(False)
        self.across.setStretchFactor(1, 1)
        box.addWidget(self.across, 1)
        self.progress = QProgressBar(self)
        self.progress.hide()
        box.addWidget(self.progress)
        foot = QHBoxLayout()
        self.said = Words(tone="muted", middle=True)
        foot.addWidget(self.said, 1)
        self.all = self._button("全选", lambda: self.tick_all(True))
        self.none = self._button("全不选", lambda: self.tick_all(False))
        self.check = self._button("检查", lambda: self.start(Act.CHECK))
        self.keep = self._button("存为草稿", lambda: self.start(Act.KEEP))
        self.issue = self._button("签发…", self.ask_issue)
        self.pack = self._button("打印、导出…", self._ask_pack)
        self.leave = self._button("关闭", self.reject)
        self.pack.setToolTip("所选案件中已经签发的这种文书")
        self.check.setToolTip("不写入任何内容，逐件列出还缺什么")
        for button in self.buttons:
            foot.addWidget(button)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(em(self, 80), room.width() - 20), min(em(self, 48), room.height() - 40))
        self.across.setSizes([em(self, 24), self.width() - em(self, 24)])

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """All buttons below, from left to right."""
        return (
            *(self.all, self.none, self.check, self.keep),
            *(self.issue, self.pack, self.leave),
        )

    def _button(self, words: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        return button

    # ------------------------------------------------------------------------------- content

    def _lost(self, error: Exception) -> None:
        self.said.setText("没有打开。")
        messages.show_error(self, error)

    def _opened(self, found: Many) -> None:
        self._many = found
        more = ""
        if found.total > len(found.cases):
            more = f"，一次最多{MOST_CASES}件，先列出前{len(found.cases)}件"
        self.about.setText(
            f"列表中现有{found.total}件{more}。每件案件、每个对象各制作一份；已经制作过的不再制作。"
        )
        self.cases.show_cases(found.cases)
        for form in found.forms:
            self.form.addItem(form.words, form.key)
        self.form.setFocus()
        self._arm()

    def choose_form(self, key: str) -> None:
        """Choose a form as a click does."""
        self.form.setCurrentIndex(self.form.findData(key))

    def _form(self) -> FormLine | None:
        forms = self._many.forms if self._many is not None else ()
        at = self.form.currentIndex()
        return forms[at] if 0 <= at < len(forms) else None

    def _form_chosen(self) -> None:
        form, many = self._form(), self._many
        if form is None or many is None:
            return
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, em(self, 0.5), 0)
        self.rows = {}
        column.addWidget(Words("各案相同的内容", bold=True))
        words = "不填的，各案取自己的内容；填写的，各案相同。"
        column.addWidget(Words(words if form.asks else "这种文书没有要填写的内容。", tone="muted"))
        if many.sample is not None:
            around = Surroundings(many.sample.context, many.people)
            for ask in form.asks:
                row = AskRow(ask, around, content)
                column.addWidget(row)
                self.rows[ask.name] = row
            self.day = DateEditor(many.sample.now, "签发当日")
            column.addWidget(Words("文书日期"))
            column.addWidget(self.day)
        column.addStretch(1)
        self.area.setWidget(content)
        self.cases.clear_results()
        self._arm()

    def tick_all(self, on: bool) -> None:
        """Tick all cases, or none."""
        self.cases.tick_all(on=on)

    def result_of(self, row: int) -> str:
        """Return what stands in the last column of a row."""
        return self.cases.result(row)

    def _changed(self, first: QModelIndex) -> None:
        if first.column() == TICKS:
            self._arm()

    def _arm(self) -> None:
        free, chosen = not self.chain.running, self.cases.count_ticked
        ready = free and bool(chosen) and self._form() is not None
        for button in (self.check, self.keep, self.issue):
            button.setEnabled(ready)
        for widget in (self.all, self.none, self.form, self.area):
            widget.setEnabled(free)
        self.pack.setEnabled(ready)
        self.leave.setText("关闭" if free else "停止")
        if free:
            self.said.setText(f"已选{chosen}件")

    # ---------------------------------------------------------------------------------- doing

    def ask_issue(self) -> None:
        """Ask once more before so many papers get their numbers."""
        form = self._form()
        if form is None:
            return
        messages.ask(
            self,
            "批量签发",
            f"在{self.cases.count_ticked}件案件中签发《{form.words.partition('　')[2]}》？",
            lambda: self.start(Act.ISSUE),
            yes_words="签发",
            below="逐件办理，可以随时停止；已经签发的不因停止而撤回。"
            "缺少内容或者没有批准的不签发，并逐件写明原因。",
        )

    def start(self, act: Act) -> None:
        """Check, keep or issue in all ticked cases, one after the other."""
        form, many = self._form(), self._many
        if form is None or many is None or self.chain.running:
            return
        self._wanted = self.cases.ticked()
        asked = {n: r.value() for n, r in self.rows.items() if r.value() is not None}
        day = day_of(self.day.value()) if self.day is not None else None
        order = Order(form.key, act, asked, day)
        bureau, actor = self._bureau, self._actor_of()

        def one(line: CaseLine) -> BatchResult:
            try:
                found = do_case(bureau, actor, line, order)
            except ZhixingError as error:
                self._told.emit(line.id, error.sentence)
                raise
            self._told.emit(line.id, _words(found, act))
            return found

        self.chain.ended.connect(partial(self._ended, act), _ONCE)
        self.chain.run([many.cases[row] for row in self._wanted], _number, one)
        self._arm()

    def _show_told(self, case_id: int, words: str) -> None:
        row = self.cases.row_of(case_id)
        if row is not None and self.cases.result(row) != words:
            self.cases.put_result(row, words)
            self.table.resizeRowToContents(row)

    def _show_step(self, done: int, total: int, what: str) -> None:
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.progress.setFormat(f"{done} / {total} 件")
        self.progress.show()
        if what:
            self.said.setText(f"正在办理　{what}")

    def _ended(self, act: Act, result: BatchResult) -> None:
        self.progress.hide()
        if act is Act.ISSUE:
            self.issued += result.done
            self.made.emit(result.done)
        self._arm()
        left = "还缺内容" if act is Act.CHECK else "没有办成"
        self.said.setText(told(result, _WORDS[act], left))
        if act is not Act.CHECK:
            self._bridge.announce(Changes(frozenset(line.case_id for line in result.done)))

    def _broken(self, error: Exception) -> None:
        self.progress.hide()
        self._arm()
        messages.show_error(self, error)

    def _ask_pack(self) -> None:
        form, many = self._form(), self._many
        if form is not None and many is not None:
            ids = tuple(many.cases[row].id for row in self.cases.ticked())
            self.pack_wanted.emit(ids, form.key)

    def reject(self) -> None:
        """Stop what runs; close where nothing does."""
        if self.chain.running:
            self.chain.stop()
            self.said.setText("正在停止…")
            return
        super().reject()


_ONCE = Qt.ConnectionType.SingleShotConnection


def _number(line: CaseLine) -> str:
    return line.case_no


def _words(result: BatchResult, act: Act) -> str:
    parts = [f"{_WORDS[act]}　{line.number}".rstrip() for line in result.done]
    parts += [_WORDS[act] for _ in result.files]
    parts += [entry.sentence for entry in result.failed]
    return "；".join(parts)
