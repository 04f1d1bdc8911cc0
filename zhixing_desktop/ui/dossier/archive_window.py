"""归档: what waits for the archive; check, package, hand-over, receipt or return with points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import archive_waiting, dossier_archive
from zhixing_desktop.services.archive_types import (
    HANDED,
    MADE,
    RECEIVED,
    ArchiveCheck,
    PackageLine,
    Packed,
    Settled,
    WaitingLine,
)
from zhixing_desktop.services.archive_waiting import ArchiveState
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.long_job import LongJob
from zhixing_desktop.ui.forms.parts import Box, Words, em
from zhixing_desktop.ui.office.pieces import Listing, PairWindow, plain_button

_WAITING = (("最后一日", 9.0), ("案号", 13.0), ("下一步", 16.0), ("承办人", 5.0))
_PROBLEMS = (("程度", 5.0), ("位置", 6.0), ("问题", 40.0))
_PACKAGES = (("制作", 9.0), ("状态", 9.0), ("制作人", 5.0), ("归档号", 8.0), ("归档包校验值", 22.0))
_NONE, _HAND, _SETTLE = range(3)


class ArchiveWindow(PairWindow):
    """One window for all cases; ``state`` is of the case that is chosen, ``None`` until read."""

    help_page = "archive"

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Callable[[], Actor],
        *,
        parent: QWidget,
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self.setWindowTitle("归档")
        self.state: ArchiveState | None = None
        self._case: int | None = None
        self._named = ""
        self._lines: dict[int, WaitingLine] = {}
        self._round = 0
        left, right = QVBoxLayout(), QVBoxLayout()
        self._make_left(left)
        self._make_right(right)
        self.show_pair(left, right, (42, 56), 40)
        bridge.changed.connect(self._on_changes)
        self.arm()
        self.reload()

    # ------------------------------------------------------------------------------ building

    def _make_left(self, column: QVBoxLayout) -> None:
        column.addWidget(Words("已经报结、还没有归档的案件", bold=True))
        self.cases = Listing("待归档案件", _WAITING, self)
        self.cases.currentItemChanged.connect(lambda *_: self._chosen())
        column.addWidget(self.cases, 1)
        column.addWidget(Words("案件报结后十五天内归档（节点四十四）。", tone="muted"))

    def _make_right(self, column: QVBoxLayout) -> None:
        self.box = Box("calm", self)
        inner = QVBoxLayout(self.box)
        inner.setContentsMargins(10, 6, 10, 6)
        self.head = Words("请选择案件", bold=True, scale=1.1)
        self.below = Words(tone="muted")
        inner.addWidget(self.head)
        inner.addWidget(self.below)
        column.addWidget(self.box)
        self.problems = Listing("归档核查发现的问题", _PROBLEMS, self)
        column.addWidget(self.problems, 3)
        line = QHBoxLayout()
        self.zip = QCheckBox("做成一个 ZIP 文件", self)
        self.check_button = plain_button("重新核查", self._read_case, self)
        self.pack_button = plain_button("制作归档包…", self.choose_folder, self)
        self.verify_button = plain_button("核对归档包…", self.choose_package, self)
        for widget in (self.zip, self.check_button, self.pack_button, self.verify_button):
            line.addWidget(widget)
        line.insertStretch(0)
        column.addLayout(line)
        column.addWidget(Words("归档包", bold=True))
        self.packages = Listing("本案的归档包", _PACKAGES, self)
        self.packages.currentItemChanged.connect(lambda *_: self._show_package())
        column.addWidget(self.packages, 2)
        self.told = Words(tone="muted")
        column.addWidget(self.told)
        self.steps = QStackedWidget(self)
        for page in (QWidget(self), self._hand_page(), self._settle_page()):
            self.steps.addWidget(page)
        policy = QSizePolicy.Policy
        self.steps.setSizePolicy(policy.Preferred, policy.Maximum)
        column.addWidget(self.steps)
        self.job = LongJob(self._bridge, self)
        self.job.ended.connect(self.arm)
        column.addWidget(self.job)
        column.addWidget(self.note)

    def _hand_page(self) -> QWidget:
        page = QWidget(self)
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        self.uploaded = QCheckBox("影像卷宗已经上传档案系统，日期", page)
        self.uploaded_on = QDateEdit(page)
        self.uploaded_on.setCalendarPopup(True)
        self.uploaded_on.setDisplayFormat("yyyy年M月d日")
        self.uploaded_on.setAccessibleName("影像卷宗上传日期")
        self.uploaded_on.setEnabled(False)
        self.uploaded.toggled.connect(self.uploaded_on.setEnabled)
        self.hand_button = plain_button("登记移交", self.hand_over, page)
        line = QHBoxLayout()
        line.addWidget(self.uploaded_on)
        line.addStretch(1)
        line.addWidget(self.hand_button)
        form.addRow(self.uploaded, line)
        return page

    def _settle_page(self) -> QWidget:
        page = QWidget(self)
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        self.number = QLineEdit(page)
        self.number.setAccessibleName("归档号")
        self.receipt = QLineEdit(page)
        self.receipt.setAccessibleName("回执说明")
        self.receive_button = plain_button("登记接收", self.receive, page)
        self.points = QPlainTextEdit(page)
        self.points.setAccessibleName("退回的问题，一行一条")
        self.points.setPlaceholderText("退回的问题，一行一条")
        self.points.setTabChangesFocus(True)
        self.points.setMaximumHeight(em(self, 5))
        self.return_button = plain_button("登记退回", self.send_back, page)
        for words, field, button in (
            ("归档号", self.number, None),
            ("回执说明", self.receipt, self.receive_button),
            ("退回", self.points, self.return_button),
        ):
            line = QHBoxLayout()
            line.addWidget(field, 1)
            if button is not None:
                line.addWidget(button)
            form.addRow(words, line)
        return page

    # ------------------------------------------------------------------------------- reading

    def choose_case(self, case_id: int, case_no: str = "") -> None:
        """Show a case, also one that does not wait for the archive."""
        self._case, self._named = case_id, case_no
        self.reload()

    def reload(self) -> None:
        """Read the list and the case anew."""
        bureau, actor = self._bureau, self._actor()
        self._bridge.read(
            self,
            lambda: archive_waiting.waiting_for_archive(bureau, actor),
            self._show_cases,
            self.failed,
        )

    def _on_changes(self, changes: Changes) -> None:
        if changes.lists and not self.job.running:
            self.reload()

    def _show_cases(self, lines: tuple[WaitingLine, ...]) -> None:
        self._lines = {line.case_id: line for line in lines}
        rows = [(line.case_id, _waiting(line)) for line in lines]
        if self._case is not None and self._case not in self._lines:
            rows.insert(0, (self._case, ("", self._named, "不在待归档之列", "")))
        wanted = self._case
        self.cases.blockSignals(True)
        self.cases.fill(rows)
        if wanted is not None:
            self.cases.choose(wanted)
        self.cases.blockSignals(False)
        self._chosen()

    def _chosen(self) -> None:
        chosen = self.cases.key()
        if chosen is None:
            self.head.setText("没有待归档的案件")
            self.arm()
            return
        if chosen != self._case:
            self.say("")
        self._case = int(chosen)
        self._read_case()

    def _read_case(self) -> None:
        case_id = self._case
        if case_id is None:
            return
        self._round += 1
        mine, bureau, actor = self._round, self._bureau, self._actor()

        def show(state: ArchiveState) -> None:
            if mine == self._round:
                self._show_state(state)

        self._bridge.read(
            self, lambda: archive_waiting.archive_state(bureau, actor, case_id), show, self.failed
        )

    def _show_state(self, state: ArchiveState) -> None:
        self.state = state
        found = state.check
        there = bool(state.packages) and state.packages[0].state in (HANDED, RECEIVED)
        self.box.set_strength("calm" if found.ready or there else "loud")
        self.head.setText(_verdict(found, state.packages))
        side = f"　副卷{found.side}" if found.side else ""
        self.below.setText(f"{found.case_no}　正卷{found.main or '没有材料'}{side}")
        self.problems.fill(
            (at, ("应当处理" if p.severity == "error" else "请留意", p.where, p.sentence))
            for at, p in enumerate(found.problems)
        )
        self.packages.fill((one.id, _package(one)) for one in state.packages)
        self._show_package()
        self.arm()

    # ------------------------------------------------------------------------------- working

    @property
    def package(self) -> PackageLine | None:
        """The package that is chosen."""
        made = self.state.packages if self.state is not None else ()
        key = self.packages.key()
        return next((one for one in made if one.id == key), None)

    def _show_package(self) -> None:
        line = self.package
        if line is not None and not self.uploaded.isChecked():
            day = line.made_at
            self.uploaded_on.setDate(QDate(day.year, day.month, day.day))
        words = ""
        if line is not None and line.points:
            words = "退回的问题：" + "；".join(line.points)
        elif line is not None:
            words = f"“{line.name}”　校验值 {line.digest}"
        self.told.setText(words)
        self.arm()

    def arm(self) -> None:
        """Set each button as it is allowed now, and show the step that is due."""
        state, line = self.state, self.package
        idle = not self.job.running
        self.check_button.setEnabled(idle and self._case is not None)
        ready = state is not None and state.check.ready and state.may_pack
        self.pack_button.setEnabled(idle and ready)
        if state is not None and not state.may_pack:
            self.pack_button.setToolTip("归档包由本案的承办人、书记员或者档案员制作")
        else:
            self.pack_button.setToolTip("" if ready else "请先处理核查发现的问题")
        self.verify_button.setEnabled(idle)
        newest = state.packages[0] if state is not None and state.packages else None
        step = _NONE
        if state is not None and line is not None and line == newest:
            if line.state == MADE and state.may_pack:
                step = _HAND
            elif line.state == HANDED and state.may_receive:
                step = _SETTLE
        self.steps.setCurrentIndex(step)
        self.steps.setVisible(step != _NONE)

    def choose_folder(self) -> None:
        """Ask where the package shall lie, then make it."""
        chosen = QFileDialog.getExistingDirectory(self, "归档包放在哪个文件夹")
        if chosen:
            self.make(Path(chosen))

    def make(self, folder: Path) -> None:
        """Make the package of the chosen case below a folder."""
        from zhixing_desktop.services.archive_packing import make_package

        bureau, actor, case_id, zipped = (
            self._bureau, self._actor(), self._case, self.zip.isChecked(),
        )  # fmt: skip
        if case_id is None:
            return
        self.job.run(
            lambda tell, stopped: make_package(
                bureau, actor, case_id, folder, zipped=zipped, progress=tell, cancelled=stopped
            ),
            self._made,
            self.failed,
        )
        self.arm()

    def _made(self, made: Packed) -> None:
        words = f"归档包已经制作：{made.path}（{made.files}个文件）。"
        self.say("".join((words, *made.notes)), "info")
        self._settled_at(made.line)

    def choose_package(self) -> None:
        """Ask which package, then verify it."""
        line = self.package
        if line is not None and line.name.endswith(".zip"):
            chosen, _ = QFileDialog.getOpenFileName(self, "核对哪个归档包", "", "归档包 (*.zip)")
        else:
            chosen = QFileDialog.getExistingDirectory(self, "核对哪个归档包（文件夹）")
        if chosen:
            self.verify(Path(chosen))

    def verify(self, path: Path) -> None:
        """Hold a package that lies somewhere against itself and against the chosen row."""
        digest = self.package.digest if self.package is not None else ""

        def done(problems: tuple[object, ...]) -> None:
            told = [getattr(problem, "sentence", "") for problem in problems]
            if told:
                self.say(f"有{len(told)}处问题：{''.join(told[:5])}", "error")
            else:
                self.say("归档包完整，与制作时相同。", "info")

        self.job.run(
            lambda tell, stopped: dossier_archive.verify_package(
                path,
                digest=digest,
                progress=lambda at, of: tell(at, of, "核对归档包"),
                cancelled=stopped,
            ),
            done,
            self.failed,
        )
        self.arm()

    def hand_over(self) -> None:
        """Record that the chosen package was handed over."""
        line = self.package
        if line is None:
            return
        bureau, actor = self._bureau, self._actor()
        said = self.uploaded_on.date()
        day = date(said.year(), said.month(), said.day()) if self.uploaded.isChecked() else None
        self._write(
            lambda: dossier_archive.hand_to_archive(
                bureau, actor, line.id, version=line.version, uploaded_on=day
            )
        )

    def receive(self) -> None:
        """Record that the archive has taken the chosen package."""
        line, number, receipt = self.package, self.number.text(), self.receipt.text()
        if line is None:
            return
        bureau, actor = self._bureau, self._actor()
        self._write(
            lambda: dossier_archive.receive(
                bureau, actor, line.id, number, version=line.version, receipt=receipt
            )
        )

    def send_back(self) -> None:
        """Record that the archive gives the chosen package back."""
        line, points = self.package, self.points.toPlainText().splitlines()
        if line is None:
            return
        bureau, actor = self._bureau, self._actor()
        self._write(
            lambda: dossier_archive.return_with_points(
                bureau, actor, line.id, points, version=line.version
            )
        )

    def _write(self, job: Callable[[], Settled]) -> None:
        self._bridge.write(self, job, self._settled, self.failed)

    def _settled(self, done: Settled) -> None:
        for field in (self.number, self.receipt, self.points):
            field.clear()
        self.say("".join((f"{done.line.state_words}。", *done.notes)), "info")
        self._settled_at(done.line)

    def _settled_at(self, line: PackageLine) -> None:
        self.changed.emit()
        # The main window's node panel and lists look again; so does this window.
        self._bridge.announce(Changes(frozenset({line.case_id})))


def _waiting(line: WaitingLine) -> tuple[str, str, str, str]:
    day = f"{line.due_on:%Y-%m-%d}" if line.due_on is not None else ""
    day += " 逾期" if line.late else ""
    return day, line.case_no, f"{line.step}（{line.whose}）", line.officer


def _package(line: PackageLine) -> tuple[str, str, str, str, str]:
    return (
        f"{line.made_at:%Y-%m-%d %H:%M}",
        line.state_words,
        line.made_by,
        line.archive_number,
        line.digest,
    )


def _verdict(found: ArchiveCheck, packages: tuple[PackageLine, ...]) -> str:
    if packages and packages[0].state in (HANDED, RECEIVED):
        return packages[0].state_words
    if not found.ready:
        return f"有{len(found.faults)}处问题应当处理，处理完才能制作归档包"
    more = len(found.problems)
    return f"可以制作归档包，另有{more}处请留意" if more else "核查通过，可以制作归档包"
