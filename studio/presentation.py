"""Presenting: only what a class looks at, over the whole screen, with text that the last row can read.

How far the training is stands in the row of the button that ends the presentation.

It knows the window's frame; what is left out of a part, such as a workspace, that one knows.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QPushButton, QToolBar, QWidget

from studio import text_size, theme
from studio.settings import Settings
from studio.widgets.base.object_names import set_object_name
from studio.widgets.layouts.one_step import OneStep

_LINES = 36
"""So many letters above each other fill the screen: what can be read from the last row of a classroom."""


class Presented(Protocol):
    """What leaves out what a class need not see."""

    def set_presentation(self, is_on: bool) -> None:
        """Begin with that, or end it."""


class Presentation(QObject):
    """Shows nothing but the workspace in front, until Escape, F11 or a button ends it; a training goes on meanwhile."""

    def __init__(self, place: QWidget, settings: Settings, status: QWidget, parts: Collection[Presented]) -> None:
        """``place``: what the workspaces stand in, already in a window.

        ``status`` tells how far the training is; the one of ``parts`` that it is of takes it back at the end.
        """
        super().__init__(place)
        self.is_on = False
        self._place, self._settings, self._status, self._parts = place, settings, status, parts
        self._before, self._size = Qt.WindowState.WindowNoState, QSize()
        self._frame: list[QWidget] = []
        self.button = set_object_name(QPushButton(), "leave_presentation_button")
        """Ends it, once it is bound to a command."""
        self._row = QHBoxLayout()
        self._bar = self._make_bar()
        self._step = OneStep(self._window())

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
        with self._step.to(self._size):
            self._bar.hide()
            for part in self._frame:
                part.show()
            self._present(False, 0)
        self._place.window().setWindowState(self._before)

    def _enter(self) -> None:
        self.is_on = True
        window = self._window()
        self._before, self._size = window.windowState(), window.size()
        screen = window.screen().size()
        with self._step.to(screen):
            bars = (bar for bar in window.findChildren(QToolBar) if bar.isVisible())
            self._frame = [window.menuBar(), *bars]
            for part in self._frame:
                part.hide()
            self._row.insertWidget(0, self._status, 1)
            self._bar.show()
            self._present(True, text_size.that_gives(screen.height() / _LINES))
        window.setWindowState(Qt.WindowState.WindowFullScreen)
        window.setFocus(Qt.FocusReason.OtherFocusReason)  # whose keys work everywhere

    def _present(self, is_on: bool, least: int) -> None:
        for each in self._parts:
            each.set_presentation(is_on)
        text_size.set_least(least)
        text_size.show(self._settings.text_size)

    def _window(self) -> QMainWindow:
        window = self._place.window()
        assert isinstance(window, QMainWindow)
        return window

    def _make_bar(self) -> QToolBar:
        """Return the row of the button, which so covers nothing, whatever stands below it."""
        bar, row = set_object_name(QToolBar(movable=False), "presentation"), QWidget()
        row.setLayout(self._row)
        self._row.setContentsMargins(theme.SPACING, 0, 0, 0)
        self._row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)
        bar.addWidget(row)
        bar.toggleViewAction().setEnabled(False)
        self._window().addToolBar(bar)
        bar.hide()
        return bar
