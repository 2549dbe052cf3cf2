"""Where everything stands in a picture of the film: words above, samples and curves below. Reads no files."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.export.chart import BELOW, Box, Chart, gutter_of
from engine.export.legend import Legend
from engine.export.style import Style, enlarged, fit, fitting, font, style_of
from engine.export.timeline import Mark, Timeline

_SIZES = ((1280, 720), (1600, 900), (1920, 1080))
_MARGIN = 32
_BETWEEN = 36
_STACKED = 18
_HEADER = 104
_CHART_WIDTH = 480  # at least
_ROW_HEIGHTS = 280, 400  # the least and the most for plots side by side
_TITLE_FONT = font(27, bold=True)
_DATA_FONT = font(18)


class _Layout(NamedTuple):
    """How large a picture is, where samples may stand, and where each plot stands."""

    size: tuple[int, int]
    samples: Box
    charts: tuple[Box, ...]
    is_row: bool


class Frames:
    """Draws the pictures of a film; those of ``timeline``'s last epoch look like ``grid``, which decides the layout."""

    def __init__(self, timeline: Timeline, grid: NDArray[np.uint8], *, dark: bool = False) -> None:
        self._timeline, self._look = timeline, style_of(dark=dark)
        layout = _layout((grid.shape[1], grid.shape[0]), len(timeline.plots))
        self.is_color, self.inks = grid.ndim == 3, self._look.colors()
        self.size, self._samples = layout.size, layout.samples
        self._charts = _charts(timeline, layout, self._look)
        self._still = Image.new("RGB", self.size, self._look.paper)
        self._paint_header()
        for chart in self._charts:
            chart.paint(self._still)

    def draw(self, mark: Mark, grid: NDArray[np.uint8]) -> Image.Image:
        """Return the RGB picture of ``mark`` with its sample ``grid``, uint8 ``[H, W]`` or ``[H, W, 3]``."""
        picture = self._still.copy()
        draw = ImageDraw.Draw(picture)
        right = self.size[0] - _MARGIN
        draw.text((right, 52), mark.epoch_text, self._look.text, _TITLE_FONT, anchor="rs")
        draw.text((right, 80), mark.images_text, self._look.quiet, _DATA_FONT, anchor="rs")
        box = self._samples
        samples = enlarged(grid, box.width, box.height)
        rest = box.width - samples.width, box.height - samples.height
        picture.paste(samples, (box.left + rest[0] // 2, box.top + rest[1] // 2))
        for chart in self._charts:
            chart.advance(picture, draw, mark.x)
        return picture

    def _paint_header(self) -> None:
        draw = ImageDraw.Draw(self._still)
        taken = _TITLE_FONT.getlength(self._timeline.marks[-1].epoch_text)
        room = self.size[0] - 2 * _MARGIN - taken - _BETWEEN
        for y, text, color, letters in (
            (52, self._timeline.title, self._look.text, _TITLE_FONT),
            (80, self._timeline.data, self._look.quiet, _DATA_FONT),
        ):
            draw.text((_MARGIN, y), fitting(text, letters, room), color, letters, anchor="ls")


def _charts(timeline: Timeline, layout: _Layout, look: Style) -> list[Chart]:
    def legends(least_lines: int) -> list[Legend]:
        pairs = zip(timeline.plots, layout.charts, strict=True)
        return [Legend(plot, box.width, look, least_lines) for plot, box in pairs]

    words = legends(1)
    if layout.is_row:  # side by side, the plots begin at the same height
        words = legends(max(legend.lines for legend in words))
    last, gutter = len(words) - 1, max(map(gutter_of, timeline.plots))
    return [
        Chart(plot, legend, box, gutter, timeline.x_end, look, has_epochs=layout.is_row or number == last)
        for number, (plot, legend, box) in enumerate(zip(timeline.plots, words, layout.charts, strict=True))
    ]


def _layout(grid: tuple[int, int], plots: int) -> _Layout:
    """Return the first layout, from small to large, in which a ``grid`` (width, height) need not be made smaller.

    In each size, samples stand beside the plots, or above them where they come out larger there.
    """
    for size in _SIZES:
        room = size[0] - 2 * _MARGIN, size[1] - _HEADER - _MARGIN
        beside = room[0] - _CHART_WIDTH - _BETWEEN, room[1]
        above = room[0], room[1] - _ROW_HEIGHTS[0] - _BETWEEN
        is_row = fit(grid, *above) > fit(grid, *beside)
        scale = fit(grid, *(above if is_row else beside))
        if scale >= 1:
            break
    taken = round(grid[0] * scale), round(grid[1] * scale)
    return _row(size, taken, plots) if is_row else _column(size, taken, plots)


def _column(size: tuple[int, int], taken: tuple[int, int], plots: int) -> _Layout:
    height = size[1] - _HEADER - _MARGIN
    left = _MARGIN + taken[0] + _BETWEEN
    width = size[0] - _MARGIN - left
    each = (height - BELOW - (plots - 1) * _STACKED) // plots
    tops = [_HEADER + number * (each + _STACKED) for number in range(plots)]
    charts = tuple(Box(left, top, width, each) for top in tops[:-1])
    charts += (Box(left, tops[-1], width, _HEADER + height - tops[-1]),)
    return _Layout(size, Box(_MARGIN, _HEADER, taken[0], height), charts, is_row=False)


def _row(size: tuple[int, int], taken: tuple[int, int], plots: int) -> _Layout:
    width, height = size[0] - 2 * _MARGIN, size[1] - _HEADER - _MARGIN
    top = _HEADER + max(taken[1], height - _BETWEEN - _ROW_HEIGHTS[1]) + _BETWEEN
    each = (width - (plots - 1) * _BETWEEN) // plots
    lefts = [_MARGIN + number * (each + _BETWEEN) for number in range(plots)]
    charts = tuple(Box(left, top, each, _HEADER + height - top) for left in lefts)
    return _Layout(size, Box(_MARGIN, _HEADER, width, top - _HEADER - _BETWEEN), charts, is_row=True)
