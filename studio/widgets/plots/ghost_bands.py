"""The band of healthy runs behind the curves, faint, with the box that shows or hides it. It knows no run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QCheckBox, QWidget

from engine.ghosts import Ghost
from engine.i18n import tr, trn
from studio.theme import SPACING, blend
from studio.widgets.base.object_names import set_object_name
from studio.widgets.plots.plot_pair import PlotPair

_FAINT = 0.2
_BEHIND = -20


class GhostBands:
    """Puts bands of four series into the plots of ``pair``; ``box``, legend and switch, is there while it has any."""

    def __init__(self, pair: PlotPair, parent: QWidget) -> None:
        self.box = set_object_name(QCheckBox(parent), "ghost_box")
        self.box.setChecked(True)
        self.box.hide()
        self.box.toggled.connect(self._show)
        self._ghost: Ghost | None = None
        self._bands = [pg.PlotCurveItem(pen=None, fillLevel="enclosed") for _ in range(4)]
        for place, band in enumerate(self._bands):
            band.setZValue(_BEHIND)
            pair.plots[place // 2].addItem(band, ignoreBounds=True)
            band.hide()  # there is none yet

    def show_ghost(self, ghost: Ghost | None) -> None:
        """Show the band of ``ghost``, or none."""
        self._ghost = ghost
        if ghost is not None:
            for band, low, high in zip(self._bands, ghost.low, ghost.high, strict=True):
                band.setData(np.concatenate([ghost.x, ghost.x[::-1]]), np.concatenate([low, high[::-1]]))
        self.box.setVisible(ghost is not None)
        self.retranslate()
        self._show()

    def _show(self) -> None:
        for band in self._bands:
            band.setVisible(self._ghost is not None and self.box.isChecked())

    def set_colors(self, colors: Sequence[QColor], palette: QPalette) -> None:
        """Take the colors of the four curves, thinned."""
        paper = palette.color(QPalette.ColorRole.Base)
        for band, color in zip(self._bands, colors, strict=True):
            band.setBrush(pg.mkBrush(blend(color, paper, _FAINT)))
        swatch = QPixmap(2 * SPACING, SPACING)
        painter = QPainter(swatch)
        for place, color in enumerate(colors[:2]):
            painter.fillRect(place * SPACING, 0, SPACING, SPACING, blend(color, paper, 2 * _FAINT))
        painter.end()
        self.box.setIcon(swatch)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.box.setText(tr("Healthy runs"))
        count = self._ghost.runs if self._ghost else 0
        self.box.setToolTip(
            trn(
                "The band in which the curves of {count} healthy run of this recipe lie",
                "The band in which nine of ten points of the curves of {count} healthy runs of this recipe lie",
                count,
            )
        )
