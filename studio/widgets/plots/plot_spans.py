"""Paints the epochs of a plot in which something is wrong: a shade behind, and a name at the top. It knows no run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.model.findings import Span
from studio.theme import SPACING

_SHADE = 0.16
_PAPER = 0.8  # of the background of a name, so that curves can be followed behind it
_NARROWEST = 3
_LOW = 3  # lines of text


def paint_shades(
    painter: QPainter, spans: Sequence[Span], x_of: Callable[[float], float], height: float, color: QColor
) -> None:
    """Shade each of ``spans`` from top to bottom; ``x_of`` turns an epoch into a pixel."""
    for span in spans:
        left, right = x_of(span.first), x_of(span.last)
        painter.fillRect(QRectF(left, 0, max(right - left, _NARROWEST), height), thin(color))
        painter.setPen(QPen(color, 1))
        painter.drawLine(QPointF(round(left), 0), QPointF(round(left), height))


def paint_names(
    painter: QPainter,
    spans: Sequence[Span],
    x_of: Callable[[float], float],
    area: QRectF,
    ink: QColor,
    paper: QColor,
) -> None:
    """Write at the top of ``area`` what is wrong, one line to a span.

    It is the fullest text that has room; in a low plot, where it would lie upon the curves, the shortest.
    """
    metrics, ground = painter.fontMetrics(), thin(paper, _PAPER)
    is_low = area.height() < _LOW * metrics.height()
    for line, span in enumerate(spans):
        texts = span.texts[-1:] if is_low else span.texts
        text, width = fitting(texts, area.width() - 2 * SPACING, metrics.horizontalAdvance)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(area.width() - SPACING))
        left = max(
            min(x_of(span.first) + SPACING // 2, area.right() - width - SPACING // 2), area.left() + SPACING // 2
        )
        box = QRectF(left, area.top() + line * metrics.height(), width + SPACING, metrics.height())
        painter.fillRect(box, ground)
        painter.setPen(ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def thin(color: QColor, share: float = _SHADE) -> QColor:
    """Return ``color``, opaque to ``share``."""
    return QColor.fromRgbF(color.redF(), color.greenF(), color.blueF(), share)


def fitting(texts: Sequence[str], room: float, width_of: Callable[[str], int]) -> tuple[str, float]:
    """Return the first of ``texts`` that is at most ``room`` wide, or else the last one, and the width that it gets."""
    widths = ((text, float(width_of(text))) for text in texts)
    return next(((text, width) for text, width in widths if width <= room), (texts[-1], max(room, 0.0)))
