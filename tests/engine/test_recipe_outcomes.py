"""What each recipe says to expect, on its own data in full: trainings of minutes to an hour, all of them slow.

MNIST and its sister are looked for in ``../shared/data``, or where DUELO_DATA says; what is not there is skipped.
DUELO_DEVICE=cuda trains on a GPU.
``python -m tests.engine.test_recipe_outcomes NAME …`` prints the figures epoch by epoch.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from engine.datasets import catalog
from engine.datasets.sets import dataset
from engine.evaluation import judge as judges
from engine.evaluation.evaluate import sample
from engine.evaluation.neighbors import precision_and_recall
from engine.evaluation.running_means import running_means
from engine.latent.sampling import random_z
from engine.pictures import as_pictures
from engine.points.judge import PointJudge
from engine.recipes import recipe
from engine.recipes.working import WORKING
from engine.runs import RunFolder
from engine.trainer import Trainer

DATA = Path(os.environ.get("DUELO_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
DEVICE = os.environ.get("DUELO_DEVICE", "cpu")
FOLDERS = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST"}
SURE = 0.5

Figure = Callable[[RunFolder, int], float]
"""A number that is told of a run at the end of an epoch."""


def _judge_of(dataset):
    known = judges.shipped_for(dataset)
    assert known
    return judges.shipped(known)


def readable(run: RunFolder, epoch: int) -> float:
    """Return the share of pictures that the judge reads as one of the classes trained on."""
    classes = list(run.info().config.classes) or list(range(10))
    probabilities, _ = judges.load().predict_proba(_pictures(run, epoch))
    return float(np.mean(probabilities[:, classes].max(1) >= SURE))


def as_asked(run: RunFolder, epoch: int) -> float:
    """Return the share of pictures that the judge reads as the class that was asked for."""
    asked = np.arange(500) % len(run.info().classes)
    return float(np.mean(_judge_of(run.info().config.dataset).predict(_pictures(run, epoch))[0] == asked))


def clouds_reached(run: RunFolder, epoch: int) -> float:
    """Return the share of the clouds that points of this epoch lie in."""
    found, count = PointJudge(catalog.load(run.info().config)).found(_pictures(run, epoch))
    return found / count


def variety(run: RunFolder, epoch: int) -> float:
    """Return recall: the share of the training images that the judge sees among the pictures of this epoch."""
    config = run.info().config
    judge = _judge_of(config.dataset)
    _, real = judge.predict(as_pictures(catalog.load(config).images))
    _, drawn = judge.predict(_pictures(run, epoch))
    return precision_and_recall(real[:: len(real) // len(drawn)], drawn)[1]


def d_mean(run: RunFolder, epoch: int) -> float:
    """Return the running mean of D's loss."""
    return running_means([row for row in run.metrics() if row.epoch <= epoch])[0]


def g_mean(run: RunFolder, epoch: int) -> float:
    """Return the running mean of G's loss."""
    return running_means([row for row in run.metrics() if row.epoch <= epoch])[1]


def d_loss(run: RunFolder, epoch: int) -> float:
    """Return the mean of D's loss over this epoch."""
    return _epoch_mean(run, epoch, "d_loss")


def g_loss(run: RunFolder, epoch: int) -> float:
    """Return the mean of G's loss over this epoch."""
    return _epoch_mean(run, epoch, "g_loss")


def d_verdicts(run: RunFolder, epoch: int) -> float:
    """Return the mean of D's verdicts on real and on generated images in this epoch."""
    return (_epoch_mean(run, epoch, "d_real") + _epoch_mean(run, epoch, "d_fake")) / 2


def swept(run: RunFolder, epoch: int) -> tuple[int, ...]:
    """Return what the judge reads in the sweep: ten z, the numbers of each all equal, from -1 to 1."""
    z = np.repeat(np.linspace(-1, 1, 10, dtype=np.float32)[:, None], run.info().config.z_dim, 1)
    pictures = sample(run, z, np.full(10, -1, np.int64), epoch)
    return tuple(judges.load().predict(pictures)[0].tolist())


def _pictures(run: RunFolder, epoch: int) -> np.ndarray:
    labels = np.arange(500, dtype=np.int64) % max(len(run.info().classes), 1)
    return sample(run, random_z(500, run.info().config.z_dim, 1), labels, epoch)


def _epoch_mean(run: RunFolder, epoch: int, name: str) -> float:
    rows = run.metrics()
    steps = np.diff([0, *(row.step for row in rows)])
    values, epochs = np.array([(getattr(row, name), row.epoch) for row in rows]).T
    return float(np.average(values, weights=steps * (epochs == epoch)))


class Claim(NamedTuple):
    """At the end of ``epoch``, ``figure`` lies from ``low`` to ``high``."""

    epoch: int
    figure: Figure
    low: float
    high: float


EXPECTED: dict[str, list[Claim]] = {
    "studio": [Claim(8, as_asked, 0.95, 1), Claim(24, as_asked, 0.98, 1)],
    "studio-fine": [Claim(8, as_asked, 0.95, 1), Claim(24, as_asked, 0.98, 1)],
    "dcgan-3-8": [Claim(2, readable, 0.8, 1), Claim(2, d_loss, 1.2, 1.4), Claim(2, g_loss, 0.65, 1)],
    "dcgan-3-8-as-run": [Claim(1, g_loss, 2.6, 4), Claim(2, g_loss, 1.6, 2.5), Claim(2, d_loss, 0.6, 1.1)],
    "dcgan-tutorial": [Claim(10, readable, 0.7, 1), Claim(10, d_verdicts, 0.4, 0.6)],
    "mlp-fashion": [Claim(10, g_mean, 2.0, 3.8), Claim(10, d_mean, 0.15, 0.41)],
    "dcgan-fashion": [Claim(10, g_mean, 2.6, 3.3), Claim(10, d_mean, 0.17, 0.26)],
    "cgan-embedding": [Claim(20, as_asked, 0.6, 1)],
    "growing": [Claim(16, as_asked, 0.9, 1), Claim(40, as_asked, 0.95, 1)],
    "multiscale": [Claim(40, as_asked, 0.9, 1)],
    "faces": [Claim(3, as_asked, 0.9, 1), Claim(6, variety, 0.2, 1)],
    "plane-ring": [Claim(8, clouds_reached, 1, 1), Claim(60, clouds_reached, 1, 1)],
    "plane-grid": [Claim(150, clouds_reached, 0.96, 1)],
    "plane-moons": [Claim(60, clouds_reached, 1, 1)],
}


def trained(name: str, epochs: int, folder: Path) -> RunFolder:
    """Train ``epochs`` of the recipe ``name`` as if they were the first of its own number; skip without its data."""
    config = recipe(name).config(data_root=str(DATA), eval_time_percent=0, max_snapshot_mb=100_000, device=DEVICE)
    if config.dataset in FOLDERS and not (DATA / FOLDERS[config.dataset] / "raw").is_dir():
        pytest.skip(f"{dataset(config.dataset).name} is not in {DATA}")
    run = RunFolder(folder)
    training = Trainer(config, run).run()
    for event in training:
        if type(event).__name__ == "CheckpointSaved" and event.epoch == epochs:
            break
    training.close()
    return run


def test_every_recipe_that_works_is_held_to_what_it_says():
    own = {entry.name for entry in WORKING if dataset(entry.config().dataset).origin == "file"}
    assert EXPECTED.keys() == {entry.name for entry in WORKING} - own, "what a table says, only its owner knows"


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_a_recipe_does_what_it_says_to_expect(name, tmp_path):
    claims = EXPECTED[name]
    run = trained(name, max(claim.epoch for claim in claims), tmp_path / "run")
    for claim in claims:
        assert claim.low <= claim.figure(run, claim.epoch) <= claim.high, (claim.epoch, claim.figure.__name__)


def _print(name: str, epochs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(os.environ.get("DUELO_TRIALS", folder)) / name
        run = RunFolder(kept) if kept.exists() else trained(name, epochs, kept)
        figures = [d_loss, g_loss, d_mean, g_mean, d_verdicts, as_asked if run.info().classes else readable]
        if name == "faces" or not run.info().classes:  # a sweep is of a generator that is told no class
            figures.append(variety if name == "faces" else swept)
        for epoch in run.generator_epochs()[1:]:
            told = [f"{each.__name__} {_short(each(run, epoch))}" for each in figures]
            print(f"{name}, epoch {epoch}: {', '.join(told)}", flush=True)


def _short(value: float | tuple[int, ...]) -> str:
    return "".join(map(str, value)) if isinstance(value, tuple) else f"{value:.3f}"


if __name__ == "__main__":
    _print(sys.argv[1], int(sys.argv[2]))
