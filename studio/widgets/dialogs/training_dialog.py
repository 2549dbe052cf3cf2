"""The base of dialogs that ask for a training, which begins at once or is lined up. It knows no training."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox, QWidget

from engine.i18n import again, tr
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog


class TrainingDialog(Dialog):
    """``why_not`` says why it cannot begin at once, or nothing; ``is_later`` tells in ``take`` what was chosen."""

    def __init__(self, name: str, parent: QWidget | None, why_not: str = "") -> None:
        super().__init__(name, parent, Buttons.Ok | Buttons.Cancel)
        self._why_not = why_not
        self.is_later = False
        self.now = self.buttons.button(Buttons.Ok)
        self.now.setEnabled(not why_not)
        self.later = self.buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        set_object_name(self.later, "line_up_button")
        self.later.clicked.connect(self._line_up)
        self.main_button = self.later if why_not else self.now

    def name_buttons(self, now: str) -> None:
        """Say in the current language what the buttons do; ``now`` is what the first one does."""
        self.now.setText(now)
        self.now.setToolTip(again(self._why_not))
        self.later.setText(tr("Line it up"))
        self.later.setToolTip(tr("Train it when its turn comes; the queue tells when, and how long it takes"))

    def _line_up(self) -> None:
        self.is_later = True
        self.confirm()
        self.is_later = False
