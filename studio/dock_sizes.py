"""How large docks are: as a person wants them, as far as the window has room, whatever size it had before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar

from studio.guard import guarded

_OPTIONS_WIDTH = 280
_RIGHT_SHARE, _RIGHT_LEAST, _RIGHT_MOST = 0.24, 328, 420  # of the window's width
_COURSE_SHARE, _COURSE_MOST = 0.325, 440  # of its height
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease)
_ACROSS, _DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


@guarded
class DockSizes(QObject):
    """Holds the three sizes that matter: the width of the options and of the right side, the height of the course.

    Qt remembers only what there was last: what it squeezed in a small window stays narrow in a large one. ``wished``
    holds the sizes that a person dragged; the others follow the window.
    """

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget], wished: Mapping[str, int]) -> None:
        super().__init__(window)
        self._window = window
        self._docks = dict(docks)
        self.wished = dict(wished)
        self._is_dragged = False
        for part in (window, *docks.values()):
            part.installEventFilter(self)

    def apply(self) -> None:
        """Give every dock its size, as far as there is room."""
        for side, orientation, usual in (
            ("options", _ACROSS, self._options_width),
            ("right", _ACROSS, self._right_width),
            ("course", _DOWN, self._course_height),
        ):
            dock = self._dock_at(side)
            if dock is not None:
                self._window.resizeDocks([dock], [self._size_of(side, usual)], orientation)

    def forget(self) -> None:
        """Let every size follow the window again."""
        self.wished.clear()
        self.apply()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A dock that changes its size while the mouse is pressed between two docks is dragged by a person."""
        if watched is self._window and isinstance(event, QMouseEvent) and event.type() in _PRESSES:
            is_between = self._window.childAt(event.position().toPoint()) is None  # and not on a tab, say
            self._is_dragged = event.type() == QEvent.Type.MouseButtonPress and is_between
        elif self._is_dragged and isinstance(event, QResizeEvent) and isinstance(watched, QDockWidget):
            side = next((side for side in ("options", "course", "right") if self._dock_at(side) is watched), None)
            before, now = event.oldSize(), event.size()
            old, new = (before.height(), now.height()) if side == "course" else (before.width(), now.width())
            if side is not None and new != old:
                self.wished[side] = new
        return False

    def _size_of(self, side: str, usual: Callable[[], int]) -> int:
        return self.wished[side] if side in self.wished else usual()

    def _options_width(self) -> int:
        return _OPTIONS_WIDTH

    def _right_width(self) -> int:
        """Return a quarter of the window, and enough for the whole names of the tabs."""
        tabs = self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        names = max((bar.sizeHint().width() for bar in tabs if bar.isVisible()), default=0)
        share = min(round(_RIGHT_SHARE * self._window.width()), _RIGHT_MOST)
        return max(share, _RIGHT_LEAST, names)

    def _course_height(self) -> int:
        return min(round(_COURSE_SHARE * self._window.height()), _COURSE_MOST)

    def _dock_at(self, side: str) -> QDockWidget | None:
        """Return the dock that lies in front at ``side``, None where a person has moved or closed it."""
        areas = Qt.DockWidgetArea
        area = {"options": areas.LeftDockWidgetArea, "course": areas.BottomDockWidgetArea}.get(
            side, areas.RightDockWidgetArea
        )
        names = [side] if side in self._docks else [name for name in self._docks if name not in ("options", "course")]
        here = (self._docks[name] for name in names if self._window.dockWidgetArea(self._docks[name]) == area)
        return next((dock for dock in here if not (dock.isFloating() or dock.visibleRegion().isEmpty())), None)
