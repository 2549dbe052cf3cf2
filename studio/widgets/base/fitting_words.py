"""Words where a picture or a plot will be: as many as are seen whole. It knows no widget."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

CENTERED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


def draw_words(painter: QPainter, room: QRect, text: str) -> None:
    """Draw what of ``text`` has room, in the middle of ``room``, with the pen of ``painter``."""
    painter.drawText(room, CENTERED, fitting_lines(text, QRectF(room), painter.fontMetrics()))


def fitting_lines(text: str, room: QRectF, metrics: QFontMetrics) -> str:
    """Return as many of the first lines of ``text`` as are seen whole in ``room``, or the first words of one."""

    def is_too_high(part: str) -> bool:
        return metrics.boundingRect(room.toRect(), CENTERED, part).height() > room.height()

    lines = text.splitlines()
    while len(lines) > 1 and is_too_high("\n".join(lines)):
        lines.pop()
    fitting = "\n".join(lines)
    words = fitting.split()
    while len(words) > 1 and is_too_high(fitting):
        words.pop()
        fitting = " ".join(words) + "…"
    return fitting
