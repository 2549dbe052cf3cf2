"""How large all text is, compared with what the system wants; it changes at once and everywhere."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QApplication

SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
"""In percent of the system's size."""
USUAL = 100

_system: QFont | None = None  # as it was before text had another size
_least = 0  # percent


def show(percent: int) -> None:
    """Show all text in ``percent`` of the system's size; what is painted by hand follows the font of its widget."""
    global _system
    percent = max(percent, _least)
    if _system is None:
        if percent == USUAL:
            return  # the system's font stays the system's to change
        _system = QApplication.font()
    font = QFont(_system)
    if _system.pointSizeF() > 0:
        font.setPointSizeF(_system.pointSizeF() * percent / 100)
    else:
        font.setPixelSize(round(_system.pixelSize() * percent / 100))
    QApplication.setFont(font)


def set_least(percent: int) -> None:
    """Let no text be smaller than ``percent`` when it is shown from now on; 0 sets no limit."""
    global _least
    _least = percent


def beside(percent: int, steps: int) -> int:
    """Return the size that is ``steps`` larger than ``percent``, or smaller where negative, within the limits."""
    place = min(range(len(SIZES)), key=lambda it: abs(SIZES[it] - percent)) + steps
    return SIZES[min(max(place, 0), len(SIZES) - 1)]


def that_gives(pixels: float) -> int:
    """Return in which percent the letters are so many pixels high."""
    return round(100 * pixels / QFontInfo(_system or QApplication.font()).pixelSize())
