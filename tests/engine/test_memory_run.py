"""A training without a run folder is the same training, goes on from where it stood, and leaves nothing behind."""

import inspect
import math

import numpy as np
import pytest
import torch

from engine.events import Finished, NotFinite, SamplesReady, Started, Tick
from engine.runs import MemoryRun, RunFolder
from engine.trainer import Trainer
from tests import tiny


@pytest.fixture(autouse=True)
def nothing_written(tmp_path, monkeypatch, tiny_data, dense):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)


def train(run=None, *, resume=False, **values):
    trainer = Trainer(tiny.config(**values), run, resume=resume)
    events = list(trainer.run())
    assert isinstance(events[-1], Finished)
    return trainer.folder, events


def equal(one, other):
    """Whether both runs are the same bit for bit, training times aside."""
    rows = [[row._replace(seconds=0) for row in run.metrics()] for run in (one, other)]
    (first, facts), (second, other_facts) = one.state(), other.state()
    verdicts = [run.verdicts() for run in (one, other)]
    return (
        np.array_equal(*(np.array([format_row(row) for row in table]) for table in rows))
        and first.keys() == second.keys()
        and all(np.array_equal(first[name], second[name]) for name in first)
        and facts | {"seconds": 0} == other_facts | {"seconds": 0}
        and verdicts[0].keys() == verdicts[1].keys()
        and all(np.array_equal(*(each[epoch] for each in verdicts)) for epoch in verdicts[0])
    )


def format_row(row):
    return [f"{value:.9g}" for value in row]


def test_a_training_in_memory_is_the_one_in_a_folder_and_writes_nothing(tmp_path):
    run, events = train()
    assert isinstance(run, MemoryRun) and list(tmp_path.iterdir()) == []
    folder, others = train(RunFolder(tmp_path / "run"))
    assert [type(event) for event in events] == [type(event) for event in others]
    assert equal(run, folder)
    epoch, grid = run.samples()
    assert epoch == 4 and np.array_equal(grid, folder.read_samples(4))
    for kept, written in zip(run.snapshot(), folder.snapshot(4), strict=True):
        assert kept.keys() == written.keys() and all(np.array_equal(kept[name], written[name]) for name in kept)


@pytest.mark.parametrize("last", [40, 120, 200])
def test_it_goes_on_in_memory_as_if_it_had_never_stopped(last):
    whole, _ = train()
    run = MemoryRun()
    trainer = Trainer(tiny.config(), run)
    training = trainer.run()
    next(event for event in training if isinstance(event, Tick) and event.images_seen >= last)
    training.close()
    assert run.images_seen() == last
    train(run, resume=True)
    assert equal(whole, run)
    train(run, resume=True, epochs=6)
    assert run.images_seen() == 480 and run.samples()[0] == 6


def test_a_number_that_is_not_finite_goes_back_in_memory_too():
    run, _ = train(epochs=1)
    trainer = Trainer(tiny.config(), run, resume=True)
    training = trainer.run()
    next(event for event in training if isinstance(event, Started))
    with torch.no_grad():
        next(trainer.session.gan.generator.parameters()).fill_(math.nan)
    assert isinstance(list(training)[-1], NotFinite)
    train(run, resume=True)
    assert run.info().went_back == [(88, 80)]
    assert all(math.isfinite(row.d_loss + row.g_loss) for row in run.metrics())


def test_live_changes_are_recorded_and_made_again():
    run = MemoryRun()
    trainer = Trainer(tiny.config(), run)
    training = trainer.run()
    for event in training:
        if isinstance(event, SamplesReady) and event.epoch == 2:
            trainer.change("g_lr", 0.02)
        if isinstance(event, Tick) and event.images_seen >= 200:
            break
    training.close()
    assert [change[1:] for change in run.info().changes] == [("g_lr", 0.02)]
    train(run, resume=True)
    assert run.info().config_at(10**9).g_lr == 0.02


def test_a_run_in_memory_holds_one_training():
    run, _ = train()
    with pytest.raises(ValueError, match="holds one run"):
        list(Trainer(tiny.config(), run).run())
    with pytest.raises(ValueError, match="no run was begun"):
        list(Trainer(tiny.config(), resume=True).run())


def test_what_both_kinds_of_run_take_is_called_the_same():
    def parameters(kind, name):
        return list(inspect.signature(getattr(kind, name)).parameters)

    public = [name for name in vars(MemoryRun) if not name.startswith("_") and name != "samples"]
    assert len(public) > 20
    for name in public:
        assert parameters(MemoryRun, name) == parameters(RunFolder, name), name
