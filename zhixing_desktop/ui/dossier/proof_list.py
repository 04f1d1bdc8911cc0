"""What a proof has found: a count for each kind to filter by, the findings below one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.services.dossier_proof_types import FoundLine
from zhixing_desktop.ui.dossier.proof_signs import finding_icon, known_kinds
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import em, folded, show_if
from zhixing_desktop.ui.theme import theme_for

_AT = Qt.ItemDataRole.UserRole
_ALL = ""


class ProofList(QWidget):
    """``chosen`` when the cursor is on another finding, or there is none any more."""

    chosen = Signal()

    def __init__(self, parent: QWidget) -> None:
        # Before anything is set: the palette may change on the way.
        self._findings: tuple[FoundLine, ...] = ()
        super().__init__(parent)
        self._kind = _ALL
        self._counts = QWidget(self)
        self._flow = FlowLayout(self._counts)
        self._flow.setSpacing(em(self, 0.3))
        self.buttons: dict[str, QPushButton] = {}
        """By kind of finding, what filters by it; the empty kind shows all."""
        self.list = QListWidget(self)
        self.list.setAccessibleName("核对发现的问题")
        self.list.setWordWrap(True)
        self.list.setAlternatingRowColors(True)
        self.list.setIconSize(self._icon_size())
        self.list.currentRowChanged.connect(lambda _row: self.chosen.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._counts)
        column.addWidget(self.list, 1)

    def _icon_size(self) -> QSize:
        side = round(self.fontMetrics().height() * 1.6)
        return QSize(side, side)

    # ------------------------------------------------------------------------------- showing

    def show_findings(self, findings: Sequence[FoundLine]) -> None:
        """Show findings, all kinds of them, the first one chosen."""
        self.list.blockSignals(True)
        self.list.clear()
        self.list.blockSignals(False)
        self._findings, self._kind = tuple(findings), _ALL
        self._make_buttons()
        self._fill()
        show_if(self._counts, bool(findings))

    def _make_buttons(self) -> None:
        for old in self.buttons.values():
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        counts = Counter(found.kind for found in self._findings)
        labels = {found.kind: found.label for found in self._findings}
        order = [*(kind for kind in known_kinds() if kind in counts)]
        order += [kind for kind in counts if kind not in order]
        self.buttons = {_ALL: self._button(_ALL, f"全部 {len(self._findings)}")}
        for kind in order:
            self.buttons[kind] = self._button(kind, f"{labels[kind]} {counts[kind]}")

    def _button(self, kind: str, words: str) -> QPushButton:
        button = QPushButton(words, self._counts)
        button.setAutoDefault(False)
        button.setCheckable(True)
        button.setChecked(kind == self._kind)
        plain = words.rpartition(" ")[0]
        button.setToolTip(f"只看“{plain}”" if kind else "各种问题都看")
        button.clicked.connect(lambda _on=False: self.filter(kind))
        self._flow.addWidget(button)
        button.show()
        return button

    def filter(self, kind: str) -> None:
        """Show only findings of one kind, all for the empty word; the same kind again shows all."""
        self._kind = _ALL if kind == self._kind else kind
        for name, button in self.buttons.items():
            button.setChecked(name == self._kind)
        self._fill()

    def _fill(self) -> None:
        before = self.finding
        self.list.blockSignals(True)
        self.list.clear()
        for at, found in enumerate(self._findings):
            if self._kind not in (_ALL, found.kind):
                continue
            item = QListWidgetItem(f"{at + 1}. {found.label}\n{found.sentence}")
            item.setData(_AT, at)
            item.setToolTip(folded(found.sentence))
            self.list.addItem(item)
        self._paint()
        rows = [self.list.item(row).data(_AT) for row in range(self.list.count())]
        if rows:
            self.list.setCurrentRow(rows.index(before) if before in rows else 0)
        self.list.blockSignals(False)
        self.chosen.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._findings:
            self._paint()

    def _paint(self) -> None:
        theme, side = theme_for(self.palette()), self._icon_size().width()
        icons = {
            kind: finding_icon(theme, kind, side, self.devicePixelRatioF())
            for kind in {found.kind for found in self._findings}
        }
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setIcon(icons[self._findings[item.data(_AT)].kind])
        for kind, button in self.buttons.items():
            if kind:
                button.setIcon(icons[kind])
                button.setIconSize(QSize(side * 5 // 8, side * 5 // 8))

    # ------------------------------------------------------------------------------- choosing

    @property
    def finding(self) -> int:
        """The finding that is looked at, from 0 on; -1 for none."""
        item = self.list.currentItem()
        return int(item.data(_AT)) if item is not None else -1

    def has(self, step: int) -> bool:
        """Tell whether there is one more in that direction among those that are shown."""
        return 0 <= self.list.currentRow() + step < self.list.count()

    def go(self, step: int) -> bool:
        """Go to the next finding that is shown or the one before; tell whether there was one."""
        if not self.has(step):
            return False
        self.list.setCurrentRow(self.list.currentRow() + step)
        return True
