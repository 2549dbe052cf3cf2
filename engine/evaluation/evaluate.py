"""Judges a run: samples of its averaged generator, read by the shipped judge, beside the run's last losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import device
from engine.arrays import Samples
from engine.config import Config
from engine.datasets import catalog
from engine.errors import UserError
from engine.evaluation import judge as judges
from engine.evaluation.condition import Trouble, condition_of
from engine.evaluation.distances import Moments, frechet_distance, moments
from engine.evaluation.evaluator import floor_of_few
from engine.evaluation.running_means import running_means
from engine.events import Quality
from engine.i18n import tr
from engine.latent.generator_session import open_session
from engine.latent.sampling import label_cycle, random_z
from engine.pictures import as_pictures
from engine.points.judge import GOOD, PointJudge
from engine.points.scale import features
from engine.runs import RunFolder, RunInfo

_FEWEST = 200


@dataclass(frozen=True)
class Evaluation:
    """The verdict on a run. Where the judge cannot read the data, its three numbers are None.

    The losses are means over the last epoch, the running ones over every step since the first.
    ``label_accuracy`` (0 to 1) is the share of samples that the judge reads as asked; ``frechet_distance`` compares
    its features with MNIST's test images or all drawn faces, or with real images of the run's classes alone where it
    has not all, and ``frechet_distance_real`` is the same for real images: no generator needs to be nearer.
    Of points that lie in ``clouds``, ``clouds_covered`` are not forgotten, and ``good_share`` (0 to 1) of the samples
    lie in one. ``last_look`` is what the judge wrote down while training, with precision, recall, histogram and
    matrix; ``health`` says how the training is ("trouble", "healthy", "watched" or "early"), and ``troubles`` what goes
    wrong in it.
    """

    run: str
    recipe: str
    dataset: str
    images_seen: int
    count: int
    d_loss: float | None
    g_loss: float | None
    d_real: float | None
    d_fake: float | None
    d_loss_running: float | None
    g_loss_running: float | None
    label_accuracy: float | None
    frechet_distance: float | None
    frechet_distance_real: float | None
    last_look: Quality | None
    health: str
    health_told: str
    troubles: tuple[Trouble, ...]
    clouds: int | None = None
    clouds_covered: int | None = None
    good_share: float | None = None


def sample(run: RunFolder, z: NDArray[np.float32], labels: NDArray[np.int64], epoch: int | None = None) -> Samples:
    """Return pictures uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` of a run's averaged generator, or points; raises
    ``UserError``.
    """
    return open_session(run, epoch).render(z, labels)


def evaluate(run: RunFolder, count: int, seed: int = 0) -> Evaluation:
    """Judge ``count`` samples of the run's newest averaged generator; raises ``UserError``."""
    if count < _FEWEST:
        raise UserError(
            tr("The number of samples is too small to judge a run: {count}.", count=count),
            tr("Ask for at least {n}.", n=_FEWEST),
            options=("--count",),
        )
    device.prepare_training_thread(0)
    info, condition = run.info(), condition_of(run)
    rows = run.metrics()
    last = [row[4:8] for row in rows if row.epoch == rows[-1].epoch]
    d_loss, g_loss, d_real, d_fake = np.mean(last, axis=0).tolist() if last else [None] * 4
    d_running, g_running = running_means(rows) if rows else (None, None)
    labels = label_cycle(count, len(info.classes))
    images = sample(run, random_z(count, info.config.z_dim, seed), labels)
    return Evaluation(
        run=str(run.path),
        recipe=info.config.recipe,
        dataset=info.config.dataset,
        images_seen=run.images_seen(),
        count=count,
        d_loss=d_loss,
        g_loss=g_loss,
        d_real=d_real,
        d_fake=d_fake,
        d_loss_running=d_running,
        g_loss_running=g_running,
        **_measured(info, images, labels)._asdict(),
        last_look=looks[-1] if (looks := run.qualities()) else None,
        health=condition.state,
        health_told=condition.sentence,
        troubles=condition.troubles,
    )


class _Measures(NamedTuple):
    """What the judge tells, None where it cannot: of points, where the real ones are not at hand or in no clouds."""

    label_accuracy: float | None = None
    frechet_distance: float | None = None
    frechet_distance_real: float | None = None
    clouds: int | None = None
    clouds_covered: int | None = None
    good_share: float | None = None


def _measured(info: RunInfo, samples: Samples, labels: NDArray[np.int64]) -> _Measures:
    config = info.config
    if info.facts.is_points:
        return _of_points(info, samples)
    shipped = judges.shipped_for(config.dataset)
    if shipped is None:
        return _Measures()
    judge = judges.shipped(shipped)
    seen, features_of_samples = judge.predict(samples)
    reference, real = _real_images(judge, shipped, config.classes, len(samples))
    accuracy = float(np.mean(seen == catalog.original_labels(labels, config.classes))) if info.classes else None
    return _Measures(accuracy, frechet_distance(moments(features_of_samples), reference), real)


def _of_points(info: RunInfo, samples: Samples) -> _Measures:
    try:
        data = catalog.load(info.config)
    except UserError:
        return _Measures()
    if data.facts != info.facts:
        return _Measures()
    real = features(data.images)
    distances = frechet_distance(moments(features(samples)), moments(real)), floor_of_few(real, len(samples))
    if not data.class_names:
        return _Measures(None, *distances)
    judge = PointJudge(data)
    sure = judge.predict_proba(samples)[0]
    covered, clouds = judge.found_in(sure)
    return _Measures(None, *distances, clouds, covered, float((sure.max(1) >= GOOD).mean()))


def _real_images(
    judge: judges.Judge, shipped: judges.Shipped, classes: tuple[int, ...], count: int
) -> tuple[Moments, float]:
    """Return the features' moments of real images of ``classes``, and how far ``count`` other ones are from them."""
    images = as_pictures(catalog.load(Config(dataset=shipped.name, classes=classes)).images)
    if shipped.knows_others and not classes:
        return judge.reference, frechet_distance(moments(judge.predict(images)[1]), judge.reference)
    features = judge.predict(images)[1]
    return moments(features), floor_of_few(features, count)
