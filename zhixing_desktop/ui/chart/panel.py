"""The three charts in one panel: tabs, search, zoom, export, print, legend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.ui.chart.bar import Group, ToolRow
from zhixing_desktop.ui.chart.export import (
    Sheet,
    export_pdf,
    export_png,
    export_svg,
    print_chart,
)
from zhixing_desktop.ui.chart.legend import LegendStrip
from zhixing_desktop.ui.chart.marks import ChartMarks
from zhixing_desktop.ui.chart.view import ChartView
from zhixing_desktop.ui.theme import theme_for
from zhixing_desktop.workflow.charts import Chart, NodeId
from zhixing_desktop.workflow.errors import StoreError

_SHORT = {"overview": "总体图", "nodes": "节点图", "measures": "措施图"}
_FORMATS = (("pdf", "PDF 文件（A3 横向）"), ("svg", "SVG 矢量图"), ("png", "PNG 图片"))


class FindField(QLineEdit):
    """Search field: Enter goes on, Shift+Enter back, Escape leaves."""

    stepped = Signal(int)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the three keys; all others edit."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.stepped.emit(-1 if back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ChartPanel(QWidget):
    """Charts of one case, or of the rulebook when no marks are set.

    ``node_activated`` and ``node_selected`` carry node numbers; opening a phase of the overview
    goes to its first node in the chart of nodes instead.  ``exported`` carries the file's path,
    ``printed`` the title of what was sent to a printer.
    """

    node_activated = Signal(int)
    node_selected = Signal(int)
    exported = Signal(str)
    printed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme_for(self.palette())
        self._views: list[ChartView] = []
        self._title = ""
        self._home: NodeId | None = None
        self._seen: set[int] = set()
        self._date_line = ""
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("流程图选择")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.stack = QStackedWidget()
        self.legend = LegendStrip(self._theme)
        self.find_field = FindField()
        self.find_field.setPlaceholderText("查找节点：编号、名称或拼音首字母")
        self.find_field.setClearButtonEnabled(True)
        self.find_field.setAccessibleName("查找节点")
        self.find_field.setMinimumWidth(150)
        self.find_count = QLabel()
        self.zoom_label = QLabel("100%")
        self.zoom_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom_label.setMinimumWidth(self.fontMetrics().horizontalAdvance("300%") + 8)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.bar = bar = ToolRow()
        bar.line.addWidget(self.tabs)
        bar.line.addStretch(1)
        bar.line.addWidget(self.find_field, 2)
        bar.line.addWidget(self.find_count)
        smaller = self._button("－", "缩小（-，Ctrl+滚轮）", self._zoom_out)
        larger = self._button("＋", "放大（+，Ctrl+滚轮）", self._zoom_in)
        # The groups that give way last come first.
        bar.add_group(
            Group(
                [smaller, self.zoom_label, larger],
                [("放大", self._zoom_in), ("缩小", self._zoom_out)],
            )
        )
        whole = self._button("全图", "显示整张图（0）", self._fit)
        here = self._button("当前", "回到当前节点（Home）", self._go_home)
        entries = [("显示整张图", self._fit), ("回到当前节点", self._go_home)]
        bar.add_group(Group([whole, here], entries))
        self.export_button = self._button("导出 ▾", "把本图保存为文件", None)
        # The style's own arrow would lie over the text.
        self.export_button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.export_button)
        asks: list[tuple[str, Callable[[], None]]] = []
        for kind, words in _FORMATS:
            ask = partial(self._ask, kind)
            menu.addAction(words).triggered.connect(ask)
            asks.append((f"导出为 {words}", ask))
        self.export_button.setMenu(menu)
        self.print_button = self._button("打印", "预览并打印本图", self.print_preview)
        bar.add_group(
            Group([self.export_button, self.print_button], [*asks, ("打印…", self.print_preview)])
        )
        bar.finish()
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setForegroundRole(line.palette().ColorRole.Mid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(self.stack, 1)
        layout.addWidget(line)
        layout.addWidget(self.legend)

    def _button(self, text: str, tip: str, act: Callable[[], None] | None) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        if act is not None:
            button.clicked.connect(act)
        return button

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._show_tab)
        self.find_field.textChanged.connect(self._find)
        self.find_field.stepped.connect(self._find_step)
        self.find_field.left.connect(self._focus_view)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.focus_find)

    # ---------------------------------------------------------------------------------- public

    @property
    def view(self) -> ChartView:
        """The view on top.  ``set_charts`` must have been called."""
        return self._views[self.stack.currentIndex()]

    def set_charts(self, charts: Sequence[Chart]) -> None:
        """Show these charts too, one tab each."""
        for chart in charts:
            view = ChartView(chart, self._theme)
            view.node_selected.connect(self._selected)
            view.node_activated.connect(self._activated)
            view.zoom_changed.connect(self._show_zoom)
            self._views.append(view)
            self.stack.addWidget(view)
            place = self.tabs.addTab(_SHORT.get(chart.id, chart.title))
            self.tabs.setTabToolTip(place, chart.title)

    def set_marks(self, marks: ChartMarks) -> None:
        """Show the states: keys are node numbers and, for the overview, phase names."""
        for view in self._views:
            view.set_marks(marks)

    def set_heading(self, title: str, date_line: str) -> None:
        """Title (the case number) and date line for paper and files; the chart's name is added."""
        self._title, self._date_line = title, date_line

    def set_current_node(self, node_id: NodeId | None) -> None:
        """Where the case stands now: what the Home key goes to."""
        self._home = node_id
        self._seen.clear()
        for view in self._views:
            view.set_home(node_id)

    def show_node(self, node_id: NodeId) -> bool:
        """Select a node in the chart on top or, when that lacks it, in one that has it."""
        candidates = [self.view, *self._views]
        for view in candidates:
            if view.chart.has(node_id):
                self.tabs.setCurrentIndex(self._views.index(view))
                return view.select(node_id, centre=True)
        return False

    def focus_find(self) -> None:
        """Put the cursor into the search field."""
        self.find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_field.selectAll()

    def sheet(self) -> Sheet:
        """What goes on paper now."""
        chart = self.view.chart
        title = f"{self._title}　{chart.title}" if self._title else chart.title
        return Sheet(chart, self.view.marks, title, self._date_line)

    def export(self, kind: str, path: Path) -> bool:
        """Write the chart on top to ``path`` (kind pdf, svg or png); False after a refusal."""
        write = {"pdf": export_pdf, "svg": export_svg, "png": export_png}[kind]
        try:
            write(self.sheet(), path)
        except StoreError as error:
            box = QMessageBox(QMessageBox.Icon.Warning, "导出流程图", error.sentence, parent=self)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()
            return False
        self.exported.emit(str(path))
        return True

    def ask_export(self, kind: str) -> QFileDialog:
        """Ask for a file name, then write."""
        name = self.sheet().title.replace("　", " ").replace("/", "-")
        dialog = QFileDialog(self, "导出流程图")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{dict(_FORMATS)[kind]} (*.{kind})")
        dialog.setDefaultSuffix(kind)
        dialog.selectFile(f"{name}.{kind}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.export(kind, Path(chosen)))
        dialog.open()
        return dialog

    def print_preview(self) -> None:
        """Open the print preview of the chart on top."""
        sheet = self.sheet()
        print_chart(sheet, self).accepted.connect(lambda: self.printed.emit(sheet.title))

    # ---------------------------------------------------------------------------------- inside

    def _zoom_in(self) -> None:
        self.view.zoom_in()

    def _zoom_out(self) -> None:
        self.view.zoom_out()

    def _fit(self) -> None:
        self.view.fit()

    def _go_home(self) -> None:
        self.view.go_home()

    def _focus_view(self) -> None:
        self.view.setFocus()

    def _ask(self, kind: str) -> None:
        self.ask_export(kind)

    def _show_tab(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        if self._home is not None and place not in self._seen:
            # A case's chart opens where the case stands, large enough to read.
            self._seen.add(place)
            self.view.bring(self._home)
        self._show_zoom(self.view.zoom())
        self._find(self.find_field.text(), jump=False)

    def _show_zoom(self, factor: float) -> None:
        if self.sender() in (None, self.tabs, self.view):
            self.zoom_label.setText(f"{round(factor * 100)}%")

    def _find(self, text: str, *, jump: bool = True) -> None:
        if jump or text:
            self.view.find_text(text)
        self._show_hits()

    def _find_step(self, step: int) -> None:
        self.view.find_next(step)
        self._show_hits()

    def _show_hits(self) -> None:
        place, total = self.view.hit_place()
        blank = not self.find_field.text().strip()
        self.find_count.setText("" if blank else f"{place}/{total}" if total else "无匹配")

    def _selected(self, node_id: object) -> None:
        if isinstance(node_id, int):
            self.node_selected.emit(node_id)

    def _activated(self, node_id: object) -> None:
        if isinstance(node_id, int):
            self.node_activated.emit(node_id)
            return
        numbers = next((node.nodes for node in self.view.chart.nodes if node.id == node_id), ())
        if numbers:
            self.show_node(min(numbers))

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            theme = theme_for(self.palette())
            if theme != self._theme:
                self._theme = theme
                self.legend.set_theme(theme)
                for view in self._views:
                    view.set_theme(theme)
