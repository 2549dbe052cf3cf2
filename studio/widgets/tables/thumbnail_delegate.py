"""Paints a small picture in the middle of a cell, pixel for pixel, or a sign where there is none. Knows no run."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.pictures import GAP
from studio.guard import guarded

PICTURE = QSize(3 * 28 + 2 * GAP, 2 * 28 + GAP)  # three by two digits
_SIGN = 32  # pixels


@guarded
class ThumbnailDelegate(QStyledItemDelegate):
    """Shows what ``DecorationRole`` gives; nothing there is a warning sign."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the ground of the row, and the picture upon it."""
        self.initStyleOption(option, index)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        style = self._widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, self._widget)
        if not isinstance(picture, QPixmap):
            sign = style.standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning)
            sign.paint(painter, _middle(option.rect, QSize(_SIGN, _SIGN)))
            return
        room = QSize(option.rect.width(), PICTURE.height())  # two whole digits in a higher line, too
        size = picture.size().boundedTo(room)
        painter.drawPixmap(_middle(option.rect, size), picture, QRect(0, 0, size.width(), size.height()))


def _middle(room: QRect, size: QSize) -> QRect:
    place = QRect(0, 0, size.width(), size.height())
    place.moveCenter(room.center())
    return place
