"""A line beside a field that says what is wrong with it, or what it means."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from zhixing_desktop.ui.theme import theme_for
from zhixing_desktop.workflow.errors import Problem

_SIGNS = {"error": "✕ ", "warning": "！", "info": ""}


class NoteLabel(QLabel):
    """Empty, or words in one of three tones; each tone has a sign of its own besides its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tone = "info"
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def say(self, words: str, tone: str = "info") -> None:
        """Show ``words`` (tone ``error``, ``warning`` or ``info``); hide when there are none."""
        self.tone = tone
        self.setText(f"{_SIGNS[tone]}{words}" if words else "")
        self.setVisible(bool(words))
        self._colour()

    def say_problems(self, problems: Sequence[Problem], otherwise: str = "") -> None:
        """Show the gravest problem, ``otherwise`` when there is none."""
        if not problems:
            self.say(otherwise)
            return
        worst = next((p for p in problems if p.severity == "error"), problems[0])
        self.say(worst.sentence, "error" if worst.severity == "error" else "warning")

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._colour()

    def _colour(self) -> None:
        theme = theme_for(self.palette())
        colours = {
            "error": theme.state("overdue").fill,
            "warning": theme.state("warned").border,
            "info": theme.muted,
        }
        palette = self.palette()
        palette.setColor(palette.ColorRole.WindowText, colours[self.tone])
        self.setPalette(palette)
