"""Real trainings that are diagnosed at every moment, as the window does it, several at a time in processes of one
thread each. The slow tests judge what was said; ``python -m tests.engine.trials`` prints it.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engine.config import Config
from engine.datasets import catalog
from engine.datasets.sets import dataset
from engine.diagnosis import Recorded
from engine.diagnosis.diagnosing import remedy
from engine.diagnosis.remedies import apply_remedy
from engine.events import MetricsRow
from engine.recipes import recipe
from engine.recipes.failures import FAILURES
from engine.runs import RunFolder
from engine.trainer import Trainer
from tests.engine.public_failures import PUBLIC

SEEDS = range(int(os.environ.get("DUELO_FIRST_SEED", "0")), int(os.environ.get("DUELO_LAST_SEED", "4")) + 1)
_ROWS_BETWEEN = 10
_DEVICE = os.environ.get("DUELO_DEVICE", "cpu")
_OFTEN_JUDGED: dict[str, Any] = {"threads": 1, "device": _DEVICE, "eval_time_percent": 50}
_ON_DIGITS = _OFTEN_JUDGED | {"dataset": "digits"}

# Images of each healthy training: what two cores manage in some minutes. Of the slow DCGANs it is only the beginning.
HEALTHY = {
    "studio": 60_000,
    "studio-fine": 60_000,
    "dcgan-3-8": 30_000,
    "dcgan-3-8-as-run": 30_000,
    "dcgan-tutorial": 30_000,
    "mlp-fashion": 700_000,
    "dcgan-fashion": 80_000,
    "cgan-embedding": 40_000,
    "growing": 100_000,
    "multiscale": 50_000,
    "faces": 60_000,
    "plane-ring": 1_000_000,
    "plane-grid": 2_000_000,
    "plane-moons": 1_000_000,
}
INDUCED = {entry.name: 80_000 if entry.failure_mode == "oscillation" else 40_000 for entry in FAILURES}


class Trial(NamedTuple):
    """One training of a recipe or a public failure, whose right name is ``trouble``.

    ``said`` are (images_seen, troubles named) whenever the diagnosis changed; ``state`` is its health at the end.
    """

    recipe: str
    seed: int
    is_cured: bool
    said: tuple[tuple[int, tuple[str, ...]], ...]
    state: str
    trouble: str

    @property
    def ever(self) -> set[str]:
        """Everything that was named at any moment."""
        return {name for _, names in self.said for name in names}

    @property
    def at_the_end(self) -> tuple[str, ...]:
        """What is named when the training is over."""
        return self.said[-1][1]


def trial(name: str, seed: int, images: int, is_cured: bool = False) -> Trial:
    """Train ``images`` images of the recipe or public failure ``name``, with the cure of its trouble if ``is_cured``.

    The runs stay in the folder that the environment's DUELO_TRIALS names; one that lies there is not trained again.
    """
    config, trouble = _induced(name, total_images=images, seed=seed)
    if is_cured:
        config = apply_remedy(config, remedy(trouble, config, catalog.load(config).facts))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(os.environ.get("DUELO_TRIALS", folder))
        run = RunFolder(home / f"{name}-{seed}{'-cured' * is_cured}")
        if not run.exists():
            _train(Trainer(config, run))
        return Trial(name, seed, is_cured, tuple(replay(run)), recorded(run).health().state, trouble)


def _induced(name: str, **values: Any) -> tuple[Config, str]:
    """Return the options of a training that goes wrong, or does not, and what its trouble is called."""
    if name not in PUBLIC:
        is_embedded = dataset(recipe(name).config().dataset).is_embedded
        options = _OFTEN_JUDGED if is_embedded else _ON_DIGITS
        return recipe(name).config(**options, **values), recipe(name).failure_mode
    told = PUBLIC[name]
    return recipe(told.recipe).config(**(_ON_DIGITS | dict(told.options) | values)), told.failure_mode


def _train(trainer: Trainer) -> None:
    for _ in trainer.run():
        pass


def recorded(run: RunFolder) -> Recorded:
    """Return what a run's files tell."""
    info = run.info()
    table = np.array(run.metrics(), float).reshape(-1, len(MetricsRow._fields))
    told = (table, run.qualities(), info.changes)
    return Recorded(info.config, info.facts, *told, went_back=info.went_back, spreads=run.spreads())


def replay(run: RunFolder) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Diagnose a run as if it were being trained, at every look and every few rows; yield what changes."""
    story, rows, looks = recorded(run), run.metrics(), run.qualities()
    moments = {row.images_seen for row in (*rows[::_ROWS_BETWEEN], *rows[-1:])} | {look.images_seen for look in looks}
    before: tuple[str, ...] = ()
    yield 0, before
    for moment in sorted(moments):
        names = tuple(each.failure_mode for each in story.at(moment).health().diagnoses)
        if names != before:
            yield moment, names
        before = names


def trials(jobs: list[tuple[Any, ...]]) -> Iterator[Trial]:
    """Run ``jobs``, the arguments of ``trial``, on all cores."""
    spawn = multiprocessing.get_context("spawn")  # a fork would inherit torch's threads
    with ProcessPoolExecutor(os.cpu_count(), mp_context=spawn) as pool:
        yield from pool.map(trial, *zip(*jobs, strict=True))


def induced() -> Iterator[Trial]:
    """Train each failure with each seed."""
    return trials([(name, seed, images) for name, images in INDUCED.items() for seed in SEEDS])


def cured() -> Iterator[Trial]:
    """Train each failure with its cure."""
    return trials([(name, seed, images, True) for name, images in INDUCED.items() for seed in SEEDS])


def public() -> Iterator[Trial]:
    """Train each public failure with each seed."""
    return trials([(name, seed, each.images) for name, each in PUBLIC.items() for seed in SEEDS])


def public_cured() -> Iterator[Trial]:
    """Train each public failure with its cure."""
    return trials([(name, seed, each.cured_images, True) for name, each in PUBLIC.items() for seed in SEEDS])


def healthy() -> Iterator[Trial]:
    """Train each working recipe with each seed."""
    return trials([(name, seed, images) for name, images in HEALTHY.items() for seed in SEEDS])


def described(each: Trial) -> str:
    """Return one line of a table."""
    said = " · ".join(f"{seen:,}: {', '.join(names) or '–'}" for seen, names in each.said[1:])
    return f"{each.recipe}{' cured' if each.is_cured else ''}, seed {each.seed} | {said or '–'} | {each.state}"


if __name__ == "__main__":
    kinds = {each.__name__: each for each in (induced, cured, public, public_cured, healthy)}
    for kind in sys.argv[1:] or kinds:
        for each in kinds[kind]():
            print(described(each), flush=True)
