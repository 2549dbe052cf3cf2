"""The words of a plot: its title, and of each curve a piece of line, its name and its value at a moment."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from engine.export.style import FINE, Style, draw_line, fitting, font
from engine.export.timeline import Curve, Form, Plot
from engine.i18n import number
from engine.large_numbers import LARGE, short

LINE_HEIGHT = 25
STROKE = 2.2
_TITLE_FONT = font(17, bold=True)
_FONT = font(15)
_SAMPLE = 27
_GAP = 7
_BETWEEN = 22
_BASELINE = 17


class _Entry(NamedTuple):
    """Where a curve's name begins, and where its value ends."""

    left: float
    right: float


class Legend:
    """The words above a plot, in one line where they fit into ``width`` and otherwise, or where asked for, in two."""

    def __init__(self, plot: Plot, width: int, look: Style, least_lines: int = 1) -> None:
        self._plot, self._look = plot, look
        slots = [_slot(curve, plot.form) for curve in plot.curves]
        widths = [_SAMPLE + _GAP + _FONT.getlength(curve.name) + _GAP for curve in plot.curves]
        whole = sum(widths) + sum(slots) + _BETWEEN * (len(slots) - 1)
        self._title = fitting(plot.title, _TITLE_FONT, width)
        fits = _TITLE_FONT.getlength(self._title) + _BETWEEN + whole <= width
        self.lines = least_lines if fits else 2
        left = max(width - whole, 0.0) if self.lines == 1 else 0.0
        self._entries = []
        for name_width, slot in zip(widths, slots, strict=True):
            self._entries.append(_Entry(left, left + name_width + slot))
            left += name_width + slot + _BETWEEN

    def paint(self, picture: Image.Image, x: int, y: int) -> None:
        """Write what stays, the upper left corner at (``x``, ``y``)."""
        draw = ImageDraw.Draw(picture)
        draw.text((x, y + _BASELINE), self._title, self._look.text, _TITLE_FONT, anchor="ls")
        base = y + (self.lines - 1) * LINE_HEIGHT
        for curve, entry in zip(self._plot.curves, self._entries, strict=True):
            left = round(x + entry.left)
            picture.paste(self._sample(curve), (left, base + _BASELINE - 10))
            place = (left + _SAMPLE + _GAP, base + _BASELINE)
            draw.text(place, curve.name, self._look.quiet, _FONT, anchor="ls")

    def write(self, draw: ImageDraw.ImageDraw, x: int, y: int, mark: float) -> None:
        """Write the values at ``mark``."""
        base = y + (self.lines - 1) * LINE_HEIGHT + _BASELINE
        for curve, entry in zip(self._plot.curves, self._entries, strict=True):
            text = _written(curve.value(mark), self._plot.form)
            draw.text((round(x + entry.right), base), text, self._look.text, _FONT, anchor="rs")

    def _sample(self, curve: Curve) -> Image.Image:
        fine = Image.new("RGB", (_SAMPLE * FINE, 10 * FINE), self._look.paper)
        points = np.array([[2.0, 5.0], [_SAMPLE - 2.0, 5.0]]) * FINE
        draw_line(ImageDraw.Draw(fine), points, curve.dash, self._look.inks[curve.role], STROKE)
        return fine.reduce(FINE)


def _slot(curve: Curve, form: Form) -> float:
    """Return how wide the widest value of ``curve`` is, so that the words stand still while it changes."""
    texts = {_written(value, form) for value in [*curve.y.tolist(), math.nan]}
    return max(_FONT.getlength(text) for text in texts)


def _written(value: float, form: Form) -> str:
    if not math.isfinite(value):
        return "–"
    if form == "percent":
        return number(value, ".0%")
    if form == "distance":
        return number(value, ".1g" if value < 0.1 else ".1f" if value < 100 else ",.0f")
    if abs(value) < 1e4:
        return number(value, ".2f")
    return number(value, ",.0f") if abs(value) < LARGE - 0.5 else short(value)
