"""The menu row: menus at the left, and at the right as much of the workspace bar as they leave room for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenuBar, QStyle, QStyleOptionMenuItem

from studio.guard import guarded
from studio.panels.workspace_bar import WorkspaceBar

_EVER = 1 << 20


@guarded
class MenuRow(QObject):
    """Keeps ``bar`` in the corner of ``menus``, and every menu in sight: Qt would hide some behind a “»”.

    Menus that the system shows elsewhere have no corner.
    """

    def __init__(self, menus: QMenuBar, bar: WorkspaceBar) -> None:
        super().__init__(menus)
        self._menus, self._bar, self._in_front = menus, bar, ""
        menus.installEventFilter(self)

    def show_switches(self, name: str) -> None:
        """Show the switches of the workspace ``name``, which is in front now."""
        self._in_front = name
        self._fit(self._menus.width())

    def _fit(self, width: int) -> None:
        """Give the corner the width of its words; it takes no notice of another one by itself."""
        if self._menus.isNativeMenuBar():
            self._bar.show_switches(self._in_front, _EVER)
        else:
            self._bar.show_switches(self._in_front, width - _needed(self._menus))
            self._menus.setCornerWidget(self._bar)

    def eventFilter(self, _menus: QObject, event: QEvent) -> bool:
        """Follow the width of the window, and the size and the language of the words."""
        if isinstance(event, QResizeEvent):
            if event.size().width() != event.oldSize().width():
                self._fit(event.size().width())
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.LanguageChange, QEvent.Type.StyleChange):
            # Once the buttons have heard of it, too.
            QTimer.singleShot(0, self, lambda: self._fit(self._menus.width()))
        return False


def _needed(menus: QMenuBar) -> int:
    """Return the width of all menus, also of those for which there is no room now."""
    style, option = menus.style(), QStyleOptionMenuItem()
    option.initFrom(menus)
    edges, between, panel = (
        style.pixelMetric(metric, None, menus)
        for metric in (
            QStyle.PixelMetric.PM_MenuBarHMargin,
            QStyle.PixelMetric.PM_MenuBarItemSpacing,
            QStyle.PixelMetric.PM_MenuBarPanelWidth,
        )
    )
    width = 2 * (edges + panel)
    for action in menus.actions():
        words: QSize = menus.fontMetrics().size(Qt.TextFlag.TextShowMnemonic.value, action.text())
        width += between + style.sizeFromContents(QStyle.ContentsType.CT_MenuBarItem, option, words, menus).width()
    return width
