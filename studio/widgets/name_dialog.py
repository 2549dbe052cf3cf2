"""A dialog that asks how something is to be called. It knows nothing of what."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from engine.i18n import again, tr
from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.object_names import set_object_name


@guarded
class NameDialog(QDialog):
    """``chosen`` carries the name when the person keeps it; ``title`` is a text of ``engine.i18n``."""

    chosen = Signal(str)

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("name_dialog")
        self._title = title
        self.name = set_object_name(QLineEdit(name), "name_text")
        self._label = QLabel()
        self._label.setBuddy(self.name)
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        for button in self.buttons.buttons():
            button.setIcon(QIcon())  # the style's are black, also on black
        form = QFormLayout(self)
        form.setContentsMargins(*(2 * SPACING,) * 4)
        form.setSpacing(SPACING)
        form.addRow(self._label, self.name)
        form.addRow(self.buttons)
        self.resize(56 * SPACING, 12 * SPACING)
        self.name.selectAll()
        self.buttons.accepted.connect(self._keep)
        self.buttons.rejected.connect(self.reject)
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Say everything again when the language changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setWindowTitle(again(self._title))
        self._label.setText(tr("Name"))

    def _keep(self) -> None:
        self.chosen.emit(self.name.text().strip())
        self.accept()
