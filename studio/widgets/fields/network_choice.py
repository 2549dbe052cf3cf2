"""Which network sees the pictures, and where the weights of the deeper one come from. Reads none."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton

from engine.i18n import tr
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.fields.eliding_combo_box import ElidingComboBox


class NetworkChoice(View):
    """A list of the networks that are there; what brings another one is a menu beside it, so that no arrow key does.

    ``changed`` tells that another one is chosen, ``weights_chosen`` carries the path of a file, and ``weights_wanted``
    says that they are to be downloaded.
    """

    changed = Signal()
    weights_chosen = Signal(str)
    weights_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box, self.more_button = ElidingComboBox(), QPushButton()
        self.box.setObjectName("style_network_box")
        self.more_button.setObjectName("style_network_button")
        menu = QMenu(self.more_button)
        self.open_action, self.fetch_action = menu.addAction(""), menu.addAction("")
        self.more_button.setMenu(menu)
        self._here = self._file = ""
        self._is_awaited = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING // 2)
        row.addWidget(self.box, 1)
        row.addWidget(self.more_button)
        self.box.activated.connect(self.changed)
        self.open_action.triggered.connect(self._ask_for_file)
        self.fetch_action.triggered.connect(self._fetch)
        self._fill("")
        self.retranslate()

    @property
    def weights_file(self) -> str:
        """The file whose weights are used, nothing where it is the network that comes along."""
        return str(self.box.currentData())

    def set_here(self, path: str) -> None:
        """Offer the weights that lie on this machine, nothing where none do; those that were fetched are chosen."""
        chosen = path if self._is_awaited else self.weights_file
        self._here, self._is_awaited = path, False
        self.fetch_action.setEnabled(not path)
        self._fill(chosen)

    def show_file(self, path: str) -> None:
        """Choose the weights in ``path``, nothing for the network that comes along."""
        self._file = path or self._file
        self._fill(path)

    def retranslate(self) -> None:
        """Set every text."""
        self.box.setAccessibleName(tr("Network"))
        self.box.setToolTip(tr("Its features say what content and style are; VGG-19 is that of the first paper"))
        self.more_button.setText(tr("VGG-19"))
        self.more_button.setAccessibleName(tr("Bring the weights of VGG-19"))
        self.more_button.setToolTip(self.more_button.accessibleName())
        self.open_action.setText(tr("From a file…"))
        self.fetch_action.setText(tr("Download (575 MB)"))
        self._fill(self.weights_file)

    def _fill(self, chosen: str) -> None:
        entries = {"": tr("VGG-16, comes with Duelo")}
        if self._here:
            entries[self._here] = tr("VGG-19, on this machine")
        if self._file and self._file != self._here:
            entries[self._file] = tr("VGG-19, {name}", name=self._file.replace("\\", "/").rpartition("/")[2])
        before = self.weights_file
        with QSignalBlocker(self.box):
            self.box.clear()
            for path, text in entries.items():
                self.box.addItem(text, path)
            self.box.setCurrentIndex(max(self.box.findData(chosen), 0))
        if self.weights_file != before:
            self.changed.emit()

    def _fetch(self) -> None:
        self._is_awaited = True
        self.weights_wanted.emit()

    def _ask_for_file(self) -> None:
        dialog = FileDialog(self, tr("torchvision's weights of VGG-19"))
        dialog.setFileMode(FileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.weights_chosen)
        dialog.open()
