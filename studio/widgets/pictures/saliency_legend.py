"""What the colors of a heat map of D mean. Knows no picture."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.i18n import tr
from studio import saliency
from studio.theme import SPACING
from studio.widgets.base.view import View

_EDGE = QColor("#808080")  # which either theme's ground leaves visible


class SaliencyLegend(View):
    """A line for each of the two colors."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = [QLabel(wordWrap=True) for _ in range(2)]
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setColumnStretch(1, 1)
        layout.setSpacing(SPACING)
        for row, (color, words) in enumerate(zip((saliency.BRIGHTER, saliency.DARKER), self._lines, strict=True), 1):
            layout.addWidget(_swatch(color), row, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(words, row, 1)
        layout.setRowStretch(0, 1)
        layout.setRowStretch(3, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        brighter, darker = self._texts()
        self._lines[0].setText(brighter)
        self._lines[1].setText(darker)

    def told(self) -> str:
        """Say the same in a sentence, for who does not see it."""
        brighter, darker = self._texts()
        return tr("Yellow: {brighter}; violet: {darker}.", brighter=brighter, darker=darker)

    def _texts(self) -> tuple[str, str]:
        return tr("brighter here would look more real"), tr("darker here would look more real")


def _swatch(color: tuple[int, int, int]) -> QLabel:
    pixels = QPixmap(2 * SPACING, 2 * SPACING)
    pixels.fill(_EDGE)
    painter = QPainter(pixels)
    painter.fillRect(pixels.rect().adjusted(1, 1, -1, -1), QColor(*color))
    painter.end()
    swatch = QLabel()
    swatch.setPixmap(pixels)
    return swatch
