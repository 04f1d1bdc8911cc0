"""Several papers at once: ticked, looked at as they will come out, issued, printed, saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QFileDialog,
    QWidget,
)

from zhixing_desktop.services import paper_batch
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.services.paper_types import (
    DOCX_ENDING,
    PDF_ENDING,
    BatchResult,
)
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.parts import show_if
from zhixing_desktop.ui.papers import packs
from zhixing_desktop.ui.papers.chain import Chain, told
from zhixing_desktop.ui.papers.pack_frame import PackFrame
from zhixing_desktop.ui.papers.packs import Entry, Loader
from zhixing_desktop.ui.papers.print_job import MakePrinter, PrintJob, new_printer
from zhixing_desktop.ui.papers.print_run import Part, Run, run_of
from zhixing_desktop.ui.papers.words import about
from zhixing_desktop.workflow.errors import ZhixingError

ActorOf = Callable[[], Actor]
_PAUSE_MS = 120


@dataclass(frozen=True, slots=True)
class _Looked:
    """The job as it will come out, and what cannot be shown."""

    run: Run | None
    cache: dict[int, FilePages]
    refused: tuple[str, ...]


class PackWindow(PackFrame):
    """``printed`` carries how many sides went out; ``shown`` when the pages on the right are those
    that are ticked."""

    printed = Signal(int)
    shown = Signal()

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        title: str,
        load: Loader,
        parent: QWidget | None = None,
        *,
        make_printer: MakePrinter = new_printer,
    ) -> None:
        super().__init__(bridge, title, parent)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._load = load
        self.run: Run | None = None
        self._cache: dict[int, FilePages] = {}
        self._asked = 0
        self.chain = Chain(bridge, self)
        self.job = PrintJob(bridge, self, make_printer)
        self.issue = self.button("签发所选…", "", self.ask_issue)
        self.print = self.button("打印…", "Ctrl+P", self.ask_print)
        self.to_pdf = self.button("导出 PDF…", "", lambda: self.ask_folder(PDF_ENDING))
        self.to_word = self.button("导出 Word…", "", lambda: self.ask_folder(DOCX_ENDING))
        self.leave = self.button("关闭", "", self.reject)
        self.put_buttons((self.issue, self.print, self.to_pdf, self.to_word, self.leave))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.table.chosen_changed.connect(self._choose)
        self.duplex.toggled.connect(lambda _: self._pause.start())
        self.job.progressed.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        self.job.sent.connect(self._sent)
        self.job.failed.connect(self._not_sent)
        self.chain.progressed.connect(self._show_step)
        self.chain.broken.connect(self._broken)
        self.page.clear("正在打开…")
        self.reload()

    # ------------------------------------------------------------------------------- the list

    def reload(self) -> None:
        """Read the list anew."""
        self._bridge.write(self, self._load, self._fill, self._lost)

    def _fill(self, entries: tuple[Entry, ...]) -> None:
        self._cache = {}
        self.table.put_entries(entries)
        self.table.filter(self.search.text())
        show_if(self.issue, any(entry.can_issue for entry in entries))
        show_if(self.to_word, not any(entry.proof for entry in entries))
        show_if(self.to_pdf, not any(entry.proof for entry in entries))
        if not entries:
            self.page.clear("没有可以打印的文书。")
        self._choose()

    def _choose(self) -> None:
        self._arm()
        self._pause.start()

    def _arm(self) -> None:
        chosen = [entry for _, entry in self.table.chosen()]
        free = not (self.chain.running or self.job.running)
        for button in (self.print, self.to_pdf, self.to_word):
            button.setEnabled(free and bool(chosen))
        self.issue.setEnabled(free and any(entry.can_issue for entry in chosen))
        drafts = sum(entry.can_issue for entry in chosen)
        words = f"已选{len(chosen)}份" + (f"，其中{drafts}份没有签发" if drafts else "")
        if free:
            self.said.setText(words)
        self.leave.setText("关闭" if free else "停止")

    # ------------------------------------------------------------------------------ the pages

    def _look(self) -> None:
        self._asked += 1
        ticket, chosen, cache = self._asked, self.table.chosen(), dict(self._cache)
        copies = {row: self.table.copies(row) for row, _ in chosen}
        bureau, actor, duplex = self._bureau, self._actor_of(), self.duplex.isChecked()
        title = self.windowTitle()

        def job() -> _Looked:
            refused = []
            for row, entry in chosen:
                if ticket != self._asked:
                    break
                if row not in cache:
                    try:
                        cache[row] = packs.pages(bureau, actor, entry)
                    except ZhixingError as error:
                        refused.append(f"《{entry.name}》{about(entry.about)}：{error.sentence}")
            parts = [Part(cache[row], copies[row]) for row, _ in chosen if row in cache]
            run = run_of(title, parts, duplex=duplex) if parts else None
            return _Looked(run, cache, tuple(refused))

        def show(found: _Looked) -> None:
            self._cache = {**self._cache, **found.cache}
            if ticket != self._asked:
                return
            self.run = found.run
            self.show_problems(found.refused)
            if found.run is None:
                self.page.clear("" if found.refused else "在左边勾选要看的文书。")
            else:
                self.page.replace_file(found.run)
            self.shown.emit()

        # By the writer: the look at a paper of somebody else's case is journalled.
        self._bridge.write(self, job, show, self._lost)

    def _lost(self, error: Exception) -> None:
        if isinstance(error, ZhixingError):
            self.page.clear(error.sentence, bad=True)
        else:
            messages.show_error(self, error)

    # ------------------------------------------------------------------------------- printing

    def ask_print(self) -> QPrintDialog | None:
        """Ask for the printer, copies and sides; the job goes out as one."""
        if not self.table.chosen() or self.job.running or self.chain.running:
            return None
        duplex = self.duplex.isChecked()
        return self.job.ask(self.windowTitle(), self.send_to, duplex=duplex)

    def send_to(self, printer: QPrinter) -> None:
        """Journal the print, then send all ticked papers to a printer as one job."""
        chosen = [(entry, self.table.copies(row)) for row, entry in self.table.chosen()]
        if not chosen:
            return
        rows = [row for row, _ in self.table.chosen()]
        bureau, actor, cache = self._bureau, self._actor_of(), dict(self._cache)
        title, duplex = self.windowTitle(), printer.duplex() != QPrinter.DuplexMode.DuplexNone
        times = printer.copyCount()

        def note(name: str) -> Run:
            parts = []
            for row, (entry, count) in zip(rows, chosen, strict=True):
                found = cache.get(row) or packs.pages(bureau, actor, entry)
                parts.append(Part(found, count))
            noted = tuple((entry, count * times) for entry, count in chosen)
            packs.note_run(bureau, actor, noted, name)
            return run_of(title, parts, duplex=duplex)

        self.job.send(printer, title, note)
        self._arm()
        self.said.setText("正在送往打印机…")

    def _sent(self, sides: int) -> None:
        self._end_printing()
        stopped = "，已停止" if self.job.stopped else ""
        self.said.setText(f"已送往打印机：{sides}面{stopped}")
        self.printed.emit(sides)

    def _not_sent(self, error: Exception) -> None:
        self._end_printing()
        messages.show_error(self, error, title="没有打印")

    def _end_printing(self) -> None:
        self.progress.hide()
        self._arm()

    def _show_progress(self, done: int, total: int) -> None:
        if self.job.running:
            self.bar(done, total, "面")

    # --------------------------------------------------------------------------------- issuing

    def ask_issue(self) -> None:
        """Ask once more, then issue all ticked papers that are not issued, one after another."""
        wanted = [entry for _, entry in self.table.chosen() if entry.can_issue]
        if not wanted or self.chain.running or self.job.running:
            return
        names = "、".join(dict.fromkeys(f"《{entry.name}》" for entry in wanted))
        messages.ask(
            self,
            "签发",
            f"签发{len(wanted)}份文书：{names}？",
            lambda: self._issue(wanted),
            yes_words="签发",
            below="签发后内容不再改动。缺少内容或者没有批准的不签发，并逐份写明原因。",
        )

    def _issue(self, wanted: list[Entry]) -> None:
        bureau, actor = self._bureau, self._actor_of()

        def one(entry: Entry) -> BatchResult:
            if entry.line is not None:
                return paper_batch.issue_drafts(bureau, actor, [entry.line])
            assert entry.wish is not None
            return paper_batch.issue_many(bureau, actor, [entry.wish])

        self.chain.ended.connect(self._issued, Qt.ConnectionType.SingleShotConnection)
        self.chain.run(wanted, _called, one)
        self._arm()

    def _issued(self, result: BatchResult) -> None:
        self._ended(result, "已签发")
        self._bridge.announce(Changes(frozenset(line.case_id for line in result.done)))
        self.reload()

    # ---------------------------------------------------------------------------------- saving

    def ask_folder(self, ending: str) -> QFileDialog | None:
        """Ask for the folder in which the ticked papers are saved."""
        if not self.table.chosen():
            return None
        dialog = QFileDialog(self, "选择存放的文件夹")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.export(Path(name), ending))
        dialog.open()
        return dialog

    def export(self, folder: Path, ending: str) -> None:
        """Save each ticked paper as a file of its own."""
        bureau, actor = self._bureau, self._actor_of()

        def one(entry: Entry) -> BatchResult:
            return BatchResult((), (), 0, "", (packs.write(bureau, actor, entry, folder, ending),))

        self.chain.ended.connect(
            lambda result: self._ended(result, "已导出"), Qt.ConnectionType.SingleShotConnection
        )
        self.chain.run([entry for _, entry in self.table.chosen()], _called, one)
        self._arm()

    # ---------------------------------------------------------------------------------- ending

    def _show_step(self, done: int, total: int, what: str) -> None:
        self.bar(done, total, "份")
        if what:
            self.said.setText(f"正在办理　{what}")

    def _ended(self, result: BatchResult, act: str) -> None:
        self.progress.hide()
        self._arm()
        self.said.setText(told(result, act))
        self.show_problems([f"{entry.what}：{entry.sentence}" for entry in result.failed])

    def _broken(self, error: Exception) -> None:
        self.progress.hide()
        self._arm()
        messages.show_error(self, error)

    def reject(self) -> None:
        """Stop what runs; close where nothing does."""
        if self.chain.running or self.job.running:
            self.chain.stop()
            self.job.stop()
            self.said.setText("正在停止…")
            return
        super().reject()


def _called(entry: Entry) -> str:
    return f"《{entry.name}》{about(entry.about)}"
