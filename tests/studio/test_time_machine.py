"""The epoch slider moves everything: whose generator is explored, D's verdicts, in a live and in a reopened run."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.errors import UserError
from engine.events import GeneratorSnapshot
from engine.runs import RunFolder
from studio.bench.long_run import stretch
from studio.model.run_data import RunData
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.model.work_state import WorkState
from studio.services.readers import read_generator, read_run
from studio.text.origin import generator_words
from tests import tiny
from tests.studio.hands import trained_run
from tests.studio.shouting import shout

Z, LABELS = np.ones((1, 4), np.float32), np.array([3])


@pytest.fixture
def run(tiny_gan, tmp_path):
    """The folder of a finished run of three epochs."""
    return trained_run(tmp_path / "run", 3)


def drop(run, *epochs, players=("generator", "discriminator")):
    for epoch in epochs:
        for player in players:
            (run / "checkpoints" / f"{player}-{epoch:04d}.safetensors").unlink()


def open_run(qtbot, services, path):
    with qtbot.waitSignal(services.generator.generator_changed) as changed:
        services.open(path)
    return changed.args[0]


def go_to(qtbot, services, epoch):
    """Look at ``epoch`` and return whose generator is shown and its picture."""
    with qtbot.waitSignal(services.generator.generator_changed) as changed:
        services.shown.look_at(epoch)
    return changed.args[0], picture(qtbot, services)


def picture(qtbot, services):
    with qtbot.waitSignal(services.generator.pictures_ready) as answer:
        services.generator.request("test", Z, LABELS)
    return answer.args[1]


# Whose generator


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (NEWEST, "Newest generator"),
        (SnapshotRef(0, 0), "Generator of epoch 0"),
        (SnapshotRef(12, 12), "Generator of epoch 12"),
        (SnapshotRef(12, 10), "Generator of epoch 10, the nearest kept"),
    ],
)
def test_one_short_line_says_whose_pictures_these_are(origin, words):
    assert generator_words(origin) == words


def test_in_a_reopened_run_each_epoch_has_its_own_generator(services, qtbot, run):
    assert open_run(qtbot, services, run) == NEWEST
    newest = picture(qtbot, services)
    origin, first = go_to(qtbot, services, 1)
    assert origin == SnapshotRef(1, 1) and not np.array_equal(first, newest)
    origin, second = go_to(qtbot, services, 2)
    assert origin == SnapshotRef(2, 2) and not np.array_equal(second, first)
    origin, again = go_to(qtbot, services, 3)
    assert origin == NEWEST and np.array_equal(again, newest)


def test_the_nearest_epoch_kept_steps_in_and_says_so(services, qtbot, run):
    drop(run, 2)
    open_run(qtbot, services, run)
    _, first = go_to(qtbot, services, 1)
    origin, instead = go_to(qtbot, services, 2)
    assert origin == SnapshotRef(2, 1) and np.array_equal(instead, first)


def test_without_a_checkpoint_the_newest_is_that_of_the_last_epoch(services, qtbot, run):
    for state in (run / "checkpoints").glob("state-*"):
        state.unlink()
    assert open_run(qtbot, services, run) == SnapshotRef(3, 3), "seen at once, and not only when the slider moves"
    assert services.shown.run.images_seen == 0 and services.shown.data.images_seen == 3 * tiny.COUNT
    assert go_to(qtbot, services, 1)[0] == SnapshotRef(1, 1)
    assert go_to(qtbot, services, 3)[0] == SnapshotRef(3, 3)


def test_missing_files_are_one_sentence_and_not_one_at_every_step(services, qtbot, run):
    open_run(qtbot, services, run)
    before = picture(qtbot, services)
    drop(run, 0, 1, 2, 3)
    told = []
    services.generator.failed.connect(told.append)
    for epoch in (1, 2, 1):
        services.shown.look_at(epoch)
        assert np.array_equal(picture(qtbot, services), before)
    assert len(told) == 1 and "keeps no generator" in told[0]
    with pytest.raises(UserError, match="no longer there"):
        read_generator(run.with_name("deleted"), 1, newest=False)


def test_while_training_an_older_epoch_stays_until_one_comes_back(services, qtbot):
    origins = []
    services.generator.generator_changed.connect(origins.append)
    services.training.start(tiny.config(epochs=100_000))
    qtbot.waitUntil(lambda: len(services.shown.data.grid_files) >= 3 and NEWEST in origins)
    assert go_to(qtbot, services, 1)[0] == SnapshotRef(1, 1)
    grids = len(services.shown.data.grid_files)
    late = GeneratorSnapshot(1, RunFolder(services.shown.run.path).generator(1))
    services.training.generator_ready.emit(late)
    qtbot.waitUntil(lambda: len(services.shown.data.grid_files) > grids + 2)
    picture(qtbot, services)
    assert origins[-1] == SnapshotRef(1, 1)
    origins.clear()
    services.shown.look_at(services.shown.data.grid_epochs[-1])
    qtbot.waitUntil(lambda: NEWEST in origins)
    assert origins[0].kept > 1, "until the live one comes, that of the last epoch is shown"
    with qtbot.waitSignal(services.training.stopped):
        services.training.stop()


def test_another_training_begins_at_its_newest_generator(services, qtbot, run):
    open_run(qtbot, services, run)
    go_to(qtbot, services, 1)
    origins = []
    services.generator.generator_changed.connect(origins.append)
    with qtbot.waitSignal(services.training.stopped):
        services.training.start(tiny.config(epochs=1))
    qtbot.waitUntil(lambda: NEWEST in origins)


def test_without_a_run_no_epoch_is_looked_at(services):
    services.shown.look_at(3)
    assert not services.generator.worker.is_begun


# D's verdicts


def test_verdicts_come_with_the_samples_and_again_with_the_reopened_run(services, qtbot, tiny_gan):
    with qtbot.waitSignal(services.training.stopped):
        services.training.start(tiny.config(epochs=2))
    live = services.shown.data
    assert sorted(live.verdicts) == [0, 1, 2] and len(live.verdicts_at(1)) == 20
    assert all(0 <= verdict <= 1 for verdict in live.verdicts_at(2))
    again = read_run(services.shown.run.path).run.data
    assert again.verdicts_at(2) == pytest.approx(live.verdicts_at(2), abs=1e-6)


def test_a_run_of_an_older_version_has_no_verdicts(run):
    (run / "verdicts.jsonl").unlink()
    history = read_run(run).run.data
    assert history.verdicts == {} and history.verdicts_at(1) == () and history.grid_epochs == [0, 1, 2, 3]


def test_verdicts_of_epochs_that_are_trained_again_are_forgotten():
    history = RunData(image_count=100, verdicts={epoch: np.full(2, 0.5, np.float32) for epoch in (1, 2, 3)})
    history.truncate(250)
    assert sorted(history.verdicts) == [1, 2]


def test_a_training_too_short_for_a_live_generator_leaves_one_to_explore(services, qtbot, tiny_gan, monkeypatch):
    monkeypatch.setattr(services.training, "request_snapshot", lambda: None)
    with qtbot.waitSignal(services.generator.generator_changed):
        services.training.start(tiny.config(epochs=1))


# The window


def test_the_slider_moves_samples_verdicts_cursor_explorer_and_digits(window, qtbot, run, monkeypatch):
    services, strip = window.services, window.epoch_strip
    services.open(run)
    window.commands.do("go_to_explore")
    line, whose = window.origin_line, f"Run “{run.name}” · "
    qtbot.waitUntil(lambda: window.latent_explorer.picture.picture is not None)
    assert line.text() == whose + "Newest generator · epoch 3"
    newest = window.latent_explorer.picture.picture
    strip.choose(1)
    qtbot.waitUntil(lambda: not np.array_equal(window.latent_explorer.picture.picture, newest))
    assert line.text() == whose + "Generator of epoch 1"
    qtbot.waitUntil(lambda: np.array_equal(window.sample_view.grid.picture, services.shown.data.grid(1)))
    assert tuple(window.sample_view.grid.verdicts) == services.shown.data.verdicts_at(1)
    assert window.loss_plot.marks.chosen == 1
    shout(monkeypatch, window)
    assert "¡Generator of epoch 1!" in line.text()
    monkeypatch.undo()
    strip.choose(3)
    qtbot.waitUntil(lambda: np.array_equal(window.latent_explorer.picture.picture, newest))
    assert "Newest generator" in line.text()


def test_left_and_right_move_through_the_epochs_while_no_sample_is_selected(window, qtbot, run):
    window.services.open(run)
    qtbot.waitUntil(lambda: window.epoch_strip.current_epoch == 3)
    grid = window.sample_view.grid
    qtbot.waitUntil(lambda: grid.isVisible() and window.services.shown.data.grid(3) is not None)
    qtbot.keyClick(grid, Qt.Key.Key_Left)
    assert window.epoch_strip.current_epoch == 2
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert window.epoch_strip.current_epoch == 2 and grid.selected == 1
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert window.epoch_strip.current_epoch == 3 and grid.selected is None


def test_a_run_stretched_for_measuring_opens_like_any_other(window, qtbot, run, tmp_path):
    stretch(run, tmp_path / "long", 7)
    window.services.open(tmp_path / "long")
    qtbot.waitUntil(lambda: window.epoch_strip.current_epoch == 7)
    history = window.services.shown.data
    assert history.grid_epochs == sorted(history.verdicts) == [1, 2, 3, 4, 5, 6, 7]
    assert window.services.shown.run.images_seen == 7 * tiny.COUNT == history.total_images
    assert history.epochs_seen()[-1] == pytest.approx(7, abs=0.5)
    assert window.services.training.state is WorkState.IDLE
