"""The small “?” beside an option: what it does, in pictures. F1 in the option's own box opens the same."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from engine.i18n import tr
from studio.guard import guarded
from studio.theme import SPACING


@guarded
class OptionButton(QToolButton):
    """Explains ``control``, which has a name of its own. Tab passes it over: the control itself answers F1."""

    def __init__(self, control: QWidget) -> None:
        super().__init__(control.parentWidget(), autoRaise=True)
        self._control = control
        self.setObjectName(f"explain_{control.objectName()}")
        self.setText("?")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.explain)
        self.say()

    def explain(self) -> None:
        """Open the explanation."""
        from studio.help.help_window import HelpWindow  # late: nobody reads before the window is there

        HelpWindow.of(self.window()).show_control(self._control, self)

    def say(self) -> None:
        """Name it in the current language."""
        name = tr("What “{option}” does, in pictures (F1)", option=self._control.accessibleName())
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setMaximumWidth(self.fontMetrics().height() + SPACING // 4)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.say()
