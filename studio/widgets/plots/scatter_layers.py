"""What every view of a scatter does: it holds one, of which some layers are shown. It paints nothing itself."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize, Qt

from studio.model.scatter import LAYERS, Layer, Scatter
from studio.theme import SPACING
from studio.widgets.base.view import View


class ScatterLayers(View):
    """Takes as much room as there is, and the keyboard where a person leads it."""

    def __init__(self) -> None:
        super().__init__()
        self.layers: Collection[Layer] = LAYERS
        """What is shown of what there is."""
        self._scatter: Scatter | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_layers(self, layers: Collection[Layer]) -> None:
        """Show no other layers than these."""
        self.layers = layers
        self.update()

    def sizeHint(self) -> QSize:
        """As much room as there is."""
        return QSize(60 * SPACING, 40 * SPACING)

    def minimumSizeHint(self) -> QSize:
        """Enough to see how the points lie."""
        return QSize(12 * SPACING, 8 * SPACING)

    def apply_palette(self) -> None:
        """Colors are read while painting."""
        self.update()
