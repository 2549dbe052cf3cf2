"""Buttons and tabs as narrow as their words. Styles reserve room around them that a dock does not have."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProxyStyle, QPushButton, QStyle, QStyleOption, QTabBar, QWidget

from studio.guard import guarded
from studio.theme import SPACING

_TAB_SPACE = SPACING  # left and right of a tab's words together; Fusion takes 24


def compact(*buttons: QPushButton) -> None:
    """Let the buttons shrink to their text; to be called again whenever the text changes."""
    for button in buttons:
        button.setMinimumWidth(button.fontMetrics().horizontalAdvance(button.text()) + 2 * SPACING)


def show_whole_names(bar: QTabBar) -> None:
    """Bring the tabs closer together and cut none off: where not all have room, arrows lead to the others."""
    style = _NarrowTabs()
    style.setParent(bar)
    bar.setStyle(style)
    bar.setElideMode(Qt.TextElideMode.ElideNone)


@guarded
class _NarrowTabs(QProxyStyle):
    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric == QStyle.PixelMetric.PM_TabBarTabHSpace:
            return _TAB_SPACE
        return super().pixelMetric(metric, option, widget)
