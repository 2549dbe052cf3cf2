"""A dialog that asks for title and note of a recipe. It knows no options."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from engine.i18n import tr
from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.object_names import set_object_name


@guarded
class RecipeDialog(QDialog):
    """``chosen`` carries title and note when the person keeps the recipe."""

    chosen = Signal(str, str)

    def __init__(self, title: str, note: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipe_dialog")
        self.title = set_object_name(QLineEdit(title), "recipe_title")
        self.note = set_object_name(QPlainTextEdit(note, tabChangesFocus=True), "recipe_note")
        self._about, self._labels = QLabel(wordWrap=True), (QLabel(), QLabel())
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Save | buttons.Cancel)
        for button in self.buttons.buttons():
            button.setIcon(QIcon())  # the style's are black, also on black
        form = QFormLayout(self)
        form.setContentsMargins(*(2 * SPACING,) * 4)
        form.setSpacing(SPACING)
        form.addRow(self._about)
        for label, field in zip(self._labels, (self.title, self.note), strict=True):
            label.setBuddy(field)
            form.addRow(label, field)
        form.addRow(self.buttons)
        self.resize(60 * SPACING, 32 * SPACING)
        self.title.selectAll()
        self.title.textChanged.connect(self._offer)
        self.buttons.accepted.connect(self._keep)
        self.buttons.rejected.connect(self.reject)
        self._retranslate()
        self._offer()

    def changeEvent(self, event: QEvent) -> None:
        """Say everything again when the language changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setWindowTitle(tr("Keep as a recipe"))
        self._about.setText(tr("The options of this run become a recipe of your own, in the list beside the others."))
        self._labels[0].setText(tr("Title"))
        self._labels[1].setText(tr("Note"))

    def _offer(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(self.title.text().strip()))

    def _keep(self) -> None:
        self.chosen.emit(self.title.text().strip(), self.note.toPlainText())
        self.accept()
