"""The style's icons in the ink of the theme: a style draws them black, also on black."""

from __future__ import annotations

from PySide6.QtGui import QIcon, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QWidget

_SIZES = (10, 16, 32)  # the smallest for titles of docks, where a larger one would be blurred


def ink_icon(kind: QStyle.StandardPixmap, widget: QWidget) -> QIcon:
    """Return the icon for a button like ``widget``, readable in its palette, fainter where it is disabled."""
    drawn, icon = widget.style().standardIcon(kind), QIcon()
    palette = QApplication.palette(widget)  # the widget's own follows a switch of the theme a moment later
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        for size in _SIZES:
            pixels = drawn.pixmap(size, size)
            painter = QPainter(pixels)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
            painter.fillRect(pixels.rect(), palette.color(group, QPalette.ColorRole.ButtonText))
            painter.end()
            icon.addPixmap(pixels, mode)
    return icon
