"""Samples of a generator as one picture or as arrays, and a walk from sample to sample. Knows no run folder."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import files
from engine.arrays import Points, Samples
from engine.config import Config
from engine.datasets.images import original_labels
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.export import path_film
from engine.i18n import tr
from engine.job import Job, Progress
from engine.latent import interpolation
from engine.latent.generator_session import GeneratorSession
from engine.latent.labels import Labels, dial
from engine.latent.sampling import label_cycle, random_z
from engine.points.rows import to_csv
from engine.points.scale import as_points, to_own
from engine.points.sheet import sheet

KINDS, POINT_KINDS = (".png", ".npz"), (".png", ".npz", ".csv")
"""Endings of what is written: of pictures, and of points."""

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
    images, columns = (yield from _rendered(session, z, labels)), session.class_count if wish.label is None else 0
    labels = original_labels(labels, config.classes)
    write(path, images, labels, z, columns or min(len(z), 10), facts=session.facts)
    return path


def save_way(
    session: GeneratorSession, config: Config, z: NDArray[np.float32], labels: Labels, path: Path
) -> Job[Progress, Path]:
    """Save the pictures of a way, ``z`` ``[N, z_dim]`` and ``labels``, as arrays or as a film; return ``path``.

    Raises what ``save`` raises. Where classes blend on the way, ``labels`` of the arrays are shares ``[N, classes]``.
    """
    if path.suffix.lower() in path_film.KINDS:
        return (yield from path_film.save(session, z, labels, path))
    images = yield from _rendered(session, z, labels)
    kept: Labels = labels if labels.ndim == 2 else original_labels(labels.astype(np.int64), config.classes)
    write(path, images, kept, z, len(z), facts=session.facts)
    return path


def write(
    path: Path,
    images: Samples,
    labels: Labels,
    z: NDArray[np.float32],
    columns: int,
    rows: int = 0,
    *,
    facts: DatasetInfo,
    real: Points | None = None,
) -> None:
    """Write ``images`` uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` as arrays beside ``labels`` and ``z``, or as a
    picture with ``columns``; raises ``UserError`` for another ending and a place that cannot be written.

    Points ``[N, 1, 1, C]`` are written in their own units, in arrays as ``points`` ``[N, C]``; also as a table, and in
    a picture above the ``real`` ones ``[M, C]``.
    """
    buffer, kind = BytesIO(), path.suffix.lower()
    if kind not in kinds_of(facts):
        raise not_taken(path, facts)
    if kind == ".csv":
        buffer.write(to_csv(as_points(images), facts.columns))
    elif kind == ".npz" and facts.is_points:
        names = np.array([column.name for column in facts.columns])
        np.savez_compressed(buffer, points=to_own(as_points(images), facts.columns), columns=names, z=z)
    elif kind == ".npz":
        np.savez_compressed(buffer, images=images, labels=labels, z=z)
    else:
        from PIL import Image

        picture = sheet(images, columns, real, rows=rows or -(-len(images) // columns))
        Image.fromarray(picture).save(buffer, format="PNG")
    files.write_atomically(path, buffer.getvalue())


def _rendered(session: GeneratorSession, z: NDArray[np.float32], labels: Labels) -> Job[Progress, Samples]:
    parts = []
    for start in range(0, len(z), _CHUNK):
        yield Progress(start, len(z))
        parts.append(session.render(z[start : start + _CHUNK], labels[start : start + _CHUNK]))
    return np.concatenate(parts)


def kinds_of(facts: DatasetInfo) -> tuple[str, ...]:
    """Return the endings of files that samples of such data can be written as."""
    return POINT_KINDS if facts.is_points else KINDS


def not_taken(path: Path, facts: DatasetInfo) -> UserError:
    """Say that samples cannot be written as ``path``."""
    if facts.is_points:
        hint = tr("Let its name end in .csv, .png or .npz.")
        return UserError(tr("“{path}” is no file that points are written as.", path=path), hint, options=("--out",))
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
