"""A dialog with the recipes of a person's own: to be given away, brought and removed. It reads no file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from engine.i18n import tr
from engine.recipes import RECIPES
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.dialogs.dialogs import FileDialog

_SUFFIX = ".json"


class RecipesDialog(Dialog):
    """Says what the person wants; ``refresh`` once that is done."""

    export_requested = Signal(str, Path)
    import_requested = Signal(Path)
    delete_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("recipes_dialog", parent, Buttons.Close)
        self.list = set_object_name(QListWidget(), "own_recipes")
        self.list.setWordWrap(True)
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.export_button = set_object_name(QPushButton(autoDefault=False), "export_recipe_button")
        self.import_button = set_object_name(QPushButton(autoDefault=False), "import_recipe_button")
        self.delete_button = set_object_name(QPushButton(autoDefault=False), "delete_recipe_button")
        row = QHBoxLayout()
        for part in (self.export_button, self.import_button, self.delete_button):
            row.addWidget(part)
        row.addStretch()
        row.addWidget(self.buttons)
        layout = self.column()
        layout.addWidget(self.list, 1)
        layout.addWidget(self.empty, 1)
        layout.addLayout(row)
        self.resize(64 * SPACING, 40 * SPACING)
        self.list.currentRowChanged.connect(self._offer)
        self.export_button.clicked.connect(self._export)
        self.import_button.clicked.connect(self._import)
        self.delete_button.clicked.connect(lambda: self.delete_requested.emit(self._chosen()))
        self.retranslate()
        self.refresh()

    def refresh(self) -> None:
        """List what there is now."""
        row = self.list.currentRow()
        self.list.clear()
        for recipe in (entry for entry in RECIPES.values() if entry.is_own):
            item = QListWidgetItem("\n".join(filter(None, (recipe.title, recipe.summary))))
            item.setData(Qt.ItemDataRole.UserRole, recipe.name)
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        self.list.setVisible(self.list.count() > 0)
        self.empty.setVisible(not self.list.count())
        self._offer()

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("My recipes"))
        self.list.setAccessibleName(tr("My recipes"))
        self.empty.setText(
            tr("No recipe of your own yet. Choose a run in the table and keep its options as a recipe, or import one.")
        )
        self.export_button.setText(tr("Export…"))
        self.import_button.setText(tr("Import…"))
        self.delete_button.setText(tr("Remove"))

    def _chosen(self) -> str:
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def _offer(self) -> None:
        for button in (self.export_button, self.delete_button):
            button.setEnabled(bool(self._chosen()))

    def _export(self) -> None:
        name = self._chosen()
        dialog = FileDialog(self, tr("Export the recipe"))
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(_SUFFIX)
        dialog.setNameFilters([f"*{_SUFFIX}"])
        dialog.selectFile(f"{name}{_SUFFIX}")
        dialog.fileSelected.connect(lambda file: self.export_requested.emit(name, Path(file)))
        dialog.open()

    def _import(self) -> None:
        dialog = FileDialog(self, tr("Import a recipe"))
        dialog.setFileMode(FileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"*{_SUFFIX}"])
        dialog.fileSelected.connect(lambda file: self.import_requested.emit(Path(file)))
        dialog.open()
