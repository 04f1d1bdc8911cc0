"""What the windows of the dossier are made of: heading, work, progress, note, the row of buttons.

A window is written like this::

    class SomeWindow(DossierFrame):
        help_page = "volumes"

        def __init__(self, bureau, bridge, actor, case_id, case_no, *, parent):
            super().__init__(bureau, bridge, actor, parent=parent)
            self.setWindowTitle(f"纸质卷宗　{case_no}")
            self.put_pair(left, right, (0.4, 0.6))              # or put(widget)
            self.print = self.button("打印…", self.ask_print, "Ctrl+P")
            self.put_foot(self.print, self.leave)               # said, at its left
            self.fit(100, 58)
            self.states = Newest(bridge, self)
            self.reload()

        def reload(self):                                       # F5 comes here, too
            self.states.read(lambda: read(...), self._show, self.failed)

        def arm(self):                                          # after whatever may change it
            self.offer(self.print, self.barred.get("dossier.print", ""),
                       "" if self.line else "请先选定一册")

A button that may not be pressed is grey and says why: the first reason that is not empty.  Who may
do what is read with the rest (``at_desk.refusals`` with the case) and kept in ``barred``.  What is
refused all the same stands in the note; a defect gets its box.  What takes long runs in ``job``:
while it runs, closing the window stops it first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.long_job import LongJob
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Box, Words, em, folded, show_if
from zhixing_desktop.ui.office.pieces import OfficeWindow
from zhixing_desktop.workflow.errors import ZhixingError

BUSY = "请等正在做的做完，或者先停止"
"""Why nothing else can be done while something runs."""
_TIP = "own_tip"
_CLOSE, _STOP = "关闭", "停止"


class Newest:
    """Questions to a service of which only the newest answer counts; ``owner`` waits for it."""

    def __init__(self, bridge: Bridge, owner: QObject) -> None:
        self._bridge, self._owner, self._round = bridge, owner, 0

    def read(
        self,
        job: Callable[[], Any],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Run a reading job off the GUI thread; earlier answers do not arrive any more."""
        self._bridge.read(self._owner, job, *self._answers(done, failed))

    def write(
        self,
        job: Callable[[], Any],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Run it by the writer: a look that is journalled."""
        self._bridge.write(self._owner, job, *self._answers(done, failed))

    def forget(self) -> None:
        """Take no answer of what was asked before."""
        self._round += 1

    def _answers(
        self, done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> tuple[Callable[[Any], None], Callable[[Exception], None]]:
        self._round += 1
        mine = self._round

        def good(result: Any) -> None:
            if mine == self._round:
                done(result)

        def bad(error: Exception) -> None:
            if mine == self._round:
                failed(error)

        return good, bad


class DossierFrame(OfficeWindow):
    """From top to bottom: ``head`` (a layout), the work, ``job``, ``note``, the foot.

    ``verdict`` goes where a window puts it; ``said`` stands at the left of the foot; ``leave``
    closes, or stops what runs; ``barred`` tells by act why this person may not do it.
    """

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget | None
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.barred: Mapping[str, str] = {}
        self._pairs: list[tuple[QSplitter, tuple[float, float]]] = []
        self._moved: set[QSplitter] = set()
        self.head = QVBoxLayout()
        self._centre = QVBoxLayout()
        self._foot = QHBoxLayout()
        self.verdict = Verdict(self)
        self.job = LongJob(bridge, self)
        self.job.ended.connect(self._job_ended)
        self.said = Words(tone="muted", middle=True)
        self.said.setParent(self)
        self.leave = self.button(_CLOSE, self.reject)
        box = QVBoxLayout(self)
        box.addLayout(self.head)
        box.addLayout(self._centre, 1)
        for widget in (self.job, self.note):
            box.addWidget(widget)
        box.addLayout(self._foot)

    # ------------------------------------------------------------------------------- laying out

    def put(self, work: QLayout | QWidget) -> None:
        """Put one widget, or what stands in a layout, into the middle; it gets all the room."""
        self._centre.addWidget(work if isinstance(work, QWidget) else self._pane(work), 1)

    def put_pair(
        self, left: QLayout | QWidget, right: QLayout | QWidget, shares: tuple[float, float]
    ) -> QSplitter:
        """Put two panes side by side; ``shares`` are of the window's width.

        Once a person has moved the border it is the right one that grows with the window.
        """
        panes = QSplitter(Qt.Orientation.Horizontal, self)
        panes.setChildrenCollapsible(False)
        panes.setHandleWidth(em(self, 0.6))
        for side in (left, right):
            panes.addWidget(side if isinstance(side, QWidget) else self._pane(side))
        panes.setStretchFactor(1, 1)
        self._pairs.append((panes, shares))
        panes.splitterMoved.connect(lambda *_: self._moved.add(panes))
        self._centre.addWidget(panes, 1)
        return panes

    def _pane(self, column: QLayout) -> QWidget:
        pane = QWidget(self)
        column.setContentsMargins(0, 0, 0, 0)
        pane.setLayout(column)
        return pane

    def put_foot(self, *buttons: QPushButton) -> None:
        """Put ``said`` and buttons below; where there is no room for them they take two rows."""
        holder = QWidget(self)
        flow = FlowLayout(holder)
        flow.setSpacing(em(self, 0.4))
        for button in buttons:
            flow.addWidget(button)
        self._foot.addWidget(self.said, 1)
        self._foot.addWidget(holder)

    def fit(self, wide: float, high: float) -> None:
        """Be so large, in Chinese characters, and no larger than the screen."""
        room = self.screen().availableGeometry()
        self.resize(
            min(em(self, wide), room.width() - 20),
            min(em(self, high), room.height() - em(self, 3)),
        )
        self._share_out()

    def _share_out(self) -> None:
        for panes, shares in self._pairs:
            if panes not in self._moved:
                panes.setSizes([round(share * self.width()) for share in shares])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width out between the panes."""
        super().resizeEvent(event)
        self._share_out()

    def button(
        self, words: str, act: Callable[[], object] | None = None, keys: str = "", tip: str = ""
    ) -> QPushButton:
        """Return a button that Enter in another field does not press; ``keys`` press it, too.

        Without an act its ``clicked`` is to be connected.
        """
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        if act is not None:
            button.clicked.connect(lambda _on=False: act())
        plain = words.rstrip("…")
        own = f"{tip or plain}（{keys}）" if keys else tip
        own_tip(button, own)
        if keys:
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    # ------------------------------------------------------------------------------- telling

    def arm(self) -> None:
        """Set each button as it is allowed now."""

    def offer(self, button: QWidget, *reasons: str) -> None:
        """Let a button be pressed where no reason stands against it; else it tells the first."""
        offer(button, *reasons)

    def failed(self, error: Exception) -> None:
        """Say why nothing came of a step; what was typed stays."""
        self.arm()
        if isinstance(error, ZhixingError):
            self.say(refusal_words(error), "error")
        else:
            messages.show_error(self, error)

    def _job_ended(self) -> None:
        self.leave.setText(_CLOSE)
        self.arm()

    def run(
        self, job: Callable[..., Any], done: Callable[[Any], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:  # fmt: skip
        """Run what takes long with its bar (see :class:`LongJob`); one at a time."""
        if self.job.running:
            return
        self.say("")
        self.job.run(job, done, failed or self.failed)
        self.leave.setText(_STOP)
        self.arm()

    def reject(self) -> None:
        """Stop what runs; close where nothing does."""
        if self.job.running:
            self.job.stop()
            return
        super().reject()


class Verdict(Box):
    """How it stands, in one sentence and the small print below; hidden until something is said."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("calm", parent)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(10, 6, 10, 6)
        self.words = Words(bold=True, scale=1.1)
        self.below = Words(tone="muted")
        inner.addWidget(self.words)
        inner.addWidget(self.below)
        self.hide()

    def tell(self, words: str, below: str = "", strength: str = "calm") -> None:
        """Say how it stands; ``strength`` is calm, strong or loud."""
        self.set_strength(strength)
        self.words.setText(words)
        self.below.setText(below)
        show_if(self.below, bool(below))
        show_if(self, bool(words))


def scrolled(column: QLayout, parent: QWidget) -> QScrollArea:
    """Return what stands in a layout as a pane that scrolls where a screen is too low for it."""
    area = QScrollArea(parent)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    pane = QWidget(area)
    column.setContentsMargins(0, 0, 0, 0)
    pane.setLayout(column)
    area.setWidget(pane)
    return area


def own_tip(widget: QWidget, words: str) -> None:
    """Give a widget the tool tip that it has whenever :func:`offer` lets it be used."""
    widget.setProperty(_TIP, folded(words))
    widget.setToolTip(folded(words))


def offer(button: QWidget, *reasons: str) -> None:
    """Let a button (of :meth:`DossierFrame.button` or any other) be pressed where no reason stands
    against it; else it is grey, and its tool tip and what a screen reader says tell the first."""
    why = next((reason for reason in reasons if reason), "")
    button.setEnabled(not why)
    button.setToolTip(folded(why) if why else str(button.property(_TIP) or ""))
    button.setAccessibleDescription(why)


def refusal_words(error: ZhixingError) -> str:
    """Return a refusal in one paragraph, with the words that it rests on."""
    below = "" if getattr(error, "problems", ()) else messages.explanation(error)
    return f"{error.sentence}{f'（{below}）' if below else ''}"
