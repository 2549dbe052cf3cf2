"""Points of any number of columns with their legend: a plane of two, a matrix of more. Knows no run."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from engine.arrays import Picture
from engine.i18n import again, joined, tr
from studio.model.scatter import LAYERS, Layer, Scatter
from studio.text.scatter import columns_told, told
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.pictures.image_view import image_to_picture
from studio.widgets.plots.scatter_legend import ScatterLegend
from studio.widgets.plots.scatter_matrix import ScatterMatrix
from studio.widgets.plots.scatter_plot import ScatterPlot

_SWITCHES = 6 * SPACING
_ENOUGH = 50 * SPACING


class ScatterView(View):
    """``legend`` has the switches; whoever binds them calls ``show_layers``."""

    def __init__(self) -> None:
        super().__init__()
        self.scatter: Scatter | None = None
        """What is shown."""
        self.layers: Collection[Layer] = LAYERS
        self.plot = set_object_name(ScatterPlot(), "point_plot")
        self.matrix = set_object_name(ScatterMatrix(), "point_matrix")
        self.legend = ScatterLegend()
        self._placeholder = ""
        self._stack = QStackedWidget()
        for page in (self.plot, self.matrix):
            self._stack.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self._stack, 1)
        row.addWidget(self.legend)
        self.retranslate()

    def show_scatter(self, scatter: Scatter | None, placeholder: str = "") -> None:
        """Show ``scatter``, or ``placeholder`` where there is nothing."""
        self.scatter, self._placeholder = scatter, placeholder
        is_matrix = scatter is not None and scatter.is_matrix
        self._stack.setCurrentWidget(self.matrix if is_matrix else self.plot)
        self.matrix.show_scatter(scatter if is_matrix else None)
        self.plot.show_scatter(None if is_matrix else scatter, placeholder)
        self.legend.show_scatter(scatter)
        self._say()

    def show_layers(self, layers: Collection[Layer]) -> None:
        """Show no other layers than these."""
        self.layers = layers
        self.plot.show_layers(layers)
        self.matrix.show_layers(layers)

    def picture(self) -> Picture | None:
        """Return what is seen as a picture uint8 ``[H, W, 3]``, None where there is nothing."""
        if self.scatter is None:
            return None
        seen = self._stack.grab().toImage()
        return image_to_picture(seen.convertToFormat(seen.Format.Format_RGB32))

    def minimumSizeHint(self) -> QSize:
        """Room for the plane, and for the switches without their words."""
        least = self.plot.minimumSizeHint()
        return QSize(least.width() + _SWITCHES, least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the plane needs it more than words."""
        super().resizeEvent(event)
        self.legend.be_narrow(self.width() < _ENOUGH)

    def retranslate(self) -> None:
        """Set every text of its own, and say in the current language what it was given."""
        self._placeholder = again(self._placeholder)
        if self.scatter is None:
            self.plot.show_scatter(None, self._placeholder)
        self._say()

    def _say(self) -> None:
        """Tell who cannot see it how much there is; of a wide table, how many columns are left out."""
        scatter = self.scatter
        text = self._placeholder if scatter is None else told(scatter)
        if scatter is not None:
            text = joined(text, columns_told(scatter), between=". ")
        for page in (self.plot, self.matrix):
            page.setAccessibleName(tr("{data:Pictures}") if not text else tr("{data:Pictures}: {what}", what=text))
        self.matrix.setToolTip(text)
