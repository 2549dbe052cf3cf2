"""The band of healthy runs behind the curves, faint, with the box that shows or hides it. It knows no run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QCheckBox, QWidget

from engine.ghosts import Ghost
from engine.i18n import joined, number, tr, trn
from studio.theme import SPACING, blend
from studio.widgets.base.object_names import set_object_name
from studio.widgets.plots.plot_pair import PlotPair

_FAINT, _EDGE = 0.22, 0.5
_BEGINNING = 0.1  # of the band, in which curves run wild: the plot need not have room for that
_BEHIND = -20
_NEARLY = 0.98  # of a run's epochs: its last moving window may end there
_FADING = 0.1  # of a band that ends before the run: it loses itself, as no run has an edge there


class GhostBands:
    """Puts bands of four series into the plots of ``pair``; ``box`` is legend and switch."""

    def __init__(self, pair: PlotPair, parent: QWidget) -> None:
        self.box = set_object_name(QCheckBox(parent), "ghost_box")
        self.box.setChecked(True)
        self.box.hide()
        self.box.toggled.connect(self._show)
        self._ghost: Ghost | None = None
        self._fills: list[tuple[QColor, QColor]] = []
        self._ends_early = False
        self._pair = pair
        self._bands = [pg.PlotCurveItem(pen=None, fillLevel="enclosed") for _ in range(4)]
        for place, band in enumerate(self._bands):
            band.setZValue(_BEHIND)
            pair.plots[place // 2].addItem(band, ignoreBounds=True)
            band.hide()  # there is none yet

    def show_ghost(self, ghost: Ghost | None, epochs: float = 0.0) -> None:
        """Show the band of ``ghost``, or none, behind a run of so many ``epochs``; one that ends before that fades."""
        self._ghost = ghost
        self._ends_early = ghost is not None and ghost.x[-1] < _NEARLY * epochs
        if ghost is not None:
            self._paint()
            for band, low, high in zip(self._bands, ghost.low, ghost.high, strict=True):
                band.setData(np.concatenate([ghost.x, ghost.x[::-1]]), np.concatenate([low, high[::-1]]))
        self.box.setVisible(True)
        self.box.setEnabled(ghost is not None)
        self.retranslate()
        self._show()

    def _show(self) -> None:
        shown = self._ghost if self.box.isChecked() else None
        for band in self._bands:
            band.setVisible(shown is not None)
        self._pair.leave_room_for(_range_of(shown) if shown else None)

    def set_colors(self, colors: Sequence[QColor], palette: QPalette) -> None:
        """Take the colors of the four curves, thinned; a line around each band keeps a narrow one legible."""
        paper = palette.color(QPalette.ColorRole.Base)
        self._fills = [(blend(color, paper, _FAINT), blend(color, paper, _EDGE)) for color in colors]
        self._paint()
        swatch = QPixmap(2 * SPACING, SPACING)
        painter = QPainter(swatch)
        for place, color in enumerate(colors[:2]):
            painter.fillRect(place * SPACING, 0, SPACING, SPACING, blend(color, paper, 2 * _FAINT))
        painter.end()
        self.box.setIcon(swatch)

    def _paint(self) -> None:
        for band, (fill, edge) in zip(self._bands, self._fills, strict=False):
            band.setBrush(QBrush(self._fading(fill) if self._ends_early else fill))
            pen = QPen(QBrush(self._fading(edge) if self._ends_early else edge), 1)
            pen.setCosmetic(True)
            band.setPen(pen)

    def _fading(self, color: QColor) -> QLinearGradient:
        """Return ``color``, which loses itself toward the end of the band."""
        last = float(self._ghost.x[-1]) if self._ghost is not None else 1.0
        gone = QColor(color)
        gone.setAlpha(0)
        gradient = QLinearGradient(0.0, 0.0, last, 0.0)
        for place, shade in ((0.0, color), (1 - _FADING, color), (1.0, gone)):
            gradient.setColorAt(place, shade)
        return gradient

    def retranslate(self) -> None:
        """Set the texts in the current language; where there is no band, it is said why."""
        last = number(self._ghost.x[-1], ".0f") if self._ghost is not None and self._ends_early else ""
        self.box.setText(tr("Healthy runs, to epoch {epoch}", epoch=last) if last else tr("Healthy runs"))
        self.box.setToolTip(_told(self._ghost, last))


def _told(ghost: Ghost | None, last: str) -> str:
    """Return what the band is, and the ``last`` epoch where it ends before the run; or why there is none."""
    if ghost is None:
        return tr("There is no band: no healthy runs of this recipe with these data and options are known")
    told = trn(
        "Nine of ten points of a healthy run of this recipe should lie in the band, as {count} of them tells",
        "Nine of ten points of a healthy run of this recipe should lie in the band, as {count} of them tell",
        ghost.runs,
    )
    if not last:
        return told
    end = tr("They were trained until epoch {epoch}; of later ones nothing is known.", epoch=last)
    return joined(told, end, between=". ")


def _range_of(ghost: Ghost) -> tuple[float, float]:
    """Return between which losses the bands lie."""
    begun = round(_BEGINNING * len(ghost.x))
    return float(ghost.low[:2, begun:].min()), float(ghost.high[:2, begun:].max())
