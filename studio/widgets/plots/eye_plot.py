"""What a person prefers against the Fréchet distance: each point a small picture, and lines where the two disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsRectItem, QWidget

from engine.i18n import number, tr
from studio.guard import guarded
from studio.theme import SPACING, color
from studio.widgets.pictures.image_view import picture_to_image
from studio.widgets.plots.plain_plot import PlainPlot

_MARGIN = 0.12
_SHARES, _NEAR = 20, 0.4  # percent from one number to the next; scores so near each other have twice as many
_LEAST = 0.2  # of shares, from the lowest to the highest that is seen: two numbers


@dataclass(frozen=True, eq=False)
class EyePoint:
    """Where one stands: its ``frechet`` distance and ``score`` (0 to 1); ``picture`` is uint8 [H, W] or [H, W, 3]."""

    key: str
    frechet: float
    score: float
    picture: NDArray[np.uint8]


@guarded
class EyePlot(PlainPlot):
    """``chosen`` carries the key of the point that a person clicks."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points: Sequence[EyePoint] = ()
        self.lines: Sequence[tuple[str, str]] = ()
        self.current = ""
        self.scene().sigMouseClicked.connect(self._on_clicked)
        self.apply_palette()

    def show_points(self, points: Sequence[EyePoint], lines: Sequence[tuple[str, str]]) -> None:
        """Draw ``points``, and a line between each two keys in ``lines``."""
        self.points, self.lines = points, lines
        self._draw()

    def choose(self, key: str) -> None:
        """Frame one point."""
        if key != self.current:
            self.current = key
            self._draw()

    def retranslate(self) -> None:
        """Name the axes in the current language."""
        self._draw()

    def apply_palette(self) -> None:
        """Take the colors of the theme."""
        self.paint_axes()
        self._draw()

    # --- inside

    def _draw(self) -> None:
        plot = self.getPlotItem()
        plot.clear()
        for item in [it for it in plot.vb.addedItems if isinstance(it, QGraphicsPixmapItem | QGraphicsRectItem)]:
            plot.vb.removeItem(item)
        places = {point.key: (float(np.log10(point.frechet)), point.score) for point in self.points}
        self._name_axes(*map(tuple, zip(*places.values(), strict=True))) if places else self._name_axes()
        for ends in self.lines:
            line = np.array([places[key] for key in ends])
            plot.addItem(
                pg.PlotCurveItem(
                    line[:, 0], line[:, 1], pen=pg.mkPen(color("trouble"), width=2, style=Qt.PenStyle.DashLine)
                )
            )
        for point in sorted(self.points, key=lambda it: it.key == self.current):
            self._put(point, places[point.key])
        if places:
            x, y = np.array(list(places.values())).T
            spread = float(np.ptp(y))
            air = _MARGIN * (float(np.ptp(x)) or 1.0), max(_MARGIN * spread, (_LEAST - spread) / 2)
            self.setRange(
                xRange=(x.min() - air[0], x.max() + air[0]), yRange=(y.min() - air[1], y.max() + air[1]), padding=0.05
            )

    def _put(self, point: EyePoint, place: tuple[float, float]) -> None:
        """Lay the picture of ``point`` at its place, one pixel for one pixel, in a frame."""
        pixmap = QPixmap.fromImage(picture_to_image(point.picture))
        item = QGraphicsPixmapItem(pixmap)
        frame = QGraphicsRectItem(-pixmap.width() / 2 - 1, -pixmap.height() / 2 - 1, pixmap.width() + 1,
                                  pixmap.height() + 1)  # fmt: skip
        is_in_line = any(point.key in ends for ends in self.lines)
        frame.setPen(QPen(self._ink(point.key, is_in_line), 3 if point.key == self.current else 1.5))
        item.setOffset(-pixmap.width() / 2, -pixmap.height() / 2)
        for part in (item, frame):
            part.setFlag(QGraphicsPixmapItem.GraphicsItemFlag.ItemIgnoresTransformations)
            part.setPos(*place)
            self.getPlotItem().vb.addItem(part, ignoreBounds=True)

    def _ink(self, key: str, is_in_line: bool) -> QColor:
        if key == self.current:
            return self.palette().color(QPalette.ColorRole.Highlight)
        return color("trouble" if is_in_line else "real")

    def _name_axes(self, logs: Sequence[float] = (0.0, 1.0), scores: Sequence[float] = (0.0, 1.0)) -> None:
        low, high = min(logs), max(logs)
        step = _SHARES if max(scores) - min(scores) > _NEAR else _SHARES // 2  # some of them are seen in any case
        ticks = [(float(at), number(float(f"{10**at:.3g}"))) for at in np.linspace(low, high, 5)]
        shares = [(share / 100, number(share / 100, ".0%")) for share in range(0, 101, step)]
        for name, marks, title in (
            ("bottom", ticks, tr("Fréchet distance (smaller is better)")),
            ("left", shares, tr("Preferred (more is better)")),
        ):
            self._axes[name].setTicks([marks])
            self._axes[name].setLabel(title)
        letters = self.fontMetrics().horizontalAdvance(number(1.0, ".0%"))
        self._axes["left"].setWidth(letters + self.fontMetrics().height() + 3 * SPACING)

    def _on_clicked(self, event: object) -> None:
        where = self.getPlotItem().vb.mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
        for point in self.points:
            width, height = (abs(float(each)) for each in self.getPlotItem().vb.viewPixelSize())
            near_x = abs(np.log10(point.frechet) - where.x()) <= width * point.picture.shape[1] / 2
            if near_x and abs(point.score - where.y()) <= height * point.picture.shape[0] / 2:
                self.chosen.emit(point.key)
                return
