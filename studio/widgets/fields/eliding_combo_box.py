"""A list to choose from that may be narrower than its longest entry. It knows nothing of what it offers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from studio.guard import guarded
from studio.theme import SPACING

_UNLIMITED = 2**24 - 1  # Qt's own QWIDGETSIZE_MAX
_LEAST_LETTERS = 10


@guarded
class ElidingComboBox(QComboBox):
    """As wide as its longest entry up to ``widest`` pixels; a longer one ends in "…", and is whole in the open list."""

    def __init__(self, widest: int = _UNLIMITED, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # also after a switch of the language
        self.setMaximumWidth(widest)

    def minimumSizeHint(self) -> QSize:
        """Room for the beginning of an entry, where an entry may be cut at all."""
        if self.maximumWidth() == _UNLIMITED:
            return super().minimumSizeHint()
        arrow = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self) + 2 * SPACING
        narrow = _LEAST_LETTERS * self.fontMetrics().averageCharWidth() + arrow
        return super().minimumSizeHint().boundedTo(QSize(narrow, self.maximumHeight()))

    def list_width(self) -> int:
        """Return the width of the open list, in which every entry is whole."""
        texts = (self.itemText(row) for row in range(self.count()))
        longest = max((self.view().fontMetrics().horizontalAdvance(text) for text in texts), default=0)
        return longest + self.view().verticalScrollBar().sizeHint().width() + 2 * SPACING

    def showPopup(self) -> None:
        """Open the list."""
        self.view().setMinimumWidth(self.list_width())
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as the style does, which would cut a long text off in the middle of a letter."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        if self.currentIndex() < 0:
            option.currentText = self.placeholderText()
        parts = QStyle.SubControl.SC_ComboBoxEditField
        room = (
            self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, parts, self).width() - SPACING // 2
        )
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
