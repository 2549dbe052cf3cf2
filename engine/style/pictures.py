"""Pictures of a style transfer: a person's file, or an array, as large as is wished for. Knows no torch."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from engine.arrays import Picture
from engine.datasets.picture_files import REASON_TITLES, Reason
from engine.datasets.prepare import MOST_PIXELS, SMALLEST_SIDE, UnusableImage, opaque, prepare_whole
from engine.errors import UserError
from engine.i18n import tr

_LONGEST = 3  # times as long as wide: more is cut off at the ends
_MULTIPLE = 8  # three poolings must not leave a pixel over
_ENLARGED = 2  # a picture that is made smaller than half of what is wished for has nothing to show there


def read(path: Path, size: int) -> Picture:
    """Return the picture in ``path`` uint8 ``[H, W, 3]``, upright, its longer side ``size``; raises ``UserError``."""
    try:
        return fitted(prepare_whole(path, _ENLARGED * size), size)
    except UnusableImage as error:
        reason = tr(REASON_TITLES[error.reason])
        raise _refused(tr("“{path}” is no picture that can be used: {reason}.", path=path, reason=reason)) from None


def given(pixels: Picture, size: int) -> Picture:
    """Return the same of pixels uint8 ``[H, W, 3]``, or ``[H, W, 4]`` with alpha, from wherever they come."""
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        reason = tr(REASON_TITLES[Reason.TOO_SMALL])
        raise _refused(tr("This picture cannot be used: {reason}.", reason=reason))
    return fitted(np.asarray(opaque(pixels).convert("RGB")), size)


def _refused(message: str) -> UserError:
    return UserError(
        message,
        tr("Give a PNG, JPEG or WebP of 16 pixels or more, up to {most} megapixels.", most=MOST_PIXELS // 10**6),
    )


def fitted(picture: Picture, size: int) -> Picture:
    """Return ``picture`` in color, uint8 ``[H, W, 3]``, its longer side ``size``; what is very long is cut."""
    image = Image.fromarray(picture).convert("RGB")
    width, height = image.size
    width, height = min(width, _LONGEST * height), min(height, _LONGEST * width)
    scale = size / max(width, height)
    sides = tuple(max(round(side * scale / _MULTIPLE), 1) * _MULTIPLE for side in (width, height))
    return np.asarray(ImageOps.fit(image, (sides[0], sides[1]), Image.Resampling.LANCZOS))


def resized(picture: Picture, width: int, height: int) -> Picture:
    """Return ``picture`` uint8 ``[H, W, 3]`` cut and scaled to ``width`` × ``height``."""
    return np.asarray(ImageOps.fit(Image.fromarray(picture), (width, height), Image.Resampling.LANCZOS))


def png(picture: Picture) -> bytes:
    """Return ``picture`` as the bytes of a PNG file."""
    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, format="PNG")
    return buffer.getvalue()
