"""Tools beside the large picture: what they ask for, where they lead, what they say, when they follow the point."""

from __future__ import annotations

from functools import partial
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engine.latent.sampling import random_z
from engine.latent.typicality import truncated
from studio.model.explored import Explored, LatentPoint
from studio.model.plane import Plane
from studio.model.way import LINEAR, SPHERICAL
from studio.widgets.exploring.arithmetic_panel import SUM, ArithmeticPanel
from studio.widgets.exploring.dimensions_tool import DimensionsTool
from studio.widgets.exploring.path_panel import PathPanel
from studio.widgets.exploring.plane_panel import GRID, PlanePanel
from studio.widgets.exploring.sweep_panel import SweepPanel
from studio.widgets.exploring.truncation_panel import PSIS, STRIP, TruncationPanel
from studio.widgets.fields.dimension_sliders import DimensionSliders
from studio.widgets.pictures.made_up_digits import pictures
from studio.widgets.pictures.picture_table import PictureTable
from studio.widgets.pictures.thumbnail import Thumbnail
from studio.workspaces.explore.latent_explorer import PICTURE, LatentExplorer
from studio.workspaces.explore.points_page import PointsPage
from tests.studio.hands import Watch, Wishes, explore, settle, shown, trained_run

DIGITS = tuple("0123456789")


@pytest.fixture
def explored():
    explored = Explored()
    explored.begin(16, DIGITS)
    return explored


@pytest.fixture
def slow():
    """No two moves of it follow so quickly that they are one step."""
    explored = Explored(clock=partial(next, count(step=5)))
    explored.begin(16, DIGITS)
    return explored


def made(qtbot, kind, explored):
    tool = kind(explored)
    tool.begin()
    return shown(qtbot, tool, 600, 560)


def test_only_the_tool_in_front_is_fitted_and_another_before_it_is_seen(qtbot, monkeypatch):
    view, fitted = shown(qtbot, LatentExplorer(), 340, 560), []
    view.set_model(16, DIGITS)
    view.pages.setCurrentWidget(view.path_panel)
    for tool in view.tools():
        monkeypatch.setattr(tool, "limit_height", lambda _, tool=tool: fitted.append(tool))
    with qtbot.waitSignal(view.pages.resized):
        view.resize(700, 400)
    assert set(fitted) == {view.path_panel}
    view.pages.setCurrentWidget(view.sweep_panel)
    assert fitted[-1] is view.sweep_panel


def test_what_nobody_sees_does_not_follow_the_point_and_catches_up(qtbot, explored, monkeypatch):
    page, plane = PointsPage(explored), made(qtbot, PlanePanel, explored)
    sweep, framed = made(qtbot, SweepPanel, explored), []
    qtbot.addWidget(page)
    page.set_model(16, DIGITS)
    plane.hide()
    sweep.hide()
    monkeypatch.setattr(sweep.sheet, "choose", framed.append)
    stood = page.sliders.sliders[0].value(), tuple(plane.pad.place)
    explored.set_number(0, 2.5)
    assert (page.sliders.sliders[0].value(), tuple(plane.pad.place)) == stood and not framed
    page.show()
    plane.show()
    sweep.show()
    assert framed == [None]
    assert page.sliders.sliders[0].value() == 250 and tuple(plane.pad.place) != stood[1]


def _ink(points, index):
    """Whether anything is drawn in the picture of that point."""
    icon = points.item(index).icon().pixmap(points.iconSize()).toImage()
    return any(icon.pixelColor(x, y).alpha() for x in range(icon.width()) for y in range(0, icon.height(), 3))


def test_another_kind_of_way_moves_nobody_who_does_not_stand_on_it(qtbot, explored):
    panel = made(qtbot, PathPanel, explored)
    panel.can_blend = True
    explored.set_number(3, 1.25)
    elsewhere = explored.point
    for choice in (panel.blend_box, panel.buttons[LINEAR]):
        choice.click()
        assert explored.point is elsewhere
    panel.slider.setValue(panel.slider.maximum() // 3)
    straight = explored.point
    panel.buttons[SPHERICAL].click()
    assert not np.allclose(explored.point.z, straight.z), "who stands on it goes along"


def test_a_curve_of_lengths_is_painted_anew_for_others_alone(qtbot, explored):
    panel = made(qtbot, PathPanel, explored)
    panel.wishes()
    curve = panel.curves[LINEAR]
    watch = Watch(curve)
    settle()
    watch.forget()
    panel.wishes()  # as when the page is shown again
    settle()
    assert QEvent.Type.Paint not in watch.kinds
    z = np.full((3, 16), 0.5, np.float32)
    curve.set_z(z)
    settle()
    assert QEvent.Type.Paint in watch.kinds
    assert curve.lengths == pytest.approx([0.5, 0.5, 0.5]) and "0 of 3 typical" in curve.text


def test_another_run_empties_every_tool_until_its_own_pictures_come(qtbot):
    view = shown(qtbot, LatentExplorer(), 340, 560)
    for kind in (PlanePanel, ArithmeticPanel, TruncationPanel):
        view.add_tool(kind(view.explored))
    view.pictures_requested.connect(lambda channel, z, labels: view.show_pictures(channel, pictures(z, labels)))
    view.set_model(16, DIGITS)
    for tool in view.tools():
        view.pages.setCurrentWidget(tool)
    path, plane = view.path_panel, view.tools()[3]
    tables = [table for table in view.findChildren(PictureTable) if table.picture is not None]
    ends = [end for end in view.dimensions.findChildren(Thumbnail) if not end.is_empty]
    assert len(tables) >= 4 and len(ends) >= 16
    before = plane.pad.grab().toImage()
    stops = path.row.list
    assert [_ink(stops, index) for index in range(stops.count())] == [True, True]
    view.hide()  # nothing is asked for: as of a run without generators
    view.set_model(16, DIGITS)
    assert all(end.is_empty for end in ends)
    assert all(table.picture is None for table in tables) and plane.pad.grab().toImage() != before
    assert [_ink(stops, index) for index in range(stops.count())] == [False, False]
    saved = []
    path.save_requested.connect(saved.append)
    next(it for it in path.commands() if it.id == "save_path.png").do()
    assert not saved


def test_another_generator_while_a_slider_moves_paints_the_large_picture_and_the_ends_once_it_rests(qtbot):
    view = shown(qtbot, LatentExplorer(), 900, 600)
    wishes = Wishes(view)
    view.set_model(16, DIGITS)
    view.say_why_not("")
    view.pages.setCurrentWidget(view.dimensions)
    rest = next(timer for timer in view.dimensions.findChildren(QTimer) if timer.interval() == 150)
    view.sliders.sliders[2].setValue(100)
    wishes.channels.clear()
    view.render_again()
    assert wishes.channels == [PICTURE]
    rest.stop()
    rest.timeout.emit()
    assert wishes.channels[1:] == ["dimensions.0", "dimensions.8"]
    assert np.all(wishes.newest["dimensions.8"][0][:, 2] == np.float32(1.0)), "where the slider rests"


def test_each_end_shows_what_the_picture_becomes_there_once_the_slider_rests(qtbot):
    tool = shown(qtbot, DimensionsTool(Explored()), 700, 400)
    tool.explored.begin(18, DIGITS)
    tool.begin()
    wishes = tool.wishes()
    assert [len(wish.z) for wish in wishes] == [16, 16, 4], "a few at a time: the large picture has turns between"
    z, labels = tool.explored.point.z, tool.explored.labels_of([tool.explored.point] * 16)
    for row, dimension in enumerate(range(8, 16)):
        low, high = wishes[1].z[2 * row : 2 * row + 2]
        assert (low[dimension], high[dimension]) == (-3, 3) and np.array_equal(
            np.delete(low, dimension), np.delete(z, dimension)
        )
    assert np.array_equal(wishes[1].labels, labels)
    with qtbot.assertNotEmitted(tool.wishes_changed):
        tool.sliders.sliders[2].setValue(100)
    qtbot.waitSignal(tool.wishes_changed).wait()
    tool.show_pictures(wishes[2].channel, pictures(wishes[2].z, wishes[2].labels))
    assert [end.is_empty for end in tool.findChildren(Thumbnail)].count(False) == 4
    tool.ends_box.setChecked(False)
    assert not tool.wishes() and not [end for end in tool.findChildren(Thumbnail) if end.isVisible()]


def test_only_the_numbers_that_changed_are_shown_anew(qtbot, monkeypatch):
    view, z = shown(qtbot, DimensionSliders(), 340, 560), np.zeros(8, np.float32)
    view.set_z(z)
    view.sliders[2].setValue(150)
    view.set_z(z)  # as "Reset z" does
    assert view.sliders[2].value() == 0
    shown_anew = []
    for row, slider in enumerate(view.sliders):
        monkeypatch.setattr(slider, "setValue", lambda value, row=row: shown_anew.append((row, value)))
    view.set_z(np.where(np.arange(8) == 5, np.float32(1), z))
    assert shown_anew == [(5, 100)]


def test_sliders_stand_in_no_more_columns_than_their_names_have_room_for(qtbot):
    holder = shown(qtbot, QWidget(), 360, 300)
    view = DimensionSliders(parent=holder)  # which gives it no more room than it has
    view.resize(holder.size())
    view.show()
    view.set_z(np.zeros(64, np.float32))
    settle()
    assert view.sliders[0].y() == view.sliders[len(view.sliders) // 2].y(), "two columns"
    font = view.font()
    font.setPixelSize(45)
    view.setFont(font)
    settle()
    assert all(name.width() >= name.sizeHint().width() for name in view.names)


def test_a_step_on_the_path_taken_back_or_done_again_brings_its_place_back_and_keeps_the_ends(qtbot, slow):
    slow.go(label=1)
    tool = made(qtbot, PathPanel, slow)

    def seen():
        return tool.slider.value(), slow.point.label, tool.way(LINEAR).walk(10)[1].tolist() == [1] * 5 + [6] * 5

    for place in (100, 40, 0):
        tool.slider.setValue(place)
    places = [(0, 1, True), (40, 1, True), (100, 6, True)]
    assert seen() == places[0]
    for place in places[1:]:
        slow.undo()
        assert seen() == place
    slow.undo()
    assert seen() == (0, 1, True), "where the way was not entered yet"
    for place in reversed(places):
        slow.redo()
        assert seen() == place
    slow.undo()
    slow.go(label=3)
    assert tool.way(LINEAR).walk(10)[1].tolist() == [3] * 5 + [8] * 5, "who chooses a class begins with it"


class TestPlane:
    def test_places_keep_distances_and_the_three_points(self):
        a, b, c = random_z(3, 16, 5)
        plane = Plane(a, b, c)
        for z, corner in zip((a, b, c), plane.corners, strict=True):
            assert plane.at(*corner) == pytest.approx(z, abs=1e-5) and plane.holds(z)
            assert plane.place_of(z) == pytest.approx(corner, abs=1e-6)
        assert np.abs(plane.corners).max() < 1
        ratio = np.linalg.norm(plane.corners[0] - plane.corners[1]) / np.linalg.norm(
            plane.corners[0] - plane.corners[2]
        )
        assert ratio == pytest.approx(np.linalg.norm(a - b) / np.linalg.norm(a - c), rel=1e-5)
        assert not plane.holds(random_z(1, 16, 9)[0]) and plane.z_dim == 16
        assert plane.grid(3)[4] == pytest.approx(plane.at(0, 0), abs=1e-6)
        assert plane.grid(3)[0] == pytest.approx(plane.at(-2 / 3, 2 / 3), abs=1e-5), "the first is above left"

    def test_on_the_ring_z_is_as_long_as_at_the_ends_of_the_usual(self):
        plane = Plane(*random_z(3, 64, 5))
        ring = plane.ring()
        for angle in (0, 1, 2):
            z = plane.at(*(ring.center + ring.outer * np.array([np.cos(angle), np.sin(angle)])))
            assert np.linalg.norm(z) / 8 == pytest.approx(1.173, abs=0.01)

    @pytest.mark.parametrize("points", [np.zeros((3, 4)), np.ones((3, 1)), np.eye(4)[[0, 0, 1]]])
    def test_points_that_span_no_plane_do_no_harm(self, points):
        plane = Plane(*points.astype(np.float32))
        assert np.isfinite(plane.grid(3)).all() and np.isfinite(plane.ring().center).all()

    def test_dragging_and_arrows_move_the_point_in_one_step_and_the_mark_follows(self, qtbot, explored):
        tool = made(qtbot, PlanePanel, explored)
        a, b, c = (it.z for it in tool.row.points)
        assert {wish.channel: len(wish.z) for wish in tool.wishes()} == {tool.row.channel: 3, GRID: 49}
        pad = tool.pad
        at = pad.pixel(*Plane(a, b, c).corners[1]).toPoint()
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.square().center().toPoint())
        QTest.mouseMove(pad, at)
        assert explored.point.z == pytest.approx(b, abs=0.1)
        before = pad.place.copy()
        QTest.keyClick(pad, Qt.Key.Key_Left)
        assert pad.place - before == pytest.approx([-0.05, 0], abs=1e-3)
        explored.undo()
        assert explored.why_not(back=True)
        explored.begin(8, DIGITS)  # before the tool is told of it
        tool.begin()
        assert tool.wishes()[1].z.shape == (49, 8)
        pad.set_images(np.zeros((49, 8, 8), np.uint8))
        assert not pad.grab().isNull()

    def test_the_points_stand_beside_the_plane_where_it_is_larger_so(self, qtbot, explored):
        tool = made(qtbot, PlanePanel, explored)
        for width, height, is_beside in ((740, 450, True), (420, 450, False)):
            tool.resize(width, height)
            tool.limit_height(height)
            settle()
            assert (tool.row.geometry().right() < tool.pad.x()) is is_beside
            assert tool.pad.square().width() > (0.85 if is_beside else 0.6) * height


class TestArithmetic:
    def test_means_of_groups_are_added_and_taken_away(self, qtbot, explored):
        tool = made(qtbot, ArithmeticPanel, explored)
        tool.say_reading("late, of a result that is gone")
        assert tool.result is None and not tool.go_button.isEnabled() and "gone" not in tool.words.text()
        z = random_z(5, 16, 3)
        for part, index, label in (("first", 0, 3), ("first", 1, 3), ("minus", 2, 5), ("plus", 3, 8), ("plus", 4, 8)):
            tool.rows[part].add(LatentPoint(z[index], label))
        wanted = z[:2].mean(0) - z[2] + z[3:].mean(0)
        assert tool.result.z == pytest.approx(wanted, abs=1e-5) and tool.result.label == 3
        (wish,) = (wish for wish in tool.wishes() if wish.channel == SUM)
        assert len(wish.z) == 4 and wish.labels.tolist() == [3, 5, 8, 3]
        tool.usual_box.setChecked(True)
        assert np.linalg.norm(tool.result.z) == pytest.approx(4)
        assert "Typical: |z| is 4" in tool.words.text()
        QTest.mouseClick(tool.go_button, Qt.MouseButton.LeftButton)
        assert explored.point.z == pytest.approx(tool.result.z)
        tool.rows["minus"].remove(0)
        assert len(tool.rows["minus"].points) == 0
        explored.undo()
        assert len(tool.rows["minus"].points) == 1

    def test_the_judge_says_what_it_reads_in_the_result(self, window, tiny_gan, tmp_path, qtbot, monkeypatch):
        from engine.evaluation import reader

        monkeypatch.setattr(reader.Reader, "read", lambda self, images: (np.array([1]), np.float32([0.75])))
        tool = explore(qtbot, window, trained_run(tmp_path / "run", 1), ArithmeticPanel)
        tool.rows["first"].add(window.workspace.explored.point)
        qtbot.waitUntil(lambda: "The judge reads" in tool.words.text())
        assert "(75%)" in tool.words.text() and tool.pictures.picture is not None


class TestTruncation:
    def test_the_slider_brings_the_point_nearer_to_the_middle_and_back(self, qtbot, explored):
        tool = made(qtbot, TruncationPanel, explored)
        base = explored.point.z
        tool.slider.setValue(50)
        assert explored.point.z == pytest.approx(base / 2)
        tool.slider.setValue(100)
        assert explored.point.z == pytest.approx(base)
        tool.slider.setValue(30)
        other = random_z(1, 16, 4)[0]
        explored.go(other)
        assert tool.psi == 1, "what one goes to elsewhere is not truncated"
        (wish,) = tool.wishes()
        assert wish.channel == STRIP and wish.z == pytest.approx(
            np.concatenate([truncated(other[None], p) for p in PSIS])
        )
        assert tool.curve.lengths[0] == 0
        tool.strip.chosen.emit(0)
        assert np.abs(explored.point.z).max() == 0

    def test_a_step_taken_back_or_done_again_is_truncated_as_it_was(self, qtbot, slow):
        tool, base = made(qtbot, TruncationPanel, slow), slow.point.z
        for steps in (31, 0):
            tool.slider.setValue(steps)
        other = random_z(1, 16, 4)[0]
        slow.go(other)
        tool.slider.setValue(0)
        seen = []
        for step in (slow.undo, slow.undo, slow.undo, slow.undo, slow.redo, slow.redo, slow.redo):
            step()
            seen.append((tool.psi, float(tool.wishes()[0].z[PSIS.index(1.0)][0])))
        first, second = float(base[0]), float(other[0])
        assert seen == [(1, second), (0, first), (0.31, first), (1, first), (0.31, first), (0, first), (1, second)]
        slow.undo()
        slow.undo()
        tool.slider.setValue(50)
        assert slow.point.z == pytest.approx(base / 2)

    def test_what_it_does_is_told_in_numbers(self, qtbot, explored):
        tool = made(qtbot, TruncationPanel, explored)
        effect = SimpleNamespace(psi=0.5, fidelity=0.95, variety=0.46, read_as_asked=0.99)
        tool.show_effects([effect])
        texts = [label.text() for label in tool.table.children() if hasattr(label, "text")]
        assert texts[-4:] == ["0.5", "95%", "46%", "99%"] and not tool.table.isHidden()
        tool.outdate()
        assert "another moment" in [label.text() for label in tool.table.children() if hasattr(label, "text")][-1]
        assert "95%" in [label.text() for label in tool.table.children() if hasattr(label, "text")]
        tool.begin()
        assert tool.table.isHidden()

    def test_it_is_measured_beside_the_window(self, window, tiny_gan, tmp_path, qtbot):
        tool = explore(qtbot, window, trained_run(tmp_path / "run", 1), TruncationPanel)
        with qtbot.waitSignal(window.services.exploring.ended):
            QTest.mouseClick(tool.measure_button, Qt.MouseButton.LeftButton)
        assert not tool.table.isHidden() and tool.measure_button.isVisible()
