"""Presenting: only what a class looks at, over the whole screen, with text that the last row can read.

It knows the window's frame; what is left out of a part, such as a workspace, that one knows.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QMainWindow, QPushButton, QToolBar, QWidget

from studio import text_size
from studio.guard import guarded
from studio.settings import Settings
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name

_LINES = 36
"""So many letters above each other fill the screen: what can be read from the last row of a classroom."""


class Presented(Protocol):
    """What leaves out what a class need not see."""

    def set_presentation(self, is_on: bool) -> None:
        """Begin with that, or end it."""


@guarded
class Presentation(QObject):
    """Shows nothing but the workspace in front, until Escape, F11 or a button ends it; a training goes on meanwhile."""

    def __init__(self, place: QWidget, settings: Settings, parts: Collection[Presented]) -> None:
        """``place``: what the workspaces stand in, already in a window."""
        super().__init__(place)
        self.is_on = False
        self._place, self._settings, self._parts = place, settings, parts
        self._before = Qt.WindowState.WindowNoState
        self._frame: list[QWidget] = []
        self.button = set_object_name(QPushButton(place.window()), "leave_presentation_button")
        """Ends it, once it is bound to a command."""
        self.button.hide()
        place.window().installEventFilter(self)

    def toggle(self) -> None:
        """Begin the presentation, or end it."""
        if self.is_on:
            self.leave()
        else:
            self._enter()

    def leave(self) -> None:
        """Show the whole window again as it was."""
        if not self.is_on:
            return
        self.is_on = False
        self.button.hide()
        for part in self._frame:
            part.show()
        for each in self._parts:
            each.set_presentation(False)
        text_size.set_least(0)
        text_size.show(self._settings.text_size)
        self._place.window().setWindowState(self._before)

    def _enter(self) -> None:
        self.is_on = True
        window = self._place.window()
        self._before = window.windowState()
        bars = (bar for bar in window.findChildren(QToolBar) if bar.isVisible())
        assert isinstance(window, QMainWindow)
        self._frame = [window.menuBar(), *bars]
        for part in self._frame:
            part.hide()
        for each in self._parts:
            each.set_presentation(True)
        text_size.set_least(text_size.that_gives(window.screen().size().height() / _LINES))
        text_size.show(self._settings.text_size)
        window.setWindowState(Qt.WindowState.WindowFullScreen)
        window.setFocus(Qt.FocusReason.OtherFocusReason)  # whose keys work everywhere
        self.button.show()
        self._place_button()

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        """The button stays in its corner."""
        if self.is_on and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.FontChange):
            self._place_button()
        return False

    def _place_button(self) -> None:
        self.button.adjustSize()
        self.button.move(self._place.window().width() - self.button.width() - SPACING, SPACING // 2)
        self.button.raise_()
