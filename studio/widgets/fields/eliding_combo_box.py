"""A list to choose from that may be narrower than its longest entry. It knows nothing of what it offers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QToolTip, QWidget

from studio.guard import guarded
from studio.theme import SPACING

_UNLIMITED = 2**24 - 1  # Qt's own QWIDGETSIZE_MAX
_LEAST_LETTERS = 10


@guarded
class ElidingComboBox(QComboBox):
    """As wide as its longest entry up to ``widest`` pixels; a longer one ends in "…", and is whole in the open list and
    in the tool tip.
    """

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
        option, whole = self._painted()
        option.currentText = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, self._room(option))
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say what is cut before what the box is for."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            option, whole = self._painted()
            if self.fontMetrics().horizontalAdvance(whole) > self._room(option):
                QToolTip.showText(event.globalPos(), "\n".join(filter(None, (whole, self.toolTip()))), self)
                return True
        return super().event(event)

    def _painted(self) -> tuple[QStyleOptionComboBox, str]:
        """Return how it is painted, and its whole text."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return option, option.currentText if self.currentIndex() >= 0 else self.placeholderText()

    def _room(self, option: QStyleOptionComboBox) -> int:
        field = QStyle.SubControl.SC_ComboBoxEditField
        place = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self)
        return place.width() - SPACING // 2
