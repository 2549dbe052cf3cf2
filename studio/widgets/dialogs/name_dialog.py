"""A dialog that asks how something is to be called. It knows nothing of what."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from engine.i18n import again, tr
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog


class NameDialog(Dialog):
    """``chosen`` carries the name when the person keeps it; ``title`` is a text of ``engine.i18n``."""

    chosen = Signal(str)

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__("name_dialog", parent, Buttons.Save | Buttons.Cancel)
        self._title = title
        self.name = set_object_name(QLineEdit(name), "name_text")
        self._label = QLabel()
        self._label.setBuddy(self.name)
        form = self.form()
        form.addRow(self._label, self.name)
        form.addRow(self.buttons)
        self.resize(56 * SPACING, 12 * SPACING)
        self.name.selectAll()
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(again(self._title))
        self._label.setText(tr("Name"))

    def take(self) -> bool:
        """Tell the name."""
        self.chosen.emit(self.name.text().strip())
        return True
