"""打印分隔页、粘贴用页标: what is put between things before they are scanned, and on originals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import (
    dossier,
    dossier_choices,
    dossier_rights,
    dossier_separators,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_choices import Choices
from zhixing_desktop.services.dossier_rights import FILE, PRINT
from zhixing_desktop.services.dossier_separators import SeparatorWish
from zhixing_desktop.services.dossier_types import SIDES, DossierView
from zhixing_desktop.services.file_pages import file_pages
from zhixing_desktop.services.paper_types import PaperFile
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.frame import offer
from zhixing_desktop.ui.forms.parts import Mark, Words, em
from zhixing_desktop.ui.papers.print_job import MakePrinter, PrintJob, new_printer
from zhixing_desktop.ui.papers.print_run import Part, Run, run_of
from zhixing_desktop.workflow.errors import ZhixingError

_WISH = Qt.ItemDataRole.UserRole
_LABELS = 24
_Known = tuple[Choices, DossierView, Mapping[str, str]]


class TickList(QListWidget):
    """A list of boxes to tick; the theme knows it by its name (``theme.TICKED``)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)


class ScanSheetsDialog(QDialog):
    """Two tabs: separators, and stick-on stamps."""

    help_page = "scanning"

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        case_id: int,
        case_no: str,
        parent: QWidget | None = None,
        *,
        make_printer: MakePrinter = new_printer,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"打印分隔页、页标　{case_no}")
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self.case_id, self.case_no = case_id, case_no
        self._barred: Mapping[str, str] = {}
        self.job = PrintJob(bridge, self, make_printer)
        self.job.sent.connect(self._sent)
        self.job.failed.connect(self._failed)
        self.job.progressed.connect(self._progress)
        box = QVBoxLayout(self)
        self.tabs = QTabWidget(self)
        self.tabs.addTab(self._made_separators(), "分隔页")
        self.tabs.addTab(self._made_labels(), "粘贴用页标")
        box.addWidget(self.tabs, 1)
        self.said = Words(tone="muted")
        self.wrong = Words(tone="bad")
        box.addWidget(self.said)
        box.addWidget(self.wrong)
        self.progress = QProgressBar(self)
        self.progress.hide()
        box.addWidget(self.progress)
        foot = QHBoxLayout()
        foot.addStretch(1)
        self.act = self._button("打印…", "Ctrl+P", self.print_sheets)
        self.leave = self._button("关闭", "", self.reject)
        foot.addWidget(self.act)
        foot.addWidget(self.leave)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(em(self, 46), room.width() - 40), min(em(self, 40), room.height() - 60))
        self.tabs.currentChanged.connect(lambda _: self._fit())
        self._fit()
        self._read()

    def _made_separators(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.addWidget(
            Words(
                "扫描时把分隔页放在每件材料之前：它后面的页归入勾选的目录项，或者成为已入卷材料的"
                "新版本。什么都不勾的，打印一张只写明本案的，后面的页放入待归区。"
            )
        )
        self.targets = TickList(page)
        self.targets.setAccessibleName("分隔页归入哪里")
        self.targets.itemChanged.connect(lambda _: self._fit())
        column.addWidget(self.targets, 1)
        return page

    def _made_labels(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.addWidget(
            Words(
                "仅有纸质的、以纸质原件入卷的材料，程序不打印，页标打在标签纸（每张24格，3列8行）上，"
                "贴在原件右上方空白处；页码以最近一次打印的卷宗为准。"
            )
        )
        self.side = QComboBox(page)
        self.side.setAccessibleName("正卷或者副卷")
        for side, words in SIDES.items():
            self.side.addItem(words, side)
        self.volume = self._number("第 ", " 册", 99, "第几册")
        self.start = self._number("从第 ", " 格起", _LABELS, "从第几格开始")
        for label, widget in (
            ("正副卷", self.side),
            ("册次", self.volume),
            ("标签纸", self.start),
        ):
            line = QHBoxLayout()
            line.addWidget(Mark(label))
            line.addWidget(widget)
            line.addStretch(1)
            column.addLayout(line)
        column.addStretch(1)
        return page

    def _number(self, before: str, after: str, most: int, name: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(1, most)
        box.setPrefix(before)
        box.setSuffix(after)
        box.setAccessibleName(name)
        return box

    def _button(self, words: str, keys: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        tip = f"{words.rstrip('…')}（{keys}）" if keys else words
        button.setToolTip(tip)
        button.setProperty("own_tip", tip)
        if keys:
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    # ------------------------------------------------------------------------------- reading

    def _read(self) -> None:
        bureau, actor, case_id = self._bureau, self._actor_of(), self.case_id

        def job() -> _Known:
            known = dossier_choices.choices(bureau, actor, case_id)
            barred = dossier_rights.barred(bureau, actor, case_id)
            return known, dossier.dossier(bureau, actor, case_id), barred

        self._bridge.read(self, job, self._know, self._failed)

    def _know(self, found: _Known) -> None:
        known, view, self._barred = found
        sides = {side.side: side for side in (view.main, view.side) if side is not None}
        for place in known.places:
            wish = SeparatorWish(side=place.side, place=place.number)
            self._offer(place.words, wish)
            things = [x for x in sides[place.side].items if x.place == place.number]
            for thing in things:
                self._offer(f"　　补扫：{thing.name}", SeparatorWish(item_id=thing.id))
        self._fit()

    def _offer(self, words: str, wish: SeparatorWish) -> None:
        item = QListWidgetItem(words, self.targets)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked)
        item.setData(_WISH, wish)
        item.setToolTip(words.strip())

    def wishes(self) -> list[SeparatorWish]:
        """Return what is ticked; one for the case where nothing is."""
        items = [self.targets.item(at) for at in range(self.targets.count())]
        ticked = [one.data(_WISH) for one in items if one.checkState() is Qt.CheckState.Checked]
        return ticked or [SeparatorWish()]

    # ------------------------------------------------------------------------------- printing

    def print_sheets(self) -> QPrintDialog | None:
        """Ask for a printer and print what the tab says."""
        if self.job.running:
            return None
        bureau, actor, case_id = self._bureau, self._actor_of(), self.case_id
        make: Callable[[], PaperFile]
        if self.tabs.currentIndex() == 0:
            title = "分隔页"
            make = partial(dossier_separators.separator_file, bureau, actor, case_id, self.wishes())
        else:
            title = "粘贴用页标"
            side, volume = self.side.currentData(), self.volume.value()
            make = partial(
                dossier_separators.label_file,
                bureau,
                actor,
                case_id,
                side,
                volume,
                self.start.value(),
            )
        return self.job.ask(f"{self.case_no}{title}", partial(self._send, title, make))

    def _send(self, title: str, make: Callable[[], PaperFile], printer: QPrinter) -> None:
        def note(_printer: str) -> Run:
            made = make()
            return run_of(title, [Part(file_pages(made.name, made.media_type, made.data))])

        self.wrong.setText("")
        self.progress.setRange(0, 0)
        self.progress.show()
        self.job.send(printer, f"{self.case_no}{title}", note)
        self._fit()

    def _progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _sent(self, sides: int) -> None:
        self.progress.hide()
        self.said.setText(f"已送打印机，共{sides}页。")
        self._fit()

    def _failed(self, error: Exception) -> None:
        self.progress.hide()
        self.wrong.setText(error.sentence if isinstance(error, ZhixingError) else str(error))
        self._fit()

    def _fit(self) -> None:
        free = not self.job.running
        act = FILE if self.tabs.currentIndex() == 0 else PRINT
        offer(self.act, "" if free else "正在打印，请稍候", self._barred.get(act, ""))
        self.leave.setText("关闭" if free else "停止")
        if self.tabs.currentIndex() == 0:
            self.act.setText(f"打印{len(self.wishes())}张…")
        else:
            self.act.setText("打印…")

    def reject(self) -> None:
        """Stop what is being printed, else close."""
        if self.job.running:
            self.job.stop()
            return
        super().reject()
