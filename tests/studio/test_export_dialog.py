"""What is exported from the window: files that hold what was asked for, told when they are there, canceled when not."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from engine.evaluation.evaluate import sample
from engine.export import onnx_file
from engine.latent.sampling import random_z
from engine.runs import RunFolder
from studio.workspaces.explore.digit_picker import DigitPicker
from studio.workspaces.explore.export_dialog import KINDS, ExportDialog
from tests.studio.hands import explore, shown, trained_run


@pytest.fixture
def run(tiny_gan, tmp_path):
    return trained_run(tmp_path / "run", 1)


@pytest.fixture
def dialog(window, run, qtbot):
    explore(qtbot, window, run, DigitPicker)
    window.commands.do("export_generator")
    dialog = window.findChild(ExportDialog)
    yield dialog
    dialog.close()


def export(window, dialog, qtbot, kind, path, **boxes):
    dialog.kind_box.setCurrentIndex(list(KINDS).index(kind))
    dialog.place.edit.setText(str(path))
    for name, value in boxes.items():
        box = getattr(dialog, name)
        box.setCurrentIndex(value) if hasattr(box, "setCurrentIndex") else box.setValue(value)
    with qtbot.waitSignal(window.services.exploring.ended):
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)


def test_arrays_and_pictures_are_those_of_the_seed_and_the_class(window, dialog, run, qtbot, tmp_path):
    place = dialog.kind_box.pos()
    export(window, dialog, qtbot, ".npz", tmp_path / "some.npz", count_box=6, seed_box=5, class_box=4)
    with np.load(tmp_path / "some.npz") as held:
        assert held["labels"].tolist() == [3] * 6 and np.array_equal(held["z"], random_z(6, 4, 5))
        assert np.array_equal(held["images"], sample(RunFolder(run), held["z"], held["labels"]))
    assert "some.npz" in dialog.message.text
    dialog.layout().activate()
    assert dialog.kind_box.pos() == place  # what the person is about to press stays where it was
    export(window, dialog, qtbot, ".png", tmp_path / "some", class_box=0, source_box=1)
    with Image.open(tmp_path / "some.png") as picture:
        assert picture.height < 2 * picture.width / 10 + 8, "one style, all ten classes beside each other"


def test_a_seed_goes_to_the_next_one(dialog):
    dialog.seed_box.setValue(229_674)
    dialog.seed_box.stepBy(1)
    assert dialog.seed_box.value() == 229_675


def test_a_walk_is_a_film_that_ends_where_it_begins(window, dialog, qtbot, tmp_path):
    export(window, dialog, qtbot, ".gif", tmp_path / "walk.gif", count_box=2, class_box=2)
    with Image.open(tmp_path / "walk.gif") as film:
        assert film.n_frames == 75
        first = np.asarray(film.convert("RGB")).astype(int)
        film.seek(74)
        assert np.abs(np.asarray(film.convert("RGB")).astype(int) - first).mean() < 3


def test_the_generator_is_a_script_or_onnx_and_without_onnx_a_sentence(window, dialog, qtbot, tmp_path, monkeypatch):
    export(window, dialog, qtbot, "", tmp_path / "script")
    assert sorted(path.name for path in (tmp_path / "script").iterdir()) == ["generator.py", "generator.safetensors"]
    monkeypatch.setattr(onnx_file, "is_available", lambda: False)
    export(window, dialog, qtbot, ".onnx", tmp_path / "g.onnx")
    assert "pip install onnx" in dialog.message.text and not (tmp_path / "g.onnx").exists()


def test_a_place_that_cannot_be_written_is_told_and_what_exists_is_said_before(window, dialog, qtbot, tmp_path):
    (tmp_path / "taken.png").write_text("mine")
    dialog.place.edit.setText(str(tmp_path / "taken.png"))
    qtbot.waitUntil(lambda: "will be replaced" in dialog.summary.text())
    export(window, dialog, qtbot, ".png", tmp_path / "nowhere" / "a.png")
    assert "could not be written" in dialog.message.text and dialog.save_button.isEnabled()


def test_there_is_one_about_a_run_and_it_saves_nothing_of_another_one(window, dialog, qtbot, tmp_path):
    window.commands.do("export_generator")
    assert window.findChildren(ExportDialog) == [dialog]
    window.services.shown.run.path = tmp_path / "another"
    dialog.place.edit.setText(str(tmp_path / "a.png"))
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert "Show “run” again" in dialog.message.text
    window.commands.do("export_generator")
    assert len(window.findChildren(ExportDialog)) == 2


def test_what_is_being_saved_can_be_canceled(window, dialog, qtbot, tmp_path):
    dialog.kind_box.setCurrentIndex(list(KINDS).index(".mp4"))
    dialog.place.edit.setText(str(tmp_path / "walk.mp4"))
    dialog.count_box.setValue(100)
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert dialog.work.button.isVisible() and not dialog.save_button.isEnabled()
    qtbot.mouseClick(dialog.work.button, Qt.MouseButton.LeftButton)
    assert not dialog.work.button.isVisible() and dialog.save_button.isEnabled()
    qtbot.waitUntil(lambda: not list(tmp_path.glob("walk*")))


def test_what_makes_no_sense_is_not_asked(qtbot):
    dialog = shown(qtbot, ExportDialog("a run", ()))
    asked = []
    dialog.place_wanted.connect(asked.append)
    dialog.begin()
    assert asked == ["a-run.png"] and not dialog.class_box.isVisible() and not dialog.save_button.isEnabled()
    dialog.place.edit.setText("/tmp/x")
    dialog.kind_box.setCurrentIndex(list(KINDS).index(".onnx"))
    assert dialog.place.edit.text() == "/tmp/x.onnx" and not dialog.count_box.isVisible()
    dialog.kind_box.setCurrentIndex(list(KINDS).index(""))
    assert dialog.place.edit.text() == "/tmp/x"
