"""Samples of a generator as one picture or as arrays, and a walk from sample to sample. Knows no run folder."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import files
from engine.arrays import Pictures
from engine.config import Config
from engine.datasets.images import original_labels
from engine.errors import UserError
from engine.export import path_film
from engine.i18n import tr
from engine.job import Job, Progress
from engine.latent import interpolation
from engine.latent.generator_session import GeneratorSession
from engine.latent.labels import Labels, dial
from engine.latent.sampling import label_cycle, random_z

KINDS = (".png", ".npz")
_CHUNK = 250
_SECONDS = 1.5  # of a walk, from stop to stop


@dataclass(frozen=True, eq=False)
class SampleWish:
    """``count`` samples of the seed, or of ``z`` ``[z_dim]`` alone; ``label`` None is all classes in turn."""

    count: int
    label: int | None
    seed: int
    z: NDArray[np.float32] | None = None


def save(session: GeneratorSession, config: Config, wish: SampleWish, path: Path) -> Job[Progress, Path]:
    """Save samples as ``path``, .png or .npz, or a walk through as many as a film, .gif or .mp4; return the path.

    Closing the generator cancels. Raises ``UserError`` for a z or a class of another generator, another ending, and a
    place that cannot be written. The file is there whole or not at all.
    """
    if path.suffix.lower() in path_film.KINDS:
        return (yield from path_film.save(session, *_walk(session, wish), path))
    z, labels = _samples(session, wish)
    session.check(z, labels)
    parts = []
    for start in range(0, len(z), _CHUNK):
        yield Progress(start, len(z))
        parts.append(session.render(z[start : start + _CHUNK], labels[start : start + _CHUNK]))
    images, columns = np.concatenate(parts), session.class_count if wish.label is None else 0
    write(path, images, original_labels(labels, config.classes), z, columns or min(len(z), 10))
    return path


def write(
    path: Path, images: Pictures, labels: NDArray[np.int64], z: NDArray[np.float32], columns: int, rows: int = 0
) -> None:
    """Write ``images`` uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` as arrays beside ``labels`` ``[N]`` and ``z``, or as a
    picture with ``columns``; raises ``UserError`` for another ending and a place that cannot be written.
    """
    buffer, kind = BytesIO(), path.suffix.lower()
    if kind == ".npz":
        np.savez_compressed(buffer, images=images, labels=labels, z=z)
    elif kind == ".png":
        from PIL import Image

        from engine.pictures import tile

        Image.fromarray(tile(images, columns, rows=rows or -(-len(images) // columns))).save(buffer, format="PNG")
    else:
        raise not_taken(path)
    files.write_atomically(path, buffer.getvalue())


def not_taken(path: Path) -> UserError:
    """Say that samples cannot be written as ``path``."""
    hint = tr("Let its name end in .png or .npz.")
    return UserError(tr("“{path}” is neither a PNG nor an NPZ file.", path=path), hint, options=("--out",))


def _samples(session: GeneratorSession, wish: SampleWish) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    classes = session.class_count
    if wish.z is not None:  # one style: of every class, or of one
        count = max(classes, 1) if wish.label is None else 1
        z = np.repeat(wish.z[None], count, axis=0)
    else:
        count, z = wish.count, random_z(wish.count, session.z_dim, wish.seed)
    return z, label_cycle(count, classes) if wish.label is None else np.full(count, wish.label, np.int64)


def _walk(session: GeneratorSession, wish: SampleWish) -> tuple[NDArray[np.float32], Labels]:
    """Return a way through ``count`` samples and back to the first; all classes blend one after the other."""
    stops = random_z(max(wish.count, 2), session.z_dim, wish.seed)
    if wish.z is not None:
        stops[0] = wish.z
    stops = np.concatenate([stops, stops[:1]])
    count = round((len(stops) - 1) * _SECONDS * path_film.SPEED)
    z = interpolation.through(stops, count, interpolation.slerp_at)
    if wish.label is not None:
        labels: Labels = np.full(count, wish.label, np.int64)
    elif session.can_blend:
        labels = dial([*range(session.class_count), 0], count, session.class_count)
    else:
        labels = interpolation.labels_through(label_cycle(len(stops), session.class_count), count)
    session.check(z, labels)
    return z, labels
