"""Shapes of the node states as painter paths in a square of 16 by 16, each with its own outline."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QIcon,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPixmap,
    QPolygonF,
)

from zhixing_desktop.ui.theme import Theme

SIDE = 16.0
_CHECK = ((4.2, 8.3), (7.0, 11.2), (11.9, 5.2))


@lru_cache(maxsize=32)
def icon_path(name: str) -> QPainterPath:
    """The filled shape ``name`` (an ``icon`` of ``StateLook``); ``KeyError`` for another word."""
    return {
        "ring": _ring,
        "slash": _slash,
        "play": _play,
        "triangle": _triangle,
        "stop": _stop,
        "snow": _snow,
        "check": _check,
        "tick": _tick,
    }[name]()


def paint_icon(painter: QPainter, name: str, place: QRectF, colour: QColor) -> None:
    """Fill the shape into the square ``place``."""
    painter.save()
    painter.translate(place.topLeft())
    painter.scale(place.width() / SIDE, place.height() / SIDE)
    painter.fillPath(icon_path(name), colour)
    painter.restore()


def state_icon(theme: Theme, state: str, side: int = 16, ratio: float = 1.0) -> QIcon:
    """An icon of a state for lists and labels; ``ratio`` is the screen's device pixel ratio.

    It is the shape in the state's border colour on its fill, as in the chart.
    """
    look = theme.state(state)
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    plate = QPainterPath()
    plate.addRoundedRect(QRectF(0.5, 0.5, side - 1, side - 1), 3, 3)
    painter.fillPath(plate, QColor(look.fill))
    inner = QRectF(side * 0.125, side * 0.125, side * 0.75, side * 0.75)
    paint_icon(painter, look.icon, inner, QColor(look.text))
    painter.end()
    return QIcon(pixmap)


def _stroke(path: QPainterPath, width: float) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(path)


def _polyline(points: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    return path


def _polygon(points: list[tuple[float, float]]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(*point) for point in points]))
    path.closeSubpath()
    return path


def _disc(radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(8, 8), radius, radius)
    return path


def _ring() -> QPainterPath:
    return _disc(6.6).subtracted(_disc(4.8))


def _slash() -> QPainterPath:
    return _ring().united(_stroke(_polyline(((4.0, 12.0), (12.0, 4.0))), 1.7))


def _play() -> QPainterPath:
    return _disc(7.2).subtracted(_polygon([(6.0, 4.4), (12.2, 8.0), (6.0, 11.6)]))


def _mark_bar(top: float, bottom: float) -> QPainterPath:
    bar = _stroke(_polyline(((8.0, top), (8.0, bottom - 3.0))), 1.8)
    dot = QPainterPath()
    dot.addEllipse(QPointF(8, bottom), 1.1, 1.1)
    return bar.united(dot)


def _triangle() -> QPainterPath:
    body = _polygon([(8.0, 0.8), (15.6, 14.6), (0.4, 14.6)])
    return body.subtracted(_mark_bar(5.4, 12.4))


def _stop() -> QPainterPath:
    turn = math.pi / 4
    corners = [
        (8 + 7.8 * math.cos(turn * (k + 0.5)), 8 + 7.8 * math.sin(turn * (k + 0.5)))
        for k in range(8)
    ]
    return _polygon(corners).subtracted(_mark_bar(4.2, 11.8))


def _snow() -> QPainterPath:
    arms = QPainterPath()
    for k in range(6):
        angle = math.pi / 3 * k + math.pi / 6
        tip = QPointF(8 + 7.0 * math.cos(angle), 8 + 7.0 * math.sin(angle))
        fork = QPointF(8 + 4.3 * math.cos(angle), 8 + 4.3 * math.sin(angle))
        arms.moveTo(QPointF(8, 8))
        arms.lineTo(tip)
        for side in (-1, 1):
            bend = angle + side * math.pi / 4
            arms.moveTo(fork)
            arms.lineTo(QPointF(fork.x() + 2.4 * math.cos(bend), fork.y() + 2.4 * math.sin(bend)))
    return _stroke(arms, 1.5)


def _check() -> QPainterPath:
    return _disc(7.2).subtracted(_stroke(_polyline(_CHECK), 1.9))


def _tick() -> QPainterPath:
    bare = _stroke(_polyline(((2.2, 7.0), (6.2, 11.0), (13.6, 1.8))), 2.2)
    return bare.united(_stroke(_polyline(((2.0, 14.6), (14.0, 14.6))), 1.8))
