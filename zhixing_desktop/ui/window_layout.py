"""How the main window's room is shared, and how that is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

if TYPE_CHECKING:
    from zhixing_desktop.ui.main_window import MainWindow

# Shares of the width, and of the height of the middle, before anybody moved a splitter.
_WIDTHS = (29, 43, 28)
_HEIGHTS = (70, 30)
_ROOMY = 64
"""Below this height (in letters) the charts have the middle for themselves at first."""


def state_of(window: MainWindow) -> dict[str, str]:
    """Return splitters, open panel and chart as short texts."""
    parts = {
        "window": window.saveGeometry(),
        "across": window.across.saveState(),
        "middle": window.middle.saveState(),
    }
    state = {name: bytes(value.toBase64().data()).decode() for name, value in parts.items()}
    folded = int(window.bottom.indexOf(window.panels.node) >= 0)
    shown = max(window.bottom.currentIndex() - folded, 0)
    state["bottom"] = "" if window.bottom.isHidden() else str(shown)
    state["chart"] = str(window.charts.tabs.currentIndex())
    return state


def restore(window: MainWindow, state: Mapping[str, str]) -> None:
    """Put back what was remembered; the rest is shared when the window is first shown."""
    em = window.fontMetrics().horizontalAdvance("案")
    # Said outright, so that the columns' own wishes do not make the window wider than a screen.
    window.setMinimumSize(em * 40, em * 24)
    window.resize(em * 110, em * 62)
    if "window" in state:
        window.restoreGeometry(_bytes(state["window"]))
    place = state.get("bottom", "0")
    window.bottom.setVisible(bool(place))
    if place.isdigit():
        window.bottom.setCurrentIndex(int(place))
    if state.get("chart", "").isdigit():
        window.charts.tabs.setCurrentIndex(int(state["chart"]))


def share(window: MainWindow, state: Mapping[str, str]) -> None:
    """Share the room among the panels: as remembered, or sensibly for the size there is."""
    for splitter, name, shares in (
        (window.across, "across", _WIDTHS),
        (window.middle, "middle", _HEIGHTS),
    ):
        if name not in state or not splitter.restoreState(_bytes(state[name])):
            room = splitter.width() if splitter is window.across else splitter.height()
            splitter.setSizes([room * part // 100 for part in shares])
    em = window.fontMetrics().horizontalAdvance("案")
    if "bottom" not in state and window.height() < em * _ROOMY:
        window.bottom.hide()


def fold(window: MainWindow) -> None:
    """Where the window is too narrow for three columns, let the node be a tab below the charts."""
    node, bottom = window.panels.node, window.bottom
    columns = (window.case_list, window.middle, node)
    needed = sum(max(p.minimumSizeHint().width(), p.minimumWidth()) for p in columns)
    narrow = window.width() < needed + 4 * window.across.handleWidth()
    folded = bottom.indexOf(node) >= 0
    if narrow == folded:
        return
    # What the colours mean costs two lines that a folded window does not have.
    window.charts.legend.setVisible(not narrow)
    if narrow:
        bottom.insertTab(0, node, "节点办理")
        bottom.setCurrentIndex(0)
        bottom.show()
        half = window.middle.height() // 2
        window.middle.setSizes([half, half])
    else:
        shown = bottom.currentWidget()
        bottom.removeTab(bottom.indexOf(node))
        window.across.addWidget(node)
        bottom.setCurrentWidget(shown if shown is not node else window.panels.alerts)
        share(window, {})
    node.show()


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode())
