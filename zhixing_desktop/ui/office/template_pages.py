"""Pages of the window of templates: a checked file tried on a case; the tags a file may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from zhixing_desktop.services import paper_templates
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.paper_templates import FieldLine, Trial
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.office.pieces import Listing, plain_button
from zhixing_desktop.ui.page_view import PageView

_FIELDS = (("标签", 18), ("内容", 20))
_MOST_FIELDS = 500
"""More than anybody reads; who looks for one writes a part of its name."""


@dataclass(frozen=True, slots=True)
class _Shown:
    trial: Trial
    pages: FilePages


class TrialPage(QWidget):
    """Fills a checked template with a case's data, or with samples; ``refused`` carries why not."""

    refused = Signal(object)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self._checked: tuple[str, bytes] | None = None
        self.case = QLineEdit(self)
        self.case.setAccessibleName("案号")
        self.case.setPlaceholderText("案号；不写用示例数据")
        self.about = QLineEdit(self)
        self.about.setAccessibleName("对象")
        self.about.setPlaceholderText("如 debtor/1；不需要时不写")
        self.button = plain_button("试做(&T)", self.try_it, self)
        self.words = Words(tone="muted")
        self.view = PageView(bridge, self)
        line = QHBoxLayout()
        line.addWidget(self.case, 2)
        line.addWidget(self.about, 1)
        line.addWidget(self.button)
        box = QVBoxLayout(self)
        box.addLayout(line)
        box.addWidget(self.words)
        box.addWidget(self.view, 1)

    def take(self, form: str, data: bytes, *, sound: bool) -> None:
        """Take a file that was checked; one with faults cannot be tried."""
        self._checked = (form, data)
        self.button.setEnabled(sound)

    def forget(self) -> None:
        """Forget the file and its pages."""
        self._checked = None
        self.button.setEnabled(False)
        self.words.setText("")
        self.view.clear()

    def try_it(self) -> None:
        """Fill the checked file and show its pages."""
        if self._checked is None:
            return
        bureau, actor, (form, data) = self._bureau, self._actor(), self._checked
        case, about = self.case.text().strip(), self.about.text().strip()
        self.words.setText("正在试做……")

        def work() -> _Shown:
            wish = PaperWish(case, form, about=about) if case else None
            trial = paper_templates.try_template(bureau, actor, form, data, wish)
            pages = file_pages(trial.pages.name, trial.pages.media_type, trial.pages.data)
            return _Shown(trial, pages)

        self._bridge.read(self, work, self._show, self._refused)

    def _show(self, found: _Shown) -> None:
        words = []
        if not found.trial.true_pages:
            words.append("本机没有 LibreOffice，这里只显示文字；版面请看 Word 文件。")
        if found.trial.gaps:
            words.append(f"缺少：{'、'.join(found.trial.gaps)}")
        self.words.setText("\n".join(words))
        self.view.show_file(found.pages)

    def _refused(self, error: Exception) -> None:
        self.words.setText("")
        self.refused.emit(error)


class FieldsPage(QWidget):
    """The tags that a form's template may have; read when somebody looks at them."""

    refused = Signal(object)

    def __init__(self, bureau: Bureau, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bureau, self._bridge = bureau, bridge
        self._form = ""
        self._listed = False
        self.search = QLineEdit(self)
        self.search.setAccessibleName("查找标签")
        self.search.setPlaceholderText("查找标签，如 金额、amount；回车查找")
        self.search.returnPressed.connect(self.find_tags)
        self.list = Listing("可用的标签", _FIELDS, self)
        box = QVBoxLayout(self)
        box.addWidget(self.search)
        box.addWidget(self.list, 1)

    def show_form(self, form: str) -> None:
        """Take the form whose tags are listed once somebody looks."""
        self._form, self._listed = form, False
        self.list.clear()

    def look(self) -> None:
        """List the tags unless they are there."""
        if not self._listed:
            self.find_tags()

    def find_tags(self) -> None:
        """List the tags with the words looked for in their name or label."""
        form, bureau, wanted = self._form, self._bureau, self.search.text().strip()
        if not form:
            return
        self._listed = True

        def work() -> tuple[str, list[FieldLine]]:
            found = paper_templates.field_lines(bureau, form)
            fitting = [line for line in found if wanted in line.name or wanted in line.label]
            return form, fitting[:_MOST_FIELDS]

        self._bridge.read(self, work, self._show, self.refused.emit)

    def _show(self, found: tuple[str, list[FieldLine]]) -> None:
        form, lines = found
        if form == self._form:
            self.list.fill((line.name, (line.name, line.label)) for line in lines)
