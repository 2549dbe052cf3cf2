"""A run that another process trains goes on in the window, too."""

import pytest

from engine.runs import RunFolder
from tests.studio.hands import announced, trained_run


@pytest.fixture
def elsewhere(services, qtbot, tiny_gan, tmp_path):
    """The folder of a run that is shown, and in which somebody else may write now."""
    folder = RunFolder(trained_run(tmp_path / "elsewhere", 2))
    with announced(qtbot, services.shown.run_changed):
        services.open(folder.path)
    return folder


def look(qtbot, services):
    following = services.following
    qtbot.waitUntil(lambda: following.is_at_rest)
    following.look()
    qtbot.waitUntil(lambda: following.is_at_rest)


def grown(folder, images):
    """Let the other process add one row and one grid."""
    last = folder.last_row()
    folder.append_metrics([last._replace(step=last.step + 1, epoch=3, images_seen=last.images_seen + images)])
    folder.save_samples(3, folder.read_samples(2))


def test_what_another_process_adds_comes_as_it_happens(services, qtbot, elsewhere):
    shown, rows, grids = services.shown, [], []
    run = shown.run
    shown.rows_added.connect(lambda: rows.append(len(shown.data)))
    shown.grid_added.connect(grids.append)
    before = len(run.data)
    look(qtbot, services)
    assert not rows and not services.following.is_trained_elsewhere
    with elsewhere.lock():
        look(qtbot, services)
        assert services.following.is_trained_elsewhere and not services.can_resume
        grown(elsewhere, run.data.image_count)
        look(qtbot, services)
        assert (rows, grids) == ([before + 1], [3]) and shown.run is run
        look(qtbot, services)
        assert (rows, grids) == ([before + 1], [3]), "nothing was added, and nothing is told"
    look(qtbot, services)
    assert not services.following.is_trained_elsewhere


def test_a_run_in_which_another_process_went_back_is_shown_anew(services, qtbot, elsewhere):
    run, told = services.shown.run, []
    before = len(run.data)
    services.shown.run_changed.connect(lambda: told.append(len(services.shown.data)))
    look(qtbot, services)
    with elsewhere.lock():
        elsewhere.truncate_metrics(elsewhere.last_row().step - 1)
        look(qtbot, services)
        assert told == [before - 1] and services.shown.run is run
