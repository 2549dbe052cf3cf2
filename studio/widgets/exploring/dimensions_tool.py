"""The single numbers of z as sliders, each with the pictures at its ends. It knows no generator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from engine.arrays import Pictures
from engine.i18n import mark, tr
from studio.help.help_button import HelpButton
from studio.model.explored import Explored
from studio.widgets.exploring.explore_tool import ExploreTool, Wish
from studio.widgets.fields.dimension_sliders import LIMIT, DimensionSliders

_CHANNEL = "dimensions."  # and the first of those whose pictures are asked for together
_SETTLE_MS = 150  # after the last move, before the pictures at the ends are painted anew
_AT_ONCE = 8  # sliders whose pictures are asked for together: between two such wishes, the large picture has its turn


class DimensionsTool(ExploreTool):
    """``reset_requested`` carries the dimension that shall be as it was. What nobody sees, moves no slider."""

    title = mark("Dimensions")
    tip = mark("Move single numbers of z")
    reset_requested = Signal(int)

    def __init__(self, explored: Explored, parent: QWidget | None = None) -> None:
        super().__init__(explored, parent)
        self.sliders, self.ends_box = DimensionSliders(), QCheckBox()
        self.ends_box.setChecked(True)
        self._is_turning = False
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.wishes_changed)
        self.sliders.head.insertWidget(0, self.ends_box)
        self.sliders.head.addWidget(HelpButton("dimensions", self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.sliders)
        explored.moved.connect(self._on_moved)
        self.sliders.number_changed.connect(self._on_number_changed)
        self.sliders.reset_requested.connect(self.reset_requested)
        self.sliders.range_changed.connect(self._settle.start)
        self.ends_box.toggled.connect(self._show_ends)
        self._show_ends(True)
        self.retranslate()

    def begin(self) -> None:
        """Another generator has other numbers."""
        self.sliders.set_z(self.explored.point.z)

    @property
    def asks_soon(self) -> bool:
        """While a slider moves."""
        return self._settle.isActive()

    def wishes(self) -> Sequence[Wish]:
        """Return what each slider that is seen would paint at its ends, a few of them at a time."""
        dimensions = self.sliders.dimensions if self.ends_box.isChecked() else range(0)
        return [self._wish(dimensions[at : at + _AT_ONCE]) for at in range(0, len(dimensions), _AT_ONCE)]

    def show_pictures(self, channel: str, images: Pictures | None) -> None:
        """Show uint8 ``[2 · sliders, H, W]`` or ``[…, 3]``: of each the lower end and the upper."""
        if images is not None and channel.startswith(_CHANNEL):
            self.sliders.show_ends(int(channel.removeprefix(_CHANNEL)), images)

    def clear(self) -> None:
        """Show no picture any more: those there were another generator's."""
        self.sliders.clear_ends()

    def retranslate(self) -> None:
        """Set every text."""
        self.ends_box.setText(tr("Pictures at the ends"))
        self.ends_box.setAccessibleName(self.ends_box.text())
        self.ends_box.setToolTip(tr("What the picture becomes at −3 and at 3; without them more sliders have room"))

    def showEvent(self, event: QShowEvent) -> None:
        """What moved while nobody looked is made up for."""
        super().showEvent(event)
        self.sliders.set_z(self.explored.point.z)

    def _wish(self, dimensions: range) -> Wish:
        point = self.explored.point
        z = np.repeat(point.z[None], 2 * len(dimensions), axis=0)
        for row, dimension in enumerate(dimensions):
            z[2 * row : 2 * row + 2, dimension] = -LIMIT, LIMIT
        return Wish(f"{_CHANNEL}{dimensions.start}", z, self.explored.labels_of([point] * len(z)))

    def _on_moved(self) -> None:
        if not self.isVisible():
            return
        if not self._is_turning:  # else the slider stands where it shall
            self.sliders.set_z(self.explored.point.z)
        self._settle.start()

    def _on_number_changed(self, dimension: int, value: float) -> None:
        self._is_turning = True
        try:
            self.explored.set_number(dimension, value)
        finally:
            self._is_turning = False

    def _show_ends(self, is_on: bool) -> None:
        self.sliders.has_ends = is_on
        self._settle.start()
