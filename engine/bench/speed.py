"""How fast the engine trains: beside the textbook's loop, recipe by recipe, and what reports and files cost."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import torch

from engine import device as devices
from engine.bench.textbook import Textbook
from engine.config import Config
from engine.data import catalogue
from engine.data.batches import Batches
from engine.events import Tick
from engine.recipes import DEFAULT_RECIPE, WORKING, recipe
from engine.run_folder import RunFolder
from engine.trainer import Trainer
from engine.training.duel import Duel
from engine.training.play import Moment

COMPARED = {"dcgan-fashion": 1.5, "dcgan-tutorial": 1.5, "mlp-fashion": 3.0}  # recipe: how many times faster we must be
_EPOCHS_OF_MNIST = 12  # of the 5,000 embedded digits in one of MNIST's, or Fashion-MNIST's, 60,000 images
_TURNS = 3
_TURN_SECONDS = 4.0
_WARM_UP_SECONDS = 2.0


def compare(name: str) -> dict[str, Any]:
    """Train the recipe ``name`` on the embedded digits, in turns with the textbook's loop, in this process.

    Each turn lasts some seconds; the result holds the median images per second of both and their ratio. The judge,
    which no textbook has, is off, and files are written as often as on the recipe's own data set.
    """
    config = _at_home(name)
    device = devices.resolve("auto")
    devices.prepare_training_thread(0)
    textbook = iter(Textbook(config, catalogue.load(config), device))
    with tempfile.TemporaryDirectory() as folder:
        training = Trainer(config, RunFolder(Path(folder) / "run")).run()
        ours, theirs = [], []
        _engine_turn(training, _WARM_UP_SECONDS)
        _step_by_step(textbook, config.batch_size, _WARM_UP_SECONDS)
        for _ in range(_TURNS):
            ours.append(_engine_turn(training, _TURN_SECONDS))
            theirs.append(_step_by_step(textbook, config.batch_size, _TURN_SECONDS))
        training.close()
    engine, plain = statistics.median(ours), statistics.median(theirs)
    return {
        "recipe": name,
        "engine": engine,
        "textbook": plain,
        "ratio": engine / plain,
        "bar": COMPARED[name] if device.type == "cpu" else 10.0,
    }


def overhead(name: str) -> dict[str, Any]:
    """Compare whole trainings of a recipe, with checkpoints, samples and statistics, with bare steps, in turns."""
    config = _at_home(name)
    devices.prepare_training_thread(0)
    bare = _bare_steps(config)
    with tempfile.TemporaryDirectory() as folder:
        training = Trainer(config, RunFolder(Path(folder) / "run")).run()
        whole, steps = [], []
        _engine_turn(training, _WARM_UP_SECONDS)
        _step_by_step(bare, config.batch_size, _WARM_UP_SECONDS)
        for _ in range(_TURNS):
            whole.append(_engine_turn(training, _TURN_SECONDS))
            steps.append(_step_by_step(bare, config.batch_size, _TURN_SECONDS))
        training.close()
    return {"recipe": name, "share": 1 - statistics.median(whole) / statistics.median(steps)}


def _bare_steps(config: Config) -> Iterator[None]:
    data = catalogue.load(config)
    device = devices.resolve("auto")
    duel, batches = Duel(config, data.facts, device), Batches(data, config.seed, device, config.data_range)
    for step in count():
        seen = step * config.batch_size
        duel.step(config, Moment(step, seen + config.batch_size, 0.0, 1.0), [batches.at(seen, config.batch_size)])
        yield


def recipe_speeds(seconds: float) -> dict[str, float]:
    """Return images per second of every recipe that works, on the embedded digits."""
    return {entry.name: engine_speed(_on_digits(entry.name), seconds) for entry in WORKING}


def headless(seconds: float) -> float:
    """Return images per second of the default recipe, to compare the window with."""
    return engine_speed(recipe(DEFAULT_RECIPE).config(), seconds)


def engine_speed(config: Config, seconds: float) -> float:
    """Return images per second of ``config``, trained in this process for about ``seconds`` after a warm-up."""
    with tempfile.TemporaryDirectory() as folder:
        training = Trainer(config, RunFolder(Path(folder) / "run")).run()
        _engine_turn(training, _WARM_UP_SECONDS)
        speed = _engine_turn(training, seconds)
        training.close()
    return speed


def _on_digits(name: str, **values: Any) -> Config:
    return recipe(name).config(dataset="digits", classes=(), epochs=100_000, device="auto", **values)


def _at_home(name: str) -> Config:
    """Return the recipe on the embedded digits, with as many images between its files as its own data set has."""
    epochs = 1 if recipe(name).config().dataset == "digits" else _EPOCHS_OF_MNIST
    return _on_digits(name, judge_percent=0, sample_every=epochs, checkpoint_every=epochs)


def _engine_turn(training: Iterator[Any], seconds: float) -> float:
    """Let the engine train, reports and files included, and return images per second of wall time."""
    start: Tick | None = None
    begin = time.perf_counter()
    for event in training:
        if isinstance(event, Tick):
            if start is None:
                start, begin = event, time.perf_counter()
            elif time.perf_counter() - begin >= seconds:
                return (event.images_seen - start.images_seen) / (time.perf_counter() - begin)
    raise RuntimeError("the training ended before the measurement")


def _step_by_step(steps: Iterator[Any], batch: int, seconds: float) -> float:
    begin = time.perf_counter()
    done = 0
    while time.perf_counter() - begin < seconds:
        next(steps)
        done += 1
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return done * batch / (time.perf_counter() - begin)
