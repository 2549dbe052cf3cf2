"""Sample grids as PNG and back. Knows no folder."""

from __future__ import annotations

import os
from io import BytesIO
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

_MOST_PIXELS = 16_000_000
# No grid is larger than its bare pixels in three colors, and a byte for each row.
_MOST_BYTES = 3 * _MOST_PIXELS + 2 * 2**20


def to_png(grid: NDArray[np.uint8]) -> bytes:
    """Return the PNG of a grid uint8 ``[H, W]`` or ``[H, W, 3]``."""
    from PIL import Image  # late: the window comes up without any picture

    buffer = BytesIO()
    Image.fromarray(grid).save(buffer, format="PNG", compress_level=1)  # half the time for a file 6 % larger
    return buffer.getvalue()


def read_png(file: BinaryIO) -> NDArray[np.uint8]:
    """Return a grid uint8 ``[H, W]`` or ``[H, W, 3]``; raises ``ValueError`` when damaged or above 16 megapixels."""
    from PIL import Image

    if os.fstat(file.fileno()).st_size > _MOST_BYTES:
        raise ValueError("the file is too large")
    try:
        with Image.open(file, formats=["PNG"]) as image:
            if image.width * image.height > _MOST_PIXELS:  # nothing is decoded before this
                raise ValueError("the picture is too large")
            return np.array(image.convert("L" if image.mode in ("1", "L") else "RGB"))
    except Exception as error:  # on hostile bytes, Pillow's decoders raise nearly anything
        raise ValueError("not a picture") from error


def small(grid: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    """Return all of a grid uint8 ``[H, W]`` or ``[H, W, 3]``, at most ``height`` pixels high."""
    from PIL import Image

    if grid.shape[0] <= height:
        return grid
    width = max(round(grid.shape[1] * height / grid.shape[0]), 1)
    return np.array(Image.fromarray(grid).resize((width, height), Image.Resampling.LANCZOS))
