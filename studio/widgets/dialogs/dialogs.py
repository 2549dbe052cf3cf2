"""Qt's file dialog and message box in the language of the moment, also while they are open. They know no purpose."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QDir, QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMessageBox, QPushButton, QWidget

from engine.i18n import again, tr
from studio.guard import guarded


@guarded
class FileDialog(QFileDialog):
    """``title`` is a text of ``engine.i18n``; it deletes itself once it is closed.

    Without a ``directory`` it begins in ``last_folder``, the one of what was opened or saved last, the first one at
    home. What Qt remembers is no help: a dialog that was canceled, or that had a ``directory``, changes it, too, and
    it begins where the program was started from, which may be its own folder.
    """

    last_folder: ClassVar[str] = ""

    def __init__(self, parent: QWidget, title: str, directory: str = "") -> None:
        super().__init__(parent, title, directory or self.last_folder or QDir.homePath())
        self.fileSelected.connect(FileDialog.remember)
        self.filesSelected.connect(lambda files: FileDialog.remember(files[0]))  # the other one tells no several
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = title
        self._name()

    @staticmethod
    def remember(path: str) -> None:
        """Let the next one begin in the folder of ``path``, which a person chose or typed."""
        FileDialog.last_folder = str(Path(path).parent)

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
