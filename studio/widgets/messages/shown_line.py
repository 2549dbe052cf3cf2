"""One line that says which run is shown and which one is trained, with the way back. It knows no run."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from engine.i18n import tr
from engine.text import LONGEST_NAME, plain
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.layouts.fitting_label import FittingLabel


class ShownLine(View):
    """Hidden while what is shown is what is trained, or nothing is trained."""

    live_requested = Signal()
    """The person wants to see the run that is trained."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shown_line")
        self._shown = self._trained = ""
        self._is_elsewhere = False
        self._label = set_object_name(FittingLabel(), "shown_label")
        self.button = set_object_name(QPushButton(), "show_live_button")
        self.button.clicked.connect(self.live_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self._label, 1)
        row.addWidget(self.button)
        self.hide()
        self.retranslate()

    def show_runs(self, shown: str, trained: str, *, elsewhere: bool = False) -> None:
        """Say that the run called ``shown`` is looked at while ``trained`` is trained, which may be nothing.

        ``elsewhere``: another program trains the one shown.
        """
        self._shown, self._trained, self._is_elsewhere = shown, trained, elsewhere
        self.button.setVisible(bool(trained))
        self.retranslate()
        self.show()

    def show_nothing(self) -> None:
        """Both are the same."""
        self.hide()

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        shown, trained = plain(self._shown, LONGEST_NAME), plain(self._trained, LONGEST_NAME)
        parts = [tr("Shown: “{run}”", run=shown)]
        if self._is_elsewhere:
            parts.append(tr("another program trains it, and what it adds comes here"))
        if trained:
            parts.append(tr("Training: “{run}”", run=trained))
        self._label.show_parts(parts, spare=parts[1:2] if len(parts) > 2 else ())
        self.button.setText(tr("Back to the live run"))
        self.button.setToolTip(tr("Show the run that is being trained: “{run}”", run=trained))
