"""What a person keeps just before the window closes is kept, however slow the disk is; and the window does not wait."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt

import studio
from engine.latent.sampling import random_z
from engine.recipes import own
from engine.runs import Direction, Favorite, RunFolder, RunStore
from engine.runs.queue import TrainingQueue
from engine.trainer import Trainer
from studio.model.duel import OpenedDuel
from studio.presenters.pictures import Pictures
from studio.widgets.fields.save_picture import PictureToSave
from studio.workers.job_runner import Listeners
from tests import tiny
from tests.studio.hands import explore, images_seen, trained_run


@pytest.fixture
def run(tiny_gan, tmp_path):
    return trained_run(tmp_path / "run", 1)


class SlowDisk:
    """Lets nothing be written in the turns called so before the window is gone and it is waited for."""

    def __init__(self, services, monkeypatch, *turns):
        gate, self.services = threading.Event(), services
        for turn in turns:
            services.jobs.in_turn(turn, gate.wait)
        monkeypatch.setattr(services.training, "wait_until_saved", lambda _end: gate.set())

    def end(self):
        self.services.stop()
        self.services.wait(0)


def picture_at(path):
    return PictureToSave(path, np.zeros((4, 4), np.uint8))


def kept_answers():
    return SimpleNamespace(heard=(heard := []), add=heard.append)


KEPT = {
    "a name": (
        "changing runs",
        lambda services, run: services.runs.describe(run, name="Mine"),
        lambda run: RunStore(run.parent).one(run).name == "Mine",
    ),
    "a deletion": (
        "files of runs",
        lambda services, run: services.run_files.delete([run]),
        lambda run: not run.exists(),
    ),
    "a plan": (
        "the queue",
        lambda services, run: services.queue.add(tiny.config()),
        lambda run: len(TrainingQueue().plans()) == 1,
    ),
    "a recipe": (
        "own recipes",
        lambda services, run: services.own_recipes.keep("Mine", tiny.config(), ""),
        lambda run: [entry.title for entry in own.own()] == ["Mine"],
    ),
    "a picture": (
        "saving a picture",
        lambda services, run: Pictures(services.jobs, None).save(picture_at(run.parent / "x.png")),
        lambda run: (run.parent / "x.png").is_file(),
    ),
}


@pytest.mark.parametrize(("turn", "keep", "is_kept"), KEPT.values(), ids=KEPT)
def test_what_was_asked_for_is_done_though_the_window_closes_before_it_began(
    services, run, monkeypatch, turn, keep, is_kept
):
    disk = SlowDisk(services, monkeypatch, turn)
    keep(services, run)
    disk.end()
    assert is_kept(run)


def test_an_answer_in_a_blind_duel_is_kept(services, monkeypatch):
    disk, answers = SlowDisk(services, monkeypatch, "keeping an answer"), kept_answers()
    services.duels.keep(OpenedDuel(None, answers), "first")
    disk.end()
    assert answers.heard == ["first"]


def test_the_name_of_a_search_is_kept(services, monkeypatch):
    named = []
    monkeypatch.setattr("engine.search.keeping.rename", lambda *said: named.append(said))
    disk = SlowDisk(services, monkeypatch, "keeping searches")
    services.searching.keeping.rename("search", "Mine", "")
    disk.end()
    assert named == [("search", "Mine", "")]


def closed(window, disk):
    """Close ``window``, on a slow disk."""
    assert window.close() and not window.isVisible(), "nobody waits in front of it"
    disk.end()


def test_points_and_directions_are_kept(window, run, qtbot, monkeypatch):
    from studio.widgets.exploring.directions_panel import DirectionsPanel

    RunFolder(run).save_directions([Direction("", "principal", 1, (1.0, 0.0, 0.0, 0.0), 0.1, "", 0.0, 0.0)])
    panel = explore(qtbot, window, run, DirectionsPanel)
    qtbot.waitUntil(lambda: len(panel.names) == 1)
    disk = SlowDisk(window.services, monkeypatch, "kept points", "directions")
    window.commands.do("keep_point")
    panel.renamed.emit(0, "Mine")
    closed(window, disk)
    assert len(RunFolder(run).favorites()) == 1 and RunFolder(run).directions()[0].name == "Mine"


def test_a_point_that_is_kept_before_it_is_known_what_was_kept_is_one_more(window, run, qtbot, monkeypatch):
    from studio.widgets.exploring.arithmetic_panel import ArithmeticPanel

    RunFolder(run).save_favorites([Favorite("old", 1, (1.0, 2.0, 3.0, 4.0), 1)])
    window.workspaces["explore"]
    disk = SlowDisk(window.services, monkeypatch, "kept points")
    explore(qtbot, window, run, ArithmeticPanel)
    window.workspace.explored.go(random_z(1, 4, 1)[0])
    window.commands.do("keep_point")
    closed(window, disk)
    assert [len(RunFolder(run).favorites()), RunFolder(run).favorites()[0].name] == [2, "old"]


def test_what_is_kept_with_a_run_stays_when_one_of_another_kind_is_opened(window, run, qtbot, tmp_path):
    from studio.widgets.exploring.arithmetic_panel import ArithmeticPanel

    other = RunFolder(tmp_path / "other")
    list(Trainer(tiny.config(epochs=1, z_dim=6), other).run())
    explore(qtbot, window, run, ArithmeticPanel)
    window.commands.do("keep_point")
    qtbot.waitUntil(lambda: len(RunFolder(run).favorites()) == 1)
    window.services.open(other.path)
    qtbot.waitUntil(lambda: window.workspace.explored.z_dim == 6)
    window.close()
    window.services.wait(60)
    assert len(RunFolder(run).favorites()) == 1 and other.favorites() == []


def test_runs_that_follow_each_other_show_each_kept_point_once(window, run, qtbot, tmp_path):
    from studio.widgets.exploring.arithmetic_panel import ArithmeticPanel

    RunFolder(run).save_favorites([Favorite("old", 1, (1.0, 2.0, 3.0, 4.0), 1)])
    window.workspaces["explore"]
    gate, is_read, shown = threading.Event(), threading.Event(), window.services.shown
    window.services.jobs.in_turn("kept points", gate.wait)
    explore(qtbot, window, run, ArithmeticPanel)
    first, other = shown.run, trained_run(tmp_path / "other", 1)
    window.services.open(other)
    qtbot.waitUntil(lambda: shown.run is not first)
    shown.put(first)
    window.services.jobs.in_turn("kept points", lambda: None, Listeners(result=lambda _: is_read.set()))
    gate.set()
    qtbot.waitUntil(is_read.is_set)
    assert [it.name for it in window.workspace.explored.kept] == ["old"]


def test_whatever_writes_is_kept():
    """Work that saves, writes, deletes or renames is never done by a job that a closing window ends."""
    writes = re.compile(
        r"jobs\.(?:do|in_turn)\([^()]*?(?:partial\()?\b_?(?:save|write|delete|rename|add)[_a-z]*\b[^\n]*"
    )
    found = [
        f"{path.name}: {match[0]}"
        for path in Path(studio.__path__[0]).rglob("*.py")
        for match in writes.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found


# --- a training whose saving takes long


@pytest.fixture
def slow_saving(monkeypatch):
    """The disk takes a state only once the event is set, from the moment on that it returns."""
    may_go, save = threading.Event(), RunFolder.save_state
    may_go.set()

    def slow(folder, *what):
        may_go.wait()
        return save(folder, *what)

    monkeypatch.setattr(RunFolder, "save_state", slow)
    yield may_go
    may_go.set()


@pytest.mark.parametrize("is_impatient", [False, True])
def test_a_window_whose_training_takes_long_to_save_goes_out_of_sight_and_nothing_is_lost(
    window, qtbot, slow_saving, monkeypatch, is_impatient
):
    monkeypatch.setattr("studio.window._SAVING_IN_SIGHT_MS", 10**6 if is_impatient else 0)
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000, checkpoint_every=100_000))
    qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: images_seen(window) > 0)
    run, thread = window.services.shown.run.path, next(it for it in threading.enumerate() if it.name == "training")
    slow_saving.clear()
    window.save_and_close()
    if is_impatient:
        window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert thread.is_alive(), "it is still being saved"
    slow_saving.set()
    window.services.wait(0)
    assert not thread.is_alive() and RunFolder(run).images_seen() > 0
