"""Colors, letters and smooth lines of exported pictures. Knows no run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from engine.arrays import Picture
from engine.export.timeline import Dash, Floats, Role
from engine.resources import RESOURCES

Color = tuple[int, int, int]

FINE = 3
"""Lines are drawn this many times larger and made smaller again: Pillow's own have stairs."""
_PALE_SHARE = 0.3


@dataclass(frozen=True)
class Style:
    """The colors of a picture: those of the duel (Okabe and Ito, 2008) and grays on ``paper``."""

    paper: Color
    text: Color
    quiet: Color
    faint: Color
    inks: dict[Role, Color]

    def pale(self, role: Role) -> Color:
        """Return the ink of ``role`` thinned with paper, for what has not happened yet."""
        return self.blend(self.inks[role], _PALE_SHARE)

    def colors(self) -> list[Color]:
        """Return all inks, strong and pale."""
        return [*self.inks.values(), *map(self.pale, self.inks)]

    def blend(self, ink: Color, share: float) -> Color:
        """Return ``share`` (0 to 1) of ``ink`` on paper."""
        red, green, blue = (
            round(share * front + (1 - share) * back) for front, back in zip(ink, self.paper, strict=True)
        )
        return red, green, blue


def style_of(*, dark: bool) -> Style:
    """Return the colors on a dark surface or on white."""
    inks: dict[Role, Color] = {
        "generator": _color("#E69F00"),
        "discriminator": _color("#56B4E9" if dark else "#0072B2"),
        "real": _color("#A8A8A8" if dark else "#707070"),
    }
    grays = ("#181818", "#F0F0F0", "#A8A8A8", "#2C2C2C") if dark else ("#FFFFFF", "#1C1C1C", "#666666", "#EAEAEA")
    paper, text, quiet, faint = map(_color, grays)
    return Style(paper, text, quiet, faint, inks)


def _color(text: str) -> Color:
    red, green, blue = ImageColor.getrgb(text)[:3]
    return red, green, blue


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the letters that come with Duelo; Pillow's own lack those of Spanish."""
    name = "Roboto-Medium.ttf" if bold else "Roboto-Regular.ttf"
    return ImageFont.truetype(RESOURCES / "fonts" / name, size, layout_engine=ImageFont.Layout.BASIC)


def fitting(text: str, letters: ImageFont.FreeTypeFont, width: float) -> str:
    """Return ``text`` in one line, its end left out with “…” where it is wider than ``width`` pixels."""
    text = " ".join(text.split())[:200]
    if letters.getlength(text) <= width:
        return text
    while text and letters.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def draw_line(draw: ImageDraw.ImageDraw, points: Floats, dash: Dash, color: Color, width: float) -> None:
    """Draw a curve through ``points`` ``[N, 2]``, broken at NaN; ``dash`` and ``width`` are in finished pixels.

    ``draw`` belongs to a picture ``FINE`` times too large; ``points`` are in its pixels.
    """
    thick = max(round(width * FINE), 1)
    for piece in _pieces(points):
        if len(piece) == 1:
            _draw_dot(draw, piece[0], thick / 2, color)
        for stroke in _strokes(piece, dash):
            draw.line([tuple(point) for point in stroke.tolist()], fill=color, width=thick, joint="curve")


def dot(radius: float, ink: Color, paper: Color) -> Image.Image:
    """Return a disc of ``ink`` with a rim of ``paper``, RGBA, to be pasted with itself as its mask."""
    size = math.ceil(radius) + 2
    side = (2 * size + 1) * FINE
    fine = Image.new("RGBA", (side, side), (*paper, 0))
    draw, middle = ImageDraw.Draw(fine), np.array([side / 2, side / 2])
    _draw_dot(draw, middle, (radius + 1.5) * FINE, paper)
    _draw_dot(draw, middle, radius * FINE, ink)
    return fine.reduce(FINE)


def _draw_dot(draw: ImageDraw.ImageDraw, place: Floats, radius: float, color: Color) -> None:
    x, y = place.tolist()
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)


def _pieces(points: Floats) -> Iterator[Floats]:
    """Yield the stretches without NaN."""
    known = np.isfinite(points).all(axis=1).astype(np.int8)
    change = np.diff(known, prepend=0, append=0)
    starts, ends = np.flatnonzero(change > 0), np.flatnonzero(change < 0)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield points[start:end]


def _strokes(piece: Floats, dash: Dash) -> Iterator[Floats]:
    """Yield the drawn parts of a line with dashes of ``dash`` finished pixels, measured along the line."""
    drawn, left_out = (part * FINE for part in dash)
    if not left_out or len(piece) < 2:
        yield from [piece] if len(piece) > 1 else []
        return
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(piece, axis=0).T))])
    for start in np.arange(0.0, along[-1], drawn + left_out).tolist():
        end = min(start + drawn, float(along[-1]))
        places = np.concatenate([[start], along[(along > start) & (along < end)], [end]])
        yield np.stack([np.interp(places, along, piece[:, axis]) for axis in (0, 1)], axis=1)


def enlarged(grid: Picture, width: int, height: int) -> Image.Image:
    """Return ``grid`` as an RGB picture that fits ``width`` × ``height``: pixels are repeated a whole number of times.

    One that is too large is made smaller by a whole number, by averaging.
    """
    picture = Image.fromarray(grid).convert("RGB")
    scale = fit(picture.size, width, height)
    if scale >= 1:
        return picture.resize((int(scale) * picture.width, int(scale) * picture.height), Image.Resampling.NEAREST)
    return picture.reduce(round(1 / scale))


def fit(size: tuple[int, int], width: int, height: int) -> float:
    """Return by how much a picture of ``size`` is enlarged to fit: a whole number, or one divided by one."""
    scale = min(width // size[0], height // size[1])
    return float(scale) if scale >= 1 else 1 / max(math.ceil(size[0] / width), math.ceil(size[1] / height))
