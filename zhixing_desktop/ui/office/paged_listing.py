"""A list of many rows, a page at a time, with the chosen row whole below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.office.pieces import Listing, plain_button

PAGE = 100
"""Rows of a page: more would take longer to show than a person notices."""


class PagedListing(QWidget):
    """Rows of words; Ctrl+PageDown and Ctrl+PageUp turn the page."""

    def __init__(
        self, name: str, columns: Sequence[tuple[str, float]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._heads = [title for title, _ in columns]
        self._rows: Sequence[tuple[str, ...]] = ()
        self._page = 0
        self.list = Listing(name, columns, self)
        self.detail = Words()
        self.detail.setMinimumHeight(self.fontMetrics().lineSpacing() * 3)
        self.where = Words(tone="muted", middle=True)
        self.back = plain_button("上一页", lambda: self.turn(-1), self)
        self.on = plain_button("下一页", lambda: self.turn(1), self)
        foot = QHBoxLayout()
        foot.addWidget(self.where, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.on)
        box = QVBoxLayout(self)
        box.addWidget(self.list, 1)
        box.addWidget(self.detail)
        box.addLayout(foot)
        self.list.currentItemChanged.connect(lambda *_: self._show_detail())
        for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.turn(step))
        self.show_rows(())

    def show_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Show other rows, from the first."""
        self._rows, self._page = rows, 0
        self._fill()

    def turn(self, step: int) -> None:
        """Go to another page, where there is one."""
        page = self._page + step
        if 0 <= page < self._pages():
            self._page = page
            self._fill()

    def _pages(self) -> int:
        return max(1, -(-len(self._rows) // PAGE))

    def _fill(self) -> None:
        first = self._page * PAGE
        shown = self._rows[first : first + PAGE]
        # While it is being filled, the chosen row may be one of those that were there before.
        self.list.blockSignals(True)
        self.list.clear()
        self.list.fill((first + place, row) for place, row in enumerate(shown))
        self.list.blockSignals(False)
        last = first + len(shown)
        self.where.setText(f"第{first + 1}至{last}处，共{len(self._rows)}处" if shown else "")
        several = self._pages() > 1
        for button, step in ((self.back, -1), (self.on, 1)):
            button.setVisible(several)
            button.setEnabled(0 <= self._page + step < self._pages())
        self._show_detail()

    def _show_detail(self) -> None:
        key = self.list.key()
        row = self._rows[key] if key is not None else ()
        self.detail.setText("\n".join(f"{h}：{w}" for h, w in zip(self._heads, row, strict=False)))
