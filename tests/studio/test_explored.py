"""The point that all pages of Explore share, and the steps to it."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.latent.sampling import random_z
from engine.runs import Favorite
from studio.model.explored import MOST_STEPS, Explored, LatentPoint

DIGITS = tuple("0123456789")


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 5
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def explored(clock):
    explored = Explored(clock=clock)
    explored.begin(3, DIGITS)
    return explored


def test_it_begins_with_the_first_seed_and_stays_where_it_is_for_an_equal_generator(explored):
    assert np.array_equal(explored.point.z, random_z(1, 3, 0)[0]) and explored.point.label == 0
    explored.go([1, 2, 3], 7)
    assert not explored.begin(3, DIGITS) and explored.point.label == 7
    assert explored.begin(3, ("3", "7")) and explored.point.label == 1, "the class of that name"
    assert explored.begin(3, DIGITS[:2]) and explored.point.label == 0 and explored.why_not(back=True)
    assert explored.begin(4, ()) and explored.point.label == -1 and explored.point.z.shape == (4,)


def test_each_step_is_told_undone_and_done_again(explored):
    told = []
    listener = lambda: told.append((*explored.point.z.tolist(), explored.point.label))  # noqa: E731
    explored.moved.connect(listener)
    start = (*explored.point.z.tolist(), 0)
    explored.go([1, 2, 3])
    explored.go(label=4)
    explored.go(label=4)
    assert told == [(1, 2, 3, 0), (1, 2, 3, 4)]
    explored.undo()
    explored.undo()
    explored.undo()
    assert told[2:] == [(1, 2, 3, 0), start] and explored.why_not(back=True)
    explored.redo()
    assert told[-1] == (1, 2, 3, 0) and not explored.why_not(back=False)
    explored.go(label=9)
    assert explored.why_not(back=False)


def test_quick_steps_of_one_stroke_are_undone_as_one(explored, clock):
    start = explored.point
    for value in (1, 2, 3):
        explored.go([value, 0, 0], stroke="drag")
        clock.now -= 4.5
    clock.now += 5
    explored.go([9, 0, 0], stroke="drag")
    explored.undo()
    assert explored.point.z.tolist() == [3, 0, 0]
    explored.undo()
    assert explored.point is start


def test_what_a_stroke_told_of_z_is_told_again_wherever_a_step_leads_there(explored, clock):
    explored.go([1, 2, 3], stroke="a", told="first")
    explored.go([2, 2, 3], stroke="b", told="second")
    explored.go(label=4)
    assert explored.told("b") == "second" and explored.told("a") is None, "another class is no other z"
    explored.go([4, 5, 6])
    assert explored.told("b") is None
    told = []
    for step in (explored.undo, explored.undo, explored.undo, explored.redo):
        step()
        told.append((explored.told("a"), explored.told("b")))
    assert told == [(None, "second"), (None, "second"), ("first", None), (None, "second")]
    explored.begin(4, DIGITS)
    assert explored.told("b") is None


def test_only_so_many_steps_are_kept(explored):
    for value in range(MOST_STEPS + 5):
        explored.go([value, 0, 0])
    for _ in range(MOST_STEPS + 5):
        explored.undo()
    assert explored.point.z[0] == 4


@pytest.mark.parametrize(("z", "label"), [([1, 2], 0), (None, 10), (None, -2)])
def test_what_is_no_point_of_this_generator_is_a_defect(explored, z, label):
    with pytest.raises(ValueError, match="none of this generator's"):
        explored.go(z, label)


def test_undo_in_explore_is_about_the_point_and_elsewhere_about_the_options(window, qtbot):
    explored = window.workspaces["explore"].explored
    explored.begin(3, DIGITS)
    options = window.options_form.config()
    window.plans.show_config(options.changed(epochs=7))
    explored.go([1, 2, 3])
    window.show_workspace("explore")
    assert "latent space" in window.commands.action("undo").text()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(explored.point.z, random_z(1, 3, 0)[0]) and window.options_form.config().epochs == 7
    assert not window.commands.is_possible("undo")
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert explored.point.z.tolist() == [1, 2, 3]
    window.show_workspace("train")
    assert "latent space" not in window.commands.action("undo").text()


def test_a_page_that_is_built_later_is_waited_for_unless_a_person_goes_elsewhere(make_window):
    for goes_to, ends_at in ((None, 3), (0, 0)):
        window = make_window()
        explore, parts = window.workspaces["explore"], []
        while explore.pages.count() > 2:
            explore.pages.removeTab(2)
        explore.restore_layout({"page": 3})
        if goes_to is not None:
            explore.pages.setCurrentIndex(goes_to)
        parts.extend(explore.wake())
        assert explore.pages.currentIndex() == ends_at


def test_tools_that_tell_something_at_a_glance_come_first_and_the_last_one_used_is_in_front_again(make_window):
    window = make_window()
    window.show_workspace("explore")
    tools = window.workspace.latent_explorer.pages
    kinds = [type(tools.widget(place)).__name__.removesuffix("Panel") for place in range(tools.count())]
    assert kinds == ["Path", "Directions", "Sweep", "Plane", "Find", "Arithmetic", "Truncation", "DimensionsTool"]
    assert tools.currentIndex() == 0
    tools.setCurrentIndex(3)
    window.close()
    again = make_window().workspaces["explore"]
    assert again.latent_explorer.pages.currentIndex() == 3


def test_a_thousand_steps_take_less_than_20_megabytes(clock):
    explored = Explored(clock=clock)
    explored.begin(512, DIGITS)
    z = random_z(10, 512, 0)
    kept = [Favorite(f"{n}", 1, tuple(map(float, z[n])), n) for n in range(10)]
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for step in range(MOST_STEPS + 200):
            explored.go(z[step % 10] + np.float32(step))
            if step % 10 == 0:
                explored.keep(kept[: step // 10 % 11])
                explored.pick("path", [explored.point] * 8)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    undone = 0
    while not explored.why_not(back=True):
        explored.undo()
        undone += 1
    assert undone == MOST_STEPS and 1.5e6 < grown < 20e6


def test_what_is_kept_and_picked_is_undone_in_turn_with_the_point_and_said_so(explored):
    favorite = Favorite("a", 3, (1.0, 2.0, 3.0), 4)
    explored.go([1, 2, 3])
    explored.keep([favorite])
    explored.pick("path", [explored.point])
    said = []
    while not explored.why_not(back=True):
        said.append(explored.words(back=True))
        explored.undo()
    assert said == ["choice of points", "change of the kept points", "step in latent space"]
    assert explored.kept == () and explored.picked("path") == ()
    for _ in range(3):
        explored.redo()
    assert explored.kept == (favorite,) and len(explored.picked("path")) == 1 and explored.point.z.tolist() == [1, 2, 3]


def test_points_of_another_run_are_no_step_and_what_was_done_to_those_before_is_forgotten(explored):
    explored.go([1, 2, 3])
    explored.keep([Favorite("a", 3, (1.0, 2.0, 3.0), 4)])
    explored.go([4, 5, 6])
    other = Favorite("b", 1, (0.0, 0.0, 0.0), 1)
    explored.begin_kept([other])
    explored.undo()
    assert explored.kept == (other,) and explored.point.z.tolist() == [1, 2, 3]
    explored.undo()
    assert explored.kept == (other,) and explored.why_not(back=True)


def test_a_blend_of_classes_is_gone_to_and_left_by_a_class(explored):
    shares = (0.25, 0, 0.75, *[0] * 7)
    explored.go(label=2, shares=shares)
    assert explored.labels_of([explored.point, LatentPoint(explored.point.z, 5)]).tolist() == [
        pytest.approx(shares), [0] * 5 + [1] + [0] * 4
    ]  # fmt: skip
    explored.go([1, 2, 3])
    assert explored.point.shares == shares
    explored.go(label=7)
    assert explored.point.shares == () and explored.labels_of([explored.point]).tolist() == [7]
    with pytest.raises(ValueError, match="none of this generator's"):
        explored.go(label=1, shares=(1.0,))


def test_a_step_back_brings_the_seed_and_what_each_stroke_told_back_that_one_came_from(explored):
    explored.go_to_seed(5)
    explored.go([1, 2, 3], stroke="a", told="first")
    explored.go_to_seed(7)
    explored.go([2, 2, 3], stroke="a", told="second")
    said = []
    while not explored.why_not(back=True):
        said.append((explored.seed, explored.told("a"), explored.told_last("a")))
        explored.undo()
    assert said == [(7, "second", "second"), (7, None, "first"), (5, "first", "first"), (5, None, None)]
    assert explored.seed == 0
    explored.go_to_seed(5)
    explored.go(random_z(1, 3, 0)[0])
    assert explored.seed == 0, "that of the z, however one came there"


def test_what_goes_on_is_one_step_however_long_it_takes(explored):
    start = explored.point
    explored.go([1, 0, 0], stroke="search")
    for value in (2, 3):
        explored.go([value, 0, 0], stroke="search", goes_on=True)
    explored.undo()
    assert explored.point is start and explored.why_not(back=True)
    explored.go([4, 0, 0], stroke="other")
    explored.go([5, 0, 0], stroke="search", goes_on=True)
    explored.undo()
    assert explored.point.z[0] == 4, "something else came between"
