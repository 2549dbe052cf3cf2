"""A map of what a generator makes: two thousand samples in the plane, alike ones side by side, real images beside them.

Alike is what the judge's features say, or small pictures without a judge. First comes a quick look by principal
components, then t-SNE, shown while it moves. Knows no files and no threads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Pictures
from engine.datasets.images import ImageData
from engine.evaluation import moments
from engine.evaluation.discriminator_session import DiscriminatorSession
from engine.evaluation.reader import Reader
from engine.job import Job
from engine.latent import plane_layout
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import label_cycle, random_z
from engine.pictures import as_pictures
from engine.points.refusals import insist_on_pictures

COUNT = 2000
REAL_COUNT = 500
_CHUNK = 250
_RENDERING, _READING, _COMPONENTS, _LAYOUT = 1, 4, 4, 8  # what each takes for a chunk, measured; a part of the layout


@dataclass(frozen=True, eq=False)
class SampleMap:
    """``places`` float32 ``[N + M, 2]`` from -1 to 1, of N samples and M real images after them, empty at first.

    ``pictures`` uint8 ``[N + M, H, W]`` or ``[N + M, H, W, 3]``, ``labels`` int64 ``[N + M]`` (-1 without classes),
    ``z`` float32 ``[N, z_dim]``. ``readings`` int64 and ``certainty`` (0 to 1) ``[N + M]`` are the judge's, None
    without one; ``verdicts`` ``[N + M]`` (0 to 1) are D's, None without it; ``thickness`` ``[N + M]`` is that of the
    strokes, in pixels. ``done`` of ``total`` steps lie behind it.
    """

    done: int
    total: int
    places: NDArray[np.float32]
    z: NDArray[np.float32]
    labels: NDArray[np.int64]
    pictures: Pictures
    readings: NDArray[np.int64] | None = None
    certainty: NDArray[np.float32] | None = None
    verdicts: NDArray[np.float32] | None = None
    thickness: NDArray[np.float64] | None = None

    @property
    def sample_count(self) -> int:
        """N: the others are real images."""
        return len(self.z)

    def nearest(self, x: float, y: float) -> int:
        """Return the index of the point nearest to a place."""
        return int(((self.places - np.array([x, y], np.float32)) ** 2).sum(1).argmin())

    def inside(self, outline: NDArray[np.floating]) -> NDArray[np.int64]:
        """Return the indices of the points inside a closed ``outline`` ``[K, 2]``, a lasso that may cross itself."""
        x, y = self.places[:, 0], self.places[:, 1]
        is_inside = np.zeros(len(self.places), bool)
        for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
            crosses = (y0 > y) != (y1 > y)
            if y0 != y1:
                is_inside ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
        return np.flatnonzero(is_inside)


def lay_out(
    session: GeneratorSession,
    reader: Reader,
    opponent: DiscriminatorSession | None = None,
    real: ImageData | None = None,
    count: int = COUNT,
    seed: int = 0,
) -> Job[SampleMap, SampleMap]:
    """Lay out ``count`` samples of all classes in turn, and some of the ``real`` images, where they are given."""
    insist_on_pictures(session.facts)
    chunks = _chunks(count)
    z, labels = random_z(count, session.z_dim, seed), label_cycle(count, session.class_count)
    total = len(chunks) * (_RENDERING + _READING + _COMPONENTS + _LAYOUT * plane_layout.PARTS)
    found = SampleMap(0, total, np.empty((0, 2), np.float32), z, labels, np.empty((0, 1, 1), np.uint8))
    yield found
    parts = []
    for number, chunk in enumerate(chunks, 1):
        parts.append(session.render(z[chunk], labels[chunk]))
        yield replace(found, done=_RENDERING * number)
    pictures = np.concatenate(parts)
    if real is not None:
        chosen = real.subset(REAL_COUNT)
        pictures = np.concatenate([pictures, as_pictures(chosen.images)])
        labels = np.concatenate([labels, chosen.labels])
    told, done, every = [], _RENDERING * len(chunks), _chunks(len(pictures))
    for number, chunk in enumerate(every, 1):
        told.append(_told(pictures[chunk], labels[chunk], reader, opponent))
        yield replace(found, done=done + _READING * len(chunks) * number // len(every))
    features = np.concatenate([each.features for each in told])
    done += (_READING + _COMPONENTS) * len(chunks)
    found = replace(found, pictures=pictures, labels=labels, done=done, **_joined(told))
    found = replace(found, places=_fitted(plane_layout.principal_components(features)))
    yield found
    for part, places in enumerate(plane_layout.layouts(features), 1):
        found = replace(found, done=done + _LAYOUT * len(chunks) * part, places=_fitted(places))
        yield found
    return found


def _chunks(count: int) -> list[slice]:
    return [slice(start, start + _CHUNK) for start in range(0, count, _CHUNK)]


class _Told(NamedTuple):
    """Of each picture ``[N]`` what a map tells of it, and the judge's features ``[N, F]``."""

    readings: NDArray[np.int64] | None
    certainty: NDArray[np.float32] | None
    verdicts: NDArray[np.float32] | None
    thickness: NDArray[np.float64]
    features: NDArray[np.float32]


def _told(
    pictures: Pictures, labels: NDArray[np.int64], reader: Reader, opponent: DiscriminatorSession | None
) -> _Told:
    """Tell of each picture what the judge reads, what D makes of it, as what it is read where it has no label."""
    probabilities, features = reader.both(pictures)
    read = None if probabilities is None else probabilities.argmax(1)
    asked = labels if read is None else np.where(labels < 0, read, labels)
    return _Told(
        read,
        None if probabilities is None else probabilities.max(1),
        opponent.ask(pictures, asked) if opponent else None,
        moments.measure(pictures)["thickness"],
        features,
    )


def _joined(told: list[_Told]) -> dict[str, Any]:
    """Return all but the features, by what a map calls them."""
    parts = {name: [getattr(each, name) for each in told] for name in _Told._fields if name != "features"}
    return {name: None if each[0] is None else np.concatenate(each) for name, each in parts.items()}


def _fitted(places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return places with their middle at zero and the farthest at 1 or -1."""
    low, high = places.min(0), places.max(0)
    return (places - (low + high) / 2) / max(float((high - low).max()) / 2, 1e-12)
