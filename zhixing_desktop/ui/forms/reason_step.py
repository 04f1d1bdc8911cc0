"""A step that needs nothing but a reason: urging, withdrawing, taking a decision back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.reasons import ReasonDialog


class ReasonStepDialog(ReasonDialog):
    """Runs ``job`` with the reason; a refusal is shown and the words stay."""

    help_page = "approvals"

    def __init__(
        self,
        bridge: Bridge,
        case_id: int,
        title: str,
        button: str,
        paragraphs: Sequence[tuple[str, str]],
        job: Callable[[str], Any],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, button, paragraphs, parent)
        self._outer, self._case, self._job = bridge, case_id, job

    def send(self, reason: str) -> None:
        """Take the step."""
        self.run(self._outer, self._case, lambda: self._job(reason))
