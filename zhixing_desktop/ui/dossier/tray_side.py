"""Where a scan of the tray goes: the case, what is said of the thing, or why it is set aside."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.case_finder import CaseFinder
from zhixing_desktop.ui.dossier.intake_form import IntakeForm
from zhixing_desktop.ui.forms.parts import Mark, Words, em


class TraySide(QScrollArea):
    """``act`` files, ``aside`` and ``back`` are given by the window; ``which`` are typed pages."""

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        aside: QPushButton,
        back: QPushButton,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 6, 0)
        column.addWidget(Mark("归入哪个案件", bold=True))
        self.finder = CaseFinder(bureau, bridge, actor_of, right)
        column.addWidget(self.finder)
        self.about = Words(bold=True)
        column.addWidget(self.about)
        self.form = IntakeForm(right)
        self.form.setEnabled(False)
        column.addWidget(self.form)
        line = QHBoxLayout()
        line.addWidget(Mark("归入的页"))
        self.which = QLineEdit(right)
        self.which.setPlaceholderText("本件全部；只归入几页的，如 1-3,5")
        self.which.setAccessibleName("归入的页")
        line.addWidget(self.which, 1)
        column.addLayout(line)
        self.wrong = Words(tone="bad")
        column.addWidget(self.wrong)
        column.addStretch(1)
        self.aside_reason = QLineEdit(right)
        self.aside_reason.setPlaceholderText("与案件无关的，写明理由后搁置（不删除）")
        self.aside_reason.setAccessibleName("搁置理由")
        last = QHBoxLayout()
        last.addWidget(self.aside_reason, 1)
        last.addWidget(aside)
        last.addWidget(back)
        column.addLayout(last)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(right)
        self.setMinimumWidth(em(self, 21))

    def places(self, pages: int) -> list[int] | None:
        """Return the typed pages of a thing of so many, from 0 on; ``None`` where none are typed.

        Raises ``ValueError`` with words where what is typed are no pages of it.
        """
        text = self.which.text().strip()
        if not text:
            return None
        found: list[int] = []
        for part in text.replace("，", ",").replace("、", ",").replace("－", "-").split(","):
            first, _, last = part.strip().partition("-")
            if not first.isdecimal() or (last and not last.isdecimal()):
                raise ValueError(f"“{part}”不是页码，写法如 1-3,5")
            for number in range(int(first), int(last or first) + 1):
                if not 1 <= number <= pages:
                    raise ValueError(f"这一件有{pages}页，没有第{number}页")
                found.append(number - 1)
        return found
