"""The judge of a search: one set of real images, looked at once, serves all trials. Knows no Optuna."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Picture
from engine.config import Config
from engine.datasets.images import ImageData
from engine.evaluation.evaluator import Evaluator
from engine.evaluation.words import describe_learning
from engine.events import Quality
from engine.job import Job, Progress
from engine.pictures import GAP
from engine.search.records import Measure
from engine.training.sample_grid import SampleGrid
from engine.training.session import Session

_MOST_EVALUATORS = 4
_MOST_PIXELS = (224, 320)


@dataclass(frozen=True)
class Look:
    """What the judge sees of a training at a moment."""

    measure: Measure
    quality: Quality
    grid: NDArray[np.uint8]


class Evaluators:
    """Judges trainings on ``data``, whatever options they have; those of one kind share what it takes to begin."""

    def __init__(self, data: ImageData) -> None:
        self.data = data
        self._evaluators: dict[tuple[object, ...], Evaluator] = {}

    def prepare(self, config: Config) -> Job[Progress, None]:
        """Find the judge, or teach one, before the first trial."""
        evaluator = self._of(config)
        for share in evaluator.training_steps():
            yield Progress(int(100 * share), 100, describe_learning(share), "%")
        evaluator.prepare()

    def look(self, session: Session, config: Config, share: float) -> Look:
        """Judge what ``session`` has learned with ``config`` when ``share`` (0 to 1) of it is trained."""
        at, network = session.state, session.gan.ema.network
        quality = self._of(config).measure(network, session.device, session.schedule.epochs_done(at), at.images_seen)
        measure = Measure(
            share,
            at.images_seen,
            at.seconds,
            quality.frechet,
            quality.frechet_real,
            quality.precision,
            quality.recall,
        )
        return Look(measure, quality, cut(self.sheet(session, config), self.data.facts.tile_size))

    def sheet(self, session: Session, config: Config) -> Picture:
        """Return the sample grid of ``session`` as its run would keep it."""
        drawn = SampleGrid(config, self.data.facts, self.data)
        return drawn.make_grid(drawn.draw(session.gan.ema.network, session.device))

    def _of(self, config: Config) -> Evaluator:
        kind = (config.z_dim, config.seed, config.data_range, config.asked_classes(self.data.class_names))
        if kind not in self._evaluators:
            while len(self._evaluators) >= _MOST_EVALUATORS:
                self._evaluators.pop(next(iter(self._evaluators)))
            self._evaluators[kind] = Evaluator(config, self.data)
        return self._evaluators[kind]


def cut(grid: Picture, size: int) -> Picture:
    """Return the whole pictures of ``size`` that fit into a tile of a contact sheet, from the corner of ``grid``.

    With a ``size`` of 0, ``grid`` is one picture.
    """
    if not size:
        return grid
    pitch = size + GAP
    height, width = (max((most + GAP) // pitch, 1) * pitch - GAP for most in _MOST_PIXELS)
    return np.ascontiguousarray(grid[:height, :width])
