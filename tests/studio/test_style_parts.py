"""Parts of the workspace Style that need no window: curtain, curves, Gram matrices."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QWidget

from engine.style.events import GramsReady, Losses, StyleTick
from engine.style.history import History
from engine.style.networks import SHIPPED
from studio.commands import Command, Commands
from studio.workspaces.style import picture_chooser
from studio.workspaces.style.commands import BUTTONS, SAVING
from studio.workspaces.style.curtain_view import CurtainView
from studio.workspaces.style.gram_panel import GramPanel, drawn
from studio.workspaces.style.page import StylePage
from studio.workspaces.style.picture_chooser import SAMPLE, PictureChooser
from studio.workspaces.style.style_curves import StyleCurves
from tests.studio.hands import set_by_hand, settle, shown


def test_the_curtain_lies_where_it_is_dragged_and_is_not_copied(qtbot):
    view = shown(qtbot, CurtainView(), 200, 100)
    before, after = np.zeros((50, 100, 3), np.uint8), np.full((50, 100, 3), 255, np.uint8)
    view.show_pictures(before, after)
    assert view.picture.min() == 255
    moved = []
    view.curtain_moved.connect(moved.append)
    rect = view.picture_rect()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPointF(rect.left() + rect.width() / 4, 50).toPoint())
    assert moved == [pytest.approx(0.25, abs=0.02)]
    assert view.picture[:, :20].max() == 0 and view.picture[:, 30:].min() == 255
    view.copy()
    assert QGuiApplication.clipboard().image().pixelColor(0, 0).lightness() == 255
    view.show_pictures(None, after)
    assert view.picture.min() == 255
    view.show_pictures(before, None)
    assert view.picture is None
    QGuiApplication.clipboard().clear()


def tick(step):
    losses = Losses(0.0 if not step else 0.5, 1 / (1 + step), 0.02, 1.0)
    return StyleTick(step, 10, np.zeros((8, 8, 3), np.uint8), losses, 0.0, None, 1.0)


def test_curves_tell_the_step_that_is_seen_and_bear_nothing_and_nan(qtbot):
    curves = shown(qtbot, StyleCurves(), 300, 200)
    curves.show_history(History(), 0)
    assert curves.rows["style"].value == ""
    history = History()
    for step in range(4):
        history.add(tick(step))
    curves.show_history(history, 1)
    assert (curves.rows["content"].value, curves.rows["style"].value) == ("0.5", "0.5")
    curves.show_history(history, 0)
    assert curves.rows["content"].value == "0"
    history.add(StyleTick(5, 10, history.ticks[0].picture, Losses(*[float("nan")] * 4), 0.0, None, 1.0))
    curves.show_history(history, 5)


def test_gram_matrices_have_one_scale_and_the_order_of_the_style():
    style, found = np.diag([1.0, 4.0, 2.0]).astype(np.float32), np.diag([1.0, 4.0, 8.0]).astype(np.float32)
    first, second = drawn(style, found)
    assert first[0, 0] == 255 and first[0, 0] > first[1, 1] > first[2, 2] and first[0, 1] == 0
    assert second[1, 1] == 255 and second[2, 2] == first[2, 2]
    empty, _ = drawn(np.zeros((2, 2), np.float32), np.zeros((2, 2), np.float32))
    assert empty.max() == 0


def test_large_text_cuts_no_layer_and_both_matrices_stay_of_one_size(qtbot):
    panel = GramPanel()
    panel.set_layers(SHIPPED.style_layers)
    font = panel.font()
    font.setPixelSize(24)
    panel.setFont(font)
    shown(qtbot, panel, 250, 400)
    assert panel.layer_box.width() >= panel.layer_box.sizeHint().width()
    assert panel.of_style.size() == panel.of_picture.size()


@pytest.fixture
def commands(qtbot):
    place = QWidget()
    qtbot.addWidget(place)
    commands = Commands(place)
    commands.add(*(Command(name, "Style", name) for name in (*BUTTONS, *SAVING)))
    yield commands  # while their place is there


def write_in(page, pixels):
    font = page.font()
    font.setPixelSize(pixels)
    page.setFont(font)
    QApplication.processEvents()


def test_what_tells_of_the_picture_stands_beside_it_only_where_text_leaves_room(qtbot, commands):
    page = shown(qtbot, StylePage(commands), 950, 760)
    usual = page.fontInfo().pixelSize()
    for pixels, is_beside in ((usual, True), (21, False), (26, False), (usual, True)):
        write_in(page, pixels)
        curves, picture = (part.mapTo(page, QPoint()).x() for part in (page.curves, page.view))
        assert page.view.width() >= 240
        assert page.curves.isVisible() and (curves > picture) is is_beside
        assert len(page.regions()) == 2 + is_beside and all(part.isVisible() for part in page.regions())


@pytest.mark.parametrize("pixels", [12, 21, 24])
def test_what_stands_beside_the_picture_is_whole_and_scrolled_where_text_is_large(qtbot, commands, pixels):
    page = shown(qtbot, StylePage(commands), 1284, 600)
    page.grams.set_layers(SHIPPED.style_layers)
    write_in(page, pixels)
    settle()
    line, plot = page.fontMetrics().height(), page.curves.plot
    assert plot.height() >= 7 * line and page.grams.of_style.height() >= 4 * line, "three lines say that it comes"
    assert page.grams.height() == pytest.approx(page.grams.heightForWidth(page.grams.width()), abs=1)
    below = page.grams.mapTo(page, QPoint()).y() - plot.mapTo(page, plot.rect().bottomLeft()).y()
    assert 0 < below <= 20
    axis = plot.getAxis("left")
    assert axis.width() >= page.fontMetrics().horizontalAdvance("0.0005")


def test_at_least_one_layer_counts(qtbot):
    panel = shown(qtbot, GramPanel(), 300, 300)
    told = []
    panel.layers_changed.connect(told.append)
    panel.set_layers(("conv1_1", "conv2_1"))
    assert panel.layers == ""
    panel.boxes["conv1_1"].click()
    assert told == ["conv2_1"] and not panel.boxes["conv2_1"].isEnabled()
    panel.boxes["conv1_1"].click()
    assert panel.layers == "" and all(box.isEnabled() for box in panel.findChildren(QCheckBox))
    one = np.ones((2, 2), np.float32)
    panel.show_grams(GramsReady(1, {"conv2_1": (one, one)}))
    set_by_hand(panel.findChild(QComboBox), None)
    panel.layer_box.setCurrentText("conv2_1")
    assert panel.of_style.picture.shape == (2, 2)
    panel.layer_box.setCurrentText("conv1_1")
    assert panel.of_style.picture is None, "no matrix is told of a layer that does not count"


def test_pictures_that_are_offered_still_are_not_written_anew(qtbot, monkeypatch):
    chooser, said = PictureChooser("content", "Content", (("astronaut", "Astronaut"),)), []
    qtbot.addWidget(chooser)
    monkeypatch.setattr(picture_chooser, "tr", lambda text, **_: said.append(text) or text)
    sample = chooser.box.model().item(chooser.box.findData(SAMPLE))
    for is_there in (True, False, True):
        chooser.offer_made(is_there)
        assert said and sample.isEnabled() == is_there
        said.clear()
        chooser.offer_made(is_there)
        assert not said, "each epoch that is looked at offers them"
