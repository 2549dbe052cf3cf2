"""The contact sheet: how the samples became what they are, on one page. Knows no film."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageDraw

from engine.export.options import evenly, kind_of
from engine.export.style import Style, enlarged, fitting, font, style_of
from engine.export.timeline import Timeline, epochs_of, read_timeline
from engine.files import atomic_path
from engine.i18n import number, tr
from engine.job import Job, Progress
from engine.runs import RunFolder

_MOST = 24
_CELL = (420, 420)  # the largest that one epoch's samples become
_ASPECT = 4 / 3
_MARGIN = 40
_HEADER = 108
_GAP = 24
_WIDEST_WORDS = 900
_CAPTION = 34
_TITLE_FONT = font(27, bold=True)
_DATA_FONT = font(18)
_CAPTION_FONT = font(16)


def contact_sheet(run: RunFolder, path: Path, *, most: int = _MOST, dark: bool = False) -> Job[Progress, None]:
    """Save the samples of at most ``most`` (≥ 2) epochs of ``run`` as ``path``, .png, and yield how many are done.

    The first and the last epoch are always there. Closing the generator cancels. Raises ``UserError`` for another
    ending, no samples yet, a damaged file of the run, and a place that cannot be written.
    """
    kind_of(path, (".png",))
    with atomic_path(path) as part:
        sheet = yield from draw_sheet(run, most=most, dark=dark)
        sheet.save(part, format="PNG", optimize=True)


def draw_sheet(run: RunFolder, *, most: int = _MOST, dark: bool = False) -> Job[Progress, Image.Image]:
    """Return the sheet as an RGB picture and yield how many epochs of how many are on it."""
    epochs = epochs_of(run)
    timeline = read_timeline(run, evenly(epochs, most), epochs)
    colors, total = style_of(dark=dark), len(timeline.marks)
    cell = enlarged(run.read_samples(epochs[-1]), *_CELL).size
    columns = _columns(total, cell)
    rows = math.ceil(total / columns)
    width = 2 * _MARGIN + max(columns * (cell[0] + _GAP) - _GAP, _header_width(timeline))
    sheet = Image.new("RGB", (width, _HEADER + rows * (cell[1] + _CAPTION + _GAP) - _GAP + _MARGIN), colors.paper)
    _paint_header(sheet, timeline, colors)
    draw = ImageDraw.Draw(sheet)
    for done, mark in enumerate(timeline.marks):
        yield Progress(done, total)
        left = _MARGIN + done % columns * (cell[0] + _GAP)
        top = _HEADER + done // columns * (cell[1] + _CAPTION + _GAP)
        sheet.paste(enlarged(run.read_samples(mark.epoch), *cell), (left, top))
        text = fitting(tr("Epoch {epoch}", epoch=number(mark.epoch)), _CAPTION_FONT, cell[0])
        draw.text((left, top + cell[1] + 24), text, colors.quiet, _CAPTION_FONT, anchor="ls")
    yield Progress(total, total)
    return sheet


def _columns(count: int, cell: tuple[int, int]) -> int:
    """Return how many columns give a sheet that is about as wide as a screen, with no hole but in its last row."""
    ideal = math.sqrt(count * _ASPECT * (cell[1] + _CAPTION + _GAP) / (cell[0] + _GAP))
    return min(max(round(ideal), 1), count)


def _header_width(timeline: Timeline) -> int:
    """Return how much room the words above have need of: those of a trial are wider than its one or two epochs."""
    lines = ((timeline.title, _TITLE_FONT), (_words(timeline), _DATA_FONT))
    return min(math.ceil(max(letters.getlength(text) for text, letters in lines)), _WIDEST_WORDS)


def _words(timeline: Timeline) -> str:
    return " · ".join([timeline.data, timeline.marks[-1].images_text])


def _paint_header(sheet: Image.Image, timeline: Timeline, colors: Style) -> None:
    draw = ImageDraw.Draw(sheet)
    room = sheet.width - 2 * _MARGIN
    draw.text((_MARGIN, 58), fitting(timeline.title, _TITLE_FONT, room), colors.text, _TITLE_FONT, anchor="ls")
    draw.text((_MARGIN, 86), fitting(_words(timeline), _DATA_FONT, room), colors.quiet, _DATA_FONT, anchor="ls")
