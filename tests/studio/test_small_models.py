"""Small models of the window, each by arithmetic that can be done by hand. No window, no Qt, no training."""

from pathlib import Path

import numpy as np
import pytest

from engine.config import Config
from engine.events import StepStage
from engine.recipes import recipe
from studio.model.explored import LatentPoint
from studio.model.noted import Noted
from studio.model.plan import Plan
from studio.model.plane import Plane
from studio.model.run import CurrentRun, Run
from studio.model.run_data import RunData
from studio.model.scatter import Scatter
from studio.model.watched_step import WatchedStep
from studio.model.way import LINEAR, Way

# --- a way through latent space

START, END = LatentPoint(np.float32([0, 0]), 1), LatentPoint(np.float32([4, 8]), 2)
BLENDED = END._replace(shares=(0.25, 0.0, 0.75))


def walked(*points, blends):
    z, labels = Way(points, LINEAR, 3, blends=blends).walk(5)
    assert z.tolist() == [[0, 0], [1, 2], [2, 4], [3, 6], [4, 8]]
    return labels.tolist()


def test_each_point_keeps_its_own_classes_until_half_way_or_they_blend():
    assert walked(START, END, blends=False) == [1, 1, 2, 2, 2]
    one, other = [0, 1, 0], [0.25, 0, 0.75]
    assert walked(START, BLENDED, blends=False) == [one, one, other, other, other]
    parts = [0, 0.25, 0.5, 0.75, 1]
    expected = [[(1 - part) * a + part * b for a, b in zip(one, other, strict=True)] for part in parts]
    assert walked(START, BLENDED, blends=True) == expected
    way = Way((START, BLENDED), LINEAR, 3, blends=True)
    assert way.at(0.5).shares == (0.125, 0.5, 0.375) and way.at(0.5).label == 1 and way.at(0).shares == ()


# --- the plane through three points


def test_a_place_in_a_plane_is_that_of_its_point_and_the_typical_ones_lie_around_the_nearest_to_zero():
    corners = np.float32([[3, 0, 0, 0], [0, 3, 0, 1], [1, 0, 3, 0]])
    plane = Plane(*corners)
    for corner, place in zip(corners, plane.corners, strict=True):
        assert plane.place_of(corner) == pytest.approx(place) and plane.at(*place) == pytest.approx(corner, abs=1e-5)
    assert np.abs(plane.corners).max() == pytest.approx(1 / 1.35)
    ring = plane.ring()
    nearest, rim = plane.at(*ring.center), plane.at(ring.center[0] + ring.outer, ring.center[1])
    assert (corners[1:] - corners[0]) @ nearest == pytest.approx([0, 0], abs=1e-5)
    assert 1 < np.linalg.norm(rim) / 2 < 2, "beyond the usual length, √4, but not by far"
    assert Plane(*(corners + 4 * nearest)).ring()[1:] == (0, 0), "too far from zero"


# --- what is told


def test_what_is_noted_and_counted_is_told():
    noted, told = Noted(), []
    noted.changed.connect(lambda: told.append(dict(noted.numbers)))
    noted.count("inspected")
    noted.count("inspected")
    noted.note("found_off", 3)
    noted.forget()
    assert told == [{"inspected": 1}, {"inspected": 2}, {"inspected": 2, "found_off": 3}, {}]
    for classes, read in (((3, 8), 8), ((), 1)):
        noted.note_class("asked_class", 1, classes)
        assert noted.numbers == {"asked_class": read}, "of the classes that the run has"


def test_a_plan_tells_of_other_options_and_once_of_their_sense():
    plan, told = Plan(Config()), []
    plan.replaced.connect(lambda: told.append(plan.config.recipe))
    plan.sensible_changed.connect(lambda: told.append(plan.is_sensible))
    plan.replace(recipe("studio").config())
    for is_sensible in (True, False, False, True):
        plan.set_sensible(is_sensible)
    assert told == ["studio", False, True]


def test_whoever_holds_a_run_tells_what_it_tells_and_of_no_other_run_any_more():
    current, told = CurrentRun(), []
    names = ("rows_added", "grids_read", "quality_added", "marks_changed", "grid_added")
    for name in ("run_changed", *names):
        getattr(current, name).connect(lambda *given, name=name: told.append((name, *given)))

    def speak(run):
        told.clear()
        for name in names:
            getattr(run.data, name)(*([7] if name == "grid_added" else []))
        return told[:]

    first, second = (Run(Path(name), None, RunData()) for name in ("first", "second"))
    current.put(first)
    assert told == [("run_changed",)] and speak(first) == [*((name,) for name in names[:-1]), ("grid_added", 7)]
    current.put(first)  # it goes on from an earlier moment
    assert len(speak(first)) == 5, "nothing is told twice"
    told.clear()
    first.data.set_changes([(5, "g_lr", 0.1)])
    first.data.add_pause(5)
    assert told == [("marks_changed",)] * 2
    current.put(second)
    assert speak(first) == [] and len(speak(second)) == 5


# --- points and steps that are looked at


def test_a_scatter_has_layers_where_there_is_something_and_is_a_matrix_of_three_columns_or_more():
    low, one = np.zeros(2), np.ones((1, 2))
    full = Scatter(("x", "y"), low, low, one, one, np.ones((2, 2), np.float32), one)
    assert full.layers == ("real", "generated", "field", "push") and not full.is_matrix
    assert Scatter(("x", "y"), low, low, one[:0], one[:0], None, one[:0]).layers == ()
    matrix = Scatter(("x", "y", "z"), np.zeros(3), np.zeros(3), push=np.ones((1, 3)))
    assert matrix.is_matrix and matrix.layers == ()


def test_one_looks_at_the_stages_of_a_step_that_there_are_and_at_the_mind_that_goes_with_the_pictures():
    images, mind = np.zeros((2, 1, 4, 4), np.float32), np.float32([0.2, 0.4])
    step = WatchedStep(Config())
    step.add(StepStage(0, "generated", {"images": images}, (), (), "", {}))
    step.add(StepStage(0, "d_on_generated", {"images": images + 1, "generated_before": mind}, (), (), "", {}))
    assert not step.look(1) and step.is_at_newest
    assert step.generated.images.max() == 1 and step.generated.before is mind and step.generated.now is None
    assert step.look(-1) and step.generated.images.max() == 0 and step.generated.before is None
    assert not step.look(-1) and step.look(1)
    step.add(StepStage(0, "generated", {"images": images + 2}, (), (), "", {}))
    assert step.generated.images.max() == 2 and step.generated.before is None, "what D thought was of older ones"
