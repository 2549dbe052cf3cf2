"""A dialog that asks where searches lie: on this computer, in a file on a shared folder, on a database server.

It opens no storage: whoever shows it looks whether one is there, and says what is wrong with ``refuse``.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from engine.i18n import again, tr
from engine.search import places
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.dialogs.dialogs import FileDialog

_ENDING = ".journal"
_HOME, _FILE, _SERVER = range(3)


class SearchPlaceDialog(Dialog):
    """``chosen`` carries the storage, its password with it, when the person wants to use it."""

    chosen = Signal(str)

    def __init__(self, where: str, parent: QWidget | None = None) -> None:
        super().__init__("search_place_dialog", parent, Buttons.Ok | Buttons.Cancel)
        self.kinds = tuple(
            set_object_name(QRadioButton(), f"search_place_{kind}") for kind in ("home", "file", "server")
        )
        self.file = set_object_name(QLineEdit(), "search_place_path")
        self.browse = set_object_name(QPushButton(autoDefault=False), "search_place_browse")
        self.url = set_object_name(QLineEdit(), "search_place_url")
        self.password = set_object_name(QLineEdit(echoMode=QLineEdit.EchoMode.Password), "search_place_password")
        self.problem = set_object_name(QLabel(wordWrap=True), "search_place_problem")
        self._about = QLabel(wordWrap=True)
        self._hints = (QLabel(wordWrap=True), QLabel(wordWrap=True))
        self._labels = (QLabel(), QLabel())
        self._said = ""
        self._lay_out()
        self._fill(where)
        self.retranslate()
        self._connect()
        self._offer()

    @property
    def where(self) -> str:
        """The storage as it is typed, with its password."""
        if self.kinds[_FILE].isChecked():
            path = self.file.text().strip()
            return path if not path or places.journal_path(path) else f"{path}{_ENDING}"
        if self.kinds[_SERVER].isChecked():
            return places.with_password(self.url.text().strip(), self.password.text())
        return ""

    def refuse(self, message: str) -> None:
        """Say why the storage cannot be used; the person may mend it."""
        self._said = message
        self.problem.setText(message)
        self.problem.setVisible(bool(message))
        self._offer()

    # --- inside

    def _lay_out(self) -> None:
        grid = self._with_rim(QGridLayout(self))
        grid.setColumnMinimumWidth(0, 2 * SPACING)
        whole: Sequence[QWidget] = (self._about, self.kinds[_HOME], self.kinds[_FILE])
        for row, part in enumerate(whole):
            grid.addWidget(part, row, 0, 1, 4)
        grid.addWidget(self.file, 3, 1, 1, 2)
        grid.addWidget(self.browse, 3, 3)
        grid.addWidget(self._hints[0], 4, 1, 1, 3)
        grid.addWidget(self.kinds[_SERVER], 5, 0, 1, 4)
        for row, label, field in ((6, self._labels[0], self.url), (7, self._labels[1], self.password)):
            label.setBuddy(field)
            grid.addWidget(label, row, 1)
            grid.addWidget(field, row, 2, 1, 2)
        grid.addWidget(self._hints[1], 8, 1, 1, 3)
        grid.addWidget(self.problem, 9, 0, 1, 4)
        grid.addWidget(self.buttons, 10, 0, 1, 4)
        grid.setColumnStretch(2, 1)
        self.problem.hide()
        self.resize(72 * SPACING, 48 * SPACING)

    def _fill(self, where: str) -> None:
        plain, password = places.without_password(where)
        kind = _SERVER if places.is_url(plain) else _FILE if plain else _HOME
        self.kinds[kind].setChecked(True)
        self.kinds[kind].setFocus()  # from where arrows and Tab go on
        self.file.setText(plain if kind == _FILE else "")
        self.url.setText(plain if kind == _SERVER else "")
        self.password.setText(password)

    def _connect(self) -> None:
        for kind in self.kinds:
            kind.toggled.connect(self._offer)
        for field in (self.file, self.url, self.password):
            field.textChanged.connect(lambda _: self.refuse(""))
        self.url.textEdited.connect(self._part_password)
        self.browse.clicked.connect(self._browse)

    def _part_password(self, text: str) -> None:
        """Nobody who looks on shall read a password that comes with a URL."""
        plain, password = places.without_password(text)
        if password:
            with QSignalBlocker(self.url):
                self.url.setText(plain)
            self.password.setText(password)

    def _offer(self) -> None:
        for part in (self.file, self.browse):
            part.setEnabled(self.kinds[_FILE].isChecked())
        for part in (self.url, self.password):
            part.setEnabled(self.kinds[_SERVER].isChecked())
        is_complete = bool(self.where) or self.kinds[_HOME].isChecked()
        self.buttons.button(Buttons.Ok).setEnabled(is_complete)

    def _browse(self) -> None:
        dialog = FileDialog(self, tr("A file for searches"), self.file.text())
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setOption(FileDialog.Option.DontConfirmOverwrite)  # one that is there is gone on with
        dialog.setDefaultSuffix(_ENDING)
        dialog.setNameFilters([f"*{_ENDING}"])
        dialog.fileSelected.connect(self.file.setText)
        dialog.open()

    def take(self) -> bool:
        """Tell the storage; whoever looks whether it can be used lets the dialog go."""
        self.buttons.button(Buttons.Ok).setEnabled(False)
        self._said = tr("Looking whether it can be used…")
        self.problem.setText(self._said)
        self.problem.show()
        self.chosen.emit(self.where)
        return False

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Where searches are kept"))
        self._about.setText(
            tr("Machines that reach the same place work on the same searches, and nothing is done twice.")
        )
        titles = (tr("On this computer"), tr("In a file on a shared folder"), tr("On a database server"))
        for kind, title in zip(self.kinds, titles, strict=True):
            kind.setText(title)
        self.file.setPlaceholderText(f"/…/{tr('searches')}{_ENDING}")
        self.file.setAccessibleName(tr("The file"))
        self.browse.setText(tr("Choose…"))
        self.url.setPlaceholderText(tr("postgresql://name@server/database"))
        for label, field, name in zip(
            self._labels, (self.url, self.password), (tr("Address"), tr("Password")), strict=True
        ):
            label.setText(name)
            field.setAccessibleName(name)
        self._hints[0].setText(tr("Pictures and runs of the trials lie in a folder beside it, so that all see them."))
        self._hints[1].setText(
            tr("PostgreSQL or MySQL, with the user's name. The password is asked for at each start, and kept nowhere.")
        )
        self.buttons.button(Buttons.Ok).setText(tr("Keep them there"))
        self.problem.setText(again(self._said))
