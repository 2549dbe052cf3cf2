"""A stranger's run in the window: bounded memory, no way out of its folder, a long course drawn at once."""

from __future__ import annotations

import math
import shutil

import numpy as np
from PySide6.QtWidgets import QLabel

from engine.events import MetricsRow
from engine.runs.metrics import MOST_ROWS
from studio.model import run_data
from studio.model.run_data import RunData
from studio.services.readers import read_grid, read_run
from studio.widgets.pictures.picture_strip import PictureStrip, Slot
from tests.engine import hostile
from tests.engine.test_foreign_runs import course
from tests.studio.hands import announced


def test_the_grids_in_memory_are_bounded_by_their_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(run_data, "GRID_BYTES_IN_MEMORY", 10_000)
    history = RunData()
    for epoch in range(20):
        history.add_grid(epoch, tmp_path / "none", np.full((40, 40), epoch, np.uint8))
    assert history.bytes_in_memory <= 10_000
    kept = min(epoch for epoch in range(20) if history.grid(epoch) is not None)
    history.grid(kept)  # looked at again: others go before it
    history.add_grid(20, tmp_path / "none", np.zeros((40, 40), np.uint8))
    assert history.grid(kept) is not None and history.grid(kept + 1) is None
    history.add_grid(21, tmp_path / "none", np.zeros((400, 400), np.uint8))
    assert history.bytes_in_memory <= 10_000


def test_a_strip_cuts_no_more_out_of_a_huge_grid_than_it_can_show(qtbot):
    history = RunData(image_count=1, total_images=2, class_names=("a",))
    history.add_grid(1, None, np.zeros((100, 100_000), np.uint8))
    strip = PictureStrip()
    qtbot.addWidget(strip)
    strip.set_run_data(history, 28)
    strip.set_slots([Slot(strip.rect(), 0.0, 1.0, 1)])
    assert strip.image_of(1).width() <= 2048


def test_samples_that_are_a_link_out_of_the_run_are_not_shown(tmp_path):
    run = hostile.make_run(tmp_path / "run")
    honest = read_run(run.path).run.data
    assert read_grid(honest.grid_files[1]).shape == (40, 30)
    shutil.move(run.path / "samples", tmp_path / "elsewhere")
    (run.path / "samples").symlink_to(tmp_path / "elsewhere")
    assert read_run(run.path).run.data.grid_epochs == []
    assert read_grid(honest.grid_files[1]).shape == (1, 1), "the link came after the run was opened"


def test_of_millions_of_rows_a_bounded_number_is_kept_and_the_whole_course_shown():
    history = RunData(image_count=1000, total_images=10**9)
    for _ in range(3):
        table = course(MOST_ROWS - 1)
        table[:, :4] += history.rows()[-1, :4] if len(history) else 0
        history.extend(table)
        assert len(history) <= MOST_ROWS and history.rows()[-1, :4].tolist() == table[-1, :4].tolist()
    assert (np.diff(history.series("images_seen")) > 0).all() and history.series("images_seen")[0] < 200


def test_of_what_a_copied_run_lacks_nobody_says_that_it_comes(window, qtbot, tmp_path):
    shown = window.services.shown
    for name, lost in (("without curves", "metrics.csv"), ("without pictures", "samples")):
        path = hostile.make_run(tmp_path / name).path
        shutil.rmtree(path / lost) if (path / lost).is_dir() else (path / lost).unlink()
        with announced(qtbot, shown.run_changed):
            window.services.open(path)
        message, reading = (
            window.loss_plot.pair.upper.marks_item.message,
            window.findChild(QLabel, "health_reading").text(),
        )
        assert "Nothing is trained yet" not in reading and "as soon as" not in message
        assert window.findChild(PictureStrip).placeholder == ""
        if lost == "samples":
            assert window.sample_view.grid.placeholder == "The run keeps no pictures."
        else:
            assert message == reading == "The run keeps no curves."
    shown.data.append([MetricsRow(1, 1, shown.data.images_seen + 1, 0.0, *[math.nan] * 4)] * 200)
    window.health_panel.refresh()
    assert window.findChild(QLabel, "health_reading").text() == "D's verdicts are not numbers here."
