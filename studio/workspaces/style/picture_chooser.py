"""One picture of a style transfer to be chosen: shipped, a file, dropped, pasted, or a generator's. Reads none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy

from engine.arrays import Picture
from engine.i18n import again, mark, tr
from studio.part_keys import STYLE_PASTE
from studio.theme import SPACING
from studio.widgets.base.compact import compact
from studio.widgets.base.view import View
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.pictures.image_view import ImageView, image_to_picture

OWN, NONE, SAMPLE, SAMPLES = "own", "none", "sample", "samples"
"""What can be chosen beside the pictures that come along."""
MADE = ((SAMPLE, mark("One sample of the generator")), (SAMPLES, mark("25 samples of the generator")))
_HEIGHT = 11 * SPACING


class PictureChooser(View):
    """``chosen`` carries the key of an entry, ``file_chosen`` a path, ``pasted`` a picture uint8 [H, W, 3].

    ``shipped`` are keys and source texts; ``may_be_none``: the first entry is no picture at all.
    """

    chosen = Signal(str)
    file_chosen = Signal(str)
    pasted = Signal(np.ndarray)

    def __init__(
        self, place: str, title: str, shipped: Sequence[tuple[str, str]], *, may_be_none: bool = False
    ) -> None:
        super().__init__()
        self.setObjectName(f"style_{place}_chooser")
        self.setAcceptDrops(True)
        self._title, self._own = title, ""
        nothing = [(NONE, mark("None"))] if may_be_none else []
        self._entries = [*nothing, *shipped, *MADE]
        self.heading, self.picture = QLabel(), ImageView()
        self.picture.setFixedHeight(_HEIGHT)
        self.box = ElidingComboBox(30 * SPACING)
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for key, _ in self._entries:
            self.box.addItem("", key)
        self.open_button, self.paste_button = QPushButton(), QPushButton()
        self.heading.setBuddy(self.box)
        self._arrange()
        for part in (self.box, self.picture, self.open_button, self.paste_button):
            part.installEventFilter(self)
        self.box.activated.connect(self._on_activated)
        self.open_button.clicked.connect(self._ask_for_file)
        self.paste_button.clicked.connect(self.paste)
        self.retranslate()
        self.apply_palette()

    @property
    def key(self) -> str:
        """What is chosen."""
        return str(self.box.currentData())

    def choose(self, key: str) -> None:
        """Show that ``key`` is chosen; nothing is told."""
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self.box.findData(key))

    def show_own(self, name: str) -> None:
        """Show that a person's own picture called ``name`` is chosen."""
        self._own = name
        if self.box.findData(OWN) < 0:
            self.box.addItem("", OWN)
        self.choose(OWN)
        self.retranslate()

    def show_picture(self, picture: Picture | None) -> None:
        """Show what was chosen, uint8 [H, W] or [H, W, 3]."""
        self.picture.set_picture(picture)

    def paste(self) -> None:
        """Take the picture that lies on the clipboard, or the file."""
        clipboard = QGuiApplication.clipboard()
        paths = [url.toLocalFile() for url in clipboard.mimeData().urls() if url.isLocalFile()]
        image = clipboard.image()
        if paths:
            self.file_chosen.emit(paths[0])
        elif not image.isNull():
            self.pasted.emit(image_to_picture(image))

    def retranslate(self) -> None:
        """Set every text."""
        title = tr(self._title)
        self.heading.setText(title)
        self.box.setAccessibleName(title)
        self.box.setToolTip(tr("Choose one here, or drop or paste a picture of your own"))
        for place, (_, text) in enumerate(self._entries):
            self.box.setItemText(place, tr(text))
        if (own := self.box.findData(OWN)) >= 0:
            self.box.setItemText(own, tr("Yours: {name}", name=again(self._own)))
        self.picture.setAccessibleName(title)
        for button, text, tip in (
            (self.open_button, tr("File…"), tr("Open a picture of your own")),
            (self.paste_button, tr("Paste"), tr("Take the picture from the clipboard")),
        ):
            button.setText(text)
            button.setAccessibleName(f"{text} ({title})")
            button.setToolTip(tip)
            compact(button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+V pastes wherever the focus is in here: a list would look for an entry that begins so."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and STYLE_PASTE.nth(event) is not None:
            self.paste()
            return True
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the picture that was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.file_chosen.emit(paths[0])

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING // 2)
        grid.addWidget(self.heading, 0, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.picture, 1, 0, 1, 2)
        grid.addWidget(self.box, 2, 0, 1, 2)
        grid.addWidget(self.open_button, 3, 0)
        grid.addWidget(self.paste_button, 3, 1)

    def _on_activated(self) -> None:
        self.chosen.emit(self.key)

    def _ask_for_file(self, _checked: bool = False) -> None:
        dialog = FileDialog(self, tr("A picture of your own"))
        dialog.setFileMode(FileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.file_chosen)
        dialog.open()


class CompactChooser(PictureChooser):
    """The same in one line and without the picture, for what is seldom chosen."""

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING // 2)
        for column, part in enumerate((self.heading, self.box, self.open_button)):
            grid.addWidget(part, 0, column)
        grid.setColumnStretch(1, 1)
        for part in (self.picture, self.paste_button):
            part.setParent(self)
            part.hide()
