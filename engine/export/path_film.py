"""A walk through latent space as a film: one picture of the generator after the other. Knows no run and no window."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.arrays import Picture, Pictures
from engine.export import encoders
from engine.export.options import evenly, kind_of
from engine.export.palette import Palette
from engine.files import atomic_path
from engine.job import Job, Progress
from engine.latent.generator_session import GeneratorSession
from engine.latent.labels import Labels
from engine.points.refusals import insist_on_pictures

KINDS = (".mp4", ".gif")
SPEED = 25  # pictures in a second
_SIDE = 448  # pixels at least, as far as whole pixels lead there; even, as MP4 wants it
_LOOKED_AT = 6  # pictures that choose the colors of a GIF
_CHUNK = 50
_BLACK = (0, 0, 0)


def save(session: GeneratorSession, z: NDArray[np.float32], labels: Labels, path: Path) -> Job[Progress, Path]:
    """Save the pictures of ``z`` ``[N, z_dim]`` and ``labels`` as ``path``, .mp4 or .gif, which is returned.

    Closing the generator cancels. Raises ``UserError``: another ending, a place that cannot be written. The file is
    there whole or not at all.
    """
    insist_on_pictures(session.facts)
    kind, total, parts = kind_of(path, KINDS), 2 * len(z), []
    for start in range(0, len(z), _CHUNK):
        yield Progress(start, total)
        parts.append(session.render(z[start : start + _CHUNK], labels[start : start + _CHUNK]))
    pictures = np.concatenate(parts)
    with atomic_path(path) as part, _encoder(kind, part, pictures) as add:
        for done, picture in enumerate(pictures, 1):
            add(_large(picture), 1 / SPEED)
            yield Progress(len(z) + done, total)
    return path


def _encoder(kind: str, path: Path, pictures: Pictures) -> AbstractContextManager[encoders.Add]:
    size = _large(pictures[0]).size
    if kind == ".mp4":
        return encoders.mp4(path, size, SPEED)
    looked_at = [_large(picture) for picture in evenly(list(pictures), _LOOKED_AT)]
    return encoders.gif(path, size, 1 / SPEED, Palette(looked_at, [_BLACK], is_color=pictures.ndim == 4))


def _large(picture: Picture) -> Image.Image:
    """Return ``picture`` in RGB, enlarged by whole pixels to an even size."""
    scale = max(_SIDE // picture.shape[0], 1)
    scale += scale % 2 if picture.shape[0] % 2 else 0
    size = (picture.shape[1] * scale, picture.shape[0] * scale)
    return Image.fromarray(picture).convert("RGB").resize(size, Image.Resampling.NEAREST)
