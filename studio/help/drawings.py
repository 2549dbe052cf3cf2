"""More drawings for lessons and the glossary: how training goes, and what its words mean. All of it is made up."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from engine.i18n import number, tr
from studio import theme
from studio.theme import SPACING

Draw = Callable[[QPainter, QRectF], None]
_CENTER = Qt.AlignmentFlag.AlignCenter
_HEAD = 5.0
_FROZEN = 0.3  # of a color that takes no part


def arrow(painter: QPainter, start: QPointF, end: QPointF) -> None:
    """Draw a line with a head at its ``end``."""
    painter.drawLine(start, end)
    angle = math.atan2(end.y() - start.y(), end.x() - start.x())
    for turn in (2.6, -2.6):
        painter.drawLine(end, end + QPointF(math.cos(angle + turn), math.sin(angle + turn)) * _HEAD)


def _box(painter: QPainter, box: QRectF, text: str, color: QColor | None = None, *, frozen: bool = False) -> None:
    """Draw a box with a word in it; a frozen one is pale, and its edge is dashed."""
    painter.save()
    pen = QPen(painter.pen().color(), 1.2)
    if frozen:
        pen.setStyle(Qt.PenStyle.DashLine)
    if color is not None:
        ground = QColor(color)
        ground.setAlphaF(_FROZEN if frozen else 1.0)
        painter.setBrush(ground)
    painter.setPen(pen)
    painter.drawRoundedRect(box, 4, 4)
    if color is not None and not frozen:
        painter.setPen(QColor("black") if color.lightness() > 110 else QColor("white"))
    painter.drawText(box, _CENTER, text)
    painter.restore()


def _phases(painter: QPainter, area: QRectF) -> None:
    """Two rows: D learns from both kinds of pictures; then G learns through a D that is frozen."""
    line = QFontMetricsF(painter.font()).height()
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    generator, discriminator = theme.color("generator"), theme.color("discriminator")
    for top, learns_d in ((0.0, True), (4.6 * line, False)):
        painter.drawText(QRectF(0, top, area.width(), line), left, tr("1. D learns") if learns_d else tr("2. G learns"))
        middle = top + (3.0 if learns_d else 2.2) * line
        made = QRectF(24, middle - 0.7 * line + (0.5 * line if learns_d else 0), 44, 1.4 * line)
        judge = QRectF(212, middle - 0.7 * line, 44, 1.4 * line)
        _box(painter, made, "G", generator, frozen=learns_d)
        _box(painter, judge, "D", discriminator, frozen=not learns_d)
        arrow(painter, QPointF(made.right() + 6, made.center().y()), QPointF(judge.left() - 5, judge.center().y() + 4))
        painter.drawText(QRectF(74, made.center().y() + 2, 132, 1.2 * line), _CENTER, tr("drawn"))
        if learns_d:
            painter.drawText(QRectF(4, middle - 1.6 * line, 84, line), _CENTER, tr("real"))
            arrow(painter, QPointF(92, middle - 1.1 * line), QPointF(judge.left() - 5, judge.center().y() - 5))
        wish = tr("wanted: 1 and 0") if learns_d else tr("wanted: 1")
        painter.drawText(QRectF(270, middle - line / 2, area.width() - 270, line), left, wish)


def _epochs(painter: QPainter, area: QRectF) -> None:
    """A number of steps make an epoch; after each, the same picture is clearer."""
    side, count = 5 * SPACING, 4
    line = QFontMetricsF(painter.font()).height()
    apart = area.width() / count
    for place in range(count):
        left = place * apart + (apart - side) / 2
        tile = QRectF(left, 0, side, side)
        _growing_digit(painter, tile, place / (count - 1))
        text = tr("epoch {epoch}", epoch=number((0, 1, 3, 10)[place]))
        painter.drawText(QRectF(place * apart, side, apart, line), _CENTER, text)
        if place < count - 1:
            arrow(painter, QPointF(tile.right() + 6, side / 2), QPointF(left + apart - 6, side / 2))


def _growing_digit(painter: QPainter, tile: QRectF, share: float) -> None:
    """Draw a 5 that comes out of noise: ``share`` of it, the rest dots."""
    painter.save()
    painter.fillRect(tile, QColor("black"))
    painter.setClipRect(tile)
    cells = 10
    size = tile.width() / cells
    for cell in range(cells * cells):
        value = ((cell * 7919 + cell // cells * 37) * 31 % 101) / 101  # looks random, and is the same each time
        if value > 0.35 + 0.6 * share:
            place = QPointF(tile.left() + cell % cells * size, tile.top() + cell // cells * size)
            painter.fillRect(QRectF(place.x(), place.y(), size, size), QColor.fromHslF(0, 0, value * (1 - share * 0.8)))
    font = QFont(painter.font())
    font.setPixelSize(round(0.8 * tile.height()))
    path = QPainterPath()
    path.addText(QPointF(0, 0), font, "5")
    path.translate(tile.center() - path.boundingRect().center())
    ink = QColor("white")
    ink.setAlphaF(share)
    painter.setPen(QPen(ink, 1 + 1.5 * share))
    painter.setBrush(ink)
    painter.drawPath(path)
    painter.restore()


def _balance(painter: QPainter, area: QRectF) -> None:
    """Three seesaws: D far ahead, even, G far ahead."""
    line = QFontMetricsF(painter.font()).height()
    states = ((tr("D wins"), 16.0), (tr("even"), 0.0), (tr("G wins"), -16.0))
    width = area.width() / len(states)
    for place, (title, tilt) in enumerate(states):
        middle = QPointF(place * width + width / 2, area.height() - line - 14)
        painter.save()
        painter.translate(middle)
        painter.drawPolygon(QPolygonF([QPointF(0, 0), QPointF(-8, 14), QPointF(8, 14)]))
        painter.rotate(-tilt)
        painter.drawLine(QPointF(-44, 0), QPointF(44, 0))
        _box(painter, QRectF(-48, -22, 20, 20), "G", theme.color("generator"))
        _box(painter, QRectF(28, -22, 20, 20), "D", theme.color("discriminator"))
        painter.restore()
        painter.drawText(QRectF(place * width, area.height() - line, width, line), _CENTER, title)


def _growing(painter: QPainter, area: QRectF) -> None:
    """A picture of few pixels, of more, and of many."""
    side, line = 7 * SPACING, QFontMetricsF(painter.font()).height()
    sizes = (7, 14, 28)
    width = area.width() / len(sizes)
    for place, size in enumerate(sizes):
        tile = QRectF(place * width + (width - side) / 2, 0, side, side)
        painter.fillRect(tile, QColor("black"))
        for row in range(size):
            for column in range(size):
                x, y = (2 * (each + 0.5) / size - 1 for each in (column, row))
                ink = max(0.0, 1 - abs(math.hypot(x * 1.3, y) - 0.65) * 4)
                cell = side / size
                spot = QRectF(tile.left() + column * cell, tile.top() + row * cell, cell + 0.3, cell + 0.3)
                painter.fillRect(spot, QColor.fromHslF(0, 0, min(ink, 1.0)))
        told = f"{number(size)} × {number(size)}"
        painter.drawText(QRectF(place * width, side, width, line), _CENTER, told)
        if place < len(sizes) - 1:
            arrow(painter, QPointF(tile.right() + 8, side / 2), QPointF(tile.right() + width - side - 8, side / 2))


def _style(painter: QPainter, area: QRectF) -> None:
    """Content and style make a picture."""
    parts = (tr("content"), "+", tr("style"), "=", tr("picture"))
    line, side = QFontMetricsF(painter.font()).height(), 7 * SPACING
    left = (area.width() - 3 * side - 2 * 6 * SPACING) / 2
    for place, text in enumerate(parts):
        if place % 2:
            painter.drawText(QRectF(left, 0, 6 * SPACING, side), _CENTER, text)
            left += 6 * SPACING
            continue
        tile = QRectF(left, 0, side, side)
        painter.save()
        painter.setClipRect(tile)
        _painted(painter, tile, has_house=place != 2, has_strokes=place != 0)
        painter.restore()
        painter.drawRect(tile)
        painter.drawText(QRectF(left - 2 * SPACING, side, side + 4 * SPACING, line), _CENTER, text)
        left += side


def _painted(painter: QPainter, tile: QRectF, *, has_house: bool, has_strokes: bool) -> None:
    sky, ground, wall = (QColor("#56B4E9"), QColor("#009E73"), QColor("#E69F00"))
    if has_house or not has_strokes:
        painter.fillRect(tile, sky)
        painter.fillRect(QRectF(tile.left(), tile.center().y() + 10, tile.width(), tile.height()), ground)
        house = QRectF(tile.center().x() - 14, tile.center().y() - 4, 28, 22)
        painter.fillRect(house, wall)
        painter.setBrush(QColor("#D55E00"))
        painter.drawPolygon(
            QPolygonF([house.topLeft(), house.topRight(), QPointF(house.center().x(), house.top() - 16)])
        )
    else:
        painter.fillRect(tile, QColor("#0072B2"))
    if has_strokes:
        painter.setPen(QPen(QColor(255, 255, 255, 150), 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for row in range(6):
            for column in range(5):
                x, y = tile.left() + column * 13 + row % 2 * 6, tile.top() + row * 10 + 6
                painter.drawArc(QRectF(x - 5, y - 4, 10, 8), 16 * (20 + 40 * (row + column) % 120), 16 * 150)


def _look_inside(painter: QPainter, area: QRectF) -> None:
    """A row of random numbers, G, and a picture."""
    middle = area.height() / 2
    values = (0.4, -1.2, 0.9, -0.3, 1.6, -0.7)
    for place, value in enumerate(values):
        base = QPointF(14 + place * 16.0, middle)
        painter.setPen(QPen(painter.pen().color(), 1))
        painter.fillRect(QRectF(base.x(), base.y(), 10, -14 * value), theme.color("real"))
    painter.drawText(QRectF(0, area.height() - 20, 160, 20), _CENTER, tr("z: random numbers"))
    box = QRectF(176, middle - 14, 44, 28)
    arrow(painter, QPointF(122, middle), QPointF(box.left() - 6, middle))
    _box(painter, box, "G", theme.color("generator"))
    tile = QRectF(290, middle - 20, 5 * SPACING, 5 * SPACING)
    arrow(painter, QPointF(box.right() + 6, middle), QPointF(tile.left() - 6, middle))
    _growing_digit(painter, tile, 1.0)


_Height = Callable[[QFontMetricsF], float]
DRAWINGS: dict[str, tuple[_Height, Draw]] = {
    "phases": (lambda words: 8.4 * words.height(), _phases),
    "epochs": (lambda words: 5 * SPACING + words.height() + 2, _epochs),
    "balance": (lambda words: 8 * SPACING + words.height(), _balance),
    "growing": (lambda words: 7 * SPACING + words.height() + 2, _growing),
    "style": (lambda words: 7 * SPACING + words.height() + 2, _style),
    "look_inside": (lambda words: 9 * SPACING, _look_inside),
}
