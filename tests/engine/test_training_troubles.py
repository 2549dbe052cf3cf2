"""What may go wrong in a training, and what is left then: numbers, memory, disk, folder, images, networks."""

import math
import os
import shutil

import numpy as np
import pytest
import torch

from engine.diagnosis.remedies import after_not_finite
from engine.errors import DiskError, UserError
from engine.events import (
    CheckpointSaved,
    Finished,
    NotFinite,
    OutOfMemory,
    Started,
    Tick,
    WriteBlocked,
)
from engine.job import Progress
from engine.runs import RunFolder
from engine.trainer import Trainer
from engine.training.loop import TrainingLoop
from tests import tiny
from tests.engine.trained import rows_without_seconds, states_equal, train

pytestmark = pytest.mark.usefixtures("tiny_data", "dense")


def started(trainer):
    """Return the training of ``trainer``, about to take its first step."""
    training = trainer.run()
    assert [type(next(training)) for _ in range(2)] == [Progress, Started]
    return training


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_a_number_that_is_not_finite_rolls_back_and_names_the_cure(folder, player):
    train(folder, epochs=1)
    good = folder.images_seen()
    trainer = Trainer(tiny.config(), folder, resume=True)
    training = started(trainer)
    with torch.no_grad():
        for parameter in getattr(trainer.session.gan, player).parameters():
            parameter.fill_(math.nan)
    last = list(training)[-1]
    assert isinstance(last, NotFinite)
    assert last.remedy == after_not_finite(tiny.config()) and last.safe_images_seen == good
    assert folder.images_seen() == good
    assert not any(np.isnan(array).any() for array in folder.generator().values())
    assert not math.isfinite(folder.metrics()[-1].d_loss + folder.metrics()[-1].g_loss), "the curves show the moment"


@pytest.mark.parametrize("kind", [Tick, NotFinite])
def test_who_ends_at_a_number_that_is_not_finite_saves_nothing_of_it(folder, kind):
    train(folder, epochs=1)
    good = folder.images_seen()
    trainer = Trainer(tiny.config(), folder, resume=True)
    training = started(trainer)
    next(event for event in training if isinstance(event, Tick))
    with torch.no_grad():
        for parameter in trainer.session.gan.generator.parameters():
            parameter.fill_(math.nan)
    next(event for event in training if isinstance(event, kind))
    training.close()
    assert folder.images_seen() == good


def test_a_step_that_does_not_fit_in_memory_offers_half_the_batch(folder, monkeypatch):
    train(folder, epochs=1)
    trainer = Trainer(tiny.config(), folder, resume=True)
    training = started(trainer)

    def too_large(*_):
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:130] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(trainer.session.gan, "step", too_large)
    last = list(training)[-1]
    assert isinstance(last, OutOfMemory) and last.batch_size == 4
    events = train(folder, resume=True, batch_size=last.batch_size)
    assert isinstance(events[-1], Finished)


def test_a_run_that_ended_before_its_first_checkpoint_begins_again(tmp_path, monkeypatch, whole):
    killed = RunFolder(tmp_path / "killed")
    with monkeypatch.context() as patch:
        patch.setattr("engine.training.session.TICK_SECONDS", 0.0)
        patch.setattr(TrainingLoop, "_save", lambda self: None)  # as kill -9 leaves it
        training = Trainer(tiny.config(), killed).run()
        next(event for event in training if isinstance(event, Tick) and event.images_seen >= 40)
        training.close()
    train(killed, resume=True)
    assert states_equal(whole, killed)
    assert rows_without_seconds(whole) == rows_without_seconds(killed)


def test_a_new_run_never_overwrites_an_old_one(folder):
    train(folder, epochs=1)
    with pytest.raises(UserError, match="already holds a run"):
        train(folder)


def test_a_second_trainer_on_one_run_is_refused(folder):
    training = started(Trainer(tiny.config(), folder))
    try:
        with pytest.raises(UserError, match="another Duelo"):
            list(Trainer(tiny.config(), folder, resume=True).run())
    finally:
        training.close()


def full(_descriptor):
    raise OSError(28, "No space left on device")


def test_a_full_disk_halts_the_training_until_there_is_room(tmp_path, monkeypatch, whole):
    halted = RunFolder(tmp_path / "halted")
    training = started(Trainer(tiny.config(), halted))
    before = next(event for event in training if isinstance(event, CheckpointSaved)).images_seen
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        first = next(event for event in training if isinstance(event, WriteBlocked))
        assert "disk is full" in first.hint
        assert isinstance(next(training), WriteBlocked)  # asked again, still full
    assert halted.images_seen() == before
    halted.state()
    assert isinstance(list(training)[-1], Finished)
    assert states_equal(whole, halted)
    assert len(whole.metrics()) == len(halted.metrics())
    assert (whole.path / "verdicts.jsonl").read_bytes() == (halted.path / "verdicts.jsonl").read_bytes()
    assert not list(halted.path.rglob("*.tmp"))


def test_a_training_that_is_stopped_while_the_disk_is_full_says_so_and_keeps_its_checkpoint(folder, monkeypatch):
    train(folder, epochs=1)
    before = folder.images_seen()
    training = started(Trainer(tiny.config(), folder, resume=True))
    monkeypatch.setattr(os, "fsync", full)
    next(event for event in training if isinstance(event, WriteBlocked))
    with pytest.raises(DiskError, match="disk is full"):
        training.close()
    assert folder.images_seen() == before
    folder.state()


def test_a_folder_that_is_removed_while_training_comes_back(folder, monkeypatch):
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)
    training = Trainer(tiny.config(), folder).run()
    next(event for event in training if isinstance(event, Tick) and event.images_seen >= 100)
    shutil.rmtree(folder.path)
    events = list(training)
    assert any(isinstance(event, WriteBlocked) and "not there" in event.hint for event in events)
    assert isinstance(events[-1], Finished)
    assert folder.info().facts.image_count == tiny.COUNT
    assert folder.noise()["z"].shape == (20, 4)
    folder.state()


def test_other_images_than_the_run_was_trained_on_are_refused(folder, monkeypatch):
    train(folder, epochs=1)
    data = tiny.data()
    fewer = type(data)(data.images[:40], data.labels[:40], data.class_names)

    def read(_config):
        yield Progress(0, 0, "fewer")
        return fewer

    monkeypatch.setattr("engine.datasets.catalog.read", read)
    with pytest.raises(UserError, match="not the one"):
        train(folder, resume=True)


def test_a_checkpoint_of_other_networks_is_refused(folder):
    train(folder, epochs=1)
    with pytest.raises(UserError, match="does not fit"):
        train(folder, resume=True, g_channels=8)
