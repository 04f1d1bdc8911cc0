"""What the administrators' windows share: a list, buttons that say why they are grey, a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em, folded
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.workflow.errors import ZhixingError

_KEY = Qt.ItemDataRole.UserRole


class OfficeWindow(QDialog):
    """A window beside the main one; ``actor`` tells who works here.

    ``changed`` after something was saved: who may do what may be other than before.
    """

    help_page = "main"
    changed = Signal()

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget | None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.note = NoteLabel(self)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.reload)

    def reload(self) -> None:
        """Read everything anew."""

    def say(self, words: str, tone: str = "info") -> None:
        """Write a line below the list."""
        self.note.say(words, tone)

    def refused(self, error: Exception) -> None:
        """Show why nothing was saved."""
        messages.show_error(self, error)

    def write(
        self,
        job: Callable[[], Any],
        done: Callable[[Any], object],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Change something, then read anew."""

        def finished(result: Any) -> None:
            self.changed.emit()
            self.reload()
            done(result)

        self._bridge.write(self, job, finished, failed or self.refused)


class PairWindow(OfficeWindow):
    """A window of two panes: what is chosen or typed at the left, what comes of it at the right."""

    def show_pair(
        self, left: QLayout, right: QLayout, widths: tuple[float, float], height: float
    ) -> None:
        """Put both panes in; sizes are in characters, and no larger than the screen."""
        panes = QSplitter(self)
        for column in (left, right):
            pane = QWidget(self)
            column.setContentsMargins(0, 0, 0, 0)
            pane.setLayout(column)
            panes.addWidget(pane)
        panes.setSizes([em(self, width) for width in widths])
        box = QVBoxLayout(self)
        box.addWidget(panes)
        room = self.screen().availableGeometry()
        wide, high = em(self, sum(widths) + 4), em(self, height)
        self.resize(min(wide, room.width()), min(high, room.height() - em(self, 3)))

    def arm(self) -> None:
        """Set each button as it is allowed now."""

    def failed(self, error: Exception) -> None:
        """Say why nothing came of a step; what was typed stays."""
        self.arm()
        if isinstance(error, ZhixingError):
            self.say(error.sentence, "error")
        else:
            self.refused(error)


def reason_line(hint: str, parent: QWidget) -> QLineEdit:
    """Return a field for the reason of a change."""
    line = QLineEdit(parent)
    line.setAccessibleName("理由")
    line.setPlaceholderText(hint)
    return line


class Listing(QTreeWidget):
    """A plain table: rows with a key, columns of words."""

    def __init__(
        self, name: str, columns: Sequence[tuple[str, float]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setHeaderLabels([title for title, _ in columns])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for place, (_, width) in enumerate(columns):
            self.setColumnWidth(place, em(self, width))

    def fill(self, rows: Iterable[tuple[object, Sequence[str]]], *, grey: object = None) -> None:
        """Show rows (key, words); whoever was chosen stays chosen.

        ``grey`` is a container of the keys that are shown faintly.
        """
        chosen = self.key()
        self.clear()
        faint: Any = grey or ()
        colour = self.palette().placeholderText()
        for key, words in rows:
            item = QTreeWidgetItem(self, list(words))
            item.setData(0, _KEY, key)
            for column, text in enumerate(words):
                item.setToolTip(column, folded(text))
                if key in faint:
                    item.setForeground(column, colour)
        if chosen is None or not self.choose(chosen):
            first = self.topLevelItem(0)
            if first is not None:
                self.setCurrentItem(first)

    def key(self) -> Any:
        """Return the key of the chosen row, ``None`` for none."""
        item = self.currentItem()
        return None if item is None else item.data(0, _KEY)

    def choose(self, key: object) -> bool:
        """Choose a row by its key; tell whether it is there."""
        for item in self._items():
            if item.data(0, _KEY) == key:
                self.setCurrentItem(item)
                return True
        return False

    def texts(self) -> list[list[str]]:
        """Return what stands in the rows."""
        columns = range(self.columnCount())
        return [[item.text(column) for column in columns] for item in self._items()]

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(place) for place in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]


def allow(
    button: QWidget, refused: Mapping[str, str], act: str, *, also: bool = True, why: str = ""
) -> None:
    """Enable a button where its act is allowed (and ``also``); else its tool tip says why not."""
    sentence = refused.get(act, "" if also else why)
    button.setEnabled(not sentence and also)
    button.setToolTip(folded(sentence))
    button.setAccessibleDescription(sentence)


class ReasonDialog(QDialog):
    """Asks for a reason, then does something with it; stays open when that is refused."""

    help_page = "main"

    def __init__(
        self, title: str, words: str, act: Callable[[str], Any], window: OfficeWindow
    ) -> None:
        super().__init__(window)
        self._act, self._window = act, window
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.reason = QLineEdit(self)
        self.reason.setAccessibleName("理由")
        self.note = NoteLabel(self)
        self.buttons = QDialogButtonBox(self)
        self.ok = self.buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        form = QFormLayout()
        form.addRow("理由", self.reason)
        box = QVBoxLayout(self)
        box.addWidget(Words(words))
        box.addLayout(form)
        box.addWidget(self.note)
        box.addWidget(self.buttons)
        self.resize(em(self, 28), em(self, 9))
        self.buttons.accepted.connect(self.try_act)
        self.buttons.rejected.connect(self.reject)

    def try_act(self) -> None:
        """Do it with the reason that was given."""
        reason = self.reason.text().strip()
        if len(reason) < 2:
            self.note.say("请写明理由。", "error")
            self.reason.setFocus()
            return
        self.ok.setEnabled(False)
        self._window.write(lambda: self._act(reason), lambda _: self.accept(), self._refused)

    def _refused(self, error: Exception) -> None:
        self.ok.setEnabled(True)
        if isinstance(error, ZhixingError):
            self.note.say(error.sentence, "error")
        else:
            messages.show_error(self, error)


def ask_reason(
    window: OfficeWindow, title: str, words: str, act: Callable[[str], Any]
) -> ReasonDialog:
    """Open the question for a reason over a window."""
    dialog = ReasonDialog(title, words, act, window)
    dialog.open()
    return dialog


def plain_button(words: str, act: Callable[[], object], parent: QWidget) -> QPushButton:
    """Return a button that Enter in another field does not press."""
    button = QPushButton(words, parent)
    button.setAutoDefault(False)
    button.clicked.connect(act)
    return button
