"""How points, arrows and D's opinion are painted, alike in every plot of points. Knows no run and no widget.

Real points are crosses and generated ones are discs with a rim: they are told apart without their colors, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen, QPixmap, QPolygonF

from studio import theme
from studio.theme import blend
from studio.widgets.plots.plot_frame import Frame

_FIELD_SHARE = 0.42  # of D's color where D is certain: marks are seen upon it in both themes
_TARGET = 16.0
_HEAD = 3.5  # pixels of the two strokes of an arrow's head
_LONGEST_PUSH = 0.09  # of the shorter side: what most arrows stay below
_USUAL = 0.9  # of all arrows are no longer than that


class PointInks(NamedTuple):
    """The colors of a plot of points in the current theme."""

    paper: QColor
    text: QColor
    faint: QColor
    real: QColor
    generated: QColor
    discriminator: QColor


def inks(palette: QPalette) -> PointInks:
    """Return the colors to paint with where ``palette`` is used."""
    paper, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
    roles = (theme.color("real"), theme.color("generator"), theme.color("discriminator"))
    return PointInks(paper, text, blend(text, paper, 0.3), *roles)


def cross(color: QColor, size: float, ratio: float) -> QPixmap:
    """Return the mark of a real point, ``size`` pixels wide."""
    pixmap, painter = _stamp(size, ratio)
    painter.setPen(QPen(color, 1.3 if size > 4 else 1))
    a, b = 0.8, size - 0.8
    painter.drawLines([QLineF(a, a, b, b), QLineF(a, b, b, a)])
    painter.end()
    return pixmap


def disc(color: QColor, rim: QColor, size: float, ratio: float) -> QPixmap:
    """Return the mark of a generated point, ``size`` pixels wide."""
    pixmap, painter = _stamp(size, ratio)
    painter.setPen(QPen(rim, 1))
    painter.setBrush(color)
    painter.drawEllipse(QRectF(0.5, 0.5, size - 1, size - 1))
    painter.end()
    return pixmap


def target(color: QColor, ring: QColor, ratio: float) -> QPixmap:
    """Return the mark of the one point that is looked at: a large disc in a ring."""
    pixmap, painter = _stamp(_TARGET, ratio)
    painter.setPen(QPen(ring, 3))
    painter.setBrush(color)
    painter.drawEllipse(QRectF(2, 2, _TARGET - 4, _TARGET - 4))
    painter.end()
    return pixmap


def paint_ways(painter: QPainter, color: QColor, frame: Frame, ways: Sequence[NDArray[np.floating]]) -> None:
    """Paint lines ``[L, 2]``, thin, as there are many."""
    painter.setPen(QPen(color, 1))
    for way in ways:
        places = frame.at(way[np.isfinite(way).all(1)])
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in places.tolist()]))


def paint_marks(painter: QPainter, mark: QPixmap, places: NDArray[np.float64]) -> None:
    """Paint ``mark`` with its middle at each of ``places`` ``[N, 2]``; those that are no numbers are left out."""
    half = mark.width() / mark.devicePixelRatio() / 2
    for x, y in (places[np.isfinite(places).all(1)] - half).tolist():
        painter.drawPixmap(QPointF(x, y), mark)


def paint_arrows(
    painter: QPainter, color: QColor, frame: Frame, points: NDArray[np.floating], push: NDArray[np.floating]
) -> None:
    """Paint where each of ``points`` ``[N, 2]`` is pushed, ``[N, 2]``: longer where the push is stronger.

    All are scaled alike, so that most of them stay short enough to be told from each other.
    """
    start = frame.at(points)
    along = frame.at(points + push) - start
    size = np.hypot(*along.T)
    known = np.isfinite(size) & np.isfinite(start).all(1)
    if not known.any():
        return
    usual = float(np.quantile(size[known], _USUAL))
    if not usual > 0:
        return
    longest = _LONGEST_PUSH * min(frame.place.width(), frame.place.height())
    along = along * (np.minimum(size / usual, 1.3) * longest / np.maximum(size, 1e-300))[:, None]
    lines: list[QLineF] = []
    for (x, y), (right, down) in zip(start[known].tolist(), along[known].tolist(), strict=True):
        end = QPointF(x + right, y + down)
        lines.append(QLineF(QPointF(x, y), end))
        back = math.atan2(-down, -right)
        for side in (-0.5, 0.5):
            tip = QPointF(_HEAD * math.cos(back + side), _HEAD * math.sin(back + side))
            lines.append(QLineF(end, end + tip))
    painter.setPen(QPen(color, 1))
    painter.drawLines(lines)


def field_color(share: float, colors: PointInks) -> QColor:
    """Return the color of a place that D takes to be real with probability ``share``."""
    return blend(colors.discriminator, colors.paper, share * _FIELD_SHARE)


def field_image(realism: NDArray[np.float32], colors: PointInks) -> QImage:
    """Return D's opinion (0 to 1) ``[n, n]``, the first row being the lowest, as a picture: paper to D's color."""
    share = np.clip(np.nan_to_num(realism[::-1]), 0, 1)[..., None] * _FIELD_SHARE
    front, ground = (np.array([it.red(), it.green(), it.blue()]) for it in (colors.discriminator, colors.paper))
    pixels = np.ascontiguousarray(np.rint(ground + share * (front - ground)).astype(np.uint8))
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888).copy()


def _stamp(size: float, ratio: float) -> tuple[QPixmap, QPainter]:
    side = max(math.ceil(size * ratio), 1)
    pixmap = QPixmap(side, side)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return pixmap, painter
