"""A sign for each kind of finding: a character on a plate whose shape says what sort it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPen, QPixmap, QPolygonF

from zhixing_desktop.ui.theme import FindingLook, Theme

_SIGNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("缺", "sheets"),
        "double": ("重", "sheets"),
        "extra": ("多", "sheets"),
        "other_case": ("他", "sheets"),
        "other_volume": ("册", "sheets"),
        "moved": ("换", "order"),
        "sheet_reversed": ("反", "order"),
        "upside_down": ("倒", "order"),
        "sideways": ("转", "order"),
        "renumbered": ("号", "order"),
        "changed": ("异", "content"),
        "old_version": ("旧", "content"),
        "stamp_covered": ("遮", "reading"),
        "stained": ("污", "reading"),
        "cut_off": ("残", "reading"),
        "unclear": ("糊", "reading"),
        "unreadable": ("辨", "reading"),
        "fed_together": ("叠", "reading"),
    }
)
_UNKNOWN = ("？", "reading")
_SIDE = 20.0


def sign_of(kind: str) -> str:
    """Return the character that stands for a kind of finding."""
    return _SIGNS.get(kind, _UNKNOWN)[0]


def look_of(theme: Theme, kind: str) -> FindingLook:
    """Return plate and colours of a kind of finding."""
    return theme.findings[_SIGNS.get(kind, _UNKNOWN)[1]]


def known_kinds() -> tuple[str, ...]:
    """Return all kinds that have a sign of their own, in the order in which they are counted."""
    return tuple(_SIGNS)


def finding_icon(theme: Theme, kind: str, side: int, ratio: float = 1.0) -> QIcon:
    """Return the sign as an icon ``side`` pixels wide; ``ratio`` is the screen's."""
    look = look_of(theme, kind)
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / _SIDE, side / _SIDE)
    painter.setPen(QPen(QColor(look.border), 1.4))
    painter.setBrush(QColor(look.fill))
    _plate(painter, look.shape)
    painter.setPen(QColor(look.text))
    font = QFont(painter.font())
    font.setPixelSize(9 if look.shape == "diamond" else 12)
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(QRectF(0, 0, _SIDE, _SIDE), Qt.AlignmentFlag.AlignCenter, sign_of(kind))
    painter.end()
    icon = QIcon(pixmap)
    # Chosen or greyed, it keeps its colours: they say something.
    for mode in (QIcon.Mode.Selected, QIcon.Mode.Disabled):
        icon.addPixmap(pixmap, mode)
    return icon


def _plate(painter: QPainter, shape: str) -> None:
    whole = QRectF(1, 1, _SIDE - 2, _SIDE - 2)
    if shape == "diamond":
        middle, end = _SIDE / 2, _SIDE - 0.5
        corners = ((middle, 0.5), (end, middle), (middle, end), (0.5, middle))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
    elif shape == "square":
        painter.drawRoundedRect(whole, 2.5, 2.5)
    else:
        painter.drawEllipse(whole)
        if shape == "ring":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(whole.adjusted(2, 2, -2, -2))
