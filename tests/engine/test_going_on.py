"""A run goes on exactly where it stood, or says why it cannot; and what was made is never overwritten."""

import json
import math
import shutil

import numpy as np
import pytest

from engine import distributed
from engine.errors import UserError
from engine.events import (
    Finished,
    SamplesReady,
    Started,
    Tick,
)
from engine.runs import NoState, RunFolder
from engine.trainer import Trainer
from engine.training.budget import Budget
from tests import tiny
from tests.engine.trained import equal, everything, killed_copy, run_until, states_equal, train

pytestmark = pytest.mark.usefixtures("tiny_data", "dense")


@pytest.fixture(autouse=True)
def a_tick_is_a_step(monkeypatch):
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)


class Killed(BaseException):
    """Ends a training as kill -9 does: nothing is saved on the way out."""


def lines(folder, name):
    return [json.loads(line) for line in (folder.path / name).read_text().splitlines()]


# A run without its checkpoints


def without_states(folder):
    for path in (folder.path / "checkpoints").glob("state-*"):
        path.unlink()


def test_a_run_whose_checkpoints_are_gone_is_refused_and_left_alone(folder):
    train(folder)
    without_states(folder)
    before = everything(folder)
    with pytest.raises(NoState, match=r"generators \(epochs 0 to 4\), samples \(epochs 0 to 4\)") as refused:
        train(folder, resume=True)
    assert refused.value.epoch == 4 and everything(folder) == before


def test_so_is_one_whose_checkpoints_are_all_damaged(folder):
    train(folder)
    for path in (folder.path / "checkpoints").glob("state-*"):
        path.write_bytes(path.read_bytes()[:-1])
    before = everything(folder)
    with pytest.raises(NoState):
        train(folder, resume=True)
    assert everything(folder) == before


@pytest.mark.parametrize("left", ["samples", "generators", "verdicts", "metrics"])
def test_whatever_is_left_of_it_is_never_overwritten(folder, left):
    train(folder, epochs=2)
    without_states(folder)
    kept = {
        "samples": "samples/epoch-*",
        "generators": "checkpoints/generator-*",
        "verdicts": "verdicts*",
        "metrics": "metrics*",
    }[left]
    kept = {*folder.path.glob(kept), folder.path / "config.json", folder.path / "samples" / "noise.safetensors"}
    lock = folder.path / ".lock"  # a copy on a class wall has none
    for path in {*everything(folder), lock} - kept:
        path.unlink()
    before = everything(folder)
    with pytest.raises(NoState):
        train(folder, resume=True)
    assert everything(folder) == before and not lock.exists()


def test_its_newest_generator_can_still_be_sampled(folder):
    train(folder, epochs=2)
    without_states(folder)
    newest, last = folder.generator(), folder.generator(2)
    assert all(np.array_equal(newest[name], last[name]) for name in last)


# Before and around the first checkpoint


@pytest.mark.parametrize("epoch", [0, 1])
@pytest.mark.parametrize("moment", ["save_samples", "save_snapshot", "append_verdicts"])
def test_a_run_that_is_killed_while_it_keeps_its_first_epochs_goes_on_exactly(
    tmp_path, moment, epoch, monkeypatch, whole
):
    killed = RunFolder(tmp_path / "killed")
    write = getattr(RunFolder, moment)

    def die(self, *arguments):
        write(self, *arguments)
        if arguments[0] == epoch:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, moment, die)
        with pytest.raises(Killed):
            train(killed)
    assert killed.has_made() is (epoch > 0)
    train(killed, resume=True)
    assert equal(whole, killed)


def test_a_run_with_rare_checkpoints_that_is_killed_before_the_second_goes_on_exactly(tmp_path):
    whole, first = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "first")
    train(whole, checkpoint_every=4)
    training = Trainer(tiny.config(checkpoint_every=4), first).run()
    killed = killed_copy(training, first, 270, tmp_path / "killed")
    training.close()
    assert list(killed.sample_files()) == [0, 1, 2, 3] and killed.images_seen() == tiny.COUNT
    train(killed, resume=True, checkpoint_every=4)
    assert equal(whole, killed)


@pytest.mark.parametrize("lr_decay_start", [1.0, 0.0], ids=["goes on", "begins again"])
def test_minutes_that_are_still_measured_are_measured_again(tmp_path, monkeypatch, brief, lr_decay_start):
    first, options = RunFolder(tmp_path / "first"), {"lr_decay_start": lr_decay_start}
    with monkeypatch.context() as patch:
        patch.setattr(Budget, "is_measured", lambda *_: False)  # however slow the machine is
        training = Trainer(tiny.config(**options), first, minutes=brief).run()
        killed = killed_copy(training, first, 170, tmp_path / "killed")
        training.close()
    assert killed.has_made() and not killed.has_state() and killed.info().minutes == brief
    train(killed, resume=True, **options)
    info = killed.info()
    assert info.minutes is None and killed.images_seen() >= info.config.total_images > 0
    assert len({row.step for row in killed.metrics()}) == len(killed.metrics())
    repeated = RunFolder(tmp_path / "repeated")
    train(repeated, total_images=info.config.total_images, **options)
    assert states_equal(killed, repeated)


@pytest.mark.parametrize("lr_decay_start", [1.0, 0.0], ids=["goes on", "begins again"])
def test_minutes_that_have_become_images_have_a_checkpoint_to_go_on_from(tmp_path, brief, lr_decay_start):
    first, options = RunFolder(tmp_path / "first"), {"lr_decay_start": lr_decay_start}
    trainer = Trainer(tiny.config(**options), first, minutes=brief)
    training = trainer.run()
    while first.info().minutes is not None if first.exists() else True:
        next(training)
    shutil.copytree(first.path, tmp_path / "killed", ignore=shutil.ignore_patterns(".lock"))
    killed = RunFolder(tmp_path / "killed")
    assert killed.has_state()
    assert isinstance(list(training)[-1], Finished)
    train(killed, resume=True, **options, total_images=killed.info().config.total_images)
    assert states_equal(first, killed)


# What was rolled back


def test_going_on_drops_all_that_came_after_the_checkpoint(tmp_path):
    judged = {"eval_time_percent": 50, "architecture": "pixelshuffle"}  # slow enough to be judged often
    whole, first = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "first")
    train(whole, **judged)
    training = Trainer(tiny.config(**judged), first).run()
    broken = killed_copy(training, first, 300, tmp_path / "broken")
    training.close()
    newest = max((broken.path / "checkpoints").glob("state-*"))
    newest.write_bytes(b"")  # so that the one of epoch 2 steps in
    trainer = Trainer(tiny.config(**judged), broken, resume=True)
    training = trainer.run()
    assert next(event for event in training if isinstance(event, Started)).images_seen == 160
    assert list(broken.sample_files()) == broken.generator_epochs() == list(broken.verdicts()) == [0, 1, 2]
    assert len(list(broken.path.glob("checkpoints/discriminator-*"))) == 3
    assert broken.images_seen() == max(quality.images_seen for quality in broken.qualities()) == 160
    assert isinstance(list(training)[-1], Finished)
    assert equal(whole, broken)


def test_stopping_at_the_end_of_an_epoch_tells_its_verdicts_once(tmp_path, whole):
    broken = RunFolder(tmp_path / "broken")
    training = Trainer(tiny.config(), broken).run()
    next(event for event in training if isinstance(event, SamplesReady) and event.epoch == 2)
    training.close()
    train(broken, resume=True)
    assert [line["epoch"] for line in lines(broken, "verdicts.jsonl")] == [0, 1, 2, 3, 4]
    assert equal(whole, broken)


def test_a_budget_within_an_epoch_is_sampled_once_and_may_go_on(folder):
    train(folder, total_images=100)
    train(folder, resume=True, total_images=100)
    assert [line["images_seen"] for line in lines(folder, "verdicts.jsonl")] == [0, 80, 104]
    events = train(folder, resume=True)
    assert [event.epoch for event in events if isinstance(event, SamplesReady)] == [2, 3, 4]


# Rows of the last steps


def test_a_run_shorter_than_a_row_has_one_with_real_numbers(folder):
    events = train(folder, epochs=1, log_every=1000, total_images=24)
    (row,) = folder.metrics()
    assert row.step == 3 and row.images_seen == 24 and math.isfinite(row.d_loss + row.g_loss)
    told = [told for event in events if isinstance(event, Tick) for told in event.rows]
    assert [one.step for one in told] == [3] and told[0].d_loss == pytest.approx(row.d_loss)


def test_its_row_ends_in_its_time_when_the_run_goes_on(tmp_path):
    whole, short = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "short")
    train(whole, log_every=7)
    train(short, log_every=7, total_images=72, lr_decay_start=1.0)
    train(short, log_every=7, resume=True)
    assert [row.step for row in whole.metrics()] == [row.step for row in short.metrics()]


@pytest.mark.parametrize("images", [8, 40, 104])
def test_stopping_keeps_the_rows_of_the_last_steps_and_resuming_is_exact(tmp_path, images, whole):
    broken = RunFolder(tmp_path / "broken")
    run_until(Trainer(tiny.config(), broken), images)
    assert broken.metrics()[-1].images_seen == broken.images_seen() == images
    train(broken, resume=True)
    assert equal(whole, broken)


# Nothing left, and the end of it all


@pytest.mark.parametrize("values", [{}, {"epochs": 2}, {"total_images": 100}], ids=str)
def test_where_nothing_is_left_to_train_nothing_is_written(folder, values):
    train(folder)
    before = everything(folder)
    trainer = Trainer(tiny.config(**values), folder, resume=True)
    trainer.change("g_lr", 0.001)
    events = list(trainer.run())
    assert [type(event) for event in events[1:]] == [Started, Finished]
    assert events[1].images_seen == 320 >= events[1].total_images
    assert everything(folder) == before


def test_processes_part_whatever_happens(folder, monkeypatch):
    left = []
    monkeypatch.setattr(distributed, "shut_down", lambda: left.append(True))

    def fail(_config):
        raise UserError("a", "b")
        yield

    monkeypatch.setattr("engine.datasets.catalog.read", fail)
    with pytest.raises(UserError):
        train(folder)
    assert left == [True]
