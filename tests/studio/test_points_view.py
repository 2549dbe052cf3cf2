"""Points in the middle of the window: real and generated ones, D's opinion, the push; as a plane, or as a matrix."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from engine.datasets.info import POINTS
from engine.i18n import speak_of
from studio import theme
from studio.commands import Commands
from studio.model.scatter import Scatter
from studio.text.scatter import told
from studio.theme import SPACING
from studio.widgets.base.reading_order import ReadingOrder
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.pictures.image_view import image_to_picture
from studio.workspaces.train.points_view import PointsView
from tests.studio.hands import click, settle, shown

EDGE = np.full(2, 1.0)


def scatter(**values):
    """Return one real point at the left, one generated at the right, D sure of the upper half, a push upward."""
    field = np.zeros((4, 4), np.float32)
    field[2:] = 1
    usual = {
        "names": ("width", "height"),
        "low": -EDGE,
        "high": EDGE,
        "real": np.array([[-0.5, 0.0]]),
        "generated": np.array([[0.5, 0.0]]),
        "realism": field,
        "push": np.array([[0.0, 0.5]]),
        "modes": (1, 2),
    }
    return Scatter(**usual | values)


@pytest.fixture
def view(qtbot):
    speak_of(POINTS)
    view = shown(qtbot, PointsView(), 800, 500)
    commands = Commands(view)
    commands.add(*view.commands())
    view.bind(commands)
    view.commands_changed.connect(commands.refresh)
    return view


def color_at(plot, x, y):
    """Return the color that is painted where the value (x, y) lies."""
    place = plot.frame().at(np.array([[x, y]]))[0]
    return QColor(plot.grab().toImage().pixel(QPoint(*(round(float(each)) for each in place))))


def paper(plot):
    return plot.palette().base().color().toRgb()


def test_each_kind_of_point_lies_where_its_numbers_are_and_wears_its_color(view):
    view.show_epoch(3, 10, scatter())
    plot = view.view.plot
    assert color_at(plot, 0.5, 0.0) == theme.color("generator")
    assert color_at(plot, -0.5, 0.0).lightness() < color_at(plot, -0.5, -0.6).lightness()
    above, below = color_at(plot, -0.8, 0.7), color_at(plot, -0.8, -0.7)
    assert below == paper(plot) and above.blue() > above.red()


def test_a_circle_is_a_circle_and_other_units_fill_the_room(view):
    view.show_epoch(1, 1, scatter())
    place = view.view.plot.frame().place
    assert place.width() == pytest.approx(place.height())
    view.show_epoch(1, 1, scatter(high=np.array([1.0, 400.0])))
    assert view.view.plot.frame().place.width() > 1.2 * place.width()


def test_what_is_switched_off_is_not_painted_and_can_be_brought_back(view, qtbot):
    view.show_epoch(1, 1, scatter())
    plot, switch = view.view.plot, view.view.legend.buttons["field"]
    before = color_at(plot, -0.8, 0.7)
    click(qtbot, switch)
    assert not switch.isChecked() and color_at(plot, -0.8, 0.7) == paper(plot)
    click(qtbot, switch)
    assert switch.isChecked() and color_at(plot, -0.8, 0.7) == before


def test_only_what_there_is_can_be_switched(view):
    view.show_real(scatter(generated=np.zeros((0, 2)), realism=None, push=None, modes=None))
    assert [name for name, button in view.view.legend.buttons.items() if not button.isHidden()] == ["real"]
    why_not = {command.id: command.why_not() for command in view.commands()}
    assert not why_not["points_real"] and why_not["points_push"]
    assert "Press Train" in view.hint


def test_a_screen_reader_is_told_how_much_there_is(view):
    view.show_epoch(1, 1, scatter(real_count=1500))
    assert view.view.plot.accessibleName() == "Points: 1,500 real points, 1 generated point, 1 of 2 clouds found"
    assert "1 of 2 clouds" in view.findChild(QLabel, "points_heading").text()


def test_what_is_no_number_is_left_out(view):
    nothing = np.full((1, 2), np.nan)
    view.show_epoch(1, 1, scatter(generated=nothing, push=nothing, realism=np.full((2, 2), np.nan, np.float32)))
    assert color_at(view.view.plot, 0.5, 0.0) == paper(view.view.plot)


def test_the_pointer_reads_point_and_opinion(view):
    view.show_epoch(1, 1, scatter())
    plot = view.view.plot
    at = QPointF(*plot.frame().at(np.array([[0.5, 0.0]]))[0].tolist())
    assert plot.told_at(at).splitlines() == ["Generated", "width: 0.5", "height: 0", "D takes it to be real: 100%"]
    assert plot.told_at(QPointF(1, 1)) == ""


def test_more_columns_are_a_matrix_of_the_first_ones(view):
    random = np.random.default_rng(0)
    names = tuple("abcdefgh")
    wide = Scatter(names, -np.ones(8), np.ones(8), random.uniform(-1, 1, (50, 8)), random.uniform(-1, 1, (20, 8)))
    view.show_epoch(2, 4, wide)
    assert view.view.matrix.isVisible() and not view.view.plot.isVisible()
    assert "6 of 8 columns" in view.view.matrix.accessibleName()
    assert "6 of 8 columns are shown" in view.findChild(QLabel, "points_heading").text()
    seen = image_to_picture(view.view.matrix.grab().toImage())
    view.hide_layers(frozenset({"generated"}))
    assert not np.array_equal(seen, image_to_picture(view.view.matrix.grab().toImage()))
    assert told(wide) == "50 real points, 20 generated points"


def test_a_picture_of_the_points_is_saved(view):
    view.show_epoch(7, 9, scatter())
    view.save()
    saved = []
    view.save_requested.connect(saved.append)
    view.findChild(FileDialog).fileSelected.emit("/somewhere/points.png")
    assert saved[0].picture.shape[2] == 3 and saved[0].path.name == "points.png"


def test_the_button_that_ends_a_presentation_lies_upon_no_switch(view):
    view.show_real(scatter())
    view.set_presentation(True)
    settle()
    first = view.view.legend.buttons["real"]
    assert first.mapTo(view, QPoint()).y() >= first.height() + SPACING // 2
    view.set_presentation(False)
    presented = first.mapTo(view, QPoint()).y()
    settle()
    assert first.mapTo(view, QPoint()).y() < presented


def test_f6_leads_to_the_points_and_not_to_the_question_above_them(view):
    view.show_real(scatter(generated=np.empty((0, 2)), realism=None, push=None))
    settle()
    order = ReadingOrder(view, lambda: [view])
    for _ in range(2):
        order.step_region(True)
        assert view.focusWidget() is view.view.plot
