"""归档: what waits for the archive; check, package, hand-over, receipt or return with points."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from zhixing_desktop.services import archive_waiting, dossier_archive
from zhixing_desktop.services.archive_types import (
    HANDED,
    RECEIVED,
    ArchiveCheck,
    PackageLine,
    Settled,
    WaitingLine,
)
from zhixing_desktop.services.archive_waiting import ArchiveState
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.archive_packages import ArchivePackages
from zhixing_desktop.ui.dossier.archive_steps import ArchiveSteps
from zhixing_desktop.ui.dossier.columns import FittedColumns
from zhixing_desktop.ui.dossier.entry_keeper import EntryKeeper
from zhixing_desktop.ui.dossier.frame import BUSY, DossierFrame, Newest, scrolled
from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.office.pieces import Listing

_WAITING = (("最后一日", 8.0), ("案号", 11.0), ("承办人", 4.5), ("下一步", 8.0))
_PROBLEMS = (("程度", 5.0), ("位置", 6.0), ("问题", 40.0))
_UNREAD = "请先选定一个案件"


class ArchiveWindow(DossierFrame):
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
        self._states = Newest(bridge, self)
        self.steps = ArchiveSteps(self)
        self.keeper = EntryKeeper(bureau, bridge, self.steps.body, self.steps.put, self)
        self._connect_steps()
        left, right = QVBoxLayout(), QVBoxLayout()
        self._make_left(left)
        self._make_right(right)
        self.put_pair(left, scrolled(right, self), (0.41, 0.59))
        self.put_foot(self.leave)
        self.said.setText("案件报结后十五天内归档（节点四十四）。")
        self.fit(104, 54)
        bridge.changed.connect(self._on_changes)
        self.arm()
        self.reload()

    # ------------------------------------------------------------------------------ building

    def _connect_steps(self) -> None:
        self.steps.edited.connect(self.keeper.touch)
        self.steps.handed.connect(self.hand_over)
        self.steps.received.connect(self.receive)
        self.steps.returned.connect(self.send_back)

    def _make_left(self, column: QVBoxLayout) -> None:
        column.addWidget(Words("已经报结、还没有归档的案件", bold=True))
        self.cases = Listing("待归档案件", _WAITING, self)
        self.cases.currentItemChanged.connect(lambda *_: self._chosen())
        self.cases.setWordWrap(True)
        self.cases.setUniformRowHeights(False)
        self._case_columns = FittedColumns(self.cases, grow=len(_WAITING) - 1)
        column.addWidget(self.cases, 1)

    def _make_right(self, column: QVBoxLayout) -> None:
        column.addWidget(self.verdict)
        self.verdict.tell("请选择案件")
        self.problems = Listing("归档核查发现的问题", _PROBLEMS, self)
        self.problems.setWordWrap(True)
        self.problems.setUniformRowHeights(False)
        self._problem_columns = FittedColumns(self.problems, grow=len(_PROBLEMS) - 1)
        column.addWidget(self.problems, 1)
        self.check_button = self.button("重新核查", self._read_case)
        self.packages = ArchivePackages(self, self._bureau, self._actor, self.check_button)
        self.packages.chosen.connect(self.arm)
        self.packages.made.connect(self._announce)
        column.addWidget(self.packages)
        column.addWidget(self.keeper.bar)
        column.addWidget(self.steps)

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
            rows.insert(0, (self._case, ("", self._named, "", "不在待归档之列")))
        wanted = self._case
        self.cases.blockSignals(True)
        self.cases.fill(rows)
        self._case_columns.fit()
        if wanted is not None:
            self.cases.choose(wanted)
        self.cases.blockSignals(False)
        self._chosen()

    def _chosen(self) -> None:
        chosen = self.cases.key()
        if chosen is None:
            self.verdict.tell("没有待归档的案件")
            self.arm()
            return
        if chosen != self._case:
            self.say("")
            self.keeper.flush()
            self.state = None
        self._case = int(chosen)
        self._read_case()

    def _read_case(self) -> None:
        case_id = self._case
        if case_id is None:
            return
        bureau, actor = self._bureau, self._actor()
        self._states.read(
            lambda: archive_waiting.archive_state(bureau, actor, case_id),
            self._show_state,
            self._unread,
        )

    def _unread(self, error: Exception) -> None:
        self.state = None
        self.problems.clear()
        self.packages.show_state(None)
        self.verdict.tell("这个案件没有读出来", strength="loud")
        self.failed(error)

    def _show_state(self, state: ArchiveState) -> None:
        other = self.state is None or self.state.check.case_id != state.check.case_id
        self.state = state
        if other:
            self.steps.clear()
            self.keeper.begin(self._actor(), state.check.case_id, "archive")
        found = state.check
        there = bool(state.packages) and state.packages[0].state in (HANDED, RECEIVED)
        side = f"　副卷{found.side}" if found.side else ""
        self.verdict.tell(
            _verdict(found, state.packages),
            f"{found.case_no}　正卷{found.main or '没有材料'}{side}",
            "calm" if found.ready or there else "loud",
        )
        self.problems.fill(
            (at, ("应当处理" if p.severity == "error" else "请留意", p.where, p.sentence))
            for at, p in enumerate(found.problems)
        )
        self._problem_columns.fit()
        self.packages.show_state(state)

    # ------------------------------------------------------------------------------- working

    def arm(self) -> None:
        """Set each button as it is allowed now, and show the step that is due."""
        state = self.state
        busy = BUSY if self.job.running else ""
        unread = "" if state is not None else _UNREAD
        self.offer(self.check_button, busy, "" if self._case is not None else _UNREAD)
        self.packages.arm(busy, unread)
        self.steps.arm(state, self.packages.package, busy)

    def hand_over(self) -> None:
        """Record that the chosen package was handed over."""
        line, day = self.packages.package, self.steps.uploaded_day
        if line is not None:
            bureau, actor = self._bureau, self._actor()
            self._write(
                lambda: dossier_archive.hand_to_archive(
                    bureau, actor, line.id, version=line.version, uploaded_on=day
                )
            )

    def receive(self) -> None:
        """Record that the archive has taken the chosen package."""
        line, number = self.packages.package, self.steps.number.text()
        receipt, day = self.steps.receipt.text(), self.steps.uploaded_day
        if line is not None:
            bureau, actor = self._bureau, self._actor()
            self._write(
                lambda: dossier_archive.receive(
                    bureau,
                    actor,
                    line.id,
                    number,
                    version=line.version,
                    receipt=receipt,
                    uploaded_on=day,
                )
            )

    def send_back(self) -> None:
        """Record that the archive gives the chosen package back."""
        line, points = self.packages.package, self.steps.told
        if line is not None:
            bureau, actor = self._bureau, self._actor()
            self._write(
                lambda: dossier_archive.return_with_points(
                    bureau, actor, line.id, points, version=line.version
                )
            )

    def _write(self, job: Callable[[], Settled]) -> None:
        self._bridge.write(self, job, self._settled, self.failed)

    def _settled(self, done: Settled) -> None:
        self.steps.clear()
        self.keeper.drop()
        self.say("".join((f"{done.line.state_words}。", *done.notes)), "info")
        self._announce(done.line)

    def _announce(self, line: PackageLine) -> None:
        self.changed.emit()
        # The main window's node panel and lists look again; so does this window.
        self._bridge.announce(Changes(frozenset({line.case_id})))

    def done(self, result: int) -> None:
        """Keep what was typed and not recorded, then close."""
        self.keeper.flush()
        super().done(result)


def _waiting(line: WaitingLine) -> tuple[str, str, str, str]:
    day = f"{line.due_on:%Y-%m-%d}" if line.due_on is not None else ""
    day += " 逾期" if line.late else ""
    return day, line.case_no, line.officer, f"{line.step}（{line.whose}）"


def _verdict(found: ArchiveCheck, packages: tuple[PackageLine, ...]) -> str:
    if packages and packages[0].state in (HANDED, RECEIVED):
        return packages[0].state_words
    if not found.ready:
        return f"有{len(found.faults)}处问题应当处理，处理完才能制作归档包"
    more = len(found.problems)
    return f"可以制作归档包，另有{more}处请留意" if more else "核查通过，可以制作归档包"
