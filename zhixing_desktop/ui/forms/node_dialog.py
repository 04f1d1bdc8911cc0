"""The dialog in which a node is worked on: the form, saving, completing, drafts, conflicts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import cases
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.services.node_detail import overview
from zhixing_desktop.services.node_saving import Opening, Place, Saved, Wish, save
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.conflict import both_words, changes_by_others, refusal_lines
from zhixing_desktop.ui.forms.draft_keeper import DraftKeeper
from zhixing_desktop.ui.forms.field_row import FieldRow
from zhixing_desktop.ui.forms.item_section import ItemSection
from zhixing_desktop.ui.forms.node_form import NodeForm, PlainSection
from zhixing_desktop.ui.forms.notices import Line, MeanwhileBox, OfferBar, RefusalList
from zhixing_desktop.ui.forms.parts import Mark, Words, em
from zhixing_desktop.ui.forms.reasons import CorrectDialog
from zhixing_desktop.ui.icons import state_icon
from zhixing_desktop.ui.theme import theme_for
from zhixing_desktop.workflow.errors import StaleEditError, ZhixingError

_NAVIGATED = 3
"""From this many sections on a list beside the form leads to them."""
_WIDE = 46
"""Narrower than this many characters the form needs the room itself."""


class NodeDialog(QDialog):
    """Opens with ``open()``.  ``saved`` carries a :class:`Saved` after each successful step."""

    help_page = "node"
    saved = Signal(object)

    def __init__(
        self, bridge: Bridge, place: Place, opening: Opening, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._place = place
        self._case = opening.case
        self._draft = opening.draft
        self._busy = False
        self._complete_after = False
        self._close_after = False
        self.form = NodeForm(opening.case, place.key, opening.people, self, closed=opening.closed)
        self.refusals = RefusalList(self)
        self.offer = OfferBar(self)
        self.meanwhile = MeanwhileBox(self)
        self.nav = QListWidget(self)
        self.status = Words(tone="muted", middle=True)
        self.save_button = QPushButton("保存", self)
        self.complete_button = QPushButton("保存并办结", self)
        self.close_button = QPushButton("关闭", self)
        self.keeper = DraftKeeper(bridge, place, self.form.body, self)
        self._arrange()
        self._connect()
        self._refresh_limits()
        self._fill_nav()
        if self._draft is not None and self._draft.body:
            self._offer_draft()

    # ------------------------------------------------------------------------------ building

    def _arrange(self) -> None:
        spec = self.form.spec
        names = self._case.context.index.name_of
        subject = subject_words(names, self._place.key.subject)
        self.setWindowTitle(f"节点{spec.number} {spec.name} · {subject} · {self._case.case_no}")
        box = QVBoxLayout(self)
        box.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Words(f"节点{spec.number}　{spec.name}", bold=True, scale=1.3), 1)
        head.addWidget(Mark(subject, tone="muted"))
        box.addLayout(head)
        self.limits = Words(tone="muted")
        box.addWidget(self.limits)
        for bar in (self.offer, self.meanwhile, self.refusals):
            box.addWidget(bar)
        middle = QHBoxLayout()
        middle.setSpacing(8)
        self.nav.setFixedWidth(em(self, 11))
        self.nav.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.nav.setWordWrap(True)
        self.nav.setAccessibleName("工作内容目录")
        self.nav.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle.addWidget(self.nav)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.form)
        middle.addWidget(self.area, 1)
        box.addLayout(middle, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.status, 1)
        for button in (self.save_button, self.complete_button, self.close_button):
            button.setAutoDefault(False)
            foot.addWidget(button)
        self.save_button.setToolTip("保存填写的内容（Ctrl+S）")
        self.complete_button.setToolTip("保存并办结，流转下一节点（Ctrl+Enter）")
        self.close_button.setToolTip("关闭（Esc）")
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(
            min(em(self, 72), room.width() - em(self, 2)),
            min(em(self, 56), room.height() - em(self, 4)),
        )

    def _connect(self) -> None:
        self.form.changed.connect(self._edited)
        self.form.shape_changed.connect(self._fill_nav)
        self.form.correction_wanted.connect(self._correct)
        self.refusals.wanted.connect(self.go_to)
        self.offer.taken.connect(self._take_draft)
        self.offer.dropped.connect(self._drop_draft)
        self.nav.itemClicked.connect(self._navigate)
        self.save_button.clicked.connect(self.save)
        self.complete_button.clicked.connect(self.save_and_complete)
        self.close_button.clicked.connect(self.reject)
        for keys, slot in (
            ("Ctrl+S", self.save),
            ("Ctrl+Return", self.save_and_complete),
            ("Ctrl+Enter", self.save_and_complete),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _refresh_limits(self) -> None:
        found = overview(self._case, self._place.key.node).find(self._place.key.subject)
        parts = []
        for row in found.limits:
            due = row.view.due_at
            day = f"，{due:%Y-%m-%d %H:%M}届满" if due is not None else ""
            mark = "（暂定）" if row.view.provisional else ""
            left = f"，{row.left}" if row.left else f"，{row.status}"
            parts.append(f"{row.words}{day}{mark}{left}")
        frozen = ["节点已冻结：可以补录，办结须先解冻"] if found.freeze is not None else []
        self.limits.setText("；".join([*parts, *frozen]) or "本节点没有规定时限")
        late = found.freeze is not None or any(r.view.status == "overdue" for r in found.limits)
        self.limits.set_tone("bad" if late else "muted")

    def _fill_nav(self) -> None:
        sections = [s for s in self.form.ordered() if s.isVisibleTo(self.form)]
        wide = self.width() >= em(self, _WIDE)
        self.nav.setVisible(wide and len(sections) >= _NAVIGATED)
        self.nav.clear()
        theme, ratio = theme_for(self.palette()), self.devicePixelRatioF()
        for section in sections:
            entry = QListWidgetItem(section.label)
            if isinstance(section, ItemSection):
                ticked = section.done.isChecked() or section.not_needed.isChecked()
                entry.setIcon(state_icon(theme, "done" if ticked else "not_started", 16, ratio))
                entry.setToolTip(section.item.text)
            entry.setData(Qt.ItemDataRole.UserRole, section)
            self.nav.addItem(entry)

    # ------------------------------------------------------------------------------- acting

    def save(self) -> None:
        """Save what was typed."""
        self._send(complete=False)

    def save_and_complete(self) -> None:
        """Save what was typed and let the node flow on."""
        self._send(complete=True)

    def _send(self, *, complete: bool) -> None:
        if self._busy or self.offer.isVisibleTo(self):
            return
        self.refusals.clear()
        found = self.form.problems()
        if found:
            lines = [Line(p.where.partition("：")[0], p.sentence) for p in found]
            self.refusals.show_lines("有几处需要改正，还没有保存：", lines)
            self.go_to(lines[0].where)
            return
        wish = Wish(self.form.values(), self.form.items(), self.form.overrides(), complete)
        if not complete and not wish.values and not wish.items:
            self.status.setText("没有需要保存的改动")
            return
        self._complete_after = complete
        self.keeper.stop()
        self._set_busy("正在保存…")
        place, version = self._place, self._case.version
        self._bridge.write(
            self, lambda: save(place, wish, version), self._on_saved, self._on_refused
        )

    def _set_busy(self, words: str) -> None:
        self._busy = bool(words)
        self.status.setText(words)
        for widget in (self.form, self.save_button, self.complete_button):
            widget.setEnabled(not self._busy)

    def _on_saved(self, saved: Saved) -> None:
        self._set_busy("")
        self.keeper.stop()
        self._case = saved.case
        self.form.load(saved.case)
        self.meanwhile.hide()
        self._refresh_limits()
        self._fill_nav()
        if saved.recorded or saved.completed:
            self._bridge.announce(Changes(frozenset({self._place.case_id})))
        self.saved.emit(saved)
        if saved.completed or self._close_after:
            self.done(QDialog.DialogCode.Accepted)
            return
        if saved.recorded:
            self.status.setText(f"已保存 {saved.case.now:%H:%M:%S}")
        if saved.refusal is not None:
            head = "填写的内容已保存，但是还不能办结：" if saved.recorded else "还不能办结："
            self._show_refusal(head, saved.refusal)

    def _on_refused(self, error: Exception) -> None:
        self._set_busy("")
        self._close_after = False
        self.keeper.touch()
        if isinstance(error, StaleEditError):
            self._look_again(error)
        elif isinstance(error, ZhixingError):
            self._show_refusal("没有保存：", error)
        else:
            messages.show_error(self, error)

    def _show_refusal(self, heading: str, error: ZhixingError) -> None:
        lines = refusal_lines(error)
        self.refusals.show_lines(heading, lines)
        if lines[0].where:
            self.go_to(lines[0].where)

    # ---------------------------------------------------------------------------- conflicts

    def _look_again(self, _error: StaleEditError) -> None:

        place = self._place
        self._set_busy("案件有新的变化，正在核对…")
        self._bridge.read(
            self,
            lambda: cases.detail(place.bureau, place.actor, place.case_id),
            self._compare,
            self._on_refused,
        )

    def _compare(self, fresh: CaseDetail) -> None:
        self._set_busy("")
        before = self._case
        known = len(before.facts)
        new = fresh.facts[known:]
        self._case = fresh
        both = self.form.rebase(fresh)
        self._refresh_limits()
        if not new:
            # Only the beat announced something; nobody else typed anything.
            self._send(complete=self._complete_after)
            return
        lines = [*changes_by_others(fresh, new), *(both_words(fresh, self.form, b) for b in both)]
        self.meanwhile.show_changes(
            "这个案件刚刚被别人办理过，您填写的内容还在，没有保存。请核对以下变化后再保存：", lines
        )
        self.status.setText("核对后请再次保存")

    # ------------------------------------------------------------------------------- drafts

    def _offer_draft(self) -> None:
        assert self._draft is not None
        self.form.setEnabled(False)
        self.save_button.setEnabled(False)
        self.complete_button.setEnabled(False)
        when = f"{self._draft.saved_at:%Y-%m-%d %H:%M}"
        self.offer.offer(f"上次填写的内容没有保存（{when}），是否恢复？")

    def _take_draft(self) -> None:
        if self._draft is not None:
            self.form.put(self._draft.body)
        self._close_offer("已恢复上次填写的内容，尚未保存")
        self._fill_nav()

    def _drop_draft(self) -> None:
        self.keeper.drop()
        self._close_offer("")

    def _close_offer(self, words: str) -> None:
        self._draft = None
        self.offer.hide()
        for widget in (self.form, self.save_button, self.complete_button):
            widget.setEnabled(True)
        self.status.setText(words)

    def _edited(self) -> None:
        self.status.setText("有未保存的改动")
        self.keeper.touch()
        self._fill_nav()

    # --------------------------------------------------------------------------- going about

    def go_to(self, where: str) -> None:
        """Put the cursor on the place a refusal or a missing thing speaks of."""
        place = self.form.place_of(where)
        if place is not None:
            self._show_place(place)
            place.focus()

    def _show_place(self, place: FieldRow | ItemSection | PlainSection) -> None:
        # The layout must know its heights before the form can be scrolled to a place.
        QTimer.singleShot(0, place, lambda: self._scroll_to(place))

    def _scroll_to(self, place: QWidget) -> None:
        top = place.mapTo(self.form, place.rect().topLeft()).y()
        bar = self.area.verticalScrollBar()
        height = self.area.viewport().height()
        if top < bar.value() or top + place.height() > bar.value() + height:
            bar.setValue(max(0, top - height // 6))

    def _navigate(self, entry: QListWidgetItem) -> None:
        section = entry.data(Qt.ItemDataRole.UserRole)
        top = section.mapTo(self.form, section.rect().topLeft()).y()
        self.area.verticalScrollBar().setValue(top)
        section.focus()

    def _correct(self, seq: int) -> None:
        dialog = CorrectDialog(self._bridge, self._place, self._case, seq, self)
        dialog.corrected.connect(self._corrected)
        dialog.open()

    def _corrected(self, fresh: CaseDetail) -> None:
        self._case = fresh
        self.form.rebase(fresh)
        self._refresh_limits()
        self.status.setText("已更正")

    # ------------------------------------------------------------------------------- closing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field neither saves nor closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        """Close; ask first when something is not saved."""
        if self._busy:
            return
        if not self.form.dirty:
            self.keeper.stop()
            super().reject()
            return
        messages.choose(
            self,
            "还没有保存",
            "有填写的内容还没有保存。",
            [("保存", self._save_and_close), ("不保存", self._throw_away)],
        )

    def _save_and_close(self) -> None:
        self._close_after = True
        self.save()
        # Refused at once: whoever mends it decides anew.
        self._close_after = self._busy

    def _throw_away(self) -> None:
        self.keeper.drop()
        self.done(QDialog.DialogCode.Rejected)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Treat the window's cross as Esc."""
        event.ignore()
        self.reject()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give up the list of sections where there is no room."""
        super().resizeEvent(event)
        sections = [s for s in self.form.ordered() if s.isVisibleTo(self.form)]
        self.nav.setVisible(self.width() >= em(self, _WIDE) and len(sections) >= _NAVIGATED)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons anew when the colours change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "nav"):
            self._fill_nav()
