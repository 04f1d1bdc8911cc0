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
_LOW = 40
"""Below this height, where the window is narrow as well, even charts and node take turns."""
_ROOMY = 64
"""Below this height (in letters) the charts have the middle for themselves at first."""


def state_of(window: MainWindow) -> dict[str, str]:
    """Return splitters, open panel and chart as short texts."""
    if not window.whole:
        # Closed before charts and panels were there: they stay as they were remembered.
        return {**window.remembered, "window": _text(window.saveGeometry())}
    parts = {
        "window": window.saveGeometry(),
        "across": window.across.saveState(),
        "middle": window.middle.saveState(),
    }
    state = {name: _text(value) for name, value in parts.items()}
    hidden = {"across": window.case_list.isHidden(), "middle": stacked(window)}
    for name, away in hidden.items():
        # A splitter that lacks a part says nothing of the part's size.
        if away:
            del state[name]
            state |= {name: window.remembered[name]} if name in window.remembered else {}
    guests = (window.panels.node, window.chart_side)
    folded = sum(window.bottom.indexOf(panel) >= 0 for panel in guests)
    shown = max(window.bottom.currentIndex() - folded, 0)
    state["bottom"] = "" if window.bottom.isHidden() else str(shown)
    state["chart"] = str(window.charts.tabs.currentIndex())
    return state


def restore(window: MainWindow, state: Mapping[str, str]) -> None:
    """Give the window its size; the room is shared when the window is first shown."""
    em = window.fontMetrics().horizontalAdvance("案")
    # Said outright, so that the columns' own wishes do not make the window wider than a screen.
    window.setMinimumSize(em * 40, em * 24)
    window.resize(em * 110, em * 62)
    if "window" in state:
        window.restoreGeometry(_bytes(state["window"]))


def restore_panels(window: MainWindow, state: Mapping[str, str]) -> None:
    """Put the remembered panel and chart on top."""
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
    if window.whole and "bottom" not in state and window.height() < em * _ROOMY:
        window.bottom.hide()


def fold(window: MainWindow) -> None:
    """Give up side by side, one after the other, what the window has no room for.

    First the node becomes a tab below the charts; then the list comes only when it is called for;
    on a low screen the charts become a tab as well.
    """
    node, handle = window.panels.node, window.across.handleWidth()
    listed = max(window.case_list.minimumSizeHint().width(), window.case_list.minimumWidth())
    charts = max(window.middle.minimumSizeHint().width(), window.charts.bar.full_width())
    beside = max(node.minimumSizeHint().width(), node.minimumWidth())
    narrow = window.width() < listed + charts + beside + 4 * handle
    em = window.fontMetrics().horizontalAdvance("案")
    low = narrow and window.height() < em * _LOW
    drawer = window.width() < listed + charts + 2 * handle
    # Only where the list comes and goes do the charts' tools go into their menu.
    window.charts.bar.setMinimumWidth(0 if drawer else window.charts.bar.full_width())
    _let_list_go(window, drawer=drawer)
    if not low:
        _unstack(window)
    _fold_node(window, narrow=narrow)
    if low:
        _stack(window)


def stacked(window: MainWindow) -> bool:
    """Whether the charts are a tab beside the node and the other panels."""
    return window.bottom.indexOf(window.chart_side) >= 0


def bring_charts(window: MainWindow) -> bool:
    """Bring the charts to the front where they are a tab; tell whether they are."""
    if stacked(window):
        window.bottom.setCurrentWidget(window.chart_side)
        return True
    return False


def _stack(window: MainWindow) -> None:
    if stacked(window):
        return
    shown = window.bottom.currentWidget()
    window.bottom.insertTab(0, window.chart_side, "流程图")
    window.bottom.show()
    window.bottom.setCurrentWidget(shown if window.shown.case_id else window.chart_side)


def _unstack(window: MainWindow) -> None:
    if not stacked(window):
        return
    shown = window.bottom.currentWidget()
    window.bottom.removeTab(window.bottom.indexOf(window.chart_side))
    window.middle.insertWidget(0, window.chart_side)
    window.middle.setStretchFactor(0, 1)
    window.chart_side.show()
    if shown is not window.chart_side:
        window.bottom.setCurrentWidget(shown)
    half = window.middle.height() // 2
    window.middle.setSizes([half, half])


def _let_list_go(window: MainWindow, *, drawer: bool) -> None:
    if drawer == window.drawer:
        return
    window.drawer = drawer
    # Without a case the list is what is needed.
    window.show_list(wanted=not drawer or window.shown.case_id is None)


def _fold_node(window: MainWindow, *, narrow: bool) -> None:
    node, bottom = window.panels.node, window.bottom
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


def _text(value: QByteArray) -> str:
    return bytes(value.toBase64().data()).decode()


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode())
