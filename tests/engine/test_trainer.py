import gc
import math
import weakref

import numpy as np
import pytest
import torch

from engine.errors import UserError
from engine.events import (
    CheckpointSaved,
    Finished,
    GeneratorSnapshot,
    SamplesReady,
    Started,
    Tick,
)
from engine.job import Progress
from engine.pictures import tile, to_uint8
from engine.runs import RunFolder
from engine.trainer import Trainer
from engine.training.gan import GAN
from engine.training.realism import RealismScorer
from tests import tiny
from tests.engine.trained import rows_without_seconds, states_equal, train, verdicts_equal

pytestmark = pytest.mark.usefixtures("tiny_data")


def train_until(folder, images, **arguments):
    """Train and stop, as a person would, at the first event after ``images``."""
    trainer = Trainer(tiny.config(), folder, **arguments)
    training = trainer.run()
    for event in training:
        if isinstance(event, Tick) and event.images_seen >= images:
            break
    training.close()


def test_a_training_reports_samples_and_saves_every_epoch(folder):
    events = train(folder)
    assert [type(event) for event in events[:2]] == [Progress, Started]
    assert isinstance(events[-1], Finished)
    assert [event.epoch for event in events if isinstance(event, SamplesReady)] == [0, 1, 2, 3, 4]
    assert [event.epoch for event in events if isinstance(event, CheckpointSaved)] == [1, 2, 3, 4]
    assert isinstance(events[-3], GeneratorSnapshot)
    assert list(folder.sample_files()) == folder.generator_epochs() == [0, 1, 2, 3, 4]
    assert events[-1].images_seen == 4 * tiny.COUNT == folder.images_seen()


def test_each_sample_has_ds_verdict_and_each_epoch_keeps_both_players(folder):
    events = [event for event in train(folder) if isinstance(event, SamplesReady)]
    told = folder.verdicts()
    assert list(told) == folder.generator_epochs() == [0, 1, 2, 3, 4]
    for event in events:
        assert event.verdicts.shape == (20,) and event.verdicts.dtype == np.float32
        assert np.array_equal(event.verdicts, told[event.epoch])
        rows = np.pad(event.grid.astype(float), ((0, 2), (0, 2))).reshape(
            2, 10, 10, 10
        )  # 2 rows of 10, 8 pixels and a gap
        pictures = rows.swapaxes(1, 2)[:, :, :8, :8].reshape(20, 8, 8)
        wanted = np.sqrt(pictures.var(0).mean() / tiny.data().images.astype(float).var(0).mean())
        assert event.spread == pytest.approx(wanted, rel=1e-3)
        assert (event.images_seen, event.spread) in [
            (seen, pytest.approx(it, abs=1e-6)) for seen, it in folder.spreads()
        ]
        assert ((event.verdicts > 0) & (event.verdicts < 1)).all() and len(set(event.verdicts)) > 10
    newest, last, first = folder.discriminator(), folder.discriminator(4), folder.discriminator(1)
    assert newest.keys() == last.keys() == first.keys()
    assert all(np.array_equal(newest[name], last[name]) for name in newest)
    assert not all(np.array_equal(newest[name], first[name]) for name in newest)


def test_epoch_0_is_what_both_players_make_before_the_first_step(folder):
    training = Trainer(tiny.config(), folder).run()
    first = next(event for event in training if isinstance(event, SamplesReady))
    assert (first.epoch, first.images_seen) == (0, 0) and not folder.metrics() and not folder.has_made()
    training.close()
    gan = GAN(tiny.config(), tiny.data().facts, torch.device("cpu"))
    noise = [torch.from_numpy(folder.noise()[name]) for name in ("z", "labels")]
    with torch.no_grad():
        images = gan.generator.eval()(*noise)
        verdicts = gan.discriminator.eval()(images, noise[1]).logits.sigmoid()
    assert np.array_equal(first.grid, tile(to_uint8(images.numpy()), 10))
    assert first.verdicts == pytest.approx(verdicts.numpy(), abs=1e-6)


def test_going_on_never_draws_epoch_0_again(folder):
    train(folder, epochs=1)
    before = [path.stat().st_mtime_ns for path in folder.path.rglob("*0000.*")]
    assert len(before) == 3
    events = train(folder, resume=True, epochs=2)
    assert [event.epoch for event in events if isinstance(event, SamplesReady)] == [2]
    assert [path.stat().st_mtime_ns for path in folder.path.rglob("*0000.*")] == before
    assert list(folder.verdicts()) == [0, 1, 2]


def test_a_run_of_an_older_version_goes_on_without_epoch_0(folder):
    train(folder, epochs=1)
    for path in folder.path.rglob("*0000.*"):
        path.unlink()
    file = folder.path / "verdicts.jsonl"
    file.write_text("".join(file.read_text().splitlines(keepends=True)[1:]))
    train(folder, resume=True, epochs=2)
    assert list(folder.sample_files()) == folder.generator_epochs() == list(folder.verdicts()) == [1, 2]


def test_rows_come_every_log_every_steps_and_at_each_epoch_end(folder):
    events = train(folder, epochs=2)
    steps = [row.step for row in folder.metrics()]
    assert steps == [3, 6, 9, 10, 12, 15, 18, 20]
    assert [row.epoch for row in folder.metrics()] == [1, 1, 1, 1, 2, 2, 2, 2]
    reported = [row for event in events if isinstance(event, Tick) for row in event.rows]
    assert [row.step for row in reported] == steps
    for row in reported:
        assert 0 < row.d_real < 1 and 0 < row.d_fake < 1 and row.d_loss > 0


def test_events_carry_no_tensors(folder):
    for event in train(folder, epochs=1):
        assert not any(isinstance(value, torch.Tensor) for value in vars(event).values())


def test_equal_options_train_equally_and_another_seed_differs(tmp_path):
    runs = [RunFolder(tmp_path / name) for name in "abc"]
    for run, seed in zip(runs, (1, 1, 2), strict=True):
        train(run, seed=seed)
    assert rows_without_seconds(runs[0]) == rows_without_seconds(runs[1]) != rows_without_seconds(runs[2])
    assert states_equal(runs[0], runs[1]) and not states_equal(runs[0], runs[2])


@pytest.mark.parametrize("images", [1, 100, 160, 250])
def test_stopping_anywhere_and_resuming_is_exact(tmp_path, images, monkeypatch, whole):
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)
    broken = RunFolder(tmp_path / "broken")
    train_until(broken, images)
    assert broken.images_seen() < whole.images_seen()
    train(broken, resume=True)
    assert states_equal(whole, broken)
    assert rows_without_seconds(whole) == rows_without_seconds(broken)
    assert verdicts_equal(whole, broken)
    for epoch, path in whole.sample_files().items():
        assert path.read_bytes() == broken.sample_files()[epoch].read_bytes()


def test_a_run_goes_on_after_its_last_epoch_when_given_more(folder):
    train(folder, epochs=2)
    folder.append_verdicts(9, 10**6, np.zeros(20, np.float32))  # as of epochs after the checkpoint, which are lost
    events = train(folder, resume=True, epochs=3)
    assert [event.epoch for event in events if isinstance(event, SamplesReady)] == [3]
    assert list(folder.verdicts()) == [0, 1, 2, 3]
    assert folder.info().config.epochs == 3


def test_a_budget_within_an_epoch_ends_with_its_samples(folder):
    events = train(folder, total_images=100)
    assert [event.epoch for event in events if isinstance(event, SamplesReady)] == [0, 1, 2]
    assert events[-1].images_seen == 104  # whole batches of 8


def test_samples_may_be_rarer_than_epochs(folder):
    events = train(folder, epochs=7, sample_every=3)
    assert [event.epoch for event in events if isinstance(event, SamplesReady)] == [0, 1, 3, 6, 7]
    assert list(folder.sample_files()) == folder.generator_epochs() == [0, 1, 3, 6, 7], "and what it came to"
    assert [event.epoch for event in events if isinstance(event, Finished)] == [7]
    again = train(folder, resume=True, epochs=9, sample_every=3)
    assert [event.epoch for event in again if isinstance(event, SamplesReady)] == [9]


def test_previews_leave_the_training_alone(tmp_path):
    seldom, often = RunFolder(tmp_path / "seldom"), RunFolder(tmp_path / "often")
    train(seldom)
    trainer = Trainer(tiny.config(sample_rows=5), often)
    for _ in trainer.run():
        trainer.request_snapshot()
    assert rows_without_seconds(seldom) == rows_without_seconds(often)


@pytest.mark.parametrize(
    "values",
    [{"spectral_norm": True}, {"architecture": "embedding", "d_dropout": 0.5}, {"architecture": "progressive"}],
    ids=str,
)
@pytest.mark.parametrize("loss", ["hinge", "rpgan"])
def test_the_verdicts_on_samples_leave_the_training_alone(tmp_path, monkeypatch, values, loss):
    with_them, without = RunFolder(tmp_path / "with"), RunFolder(tmp_path / "without")
    train(with_them, loss=loss, epochs=2, **values)
    monkeypatch.setattr(RealismScorer, "of", lambda *_: np.zeros(20, np.float32))
    train(without, loss=loss, epochs=2, **values)
    assert not verdicts_equal(with_them, without)
    assert states_equal(with_them, without)
    assert rows_without_seconds(with_them) == rows_without_seconds(without)


def test_the_generator_is_handed_over_when_asked(folder):
    trainer = Trainer(tiny.config(), folder)
    trainer.request_snapshot()
    first = next(event for event in trainer.run() if isinstance(event, GeneratorSnapshot))
    assert first.images_seen == 0
    assert any("running_mean" in name for name in first.state)
    assert all(isinstance(array, np.ndarray) for array in first.state.values())


# What each architecture and lever adds to the state that resuming must bring back.
VARIANTS = {
    "dropout": {"architecture": "dcgan-3-8", "d_dropout": 0.3},
    "training mode forgotten": {
        "architecture": "dcgan-3-8",
        "d_dropout": 0.3,
        "training_mode": False,
        "shuffle": False,
    },
    "tutorial": {"architecture": "dcgan-tutorial", "update_order": "simultaneous", "d_skip_loss": 1.4},
    "eval opponent": {
        "architecture": "dcgan-fashion",
        "eval_opponent": True,
        "g_batch_source": "new",
        "concat_real_fake": False,
    },
    "mlp": {"architecture": "mlp", "data_range": "0..1", "output": "sigmoid", "ema_halflife_kimg": 0},
    "dense": {"architecture": "mlp", "output": "none", "g_batch_source": "new", "r1_gamma": 0},
    "embedding": {"architecture": "embedding", "label_smoothing": 0.1, "loss": "lsgan"},
    "growing": {"architecture": "progressive", "growth_end": 0.9},
    "multiscale": {"architecture": "multiscale", "g_batch_source": "double"},
    "critic": {"loss": "wgan_gp", "d_steps": 2, "r1_gamma": 0},
    "spectral": {"loss": "hinge", "spectral_norm": True, "g_batch_source": "new", "g_steps": 2},
    "noise": {"instance_noise": 0.2, "augment": "translation,cutout,color", "lr_decay_shape": "cosine"},
}


@pytest.mark.parametrize("values", VARIANTS.values(), ids=VARIANTS.keys())
def test_every_architecture_and_lever_trains_and_resumes_exactly(tmp_path, values, monkeypatch):
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    values = {"epochs": 2, "precision": "auto", **values}
    events = train(whole, **values)
    assert isinstance(events[-1], Finished)
    training = Trainer(tiny.config(**values), broken).run()
    next(event for event in training if isinstance(event, Tick) and event.images_seen >= 100)
    training.close()
    train(broken, resume=True, **values)
    assert states_equal(whole, broken)
    assert rows_without_seconds(whole) == rows_without_seconds(broken)
    assert verdicts_equal(whole, broken)


def test_d_rests_while_its_loss_is_low_and_each_rest_is_counted(tmp_path):
    always, never = RunFolder(tmp_path / "always"), RunFolder(tmp_path / "never")
    train(always, d_skip_loss=10)
    train(never)
    assert sum(row.d_skipped for row in always.metrics()) == always.metrics()[-1].step == 40
    assert sum(row.d_skipped for row in never.metrics()) == 0
    arrays, _ = always.state()
    assert not any(name.startswith("d_optimiser") for name in arrays)  # D never moved


def test_more_updates_of_d_show_it_more_images(folder):
    train(folder, d_steps=2, epochs=2)
    assert folder.metrics()[-1].step == 10
    assert folder.images_seen() == 160


def test_senseless_options_are_refused_before_anything_is_made(folder):
    with pytest.raises(UserError, match="does not match the range"):
        Trainer(tiny.config(data_range="0..1"), folder)
    with pytest.raises(UserError, match="no such target"):
        Trainer(tiny.config(loss="hinge"), folder).change("label_smoothing", 0.1)
    assert not folder.path.exists()


def test_minutes_become_images_that_repeat_the_run(tmp_path, brief):
    timed, repeated = RunFolder(tmp_path / "timed"), RunFolder(tmp_path / "repeated")
    list(Trainer(tiny.config(), timed, minutes=brief).run())
    total = timed.info().config.total_images
    assert total > 0
    assert timed.images_seen() >= total
    list(Trainer(tiny.config(total_images=total), repeated).run())
    assert states_equal(timed, repeated)


def test_minutes_that_begin_to_decay_at_once_are_repeatable_too(tmp_path, brief):
    timed, repeated = RunFolder(tmp_path / "timed"), RunFolder(tmp_path / "repeated")
    list(Trainer(tiny.config(lr_decay_start=0.0), timed, minutes=brief).run())
    total = timed.info().config.total_images
    list(Trainer(tiny.config(lr_decay_start=0.0, total_images=total), repeated).run())
    assert states_equal(timed, repeated)
    assert rows_without_seconds(timed) == rows_without_seconds(repeated)


@pytest.mark.parametrize("minutes", [0, -1, math.nan, 1e9])
def test_senseless_minutes_are_refused(folder, minutes):
    with pytest.raises(UserError):
        Trainer(tiny.config(), folder, minutes=minutes)


@pytest.mark.parametrize("values", [{}, {"architecture": "mlp", "loss": "minimax"}, {"architecture": "multiscale"}])
def test_networks_go_with_their_training_without_help_of_the_garbage_collector(values):
    trainer = Trainer(tiny.config(**values))
    gone = []
    gc.collect()
    gc.disable()
    try:
        for event in trainer.run():
            if isinstance(event, Started):
                weakref.finalize(trainer.session.gan, gone.append, "networks")
        del trainer, event
        assert gone == ["networks"]
    finally:
        gc.enable()
