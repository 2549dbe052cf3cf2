"""A dialog that asks under which name and with which class wall a person's runs are shared."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from engine.i18n import again, tr
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.dialogs.dialogs import FileDialog


class ShareDialog(Dialog):
    """``chosen`` carries the folder, empty for none, and the student's name.

    Whoever looks whether it can be used accepts the dialog, or says with ``refuse`` what is wrong.
    """

    chosen = Signal(str, str)

    def __init__(self, folder: str, student: str, parent: QWidget | None = None) -> None:
        super().__init__("share_dialog", parent, Buttons.Ok | Buttons.Cancel)
        self.shares = set_object_name(QCheckBox(), "share_runs_box")
        self.shares.setChecked(True)  # who comes for the first time wants to share, who comes again still does
        self.student = set_object_name(QLineEdit(student), "share_student")
        self.folder = set_object_name(QLineEdit(folder), "share_folder")
        self.browse = set_object_name(QPushButton(autoDefault=False), "share_browse")
        self.problem = set_object_name(QLabel(wordWrap=True), "share_problem")
        self._about = QLabel(wordWrap=True)
        self._labels = (QLabel(), QLabel())
        self._said = ""
        self._lay_out()
        self.retranslate()
        self.shares.toggled.connect(self._offer)
        for field in (self.student, self.folder):
            field.textChanged.connect(lambda _: self.refuse(""))
        self.browse.clicked.connect(self._browse)
        self._offer()
        self.student.setFocus()  # all pupils of a room may be called the same by their computers
        self.student.selectAll()

    def refuse(self, message: str) -> None:
        """Say why the wall cannot be used; the person may mend it."""
        self._said = message
        self.problem.setText(message)
        self.problem.setVisible(bool(message))
        self._offer()

    def take(self) -> bool:
        """Tell what was chosen; whoever looks whether it can be used lets the dialog go."""
        is_on = self.shares.isChecked()
        self.refuse(tr("Looking at the class wall…") if is_on else "")  # which may take long in a slow network
        self.buttons.button(Buttons.Ok).setEnabled(False)
        self.chosen.emit(self.folder.text().strip() if is_on else "", self.student.text().strip())
        return False

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Share my runs with the class"))
        self._about.setText(
            tr(
                "While you train, a copy of curves, samples and the newest generator goes into the shared folder, "
                "where the teacher sees it. Your runs stay on this computer."
            )
        )
        self.shares.setText(tr("Share my runs"))
        for label, field, text in zip(
            self._labels, (self.student, self.folder), (tr("Your name"), tr("Class wall")), strict=True
        ):
            label.setText(text)
            field.setAccessibleName(text)
        self.browse.setText(tr("Choose…"))
        self.problem.setText(again(self._said))

    def _lay_out(self) -> None:
        form = self.form()
        form.addRow(self._about)
        form.addRow(self.shares)
        line = QHBoxLayout()
        line.addWidget(self.folder, 1)
        line.addWidget(self.browse)
        for label, field in zip(self._labels, (self.student, self.folder), strict=True):
            label.setBuddy(field)
        form.addRow(self._labels[0], self.student)
        form.addRow(self._labels[1], line)
        form.addRow(self.problem)
        form.addRow(self.buttons)
        self.problem.hide()
        self.resize(72 * SPACING, 24 * SPACING)

    def _offer(self) -> None:
        is_on = self.shares.isChecked()
        for part in (self.student, self.folder, self.browse):
            part.setEnabled(is_on)
        is_whole = bool(self.student.text().strip() and self.folder.text().strip())
        self.buttons.button(Buttons.Ok).setEnabled(is_whole or not is_on)

    def _browse(self) -> None:
        dialog = FileDialog(self, tr("The class wall"), self.folder.text())
        dialog.setFileMode(FileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()
