"""Live changes of a run that goes on: made again at their moment, unless a person has said otherwise since."""

import math
import shutil

import pytest
import torch

from engine.events import (
    CheckpointSaved,
    Finished,
    NotFinite,
    OptionChanged,
    Tick,
)
from engine.runs import RunFolder
from engine.trainer import Trainer
from engine.training.budget import Budget
from tests import tiny
from tests.engine.trained import equal, killed_copy, run_until, train

pytestmark = pytest.mark.usefixtures("tiny_data", "dense")


@pytest.fixture(autouse=True)
def a_tick_is_a_step(monkeypatch):
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)


# Live changes


def test_a_value_given_when_going_on_outlives_what_was_recorded_for_later(tmp_path):
    first = RunFolder(tmp_path / "first")
    trainer = Trainer(tiny.config(), first)
    training = trainer.run()
    for event in training:
        if isinstance(event, Tick) and event.images_seen == 96:
            trainer.change("g_lr", 0.5)
            trainer.change("d_lr", 0.5)
        if isinstance(event, OptionChanged) and event.name == "d_lr":
            break
    killed = killed_copy(training, first, 120, tmp_path / "killed")
    training.close()
    assert killed.images_seen() == 80
    again = Trainer(tiny.config(), killed, resume=True)
    again.change("g_lr", 0.001)
    run_until(again, 10**9)
    assert (again.session.config.g_lr, again.session.config.d_lr) == (0.001, 0.5)
    assert killed.info().changes == [(80, "g_lr", 0.001), (96, "d_lr", 0.5)]


def test_so_does_a_change_that_is_made_while_later_ones_are_still_to_come(tmp_path):
    first = RunFolder(tmp_path / "first")
    trainer = Trainer(tiny.config(), first)
    training = trainer.run()
    for event in training:
        if isinstance(event, Tick) and event.images_seen == 144:
            trainer.change("g_lr", 0.5)
        if isinstance(event, OptionChanged):
            break
    killed = killed_copy(training, first, 152, tmp_path / "killed")
    training.close()
    again = Trainer(tiny.config(), killed, resume=True)
    run_until(again, 10**9, changes=[(104, "g_lr", 0.002)])
    assert killed.info().changes == [(104, "g_lr", 0.002)] and again.session.config.g_lr == 0.002


def test_after_a_number_that_is_not_finite_its_cure_is_not_undone(folder):
    train(folder, epochs=1)
    trainer = Trainer(tiny.config(), folder, resume=True)
    training = trainer.run()
    for event in training:
        if isinstance(event, Tick) and event.images_seen == 96:
            trainer.change("g_lr", 0.5)
            trainer.change("d_lr", 0.5)
        if isinstance(event, Tick) and event.images_seen == 112:
            with torch.no_grad():
                next(trainer.session.gan.generator.parameters()).fill_(math.nan)
    assert isinstance(event, NotFinite) and event.remedy.keys() == {"g_lr", "d_lr"}
    again = Trainer(tiny.config(), folder, resume=True)
    for name, value in event.remedy.items():
        again.change(name, value)
    assert isinstance(list(again.run())[-1], Finished)
    assert sorted(folder.info().changes) == sorted((80, name, value) for name, value in event.remedy.items())


@pytest.mark.parametrize("before", [0.0, 20.0])
def test_averaging_that_changes_at_a_checkpoint_resumes_exactly(tmp_path, before):
    options, after = {"ema_halflife_kimg": before}, 20.0 - before
    runs = []
    for name in ("whole", "broken"):
        folder = RunFolder(tmp_path / name)
        trainer = Trainer(tiny.config(**options), folder)
        training = trainer.run()
        for event in training:
            if isinstance(event, CheckpointSaved) and event.epoch == 2:
                trainer.change("ema_halflife_kimg", after)
            if name == "broken" and isinstance(event, OptionChanged):
                break
        if name == "broken":  # as kill -9 leaves it
            shutil.copytree(folder.path, tmp_path / "killed", ignore=shutil.ignore_patterns(".lock"))
            folder = RunFolder(tmp_path / "killed")
        training.close()
        runs.append(folder)
    whole, killed = runs
    assert killed.images_seen() == 160 and killed.info().changes == [(160, "ema_halflife_kimg", after)]
    train(killed, resume=True, **options)
    assert equal(whole, killed)


def test_many_changes_and_many_resumes_around_checkpoints_are_exact(tmp_path):
    changes = [
        (72, "g_lr", 0.01),
        (80, "ema_halflife_kimg", 0.0),
        (88, "d_lr", 0.002),
        (160, "ema_halflife_kimg", 5.0),
        (168, "g_lr", 0.001),
        (240, "d_lr", 0.004),
    ]
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    run_until(Trainer(tiny.config(), whole), 10**9, changes=changes)
    for begin, end in ((0, 72), (72, 80), (80, 88), (88, 160), (160, 161), (161, 240), (240, 10**9)):
        now = [change for change in changes if begin <= change[0] < end]
        run_until(Trainer(tiny.config(), broken, resume=begin > 0), end, changes=now)
    assert whole.info().changes == broken.info().changes == changes
    assert equal(whole, broken)


@pytest.mark.parametrize("begins_again", [False, True])
def test_minutes_tell_the_same_as_the_images_that_they_became(tmp_path, monkeypatch, begins_again):
    """Rows are written and a rate is changed before the speed is known; where all begins again, both come again."""
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 1e-6)  # each step
    timed, repeated, changes = RunFolder(tmp_path / "timed"), RunFolder(tmp_path / "repeated"), [(24, "g_lr", 0.01)]
    options = {"log_every": 1, "lr_decay_start": 0.0 if begins_again else 1.0}
    with monkeypatch.context() as patch:
        patch.setattr(Budget, "is_measured", lambda budget, at: not budget.is_known and at.step == 6)
        patch.setattr("engine.training.budget.budget_from_minutes", lambda *_: (120, begins_again))
        run_until(Trainer(tiny.config(**options), timed, minutes=1.0), 10**9, changes=changes)
    assert timed.info().changes == changes and timed.info().total_images == 120
    run_until(Trainer(tiny.config(**options, total_images=120), repeated), 10**9, changes=changes)
    assert equal(timed, repeated)
