"""Draw a picture, or bring one, and see it found in latent space. Knows no generator: it tells what to look for."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.arrays import Picture
from engine.i18n import again, tr
from studio import theme
from studio.help.help_button import HelpButton
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.exploring.drawing_panel import DrawingPanel
from studio.widgets.messages.work_bar import WorkBar
from studio.widgets.pictures.image_view import ImageView

_SETTLE_MS = 600  # after the last stroke, before it is looked for


class FindPanel(View):
    """``drawing_changed`` carries uint8 ``[S, S]`` a moment after a stroke, ``file_chosen`` the path of a picture.

    ``pixels_given`` carries one that was dropped, ``cancel_requested`` ends the search under way.
    """

    drawing_changed = Signal(np.ndarray)
    file_chosen = Signal(str)
    pixels_given = Signal(np.ndarray)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find_panel")
        self.drawing, self.wanted, self.found = DrawingPanel(), ImageView(), ImageView()
        self.work, self.words = WorkBar(keeps_room=True), QLabel(wordWrap=True)
        self._wanted_title, self._found_title = QLabel(), QLabel()
        self._help = HelpButton("find", self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._tell)
        self._text = ""
        self._arrange()
        self._connect()
        self.retranslate()
        self.apply_palette()

    def set_size(self, size: int) -> None:
        """Draw for pictures of ``size`` × ``size`` pixels."""
        self.drawing.canvas.set_size(size)
        self.show_nothing()
        self.say("")

    def show_nothing(self) -> None:
        """Show neither what is looked for nor what was found."""
        self.show_wanted(None)
        self.show_found(None)

    def show_wanted(self, picture: Picture | None) -> None:
        """Show what is looked for, as the generator would have to draw it: uint8 ``[H, W]`` or ``[H, W, 3]``."""
        self.wanted.set_picture(picture)

    def show_found(self, picture: Picture | None) -> None:
        """Show the best so far, uint8 ``[H, W]`` or ``[H, W, 3]``."""
        self.found.set_picture(picture)

    def show_progress(self, share: float | None) -> None:
        """Show how far the search is (0 to 1), or that there is none."""
        self.work.show_share(share)

    def say(self, text: str) -> None:
        """Say ``text`` below the pictures, or what there is to do where it is empty."""
        self._text = text
        usual = tr("Draw what you are looking for, or drop a picture here: its z is searched while you watch.")
        self.words.setText(text or usual)

    def retranslate(self) -> None:
        """Set every text."""
        self._wanted_title.setText(tr("Looked for"))
        self._found_title.setText(tr("Found"))
        self.wanted.setAccessibleName(tr("What is looked for"))
        self.found.setAccessibleName(tr("The most similar picture of the generator so far"))
        self.work.name_it(tr("Search for the picture"), tr("End the search"))
        self.say(again(self._text))

    def apply_palette(self) -> None:
        """What was found wears the generator's color, what is looked for that of real data."""
        self.found.set_frame(theme.color("generator"))
        self.wanted.set_frame(theme.color("real"))

    def minimumSizeHint(self) -> QSize:
        """Room for canvas and pictures."""
        return QSize(40 * SPACING, 30 * SPACING)

    # ---------------------------------------------------------------- building

    def _arrange(self) -> None:
        pictures = QGridLayout()
        pictures.setSpacing(SPACING // 2)
        for row, (title, picture) in enumerate(((self._wanted_title, self.wanted), (self._found_title, self.found))):
            pictures.addWidget(title, 2 * row, 0)
            pictures.addWidget(picture, 2 * row + 1, 0)
            pictures.setRowStretch(2 * row + 1, 1)
        both = QHBoxLayout()
        both.setSpacing(2 * SPACING)
        both.addWidget(self.drawing, 3)
        both.addLayout(pictures, 2)
        below = QHBoxLayout()
        below.setSpacing(SPACING)
        below.addWidget(self.work, 1)
        below.addWidget(self._help)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(both, 1)
        layout.addLayout(below)
        layout.addWidget(self.words, 0, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self.drawing.drawn.connect(self._settle.start)
        self.drawing.cleared.connect(self._on_cleared)
        self.drawing.file_chosen.connect(self.file_chosen)
        self.drawing.pixels_given.connect(self.pixels_given)
        self.drawing.take_on(self)
        self.work.canceled.connect(self.cancel_requested)

    def _on_cleared(self) -> None:
        self._settle.stop()
        self.cancel_requested.emit()
        self.show_nothing()
        self.say("")

    def _tell(self) -> None:
        self.drawing_changed.emit(self.drawing.canvas.drawing())
