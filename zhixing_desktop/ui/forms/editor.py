"""The editors of the plain field types: words, long words, accounts, numbers, money.

An editor gives back what was typed, in the form the rules check (``workflow.entries``); it never
judges itself.  ``edited`` is emitted for what a person does, not for what the program sets.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.money import chinese_amount, format_money, parse_money


class Editor(QWidget):
    """One field's widget."""

    edited = Signal()
    left = Signal()
    """The focus went elsewhere: what stands there is meant."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)
        self.side: Words | None = None
        """Words beside a short editor (a weekday, an amount in words)."""

    def value(self) -> Any:
        """Return what stands in the widget, ``None`` for nothing."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a stored value; ``None`` empties.  Does not emit ``edited``."""
        raise NotImplementedError

    def set_locked(self, locked: bool) -> None:
        """Show without letting anybody type."""
        self.setEnabled(not locked)

    def hint(self) -> str:
        """Return words that help while typing (an amount in words, a weekday); may be empty."""
        return ""

    def adopt(self, inner: QWidget) -> None:
        """Make ``inner`` the widget that takes the focus and tells when it leaves."""
        self.setFocusProxy(inner)
        inner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the focus leaves."""
        if (
            event.type() == QEvent.Type.FocusOut
            and isinstance(event, QFocusEvent)
            and event.reason() != Qt.FocusReason.PopupFocusReason
        ):
            self.on_left()
            self.left.emit()
        return super().eventFilter(watched, event)

    def on_left(self) -> None:
        """Tidy up what was typed, when the focus leaves."""


class LineEditor(Editor):
    """A line of text."""

    chars = 0
    """Width in Chinese characters; 0 takes the room there is."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(placeholder)
        self.line.textEdited.connect(self._typed)
        self.row.addWidget(self.line)
        if self.chars:
            self.line.setFixedWidth(em(self, self.chars))
            self.side = Words(tone="muted", middle=True, selectable=False)
            self.row.addWidget(self.side, 1)
        self.adopt(self.line)

    def value(self) -> Any:
        """Return the text without blanks around it."""
        return self.line.text().strip() or None

    def set_value(self, value: Any) -> None:
        """Show a text from its beginning."""
        self.line.setText("" if value is None else str(value))
        self.line.setCursorPosition(0)

    def set_locked(self, locked: bool) -> None:
        """Keep the text legible and selectable."""
        self.line.setReadOnly(locked)
        self.line.setFocusPolicy(
            Qt.FocusPolicy.ClickFocus if locked else Qt.FocusPolicy.StrongFocus
        )

    def _typed(self, _text: str) -> None:
        self.edited.emit()


class AccountEditor(LineEditor):
    """An account number, shown in groups of four; blanks do not count."""

    chars = 18

    def value(self) -> Any:
        """Return the number without blanks."""
        return "".join(self.line.text().split()) or None

    def set_value(self, value: Any) -> None:
        """Show digits in groups of four."""
        text = "" if value is None else "".join(str(value).split())
        if text.isdigit() and len(text) > 8:
            text = " ".join(text[at : at + 4] for at in range(0, len(text), 4))
        super().set_value(text)

    def on_left(self) -> None:
        """Group what was typed."""
        if not self.line.isReadOnly():
            self.set_value(self.line.text())

    def hint(self) -> str:
        """Tell how many digits there are."""
        found = self.value()
        return f"共{len(found)}位" if found else ""


class NumberEditor(LineEditor):
    """A whole number."""

    chars = 6

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(placeholder, parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)


class MoneyEditor(LineEditor):
    """An amount in yuan: figures on the right, in words below."""

    chars = 12

    def __init__(self, placeholder: str = "0.00", parent: QWidget | None = None) -> None:
        super().__init__(placeholder, parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)

    def value(self) -> Any:
        """Return ``1234.50`` where it can be read, else what was typed, for the rules to refuse."""
        text = self.line.text().strip()
        if not text:
            return None
        try:
            return str(parse_money(text))
        except InputRefusedError:
            return text

    def set_value(self, value: Any) -> None:
        """Show the amount with separators."""
        text = "" if value is None else str(value)
        with suppress(InputRefusedError):
            text = format_money(parse_money(text), unit=False) if text else ""
        self.line.setText(text)

    def on_left(self) -> None:
        """Put the separators in."""
        if not self.line.isReadOnly():
            self.set_value(self.line.text())

    def hint(self) -> str:
        """Return the amount in words."""
        try:
            return chinese_amount(parse_money(self.line.text()))
        except InputRefusedError:
            return ""


class _Growing(QPlainTextEdit):
    """A text area as high as its text, between three and twelve lines; Tab leaves it."""

    lines = (3, 12)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._resized)

    def _resized(self) -> None:
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the height of the text."""
        low, high = self.lines
        count = min(max(int(self.document().size().height()), low), high)
        margin = 2 * (self.frameWidth() + round(self.document().documentMargin()))
        return QSize(em(self, 20), count * self.fontMetrics().lineSpacing() + margin + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the same: nothing is squeezed."""
        return QSize(em(self, 8), self.sizeHint().height())


class LongEditor(Editor):
    """Sentences."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.area = _Growing(self)
        self.area.setPlaceholderText(placeholder)
        self.area.textChanged.connect(self._typed)
        self.row.addWidget(self.area)
        self.adopt(self.area)
        self._setting = False

    def value(self) -> Any:
        """Return the text without blanks around it."""
        return self.area.toPlainText().strip() or None

    def set_value(self, value: Any) -> None:
        """Show a text."""
        self._setting = True
        self.area.setPlainText("" if value is None else str(value))
        self._setting = False

    def set_locked(self, locked: bool) -> None:
        """Keep the text legible and selectable."""
        self.area.setReadOnly(locked)

    def _typed(self) -> None:
        if not self._setting:
            self.edited.emit()
