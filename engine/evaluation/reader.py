"""Reads pictures of one run with the judge of its data: which class each shows, and features that tell them apart.

Where no judge can read them (no labels, too small, none has learned yet) features are the pictures made small. Works
in eval mode on the CPU and draws no random numbers. Knows no files but the judges' and, to find one, the run's images.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from engine.arrays import Samples
from engine.config import Config
from engine.datasets import catalog
from engine.datasets.images import ImageData
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.evaluation import judge as judges
from engine.evaluation import judge_store
from engine.evaluation.judge import Judge, chunks, to_tensor
from engine.job import Job, Progress
from engine.points.judge import PointJudge
from engine.points.scale import features

COARSE = 7  # side of the pictures whose pixels are features where no judge can read
_SMALLEST_READ = 8  # pixels; a judge halves the side three times


def coarse(images: Samples) -> NDArray[np.float32]:
    """Return images made small, ``[N, 49 · C]`` in [0, 1]: near in these means alike to the eye.

    Of points ``[N, 1, 1, C]`` it is where they are, ``[N, C]``.
    """
    if images.dtype == np.float32:
        return features(images)
    parts = [(_small(to_tensor(chunk)).numpy() + 1) / 2 for chunk in chunks(images)]
    return np.concatenate(parts, dtype=np.float32)


class Reader:
    """Reads pictures uint8 ``[N, H, W]`` or ``[N, H, W, 3]``; classes are in the run's own order.

    ``judge`` is None where there is none. ``data`` are the run's images, None where they are not at hand: a judge
    that learned on this machine is found by them.
    """

    def __init__(self, config: Config, facts: DatasetInfo, data: ImageData | None = None) -> None:
        self._config, self._facts = config, facts
        self.judge = _find(config, facts, data)
        own = config.classes if judges.shipped_for(config.dataset) else ()
        self._columns = list(own or range(len(facts.class_names)))

    def probabilities(self, images: Samples) -> NDArray[np.float32] | None:
        """Return the probability ``[N, classes]`` that the judge gives to each class; None without a judge.

        Of a judge that knows more classes than the run has, they need not add up to 1.
        """
        return None if self.judge is None else self.judge.predict_proba(images)[0][:, self._columns]

    def read(self, images: Samples) -> tuple[NDArray[np.int64], NDArray[np.float32]] | None:
        """Return the class ``[N]`` that each image shows and its probability ``[N]``; None without a judge."""
        probabilities = self.probabilities(images)
        if probabilities is None:
            return None
        read = probabilities.argmax(1)
        return read, probabilities[np.arange(len(read)), read]

    def features(self, images: Samples) -> NDArray[np.float32]:
        """Return what tells images apart, ``[N, F]``: the judge's features, or the images made small."""
        return coarse(images) if self.judge is None else self.judge.predict_proba(images)[1]

    def both(self, images: Samples) -> tuple[NDArray[np.float32] | None, NDArray[np.float32]]:
        """Return ``probabilities`` ``[N, classes]`` and ``features`` ``[N, F]`` at the cost of one of them."""
        if self.judge is None:
            return None, coarse(images)
        probabilities, features = self.judge.predict_proba(images)
        return probabilities[:, self._columns], features

    def look(self, pixels: Tensor) -> tuple[Tensor | None, Tensor]:
        """Return logits ``[N, classes]``, or None, and features ``[N, F]`` with gradients by ``pixels``.

        They are what a generator puts out, ``[N, C, H, W]`` in the data's range.
        """
        signed = pixels * 2 - 1 if self._config.data_range == "0..1" else pixels
        if pixels.shape[2:] == (1, 1):
            return None, 100 * signed.flatten(1)
        if not isinstance(self.judge, Judge):
            return None, (_small(signed) + 1) / 2
        logits, features = self.judge(signed)
        return logits[:, self._columns], features


def open_reader(config: Config, facts: DatasetInfo) -> Job[Progress, Reader]:
    """Return the reader of a run's pictures. A judge that learned on this machine is found by the run's images.

    They are read where there may be one and nothing must be downloaded for it; where they cannot be, nobody reads.
    """
    return Reader(config, facts, (yield from _images(config, facts)))


def _images(config: Config, facts: DatasetInfo) -> Job[Progress, ImageData | None]:
    if not facts.class_names or _is_too_small(facts) or judges.shipped_for(config.dataset) is not None:
        return None
    try:
        if not catalog.is_at_hand(config):
            return None
        data = yield from catalog.read(config)
    except UserError:  # its pictures lie elsewhere by now
        return None
    return data if data.facts == facts else None


def _is_too_small(facts: DatasetInfo) -> bool:
    return facts.size < _SMALLEST_READ and not facts.is_points


def _small(signed: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(signed, COARSE).flatten(1)


def _find(config: Config, facts: DatasetInfo, data: ImageData | None) -> Judge | PointJudge | None:
    """Return the judge that measures this data while training, if it can read pictures of this kind."""
    count = len(facts.class_names)
    if not count or _is_too_small(facts):
        return None
    if facts.is_points:
        return None if data is None else PointJudge(data)
    shipped = judges.shipped_for(config.dataset)
    if shipped is None:
        return None if data is None else _kept(data)
    columns = config.classes or tuple(range(count))
    known = facts.channels == shipped.channels and max(columns) < shipped.classes
    return judges.shipped(shipped) if known and len(columns) == count else None


def _kept(data: ImageData) -> Judge | None:
    try:
        return judge_store.find(data)
    except UserError:  # a training says so, and teaches another one
        return None
