"""The cure that is offered after NaN cures: from the beginning, and from the checkpoint that the run went back to."""

import math

import pytest

from engine.diagnosis.remedies import after_not_finite
from engine.evaluation.condition import condition_of
from engine.events import CheckpointSaved, Finished, NotFinite, Tick
from engine.trainer import Trainer
from tests import tiny

FAR_TOO_HIGH = {"g_lr": 0.5, "d_lr": 0.5}
WIDE = {"g_channels": 48, "d_channels": 48, "z_dim": 64, "r1_interval": 2}  # as the recipe's: weights overflow at once

pytestmark = pytest.mark.usefixtures("tiny_data")


def ended(trainer):
    """The last event of a training."""
    return list(trainer.run())[-1]


def gone_on(folder, values):
    """The last event after going on with the run in ``folder`` and live options changed to ``values``."""
    trainer = Trainer(folder.info().config, folder, resume=True)
    for name, value in values.items():
        trainer.change(name, value)
    return ended(trainer)


def is_sound(folder):
    return all(math.isfinite(row.d_loss + row.g_loss) for row in folder.metrics())


def test_from_the_beginning(folder):
    config = tiny.config(**WIDE, **FAR_TOO_HIGH, epochs=2)
    broken = ended(Trainer(config, folder))
    assert isinstance(broken, NotFinite) and broken.remedy == after_not_finite(config)
    assert broken.remedy.keys() == FAR_TOO_HIGH.keys(), "both players are far too fast, and both are slowed down"
    assert isinstance(gone_on(folder, broken.remedy), Finished) and is_sound(folder)


@pytest.mark.parametrize("log_every", [1, 1000])
def test_the_last_row_says_it_whether_it_had_just_ended_or_was_far_from_it(folder, log_every):
    broken = ended(Trainer(tiny.config(**WIDE, **FAR_TOO_HIGH, log_every=log_every), folder))
    last = folder.metrics()[-1]
    assert isinstance(broken, NotFinite) and (last.images_seen, last.step) == (broken.images_seen, broken.step)
    assert not math.isfinite(last.d_loss + last.g_loss)


def test_the_run_knows_what_was_cured_and_says_so(folder):
    broken = ended(Trainer(tiny.config(**WIDE, **FAR_TOO_HIGH, epochs=1000), folder))
    for values in ({}, broken.remedy):  # the first time, nothing is changed: it breaks again
        trainer = Trainer(folder.info().config, folder, resume=True)
        for name, value in values.items():
            trainer.change(name, value)
        training = trainer.run()
        last = next(event for event in training if isinstance(event, NotFinite | CheckpointSaved))
        training.close()
    assert isinstance(last, CheckpointSaved)
    info = folder.info()
    assert [back for _, back in info.went_back] == [broken.safe_images_seen] * 2
    assert all(moment > back for moment, back in info.went_back)
    condition = condition_of(folder)
    assert condition.state == "watched" and "Not a number" in condition.sentence


@pytest.mark.parametrize("begin", [tiny.COUNT, tiny.COUNT + 24])
def test_from_the_checkpoint_before_a_change_that_was_too_much(folder, monkeypatch, begin):
    """A change that was made some steps after the checkpoint is not made again in place of the cure."""
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 1e-6)  # each step
    assert isinstance(ended(Trainer(tiny.config(**WIDE, epochs=1), folder)), Finished)
    config = folder.info().config.changed(epochs=3, checkpoint_every=4)
    trainer = Trainer(config, folder, resume=True)
    for broken in trainer.run():
        if isinstance(broken, Tick) and broken.images_seen == begin and not folder.info().changes:
            for name, value in FAR_TOO_HIGH.items():
                trainer.change(name, value)
    assert [moment for moment, *_ in folder.info().changes] == [begin, begin]
    assert isinstance(broken, NotFinite) and broken.safe_images_seen == tiny.COUNT
    assert isinstance(gone_on(folder, broken.remedy), Finished) and is_sound(folder)
