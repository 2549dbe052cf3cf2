"""Quality while training: a few hundred samples of the averaged generator, read by a judge, beside real images.

Losses do not tell whether the pictures are good; this does. Knows no files but the judge's, and no events but its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.arrays import Samples
from engine.config import Config
from engine.datasets.images import ImageData
from engine.errors import UserError
from engine.evaluation import classifier_trainer, judge_store
from engine.evaluation import judge as judges
from engine.evaluation.distances import Moments, frechet_distance, frechet_interval, moments
from engine.evaluation.judge import Judge
from engine.evaluation.neighbors import nearest, precision_and_recall, radii, squared_distances
from engine.evaluation.reader import coarse
from engine.events import Quality
from engine.latent.sampling import label_cycle, random_z
from engine.pictures import as_pictures, to_samples
from engine.points.judge import PointJudge

COUNT = 500
_HALVINGS = 16  # of few real images, for the distance that they have by chance
_MOST_COMPARED = 5000
_SURE = 0.5  # the probability below which a sample counts as low confidence
_CLOSE_PERCENTILE = 1.0
_PIXELS_AT_ONCE = 250 * 28 * 28  # so that large pictures take no more memory than digits
_STEPS_BETWEEN_LOOKS = 25


@dataclass(frozen=True)
class _RealImages:
    """What generated images are compared with: moments of the judge's features, the Fréchet distance that real images
    have themselves, features ``[N, F]`` and small pictures ``[M, 49 · C]`` of some, and how near real ones are to the
    nearest of all, and of ``N``, so that hardly any are nearer.
    """

    reference: Moments
    floor: float
    features: NDArray[np.float32]
    coarse: NDArray[np.float32]
    close_to_real: float
    close_to_each_other: float


class Evaluator:
    """Measures generators of one run. ``judge`` is None where the data has no labels: then pixels are compared, as
    they are from the first look on where a judge learned, and cannot read even the real images.

    ``remark`` is a sentence for the person about the judge that was kept, or nothing.
    """

    def __init__(self, config: Config, data: ImageData) -> None:
        self._data = data
        self._data_range = config.data_range
        self._is_conditional = bool(config.asked_classes(data.class_names))
        self._z = random_z(COUNT, config.z_dim, config.seed + 1)
        self._labels = label_cycle(COUNT, len(data.class_names) if self._is_conditional else 0)
        self.judge: Judge | PointJudge | None = None
        self.remark = ""
        self._columns: tuple[int, ...] = tuple(range(len(data.class_names)))
        self._trainer: classifier_trainer.ClassifierTrainer | None = None
        shipped = judges.shipped_for(config.dataset)
        if data.facts.is_points:
            self.judge = PointJudge(data) if data.class_names else None
        elif shipped:
            self.judge = judges.shipped(shipped)
            self._columns = config.classes or self._columns
        elif data.class_names:
            self.judge = self._kept()
            self._trainer = None if self.judge else classifier_trainer.ClassifierTrainer(data)
        self._is_shipped = shipped is not None
        self._has_own_reference = not shipped or bool(config.classes)
        self._real: _RealImages | None = None

    @property
    def must_learn(self) -> bool:
        """Whether the judge is still to be trained (``training_steps``)."""
        return self._trainer is not None

    def training_steps(self) -> Iterator[float]:
        """Teach the judge batch by batch and yield the share (0 to 1) that is done.

        Where another training of these images has taught one meanwhile, that one is taken.
        """
        if self._trainer is None:
            return
        for step, share in enumerate(self._trainer.steps()):
            yield share
            if step % _STEPS_BETWEEN_LOOKS == 0 and (kept := self._kept()):
                self.judge, self._trainer = kept, None
                return
        self.judge, self._trainer = self._trainer.finish(), None

    def _kept(self) -> Judge | None:
        try:
            return judge_store.find(self._data)
        except UserError as error:
            self.remark = error.whole
            return None

    def measure(self, generator: nn.Module, device: torch.device, epoch: int, images_seen: int) -> Quality:
        """Judge an eval-mode ``generator`` on ``device``."""
        self.prepare()
        real = self._real
        assert real is not None
        fake = self._draw(generator, device)
        probabilities, features = self._look(fake)
        precision, recall = precision_and_recall(real.features, features)
        low, high = frechet_interval(features, real.reference)
        small = coarse(fake)
        quality = Quality(
            epoch=epoch,
            images_seen=images_seen,
            count=COUNT,
            frechet=frechet_distance(moments(features), real.reference),
            frechet_low=low,
            frechet_high=high,
            frechet_real=real.floor,
            precision=precision,
            recall=recall,
            memorization=float(np.mean(nearest(small, real.coarse)[1] < real.close_to_real)),
            duplicates=float(np.mean(radii(small, 1) < real.close_to_each_other)),
        )
        return quality if probabilities is None else replace(quality, **self._readings(probabilities))

    def prepare(self) -> None:
        """Look at the real images once, before there are others to be compared with them."""
        if self._real is None:
            if not self._is_shipped and isinstance(self.judge, Judge):
                self.judge = self.judge if classifier_trainer.can_read(self.judge, self._data) else None
            self._real = self._look_at_real()

    def _look_at_real(self) -> _RealImages:
        random = np.random.Generator(np.random.PCG64(0))
        chosen = random.permutation(len(self._data.images))[:_MOST_COMPARED]
        real = as_pictures(self._data.images[np.sort(chosen)])
        real = real[random.permutation(len(real))]
        count = min(COUNT, len(real))
        shipped = self.judge is not None and not self._has_own_reference
        features = self._look(real[:count] if shipped else real)[1]
        reference = self.judge.reference if self.judge and shipped else moments(features)
        is_small = not shipped and len(real) < 2 * COUNT
        small = coarse(real)
        return _RealImages(
            reference,
            floor_of_few(features, COUNT) if is_small else frechet_distance(moments(features[:count]), reference),
            features[:count],
            small,
            close_to_real=float(np.percentile(_second_nearest(small[:count], small), _CLOSE_PERCENTILE)),
            close_to_each_other=float(np.percentile(radii(small[:count], 1), _CLOSE_PERCENTILE)),
        )

    @torch.inference_mode()
    def _draw(self, generator: nn.Module, device: torch.device) -> Samples:
        parts = []
        chunk = max(_PIXELS_AT_ONCE // self._data.facts.size**2, 1)
        for start in range(0, COUNT, chunk):
            z, labels = (torch.from_numpy(a[start : start + chunk]).to(device) for a in (self._z, self._labels))
            parts.append(to_samples(generator(z, labels).float().cpu().numpy(), self._data_range))
        return np.concatenate(parts)

    def _look(self, images: Samples) -> tuple[NDArray[np.float32] | None, NDArray[np.float32]]:
        if self.judge is None:
            return None, coarse(images)
        return self.judge.predict_proba(images)

    def _readings(self, probabilities: NDArray[np.float32]) -> dict[str, Any]:
        known = probabilities[:, list(self._columns)]
        read, classes = known.argmax(1), len(self._columns)
        counted = read[known.max(1) >= _SURE] if self._data.facts.is_points else read  # between clouds is nowhere
        readings: dict[str, Any] = {
            "low_confidence": float(np.mean(known.max(1) < _SURE)),
            "histogram": tuple((np.bincount(counted, minlength=classes) / COUNT).tolist()),
        }
        if self._is_conditional:
            matrix = np.zeros((classes, classes))
            np.add.at(matrix, (self._labels, read), 1)
            matrix /= np.maximum(matrix.sum(1, keepdims=True), 1)
            readings["confusion_matrix"] = tuple(tuple(row) for row in matrix.tolist())
            readings["accuracy"] = float(np.mean(read == self._labels))
        else:
            counts = np.bincount(self._data.labels, minlength=classes)
            readings["real_histogram"] = tuple((counts / len(self._data.labels)).tolist())
        return readings


def floor_of_few(features: NDArray[np.float32], count: int) -> float:
    """Return the Fréchet distance that ``count`` other real images would have to these few, ``[N, F]``.

    Both samples' sizes make it larger, in inverse proportion; so the distance between two halves tells it, on average
    over several ways to halve them: one alone is as far off as it is large.
    """
    half = len(features) // 2
    if half < 2:
        return 0.0
    random, between = np.random.default_rng(0), []
    for _ in range(_HALVINGS):
        shuffled = random.permutation(features)
        between.append(frechet_distance(moments(shuffled[:half]), moments(shuffled[half : 2 * half])))
    return fmean(between) * (1 / count + 1 / len(features)) / (2 / half)


def _second_nearest(probe: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the distance from each row of ``probe`` to the nearest row of ``others`` but itself, which is in them."""
    return np.sqrt(np.partition(squared_distances(probe, others), 1, axis=1)[:, 1])
