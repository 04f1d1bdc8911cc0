"""卷宗逾期清单: what of the dossiers is overdue in the whole bureau, whose, and the way to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QHeaderView, QLineEdit, QWidget

from zhixing_desktop.services import at_desk, dossier_overdue
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_overdue import (
    HEADINGS,
    PAGE,
    OverdueKind,
    OverdueLine,
    OverduePage,
    OverdueQuery,
    OverdueSort,
)
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.frame import DossierFrame, Newest
from zhixing_desktop.ui.forms.parts import em, show_if
from zhixing_desktop.ui.office.pieces import Listing

_EXPORT = "export.list"
_SORTS = (
    OverdueSort.CASE,
    OverdueSort.PARTIES,
    OverdueSort.OFFICER,
    OverdueSort.KIND,
    OverdueSort.WHAT,
    OverdueSort.HOLDER,
    OverdueSort.DUE,
    OverdueSort.DUE,
    None,
)
"""By column; the number of days sorts as the day does, only the other way round."""
_DAYS = 7
_WIDE = (14.0, 13.0, 5.5, 6.0, 6.5, 10.0, 6.5, 5.0, 12.0)
_WAIT_MS = 200
_Read = tuple[OverduePage, Mapping[str, str]]


class OverdueWindow(DossierFrame):
    """``volumes_wanted`` and ``archive_wanted`` carry a case and its 案号."""

    help_page = "dossier-overdue"
    volumes_wanted = Signal(int, str)
    archive_wanted = Signal(int, str)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self.setWindowTitle("卷宗逾期清单")
        self.page = OverduePage((), 0)
        self._first = 0
        self._sort, self._down = _SORTS.index(OverdueSort.DUE), False
        self._reading = Newest(bridge, self)
        self._build()
        bridge.changed.connect(lambda _: self.reload())
        self.reload()

    def _build(self) -> None:
        line = QHBoxLayout()
        self.kind = QComboBox(self)
        self.kind.setAccessibleName("显示哪些")
        self.kind.addItem("全部逾期", "")
        for kind in OverdueKind:
            self.kind.addItem(kind.label, kind.value)
        self.kind.activated.connect(lambda _: self._from_first())
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("案号、当事人或者拼音首字母")
        self.search.setAccessibleName("查找")
        self.search.setClearButtonEnabled(True)
        line.addWidget(self.kind)
        line.addWidget(self.search, 1)
        self.head.addLayout(line)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WAIT_MS)
        self._soon.timeout.connect(self._from_first)
        self.search.textChanged.connect(lambda _: self._soon.start())
        columns = [(title, wide) for (title, _), wide in zip(HEADINGS, _WIDE, strict=True)]
        self.list = Listing("逾期的卷宗", columns, self)
        head = self.list.header()
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.setSortIndicator(self._sort, Qt.SortOrder.AscendingOrder)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(em(self, 3))
        head.sectionClicked.connect(self._sort_by)
        self.list.itemActivated.connect(lambda *_: self.open_line())
        self.list.currentItemChanged.connect(lambda *_: self.arm())
        self.put(self.list)
        self.back = self.button("上一页", lambda: self.turn(-1), "Ctrl+PgUp")
        self.on = self.button("下一页", lambda: self.turn(1), "Ctrl+PgDown")
        self.export = self.button("导出…", self.ask_file, "Ctrl+S")
        self.act = self.button("打开…", self.open_line, tip="打开这一案的窗口（Enter）")
        self.put_foot(self.back, self.on, self.export, self.act, self.leave)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(
            self.search.setFocus
        )
        self.fit(96, 46)
        self.list.setFocus()

    # ------------------------------------------------------------------------------- reading

    @property
    def query(self) -> OverdueQuery:
        """What is asked for now."""
        sort = _SORTS[self._sort] or OverdueSort.DUE
        return OverdueQuery(
            kind=self.kind.currentData(),
            search=self.search.text().strip(),
            sort=sort,
            descending=self._down != (self._sort == _DAYS),
            offset=self._first,
        )

    def reload(self) -> None:
        """Read the page anew."""
        bureau, actor, query = self._bureau, self._actor(), self.query

        def read() -> _Read:
            page = dossier_overdue.overdue_page(bureau, actor, query)
            return page, at_desk.refusals(bureau, actor, (_EXPORT,))

        self._reading.read(read, lambda found: self._show(*found), self.failed)

    def _show(self, page: OverduePage, barred: Mapping[str, str]) -> None:
        self.page, self.barred = page, barred
        if not page.lines and page.total:
            # The last page is empty by now.
            self._first = (page.total - 1) // PAGE * PAGE
            self.reload()
            return
        self.list.fill((place, line.words) for place, line in enumerate(page.lines))
        last = self._first + len(page.lines)
        words = f"第{self._first + 1}至{last}行，共{page.total}行" if page.lines else "没有逾期的"
        self.said.setText(words)
        self.arm()

    def _from_first(self) -> None:
        self._first = 0
        self.reload()

    def turn(self, step: int) -> None:
        """Go to another page, where there is one."""
        first = self._first + step * PAGE
        if 0 <= first < self.page.total:
            self._first = first
            self.reload()

    def _sort_by(self, column: int) -> None:
        if _SORTS[column] is None:
            self._show_order()
            return
        self._down = not self._down if column == self._sort else False
        self._sort = column
        self._show_order()
        self._from_first()

    def _show_order(self) -> None:
        order = Qt.SortOrder.DescendingOrder if self._down else Qt.SortOrder.AscendingOrder
        self.list.header().setSortIndicator(self._sort, order)

    # ------------------------------------------------------------------------------- acting

    @property
    def line(self) -> OverdueLine | None:
        """The line under the cursor."""
        place = self.list.key()
        return self.page.lines[place] if place is not None else None

    def arm(self) -> None:
        """Let be pressed what may be done now."""
        self.offer(self.act, "" if self.line is not None else "请先选定一行")
        self.offer(
            self.export,
            self.barred.get(_EXPORT, ""),
            "" if self.page.total else "没有可以导出的",
        )
        several = self.page.total > PAGE
        for button in (self.back, self.on):
            show_if(button, several)
        self.back.setEnabled(self._first > 0)
        self.on.setEnabled(self._first + PAGE < self.page.total)

    def open_line(self) -> None:
        """Open the window in which what is overdue is done."""
        line = self.line
        if line is None:
            return
        lent = line.kind is OverdueKind.LENT
        (self.volumes_wanted if lent else self.archive_wanted).emit(line.case_id, line.case_no)

    def ask_file(self) -> QFileDialog:
        """Ask where the list is to be exported."""
        dialog = QFileDialog(self, "导出卷宗逾期清单")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Excel 工作簿（*.xlsx）")
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile("卷宗逾期清单.xlsx")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.open()
        return dialog

    def export_to(self, path: Path) -> None:
        """Write all that is asked for to an Excel file."""
        bureau, actor, query = self._bureau, self._actor(), self.query

        def done(count: int) -> None:
            self.say(f"已导出{count}行：{path.name}")

        self._bridge.read(
            self,
            lambda: dossier_overdue.export_overdue(bureau, actor, path, query),
            done,
            self.failed,
        )
