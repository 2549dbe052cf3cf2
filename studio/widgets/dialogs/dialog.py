"""The base of the dialogs: buttons, a rim, texts in the language of the moment, F1. It knows no purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from studio.guard import guarded
from studio.part_keys import DIALOG_EXPLAIN
from studio.theme import MOST_OF_SCREEN, SPACING

Buttons = QDialogButtonBox.StandardButton
_L = TypeVar("_L", bound=QLayout)
_D = TypeVar("_D", bound="Dialog")


@guarded
class _Growth(QObject):
    """Lets ``dialog`` grow with what comes into it: where lines break, Qt's least height has no room for it."""

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        dialog.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look once the layout has heard that something changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._grow()
        return False

    def _grow(self) -> None:
        dialog, layout = self._dialog, self._dialog.layout()
        if layout is not None and layout.hasHeightForWidth():
            most = round(dialog.screen().availableSize().height() * MOST_OF_SCREEN)
            needed = min(layout.totalHeightForWidth(dialog.width()), most)
            if needed > dialog.height():
                dialog.resize(dialog.width(), needed)


@guarded
class Dialog(QDialog):
    """A dialog with two hooks; a subclass calls ``retranslate`` once, at the end of its ``__init__``.

    ``buttons`` are its own to lay out; the one that accepts calls ``take``, and they close it.
    """

    def __init__(self, name: str, parent: QWidget | None, buttons: Buttons = Buttons.NoButton) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._growth: _Growth | None = None
        self.subject: object = None
        """What it is about, where it stands beside the window: there is one at a time about the same."""
        self.main_button: QPushButton | None = None
        """The one that Return presses while no other button has the focus; where there is none, Qt chooses one."""
        self.buttons = QDialogButtonBox(buttons)
        self.buttons.accepted.connect(self.confirm)
        self.buttons.rejected.connect(self.reject)
        DIALOG_EXPLAIN.shortcut(self, self._explain)  # the window's own F1 is not heard here

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        guarded(cls)

    def retranslate(self) -> None:
        """Set every text again, in the current language."""

    def take(self) -> bool:
        """Tell what the person chose; return whether it can be had, so that the dialog may go."""
        return True

    def form(self) -> QFormLayout:
        """Lay out in lines, each with its label."""
        return self._with_rim(QFormLayout(self))

    def column(self) -> QVBoxLayout:
        """Lay out from the top to the bottom."""
        return self._with_rim(QVBoxLayout(self))

    def confirm(self) -> None:
        """Do what the accepting button does."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # what is still being typed counts
        if self.take():
            self.accept()

    def _with_rim(self, layout: _L) -> _L:
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(SPACING)
        return layout

    def _explain(self) -> None:
        from studio.help.help_window import explain_focus  # late: nobody reads before the window is there

        explain_focus(self)

    def showEvent(self, event: QShowEvent) -> None:
        """On a small screen with large text, what it would like to be may not fit."""
        self.resize(self.size().boundedTo(self.screen().availableSize() * MOST_OF_SCREEN))
        if self._growth is None:
            self._growth = _Growth(self)
        if self.main_button is not None:
            self.main_button.setDefault(True)  # a button that is not yet in its dialog is the default of none
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Qt tells here that the language changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def show_beside(window: QWidget, kind: type[_D], subject: object, make: Callable[[], _D]) -> _D:
    """Show a dialog of ``kind`` about ``subject`` beside ``window``: the one that is open, or the one that is made."""
    there = next((it for it in window.findChildren(kind) if it.subject == subject and it.isVisible()), None)
    dialog = there or make()
    dialog.subject = subject
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowState(dialog.windowState() & ~Qt.WindowState.WindowMinimized)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog
