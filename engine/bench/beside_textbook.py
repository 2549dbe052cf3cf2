"""How fast the engine trains beside the loop of a textbook, and what files and statistics cost it."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO

from rich.table import Table

from engine.bench.part import Measured, Part, PartStep, environment, table
from engine.config import Config
from engine.i18n import number, tr
from engine.recipes import recipe

BARS = {"dcgan-fashion": 2.5, "dcgan-tutorial": 1.5, "mlp-fashion": 3.0}  # how many times faster we must be on a CPU
_BAR_ON_GPU = 10.0
_WHOLE = ("studio", "mlp-fashion")  # trained with and without reports and files
_EPOCHS_OF_MNIST = 12  # of the 5,000 embedded digits in one of MNIST's, or Fashion-MNIST's, 60,000 images
_TURNS = 3
_TURN_SECONDS = 4.0
_WARM_UP_SECONDS = 2.0
_SECONDS = 2 * (_TURNS * _TURN_SECONDS + _WARM_UP_SECONDS) + 2.0


def _steps() -> list[PartStep]:
    return [
        *(
            PartStep(tr("{recipe} beside a textbook's loop…", recipe=name), _SECONDS, partial(compare, name))
            for name in BARS
        ),
        *(
            PartStep(
                tr("{recipe} with and without reports and files…", recipe=name),
                _SECONDS,
                partial(overhead, name),
            )
            for name in _WHOLE
        ),
    ]


def compare(name: str) -> Measured:
    """Train the recipe ``name`` on the embedded digits, in turns with the textbook's loop in a process of its own.

    Each turn lasts some seconds; the result holds the median images per second of both and their ratio. The judge,
    which no textbook has, takes its share, and files are written as often as on the recipe's own data set.
    """
    from engine import device as devices
    from engine.bench import turns
    from engine.runs import RunFolder
    from engine.trainer import Trainer

    devices.prepare_training_thread(0)
    with tempfile.TemporaryDirectory() as folder, _textbook(name) as textbook:
        config = at_home(name).changed(threads=devices.cores())  # the textbook is no other program to make way for
        training = Trainer(config, RunFolder(Path(folder) / "run")).run()
        ours, theirs = [], []
        turns.of_engine(training, _WARM_UP_SECONDS)
        textbook(_WARM_UP_SECONDS)
        for _ in range(_TURNS):
            ours.append(turns.of_engine(training, _TURN_SECONDS))
            theirs.append(textbook(_TURN_SECONDS))
        training.close()
    engine, plain = statistics.median(ours), statistics.median(theirs)
    bar = BARS[name] if devices.resolve("auto").type == "cpu" else _BAR_ON_GPU
    return {"recipe": name, "engine": engine, "textbook": plain, "ratio": engine / plain, "bar": bar}


@contextmanager
def _textbook(name: str) -> Iterator[Callable[[float], float]]:
    """Yield a function that lets the textbook train for some seconds and returns its images per second."""
    command = [sys.executable, "-m", "engine.bench.textbook", name]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1, env=environment()) as process:
        assert process.stdin and process.stdout

        def turn(seconds: float, ask: IO[str] = process.stdin, hear: IO[str] = process.stdout) -> float:
            ask.write(f"{seconds}\n")
            return float(hear.readline())

        yield turn


def overhead(name: str) -> Measured:
    """Compare whole trainings of a recipe, with checkpoints, samples and statistics, with bare steps, in turns."""
    from engine import device as devices
    from engine.bench import turns
    from engine.runs import RunFolder
    from engine.trainer import Trainer

    config = at_home(name).changed(eval_time_percent=0)
    devices.prepare_training_thread(0)
    bare = _bare_steps(config)
    with tempfile.TemporaryDirectory() as folder:
        training = Trainer(config, RunFolder(Path(folder) / "run")).run()
        whole, steps = [], []
        turns.of_engine(training, _WARM_UP_SECONDS)
        turns.of_steps(bare, config.batch_size, _WARM_UP_SECONDS)
        for _ in range(_TURNS):
            whole.append(turns.of_engine(training, _TURN_SECONDS))
            steps.append(turns.of_steps(bare, config.batch_size, _TURN_SECONDS))
        training.close()
    return {"recipe": name, "share": 1 - statistics.median(whole) / statistics.median(steps)}


def _bare_steps(config: Config) -> Iterator[None]:
    from engine import device as devices
    from engine.datasets import catalog
    from engine.datasets.batches import Batches
    from engine.training.gan import GAN
    from engine.training.train_step import StepInfo

    data = catalog.load(config)
    device = devices.resolve("auto")
    gan, batches = GAN(config, data.facts, device), Batches(data, config.seed, device, config.data_range)
    for step in count():
        seen = step * config.batch_size
        gan.step(
            config, StepInfo(step, seen + config.batch_size, 0.0, 1.0), [batches.get_batch(seen, config.batch_size)]
        )
        yield


def at_home(name: str) -> Config:
    """Return the recipe on the embedded digits, with as many images between its files as its own data set has."""
    epochs = 1 if recipe(name).config().dataset == "digits" else _EPOCHS_OF_MNIST
    return recipe(name).config(
        dataset="digits", classes=(), epochs=100_000, device="auto", sample_every=epochs, checkpoint_every=epochs
    )


def _tables(found: Sequence[Measured]) -> list[Table]:
    beside = [
        (
            each["recipe"],
            number(each["engine"], ",.0f"),
            number(each["textbook"], ",.0f"),
            number(each["ratio"], ".2f"),
            f"≥ {number(each['bar'], '.1f')}",
        )
        for each in found
        if "ratio" in each
    ]
    costs = [
        (each["recipe"], number(each["share"], ".1%"), f"≤ {number(0.05, '.0%')}") for each in found if "share" in each
    ]
    headings = (tr("Recipe"), tr("Engine"), tr("Textbook"), tr("Ratio"), tr("Bar"))
    return [
        table(tr("The engine beside a textbook's loop, images/s"), headings, beside),
        table(tr("What checkpoints, samples and statistics cost"), (tr("Recipe"), tr("Share"), tr("Bar")), costs),
    ]


PART = Part("engine", _steps, _tables)
