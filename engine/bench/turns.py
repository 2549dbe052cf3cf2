"""Images per second of whole trainings and of bare steps, some seconds at a time."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from engine.config import Config
from engine.events import QualityReady, Tick
from engine.recipes import FIRST_RECIPE, recipe
from engine.runs import RunFolder
from engine.trainer import Trainer

_WARM_UP_SECONDS = 2.0


def headless(seconds: float, **options: Any) -> float:
    """Return images per second of the recipe that the window begins with, with these options."""
    with _headless(**options) as training:
        return of_engine(training, seconds)


def tell() -> None:
    """Train that recipe until somebody ends this process; print when it had seen how many images, line by line."""
    with _headless() as training:
        for event in training:
            if isinstance(event, Tick):
                print(time.perf_counter(), event.images_seen, flush=True)


@contextmanager
def _headless(**options: Any) -> Iterator[Iterator[Any]]:
    """Lend the events of that training after its judge has looked once, as in the window.

    To prepare for that takes half a second, once, which would be a twentieth of ten.
    """
    with _trained(recipe(FIRST_RECIPE).config(epochs=100_000, **options)) as training:
        next(event for event in training if isinstance(event, QualityReady))
        yield training


def speed(config: Config, seconds: float) -> float:
    """Return images per second of ``config``, trained in this process for about ``seconds`` after a warm-up."""
    with _trained(config) as training:
        return of_engine(training, seconds)


@contextmanager
def _trained(config: Config) -> Iterator[Iterator[Any]]:
    """Lend the events of a training that is warm."""
    with tempfile.TemporaryDirectory() as folder:
        training = Trainer(config, RunFolder(Path(folder) / "run")).run()
        of_engine(training, _WARM_UP_SECONDS)
        yield training
        training.close()


def of_engine(training: Iterator[Any], seconds: float) -> float:
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


def of_steps(steps: Iterator[Any], batch: int, seconds: float) -> float:
    """Take steps of ``batch`` images and return images per second of wall time."""
    begin = time.perf_counter()
    done = 0
    while time.perf_counter() - begin < seconds:
        next(steps)
        done += 1
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return done * batch / (time.perf_counter() - begin)
