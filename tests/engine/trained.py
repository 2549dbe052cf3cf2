"""Trainings of a TinyGAN, and whether two of them are equal."""

import shutil

import numpy as np

from engine.events import Tick
from engine.runs import RunFolder
from engine.trainer import Trainer
from tests import tiny


def train(folder, resume=False, **values):
    return list(Trainer(tiny.config(**values), folder, resume=resume).run())


def rows_without_seconds(folder):
    return [(*row[:3], *row[4:]) for row in folder.metrics()]


def states_equal(a: RunFolder, b: RunFolder):
    (first, _), (second, _) = a.state(), b.state()
    assert first.keys() == second.keys()
    return [name for name in first if not np.array_equal(first[name], second[name], equal_nan=True)] == []


def verdicts_equal(a: RunFolder, b: RunFolder):
    first, second = a.verdicts(), b.verdicts()
    assert first
    return first.keys() == second.keys() and all(np.array_equal(first[epoch], second[epoch]) for epoch in first)


def equal(a: RunFolder, b: RunFolder):
    assert states_equal(a, b) and verdicts_equal(a, b)
    assert rows_without_seconds(a) == rows_without_seconds(b)
    assert (a.path / "verdicts.jsonl").read_bytes() == (b.path / "verdicts.jsonl").read_bytes()
    assert list(a.sample_files()) == list(b.sample_files()) and a.generator_epochs() == b.generator_epochs()
    return all(path.read_bytes() == b.sample_files()[epoch].read_bytes() for epoch, path in a.sample_files().items())


def killed_copy(training, folder, at, to):
    """Return the run as kill -9 would leave it at the first tick from ``at`` images on."""
    next(event for event in training if isinstance(event, Tick) and event.images_seen >= at)
    shutil.copytree(folder.path, to, ignore=shutil.ignore_patterns(".lock"))
    return RunFolder(to)


def run_until(trainer, images, *, changes=()):
    """Train up to ``images``, make ``changes`` (images, option, value) live on the way, then stop."""
    training, left = trainer.run(), list(changes)
    for event in training:
        while left and isinstance(event, Tick) and event.images_seen >= left[0][0]:
            trainer.change(*left.pop(0)[1:])
        if isinstance(event, Tick) and event.images_seen >= images:
            break
    training.close()


def everything(folder):
    return {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file() and path.name != ".lock"}
