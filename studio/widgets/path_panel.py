"""The way from a latent vector A to another one, B. Knows no generator: others turn its path into pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QRadioButton, QSlider, QVBoxLayout, QWidget

from engine.arrays import Pictures
from engine.i18n import tr
from engine.latent import interpolation
from studio.theme import SPACING
from studio.widgets.compact import compact
from studio.widgets.picture_table import PictureTable
from studio.widgets.view import View

PICTURES = 10
_STEPS = 200
_THUMBNAIL = 7 * SPACING
_LEAST_STRIP = 8 * SPACING


class PathPanel(View):
    """Two ends with their pictures, a slider between them, and a strip of ten pictures on the way.

    ``point_chosen`` carries the z ``[z_dim]`` under the slider and its class, None for the one chosen elsewhere;
    ``path_changed`` asks for new pictures of ``path()``. ``a_button`` and ``b_button`` mean: take the z and the class
    that are shown now, with ``set_end``. No generator draws half a class: half-way, A's class becomes B's.
    """

    point_chosen = Signal(np.ndarray, object)
    path_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ends = np.zeros((2, 1), np.float32)
        self._classes: list[int | None] = [None, None]
        self.a_picture, self.b_picture, self.strip = PictureTable(), PictureTable(), PictureTable(columns=5)
        for thumbnail in (self.a_picture, self.b_picture):
            thumbnail.setFixedSize(_THUMBNAIL, _THUMBNAIL)
        self.a_button, self.b_button = QPushButton(), QPushButton()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 10)
        self.slider.valueChanged.connect(self._on_moved)
        self.spherical_button, self.linear_button = QRadioButton(), QRadioButton()
        self.spherical_button.setChecked(True)
        self.spherical_button.toggled.connect(self._on_kind_changed)
        self._arrange()
        self.retranslate()
        self.apply_palette()

    def set_ends(self, a: NDArray[np.float32], b: NDArray[np.float32]) -> None:
        """Begin a new path from ``a`` to ``b``, both ``[z_dim]``, at A, in the class that is chosen elsewhere."""
        self._ends, self._classes = np.stack([a, b]), [None, None]
        self._put_slider(0)
        self.path_changed.emit()

    def set_end(self, index: int, z: NDArray[np.float32], label: int) -> None:
        """Make z ``[z_dim]`` of class ``label`` the beginning (0) or the end (1) of the path, with the slider there."""
        self._ends[index], self._classes[index] = z, label
        self._put_slider(index * _STEPS)
        self.path_changed.emit()

    def path(self) -> NDArray[np.float32]:
        """Return the ten points of the strip, float32 ``[10, z_dim]``."""
        way = interpolation.slerp if self.spherical_button.isChecked() else interpolation.lerp
        return way(self._ends[0], self._ends[1], PICTURES)

    def labels(self, chosen: int) -> NDArray[np.int64]:
        """Return the classes of ``path()``, int64 ``[10]``; ``chosen`` is the one that is chosen elsewhere."""
        return np.array([chosen if it is None else it for it in self._classes], np.int64).repeat(PICTURES // 2)

    def limit_height(self, height: int) -> None:
        """Leave what is above the strip where it is, and let the strip have no more than the rest."""
        self.strip.setMaximumHeight(max(height - self._top.sizeHint().height() - 3 * SPACING, _LEAST_STRIP))

    def show_pictures(self, images: Pictures | None) -> None:
        """Show the ten pictures of ``path()``, the first and the last as its ends."""
        self.strip.set_images(images)
        self.a_picture.set_images(None if images is None else images[:1])
        self.b_picture.set_images(None if images is None else images[-1:])

    def retranslate(self) -> None:
        """Set every text."""
        self.a_button.setText(tr("Set A"))
        self.a_button.setToolTip(tr("The path begins at the picture shown above"))
        self.b_button.setText(tr("Set B"))
        self.b_button.setToolTip(tr("The path ends at the picture shown above"))
        self.slider.setAccessibleName(tr("Place between A and B"))
        self.slider.setToolTip(tr("Move the picture above from A to B; half-way, A's class becomes B's"))
        self.spherical_button.setText(tr("Spherical"))
        self.spherical_button.setToolTip(tr("Along the arc: z keeps the length that random vectors have"))
        self.linear_button.setText(tr("Linear"))
        self.linear_button.setToolTip(tr("Straight: half-way, z is shorter than any that G was trained with"))
        self.a_picture.setAccessibleName(tr("Picture of A"))
        self.b_picture.setAccessibleName(tr("Picture of B"))
        self.strip.setAccessibleName(tr("Ten pictures from A to B"))
        for button in (self.a_button, self.b_button, self.spherical_button, self.linear_button):
            button.setAccessibleName(button.text())
        compact(self.a_button, self.b_button)

    def _arrange(self) -> None:
        ways = QVBoxLayout()  # below each other: side by side, the widest words would widen the whole panel
        ways.setSpacing(0)
        for button in (self.spherical_button, self.linear_button):
            ways.addWidget(button)
        kinds = QHBoxLayout()
        kinds.addStretch()
        kinds.addLayout(ways)
        kinds.addStretch()
        middle = QVBoxLayout()
        middle.setSpacing(SPACING)
        middle.addStretch()
        middle.addWidget(self.slider)
        middle.addLayout(kinds)
        middle.addStretch()
        top = self._top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addLayout(_column(self.a_picture, self.a_button))
        top.addLayout(middle, 1)
        top.addLayout(_column(self.b_picture, self.b_button))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(2 * SPACING)
        layout.addLayout(top)
        layout.addWidget(self.strip)
        layout.addStretch()

    def _put_slider(self, value: int) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(value)

    def _on_moved(self) -> None:
        way = interpolation.slerp_at if self.spherical_button.isChecked() else interpolation.lerp_at
        share = np.array([self.slider.value() / _STEPS])
        label = self._classes[int(self.slider.value() > _STEPS // 2)]
        self.point_chosen.emit(way(self._ends[0], self._ends[1], share)[0], label)

    def _on_kind_changed(self) -> None:
        self.path_changed.emit()
        if 0 < self.slider.value() < _STEPS:
            self._on_moved()


def _column(picture: PictureTable, button: QPushButton) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(SPACING // 2)
    column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addWidget(button)
    return column
