"""Room between the columns of a table: a number at the right of one and a word at the left of the next are two things.

Styles leave less there than between two words.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHeaderView, QProxyStyle, QStyle, QStyleOption, QTableView, QTreeView, QWidget

from studio.guard import guarded
from studio.theme import SPACING

AIR = SPACING // 2  # at each side of a title and of a cell: all columns still have room on a small screen


def give_air(table: QTableView | QTreeView, header: QHeaderView) -> None:
    """Keep what stands in the columns of ``table``, and their titles in ``header``, apart."""
    style = _Airy()
    style.setParent(table)
    for part in (table, header):
        part.setStyle(style)


@guarded
class _Airy(QProxyStyle):
    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric == QStyle.PixelMetric.PM_HeaderMargin:
            return AIR
        if metric == QStyle.PixelMetric.PM_FocusFrameHMargin:  # to which a cell adds a pixel
            return AIR - 1
        return super().pixelMetric(metric, option, widget)
