"""The authority matrix to read, search and print: each row with who may and what it rests on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.office.pieces import Listing, OfficeWindow, plain_button
from zhixing_desktop.ui.table_paper import TablePaper
from zhixing_desktop.workflow.authority import Matrix, Row

_COLUMNS = (("行", 5), ("事项", 14), ("谁可以", 20), ("依据", 34))


class MatrixWindow(OfficeWindow):
    """All rows of the matrix; those of one's own roles on demand."""

    help_page = "matrix"

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self.matrix: Matrix | None = None
        self.setWindowTitle("权限表")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("事项、角色、依据")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("查找")
        self.mine = QCheckBox("只看我的", self)
        self.list = Listing("权限表", _COLUMNS, self)
        self.detail = Words()
        self.detail.setMinimumHeight(self.fontMetrics().lineSpacing() * 4)
        self.count = Words(tone="muted", middle=True)
        self.print_button = plain_button("打印…", self.preview, self)
        self.print_button.setEnabled(False)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.mine)
        bottom = QHBoxLayout()
        bottom.addWidget(self.count, 1)
        bottom.addWidget(self.print_button)
        box = QVBoxLayout(self)
        box.addLayout(top)
        box.addWidget(self.list, 1)
        box.addWidget(self.detail)
        box.addLayout(bottom)
        self.resize(em(self, 78), em(self, 44))
        self.search.textChanged.connect(self._fill)
        self.mine.toggled.connect(self._fill)
        self.list.currentItemChanged.connect(lambda *_: self._on_row())
        self.reload()

    def reload(self) -> None:
        """Read the matrix; the first time it is put together from its file and the rulebook."""
        bureau = self._bureau
        self._bridge.read(self, lambda: bureau.rules.matrix, self._show)

    def _show(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.print_button.setEnabled(True)
        self._fill()

    def _rows(self) -> list[Row]:
        if self.matrix is None:
            return []
        word = self.search.text().strip()
        mine = set(self._actor().roles)
        return [
            row
            for row in self.matrix.rows
            if word in " ".join(_words(row))
            and (not self.mine.isChecked() or mine.intersection(row.roles))
        ]

    def _fill(self) -> None:
        rows = self._rows()
        self.list.fill((row.id, _words(row)) for row in rows)
        version = self.matrix.version if self.matrix is not None else ""
        self.count.setText(f"版本 {version}　{len(rows)}行")
        self._on_row()

    def _on_row(self) -> None:
        item = self.list.currentItem()
        if item is None:
            self.detail.setText("")
            return
        number, label, who, why = (item.text(column) for column in range(4))
        self.detail.setText(f"{number}　{label}\n可以办理：{who}\n依据：{why}")

    def preview(self) -> MatrixPreview:
        """Open the print preview of the rows that are shown."""
        version = self.matrix.version if self.matrix is not None else ""
        dialog = MatrixPreview(sheet(version, self._rows()), self)
        dialog.open()
        return dialog


def _words(row: Row) -> tuple[str, str, str, str]:
    return row.id, row.label, row.who(), row.why()


def sheet(version: str, rows: list[Row]) -> TablePaper:
    """Return the rows as pages to be read and signed."""
    return TablePaper(
        f"权限表（版本{version}，共{len(rows)}行）",
        (("行", 16), ("事项", 17), ("谁可以", 25), ("依据", 42)),
        tuple(_words(row) for row in rows),
        "签字：____________________，日期：____________________",
    )


class MatrixPreview(QPrintPreviewDialog):
    """Print preview on paper across."""

    help_page = "matrix"

    def __init__(self, paper: TablePaper, parent: QWidget) -> None:
        # The dialog uses the printer but does not own it: without this reference Qt would crash.
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        paper.prepare(self._printer)
        super().__init__(self._printer, parent)
        # Kept, for the connection alone does not keep it.
        self._paper = paper
        self.setWindowTitle("打印预览：权限表")
        self.paintRequested.connect(paper.paint)
