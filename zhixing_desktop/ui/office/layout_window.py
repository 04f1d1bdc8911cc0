"""The window of the layout of papers: values at the left, a paper in it at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import at_desk, paper_layout
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.paper_layout import ACT
from zhixing_desktop.services.paper_layout_trial import (
    LayoutState,
    LayoutTrial,
    layout_state,
    overrides_of,
    set_at,
    try_layout,
    value_at,
)
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.office.layout_fields import (
    GROUPS,
    LABELS,
    Editor,
    FieldGroup,
    LayoutField,
    editor_for,
    show_value,
    value_of,
)
from zhixing_desktop.ui.office.pieces import PairWindow, allow, plain_button, reason_line
from zhixing_desktop.ui.page_view import PageView
from zhixing_desktop.workflow.errors import InputRefusedError

_WAIT_MS = 350
"""So that a number that is being typed is not drawn digit by digit."""


@dataclass(frozen=True, slots=True)
class _Known:
    state: LayoutState
    forms: tuple[tuple[str, str], ...]
    refused: str


@dataclass(frozen=True, slots=True)
class _Tried:
    trial: LayoutTrial
    pages: FilePages


class LayoutWindow(PairWindow):
    """Values in tabs, a preview of a chosen form with sample data, saving with a reason."""

    help_page = "paper-layout"

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self._state: LayoutState | None = None
        self._refused = ""
        self._ticket = 0
        self._sound = False
        self.editors: dict[str, tuple[LayoutField, Editor]] = {}
        self.setWindowTitle("文书版式")
        self.tabs = QTabWidget(self)
        for group in GROUPS:
            self.tabs.addTab(self._made_group(group), group.title)
        self.form_choice = QComboBox(self)
        self.form_choice.setAccessibleName("预览哪种文书")
        self.view = PageView(bridge, self)
        self.fonts = Words(tone="muted", parent=self)
        self.reason = reason_line("为什么修改，记入日志", self)
        self.shipped_button = plain_button("填回程序自带的版式", self.fill_shipped, self)
        self.save_button = plain_button("保存(&S)", self.store, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self.try_now)
        self._lay_out()
        self.form_choice.currentIndexChanged.connect(lambda _at: self.try_now())
        self.reload()

    def _made_group(self, group: FieldGroup) -> QWidget:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        inner = QWidget(area)
        form = QFormLayout(inner)
        for field in group.fields:
            editor = editor_for(field, self._edited, inner)
            self.editors[field.place] = (field, editor)
            form.addRow(field.label, editor)
        area.setWidget(inner)
        return area

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.addWidget(self.tabs, 1)
        side.addWidget(self.fonts)
        side.addWidget(self.note)
        below = QFormLayout()
        below.addRow("理由(&R)", self.reason)
        side.addLayout(below)
        buttons = QHBoxLayout()
        buttons.addWidget(self.shipped_button)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        side.addLayout(buttons)
        shown = QVBoxLayout()
        shown.addWidget(self.form_choice)
        shown.addWidget(self.view, 1)
        self.show_pair(side, shown, (32, 36), 46)

    # ------------------------------------------------------------------------------- showing

    def reload(self) -> None:
        """Read the layout anew; what was typed and not saved goes."""
        bureau, actor = self._bureau, self._actor()

        def read() -> _Known:
            library = bureau.papers.library(bureau.rules)
            forms = sorted(library.forms.values(), key=lambda form: (form.nodes[0], form.key))
            return _Known(
                layout_state(bureau),
                tuple((form.key, f"{form.name}（节点{form.nodes[0]}）") for form in forms),
                at_desk.refusals(bureau, actor, (ACT,)).get(ACT, ""),
            )

        self._bridge.read(self, read, self._show, self.failed)

    def _show(self, known: _Known) -> None:
        self._state, self._refused = known.state, known.refused
        if not self.form_choice.count():
            self.form_choice.blockSignals(True)
            for key, words in known.forms:
                self.form_choice.addItem(words, key)
            self.form_choice.blockSignals(False)
        self._fill(known.state.standing)
        for _, editor in self.editors.values():
            editor.setEnabled(not self._refused)
        self.reason.setEnabled(not self._refused)
        self.say(self._refused)
        self.arm()
        self.try_now()

    def _fill(self, values: Mapping[str, Any]) -> None:
        for place, (_, editor) in self.editors.items():
            show_value(editor, value_at(values, place))

    def arm(self) -> None:
        """Saving takes a sound layout that differs, and the right to it."""
        refused = {ACT: self._refused} if self._refused else {}
        why = "版式还有不对的地方，或者没有改动"
        allow(self.save_button, refused, ACT, also=self._sound and self._differs(), why=why)
        allow(self.shipped_button, refused, ACT)

    # ------------------------------------------------------------------------------- trying

    def overrides(self) -> dict[str, Any]:
        """Return what the editors hold as the court's settings over the shipped layout."""
        assert self._state is not None
        wanted: dict[str, Any] = dict(self._state.standing)
        for place, (field, editor) in self.editors.items():
            value = value_of(field, editor)
            if value != value_at(self._state.standing, place):
                wanted = set_at(wanted, place, value)
        return overrides_of(self._state.shipped, wanted)

    def _differs(self) -> bool:
        return self._state is not None and self.overrides() != dict(self._state.overrides)

    def _edited(self) -> None:
        self._sound = False
        self.arm()
        self._timer.start()

    def fill_shipped(self) -> None:
        """Put the values that come with the program into the editors; saved is nothing yet."""
        if self._state is not None:
            self._fill(self._state.shipped)
            self._edited()

    def try_now(self) -> None:
        """Show the chosen paper in the layout as it stands in the editors."""
        if self._state is None or self.form_choice.currentIndex() < 0:
            return
        self._ticket += 1
        ticket, bureau = self._ticket, self._bureau
        overrides, form = self.overrides(), self.form_choice.currentData()

        def work() -> _Tried:
            trial = try_layout(bureau, overrides, form)
            pages = file_pages(trial.pages.name, trial.pages.media_type, trial.pages.data)
            return _Tried(trial, pages)

        self._bridge.read(
            self,
            work,
            lambda found: self._show_tried(ticket, found),
            lambda error: self._show_faults(ticket, error),
        )

    def _show_tried(self, ticket: int, found: _Tried) -> None:
        if ticket != self._ticket:
            return
        self._sound = True
        page = self.view.page
        self.view.show_file(found.pages)
        self.view.go_to(page)
        lines = [
            f"{face.label}：本机用“{face.used}”{f'代替{face.wanted}' if face.stands_in else ''}"
            for face in found.trial.faces
        ]
        self.fonts.setText("；".join(lines))
        warned = [w for w in found.trial.warnings if "代替" in w]
        self.say(self._refused or "\n".join(warned), "info" if self._refused else "warning")
        self.arm()

    def _show_faults(self, ticket: int, error: Exception) -> None:
        if ticket != self._ticket:
            return
        self._sound = False
        self.arm()
        if isinstance(error, InputRefusedError) and error.problems:
            lines = [f"{LABELS.get(p.where, p.where)}：{p.sentence}" for p in error.problems]
            self.say("\n".join(lines), "error")
        else:
            self.failed(error)

    # -------------------------------------------------------------------------------- saving

    def store(self) -> None:
        """Save what the editors hold, with the reason."""
        if not self.save_button.isEnabled():
            return
        bureau, actor = self._bureau, self._actor()
        overrides, reason = self.overrides(), self.reason.text()
        self.save_button.setEnabled(False)
        self._bridge.write(
            self,
            lambda: paper_layout.change_layout(bureau, actor, overrides, reason),
            self._saved,
            self.failed,
        )

    def _saved(self, _changed: bool) -> None:
        self.reason.clear()
        self.changed.emit()
        self.reload()
        messages.tell(
            self,
            "文书版式",
            "已保存。",
            below="各工作站从下一份文书起按新的版式；已经签发的文书不变。",
        )

    def keyPressEvent(self, event: Any) -> None:
        """Enter in an editor does not close the window."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
