"""The style's icons in the ink of the theme: a style draws them black, also on black."""

from __future__ import annotations

from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication, QStyle, QWidget

_SIZES = (10, 16, 32)  # the smallest for titles of docks, where a larger one would be blurred


Ink = tuple[str, int, int]


def ink_of(widget: QWidget) -> Ink:
    """Return what an icon beside ``widget`` depends on: the style, and the inks where it is enabled and disabled."""
    palette, role = QApplication.palette(widget), QPalette.ColorRole.ButtonText
    able, unable = (palette.color(it, role).rgba() for it in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled))
    return widget.style().name(), able, unable


def ink_icon(kind: QStyle.StandardPixmap, widget: QWidget) -> QIcon:
    """Return the icon for a button like ``widget``, readable in its palette, fainter where it is disabled."""
    icon, style = QIcon(), widget.style()
    palette = QApplication.palette(widget)  # the widget's own follows a switch of the theme a moment later
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        for size in _SIZES:
            icon.addPixmap(_drawn(kind, style, size, palette.color(group, QPalette.ColorRole.ButtonText)), mode)
    return icon


def _drawn(kind: QStyle.StandardPixmap, style: QStyle, size: int, ink: QColor) -> QPixmap:
    """Return the icon in one size; it is drawn once, as a switch of the workspace asks for each again."""
    key, pixels = f"ink {style.name()} {kind.name} {size} {ink.name(QColor.NameFormat.HexArgb)}", QPixmap()
    if not QPixmapCache.find(key, pixels):
        pixels = style.standardIcon(kind).pixmap(size, size)
        painter = QPainter(pixels)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(pixels.rect(), ink)
        painter.end()
        QPixmapCache.insert(key, pixels)
    return pixels
