"""What plots that are not moved or enlarged have alike: two axes in the colors of the theme, no menu and no buttons.

It imports pyqtgraph: whoever wants a window quickly imports it later.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from studio.guard import guarded
from studio.theme import blend
from studio.widgets.plots.scaled_plot import ScaledPlot
from studio.widgets.plots.time_plot import PlotAxis
from studio.widgets.plots.unused_menu import tie_menu

_FAINT = 0.3  # of the ink of the text


@guarded
class PlainPlot(ScaledPlot):
    """A subclass draws upon it in ``apply_palette``, with ``paint_axes`` first, and at the end of its ``__init__``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._is_painted = False
        self._axes = {"left": PlotAxis("left"), "bottom": PlotAxis("bottom")}
        super().__init__(parent, axisItems=self._axes, enableMenu=False)
        tie_menu(self)
        self.setFrameShape(self.Shape.NoFrame)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a subclass that hears keys lets Tab in again

    def ink(self, share: float) -> QColor:
        """Return the color of the text, thinned to ``share`` of it."""
        roles = QPalette.ColorRole
        return blend(self.palette().color(roles.Text), self.palette().color(roles.Base), share)

    def apply_palette(self) -> None:
        """Draw everything again in the colors of the theme."""
        self.paint_axes()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and size of text, which reach the plot after its panel."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._is_painted:
            self.apply_palette()

    def paint_axes(self) -> None:
        """Take the colors of the theme and the size of text."""
        self._is_painted = True
        self.setBackground(self.palette().color(QPalette.ColorRole.Base))
        for axis in self._axes.values():
            axis.setPen(self.ink(_FAINT))
            axis.setTextPen(self.palette().color(QPalette.ColorRole.Text))
            axis.setStyle(tickFont=self.font())
