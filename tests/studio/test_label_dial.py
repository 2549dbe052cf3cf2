"""Classes that blend: the way, the mixture of the moment, and what the judge reads on it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from studio.widgets.exploring.label_dial import PICTURES, LabelDial
from tests.studio.hands import shown

DIGITS = tuple("0123456789")
Z = np.float32([1, 2, 3, 4])


@pytest.fixture
def dial(qtbot):
    dial = shown(qtbot, LabelDial(), 600, 500)
    dial.set_names(DIGITS)
    dial.set_can_blend(True)
    return dial


def shares(dial):
    """What the mixture of the moment is made of."""
    (mixture,) = dial.mix_wanted(Z).labels
    return {int(label): round(float(mixture[label]), 3) for label in np.flatnonzero(mixture)}


def test_the_slider_leads_from_the_first_class_to_the_last(dial):
    told = []
    dial.mix_changed.connect(lambda: told.append(shares(dial)))
    for value in (0, 50, 200):
        dial.slider.setValue(value)
    assert told == [{3: 1.0}, {3: 0.75, 8: 0.25}, {8: 1.0}]
    z, way = dial.way_wanted(Z)
    assert z.shape == (PICTURES, 4) and way.shape == (PICTURES, 10)
    assert way[5].tolist() == pytest.approx([0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0])


def test_a_way_may_lead_over_more_classes(dial, qtbot):
    assert not dial.remove_button.isEnabled()
    qtbot.mouseClick(dial.add_button, Qt.MouseButton.LeftButton)
    dial.stop_boxes[2].setCurrentIndex(5)
    assert dial.stops() == [3, 8, 5] and shares(dial) == {8: 1.0}
    dial.slider.setValue(150)
    assert shares(dial) == {8: 0.5, 5: 0.5}
    for _ in range(2):
        qtbot.mouseClick(dial.add_button, Qt.MouseButton.LeftButton)
    assert len(dial.stops()) == 5 and not dial.add_button.isEnabled()
    for _ in range(3):
        qtbot.mouseClick(dial.remove_button, Qt.MouseButton.LeftButton)
    assert dial.stops() == [3, 8]


@pytest.mark.parametrize(
    ("names", "stops"),
    [(("1", "3", "8"), [1, 2, 0]), (DIGITS, [3, 8, 0, 1, 2]), (("a", "b", "c", "d"), [0, 1, 2, 3])],
)
def test_one_more_class_is_one_that_is_not_in_the_mixture_yet(dial, qtbot, names, stops):
    dial.set_names(names)
    dial.set_can_blend(True)
    while len(dial.stops()) < len(stops):
        qtbot.mouseClick(dial.add_button, Qt.MouseButton.LeftButton)
    assert dial.stops() == stops
    qtbot.mouseClick(dial.remove_button, Qt.MouseButton.LeftButton)
    dial.stop_boxes[1].setCurrentIndex(stops[-1])
    qtbot.mouseClick(dial.add_button, Qt.MouseButton.LeftButton)
    assert len(set(dial.stops())) == len(stops)


def test_a_picture_of_the_way_brings_the_slider_there_and_the_other_way_round(dial, qtbot):
    dial.show_strip(np.zeros((PICTURES, 8, 8), np.uint8))
    qtbot.mouseClick(dial.strip, Qt.MouseButton.LeftButton, pos=dial.strip.place_of(2).center().toPoint())
    assert dial.slider.value() == 40 and shares(dial) == {3: 0.8, 8: 0.2}
    dial.slider.setValue(60)
    assert dial.strip.current == 3
    dial.slider.setValue(61)
    assert dial.strip.current is None


def test_what_the_judge_reads_is_said_and_painted_under_each_picture(dial):
    dial.show_strip(np.zeros((PICTURES, 8, 8), np.uint8))
    before = dial.strip.grab().toImage()
    read = np.zeros((PICTURES, 10), np.float32)
    read[:, 3], read[:, 8] = np.linspace(1, 0, PICTURES), np.linspace(0, 1, PICTURES)
    dial.show_way_readings(read)
    assert dial.strip.told(3) == "“3” 70.0%, “8” 30.0%" and dial.strip.accessibleDescription() == dial.strip.told(5)
    painted = dial.strip.grab().toImage()
    below = [dial.strip.place_of(column).center().x() for column in (0, 10)]
    height = int(dial.strip.picture_rect().bottom()) + 20
    colors = [painted.pixelColor(int(x), height).name() for x in below]
    assert colors == ["#e69f00", "#56b4e9"] and painted != before
    dial.stop_boxes[0].setCurrentIndex(1)
    assert dial.strip.told(3) == "", "which were of other classes"


def test_the_mixture_is_told_in_words(dial):
    dial.slider.setValue(40)
    dial.show_mix_reading(np.eye(10, dtype=np.float32)[[3]] * 0.9)
    assert dial.words.text() == "80% “3” + 20% “8”\nThe judge reads “3” (90.0% sure)."
    dial.show_mix_reading(None)
    assert dial.words.text().endswith(
        "No judge has learned these images on this computer yet: one does while they are trained on."
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [(17, "91% “3” + 9% “8”"), (183, "9% “3” + 91% “8”"), (1, "99% “3” + 1% “8”"), (100, "50% “3” + 50% “8”"),
     (0, "100% “3”")],
)  # fmt: skip
def test_the_shares_that_are_told_add_up_to_100(dial, value, told):
    dial.slider.setValue(value)
    assert dial.words.text().splitlines()[0] == told


def test_where_nothing_can_be_blended_it_says_why(dial, qtbot):
    dial.set_can_blend(False)
    assert not dial.is_usable and not dial.slider.isVisible()
    assert "one label at a time" in dial.why_not.text() and dial.why_not.isVisible()
    dial.set_names(("alone",))
    dial.set_can_blend(True)
    assert not dial.is_usable and "a single class" in dial.why_not.text()
