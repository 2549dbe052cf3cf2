"""The workspace Style at the next start: the picture is there and goes on, what was chosen is chosen again."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from engine.style import painting
from studio import language
from studio.model.work_state import WorkState
from studio.widgets.pictures.image_view import picture_to_image
from studio.workspaces.style.page import StylePage
from tests.studio.hands import set_by_hand


@pytest.fixture
def plain_kernels():
    """Pictures that are painted are large enough for oneDNN."""


@pytest.fixture
def opened(make_window, qtbot):
    """Return what opens a window with Style in front, whose pictures are tiny, and tells its page."""
    made = []

    def open_one(*, steps=None):
        window = make_window()
        window.show_workspace("style")
        page = window.findChild(StylePage)
        if steps is not None:
            set_by_hand(page.knobs.boxes["size"], 32)
            set_by_hand(page.knobs.boxes["steps"], steps)
        made.append(window)
        return window, page

    yield open_one
    for window in made:
        window.services.styling.stop()


def close(window):
    window.close()
    window.services.wait(0)  # which waits for what is kept, however long


def paint_on(qtbot, window, name):
    window.findChild(QPushButton, f"{name}_button").click()
    qtbot.waitUntil(lambda: window.services.styling.state is WorkState.IDLE)


def test_a_window_that_closes_while_it_paints_keeps_the_picture_which_goes_on(opened, qtbot):
    window, _ = opened(steps=100_000)
    service = window.services.styling
    window.findChild(QPushButton, "style_paint_button").click()
    qtbot.waitUntil(lambda: bool(service.history.ticks) and service.history.ticks[-1].step > 0)
    close(window)
    assert not window.isVisible(), "nobody is asked, since nothing is lost"
    kept = painting.kept()
    assert kept is not None and kept.step > 0 and (painting.folder() / "astronaut-swirls.png").is_file()
    window, page = opened()
    qtbot.waitUntil(lambda: page.view.after is not None)
    assert np.array_equal(page.view.after, kept.picture) and "“Go on” paints on" in page.words.text()
    assert page.knobs.values()["steps"] == 100_000 and page.knobs.values()["size"] == 32
    set_by_hand(page.knobs.boxes["steps"], kept.step + 2)
    button = window.findChild(QPushButton, "style_pause_button")
    assert button.text() == "Go on" and button.isEnabled()
    paint_on(qtbot, window, "style_pause")
    assert window.services.styling.history.ticks[-1].step == kept.step + 2
    assert not button.isEnabled() and "all its steps" in button.toolTip()
    assert "kept as astronaut-swirls-2.png" in page.words.text()
    page.steps.setValue(0)
    assert np.array_equal(page.view.after, kept.start), "one looks back to before the window was closed"


def test_a_picture_that_was_stopped_goes_on_with_other_weights(opened, qtbot):
    window, page = opened(steps=2)
    paint_on(qtbot, window, "style_paint")
    first = window.services.styling.history.ticks[-1].picture
    set_by_hand(page.knobs.boxes["steps"], 4)
    page.knobs.sliders["style_weight"].box.setValue(0)
    paint_on(qtbot, window, "style_pause")
    history = window.services.styling.history
    assert history.steps.tolist() == sorted(set(history.steps.tolist())) and history.ticks[-1].step == 4
    assert window.services.styling.painting.options.style_weight == 0
    assert not np.array_equal(history.ticks[-1].picture, first)
    steps = [tick.step for tick in history.ticks]
    assert steps == sorted(set(steps)), "no step is there twice"


def test_pictures_and_options_are_chosen_again(opened, qtbot, tmp_path):
    window, page = opened(steps=1)
    file = tmp_path / "own picture (1).png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)).save(file)
    page.choosers["content"].file_chosen.emit(str(file))
    set_by_hand(page.choosers["style"].box, "waves")
    QGuiApplication.clipboard().setImage(picture_to_image(np.full((40, 20, 3), 200, np.uint8)))
    page.choosers["second"].paste()
    QGuiApplication.clipboard().clear()
    set_by_hand(page.knobs.boxes["start"], "noise")
    page.knobs.sliders["content_weight"].box.setValue(2.5)
    page.knobs.network.weights_chosen.emit(str(tmp_path / "vgg19.pth"))
    page.grams.boxes["conv1_1"].click()
    page.knobs.network.show_file("")
    paint_on(qtbot, window, "style_paint")
    page.knobs.network.weights_chosen.emit(str(tmp_path / "vgg19.pth"))
    close(window)
    window, page = opened()
    assert page.choosers["content"].box.currentText() == "Yours: own picture (1).png"
    assert page.choosers["style"].key == "waves"
    qtbot.waitUntil(lambda: page.choosers["second"].box.currentText() == "Yours: pasted")
    language.switch("es")
    assert page.choosers["second"].box.currentText() == "Tuya: pegada", "it has a name in each language"
    language.switch("en")
    values = page.knobs.values()
    assert (values["start"], values["content_weight"], values["steps"]) == ("noise", 2.5, 1)
    assert page.knobs.network.weights_file == str(tmp_path / "vgg19.pth") and "conv1_1" not in page.grams.layers.split()
    close(window)
    file.unlink()
    shutil.rmtree(painting.folder())
    window, page = opened()
    qtbot.waitUntil(lambda: page.choosers["content"].key == "astronaut")
    assert not window.message_bar.isVisible(), "that a file of last time is gone is no news"
    page.choosers["content"].file_chosen.emit(str(file))
    qtbot.waitUntil(lambda: "could not be read" in window.message_bar.text or "no picture" in window.message_bar.text)


def test_what_a_stranger_wrote_into_the_settings_counts_as_nothing(opened, settings):
    for name in ("content", "style", "second", "size", "start", "content_weight", "layers"):
        settings.set_style_choice(name, "rubbish 9e999")
    _, page = opened()
    assert [page.choosers[place].key for place in ("content", "style", "second")] == ["astronaut", "swirls", "none"]
    values = page.knobs.values()
    assert (values["size"], values["start"], values["content_weight"]) == (
        256,
        "content",
        1.0,
    ) and not page.grams.layers


def test_what_could_not_be_kept_is_said_and_stays_in_the_window(opened, qtbot, monkeypatch):
    from engine.errors import DiskError

    def full(path, data, **_how):
        raise DiskError("The disk is full.", "Make room.")

    window, page = opened(steps=1)
    monkeypatch.setattr(painting.files, "write_atomically", full)
    paint_on(qtbot, window, "style_paint")
    assert "The disk is full." in window.message_bar.text and page.view.after is not None
    assert "kept as" not in page.words.text()
