"""Draws the empty sheet, to be printed. Knows no photograph."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from engine import files
from engine.errors import UserError
from engine.export import style
from engine.i18n import tr
from engine.sheets import layout

DOTS = 300 / 25.4  # to a millimeter
_EDGE_GRAY = 205  # seen by whoever writes, and not by whoever reads
_TEXT_TOP, _TEXT_LEFT = 10.0, 27.0


def draw_sheet() -> Image.Image:
    """Return the sheet in gray at 300 dots per inch, its words in the current language."""
    sheet = Image.new("L", _dots(*layout.PAPER), 255)
    pen = ImageDraw.Draw(sheet)
    for number, middle in enumerate(layout.MARKS):
        _square(pen, middle, layout.MARK, 0)
        if not number:
            _square(pen, middle, layout.MARK / 3, 255)
    for _, left, top in layout.boxes():
        pen.rectangle((_dots(left, top), _dots(left + layout.BOX, top + layout.BOX)), outline=_EDGE_GRAY, width=3)
    for label in layout.LABELS:
        pen.text(_dots(*layout.label_place(label)), str(label), 110, _font(9.0), anchor="mm")
    pen.text(_dots(_TEXT_LEFT, _TEXT_TOP), tr("Your handwriting for a GAN"), 0, _font(6.0))
    pen.text(_dots(_TEXT_LEFT, _TEXT_TOP + 8), tr("One digit in each box, large, with a dark pen."), 0, _font(4.0))
    text = tr("Then take a photograph of the whole sheet, with all four black squares.")
    pen.text(_dots(_TEXT_LEFT, _TEXT_TOP + 13), text, 0, _font(4.0))
    return sheet


def save_sheet(path: Path) -> None:
    """Write the sheet as PDF or PNG, as the name ends; raises ``UserError``."""
    kinds = {".pdf": "PDF", ".png": "PNG"}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise UserError(tr("“{path}” is neither PDF nor PNG.", path=path), tr("Let its name end in .pdf or .png."))
    buffer = BytesIO()
    draw_sheet().save(buffer, kind, resolution=300, dpi=(300, 300))
    files.write_atomically(path, buffer.getvalue())


def _square(pen: ImageDraw.ImageDraw, middle: tuple[float, float], side: float, gray: int) -> None:
    (x, y), half = middle, side / 2
    pen.rectangle((_dots(x - half, y - half), _dots(x + half, y + half)), fill=gray)


def _font(millimeters: float) -> ImageFont.FreeTypeFont:
    return style.font(round(millimeters * DOTS))


def _dots(x: float, y: float) -> tuple[int, int]:
    return round(x * DOTS), round(y * DOTS)
