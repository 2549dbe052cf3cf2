"""A new run branches off exactly where another one stood; a run that is made longer goes on as it was asked to."""

import json
import shutil

import numpy as np
import pytest

from engine import files
from engine.errors import UserError
from engine.events import (
    Finished,
    Started,
)
from engine.runs import Branch, Extension, RunFolder, RunInfo
from engine.trainer import Trainer
from engine.training.schedule import EpochSchedule, TrainState, lr_scale_at
from tests import tiny
from tests.engine.trained import (
    everything,
    killed_copy,
    rows_without_seconds,
    run_until,
    states_equal,
    train,
    verdicts_equal,
)

pytestmark = pytest.mark.usefixtures("tiny_data", "dense")


@pytest.fixture(autouse=True)
def a_tick_is_a_step(monkeypatch):
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)


@pytest.fixture
def parent(tmp_path):
    """A run of four epochs in which a learning rate was changed in the second and in the fourth."""
    folder = RunFolder(tmp_path / "parent")
    run_until(Trainer(tiny.config(), folder), 320, changes=[(120, "g_lr", 0.002), (280, "d_lr", 0.0003)])
    train(folder, resume=True)
    return folder


def branch(parent, path, epoch, **values):
    folder = RunFolder(path)
    moment = epoch * tiny.COUNT
    config = parent.info().until(moment).config_at(moment).changed(**values)
    trainer = Trainer(config, folder, branch_of=Branch(str(parent.path), epoch, is_exact=True))
    return folder, trainer


def test_a_branch_tells_of_nothing_after_its_beginning(parent, tmp_path):
    child, trainer = branch(parent, tmp_path / "child", 2)
    training = trainer.run()
    while not child.exists():  # it is there, and nobody has gone on with it yet
        next(training)
    training.close()
    assert child.metrics()[-1].images_seen == 160 < parent.metrics()[-1].images_seen
    assert max(child.sample_files()) == 2


@pytest.mark.parametrize("epoch", [2, 3])
def test_an_unchanged_branch_is_its_parent_bit_for_bit(tmp_path, epoch):
    parent = RunFolder(tmp_path / "parent")
    run_until(Trainer(tiny.config(), parent), 200, changes=[(120, "g_lr", 0.002)])
    train(parent, resume=True)
    before = everything(parent)
    child, trainer = branch(parent, tmp_path / "child", epoch)
    events = list(trainer.run())
    assert isinstance(events[-1], Finished)
    assert next(each for each in events if isinstance(each, Started)).images_seen == epoch * 80
    assert states_equal(parent, child) and verdicts_equal(parent, child)
    assert rows_without_seconds(parent) == rows_without_seconds(child)
    assert parent.generator_epochs() == child.generator_epochs()
    for each in parent.generator_epochs():
        pairs = zip(parent.snapshot(each), child.snapshot(each), strict=True)
        assert all(np.array_equal(one[name], other[name]) for one, other in pairs for name in one)
    grids = parent.sample_files().values()
    assert all((child.path / "samples" / grid.name).read_bytes() == grid.read_bytes() for grid in grids)
    info = child.info()
    assert info.branch_of == Branch(str(parent.path), epoch, epoch * 80, is_exact=True)
    assert info.changes == parent.info().changes and info.config == parent.info().config
    assert everything(parent) == before, "the parent is as it was"


def test_what_is_changed_in_a_branch_begins_there_and_is_replayed(parent, tmp_path):
    child, trainer = branch(parent, tmp_path / "child", 2, g_lr=0.0001, d_beta1=0.5)
    killed = killed_copy(trainer.run(), child, 240, tmp_path / "killed")
    info = killed.info()
    assert info.changes == [parent.info().changes[0], (160, "g_lr", 0.0001)], "later changes are of another future"
    assert info.config.d_beta1 == 0.5 and info.config.g_lr == parent.info().config.g_lr
    rows = rows_without_seconds(killed)
    assert rows_without_seconds(parent)[: sum(row[2] <= 160 for row in rows)] == [r for r in rows if r[2] <= 160]
    whole, trainer = branch(parent, tmp_path / "whole", 2, g_lr=0.0001, d_beta1=0.5)
    list(trainer.run())
    list(Trainer(killed.info().config, killed, resume=True).run())
    assert states_equal(whole, killed) and rows_without_seconds(whole) == rows_without_seconds(killed)
    assert not states_equal(whole, parent)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"g_channels": 8}, "do not fit another “Width of G”"),
        ({"classes": (3, 8)}, "“Classes” cannot change in a branch that is exact"),
        ({"epochs": 2}, "Nothing would be left to train"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_made(parent, tmp_path, values, says):
    child, trainer = branch(parent, tmp_path / "child", 2, **values)
    with pytest.raises(UserError, match=says):
        list(trainer.run())
    assert not child.path.exists() and [path.name for path in tmp_path.iterdir()] == ["parent"]


def test_a_branch_is_whole_or_not_there(parent, tmp_path, monkeypatch):
    child, trainer = branch(parent, tmp_path / "child", 3)
    training = trainer.run()
    next(training)
    training.close()
    assert not child.path.exists() and [path.name for path in tmp_path.iterdir()] == ["parent"]
    child.path.mkdir()
    with pytest.raises(UserError, match="exists already"):
        list(branch(parent, child.path, 3)[1].run())
    assert list(child.path.iterdir()) == []


def test_where_files_have_one_name_only_they_are_copied(parent, tmp_path, monkeypatch):
    def refuse(*_arguments, **_how):
        raise OSError(1, "not here")

    monkeypatch.setattr(files.os, "link", refuse)
    child, trainer = branch(parent, tmp_path / "child", 3)
    list(trainer.run())
    assert isinstance(child.last_row().step, int) and child.branch_epochs() == [4]


def test_states_for_branches_stay_below_their_size_and_spread_over_the_run(tmp_path):
    folder = RunFolder(tmp_path)
    (tmp_path / "checkpoints").mkdir()
    arrays = {"a": np.zeros(250_000, np.float32)}
    for epoch in range(1, 21):
        folder.save_state(80 * epoch, arrays, {"step": epoch})
        folder.keep_for_branching(epoch, 80 * epoch, 6)
        sizes = [path.stat().st_size for path in (tmp_path / "checkpoints").glob("branch-*")]
        assert sum(sizes) <= 6_000_000
    kept = folder.branch_epochs()
    assert len(kept) == 5 and kept[0] == 1 and kept[-1] == 20
    assert max(np.diff(kept)) <= 8
    assert folder.branch_state(kept[1])[1] == {"step": kept[1]}
    folder.keep_for_branching(20, 1600, 1)
    assert folder.branch_epochs() == [], "where not even the first and the newest fit, none is kept"
    folder.keep_for_branching(20, 1600, 0)
    assert folder.branch_epochs() == [] and folder.images_seen() == 1600


# Longer


def test_a_longer_schedule_is_stretched_or_held():
    plain = EpochSchedule(100, 1000)
    stretched = EpochSchedule(100, 2000, (Extension(1000, 1000, "stretch"),))
    held = EpochSchedule(100, 2000, (Extension(1000, 1000, "hold"),))
    for images in (0, 250, 999):
        assert plain.share(images) == stretched.share(images) == held.share(images) == images / 1000
    assert stretched.share(1000) == 0.5 and stretched.share(1900) == 0.95
    assert held.share(1000) == held.share(1999) == 0.9, "where it was an epoch before the end that was planned"
    config = tiny.config(lr_decay_start=0.5)
    assert lr_scale_at(config, held.share(1500)) == pytest.approx(0.2)
    assert stretched.growth(1000) == 1.0 and stretched.growth(500) == 0.5, "what has grown does not shrink"
    early = EpochSchedule(100, 2000, (Extension(200, 1000, "hold"),))
    assert early.share(500) == 0.5 and early.share(950) == 0.9, "it goes on as planned until then"
    again = EpochSchedule(100, 4000, (Extension(1000, 1000, "hold"), Extension(2000, 2000, "stretch")))
    assert again.share(1500) == 0.9 and again.share(2000) == 0.5 and again.is_over(TrainState(images_seen=4000))
    short = EpochSchedule(100, 300, (Extension(100, 100, "hold"),))
    assert short.share(250) == 0.9


@pytest.mark.parametrize("schedule", ["stretch", "hold"])
def test_a_finished_run_goes_on_longer_and_is_resumed_exactly(tmp_path, schedule):
    whole, killed = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "killed")
    for folder in (whole, killed):
        train(folder, epochs=2)
    config = tiny.config(epochs=4)
    list(Trainer(config, whole, resume=True, schedule=schedule).run())
    training = Trainer(config, killed, resume=True, schedule=schedule).run()
    killed = killed_copy(training, killed, 250, tmp_path / "copy")
    training.close()
    assert killed.info().extensions == [Extension(160, 160, schedule)]
    list(Trainer(config, killed, resume=True).run())
    assert states_equal(whole, killed) and rows_without_seconds(whole) == rows_without_seconds(killed)
    assert whole.info() == killed.info() and whole.last_row().images_seen == 320
    assert "160 images" in (whole.path / "log.txt").read_text()


def test_the_two_schedules_train_differently_and_both_learn(tmp_path):
    states = []
    for schedule in ("stretch", "hold"):
        folder = RunFolder(tmp_path / schedule)
        train(folder, epochs=2)
        states.append(folder.state()[0])
        list(Trainer(tiny.config(epochs=3), folder, resume=True, schedule=schedule).run())
        states.append(folder.state()[0])
    names = [name for name in states[0] if name.startswith("generator.") and name.endswith("weight")]
    assert any(not np.array_equal(states[1][name], states[3][name]) for name in names)
    for before, after in (states[:2], states[2:]):
        assert any(not np.array_equal(before[name], after[name]) for name in names)


def test_a_branch_from_before_a_run_was_made_longer_has_the_length_of_that_time(tmp_path):
    parent = RunFolder(tmp_path / "parent")
    train(parent, epochs=3)
    list(Trainer(tiny.config(epochs=4), parent, resume=True).run())
    child, trainer = branch(parent, tmp_path / "child", 2)
    list(trainer.run())
    assert child.info().total_images == 240 and child.info().extensions == []
    again, trainer = branch(parent, tmp_path / "again", 3)
    list(trainer.run())
    assert again.info().extensions == [Extension(240, 240, "stretch")] and states_equal(again, parent)


def test_lengths_of_a_future_that_was_rolled_back_go():
    info = RunInfo(tiny.config(epochs=6), tiny.data().facts, extensions=[Extension(160, 160, "hold")])
    assert info.extended(480, 200, "stretch") == [Extension(160, 160, "hold")], "the same length"
    assert info.extended(480, 100, "stretch") == [Extension(160, 160, "hold")], "which comes again"
    assert info.extended(640, 100, "stretch") == [Extension(100, 160, "stretch")]
    assert info.extended(640, 160, "stretch") == [Extension(160, 160, "stretch")]
    assert info.extended(160, 160, "stretch") == []
    assert info.extended(640, 200, "hold") == [Extension(160, 160, "hold"), Extension(200, 480, "hold")]


@pytest.mark.parametrize(
    "bad",
    [3, [3], [[1, 2]], [[1, 2, "bend"]], [[-1, 2, "hold"]], [[5, 2, "hold"], [1, 2, "hold"]], [[1, 2, "hold"]] * 999],
)
def test_lengths_and_origins_of_a_strangers_run_are_checked(folder, bad):
    folder.create()
    folder.save_info(RunInfo(tiny.config(), tiny.data().facts, branch_of=Branch("a", 1, 80, is_exact=True)))
    assert folder.info().branch_of == Branch("a", 1, 80, is_exact=True)
    path = folder.path / "config.json"
    content = json.loads(path.read_text())
    for entry, value in (("extensions", bad), ("branch_of", {"run": "a", "epoch": 1, "is_exact": 3})):
        path.write_text(json.dumps(content | {entry: value}))
        with pytest.raises(UserError, match="missing or damaged"):
            folder.info()


# Branches


def test_a_branch_begins_with_the_networks_of_another_run_and_says_so(tmp_path):
    source, branch = RunFolder(tmp_path / "source"), RunFolder(tmp_path / "branch")
    train(source)
    trainer = Trainer(tiny.config(epochs=1), branch, branch_of=Branch(str(source.path), 3))
    training = trainer.run()
    next(event for event in training if isinstance(event, Started))
    for player, kept in (("generator", source.generator(3)), ("discriminator", source.discriminator(3))):
        begun = getattr(trainer.session.gan, player).state_dict()
        assert all(np.array_equal(begun[name].numpy(), kept[name]) for name in kept)
    assert branch.info().branch_of == Branch(str(source.path), 3)
    assert f"epoch 3 of {source.path.name};" in (branch.path / "log.txt").read_text()
    killed = killed_copy(training, branch, 40, tmp_path / "killed")
    list(training)
    shutil.rmtree(source.path)  # the branch stands on its own
    train(killed, resume=True, epochs=1)
    assert states_equal(branch, killed) and killed.info() == branch.info()


def test_a_branch_of_a_run_that_keeps_no_discriminator_begins_with_a_new_one(tmp_path):
    source, branch = RunFolder(tmp_path / "source"), RunFolder(tmp_path / "branch")
    train(source, epochs=1)
    (source.path / "checkpoints" / "discriminator-0001.safetensors").unlink()
    assert isinstance(
        list(Trainer(tiny.config(epochs=1), branch, branch_of=Branch(str(source.path), 1)).run())[-1], Finished
    )


def test_a_branch_of_other_networks_is_refused_before_anything_is_made(tmp_path):
    source, branch = RunFolder(tmp_path / "source"), RunFolder(tmp_path / "branch")
    train(source, epochs=1)
    with pytest.raises(UserError, match="do not fit these options"):
        list(Trainer(tiny.config(g_channels=8), branch, branch_of=Branch(str(source.path), 1)).run())
    assert not branch.exists()
