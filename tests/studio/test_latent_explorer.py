"""The latent explorer: what it asks for when, and what it shows."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from engine.latent import interpolation
from engine.latent.sampling import random_z
from studio import theme
from studio.help.help_button import HelpButton
from studio.theme import SPACING
from studio.workspaces.explore.latent_explorer import PATH, PICTURE, SWEEP, LatentExplorer
from tests.studio.hands import Wishes, shown
from tests.studio.shouting import shout

DIGITS = tuple("0123456789")


@pytest.fixture
def view(qtbot: QtBot) -> LatentExplorer:
    return shown(qtbot, LatentExplorer(), 340, 560)


@pytest.fixture
def wishes(view: LatentExplorer) -> Wishes:
    return Wishes(view)


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_without_a_generator_it_says_what_to_do_and_asks_for_nothing(view: LatentExplorer, wishes: Wishes) -> None:
    texts = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert texts == ["No generator yet. Train first, or open a run."]
    view.render_again()
    assert wishes.channels == []


def test_a_model_asks_for_the_picture_of_its_seed(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    z, labels = wishes.newest[PICTURE]
    assert np.array_equal(z, random_z(1, 16, seed=0))
    assert labels.tolist() == [0]
    assert set(wishes.channels) == {PICTURE}


def test_a_model_without_classes_asks_with_minus_one(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, ())
    assert wishes.newest[PICTURE][1].tolist() == [-1]
    assert not view.class_box.isVisible()
    view.pages.setCurrentWidget(view.sweep_panel)
    assert wishes.newest[SWEEP][1].tolist() == [-1] * 10


def test_the_class_is_asked_for(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    view.class_box.setCurrentIndex(7)
    assert wishes.newest[PICTURE][1].tolist() == [7]


def test_the_same_seed_gives_the_same_z_again(qtbot: QtBot, view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    click(qtbot, view.random_button)
    seed, z = view.seed_box.value(), wishes.z(PICTURE)
    assert np.array_equal(z, random_z(1, 16, seed)[0])
    view.seed_box.setValue((seed + 1) % 1000)
    assert not np.array_equal(wishes.z(PICTURE), z)
    view.seed_box.setValue(seed)
    assert np.array_equal(wishes.z(PICTURE), z)


def test_a_slider_moves_one_number_at_once_and_leaves_earlier_wishes_alone(
    view: LatentExplorer, wishes: Wishes
) -> None:
    view.resize(700, 330)
    view.set_model(64, DIGITS)
    first = wishes.z(PICTURE)
    kept = first.copy()
    view.sliders.first_box.setValue(8)
    view.sliders.sliders[3].setValue(-250)
    changed = np.flatnonzero(wishes.z(PICTURE) != kept)
    assert changed.tolist() == [11]
    assert wishes.z(PICTURE)[11] == -2.5
    assert np.array_equal(first, kept)
    assert view.reset_button.isEnabled()


def test_showing_other_dimensions_changes_nothing(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(64, DIGITS)
    z, count = wishes.z(PICTURE), len(wishes.channels)
    for first in (8, 56, 3, 0):
        view.sliders.first_box.setValue(first)
    assert len(wishes.channels) == count
    assert np.array_equal(wishes.z(PICTURE), z)


def test_double_click_delete_and_button_take_back(qtbot: QtBot, view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    home = wishes.z(PICTURE)
    slider = view.sliders.sliders[2]
    for take_back in (
        lambda: qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(slider, Qt.Key.Key_Delete),
        lambda: click(qtbot, view.reset_button),
    ):
        slider.setValue(300)
        assert wishes.z(PICTURE)[2] == 3
        take_back()
        assert np.array_equal(wishes.z(PICTURE), home)
        assert not view.reset_button.isEnabled()


@pytest.mark.parametrize("z_dim", [2, 8, 9, 100])
def test_every_dimension_can_be_reached(view: LatentExplorer, z_dim: int) -> None:
    view.set_model(z_dim, ())
    reached = set()
    for first in range(view.sliders.first_box.maximum() + 1):
        view.sliders.first_box.setValue(first)
        reached |= {name.text() for name in view.sliders._names if not name.isHidden()}
    assert reached == {f"z[{dimension}]" for dimension in range(z_dim)}


class TestPath:
    @pytest.fixture(autouse=True)
    def _open(self, view: LatentExplorer, wishes: Wishes) -> None:
        view.set_model(16, DIGITS)
        view.pages.setCurrentWidget(view.path_panel)

    def test_the_slider_leads_from_a_to_b(self, view: LatentExplorer, wishes: Wishes) -> None:
        way = wishes.newest[PATH][0]
        view.path_panel.slider.setValue(view.path_panel.slider.maximum())
        assert np.array_equal(wishes.z(PICTURE), way[-1])
        view.path_panel.slider.setValue(view.path_panel.slider.maximum() // 2)
        assert np.allclose(wishes.z(PICTURE), interpolation.slerp(way[0], way[-1], 3)[1])
        view.path_panel.slider.setValue(0)
        assert np.array_equal(wishes.z(PICTURE), way[0])

    def test_the_straight_way_moves_strip_and_picture(self, view: LatentExplorer, wishes: Wishes) -> None:
        way = wishes.newest[PATH][0]
        view.path_panel.slider.setValue(view.path_panel.slider.maximum() // 2)
        view.path_panel.linear_button.setChecked(True)
        assert np.array_equal(wishes.newest[PATH][0], interpolation.lerp(way[0], way[-1], 10))
        assert np.allclose(wishes.z(PICTURE), (way[0] + way[-1]) / 2, atol=1e-6)

    def test_the_picture_shown_becomes_an_end(self, qtbot: QtBot, view: LatentExplorer, wishes: Wishes) -> None:
        view.seed_box.setValue(11)
        click(qtbot, view.path_panel.a_button)
        view.seed_box.setValue(12)
        click(qtbot, view.path_panel.b_button)
        way = wishes.newest[PATH][0]
        assert np.array_equal(way[[0, -1]], np.concatenate([random_z(1, 16, 11), random_z(1, 16, 12)]))
        assert view.path_panel.slider.value() == view.path_panel.slider.maximum()

    def test_each_end_keeps_its_class(self, qtbot: QtBot, view: LatentExplorer, wishes: Wishes) -> None:
        panel = view.path_panel
        view.class_box.setCurrentIndex(3)
        assert wishes.newest[PATH][1].tolist() == [3] * 10, "until an end is set, the class chosen is that of both"
        click(qtbot, panel.a_button)
        view.class_box.setCurrentIndex(8)
        click(qtbot, panel.b_button)
        assert wishes.newest[PATH][1].tolist() == [3] * 5 + [8] * 5
        panel.slider.setValue(0)
        assert view.class_box.currentIndex() == 3 and wishes.newest[PICTURE][1].tolist() == [3]
        panel.slider.setValue(panel.slider.maximum())
        assert view.class_box.currentIndex() == 8 and wishes.newest[PICTURE][1].tolist() == [8]
        view.class_box.setCurrentIndex(5)
        assert wishes.newest[PATH][1].tolist() == [3] * 5 + [8] * 5
        view.set_model(16, ("a", "b"))
        assert len(set(wishes.newest[PATH][1].tolist())) == 1, "the ends of another generator's path begin anew"

    def test_the_ends_are_the_first_and_the_last_picture(self, view: LatentExplorer) -> None:
        images = np.arange(10, dtype=np.uint8)[:, None, None] * np.ones((1, 8, 8), np.uint8)
        view.show_pictures(PATH, images)
        a, b = view.path_panel.a_picture.picture, view.path_panel.b_picture.picture
        assert a is not None and b is not None
        assert (a.max(), b.min()) == (0, 9)


def test_the_sweep_moves_all_of_z_for_each_class(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    view.pages.setCurrentWidget(view.sweep_panel)
    z, labels = wishes.newest[SWEEP]
    assert z.shape == (100, 16)
    assert np.array_equal(z[40:50], interpolation.sweep(16))
    assert labels[39:51].tolist() == [3] + [4] * 10 + [5]


def test_many_classes_sweep_the_chosen_one_only(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, tuple(f"class {index}" for index in range(300)))
    view.class_box.setCurrentIndex(250)
    view.pages.setCurrentWidget(view.sweep_panel)
    assert wishes.newest[SWEEP][1].tolist() == [250] * 10


def test_pictures_of_others_are_ignored(view: LatentExplorer) -> None:
    view.set_model(16, DIGITS)
    view.show_pictures("digits.styles", np.zeros((20, 8, 8), np.uint8))
    assert view.picture.picture is None
    view.show_pictures(PICTURE, np.full((1, 8, 8), 5, np.uint8))
    assert view.picture.picture is not None
    assert view.picture.picture.shape == (8, 8)


def test_a_new_generator_renews_the_picture_at_once_and_the_page_soon(
    qtbot: QtBot, view: LatentExplorer, wishes: Wishes
) -> None:
    view.set_model(16, DIGITS)
    view.pages.setCurrentWidget(view.sweep_panel)
    wishes.channels.clear()
    for _ in range(5):
        view.render_again()
    assert wishes.channels == [PICTURE] * 5
    qtbot.waitUntil(lambda: SWEEP in wishes.channels)
    assert wishes.channels.count(SWEEP) == 1


def test_a_hidden_view_asks_for_nothing_and_catches_up(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    view.hide()
    wishes.channels.clear()
    view.seed_box.setValue(5)
    view.render_again()
    assert wishes.channels == []
    view.show()
    assert np.array_equal(wishes.z(PICTURE), random_z(1, 16, 5)[0])


def test_two_runs_in_a_row(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    view.class_box.setCurrentIndex(9)
    view.show_pictures(PICTURE, np.zeros((1, 8, 8), np.uint8))
    view.set_model(3, ("cat", "dog"))
    assert view.picture.picture is None
    z, labels = wishes.newest[PICTURE]
    assert z.shape == (1, 3)
    assert labels.tolist() == [1]
    view.set_model(0, ())
    count = len(wishes.channels)
    view.render_again()
    assert len(wishes.channels) == count


def test_the_same_model_again_keeps_z(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    view.sliders.sliders[0].setValue(123)
    view.set_model(16, DIGITS)
    view.render_again()
    assert wishes.z(PICTURE)[0] == np.float32(1.23)


def test_language_and_theme_switch_live(view: LatentExplorer, monkeypatch: pytest.MonkeyPatch) -> None:
    view.set_model(16, ("cat", "dog"))
    shout(monkeypatch, view, view.path_panel)
    assert view.random_button.text() == "¡New random z!"
    assert view.path_panel.a_button.text() == "¡Set A!"
    assert [view.class_box.itemText(index) for index in range(2)] == ["¡cat!", "¡dog!"]
    assert view.class_box.currentIndex() == 0
    QApplication.sendEvent(view, QEvent(QEvent.Type.PaletteChange))
    assert view.picture._frame == theme.color("generator")


def test_everything_has_a_name_and_a_tooltip(view: LatentExplorer) -> None:
    view.set_model(16, DIGITS)
    controls = [view.class_box, view.seed_box, view.random_button, view.reset_button, view.sliders.first_box]
    controls += [*view.sliders.sliders, view.path_panel.slider, view.path_panel.a_button, view.path_panel.b_button]
    assert all(control.accessibleName() and control.toolTip() for control in controls)


def test_the_question_mark_stands_at_the_edge_also_while_there_is_no_generator(view: LatentExplorer) -> None:
    button = view.findChild(HelpButton)
    assert view.width() - button.geometry().right() <= 2 * SPACING
    view.set_model(16, DIGITS)
    view.render_again()
    QApplication.processEvents()
    assert view.width() - button.geometry().right() <= 2 * SPACING


def test_all_numbers_of_z_are_in_reach_at_1366_pixels(window) -> None:
    window.show_workspace("explore")
    explorer = window.latent_explorer
    explorer.set_model(64, DIGITS)
    window.resize(1284, 722)  # as the first start on a screen of 1366×768
    QApplication.processEvents()
    assert len(explorer.sliders.sliders) == 64 and explorer.sliders.first_box.isHidden()
    assert all(slider.width() >= 60 for slider in explorer.sliders.sliders)
    explorer.show_pictures(PICTURE, np.zeros((1, 28, 28), np.uint8))
    QApplication.processEvents()
    assert explorer.picture.scale >= 13
    explorer.set_model(128, DIGITS)  # too many: the others are chosen by the box
    QApplication.processEvents()
    assert 46 <= len(explorer.sliders.sliders) < 128 and explorer.sliders.first_box.isVisible()
