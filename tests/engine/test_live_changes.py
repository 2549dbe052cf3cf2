"""Options that change while it trains: recorded with their moment, and repeated when a run goes on."""

import pytest

from engine.config import OPTIONS
from engine.errors import UserError
from engine.events import (
    OptionChanged,
    Tick,
)
from engine.runs import RunFolder
from engine.trainer import Trainer
from engine.training.loop import TrainingLoop
from tests import tiny
from tests.engine.trained import states_equal, train, verdicts_equal

pytestmark = pytest.mark.usefixtures("tiny_data", "dense")


def test_a_live_change_is_recorded_and_honored_by_resume(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")

    def until(folder, last):
        trainer = Trainer(tiny.config(), folder)
        training = trainer.run()
        changed = []
        for event in training:
            if isinstance(event, Tick) and event.images_seen == 40:
                trainer.change("g_lr", 0.03)
            if isinstance(event, OptionChanged):
                changed.append(event)
            if isinstance(event, Tick) and event.images_seen >= last:
                break
        training.close()
        return changed

    (change,) = until(whole, 10**9)
    assert (change.name, change.value, change.images_seen) == ("g_lr", 0.03, 40)
    assert whole.info().changes == [(40, "g_lr", 0.03)]
    assert whole.info().config.g_lr == tiny.config().g_lr
    until(broken, 200)
    train(broken, resume=True)
    assert states_equal(whole, broken)


def test_a_change_after_the_checkpoint_is_replayed_at_its_moment(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)
    whole, killed = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "killed")
    for folder, last in ((whole, 10**9), (killed, 128)):
        trainer = Trainer(tiny.config(), folder)
        training = trainer.run()
        for event in training:
            if isinstance(event, Tick) and event.images_seen == 120:
                trainer.change("d_lr", 0.03)
            if isinstance(event, Tick) and event.images_seen >= last:
                break
        with monkeypatch.context() as patch:
            if folder is killed:  # as kill -9 leaves it: the checkpoint of epoch 1 and the change written after it
                patch.setattr(TrainingLoop, "_save", lambda self: None)
            training.close()
    assert killed.images_seen() == 80
    train(killed, resume=True)
    assert states_equal(whole, killed) and verdicts_equal(whole, killed)


@pytest.mark.parametrize("name", [name for name, spec in OPTIONS.items() if spec.live])
def test_every_live_option_may_change(folder, name):
    spec = OPTIONS[name]
    trainer = Trainer(tiny.config(g_batch_source="new"), folder)
    training = trainer.run()
    next(training)
    trainer.change(name, 2 if spec.kind is int else spec.maximum / 1000)
    assert any(isinstance(event, OptionChanged) and event.name == name for event in training)


def test_other_options_and_bad_values_may_not_change(folder):
    trainer = Trainer(tiny.config(), folder)
    with pytest.raises(UserError, match="cannot change"):
        trainer.change("batch_size", 3)
    with pytest.raises(UserError, match=r"0\.5"):
        trainer.change("g_lr", 3)
