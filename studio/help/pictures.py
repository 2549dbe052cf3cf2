"""The small drawings in explanations, in the colors of the theme and the language of the moment.

They are painted, not stored: whatever they show is made up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPolygonF,
    QTransform,
)

from engine.i18n import tr
from studio import theme
from studio.help.drawings import DRAWINGS, arrow
from studio.theme import SPACING

_WIDTH = 52 * SPACING
_TILE = 5 * SPACING
_TILES = 8
_STYLES = ((0.0, 0.5, 1.0), (-0.3, 1.6, 0.9), (0.25, 3.2, 1.0), (0.1, 0.8, 0.75), (-0.15, 2.4, 1.1), (0.35, 1.2, 0.85))
"""Slant, stroke and size of a handwriting."""


def picture(name: str, font: QFont, palette: QPalette, ratio: float) -> QImage:
    """Return the drawing ``name`` with words in ``font``; ``ratio``: device pixels for each of its own."""
    height, draw = _ALL[name]
    words = QFontMetricsF(font)
    size = QRectF(0, 0, _WIDTH, height(words))
    image = QImage(round(size.width() * ratio), round(size.height() * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    draw(painter, size)
    painter.end()
    return image


# ---------------------------------------------------------------- the duel


def _duel(painter: QPainter, area: QRectF) -> None:
    """Noise goes through G; its pictures and real ones go to D, whose verdict teaches both."""
    line = area.height() / 4
    boxes = {
        "noise": (QRectF(0, line, 88, line), tr("noise z"), None),
        "generator": (QRectF(124, line, 40, line), "G", theme.color("generator")),
        "made": (QRectF(196, line / 3, 96, line), tr("{data:generated}"), None),
        "real": (QRectF(196, 2.2 * line, 96, line), tr("real"), None),
        "discriminator": (QRectF(324, line, 40, line), "D", theme.color("discriminator")),
        "verdict": (QRectF(368, line, 48, line), tr("real?"), None),
    }
    for rect, text, color in boxes.values():
        if color is not None:
            painter.fillRect(rect, color)
        ink = painter.pen()
        if color is not None:
            painter.setPen(QColor("black") if color.lightness() > 110 else QColor("white"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(ink)
    for start, end in (
        ("noise", "generator"),
        ("generator", "made"),
        ("made", "discriminator"),
        ("real", "discriminator"),
    ):
        first, last = boxes[start][0], boxes[end][0]
        arrow(painter, QPointF(first.right() + 2, first.center().y()), QPointF(last.left() - 2, last.center().y()))
    back = area.height() - 4
    from_d, to_g = boxes["discriminator"][0], boxes["generator"][0]
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(from_d.center().x(), from_d.bottom() + 2),
                QPointF(from_d.center().x(), back),
                QPointF(to_g.center().x(), back),
            ]
        )
    )
    arrow(painter, QPointF(to_g.center().x(), back), QPointF(to_g.center().x(), to_g.bottom() + 2))


# ---------------------------------------------------------------- rows of digits


def _variety(painter: QPainter, area: QRectF) -> None:
    """A row of threes in many hands, and a row of one and the same."""
    many = [("3", _STYLES[place % len(_STYLES)]) for place in range(_TILES)]
    _rows(painter, area, ((tr("varied"), many), (tr("collapsed"), [("3", _STYLES[1])] * _TILES)))


def _way(painter: QPainter, area: QRectF) -> None:
    """From one three to another by small changes, and by a jump."""
    last = _TILES - 1
    smooth = [("3", (-0.35 + 0.7 * place / last, 0.6 + 2.4 * place / last, 1.0)) for place in range(_TILES)]
    ends = ("3", (-0.35, 0.6, 1.0)), ("8", (0.35, 3.0, 1.0))
    jump = [*(3 * (ends[0],)), ("≋", (0.0, 0.4, 1.0)), ("※", (0.2, 0.4, 0.9)), *(3 * (ends[1],))]
    _rows(painter, area, ((tr("smooth"), smooth), (tr("with a jump"), jump)))


def _rows(
    painter: QPainter, area: QRectF, rows: Sequence[tuple[str, Sequence[tuple[str, tuple[float, float, float]]]]]
) -> None:
    for place, (title, signs) in enumerate(rows):
        top = area.height() / len(rows) * place
        left = _WIDTH - _TILES * (_TILE + 2)
        painter.save()
        _shrink_to(painter, title, left - SPACING)
        painter.drawText(
            QRectF(0, top, left - SPACING, _TILE), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, title
        )
        painter.restore()
        for column, (sign, style) in enumerate(signs):
            _sign(painter, QRectF(left + column * (_TILE + 2), top, _TILE, _TILE), sign, style)


def _shrink_to(painter: QPainter, text: str, room: float) -> None:
    """Write smaller, if ``text`` has no room otherwise."""
    wide = QFontMetricsF(painter.font()).horizontalAdvance(text)
    if wide > room:
        font = QFont(painter.font())
        font.setPixelSize(max(int(QFontInfo(font).pixelSize() * room / wide), 1))
        painter.setFont(font)


def _sign(painter: QPainter, tile: QRectF, sign: str, style: tuple[float, float, float]) -> None:
    slant, stroke, size = style
    font = QFont(painter.font())
    font.setPixelSize(round(0.75 * _TILE * size))
    path = QPainterPath()
    path.addText(QPointF(0, 0), font, sign)
    path = QTransform().shear(-slant, 0).map(path)
    path.translate(tile.center() - path.boundingRect().center())
    painter.save()
    painter.fillRect(tile, QColor("black"))
    painter.setClipRect(tile)
    painter.setPen(QPen(QColor("white"), stroke))
    painter.setBrush(QColor("white"))
    painter.drawPath(path)
    painter.restore()


# ---------------------------------------------------------------- curves

_Curve = Callable[[float], float]


def _curves(painter: QPainter, area: QRectF) -> None:
    """Three courses of the losses of G and D, over a time from 0 to 1, both scaled to 1."""
    words = QFontMetricsF(painter.font()).height()
    courses: tuple[tuple[str, _Curve, _Curve], ...] = (
        (
            tr("open duel"),
            lambda t: 0.55 - 0.25 * math.exp(-8 * t) + 0.05 * math.sin(40 * t),
            lambda t: 0.35 + 0.3 * math.exp(-8 * t) + 0.04 * math.sin(37 * t + 2),
        ),
        (tr("D wins"), lambda t: 0.3 + 0.6 * t + 0.03 * math.sin(50 * t), lambda t: 0.04 + 0.5 * math.exp(-6 * t)),
        (
            tr("round in circles"),
            lambda t: 0.5 + (0.1 + 0.3 * t) * math.sin(25 * t),
            lambda t: 0.5 + (0.1 + 0.3 * t) * math.cos(25 * t),
        ),
    )
    width = (area.width() - 2 * 2 * SPACING) / len(courses)
    for place, (title, generator, discriminator) in enumerate(courses):
        box = QRectF(place * (width + 2 * SPACING), 0, width, area.height() - words)
        painter.drawText(QRectF(box.left(), box.bottom(), width, words), Qt.AlignmentFlag.AlignCenter, title)
        ink = painter.pen()
        painter.drawPolyline(QPolygonF([box.topLeft(), box.bottomLeft(), box.bottomRight()]))
        for role, curve in (("generator", generator), ("discriminator", discriminator)):
            pen = QPen(theme.color("generator" if role == "generator" else "discriminator"), 2)
            if role == "discriminator":
                pen.setDashPattern([4, 2])
            painter.setPen(pen)
            times = (step / 80 for step in range(81))
            painter.drawPolyline(
                QPolygonF(
                    [QPointF(box.left() + 2 + t * (width - 2), box.bottom() - curve(t) * box.height()) for t in times]
                )
            )
        painter.setPen(ink)


_DRAWINGS: dict[str, tuple[Callable[[QFontMetricsF], float], Callable[[QPainter, QRectF], None]]] = {
    "duel": (lambda words: 5.6 * words.height(), _duel),
    "variety": (lambda _: 2 * (_TILE + SPACING // 2), _variety),
    "way": (lambda _: 2 * (_TILE + SPACING // 2), _way),
    "curves": (lambda words: 9 * SPACING + words.height(), _curves),
}
_ALL = _DRAWINGS | DRAWINGS
