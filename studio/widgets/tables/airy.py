"""Room between the columns of a table: a number at the right of one and a word at the left of the next are two things.

Styles leave less there than between two words.
"""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOption, QTableView, QTreeView, QWidget

from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.base.styles import MeasuredStyle

AIR = SPACING // 2  # at each side of a title and of a cell: all columns still have room on a small screen


@guarded
class HeaderStyle(MeasuredStyle):
    """Puts the arrow of sorting beside a title: the more air, the further Qt would lay it upon the last letter."""

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Paint a part: the arrow within the air that Qt leaves beyond it."""
        if element == QStyle.PrimitiveElement.PE_IndicatorHeaderArrow:
            option.rect = option.rect.translated(AIR + 1, 0)
        super().drawPrimitive(element, option, painter, widget)


def give_air(table: QTableView | QTreeView, header: QHeaderView) -> None:
    """Keep what stands in the columns of ``table``, and their titles in ``header``, apart."""
    metrics = QStyle.PixelMetric
    cell = {metrics.PM_HeaderMargin: AIR, metrics.PM_FocusFrameHMargin: AIR - 1}  # to which a cell adds a pixel
    table.setStyle(MeasuredStyle(cell, table))
    header.setStyle(HeaderStyle(cell, table))
