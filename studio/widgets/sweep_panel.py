"""The textbook's sweep: all numbers of z are the same and go from -1 to 1. Knows no generator."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.i18n import number, tr
from engine.latent import paths
from studio.theme import GRID
from studio.widgets.picture_table import PictureTable
from studio.widgets.view import View

PICTURES = 10
_MOST_CLASSES = 20


class SweepPanel(View):
    """A row of ten pictures for each class; for one class only where there are none, or more than twenty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self.table = PictureTable(columns=PICTURES, gap=1)
        self._note = QLabel(wordWrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.table)
        layout.addWidget(self._note)
        layout.addStretch()
        self.retranslate()
        self.recolour()

    def set_names(self, names: tuple[str, ...]) -> None:
        """Sweep these classes."""
        self._names = names
        self.retranslate()

    def wanted(self, z_dim: int, label: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return z ``[N, z_dim]`` and labels ``[N]`` of all rows; ``label`` is for a single row, -1 without classes."""
        classes = np.arange(len(self._names)) if self._has_rows() else np.array([label])
        return np.tile(paths.sweep(z_dim, PICTURES), (len(classes), 1)), np.repeat(classes, PICTURES)

    def show_pictures(self, images: NDArray[np.uint8] | None) -> None:
        """Show the pictures of ``wanted()``, uint8 ``[N, H, W]`` or ``[N, H, W, 3]``."""
        self.table.set_images(images)

    def retranslate(self) -> None:
        """Set every text and number."""
        numbers = [number(float(value), ".2g") for value in np.linspace(-1, 1, PICTURES)]
        self.table.set_labels(numbers, [tr(name) for name in self._names] if self._has_rows() else ())
        note = tr("All numbers of z are equal and go from {low} to {high}.", low=numbers[0], high=numbers[-1])
        self._note.setText(note)
        self.table.setAccessibleName(note)
        self.table.setToolTip(note)

    def _has_rows(self) -> bool:
        return 0 < len(self._names) <= _MOST_CLASSES
