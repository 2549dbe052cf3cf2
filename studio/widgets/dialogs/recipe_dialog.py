"""A dialog that asks for title and note of a recipe. It knows no options."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from engine.i18n import tr
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog


class RecipeDialog(Dialog):
    """``chosen`` carries title and note when the person keeps the recipe."""

    chosen = Signal(str, str)

    def __init__(self, title: str, note: str, parent: QWidget | None = None) -> None:
        super().__init__("recipe_dialog", parent, Buttons.Save | Buttons.Cancel)
        self.title = set_object_name(QLineEdit(title), "recipe_title")
        self.note = set_object_name(QPlainTextEdit(note, tabChangesFocus=True), "recipe_note")
        self._about, self._labels = QLabel(wordWrap=True), (QLabel(), QLabel())
        form = self.form()
        form.addRow(self._about)
        for label, field in zip(self._labels, (self.title, self.note), strict=True):
            label.setBuddy(field)
            form.addRow(label, field)
        form.addRow(self.buttons)
        self.resize(60 * SPACING, 32 * SPACING)
        self.title.selectAll()
        self.title.textChanged.connect(self._offer)
        self.retranslate()
        self._offer()

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Keep as a recipe"))
        self._about.setText(tr("The options of this run become a recipe of your own, in the list beside the others."))
        self._labels[0].setText(tr("Title"))
        self._labels[1].setText(tr("Note"))

    def _offer(self) -> None:
        self.buttons.button(Buttons.Save).setEnabled(bool(self.title.text().strip()))

    def take(self) -> bool:
        """Tell title and note."""
        self.chosen.emit(self.title.text().strip(), self.note.toPlainText())
        return True
