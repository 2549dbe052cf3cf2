"""The digit picker: classes in several styles, and numbers in one handwriting."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.latent.sampling import random_z
from studio.model.snapshot import SnapshotRef
from studio.widgets.exploring.handwriting_panel import LineWish
from studio.workspaces.explore.digit_picker import COLUMNS, MATRIX, MIXTURE, ROWS, STYLES, WAY, DigitPicker
from tests.studio.hands import Wishes, shown
from tests.studio.shouting import shout

DIGITS = tuple("0123456789")
COUNT = COLUMNS * ROWS


@pytest.fixture
def view(qtbot: QtBot) -> DigitPicker:
    return shown(qtbot, DigitPicker(), 340, 560)


@pytest.fixture
def wishes(view: DigitPicker) -> Wishes:
    return Wishes(view)


def test_it_says_what_is_missing(view: DigitPicker, wishes: Wishes) -> None:
    view.set_model(16, ())
    assert view.sorted.why.isVisible() and "have no classes" in view.sorted.why.text()
    view.set_read_names(DIGITS)
    assert "never told the classes" in view.sorted.why.text()
    view.ask_for(3)
    view.render_again(SnapshotRef(2, 2))
    assert wishes.channels == []


def test_a_button_asks_for_its_class_in_several_styles(qtbot: QtBot, view: DigitPicker, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    qtbot.mouseClick(view.class_buttons.buttons()[7], Qt.MouseButton.LeftButton)
    z, labels = wishes.newest[STYLES]
    assert labels.tolist() == [7] * COUNT
    assert len(np.unique(z, axis=0)) == COUNT


def test_another_class_keeps_the_styles_and_the_button_changes_them(
    qtbot: QtBot, view: DigitPicker, wishes: Wishes
) -> None:
    view.set_model(16, DIGITS)
    view.ask_for(1)
    first = wishes.newest[STYLES][0]
    view.ask_for(2)
    assert np.array_equal(wishes.newest[STYLES][0], first)
    qtbot.mouseClick(view.styles_button, Qt.MouseButton.LeftButton)
    assert not np.array_equal(wishes.newest[STYLES][0], first)
    assert wishes.newest[STYLES][1].tolist() == [2] * COUNT


def test_a_digit_asks_for_the_class_that_is_called_so(view: DigitPicker, wishes: Wishes) -> None:
    view.set_model(16, ("3", "8"))
    assert view.ask_for_digit(8)
    assert wishes.newest[STYLES][1].tolist() == [1] * COUNT
    view.ask_for_digit(3)
    assert wishes.newest[STYLES][1].tolist() == [0] * COUNT
    assert view.class_buttons.buttons()[0].isChecked()
    count = len(wishes.channels)
    assert not view.ask_for_digit(9)
    assert len(wishes.channels) == count


def test_a_letter_asks_for_the_class_that_is_called_so(qtbot: QtBot, view: DigitPicker, wishes: Wishes) -> None:
    view.set_model(16, ("a", "b", "7"))
    qtbot.keyClicks(view.styles_table, "b")
    assert wishes.newest[STYLES][1].tolist() == [1] * COUNT
    count = len(wishes.channels)
    qtbot.keyClicks(view, "x7")  # digits are heard everywhere in the window, by the command for them
    assert len(wishes.channels) == count


def test_digits_count_where_classes_have_names(view: DigitPicker, wishes: Wishes) -> None:
    view.set_model(16, ("cat", "dog", "owl"))
    view.ask_for_digit(2)
    assert wishes.newest[STYLES][1].tolist() == [2] * COUNT
    view.pages.setCurrentIndex(2)
    assert view.writer.isVisible() and not view.writer.edit.isVisible()


@pytest.mark.parametrize("index", [-1, 10, 99])
def test_a_class_that_does_not_exist_is_ignored(view: DigitPicker, wishes: Wishes, index: int) -> None:
    view.set_model(16, DIGITS)
    view.ask_for(index)
    assert STYLES not in wishes.channels


def test_many_classes_are_a_list(view: DigitPicker, wishes: Wishes) -> None:
    view.set_model(16, tuple(f"class {index}" for index in range(100)))
    assert view.class_buttons.buttons() == []
    assert view.class_buttons.box.isVisible()
    view.class_buttons.box.setCurrentIndex(42)
    view.class_buttons.box.activated.emit(42)
    assert wishes.newest[STYLES][1].tolist() == [42] * COUNT


def test_pictures_of_others_are_ignored(view: DigitPicker) -> None:
    view.set_model(16, DIGITS)
    view.show_pictures("latent.picture", np.zeros((1, 8, 8), np.uint8))
    assert view.styles_table.picture is None
    view.show_pictures(STYLES, np.zeros((COUNT, 8, 8), np.uint8))
    assert view.styles_table.picture is not None
    assert view.styles_table.picture.shape == (ROWS * 10 - 2, COLUMNS * 10 - 2)


def test_a_new_generator_renews_once_in_a_while(qtbot: QtBot, view: DigitPicker, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    for _ in range(5):
        view.render_again()
    qtbot.waitUntil(lambda: len(wishes.channels) >= 1)
    assert wishes.channels == [STYLES]


def test_a_hidden_view_asks_for_nothing_and_catches_up(view: DigitPicker, wishes: Wishes, qtbot) -> None:
    view.set_model(16, DIGITS)
    view.hide()
    view.ask_for(4)
    assert wishes.channels == []
    view.show()
    assert wishes.channels == [], "what is asked for would be painted with before the page is"
    qtbot.waitUntil(lambda: STYLES in wishes.newest)
    assert wishes.newest[STYLES][1].tolist() == [4] * COUNT


def test_two_runs_in_a_row(view: DigitPicker, wishes: Wishes) -> None:
    view.set_model(16, DIGITS)
    view.ask_for(9)
    view.show_pictures(STYLES, np.zeros((COUNT, 8, 8), np.uint8))
    view.set_model(5, ("2", "5"))
    assert view.styles_table.picture is None
    assert len(view.class_buttons.buttons()) == 2
    view.render_again(SnapshotRef(2, 2))
    assert wishes.newest[STYLES][0].shape == (COUNT, 5)
    assert wishes.newest[STYLES][1].tolist() == [0] * COUNT


def test_only_the_page_in_front_is_asked_for(view: DigitPicker, wishes: Wishes) -> None:
    view.explored.begin(16, DIGITS)
    view.set_model(16, DIGITS)
    view.dial.set_can_blend(True)
    lines: list[LineWish] = []
    view.line_requested.connect(lines.append)
    view.render_again(SnapshotRef(2, 2))
    assert wishes.channels == [STYLES] and not lines
    view.pages.setCurrentIndex(1)
    assert wishes.channels == [STYLES, WAY, MIXTURE] and not lines
    view.pages.setCurrentIndex(2)
    assert wishes.channels == [STYLES, WAY, MIXTURE] and [each.text for each in lines] == ["2025-11-26"]


def test_the_blend_is_of_the_point_where_all_pages_stand(view: DigitPicker, wishes: Wishes) -> None:
    view.explored.begin(16, DIGITS)
    view.set_model(16, DIGITS)
    view.pages.setCurrentIndex(1)
    assert WAY not in wishes.channels, "nobody knows yet whether this generator blends"
    view.dial.set_can_blend(True)
    z = random_z(1, 16, 77)[0]
    view.explored.go(z)
    way, labels = wishes.newest[WAY]
    assert np.array_equal(way, np.tile(z, (len(way), 1)))
    assert labels[0].argmax() == 3 and labels[-1].argmax() == 8 and np.allclose(labels.sum(1), 1)
    assert np.array_equal(wishes.z(MIXTURE), z)


def test_each_stroke_of_a_blend_is_a_step_that_can_be_taken_back(view: DigitPicker, wishes: Wishes, qtbot) -> None:
    explored, dial = view.explored, view.dial
    explored.begin(16, DIGITS)
    view.set_model(16, DIGITS)
    dial.set_can_blend(True)
    view.pages.setCurrentIndex(1)
    z, said, seen = explored.point.z, [], [(dial.blend, dial.words.text())]
    explored.go(random_z(1, 16, 5)[0])
    for change in (
        lambda: [dial.slider.setValue(value) for value in (90, 60, 40)],  # one stroke
        lambda: qtbot.mouseClick(dial.add_button, Qt.MouseButton.LeftButton),
        lambda: explored.go(random_z(1, 16, 7)[0]),
        lambda: dial.stop_boxes[0].setCurrentIndex(7),
    ):
        change()
        seen.append((dial.blend, dial.words.text()))
    while not explored.why_not(back=True):
        assert (dial.blend, dial.words.text()) == seen[-1] and wishes.newest[MIXTURE][1].argmax() == dial.stops()[0]
        seen.pop()
        said.append(explored.words(back=True))
        explored.undo()
    assert seen == [] and dial.blend == ((3, 8), 100) and np.array_equal(explored.point.z, z)
    assert set(said) == {"blend of classes", "step in latent space"} and len(said) == 5
    for _ in said:
        explored.redo()
    assert dial.blend == ((7, 8, 0), 40)


def test_samples_are_asked_for_once_for_each_generator(view: DigitPicker) -> None:
    asked: list[int] = []
    view.samples_requested.connect(asked.append)
    view.set_model(16, ())
    view.set_read_names(DIGITS)
    for ref in (SnapshotRef(2, 2), SnapshotRef(2, 2), SnapshotRef(3, 3)):
        view.render_again(ref)
    assert len(asked) == 2
    view.ask_for_digit(7)
    assert view.sorted.class_buttons.current() == 7 and len(asked) == 2
    view.sorted.others_button.click()
    assert len(asked) == 3 and asked[2] != asked[0]


def test_language_switches_live(view: DigitPicker, monkeypatch: pytest.MonkeyPatch) -> None:
    view.set_model(16, ("cat", "dog"))
    shout(monkeypatch, view, view.class_buttons, view.writer)
    assert view.styles_button.text() == "¡New styles!"
    assert [button.text() for button in view.class_buttons.buttons()] == ["¡cat!", "¡dog!"]
    assert view.writer.save_button.text() == "¡Save…!"
    assert view.pages.tabText(0) == "¡Styles!"


def test_the_chosen_class_stands_out(view: DigitPicker) -> None:
    view.set_model(16, DIGITS)
    view.ask_for(3)
    chosen, other = view.class_buttons.buttons()[3], view.class_buttons.buttons()[4]
    assert chosen.palette().button().color() != other.palette().button().color()


def test_everything_has_a_name_and_a_tooltip(view: DigitPicker) -> None:
    view.set_model(16, DIGITS)
    writer = view.writer
    controls = [view.styles_button, writer.edit, writer.another_button, writer.copy_button, writer.save_button]
    controls += [writer.height_box, writer.redraw_box, view.dial.slider, view.dial.add_button, *view.dial.stop_boxes]
    assert all(control.accessibleName() and control.toolTip() for control in [*controls, *view.class_buttons.buttons()])


@pytest.mark.parametrize("width", [160, 340, 500, 999])
def test_the_styles_fill_the_width_with_whole_pixels(view: DigitPicker, width: int) -> None:
    view.set_model(16, DIGITS)
    view.show_pictures(STYLES, np.zeros((COUNT, 28, 28), np.uint8))
    table = view.styles_table
    table.setMaximumHeight(width)  # as where the panel is high enough
    table.resize(width, table.heightForWidth(width))
    assert (width - 4) / 148 - table.scale < 0.25
    assert table.picture_rect().height() == table.height() - 4


class TestMatrix:
    @pytest.fixture
    def wide(self, qtbot: QtBot) -> DigitPicker:
        return shown(qtbot, DigitPicker(), 1200, 500)

    def test_where_there_is_room_all_classes_stand_in_the_same_styles(self, wide: DigitPicker) -> None:
        wishes = Wishes(wide)
        wide.set_model(16, ("3", "5", "8"))
        wide.render_again(SnapshotRef(2, 2))
        z, labels = wishes.newest[MATRIX]
        styles = wide.matrix.columns
        assert styles > 3 and labels.tolist() == [0] * styles + [1] * styles + [2] * styles
        by_row = z.reshape(3, styles, 16)
        assert np.array_equal(by_row[0], random_z(styles, 16, 0)) and np.array_equal(by_row[0], by_row[2])

    def test_a_click_goes_to_the_point_and_a_double_click_shows_it_large(self, qtbot: QtBot, wide: DigitPicker) -> None:
        wide.set_model(16, ("3", "5", "8"))
        wide.render_again(SnapshotRef(2, 2))
        wide.show_pictures(MATRIX, np.zeros((3 * wide.matrix.columns, 8, 8), np.uint8))
        place = wide.matrix.place_of(2 * wide.matrix.columns + 1).center().toPoint()
        with qtbot.waitSignal(wide.point_chosen) as chosen:
            qtbot.mouseClick(wide.matrix, Qt.MouseButton.LeftButton, pos=place)
        assert np.array_equal(chosen.args[0], random_z(2, 16, 0)[1]) and chosen.args[1] == 2
        assert wide.class_buttons.current() == 2
        with qtbot.waitSignal(wide.point_opened) as opened:
            qtbot.mouseDClick(wide.matrix, Qt.MouseButton.LeftButton, pos=place)
        assert opened.args[1] == 2
        wide.show_pictures(STYLES, np.zeros((COLUMNS * ROWS, 8, 8), np.uint8))
        with qtbot.waitSignal(wide.point_opened) as opened:
            style = wide.styles_table.place_of(6).center().toPoint()
            qtbot.mouseDClick(wide.styles_table, Qt.MouseButton.LeftButton, pos=style)
        assert np.array_equal(opened.args[0], random_z(COLUMNS * ROWS, 16, 0)[6]) and opened.args[1] == 2

    def test_arrows_go_from_picture_to_picture_and_enter_opens(self, qtbot: QtBot, wide: DigitPicker) -> None:
        wide.set_model(16, ("3", "5"))
        wide.render_again(SnapshotRef(2, 2))
        wide.show_pictures(MATRIX, np.zeros((2 * wide.matrix.columns, 8, 8), np.uint8))
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
            qtbot.keyClick(wide.matrix, key)
        assert wide.matrix.current == wide.matrix.columns + 1
        with qtbot.waitSignal(wide.point_opened) as opened:
            qtbot.keyClick(wide.matrix, Qt.Key.Key_Return)
        assert np.array_equal(opened.args[0], random_z(2, 16, 0)[1]) and opened.args[1] == 1

    def test_in_a_narrow_place_nobody_asks_for_it(self, view: DigitPicker, wishes: Wishes) -> None:
        view.set_model(16, DIGITS)
        view.render_again(SnapshotRef(2, 2))
        assert MATRIX not in wishes.channels and not view.matrix.isVisible()
