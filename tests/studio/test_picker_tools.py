"""What the digit picker has read, written and sorted in the window, on a run that was trained."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from engine.evaluation import reader as readers
from engine.i18n import tr
from engine.latent import handwriting
from engine.latent.handwriting import Character
from engine.runs import RunFolder
from engine.trainer import Trainer
from studio import language
from studio.widgets.exploring.handwriting_panel import HandwritingPanel
from studio.widgets.exploring.sorted_samples import SHOWN, SortedPictures, SortedSamples
from studio.workspaces.explore.digit_picker import DigitPicker
from tests import tiny
from tests.studio.hands import explore, shown, trained_run


@pytest.fixture
def judged(monkeypatch):
    """A judge that takes every picture for a 1, half sure, and for a 0 the more the brighter it is."""

    def probabilities(self, images):
        bright = images.reshape(len(images), -1).mean(1) / 510
        return np.stack([bright, np.full(len(images), 0.5), *[0 * bright] * 8], 1).astype(np.float32)

    monkeypatch.setattr(readers.Reader, "probabilities", probabilities)


@pytest.fixture
def picker(window, judged, tiny_gan, tmp_path, qtbot):
    return explore(qtbot, window, trained_run(tmp_path / "run", 1), DigitPicker)


def test_a_line_is_written_and_read_and_drawn_again_on_wish(picker, window, qtbot):
    with qtbot.waitSignal(window.services.exploring.ended):
        picker.pages.setCurrentIndex(2)
    marks = [mark.is_readable for mark in picker.writer.line.marks]
    assert marks == [None if each == "-" else each == "1" for each in "2025-11-26"]
    assert picker.writer.words.text().startswith("The judge reads 2 as 1 (50%)")
    with qtbot.waitSignal(window.services.exploring.ended):
        picker.writer.edit.setText("11")
    assert picker.writer.words.text() == "The judge reads every character."
    with qtbot.waitSignal(window.services.exploring.ended):
        picker.writer.height_box.setValue(100)
    picker.writer.copy()
    assert QApplication.clipboard().image().height() == 100


def test_samples_that_nobody_can_ask_for_are_sorted_by_what_is_read(window, judged, tiny_gan, tmp_path, qtbot):
    path = tmp_path / "unconditional"
    for _event in Trainer(tiny.config(epochs=1, architecture="mlp"), RunFolder(path)).run():
        pass
    with qtbot.waitSignal(window.services.exploring.ended):
        picker = explore(qtbot, window, path, DigitPicker)
    panel = picker.sorted
    assert panel.why.isVisible() and "of 400 samples" in panel.words.text().lower()
    qtbot.mouseClick(panel.class_buttons.buttons()[0], Qt.MouseButton.LeftButton)
    assert "none is read as “0”" in panel.words.text()
    qtbot.mouseClick(panel.matrix, Qt.MouseButton.LeftButton, pos=panel.matrix.place_of(1).center().toPoint())
    point = window.workspace.explored.point
    assert point.label == -1 and not panel.work.isVisible()


def test_the_surest_come_first_and_a_click_goes_there(qtbot, monkeypatch):
    told = []
    panel = shown(qtbot, SortedSamples(), 700, 500)
    panel.set_names(("3", "8"))
    assert "the judge sorts" in panel.why.text()
    count = SHOWN + 10
    z = np.arange(count, dtype=np.float32)[:, None]
    pictures = np.tile(np.arange(count, dtype=np.uint8)[:, None, None], (1, 8, 8))
    sure = np.linspace(0, 1, count, dtype=np.float32)
    panel.show_samples(SortedPictures(z, pictures, np.stack([sure, 1 - sure], 1)))
    first = panel.matrix.picture[0, 0]
    panel.ask_for(1)
    assert (first, panel.matrix.picture[0, 0]) == (count - 1, 0)
    chosen = []
    panel.point_chosen.connect(lambda z, label: chosen.append((z.tolist(), label)))
    qtbot.mouseClick(panel.matrix, Qt.MouseButton.LeftButton, pos=panel.matrix.place_of(2).center().toPoint())
    assert chosen == [([2.0], -1)]
    panel.show_samples(SortedPictures(z, pictures, None))
    assert (
        panel.words.text()
        == "No judge has learned these images on this computer yet: one does while they are trained on."
        and panel.matrix.picture is None
    )
    monkeypatch.setattr(panel.matrix, "set_images", told.append)
    panel.show_samples(SortedPictures(z, pictures, np.stack([sure, 1 - sure], 1)))
    assert told[-1][:, 0, 0].tolist() == list(range(count // 2)), "none that is read as another class"


def test_data_without_classes_leave_nothing_to_sort_by(qtbot):
    panel = shown(qtbot, SortedSamples(), 700, 500)
    panel.set_names(())
    assert not panel.can_sort and not panel.matrix.isVisible() and "have no classes" in panel.why.text()


def test_what_was_said_is_said_again_in_another_language(qtbot):
    panel = shown(qtbot, HandwritingPanel(), 500, 400)
    panel.set_names(tuple("0123456789"))
    characters = [Character("4", 4, reading=(9, 0.6)), Character("7", 7, reading=(1, 0.9))]
    panel.say(handwriting.describe(characters, tuple("0123456789")))
    samples = shown(qtbot, SortedSamples(), 500, 400)
    samples.set_names(("3", "8"))
    samples.say(tr("No generator yet. Train first, or open a run."))
    language.switch("es")
    language.switch_unseen()
    QApplication.sendEvent(panel, QEvent(QEvent.Type.LanguageChange))
    QApplication.sendEvent(samples, QEvent(QEvent.Type.LanguageChange))
    assert panel.words.text() == "El juez lee 4 como 9 (60\xa0%), 7 como 1 (90\xa0%)."
    assert "Todavía no hay generador" in samples.words.text()
