"""Room between the columns of a table: a number at the right of one and a word at the left of the next are two things.

Styles leave less there than between two words.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHeaderView, QStyle, QTableView, QTreeView

from studio.theme import SPACING
from studio.widgets.base.styles import MeasuredStyle

AIR = SPACING // 2  # at each side of a title and of a cell: all columns still have room on a small screen


def give_air(table: QTableView | QTreeView, header: QHeaderView) -> None:
    """Keep what stands in the columns of ``table``, and their titles in ``header``, apart."""
    metrics = QStyle.PixelMetric
    cell = {metrics.PM_HeaderMargin: AIR, metrics.PM_FocusFrameHMargin: AIR - 1}  # to which a cell adds a pixel
    style = MeasuredStyle(cell, table)
    for part in (table, header):
        part.setStyle(style)
