"""Color pictures with 16 bits a channel, of which Pillow keeps the upper byte alone. Knows no folder and no tone."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Deep = NDArray[np.uint16]

_READERS = {"PNG": "png_pipe", "TIFF": "tiff_pipe"}  # FFmpeg's, by Pillow's names
_CHANNELS = {"RGB": "rgb48le", "RGBA": "rgba64le", "LA": "rgba64le"}  # its formats, by what Pillow finds in a file


def is_deep_color(image: Image.Image) -> bool:
    """Whether the file of an ``image`` that is not unpacked yet has colors, or gray and transparency, of 16 bits."""
    return image.format in _READERS and _channels(image) in _CHANNELS


def read_deep_color(image: Image.Image) -> Deep | None:
    """Return ``[H, W, 3]``, or ``[H, W, 4]`` with transparency; None where only Pillow can read this file.

    Unpacks ``image`` as well, which raises where the file is damaged: FFmpeg would take what it can.
    """
    file: Any = image.fp  # type: ignore[attr-defined]
    place = file.tell()
    deep = None
    with suppress(Exception):  # FFmpeg's readers raise nearly everything on what they do not know
        file.seek(0)
        deep = _decoded(file, image)
    file.seek(place)
    image.load()
    return deep


def _decoded(file: Any, image: Image.Image) -> Deep | None:
    import av  # late: hardly any folder has such pictures

    with av.open(file, format=_READERS[image.format or ""]) as container:
        frame = next(container.decode(video=0))
        pixels = frame.to_ndarray(format=_CHANNELS[_channels(image)])
        return np.asarray(pixels, np.uint16) if pixels.shape[:2] == image.size[::-1] else None


def _channels(image: Image.Image) -> str:
    """Return which channels of 16 bits Pillow found in the file, such as "RGB"; nothing where they have fewer bits."""
    tiles = getattr(image, "tile", [])
    args = tiles[0][3] if tiles else ""
    raw = args[0] if isinstance(args, tuple) and args else args
    channels, deep, _ = str(raw).partition(";16")
    return channels if deep else ""
