"""The workspace Style: pictures of every origin, weights that are moved on the way, looking back, and what is saved."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QSlider

from engine.datasets import download
from engine.datasets.download import NotFetchedError
from engine.job import Progress
from engine.style.canvas import Canvas
from studio.model.messages import Subject
from studio.model.work_state import WorkState
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.fields.weight_slider import WeightSlider
from studio.widgets.pictures.image_view import picture_to_image
from studio.workspaces.style.page import StylePage
from studio.workspaces.style.picture_chooser import SAMPLES
from tests.studio.hands import drop, dropped, set_by_hand, trained_run


@pytest.fixture
def plain_kernels():
    """Pictures that are painted are large enough for oneDNN."""


@pytest.fixture
def bench(window, qtbot):
    """A window with the workspace Style in front, whose pictures are tiny; and its page."""
    window.show_workspace("style")
    page = window.findChild(StylePage)
    set_by_hand(page.knobs.boxes["size"], 32)
    set_by_hand(page.knobs.boxes["steps"], 3)
    yield window, page
    window.services.styling.stop()
    qtbot.waitUntil(lambda: window.services.styling.state is WorkState.IDLE)


def button(window, name):
    return window.findChild(QPushButton, f"{name}_button")


def paint(qtbot, window):
    """Press Paint and wait for the end."""
    service = window.services.styling
    button(window, "style_paint").click()
    assert service.state is WorkState.PREPARING
    qtbot.waitUntil(lambda: service.state is WorkState.IDLE)
    return service.history


def photo(tmp_path, name="photo.png", seed=0, shape=(40, 60, 3)):
    path = tmp_path / name
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, shape, np.uint8)).save(path)
    return path


def test_what_is_chosen_is_painted_told_and_saved(bench, qtbot, tmp_path):
    window, page = bench
    qtbot.waitUntil(lambda: all(page.choosers[place].picture.picture is not None for place in ("content", "style")))
    assert not button(window, "style_save").isEnabled() and "yet" in button(window, "style_save").toolTip()
    history = paint(qtbot, window)
    assert history.steps[0] == 0 and history.ticks[-1].step == 3
    assert np.array_equal(page.view.after, history.ticks[-1].picture) and page.view.after.shape == (32, 32, 3)
    assert "Step 3 of 3" in page.words.text() and page.curves.rows["style"].value
    assert page.grams.of_style.picture.shape == page.grams.of_picture.picture.shape == (256, 256)
    window.commands.do("style_save")
    page.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "a.png"))
    qtbot.waitUntil(lambda: "a.png" in window.message_bar.text)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), page.view.after)
    for dialog in page.findChildren(QFileDialog):
        dialog.deleteLater()
    window.commands.do("style_film")
    page.findChildren(QFileDialog)[-1].fileSelected.emit(str(tmp_path / "a.gif"))
    qtbot.waitUntil(lambda: (tmp_path / "a.gif").is_file() and "Film saved" in window.message_bar.text)


def test_the_same_choice_paints_the_same_picture_and_another_another(bench, qtbot):
    window, page = bench
    first = paint(qtbot, window).ticks[-1].picture
    said = []
    window.services.styling.state_changed.connect(lambda state: said.append((state, page.words.text())))
    second = paint(qtbot, window).ticks[-1].picture
    begun = [words for state, words in said if state in (WorkState.PREPARING, WorkState.WORKING)]
    assert len(begun) == 2 and not any("Step 3" in words for words in begun), "of the picture before"
    assert np.array_equal(first, second)
    set_by_hand(page.choosers["style"].box, "waves")
    set_by_hand(page.choosers["second"].box, "dots")
    assert page.knobs.sliders["blend"].slider.isVisibleTo(page)
    both = paint(qtbot, window)
    assert len(window.services.styling.painting.styles) == 2 and not np.array_equal(first, both.ticks[-1].picture)
    set_by_hand(page.choosers["second"].box, "none")
    assert not page.knobs.sliders["blend"].slider.isVisibleTo(page)


def test_own_pictures_are_dropped_pasted_and_opened(bench, qtbot, tmp_path):
    window, page = bench
    content, style = page.choosers["content"], page.choosers["style"]
    assert drop(content, dropped(photo(tmp_path)))
    qtbot.waitUntil(lambda: content.picture.picture is not None and content.picture.picture.shape == (128, 192, 3))
    assert content.box.currentText() == "Yours: photo.png"
    QGuiApplication.clipboard().setImage(picture_to_image(np.full((50, 20, 3), 200, np.uint8)))
    style.box.setFocus()
    QTest.keyClick(style.box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: style.picture.picture is not None and style.picture.picture.shape == (192, 80, 3))
    assert style.box.currentText() == "Yours: pasted"
    mime = QMimeData()
    mime.setUrls(dropped(photo(tmp_path, "other.png", 3, (30, 30, 3))).urls())
    QGuiApplication.clipboard().setMimeData(mime)
    content.paste_button.click()
    qtbot.waitUntil(lambda: content.box.currentText() == "Yours: other.png")
    style.open_button.click()
    style.findChild(QFileDialog).fileSelected.emit(str(photo(tmp_path, "third.png")))
    assert style.box.currentText() == "Yours: third.png"
    assert paint(qtbot, window).ticks[-1].picture.shape == (32, 32, 3)
    QGuiApplication.clipboard().clear()


def test_what_comes_without_a_file_is_seen_as_a_file_is(bench, qtbot):
    """White ink on nothing lies on black, as of a file; what is too small is refused, and nothing at all is said."""
    window, page = bench
    chooser, clipboard = page.choosers["content"], QGuiApplication.clipboard()
    ink = np.zeros((32, 32, 4), np.uint8)
    ink[8:24, 8:24] = 255
    mime = QMimeData()
    mime.setImageData(QImage(ink.data, 32, 32, QImage.Format.Format_RGBA8888).copy())
    assert drop(chooser, mime), "as from a browser"
    qtbot.waitUntil(lambda: chooser.box.currentText() == "Yours: pasted" and chooser.picture.picture is not None)
    qtbot.waitUntil(lambda: chooser.picture.picture.shape == (192, 192, 3) and not chooser.picture.picture[0, 0].any())
    assert chooser.picture.picture[96, 96].min() == 255
    clipboard.setImage(picture_to_image(np.zeros((1, 1, 3), np.uint8)))
    chooser.paste()
    qtbot.waitUntil(lambda: "smaller than 16 pixels" in window.message_bar.text)
    assert chooser.box.currentText() == "Yours: pasted" and chooser.picture.picture.shape == (192, 192, 3)
    clipboard.clear()
    chooser.paste()
    assert "no picture on the clipboard" in window.message_bar.text
    assert window.message_bar.is_about(Subject.ASKED), "the next notice takes its place"


def test_what_is_no_picture_is_said_and_the_one_before_stays_chosen(bench, qtbot, tmp_path):
    window, page = bench
    chooser = page.choosers["style"]
    chooser.file_chosen.emit(str(photo(tmp_path)))
    qtbot.waitUntil(lambda: chooser.picture.picture is not None and chooser.picture.picture.shape == (128, 192, 3))
    (tmp_path / "broken.png").write_bytes(b"no picture")
    chooser.file_chosen.emit(str(tmp_path / "broken.png"))
    qtbot.waitUntil(lambda: "broken.png" in window.message_bar.text)
    assert chooser.box.currentText() == "Yours: photo.png"
    assert window.workspace.painting.pictures.styles[0].name == "photo"
    (tmp_path / "text.png").write_text("no picture")
    page.choosers["content"].file_chosen.emit(str(tmp_path / "text.png"))
    qtbot.waitUntil(lambda: "text.png” is no picture that can be used" in window.message_bar.text)
    assert page.choosers["content"].key == "astronaut"
    chooser.choose(SAMPLES)
    chooser.chosen.emit(SAMPLES)
    assert "No generator yet" in window.message_bar.text and chooser.box.currentText() == "Yours: photo.png"
    page.choosers["content"].choose(SAMPLES)
    page.choosers["content"].chosen.emit(SAMPLES)
    assert "No generator yet" in window.message_bar.text and page.choosers["content"].key == "astronaut"
    chooser.box.setCurrentIndex(0)
    keys = {chooser.key for _ in range(chooser.box.count()) if QTest.keyClick(chooser.box, Qt.Key.Key_Down) is None}
    assert SAMPLES not in keys and len(keys) > 5, "arrow keys pass what cannot be chosen"
    qtbot.waitUntil(lambda: chooser.picture.picture.shape == (128, 192, 3))
    assert chooser.key == "own" and window.workspace.painting.pictures.styles[0].name == "photo", "and come back"


def test_samples_of_a_generator_are_content(bench, qtbot, tmp_path):
    window, page = bench
    window.services.open(trained_run(tmp_path / "run", 1))
    qtbot.waitUntil(lambda: window.services.generator.loaded is not None)
    set_by_hand(page.choosers["content"].box, SAMPLES)
    looked_at = page.choosers["content"].picture
    qtbot.waitUntil(
        lambda: (
            looked_at.picture is not None and "samples" in window.workspace.painting.pictures.sources["content"].name
        )
    )
    assert paint(qtbot, window).ticks[-1].picture.shape == (32, 32, 3)


def test_weights_steps_and_layers_move_while_it_paints(bench, qtbot):
    window, page = bench
    service = window.services.styling
    set_by_hand(page.knobs.boxes["steps"], 100_000)
    button(window, "style_paint").click()
    qtbot.waitUntil(lambda: bool(service.history.ticks))
    assert not page.knobs.boxes["size"].isEnabled() and page.knobs.boxes["steps"].isEnabled()
    page.knobs.sliders["style_weight"].slider.setValue(0)
    page.knobs.sliders["content_weight"].box.setValue(0)
    page.knobs.sliders["content_weight"].box.valueChanged.emit(0)
    page.grams.boxes["conv1_1"].click()

    def is_heard():
        losses = service.history.ticks[-1].losses
        names = [name for name, _ in losses.by_layer]
        return "conv1_1" not in names and losses.total == pytest.approx(3 * losses.variation, rel=1e-4)

    qtbot.waitUntil(is_heard)
    button(window, "style_pause").click()
    qtbot.waitUntil(lambda: service.state is WorkState.PAUSED)
    assert "paused" in page.words.text() and button(window, "style_pause").text() == "Go on"
    for value in (0, 500, 0, 500):  # the only weight that is left
        page.knobs.sliders["variation_weight"].slider.setValue(value)
        assert ("All weights are 0" in window.message_bar.text) == (value == 0)
    step = service.history.ticks[-1].step
    button(window, "style_pause").click()
    qtbot.waitUntil(lambda: service.history.ticks[-1].step > step)
    button(window, "style_stop").click()
    qtbot.waitUntil(lambda: service.state is WorkState.IDLE)
    assert button(window, "style_paint").isEnabled() and page.knobs.boxes["size"].isEnabled()


def test_all_weights_0_is_said_and_nothing_begins(bench):
    window, page = bench
    for name in ("content_weight", "style_weight", "variation_weight"):
        page.knobs.sliders[name].slider.setValue(0)
    button(window, "style_paint").click()
    assert "All weights are 0" in window.message_bar.text
    assert window.services.styling.state is WorkState.IDLE


def test_what_the_engine_refuses_is_said(bench, qtbot, tmp_path):
    window, page = bench
    (tmp_path / "other.pth").write_bytes(b"x" * 100)
    page.knobs.network.weights_chosen.emit(str(tmp_path / "other.pth"))
    assert "other.pth" in page.knobs.network.box.currentText()
    paint(qtbot, window)
    assert "holds no weights of VGG-19" in window.message_bar.text and not window.services.styling.history.ticks
    set_by_hand(page.knobs.network.box, "")
    assert "VGG-19" not in window.message_bar.text


def test_a_step_that_is_undone_is_said(bench, qtbot, monkeypatch):
    window, _ = bench
    honest, looks = Canvas.look, iter(range(100))

    def look(self, options):
        losses, total = honest(self, options)
        if next(looks) == 1:
            self.pixels.grad.fill_(float("nan"))
        return losses, total

    monkeypatch.setattr(Canvas, "look", look)
    history = paint(qtbot, window)
    assert "was undone" in window.message_bar.text and history.ticks[-1].step == 3


def test_one_looks_back_and_the_newest_waits(bench, qtbot):
    window, page = bench
    history = paint(qtbot, window)
    page.steps.setValue(0)
    assert np.array_equal(page.view.after, history.ticks[0].picture)
    assert "you look back at step 0" in page.words.text()
    page.steps.setValue(page.steps.maximum())
    assert np.array_equal(page.view.after, history.ticks[-1].picture) and "look back" not in page.words.text()


def test_a_training_goes_on_beside_it(bench, qtbot):
    window, page = bench
    set_by_hand(page.knobs.boxes["steps"], 100_000)
    button(window, "style_paint").click()
    with qtbot.waitSignal(window.services.training.stopped):
        window.commands.do("train")
    assert window.services.styling.state in (WorkState.PREPARING, WorkState.WORKING)
    window.show_workspace("train")
    assert window.commands["go_to_style"].label == "Style ▶", "a picture that is painted is seen elsewhere, too"
    assert not window.services.shown.run.is_unfinished


# --- its parts


def test_a_weight_is_set_by_slider_and_box_and_0_is_its_end(bench):
    _, page = bench
    weight = page.knobs.sliders["style_weight"]
    assert isinstance(weight, WeightSlider) and isinstance(weight.slider, QSlider) and isinstance(weight.box, NumberBox)
    told = []
    weight.changed.connect(lambda name, value: told.append((name, value)))
    weight.slider.setValue(100)
    weight.slider.setValue(0)
    assert told == [("style_weight", 1000.0), ("style_weight", 0.0)] and weight.value == 0
    weight.box.setValue(50_000)
    assert weight.value == 50_000 and weight.slider.value() == 100, "the box takes more than the slider shows"
    QApplication.processEvents()


def test_the_size_is_bounded_by_the_memory_and_says_why(bench):
    _, page = bench
    page.knobs.set_limits(480, "/somewhere/vgg19-dcbb9e9d.pth")
    size = page.knobs.boxes["size"]
    assert size.maximum() == 480 and "480 pixels have room" in size.toolTip()
    page.knobs.network.box.setCurrentIndex(1)
    assert page.knobs.network.box.currentText() == "VGG-19, on this machine"
    assert page.knobs.network.weights_file == "/somewhere/vgg19-dcbb9e9d.pth"


def test_the_layers_are_those_of_the_network_that_is_chosen(bench, tmp_path):
    window, page = bench
    page.grams.boxes["conv2_1"].click()
    page.knobs.network.weights_chosen.emit(str(tmp_path / "vgg19.pth"))
    assert page.grams.layers == "conv1_1 conv3_1 conv4_1 conv5_1", "before the first step, too"
    assert window.context.settings.style_choice("layers") == page.grams.layers
    for name in ("conv1_1", "conv3_1", "conv4_1"):
        page.grams.boxes[name].click()
    set_by_hand(page.knobs.network.box, "")
    assert page.grams.layers == "" and len(page.grams.boxes) == 4, "one counts at least"


def test_vgg19_is_downloaded_only_on_a_wish_and_what_fails_is_said(bench, qtbot, monkeypatch, tmp_path):
    window, page = bench
    box, asked = page.knobs.network.box, []

    def fetch(remote, what):
        asked.append(remote)
        yield Progress(1, 4, what)
        if len(asked) == 1:
            raise NotFetchedError("no net")
        remote.path.parent.mkdir(parents=True)
        remote.path.write_bytes(b"weights")

    monkeypatch.setattr(download, "fetch", fetch)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    assert box.count() == 1, "no arrow key comes upon a download"
    page.knobs.network.fetch_action.trigger()
    qtbot.waitUntil(lambda: "could not be downloaded" in window.message_bar.text)
    qtbot.waitUntil(lambda: not page.words.text() and box.count() == 1)
    assert asked[0].sha256 == "dcbb9e9d" and asked[0].path.is_relative_to(tmp_path)
    page.knobs.network.fetch_action.trigger()
    qtbot.waitUntil(lambda: bool(page.knobs.network.weights_file))
    assert box.currentText() == "VGG-19, on this machine" and page.knobs.network.weights_file == str(asked[1].path)
