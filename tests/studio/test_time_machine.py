"""The epoch slider moves everything: whose generator is explored, D's verdicts, in a live and in a reopened run."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.runs import RunFolder
from engine.trainer import Trainer
from studio.bench.long_run import stretch
from studio.model.run_data import RunData
from studio.model.training_state import TrainingState
from studio.services.readers import read_run
from studio.text.origin import NEWEST, Origin, generator_words
from tests import tiny
from tests.studio.shouting import shout

Z, LABELS = np.ones((1, 4), np.float32), np.array([3])


@pytest.fixture
def run(tiny_gan, tmp_path):
    """The folder of a finished run of three epochs."""
    path = tmp_path / "run"
    for _event in Trainer(tiny.config(epochs=3), RunFolder(path)).run():
        pass
    return path


def drop(run, *epochs, players=("generator", "discriminator")):
    for epoch in epochs:
        for player in players:
            (run / "checkpoints" / f"{player}-{epoch:04d}.safetensors").unlink()


def open_run(qtbot, controller, path):
    with qtbot.waitSignal(controller.explorer.generator_changed) as changed:
        controller.open(path)
    return changed.args[0]


def go_to(qtbot, controller, epoch):
    """Look at ``epoch`` and return whose generator is shown and its picture."""
    with qtbot.waitSignal(controller.explorer.generator_changed) as changed:
        controller.look_at(epoch)
    return changed.args[0], picture(qtbot, controller)


def picture(qtbot, controller):
    with qtbot.waitSignal(controller.explorer.pictures_ready) as answer:
        controller.explorer.request("test", Z, LABELS)
    return answer.args[1]


# Whose generator


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (NEWEST, "Newest generator"),
        (Origin(0, 0), "Generator of epoch 0"),
        (Origin(12, 12), "Generator of epoch 12"),
        (Origin(12, 10), "Generator of epoch 10, the nearest kept"),
    ],
)
def test_one_short_line_says_whose_pictures_these_are(origin, words):
    assert generator_words(origin) == words


def test_in_a_reopened_run_each_epoch_has_its_own_generator(controller, qtbot, run):
    assert open_run(qtbot, controller, run) == NEWEST
    newest = picture(qtbot, controller)
    origin, first = go_to(qtbot, controller, 1)
    assert origin == Origin(1, 1) and not np.array_equal(first, newest)
    origin, second = go_to(qtbot, controller, 2)
    assert origin == Origin(2, 2) and not np.array_equal(second, first)
    origin, again = go_to(qtbot, controller, 3)
    assert origin == NEWEST and np.array_equal(again, newest)


def test_the_nearest_epoch_kept_steps_in_and_says_so(controller, qtbot, run):
    drop(run, 2)
    open_run(qtbot, controller, run)
    _, first = go_to(qtbot, controller, 1)
    origin, instead = go_to(qtbot, controller, 2)
    assert origin == Origin(2, 1) and np.array_equal(instead, first)


def test_without_a_checkpoint_the_newest_is_that_of_the_last_epoch(controller, qtbot, run):
    for state in (run / "checkpoints").glob("state-*"):
        state.unlink()
    assert open_run(qtbot, controller, run) == Origin(3, 3), "seen at once, and not only when the slider moves"
    assert controller.images_seen == 0 and controller.history.images_seen == 3 * tiny.COUNT
    assert go_to(qtbot, controller, 1)[0] == Origin(1, 1)
    assert go_to(qtbot, controller, 3)[0] == Origin(3, 3)


def test_missing_files_are_one_sentence_and_not_one_at_every_step(controller, qtbot, run):
    open_run(qtbot, controller, run)
    before = picture(qtbot, controller)
    drop(run, 0, 1, 2, 3)
    told = []
    controller.explorer.failed.connect(told.append)
    for epoch in (1, 2, 1):
        controller.look_at(epoch)
        assert np.array_equal(picture(qtbot, controller), before)
    assert len(told) == 1 and "keeps no generator" in told[0]


def test_while_training_an_older_epoch_stays_until_one_comes_back(controller, qtbot):
    origins = []
    controller.explorer.generator_changed.connect(origins.append)
    controller.start(tiny.config(epochs=100_000))
    qtbot.waitUntil(lambda: len(controller.history.grid_files) >= 3 and NEWEST in origins)
    assert go_to(qtbot, controller, 1)[0] == Origin(1, 1)
    grids = len(controller.history.grid_files)
    controller._time_machine.take_live(RunFolder(controller.run_path).generator(1))
    qtbot.waitUntil(lambda: len(controller.history.grid_files) > grids + 2)
    picture(qtbot, controller)
    assert origins[-1] == Origin(1, 1)
    origins.clear()
    controller.look_at(controller.history.grid_epochs[-1])
    qtbot.waitUntil(lambda: NEWEST in origins)
    assert origins[0].kept > 1, "until the live one comes, that of the last epoch is shown"
    with qtbot.waitSignal(controller.stopped):
        controller.stop()


def test_another_training_begins_at_its_newest_generator(controller, qtbot, run):
    open_run(qtbot, controller, run)
    go_to(qtbot, controller, 1)
    origins = []
    controller.explorer.generator_changed.connect(origins.append)
    with qtbot.waitSignal(controller.stopped):
        controller.start(tiny.config(epochs=1))
    qtbot.waitUntil(lambda: NEWEST in origins)


def test_without_a_run_no_epoch_is_looked_at(controller):
    controller.look_at(3)
    assert controller.explorer._thread is None


# D's verdicts


def test_verdicts_come_with_the_samples_and_again_with_the_reopened_run(controller, qtbot, tiny_gan):
    with qtbot.waitSignal(controller.stopped):
        controller.start(tiny.config(epochs=2))
    live = controller.history
    assert sorted(live.verdicts) == [0, 1, 2] and len(live.verdicts_at(1)) == 20
    assert all(0 <= verdict <= 1 for verdict in live.verdicts_at(2))
    again = read_run(controller.run_path, go_on=False).history
    assert again.verdicts_at(2) == pytest.approx(live.verdicts_at(2), abs=1e-6)


def test_a_run_of_an_older_version_has_no_verdicts(run):
    (run / "verdicts.jsonl").unlink()
    history = read_run(run, go_on=False).history
    assert history.verdicts == {} and history.verdicts_at(1) == () and history.grid_epochs == [0, 1, 2, 3]


def test_verdicts_of_epochs_that_are_trained_again_are_forgotten():
    history = RunData(image_count=100, verdicts={epoch: np.full(2, 0.5, np.float32) for epoch in (1, 2, 3)})
    history.cut(250)
    assert sorted(history.verdicts) == [1, 2]


def test_a_training_too_short_for_a_live_generator_leaves_one_to_explore(controller, qtbot, tiny_gan, monkeypatch):
    monkeypatch.setattr(controller, "_want_generator", lambda: None)
    monkeypatch.setattr("studio.services.snapshot_selector.SnapshotSelector.take_live", lambda *_: None)
    with qtbot.waitSignal(controller.explorer.generator_changed):
        controller.start(tiny.config(epochs=1))


# The window


def test_the_slider_moves_samples_verdicts_cursor_explorer_and_digits(window, qtbot, run, monkeypatch):
    controller, strip = window.controller, window.epoch_strip
    controller.open(run)
    window.commands.do("go_to_explore")
    line, digits = window.latent_explorer.origin_line, window.digit_picker.origin_line
    qtbot.waitUntil(lambda: window.latent_explorer.picture.picture is not None)
    assert line.text() == digits.text() == "Newest generator"
    newest = window.latent_explorer.picture.picture
    strip.choose(1)
    qtbot.waitUntil(lambda: not np.array_equal(window.latent_explorer.picture.picture, newest))
    assert line.text() == digits.text() == "Generator of epoch 1"
    assert np.array_equal(window.sample_view.grid.picture, controller.history.grid(1))
    assert tuple(window.sample_view.grid._verdicts) == controller.history.verdicts_at(1)
    assert window.loss_plot._marks.chosen == 1
    shout(monkeypatch, window)
    assert line.text() == digits.text() == "¡Generator of epoch 1!"
    monkeypatch.undo()
    strip.choose(3)
    qtbot.waitUntil(lambda: np.array_equal(window.latent_explorer.picture.picture, newest))
    assert line.text() == "Newest generator"


def test_left_and_right_move_through_the_epochs_while_no_sample_is_selected(window, qtbot, run):
    window.controller.open(run)
    qtbot.waitUntil(lambda: window.epoch_strip.current_epoch == 3)
    grid = window.sample_view.grid
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
    window.controller.open(tmp_path / "long")
    qtbot.waitUntil(lambda: window.epoch_strip.current_epoch == 7)
    history = window.controller.history
    assert history.grid_epochs == sorted(history.verdicts) == [1, 2, 3, 4, 5, 6, 7]
    assert window.controller.images_seen == 7 * tiny.COUNT == history.total_images
    assert history.epochs_seen()[-1] == pytest.approx(7, abs=0.5)
    assert window.controller.state is TrainingState.IDLE
