"""The latent explorer: what it asks for when, and what it shows."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from engine.latent import interpolation
from engine.latent.sampling import random_z
from studio import theme
from studio.help.help_button import HelpButton
from studio.model.snapshot import SnapshotRef
from studio.theme import SPACING
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.exploring.path_panel import PathPanel
from studio.widgets.exploring.sweep_panel import SWEEP
from studio.widgets.pictures.made_up_digits import pictures
from studio.workspaces.explore.latent_explorer import PICTURE, LatentExplorer
from tests.studio.hands import Wishes, shown
from tests.studio.shouting import shout

DIGITS = tuple("0123456789")
SPHERICAL, LINEAR = "latent.path.spherical", "latent.path.linear"


@pytest.fixture
def view(qtbot: QtBot) -> LatentExplorer:
    view = shown(qtbot, LatentExplorer(), 340, 560)
    view.pages.setCurrentWidget(view.dimensions)
    return view


@pytest.fixture
def wishes(view: LatentExplorer) -> Wishes:
    return Wishes(view)


def save_as(panel: PathPanel, ending: str) -> None:
    panel.save_button.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()
    next(action for action in menu.actions() if action.objectName() == f"save_path{ending}").trigger()


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_without_a_generator_a_page_says_why_in_place_of_its_controls(view: LatentExplorer, wishes: Wishes) -> None:
    view.say_why_not("Train first.")
    assert [label.text() for label in view.findChildren(QLabel) if label.isVisible()] == ["Train first."]
    QApplication.processEvents()
    (button,) = (part for part in view.findChildren(QAbstractButton) if part.isVisible())
    assert isinstance(button, HelpButton)
    assert view.width() - button.mapTo(view, button.rect().topRight()).x() <= 2 * SPACING
    view.say_why_not("")
    assert view.random_button.isVisible() and not view.why_not.isVisible()
    view.render_again()
    assert wishes.channels == []


def test_a_model_asks_for_the_picture_of_its_seed(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    z, labels = wishes.newest[PICTURE]
    assert np.array_equal(z, random_z(1, 16, seed=0))
    assert labels.tolist() == [0]
    assert {channel.split(".")[0] for channel in wishes.channels} == {"latent", "dimensions"}


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


def test_a_blend_of_classes_is_none_of_the_list_until_one_is_chosen(view: LatentExplorer) -> None:
    view.set_model(16, ("3", "8", "9"))
    view.explored.go(label=1, shares=(0.4, 0.58, 0.02))
    assert view.class_box.currentIndex() == -1 and view.class_box.placeholderText() == "8 + 3"
    told = view.class_box.grab().toImage()
    view.class_box.setPlaceholderText(" ")
    assert view.class_box.grab().toImage() != told
    view.class_box.setCurrentIndex(1)
    assert view.explored.point[1:] == (1, ()), "the strongest alone"


def test_the_same_seed_gives_the_same_z_again(qtbot: QtBot, view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    click(qtbot, view.random_button)
    seed, z = view.seed_box.value(), wishes.z(PICTURE)
    assert np.array_equal(z, random_z(1, 16, seed)[0])
    view.seed_box.setValue((seed + 1) % 1000)
    assert not np.array_equal(wishes.z(PICTURE), z)
    view.seed_box.setValue(seed)
    assert np.array_equal(wishes.z(PICTURE), z)
    view.explored.undo()
    assert view.seed_box.value() == (seed + 1) % 1000 and not view.reset_button.isEnabled(), "the seed of what is shown"
    view.explored.set_number(0, 1.25)
    view.seed_box.setValue(seed)
    view.explored.undo()
    assert view.seed_box.value() == (seed + 1) % 1000 and view.reset_button.isEnabled(), "that one came from"


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
        reached |= {name.text() for name in view.sliders.names if not name.isHidden()}
    assert reached == {f"z[{dimension}]" for dimension in range(z_dim)}


class TestPath:
    @pytest.fixture(autouse=True)
    def _open(self, view: LatentExplorer, wishes: Wishes) -> None:
        view.set_model(16, DIGITS)
        view.pages.setCurrentWidget(view.path_panel)

    @pytest.fixture
    def panel(self, view: LatentExplorer) -> PathPanel:
        return view.path_panel

    def test_both_ways_stand_side_by_side_and_the_slider_follows_the_one_chosen(
        self, view: LatentExplorer, panel: PathPanel, wishes: Wishes
    ) -> None:
        arc, straight = wishes.newest[SPHERICAL][0], wishes.newest[LINEAR][0]
        a, b = arc[0], arc[-1]
        assert np.array_equal(arc, interpolation.slerp(a, b, 10)) and np.array_equal(
            straight, interpolation.lerp(a, b, 10)
        )
        panel.slider.setValue(panel.slider.maximum() // 2)
        assert np.allclose(wishes.z(PICTURE), interpolation.slerp(a, b, 3)[1], atol=1e-6)
        panel.buttons["linear"].setChecked(True)
        assert np.allclose(wishes.z(PICTURE), (a + b) / 2, atol=1e-6)
        for place, end in ((panel.slider.maximum(), b), (0, a)):
            panel.slider.setValue(place)
            assert np.array_equal(wishes.z(PICTURE), end)

    def test_below_each_strip_stands_how_long_z_is(self, panel: PathPanel) -> None:
        arc, straight = (panel.curves[kind] for kind in ("spherical", "linear"))
        assert straight.lengths[5] < arc.lengths[5] and arc.typical.sum() > straight.typical.sum()
        assert "of 10 typical" in straight.accessibleDescription()
        assert panel.lengths["linear"].text() == straight.text != arc.text

    def test_the_picture_shown_becomes_a_point_is_added_and_removed(
        self, qtbot: QtBot, view: LatentExplorer, panel: PathPanel, wishes: Wishes
    ) -> None:
        for seed, button in ((11, panel.row.set_button), (12, panel.row.add_button)):
            view.seed_box.setValue(seed)
            click(qtbot, button)
        assert [np.array_equal(panel.row.points[n].z, random_z(1, 16, s)[0]) for n, s in ((0, 11), (2, 12))] == [
            True
        ] * 2
        assert panel.slider.maximum() == 2 * 100 and len(wishes.newest[panel.row.channel][0]) == 3
        panel.row.list.setCurrentRow(1)
        assert panel.row.remove_button.text() == "Without B"
        click(qtbot, panel.row.remove_button)
        assert np.array_equal(wishes.newest[LINEAR][0][[0, -1]], np.concatenate([random_z(1, 16, s) for s in (11, 12)]))
        assert not panel.row.remove_button.isEnabled(), "a way needs two ends"
        view.explored.undo()
        assert len(panel.row.points) == 3 and panel.slider.maximum() == 200

    def test_each_point_keeps_its_class_or_classes_blend(
        self, qtbot: QtBot, view: LatentExplorer, panel: PathPanel, wishes: Wishes
    ) -> None:
        view.class_box.setCurrentIndex(2)
        way = "until a point is set, it leads from the class chosen to one far away"
        assert wishes.newest[LINEAR][1].tolist() == [2] * 5 + [7] * 5, way
        for place in (70, 72):
            panel.slider.setValue(place)
            assert view.class_box.currentIndex() == 7 and wishes.newest[LINEAR][1].tolist() == [2] * 5 + [7] * 5
        view.class_box.setCurrentIndex(3)
        click(qtbot, panel.row.set_button)
        view.class_box.setCurrentIndex(8)
        panel.row.list.setCurrentRow(1)
        click(qtbot, panel.row.set_button)
        assert wishes.newest[LINEAR][1].tolist() == [3] * 5 + [8] * 5
        panel.slider.setValue(1)
        assert view.class_box.currentIndex() == 3 and wishes.newest[PICTURE][1].tolist() == [3]
        assert not panel.blend_box.isEnabled() and "cannot blend" in panel.blend_box.toolTip()
        view.can_blend = True
        view.render_again()
        click(qtbot, panel.blend_box)
        labels = wishes.newest[LINEAR][1]
        assert labels.shape == (10, 10) and labels[0].argmax() == 3 and labels[-1].argmax() == 8
        assert labels[:, 3].tolist() == pytest.approx(np.linspace(1, 0, 10), abs=1e-6)
        panel.slider.setValue(25)
        mixture = wishes.newest[PICTURE][1][0]
        assert mixture[[3, 8]].tolist() == pytest.approx([0.75, 0.25]) and view.class_box.placeholderText() == "3 + 8"
        panel.slider.setValue(100)
        assert wishes.newest[PICTURE][1].tolist() == [8], "a point itself is of one class"
        view.set_model(16, ("a", "b"))
        labels = wishes.newest[LINEAR][1]
        assert labels.shape == (10, 2), "the points of another generator's path begin anew"
        assert labels[0].argmax() == 0 and labels[-1].argmax() == 1

    def test_a_picture_of_a_strip_is_gone_to_and_brings_its_way(
        self, view: LatentExplorer, panel: PathPanel, wishes: Wishes
    ) -> None:
        panel.strips["linear"].chosen.emit(9)
        assert panel.kind == "linear" and panel.slider.value() == 100
        panel.strips["spherical"].chosen.emit(0)
        assert panel.kind == "spherical" and np.array_equal(wishes.z(PICTURE), panel.row.points[0].z)

    def test_it_plays_to_and_fro_until_it_is_hidden(self, qtbot: QtBot, view: LatentExplorer, panel: PathPanel) -> None:
        panel.slider.setValue(97)
        click(qtbot, panel.play_button)
        places = []
        for _ in range(4):
            panel.loop.timeout.emit()
            places.append(panel.slider.value())
        assert places == [99, 97, 95, 93] and panel.play_button.text() == "Rest"
        view.explored.undo()
        assert view.explored.why_not(back=True), "a whole loop is one step"
        view.pages.setCurrentWidget(view.dimensions)
        assert not panel.play_button.isChecked() and not panel.loop.isActive()

    def test_a_film_goes_there_and_back_and_arrays_hold_the_way_once(self, panel: PathPanel, qtbot: QtBot) -> None:
        asked = {}
        for ending, count in ((".gif", 100), (".npz", 51)):
            with qtbot.waitSignal(panel.path_requested) as wanted:
                save_as(panel, ending)
                panel.findChildren(FileDialog)[-1].fileSelected.emit(f"p{ending}")
            path, asked[ending], labels = wanted.args[0]
            assert (path.name, asked[ending].shape, len(labels)) == (f"p{ending}", (count, 16), count)
        back = asked[".npz"][-2:0:-1]  # without a jump from the last to the first
        assert np.array_equal(asked[".gif"], np.concatenate([asked[".npz"], back]))

    def test_the_strip_is_saved_with_both_ways(self, panel: PathPanel, qtbot: QtBot, view: LatentExplorer) -> None:
        images = np.arange(10, dtype=np.uint8)[:, None, None] * np.ones((1, 8, 8), np.uint8)
        view.show_pictures(SPHERICAL, images)
        view.show_pictures(LINEAR, images)
        with qtbot.waitSignal(view.save_requested) as wanted:
            save_as(panel, ".png")
            panel.findChild(FileDialog).fileSelected.emit("strip.png")
        assert wanted.args[0].picture.shape == (18, 98)


def test_the_strips_of_a_path_are_as_large_as_there_is_room(qtbot: QtBot) -> None:
    view = shown(qtbot, LatentExplorer(), 1284, 510)
    view.pictures_requested.connect(lambda channel, z, labels: view.show_pictures(channel, pictures(z, labels)))
    view.set_model(64, DIGITS)
    qtbot.waitUntil(lambda: all(strip.scale >= 2 for strip in view.path_panel.strips.values()))
    for change in (lambda: view.set_model(64, ()), lambda: (view.hide(), view.show())):
        with qtbot.waitSignal(view.pages.resized):  # they are fitted anew
            change()


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


def test_a_new_generator_renews_the_picture_each_time_and_the_page_now_and_then(
    view: LatentExplorer, wishes: Wishes
) -> None:
    view.set_model(16, DIGITS)
    view.pages.setCurrentWidget(view.sweep_panel)
    wishes.channels.clear()
    for _ in range(5):
        view.render_again()
    assert wishes.channels == [PICTURE, SWEEP, *[PICTURE] * 4]
    view.render_again(SnapshotRef(3, 3))
    assert wishes.channels[-2:] == [PICTURE, SWEEP], "of an epoch that a person chose all is shown"


def test_a_hidden_view_asks_for_nothing_and_catches_up(view: LatentExplorer, wishes: Wishes, qtbot) -> None:
    view.set_model(16, DIGITS)
    view.hide()
    wishes.channels.clear()
    view.seed_box.setValue(5)
    view.render_again()
    assert wishes.channels == []
    view.show()
    assert wishes.channels == [], "what is asked for would be painted with before the page is"
    qtbot.waitUntil(lambda: PICTURE in wishes.channels)
    assert np.array_equal(wishes.z(PICTURE), random_z(1, 16, 5)[0])
    wishes.channels.clear()
    view.hide()
    view.show()
    assert wishes.channels == [], "nothing was missed"


def test_two_runs_in_a_row(view: LatentExplorer, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    view.class_box.setCurrentIndex(9)
    view.seed_box.setValue(5)
    view.show_pictures(PICTURE, np.zeros((1, 8, 8), np.uint8))
    view.set_model(3, ("cat", "dog"))
    assert view.seed_box.value() == 0 and np.array_equal(view.explored.point.z, random_z(1, 3, 0)[0])
    assert view.picture.picture is None
    z, labels = wishes.newest[PICTURE]
    assert z.shape == (1, 3)
    assert labels.tolist() == [0]
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
    shout(monkeypatch, view, view.path_panel, view.pages)
    assert view.random_button.text() == "¡New random z!"
    assert view.path_panel.play_button.text() == "¡Go through!"
    assert [view.class_box.itemText(index) for index in range(2)] == ["¡cat!", "¡dog!"]
    assert view.class_box.currentIndex() == 0
    QApplication.sendEvent(view, QEvent(QEvent.Type.PaletteChange))
    assert view.picture.frame == theme.color("generator")


def test_everything_has_a_name_and_a_tooltip(view: LatentExplorer) -> None:
    view.set_model(16, DIGITS)
    controls = [view.class_box, view.seed_box, view.random_button, view.reset_button, view.sliders.first_box]
    controls += [*view.sliders.sliders, view.path_panel.slider, view.path_panel.play_button, view.gauge]
    assert all(control.accessibleName() and control.toolTip() for control in controls)
