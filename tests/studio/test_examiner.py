"""What is found out about a sample of a run, whatever that run has kept, in a thread of its own."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from engine.datasets import catalog
from engine.runs import RunFolder
from studio.model.run import Run, ShownRun
from studio.model.run_data import RunData
from studio.model.sample import Sample
from studio.model.snapshot import SnapshotRef
from studio.services.inspection import InspectionService
from studio.services.run_inspector import Canceled, RunInspector
from studio.widgets.layouts.lazy_widget import LazyWidget
from tests import tiny
from tests.studio.hands import announced, trained_run
from tests.studio.samples import click, words

# Examining a run


@pytest.fixture
def run(tiny_gan, tmp_path):
    """The folder of a finished run of two epochs."""
    return trained_run(tmp_path / "run", 2)


def look(run, is_canceled=lambda: False):
    return RunInspector(run, RunFolder(run).info(), is_canceled)


def tile_of(run, epoch, tile):
    picture = RunFolder(run).read_samples(epoch)[:8, 10 * tile : 10 * tile + 8]
    verdict = float(RunFolder(run).verdicts()[epoch][tile])
    return Sample(epoch, tile, picture, tile, verdict)


def drop(run, *names):
    for name in names:
        (run / "checkpoints" / f"{name}.safetensors").unlink()


def test_a_tile_is_examined_with_the_players_of_its_epoch(run):
    looking = look(run)
    for one in (tile_of(run, 1, 4), tile_of(run, 2, 4), tile_of(run, 1, 7)):
        inspected = looking.inspect(one)
        found = inspected.report
        assert (
            inspected.origin == SnapshotRef(one.epoch, one.epoch) and inspected.remarks == () and inspected.has_networks
        )
        assert np.abs(found.image.astype(int) - one.picture).max() <= 1
        assert found.verdict == pytest.approx(one.verdict, abs=1e-4) and found.label == one.label
        assert found.neighbor is not None and [push.steps for push in found.updates] == [1, 5, 20]


def test_the_players_of_the_nearest_epoch_step_in(run):
    drop(run, "generator-0002", "discriminator-0002")
    inspected = look(run).inspect(tile_of(run, 2, 4))
    assert inspected.origin == SnapshotRef(2, 1)
    assert inspected.report.verdict == pytest.approx(tile_of(run, 1, 4).verdict, abs=1e-4)


def test_a_run_that_kept_no_discriminators_still_shows_the_neighbor(run):
    drop(run, "discriminator-0001", "discriminator-0002")
    one = tile_of(run, 1, 4)
    inspected = look(run).inspect(one)
    assert not inspected.has_networks and "discriminator of epoch 1" in inspected.remarks[0]
    assert np.array_equal(inspected.report.image, one.picture) and inspected.report.neighbor is not None
    assert inspected.report.neighbor_distance > 0 and inspected.report.verdict == one.verdict
    last = look(run).inspect(tile_of(run, 2, 4))
    assert last.has_networks, "at its end, the newest discriminator is that of the last epoch"


def test_a_run_without_any_player_shows_picture_and_neighbor(run):
    drop(
        run,
        "generator-0000",
        "discriminator-0000",
        "generator-0001",
        "generator-0002",
        "discriminator-0001",
        "discriminator-0002",
    )
    inspected = look(run).inspect(tile_of(run, 1, 4))
    assert "keeps no generator" in inspected.remarks[0] and inspected.report.neighbor is not None


def test_training_images_that_are_not_at_hand_are_told(run, monkeypatch):
    monkeypatch.setattr(catalog, "is_at_hand", lambda _config: False)
    inspected = look(run).inspect(tile_of(run, 1, 4))
    assert inspected.has_networks and inspected.report.neighbor is None
    assert inspected.remarks == ("The training images are not on this machine, so the nearest one cannot be shown.",)


def test_other_training_images_are_told(run, monkeypatch):
    def other(_config):
        yield from ()
        return tiny.data().subset(40)

    monkeypatch.setattr(catalog, "read", other)
    inspected = look(run).inspect(tile_of(run, 1, 4))
    assert inspected.has_networks and inspected.report.neighbor is None and "has changed" in inspected.remarks[0]


@pytest.mark.parametrize("rubbish", [b"", b"rubbish"])
def test_damaged_noise_is_a_sentence(run, rubbish):
    (run / "samples" / "noise.safetensors").write_bytes(rubbish)
    inspected = look(run).inspect(tile_of(run, 1, 4))
    assert not inspected.has_networks and "noise.safetensors" in inspected.remarks[0]


def test_a_tile_beyond_the_noise_is_a_sentence(run):
    inspected = look(run).inspect(replace(tile_of(run, 1, 4), tile=20))
    assert not inspected.has_networks and "random numbers" in inspected.remarks[0]


def test_reading_the_images_is_given_up_when_nobody_waits(run):
    with pytest.raises(Canceled):
        look(run, is_canceled=lambda: True).inspect(tile_of(run, 1, 4))


# The thread


@pytest.fixture
def examiner(jobs):
    made = InspectionService(ShownRun(), jobs.bridge)
    yield made
    made.worker.stop()
    made.worker.wait(time.monotonic() + 60)


def show_run(examiner, run, info):
    examiner.shown.put(Run(run, info, RunData()))


def test_the_thread_answers_and_another_run_forgets_what_was_asked(examiner, qtbot, run):
    examiner.inspect(tile_of(run, 1, 4))
    assert not examiner.worker.is_begun, "without a run nothing is examined"
    info = RunFolder(run).info()
    show_run(examiner, run, info)
    one = tile_of(run, 1, 4)
    with qtbot.waitSignal(examiner.inspected) as answer:
        examiner.inspect(one)
    assert answer.args[0].sample is one
    answers = []
    examiner.inspected.connect(answers.append)
    examiner.inspect(one)
    show_run(examiner, run, info)
    last = tile_of(run, 2, 5)
    examiner.inspect(last)
    qtbot.waitUntil(lambda: bool(answers))
    assert [report.sample for report in answers] == [last]


def test_a_defect_is_told_and_the_thread_lives_on(examiner, qtbot, run, monkeypatch):
    def fail(self, sample):
        raise ZeroDivisionError

    show_run(examiner, run, RunFolder(run).info())
    with monkeypatch.context() as patch:
        patch.setattr(RunInspector, "inspect", fail)
        with qtbot.waitSignal(examiner.failed) as failed:
            examiner.inspect(tile_of(run, 1, 4))
    assert "ZeroDivisionError" in failed.args[0].message
    with qtbot.waitSignal(examiner.inspected):
        examiner.inspect(tile_of(run, 1, 4))


# The window


def test_a_click_in_the_window_raises_the_panel_and_fills_it(window, qtbot, run):
    window.services.open(run)
    qtbot.waitUntil(lambda: window.epoch_strip.current_epoch == 2 and window.sample_view.grid.picture is not None)
    panel = window.sample_panel
    assert panel.findChild(LazyWidget).visibleRegion().isEmpty()
    click(qtbot, window.sample_view, 4)
    qtbot.waitUntil(lambda: panel.inspected is not None)
    assert not panel.findChild(LazyWidget).visibleRegion().isEmpty() and "Sample 5 · asked for “4” · epoch 2" in words(
        panel
    )
    window.epoch_strip.choose(1)
    qtbot.waitUntil(lambda: panel.inspected.origin == SnapshotRef(1, 1))
    assert "epoch 1" in words(panel)
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(run)
    assert window.sample_view.grid.selected is None and "Click a sample" in words(panel)
