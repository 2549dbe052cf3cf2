"""The textbook's sweep: all numbers of z are the same and go from -1 to 1. Knows no generator."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.arrays import Pictures
from engine.i18n import mark, number, tr
from engine.latent import interpolation
from studio.help.help_button import HelpButton
from studio.model.explored import Explored
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.exploring.explore_tool import ExploreTool, Wish
from studio.widgets.exploring.sweep_window import SweepWindow
from studio.widgets.fields.save_picture import PictureToSave
from studio.widgets.pictures.sweep_sheet import SweepSheet

SWEEP = "latent.sweep"
_MOST_CLASSES = 20


class SweepPanel(ExploreTool):
    """A row of ten pictures for each class; for one class only where there are none, or more than twenty.

    The picture that is clicked is the point that is looked at from then on. A window of its own shows the same pictures
    as large as the screen allows; ``save_requested`` carries a ``PictureToSave``.
    """

    save_requested = Signal(PictureToSave)

    title = mark("Sweep")
    tip = mark("Move all numbers of z together")

    def __init__(self, explored: Explored, parent: QWidget | None = None) -> None:
        super().__init__(explored, parent)
        self.setObjectName("sweep_panel")
        self._names: tuple[str, ...] = ()
        self._images: NDArray[np.uint8] | None = None
        self._origin = ""
        self._large: SweepWindow | None = None
        self.sheet, self._note = SweepSheet(), QLabel(wordWrap=True)
        self.enlarge_button = set_object_name(QPushButton(), "enlarge_sweep_button")
        self.enlarge_button.clicked.connect(self._enlarge)
        self.sheet.chosen.connect(self._go)
        explored.moved.connect(self._on_moved)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING)
        below = QHBoxLayout()
        below.addWidget(self.enlarge_button, 1)
        below.addWidget(HelpButton("sweep", self))
        for part in (self.sheet, self._note):
            layout.addWidget(part)
        layout.addLayout(below)
        layout.addStretch()
        self.retranslate()
        self.apply_palette()

    @property
    def is_enlarged(self) -> bool:
        """Whether somebody looks at the large window, wherever this panel is."""
        return self._large is not None and self._large.isVisible()

    def begin(self) -> None:
        """Sweep the classes of another generator."""
        self._names = self.explored.class_names
        self._images = None
        self.sheet.set_names(self._rows())
        self._on_moved()
        self._update_large()

    def wishes(self) -> list[Wish]:
        """Return the pictures of all rows; of the class that is chosen where there is a single one."""
        if not self.explored.z_dim:
            return []
        sweep = interpolation.sweep(self.explored.z_dim)
        self.sheet.show_lengths(sweep)
        if self._rows():
            return [Wish(SWEEP, *interpolation.rows(sweep, np.arange(len(self._names))))]
        return [Wish(SWEEP, sweep, self.explored.labels_of([self.explored.point] * len(sweep)))]

    def limit_height(self, height: int) -> None:
        """Let the pictures have no more than what the note and the button leave of ``height``."""
        note = max(self._note.sizeHint().height(), self._note.heightForWidth(self.width()))
        self.sheet.limit_height(height - note - self.enlarge_button.sizeHint().height() - 4 * SPACING)

    def show_pictures(self, channel: str, images: Pictures | None) -> None:
        """Show the pictures of all rows, uint8 ``[N, H, W]`` or ``[N, H, W, 3]``."""
        if channel != SWEEP:
            return
        self._images = images
        self.sheet.show_pictures(images)
        self._update_large()

    def clear(self) -> None:
        """Show none, in the large window neither."""
        self.show_pictures(SWEEP, None)

    def say_origin(self, text: str) -> None:
        """Say in the large window whose pictures these are."""
        self._origin = text
        self._update_large()

    def retranslate(self) -> None:
        """Set every text."""
        low, *_, high = (number(float(value), ".2g") for value in interpolation.sweep_values())
        self._note.setText(tr("All numbers of z are equal and go from {low} to {high}.", low=low, high=high))
        self.enlarge_button.setText(tr("Large…"))
        self.enlarge_button.setAccessibleName(tr("Show the sweep large"))
        self.enlarge_button.setToolTip(tr("Show the sweep large, copy it, or save it as a PNG file"))

    def _rows(self) -> tuple[str, ...]:
        return self._names if len(self._names) <= _MOST_CLASSES else ()

    def _go(self, index: int) -> None:
        row, column = divmod(index, interpolation.SWEEP_COUNT)
        self.explored.go(interpolation.sweep(self.explored.z_dim)[column], row if self._rows() else None)

    def showEvent(self, event: QShowEvent) -> None:
        """The point may have moved while nobody looked."""
        super().showEvent(event)
        self._on_moved()

    def _on_moved(self) -> None:
        """Frame the picture of the point that is looked at, where it is one of these and anybody sees it."""
        if not self.isVisible():
            return
        z, label, shares = self.explored.point
        found = np.flatnonzero((interpolation.sweep(len(z)) == z).all(axis=1)).tolist()
        row = label if self._rows() else 0
        is_one = len(found) == 1 and not (shares and self._rows())  # without any z, all are the same
        self.sheet.choose(row * interpolation.SWEEP_COUNT + found[0] if is_one else None)

    def _enlarge(self) -> None:
        if self._large is None:
            self._large = SweepWindow(self.window())
            self._large.save_requested.connect(self.save_requested)
        self._update_large()
        self._large.show()
        self._large.activateWindow()

    def _update_large(self) -> None:
        if self._large is not None:
            self._large.show_sweep(self._rows(), self._images, self._origin)
