"""The dated table of articles: which one holds on a day, which forms cite it, what is unread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import at_desk, paper_laws
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.paper_laws import LawLine
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.office.pieces import Listing, OfficeWindow

_COLUMNS = (
    ("法律、司法解释", 18),
    ("事项", 16),
    ("条文", 10),
    ("施行", 6),
    ("核对", 5),
    ("引用", 4),
)


class LawsWindow(OfficeWindow):
    """All articles on a day; of the chosen one its earlier numbers and the forms that cite it."""

    help_page = "paper-laws"

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self._lines: dict[str, LawLine] = {}
        self._dated = False
        self.setWindowTitle("法条表")
        self.day = QDateEdit(self)
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setAccessibleName("哪一天适用的条文")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("查找法律、事项、条文、文书")
        self.search.setAccessibleName("查找")
        self.unchecked = QCheckBox("只看未核对原文的", self)
        self.list = Listing("法条表", _COLUMNS, self)
        self.detail = Words("")
        self.total = Words(tone="muted")
        top = QHBoxLayout()
        top.addWidget(self.day)
        top.addWidget(self.search, 1)
        top.addWidget(self.unchecked)
        box = QVBoxLayout(self)
        box.addLayout(top)
        box.addWidget(self.list, 1)
        box.addWidget(self.detail)
        box.addWidget(self.total)
        box.addWidget(self.note)
        room = self.screen().availableGeometry()
        self.resize(min(em(self, 66), room.width()), min(em(self, 42), room.height() - em(self, 3)))
        self.day.dateChanged.connect(lambda _day: self.reload())
        self.search.textChanged.connect(lambda _text: self._fill())
        self.unchecked.toggled.connect(lambda _on: self._fill())
        self.list.currentItemChanged.connect(lambda *_: self._show_detail())
        self.reload()

    def reload(self) -> None:
        """Read the table for the chosen day."""
        bureau = self._bureau
        chosen = self.day.date().toString("yyyy-MM-dd") if self._dated else ""

        def read() -> tuple[str, tuple[LawLine, ...]]:
            day = chosen or at_desk.today(bureau).isoformat()
            return day, paper_laws.law_lines(bureau, day)

        self._bridge.read(self, read, self._show, self.refused)

    def _show(self, found: tuple[str, tuple[LawLine, ...]]) -> None:
        day, lines = found
        if not self._dated:
            self._dated = True
            self.day.blockSignals(True)
            self.day.setDate(QDate.fromString(day, "yyyy-MM-dd"))
            self.day.blockSignals(False)
        self._lines = {line.reference: line for line in lines}
        self._fill()

    def _fill(self) -> None:
        wanted = self.search.text().strip()
        shown = [
            line
            for line in self._lines.values()
            if (not self.unchecked.isChecked() or not line.checked)
            and (not wanted or wanted in line.searched)
        ]
        self.list.fill(
            (
                line.reference,
                (
                    line.title,
                    line.label,
                    line.article or "尚无条文",
                    line.since,
                    "" if line.checked else "未核对",
                    str(len(line.forms)),
                ),
            )
            for line in shown
        )
        unread = sum(not line.checked for line in self._lines.values())
        self.total.setText(
            f"共{len(self._lines)}项，未核对原文的{unread}项；现在列出{len(shown)}项"
        )
        self._show_detail()

    def _show_detail(self) -> None:
        line = self._lines.get(self.list.key() or "")
        if line is None:
            self.detail.setText("")
            return
        forms = "、".join(f"《{name}》" for name in line.forms) or "没有文书引用"
        history = "；".join(line.history)
        self.detail.setText(
            f"模板里写作　{{{{ law.{line.reference} }}}}\n历次　{history}\n引用的文书　{forms}"
        )
