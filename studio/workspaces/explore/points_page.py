"""What the numbers of z do where G makes points: one point to move, and the sheet on which all of its neighbors lie.

It asks for points by a signal and is told of them by a slot; it knows neither torch nor who makes them.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.i18n import joined, mark, number, tr
from engine.latent.sampling import random_z
from studio.help.help_button import HelpButton
from studio.model.explored import Explored
from studio.model.scatter import Scatter, Values
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.theme import SPACING
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.object_names import set_object_name
from studio.widgets.exploring.explore_page import ExplorePage
from studio.widgets.fields.dimension_sliders import DimensionSliders
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.plots.scatter_view import ScatterView

CHANNEL = "points.all"
_OTHERS = 300  # random points, to see where G goes at all
_REACH, _LINES, _FINE = 2.5, 9, 25  # the sheet: from -2.5 to 2.5, so many lines each way, so many places on each
_MAX_SEED = 999_999


class PointsPage(ExplorePage):
    """Turns the point ``explored``. Two numbers of z span a sheet: lines on which one of them alone changes."""

    title = mark("Points")
    tip = mark("Turn the numbers of z, and see where the point goes")
    topic = "explored_points"
    wants_kept = False
    of_points = True

    def __init__(self, explored: Explored, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("points_page")
        self._explored = explored
        self._ground: Scatter | None = None
        self._is_turning = False
        self.view = ScatterView()
        self.view.legend.hide()
        self.told = set_object_name(QLabel(wordWrap=True), "point_told")
        self.seed_box = NumberBox(0, _MAX_SEED, whole=True)
        self.random_button = CompactButton()
        self.across_box, self.up_box = (NumberBox(0, 0, whole=True) for _ in range(2))
        for box in self._boxes():
            box.setSingleStep(1)  # a seed and a dimension are names, no amounts
        self._labels = [QLabel(), QLabel(), QLabel()]
        for label, box in zip(self._labels, self._boxes(), strict=True):
            label.setBuddy(box)
        self.sliders = DimensionSliders()
        self._lay_out()
        explored.moved.connect(self._on_moved)
        self.seed_box.valueChanged.connect(self._take_seed)
        self.random_button.clicked.connect(lambda: self.seed_box.setValue(secrets.randbelow(_MAX_SEED + 1)))
        for box in (self.across_box, self.up_box):
            box.valueChanged.connect(self._ask)
        self.sliders.number_changed.connect(self._on_number_changed)
        self.sliders.reset_requested.connect(lambda dimension: self._explored.set_number(dimension, 0.0))
        self.retranslate()

    # ---------------------------------------------------------------- slots

    def set_model(self, z_dim: int, class_names: tuple[str, ...]) -> None:
        """Explore a generator with ``z_dim`` numbers."""
        self._explored.begin(z_dim, class_names)
        for box, value in ((self.across_box, 0), (self.up_box, 1)):
            with QSignalBlocker(box):
                box.setRange(0, max(z_dim - 1, 0))
                box.setValue(min(value, max(z_dim - 1, 0)))
        self.sliders.set_z(self._explored.point.z)
        self.show_ground(None)

    def show_ground(self, scatter: Scatter | None) -> None:
        """Show ``scatter`` below what is made here: its real points, and the rectangle in which they lie."""
        self._ground = None if scatter is None else replace(scatter, generated=scatter.generated[:0], push=None)
        self.view.show_scatter(self._ground, tr("No generator yet. Train first, or open a run."))
        self._ask()

    def show_pictures(self, channel: str, images: NDArray[Any]) -> None:
        """Show points float32 ``[N, 1, 1, C]``, from -1 to 1 where real ones lie, if they were made for this page."""
        ground = self._ground
        if channel != CHANNEL or ground is None or len(images) != 1 + _OTHERS + 2 * _LINES * _FINE:
            return
        points = self._own(images.reshape(len(images), -1), ground)
        lines = points[1 + _OTHERS :].reshape(2 * _LINES, _FINE, -1)
        seen = replace(ground, generated=points[1 : 1 + _OTHERS], marked=points[0], ways=tuple(lines))
        self.view.show_scatter(seen)
        numbers = zip(ground.names, points[0].tolist(), strict=True)
        self.told.setText(joined(*(f"{name}: {number(float(f'{each:.4g}'))}" for name, each in numbers), between=" · "))

    def render_again(self, origin: SnapshotRef = NEWEST) -> None:
        """Another generator, that of ``origin``, makes the points."""
        self._ask()

    def retranslate(self) -> None:
        """Set every text."""
        for label, text in zip(self._labels, (tr("Seed"), tr("Sheet of"), tr("and")), strict=True):
            label.setText(text)
        self.seed_box.setAccessibleName(tr("Seed of z"))
        self.seed_box.setToolTip(tr("The same seed gives the same random z again"))
        for box in (self.across_box, self.up_box):
            box.setAccessibleName(tr("Number of z that spans the sheet"))
            box.setToolTip(tr("The thin lines show where the point goes while this number of z alone changes"))
        self.random_button.setText(tr("New random z"))
        self.random_button.setAccessibleName(self.random_button.text())
        if self._ground is None:
            self.view.show_scatter(None, tr("No generator yet. Train first, or open a run."))

    def showEvent(self, event: QShowEvent) -> None:
        """What was not asked for while nobody looked is asked for now."""
        super().showEvent(event)
        self._on_moved()

    # ---------------------------------------------------------------- z and points

    @staticmethod
    def _own(points: NDArray[np.float32], ground: Scatter) -> Values:
        """Return points ``[N, C]`` in the units of the data."""
        from engine.points.scatter import REACH

        middle, half = (ground.high + ground.low) / 2, (ground.high - ground.low) / 2
        return np.asarray(middle + points / REACH * half)

    def _ask(self) -> None:
        if not self._explored.z_dim or self._ground is None or not self.isVisible():
            return
        z = self._explored.point.z
        others = random_z(_OTHERS, len(z), 0)
        asked = np.concatenate([z[None], others, self._sheet(z)])
        labels = np.full(len(asked), min(self._explored.point.label, 0), np.int64)
        self.pictures_requested.emit(CHANNEL, asked, labels)

    def _sheet(self, z: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the z of all lines, one after the other: first those across, then those up."""
        across, up = int(self.across_box.value()), int(self.up_box.value())
        fine, coarse = (np.linspace(-_REACH, _REACH, count) for count in (_FINE, _LINES))
        lines = np.repeat(z[None], 2 * _LINES * _FINE, axis=0).reshape(2, _LINES, _FINE, len(z))
        lines[0, :, :, across], lines[0, :, :, up] = fine[None], coarse[:, None]
        lines[1, :, :, up], lines[1, :, :, across] = fine[None], coarse[:, None]
        return lines.reshape(-1, len(z)).astype(np.float32)

    def _take_seed(self) -> None:
        if self._explored.z_dim:
            self._explored.go_to_seed(int(self.seed_box.value()))

    def _on_number_changed(self, dimension: int, value: float) -> None:
        self._is_turning = True  # the slider stands where it shall
        try:
            self._explored.set_number(dimension, value)
        finally:
            self._is_turning = False

    def _on_moved(self) -> None:
        if not self.isVisible():
            return  # pictures are explored: its sliders would move with each of theirs
        with QSignalBlocker(self.seed_box):
            self.seed_box.setValue(self._explored.seed)
        if not self._is_turning and self._explored.z_dim:
            self.sliders.set_z(self._explored.point.z)
        self._ask()

    # ---------------------------------------------------------------- building

    def _boxes(self) -> tuple[NumberBox, NumberBox, NumberBox]:
        return self.seed_box, self.across_box, self.up_box

    def _lay_out(self) -> None:
        controls = WrappingLayout(spacing=SPACING)
        for label, box in zip(self._labels, self._boxes(), strict=True):
            pair = QWidget()
            line = QHBoxLayout(pair)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(label)
            line.addWidget(box, 1)
            controls.addWidget(pair)
            if box is self.seed_box:
                controls.addWidget(self.random_button)
        controls.addWidget(HelpButton(self.topic, self))
        content = QWidget()
        right = QVBoxLayout(content)
        right.setContentsMargins(0, 0, 0, 0)
        right.addLayout(controls)
        for box in self._boxes():
            right.addWidget(box.note)
        right.addWidget(self.told)
        right.addWidget(self.sliders, 1)
        row = QHBoxLayout(self.body)
        row.setSpacing(2 * SPACING)
        row.addWidget(self.view, 3)
        room = QWidget()
        scroll_down(room, content)
        row.addWidget(room, 2)
