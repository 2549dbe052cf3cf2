"""One picture of a style transfer to be chosen: shipped, a file, dropped, pasted, or a generator's. Reads none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy

from engine.arrays import Picture
from engine.i18n import again, mark, tr
from studio.part_keys import STYLE_PASTE
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.pictures.image_view import ImageView
from studio.widgets.pictures.picture_taker import PictureTaker

OWN, NONE, SAMPLE, SAMPLES = "own", "none", "sample", "samples"
"""What can be chosen beside the pictures that come along."""
MADE = ((SAMPLE, mark("One sample of the generator")), (SAMPLES, mark("25 samples of the generator")))
_HEIGHT = 11 * SPACING


class PictureChooser(PictureTaker):
    """``chosen`` carries the key of an entry.

    ``shipped`` are keys and source texts; ``may_be_none``: the first entry is no picture at all.
    """

    chosen = Signal(str)

    def __init__(
        self, place: str, title: str, shipped: Sequence[tuple[str, str]], *, may_be_none: bool = False
    ) -> None:
        super().__init__()
        self.setObjectName(f"style_{place}_chooser")
        self._title, self._own = title, ""
        self._can_make: bool | None = None
        nothing = [(NONE, mark("None"))] if may_be_none else []
        self._entries = [*nothing, *shipped, *MADE]
        self.heading, self.picture = QLabel(), ImageView()
        self.picture.setFixedHeight(_HEIGHT)
        self.box = ElidingComboBox(30 * SPACING)
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for key, _ in self._entries:
            self.box.addItem("", key)
        self.open_button, self.paste_button = CompactButton(), CompactButton()
        self.heading.setBuddy(self.box)
        self._arrange()
        for part in (self.box, self.picture, self.open_button, self.paste_button):
            part.installEventFilter(self)
        self.box.activated.connect(self._on_activated)
        self.open_button.clicked.connect(self.ask_for_file)
        self.paste_button.clicked.connect(self.paste)
        self.offer_made(False)
        self.apply_palette()

    @property
    def key(self) -> str:
        """What is chosen."""
        return str(self.box.currentData())

    def choose(self, key: str) -> None:
        """Show that ``key`` is chosen; nothing is told."""
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self.box.findData(key))

    def offer_made(self, is_there: bool) -> None:
        """Let samples of a generator be chosen, where there is one; arrow keys pass those that cannot.

        Told anew with each epoch that is looked at, also of a page that nobody sees, so that only news is shown.
        """
        if is_there == self._can_make:
            return
        model = self.box.model()
        assert isinstance(model, QStandardItemModel)
        self._can_make = is_there
        for key, _ in MADE:
            model.item(self.box.findData(key)).setEnabled(is_there)
        self.retranslate()

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

    def retranslate(self) -> None:
        """Set every text."""
        title = tr(self._title)
        self.heading.setText(title)
        self.box.setAccessibleName(title)
        self.box.setToolTip(tr("Choose one here, or drop or paste a picture of your own"))
        for place, (_, text) in enumerate(self._entries):
            self.box.setItemText(place, tr(text))
        why = "" if self._can_make else tr("No generator yet. Train first, or open a run.")
        for key, _ in MADE:
            self.box.setItemData(self.box.findData(key), why, Qt.ItemDataRole.ToolTipRole)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+V pastes wherever the focus is in here: a list would look for an entry that begins so."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and STYLE_PASTE.nth(event) is not None:
            self.paste()
            return True
        return super().eventFilter(watched, event)

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
