"""Paints a strip of knob pictures: each with its value, its measure and its trouble, and a mark where one stands."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPalette, QPen, QPolygonF

from engine.i18n import number, tr
from engine.knob_strips import KnobStrip
from studio import theme
from studio.text.knobs import picture_told
from studio.theme import SPACING
from studio.widgets.pictures.image_view import picture_to_image

_LINES = 3  # value, measure, trouble
_MARK = 5.0


def strip_width(strip: KnobStrip) -> int:
    """Return how wide the strip is in one row."""
    return len(strip.pictures) * _cell_width(strip)


def strip_picture(strip: KnobStrip, value: float, font: QFont, palette: QPalette, ratio: float, width: float) -> QImage:
    """Return the strip, in as many rows as ``width`` asks for, with a mark where ``value`` stands.

    ``ratio``: device pixels for each of its own.
    """
    line = QFontMetricsF(font).lineSpacing()
    columns = min(max(int(width // _cell_width(strip)), 1), len(strip.pictures))
    height, rows = _cell_height(strip, line), math.ceil(len(strip.pictures) / columns)
    size = QRectF(0, 0, columns * _cell_width(strip), rows * height)
    image = QImage(round(size.width() * ratio), round(size.height() * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setFont(font)
    for place in range(len(strip.pictures)):
        corner = QPointF(place % columns * _cell_width(strip), place // columns * height)
        _paint_cell(painter, strip, place, corner, palette, line)
    _paint_mark(painter, strip, value, columns, palette, line)
    painter.end()
    return image


def _cell_width(strip: KnobStrip) -> int:
    return strip.pictures[0].picture.shape[1] + SPACING


def _cell_height(strip: KnobStrip, line: float) -> float:
    return line + _MARK + strip.pictures[0].picture.shape[0] + _LINES * line + 2 * SPACING


def _paint_cell(
    painter: QPainter, strip: KnobStrip, place: int, corner: QPointF, palette: QPalette, line: float
) -> None:
    picture, words = strip.pictures[place], painter.fontMetrics()
    image = picture_to_image(picture.picture)
    left, top = corner.x() + SPACING / 2, corner.y() + line + _MARK + 2
    painter.drawImage(QRectF(left, top, image.width(), image.height()), image)
    inks = [palette.color(QPalette.ColorRole.Text)] * 2 + [theme.color("trouble")]
    for row, (text, ink) in enumerate(zip(picture_told(picture), inks, strict=True)):
        room = QRectF(corner.x(), top + image.height() + row * line, _cell_width(strip), line)
        font = painter.font()
        font.setBold(row == 0)
        painter.save()
        painter.setFont(font)
        painter.setPen(ink)
        short = words.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, short)
        painter.restore()


def _paint_mark(
    painter: QPainter, strip: KnobStrip, value: float, columns: int, palette: QPalette, line: float
) -> None:
    """Point from above to where ``value`` stands; the picture that has it has a frame, too."""
    place, cell = strip.place(value), _cell_width(strip)
    near = min(max(math.floor(place), 0), len(strip.pictures) - 1)
    top = near // columns * _cell_height(strip, line)
    right = columns * cell
    x = min(max((near % columns + 0.5 + place - near) * cell, _MARK + 1), right - _MARK - 1)
    ink = palette.color(QPalette.ColorRole.Highlight)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    tip = QPointF(x, top + line + _MARK)
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(-_MARK, -_MARK), tip + QPointF(_MARK, -_MARK)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 2))
    picture = strip.pictures[near].picture
    if place == near:
        left = near % columns * cell + SPACING / 2
        painter.drawRect(QRectF(left - 1, top + line + _MARK + 1, picture.shape[1] + 2, picture.shape[0] + 2))
    else:
        painter.drawLine(tip + QPointF(0, 1), tip + QPointF(0, picture.shape[0]))
    text = tr("now {value}", value=number(value))
    width = painter.fontMetrics().horizontalAdvance(text)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    painter.drawText(QPointF(min(max(x - width / 2, 1), right - width - 1), top + line - 2), text)
