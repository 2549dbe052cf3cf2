"""One plot of the film: the whole run pale, strong up to a moment, and a cursor there. Knows no samples."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeVar

import numpy as np
from PIL import Image, ImageDraw

from engine.export.axes import epoch_ticks, scaled, value_range, value_ticks
from engine.export.legend import LINE_HEIGHT, STROKE, Legend
from engine.export.style import FINE, Color, Style, dot, draw_line, font
from engine.export.timeline import Curve, Floats, Plot
from engine.i18n import tr

_FONT = font(14)
_LEAST_GUTTER = 48
_BESIDE = 10  # between a number and the axis
_PAD = 6  # around the plotting area, so that lines and dots at its edge are whole
BELOW = 46  # for the numbers of the epochs and their title
_ABOVE = 8
_DOT = 4.5
_FARTHEST = 20  # heights: Pillow draws no line to a point at infinity

_Number = TypeVar("_Number", float, Floats)


class Box(NamedTuple):
    """A rectangle in pixels."""

    left: int
    top: int
    width: int
    height: int


def gutter_of(plot: Plot) -> int:
    """Return how many pixels the numbers beside ``plot`` take, with what parts them from it."""
    texts = [text for _, text in value_ticks(plot.form, *value_range(plot))]
    return max(_LEAST_GUTTER, math.ceil(max(map(_FONT.getlength, texts), default=0)) + _BESIDE)


class Chart:
    """Draws ``plot`` into ``box`` over the epochs 0 to ``x_end``; the last one in a column shows the epochs below.

    Its curves begin ``gutter`` pixels from the left, behind the numbers. Both states of the curves, as a whole and
    over, are drawn once; a picture of the film takes a part of each.
    """

    def __init__(
        self, plot: Plot, legend: Legend, box: Box, gutter: int, x_end: float, look: Style, *, has_epochs: bool
    ) -> None:
        self._plot, self._legend, self._look, self._x_end = plot, legend, look, x_end
        self._corner = box.left, box.top
        top = box.top + legend.lines * LINE_HEIGHT + _ABOVE
        bottom = box.top + box.height - (BELOW if has_epochs else _PAD)
        self._area = Box(box.left + gutter, top, box.width - gutter - _PAD, max(bottom - top, 1))
        self._has_epochs = has_epochs
        self._low, self._high = value_range(plot)
        self._strong = self._layer(is_pale=False)
        self._dots = [dot(_DOT, look.inks[curve.role], look.paper) for curve in plot.curves]

    def paint(self, picture: Image.Image) -> None:
        """Draw what stays: words, axes, and the whole run in pale."""
        self._legend.paint(picture, *self._corner)
        area, draw = self._area, ImageDraw.Draw(picture)
        picture.paste(self._layer(is_pale=True), (area.left - _PAD, area.top - _PAD))
        for value, text in value_ticks(self._plot.form, self._low, self._high):
            draw.text((area.left - _BESIDE, area.top + self._y(value)), text, self._look.quiet, _FONT, anchor="rm")
        if not self._has_epochs:
            return
        bottom = area.top + area.height + _PAD
        for epoch, text in epoch_ticks(self._x_end):
            draw.text((area.left + self._x(epoch), bottom + 6), text, self._look.quiet, _FONT, anchor="mt")
        draw.text((area.left + area.width, bottom + 25), tr(self._plot.along), self._look.quiet, _FONT, anchor="rt")

    def advance(self, picture: Image.Image, draw: ImageDraw.ImageDraw, mark: float) -> None:
        """Draw the curves up to ``mark`` (in epochs), a cursor there, and the values."""
        area, x = self._area, round(self._x(mark))
        seen = self._strong.crop((0, 0, x + _PAD, self._strong.height))
        picture.paste(seen, (area.left - _PAD, area.top - _PAD))
        cursor = area.left + x
        draw.line((cursor, area.top, cursor, area.top + area.height), self._look.quiet, 1)
        for curve, sprite in reversed(list(zip(self._plot.curves, self._dots, strict=True))):
            y = self._y(self._scaled(curve.height(mark)))
            if -_PAD <= y <= area.height + _PAD:  # not where there is no value, nor outside the plot
                place = cursor - sprite.width // 2, area.top + round(y) - sprite.height // 2
                picture.paste(sprite, place, sprite)
        self._legend.write(draw, *self._corner, mark)

    def _layer(self, *, is_pale: bool) -> Image.Image:
        """Return the plotting area with its grid and all curves, from their first row to their last."""
        area = self._area
        size = (area.width + 2 * _PAD, area.height + 2 * _PAD)
        fine = Image.new("RGB", (size[0] * FINE, size[1] * FINE), self._look.paper)
        draw = ImageDraw.Draw(fine)
        self._draw_grid(draw)
        for curve in reversed(self._plot.curves):
            color = self._look.pale(curve.role) if is_pale else self._look.inks[curve.role]
            self._draw_curve(draw, curve, color)
        return fine.reduce(FINE)

    def _draw_grid(self, draw: ImageDraw.ImageDraw) -> None:
        for value, _ in value_ticks(self._plot.form, self._low, self._high):
            y = round(self._y(value) + _PAD) * FINE
            draw.rectangle((_PAD * FINE, y, (_PAD + self._area.width) * FINE - 1, y + FINE - 1), self._look.faint)

    def _draw_curve(self, draw: ImageDraw.ImageDraw, curve: Curve, color: Color) -> None:
        farthest = _FARTHEST * self._area.height
        heights = np.clip(self._y(scaled(self._plot.form, curve.y)), -farthest, farthest)
        points = np.stack([self._x(curve.x), heights], axis=1)
        draw_line(draw, (points + _PAD) * FINE, curve.dash, color, STROKE)

    def _scaled(self, value: float) -> float:
        return float(scaled(self._plot.form, np.array([value]))[0])

    def _x(self, epochs: _Number) -> _Number:
        return epochs / self._x_end * (self._area.width - 1)

    def _y(self, value: _Number) -> _Number:
        return (self._high - value) / (self._high - self._low) * (self._area.height - 1)
