"""Where a file goes that a person wants: typed or chosen, with the ending of its kind. It asks no disk itself."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton

from engine import files
from engine.i18n import tr
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.dialogs.dialogs import FileDialog


class SavePlace(View):
    """A place for a file that ends in one of ``endings``; the ending "" means a folder.

    ``changed`` tells that another place is meant or that something else is known of it, ``asked`` wants to know whether
    something lies at a path already (``show_taken`` answers), ``ending_typed`` that a person wrote another ending.
    """

    changed = Signal()
    asked = Signal(Path)
    ending_typed = Signal(str)

    def __init__(self, name: str, endings: Collection[str]) -> None:
        super().__init__()
        self._endings, self._ending = endings, next(iter(endings))
        self._taken: Path | None = None
        self.edit = set_object_name(QLineEdit(), f"{name}_path")
        self.browse_button = set_object_name(QPushButton(autoDefault=False), f"choose_{name}_path_button")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit)
        row.addWidget(self.browse_button)
        self.edit.textChanged.connect(self.look)
        self.edit.editingFinished.connect(self._tell_ending)
        self.browse_button.clicked.connect(self._choose)
        self.retranslate()

    @property
    def is_said(self) -> bool:
        """Whether there is a place at all."""
        return bool(self.edit.text().strip())

    @property
    def is_taken(self) -> bool:
        """Whether it is known that something lies there already."""
        return self.is_said and self._taken == self.path()

    def path(self) -> Path:
        """Return where to save, with the ending of the kind chosen."""
        path = files.typed(self.edit.text().strip())
        if path.suffix.lower() == self._ending or not path.name:
            return path
        known = path.suffix.lower() in self._endings
        return path.with_name((path.stem if known else path.name) + self._ending)

    def set_ending(self, ending: str) -> None:
        """Another kind is chosen: what is said follows, and may be taken there."""
        self._ending = ending
        if self.edit.text():
            self.edit.setText(str(self.path()))
        self.look()

    def suggest(self, path: Path) -> None:
        """Save at ``path`` unless the person has said otherwise."""
        if not self.edit.text():
            self.edit.setText(str(path))

    def settled(self) -> Path:
        """Return where to save, and show it as it will be."""
        path = self.path()
        self.edit.setText(str(path))
        FileDialog.remember(str(path))
        return path

    def look(self) -> None:
        """Ask whether something lies there; another name may be taken already."""
        self.changed.emit()
        if self.is_said:
            self.asked.emit(self.path())

    def show_taken(self, path: Path, is_taken: bool) -> None:
        """Hear whether something lies at ``path``."""
        if path == self.path():
            self._taken = path if is_taken else None
            self.changed.emit()

    def replaced_told(self) -> str:
        """Say that something will be replaced, or nothing."""
        if not self.is_taken:
            return ""
        return tr("the file exists and will be replaced") if self._ending else tr("what is there may be replaced")

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.browse_button.setText(tr("Choose…"))
        self.browse_button.setAccessibleName(tr("Choose where to save"))

    def _tell_ending(self) -> None:
        ending = Path(self.edit.text().strip()).suffix.lower()
        if ending and ending in self._endings:
            self.ending_typed.emit(ending)

    def _choose(self) -> None:
        dialog = FileDialog(self, tr("Choose where to save"), str(self.path()))
        if self._ending:
            dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
            dialog.setFileMode(FileDialog.FileMode.AnyFile)
            dialog.setDefaultSuffix(self._ending)
        else:
            dialog.setFileMode(FileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.edit.setText)
        dialog.fileSelected.connect(self._tell_ending)
        dialog.open()
