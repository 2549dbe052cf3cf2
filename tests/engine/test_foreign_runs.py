"""Runs of other machines and strangers: what they record is checked as what is typed, and takes bounded means."""

from __future__ import annotations

import json
import math
import shutil

import numpy as np
import pytest
import torch

from engine import device
from engine.datasets import catalog, picture_files
from engine.errors import UserError
from engine.events import MetricsRow
from engine.runs import RunFolder, RunInfo
from engine.runs import metrics as rows_as_text
from engine.runs.metrics import fitting, rows_of
from engine.trainer import Trainer
from tests import tiny


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A TinyGAN that stopped after two of four epochs."""
    monkeypatch.setattr(catalog, "read", tiny.read)
    folder = RunFolder(tmp_path / "run")
    for _ in Trainer(tiny.config(epochs=2), folder).run():
        pass
    change(folder, lambda it: it["config"].update(epochs=4))
    return folder


def change(folder: RunFolder, how) -> None:
    content = json.loads((folder.path / "config.json").read_text())
    how(content)
    (folder.path / "config.json").write_text(json.dumps(content))


def resume(folder: RunFolder) -> None:
    for _ in Trainer(folder.info().config, folder, resume=True).run():
        pass


# --- recorded changes


@pytest.mark.parametrize(
    ("config", "changes"),
    [
        ({}, [[200, "g_steps", 2]]),  # G cannot learn twice from the same forward pass
        ({"update_order": "simultaneous"}, [[200, "d_steps", 3]]),
        ({"loss": "hinge", "aux_classifier_weight": 0}, [[200, "label_smoothing", 0.1]]),
        ({}, [[160, "g_lr", 0.001], [200, "g_steps", 2], [240, "g_steps", 1]]),
    ],
    ids=range(4),
)
def test_a_recorded_change_that_would_be_refused_to_a_person_is_refused_and_nothing_is_trained(run, config, changes):
    change(run, lambda it: (it["config"].update(config), it.update(changes=changes)))
    before = {path: path.read_bytes() for path in sorted(run.path.rglob("*")) if path.is_file()}
    with pytest.raises(UserError, match="makes no sense there"):
        resume(run)
    assert {path: path.read_bytes() for path in sorted(run.path.rglob("*")) if path.is_file()} == before
    assert isinstance(run.info(), RunInfo), "it can still be looked at"


def test_a_recorded_change_that_makes_sense_is_trained_with(run):
    change(run, lambda it: it.update(changes=[[200, "g_lr", 0.001], [240, "d_steps", 2]]))
    resume(run)
    assert run.images_seen() >= 320


# --- threads


@pytest.mark.parametrize(("asked", "taken"), [(0, 2), (1, 1), (2, 2), (64, 2), (1024, 2)])
def test_a_run_of_a_larger_machine_takes_as_many_threads_as_there_are_cores(monkeypatch, asked, taken):
    taken_threads = []
    monkeypatch.setattr(device, "cores", lambda: 2)
    monkeypatch.setattr(torch, "set_num_threads", taken_threads.append)
    device.prepare_training_thread(asked)
    assert taken_threads == [taken]


# --- a million rows


def course(count: int) -> np.ndarray:
    """Return the table of ``count`` rows that have three steps each, the first one two."""
    number = np.arange(1, count + 1, dtype=np.float64)
    columns = (3 * number - 1, number // 9 + 1, 24 * number, number, np.sin(number), number, 0 * number, 1 / number)
    return np.stack([*columns, number % 2], axis=1)


def test_of_a_long_run_all_of_the_course_is_read_in_few_rows(tmp_path, monkeypatch):
    whole, most = course(1000), 64
    (tmp_path / "metrics.csv").write_text(rows_as_text.HEADER + rows_as_text.format_rows(rows_of(whole)))
    with open(tmp_path / "metrics.csv", "rb") as file:
        read = rows_as_text.read_table(file, most)
    assert most // 2 <= len(read) <= most
    assert read[-1, :4].tolist() == whole[-1, :4].tolist(), "the end is there"
    assert read[:, 8].sum() == whole[:, 8].sum()
    for column in range(4, 8):
        means = [np.average(it[:, column], weights=np.diff(it[:, 0], prepend=0)) for it in (whole, read)]
        assert math.isclose(*means, rel_tol=1e-6)


def test_what_is_no_number_stays_none_when_rows_are_joined():
    table = course(10)
    table[3, 4] = np.nan
    (joined,) = [row for row in fitting(table, 5) if not np.isfinite(row[4])]
    assert joined[0] == table[3, 0]


def test_the_last_row_is_read_without_the_others(run, tmp_path):
    assert run.last_row() == run.metrics()[-1]
    many = RunFolder(tmp_path / "many")
    many.create()
    many.append_metrics(rows_of(course(5000)))
    assert many.last_row() == MetricsRow(*rows_of(course(5000))[-1][:4], *many.metrics()[-1][4:])
    with open(many.path / "metrics.csv", "a") as file:
        file.write("15002,1,120")
    assert many.last_row().step == 14_999
    (many.path / "metrics.csv").write_bytes(b"\xff" * 10_000)
    assert many.last_row() is None and RunFolder(tmp_path / "none").last_row() is None


# --- links


def test_samples_that_are_a_link_out_of_the_run_do_not_exist(run, tmp_path):
    shutil.move(run.path / "samples", tmp_path / "elsewhere")
    (run.path / "samples").symlink_to(tmp_path / "elsewhere")
    assert run.sample_files() == {}


def test_links_in_a_circle_among_pictures_are_left_out_and_said(tmp_path):
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.png").write_bytes(b"")
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    (tmp_path / "one.png").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one.png")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    reading = picture_files.find(tmp_path)
    try:
        while True:
            next(reading)
    except StopIteration as done:
        found = done.value
    assert found.class_names == ("cats", "dogs") and len(found.files) == 2
    broken = {skipped.path for skipped in found.skipped if skipped.reason is picture_files.Reason.UNREADABLE}
    assert broken == {"itself", "one.png", "two", "gone"}
