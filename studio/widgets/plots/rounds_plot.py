"""How many pictures people and D told right, round by round, at the epochs at which they played.

It imports pyqtgraph: whoever wants a window quickly imports it later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from engine.i18n import tr
from studio import theme
from studio.guard import guarded
from studio.widgets.plots.plain_plot import PlainPlot

if TYPE_CHECKING:
    from engine.runs import Round

_LEAST_EPOCHS = 9  # on the axis, on which halves of one would stand otherwise
_DOT, _SQUARE = 9, 13  # pixels: where both told as many right, both are seen


@guarded
class RoundsPlot(PlainPlot):
    """Its axes: epochs, and the share told right in percent; squares are D's, dots are people's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rounds: tuple[Round, ...] = ()
        self.draw()

    def show_rounds(self, rounds: Sequence[Round]) -> None:
        """Draw these."""
        self._rounds = tuple(rounds)
        self.draw()

    def apply_palette(self) -> None:
        """Draw it again in the colors of the theme."""
        self.draw()

    def draw(self) -> None:
        """Draw it again, in the colors and the language of the moment."""
        self.paint_axes()
        ink, rounds = self.ink(1), self._rounds
        self._axes["bottom"].setLabel(tr("Epoch"), color=ink.name())
        self._axes["left"].setLabel(tr("told right, %"), color=ink.name())
        self.clear()
        self.setYRange(0, 100)
        self.setXRange(0, max([_LEAST_EPOCHS, *(each.epoch for each in rounds)]) + 1)
        epochs = [each.epoch for each in rounds]
        for rights, color, symbol, size in (
            ([each.d_right for each in rounds], theme.color("discriminator"), "s", _SQUARE),
            ([each.right for each in rounds], ink, "o", _DOT),
        ):
            shares = [100 * right / max(each.count, 1) for right, each in zip(rights, rounds, strict=True)]
            self.plot(epochs, shares, pen=None, symbol=symbol, symbolSize=size, symbolBrush=color, symbolPen=None)
