"""What the marks of a plot of points mean, each beside a switch, and from which color to which D's opinion goes.

The switches are told what they do by whoever binds them; it knows no run.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout

from engine.i18n import tr
from studio.model.scatter import LAYERS, Layer, Scatter
from studio.text.scatter import modes_told
from studio.theme import SPACING
from studio.widgets.base.bold import heading
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.plots import point_marks
from studio.widgets.plots.color_scale import ColorScale

_SIDE = 2 * SPACING
_ARROW = ((3.0, 12.0, 13.0, 4.0), (13.0, 4.0, 8.5, 4.5), (13.0, 4.0, 11.0, 8.0))  # of 16 pixels


class ScatterLegend(View):
    """``buttons`` are the switches, by layer; those of layers that are not there are hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons = {layer: _switch(layer) for layer in LAYERS}
        self._scale = ColorScale()
        self._modes = set_object_name(heading(), "modes_found")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        for button in self.buttons.values():
            column.addWidget(button)
            if button is self.buttons["field"]:
                column.addWidget(self._scale)
        column.addWidget(self._modes)
        column.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._scatter: Scatter | None = None
        self._is_narrow = False
        self.show_scatter(None)
        self.retranslate()
        self.apply_palette()

    def be_narrow(self, is_narrow: bool) -> None:
        """Leave out all words where there is no room for them; tool tips say them."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            style = Qt.ToolButtonStyle.ToolButtonIconOnly if is_narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            for button in self.buttons.values():
                button.setToolButtonStyle(style)
            self.show_scatter(self._scatter)

    def show_scatter(self, scatter: Scatter | None) -> None:
        """Offer what there is of ``scatter``, and say how many modes are found."""
        self._scatter = scatter
        there = scatter.layers if scatter is not None else ()
        for layer, button in self.buttons.items():
            button.setVisible(layer in there)
        self._scale.setVisible("field" in there and not self._is_narrow)
        self._say_modes()

    def retranslate(self) -> None:
        """Set every text of its own."""
        self._scale.set_words(
            tr("generated"),
            tr("real"),
            tr("From pale, which D takes to be generated, to blue, which it takes to be real"),
        )
        self._say_modes()

    def apply_palette(self) -> None:
        """Paint the marks in the colors of the theme."""
        for layer, button in self.buttons.items():
            button.setIcon(QIcon(self._mark(layer)))
        inks = point_marks.inks(self.palette())
        self._scale.set_colors(point_marks.field_color(0.0, inks), point_marks.field_color(1.0, inks))

    def _say_modes(self) -> None:
        text = modes_told(self._scatter) if self._scatter is not None else ""
        self._modes.setText(text)
        self._modes.setVisible(bool(text) and not self._is_narrow)

    def _mark(self, layer: Layer) -> QPixmap:
        inks, ratio = point_marks.inks(self.palette()), self.devicePixelRatioF()
        pixmap = QPixmap(QSize(_SIDE, _SIDE) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if layer == "push":
            painter.setPen(inks.text)
            for x, y, right, down in _ARROW:
                painter.drawLine(QPointF(x, y), QPointF(right, down))
        elif layer == "field":
            painter.fillRect(2, 2, _SIDE - 4, _SIDE - 4, point_marks.field_color(1.0, inks))
        else:
            mark = (
                point_marks.cross(inks.real, 8, ratio)
                if layer == "real"
                else point_marks.disc(inks.generated, inks.text, 9, ratio)
            )
            size = mark.deviceIndependentSize()
            painter.drawPixmap(QPointF((_SIDE - size.width()) / 2, (_SIDE - size.height()) / 2), mark)
        painter.end()
        return pixmap


def _switch(layer: Layer) -> QToolButton:
    button = set_object_name(QToolButton(autoRaise=True), f"points_{layer}_button")
    button.setCheckable(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setIconSize(QSize(_SIDE, _SIDE))
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button
