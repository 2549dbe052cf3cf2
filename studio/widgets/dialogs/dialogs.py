"""Qt's file dialog and message box in the language of the moment, also while they are open. They know no purpose."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMessageBox, QPushButton, QWidget

from engine.i18n import again, tr
from studio.guard import guarded


@guarded
class FileDialog(QFileDialog):
    """``title`` is a text of ``engine.i18n``; it deletes itself once it is closed.

    Without a ``directory`` it begins where a file was chosen last, as Qt remembers; the first one at home, not where
    the program happens to have been started from, which may be its own folder.
    """

    def __init__(self, parent: QWidget, title: str, directory: str = "") -> None:
        super().__init__(parent, title, directory)
        if not directory and self.directory() == QDir.current():
            self.setDirectory(QDir.homePath())
        self.fileSelected.connect(lambda file: self.setDirectory(str(Path(file).parent)))  # a name may be a whole path
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = title
        self._name()

    def changeEvent(self, event: QEvent) -> None:
        """Qt says again what it knows, and we the rest."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()

    def _name(self) -> None:
        """Name what Qt's own Spanish leaves in English, too."""
        self.setWindowTitle(again(self._title))
        self.setLabelText(QFileDialog.DialogLabel.LookIn, tr("Folder:"))
        self.setLabelText(QFileDialog.DialogLabel.FileName, tr("File name:"))
        self.setLabelText(QFileDialog.DialogLabel.FileType, tr("Kind of file:"))


@guarded
class MessageBox(QMessageBox):
    """Texts of ``engine.i18n``; it deletes itself once it is closed.

    Where a button destroys something, Enter presses the one that does not.
    """

    def __init__(self, parent: QWidget, title: str, text: str, more: str) -> None:
        super().__init__(parent, textFormat=Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._texts = (title, text, more)
        self._buttons: list[tuple[QAbstractButton, str]] = []
        self._say()

    def add(self, text: str, role: QMessageBox.ButtonRole) -> QAbstractButton:
        """Add a button and return it."""
        button = self.addButton(text, role)
        self._buttons.append((button, text))
        by_role = {self.buttonRole(each): each for each, _ in self._buttons}
        harmless = by_role.get(QMessageBox.ButtonRole.RejectRole)
        if QMessageBox.ButtonRole.DestructiveRole in by_role and isinstance(harmless, QPushButton):
            self.setDefaultButton(harmless)
        return button

    def changeEvent(self, event: QEvent) -> None:
        """Say everything again."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()

    def _say(self) -> None:
        title, text, more = map(again, self._texts)
        self.setWindowTitle(title)
        self.setText(text)
        self.setInformativeText(more)
        for button, name in self._buttons:
            button.setText(again(name))
