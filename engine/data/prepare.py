"""From one picture file of any format and size to a small square of pixels. Knows nothing of folders and classes."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.config import Config
from engine.data.picture_files import Reason, readable_formats

SMALLEST_SIDE = 16
_MOST_PIXELS = 64_000_000  # 200 MB once unpacked; JPEG may have more, it is made smaller while unpacking
_COLOUR_DIFFERENCE, _COLOUR_SHARE = 16, 0.01  # what JPEG makes of grey paper stays below
_DEEP_LIMITS = {"F": (1.0, 255.0, 65535.0), "I": (255.0, 65535.0)}


@dataclass(frozen=True)
class Look:
    """How pictures become images; the names and values are those of the options in ``engine.config``."""

    image_size: int = 28
    image_fit: Literal["crop", "pad", "stretch"] = "crop"
    image_colour: Literal["auto", "grey", "colour"] = "auto"
    image_invert: bool = False

    @classmethod
    def of(cls, config: Config) -> Look:
        """Return the part of ``config`` that concerns own pictures."""
        return cls(config.image_size, config.image_fit, config.image_colour, config.image_invert)

    @property
    def channels(self) -> int:
        """Channels of a prepared picture; "auto" is decided when all are prepared, so they are in colour till then."""
        return 1 if self.image_colour == "grey" else 3


class Unusable(Exception):
    """The picture cannot be trained on; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def prepare(path: Path, look: Look) -> NDArray[np.uint8]:
    """Return the picture in ``path`` as uint8 ``[C, S, S]``, C and S as ``look`` says. Raises ``Unusable``.

    It stands upright as its EXIF orientation says, transparency lies on white, of an animation the first frame is
    taken, and more than 8 bits become 8.
    """
    try:
        with Image.open(path, formats=readable_formats()) as image:
            return _prepared(image, look)
    except Unusable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable(Reason.TOO_LARGE) from error
    except Exception as error:  # Pillow's readers raise nearly everything on damaged files
        raise Unusable(Reason.UNREADABLE) from error


def has_colour(pixels: NDArray[np.uint8]) -> bool:
    """Whether a prepared picture ``[3, S, S]`` is more than shades of grey."""
    difference = pixels.max(0) - pixels.min(0)
    return bool((difference > _COLOUR_DIFFERENCE).mean() > _COLOUR_SHARE)


def to_grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn ``[N, 3, S, S]`` into luma ``[N, 1, S, S]`` (ITU-R 601-2, as Pillow does)."""
    luma = np.tensordot(np.array([0.299, 0.587, 0.114], np.float32), pixels, axes=(0, 1))
    return np.rint(luma).astype(np.uint8)[:, None]


def _prepared(image: Image.Image, look: Look) -> NDArray[np.uint8]:
    if min(image.size) < SMALLEST_SIDE:
        raise Unusable(Reason.TOO_SMALL)
    mode = "L" if look.channels == 1 else "RGB"
    image.draft(mode, (2 * look.image_size, 2 * look.image_size))
    if image.width * image.height > _MOST_PIXELS:
        raise Unusable(Reason.TOO_LARGE)
    with contextlib.suppress(Exception):  # a damaged EXIF part leaves the picture as it is
        image = ImageOps.exif_transpose(image)
    square = _square(_opaque(image).convert(mode), look)
    pixels = np.asarray(square, np.uint8).reshape(look.image_size, look.image_size, -1).transpose(2, 0, 1)
    return np.ascontiguousarray(255 - pixels if look.image_invert else pixels)


def _opaque(image: Image.Image) -> Image.Image:
    """Return an 8-bit picture without transparency."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _to_8_bits(image)
    if not image.has_transparency_data:
        return image
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)


def _to_8_bits(image: Image.Image) -> Image.Image:
    """Scale by the smallest usual range that holds every value: 1 for numbers with fractions, 8 or 16 bits."""
    values = np.nan_to_num(np.asarray(image, np.float32), nan=0, posinf=0, neginf=0)
    highest = float(values.max())
    limits = (*_DEEP_LIMITS.get(image.mode, (65535.0,)), highest)
    top = next(limit for limit in limits if highest <= limit)
    return Image.fromarray(np.rint(np.clip(values / max(top, 1e-9), 0, 1) * 255).astype(np.uint8))


def _square(image: Image.Image, look: Look) -> Image.Image:
    side = (look.image_size, look.image_size)
    if look.image_fit == "stretch":
        return image.resize(side, Image.Resampling.LANCZOS)
    if look.image_fit == "crop":
        return ImageOps.fit(image, side, Image.Resampling.LANCZOS)
    inner = ImageOps.contain(image, side, Image.Resampling.LANCZOS)
    whole = Image.new(image.mode, side, _rim_colour(inner))
    whole.paste(inner, ((side[0] - inner.width) // 2, (side[1] - inner.height) // 2))
    return whole


def _rim_colour(image: Image.Image) -> int | tuple[int, ...]:
    """Return the middle value of the outermost pixels: paper stays paper, and night stays night."""
    pixels = np.asarray(image).reshape(image.height, image.width, -1)
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    colour = tuple(int(value) for value in np.median(rim, axis=0))
    return colour if len(colour) > 1 else colour[0]
