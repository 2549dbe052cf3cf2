"""The map of samples: made beside the window, pointed at, surrounded; the point goes where one clicks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from studio import theme
from studio.model.explored import LatentPoint
from studio.model.snapshot import SnapshotRef
from studio.widgets.plots.map_view import MapView
from studio.workspaces.explore.map_page import MapPage
from tests.studio.hands import explore, set_by_hand, settle, shown, trained_run

CORNERS = np.float32([[-1, 1], [1, 1], [1, -1], [-1, -1]])
CLASSES = np.array([0, 1, 1, 0])
LEFT = Qt.MouseButton.LeftButton


def three_samples_and_a_real_image(labels=CLASSES):
    return SimpleNamespace(
        places=CORNERS,
        pictures=np.zeros((4, 8, 8), np.uint8),
        sample_count=3,
        z=np.float32([[1, 0], [0, 1], [2, 2]]),
        labels=labels,
        readings=np.array([0, 1, 0, 0]),
        certainty=np.float32([1, 0.5, 0.75, 1]),
        verdicts=np.float32([0.25, 0.5, 0.5, 0.9]),
        thickness=np.array([1.0, 2, 3, 4]),
        inside=lambda outline: np.array([1, 2, 3]),
    )


@pytest.fixture
def view(qtbot):
    view = shown(qtbot, MapView(), 400, 400)
    view.set_points(CORNERS, np.zeros((4, 8, 8), np.uint8), 3)
    view.set_colors([theme.color("generator")] * 4, [("seven", 0, 0)])
    return view


def test_a_click_chooses_the_point_under_it(view, qtbot):
    told = []
    view.chosen.connect(told.append)
    for index in range(4):
        QTest.mouseClick(view, LEFT, pos=view.point_of(index).toPoint())
    QTest.mouseClick(view, LEFT, pos=QPoint(200, 200))
    assert told == [0, 1, 2, 3] and view.current == 3
    with qtbot.waitSignal(view.opened) as opened:
        QTest.mouseDClick(view, LEFT, pos=view.point_of(1).toPoint())
    assert opened.args == [1]


def test_arrows_go_to_the_point_on_that_side(view):
    for key, index in (("Down", 0), ("Right", 1), ("Down", 2), ("Left", 3), ("Left", 3), ("Up", 0)):
        QTest.keyClick(view, getattr(Qt.Key, f"Key_{key}"))
        assert view.current == index, key


def test_control_marks_samples_one_by_one_and_no_real_image(view):
    told = []
    view.marks_changed.connect(lambda: told.append(view.marked.tolist()))
    control = Qt.KeyboardModifier.ControlModifier
    for index in (2, 0, 3, 2):
        QTest.mouseClick(view, LEFT, control, view.point_of(index).toPoint())
    assert told == [[2], [0, 2], [0]] and view.current is None
    view.choose(1)
    QTest.keyClick(view, Qt.Key.Key_Space, control)
    assert told[-1] == [0, 1]


def test_a_lasso_tells_its_outline_where_the_points_lie(view, qtbot):
    with qtbot.waitSignal(view.surrounded) as surrounded:
        QTest.mousePress(view, LEFT, pos=QPoint(200, 16))
        for at in (QPoint(390, 16), QPoint(390, 390), QPoint(200, 384)):
            QTest.mouseMove(view, at)
        QTest.mouseRelease(view, LEFT, pos=QPoint(200, 384))
    outline = surrounded.args[0]
    assert outline[0] == pytest.approx([0, 1], abs=0.02) and outline[-1] == pytest.approx([0, -1], abs=0.02)


def test_pictures_stand_where_there_is_room_and_the_others_are_points(qtbot):
    view = shown(qtbot, MapView(), 300, 300)
    heap = np.concatenate([np.zeros((50, 2), np.float32), CORNERS * 0.9])
    pictures = np.full((54, 8, 8), 255, np.uint8)
    view.set_points(heap, pictures, 54)
    view.set_colors([theme.color("generator")] * 54)
    white = [view.grab().toImage().pixelColor(view.point_of(index).toPoint()).name() for index in (0, 50, 53)]
    assert white == ["#ffffff"] * 3
    view.set_points(heap, pictures, 53)
    assert view.grab().toImage().pixelColor(view.point_of(53).toPoint()).name() == "#ffffff", "real, where G draws none"
    view.shows_real = False
    view.apply_palette()
    assert view.grab().toImage().pixelColor(view.point_of(53).toPoint()).name() != "#ffffff"
    view.shows_pictures = False
    view.apply_palette()
    assert view.grab().toImage().pixelColor(view.point_of(50).toPoint()) == theme.color("generator")


def test_the_page_goes_to_what_is_clicked_and_to_the_average_of_what_is_surrounded(qtbot):
    page = shown(qtbot, MapPage(), 900, 500)
    page.set_read_names(("3", "8"))
    page.set_model(2, ("3", "8"))
    page.show_map(three_samples_and_a_real_image())
    gone, opened = [], []
    page.point_chosen.connect(lambda z, label: gone.append((z.tolist(), label)))
    page.point_opened.connect(lambda z, label: opened.append((z.tolist(), label)))
    page.view.chosen.emit(0)
    assert gone == [([1, 0], 0)] and "“3” (100%)" in page.words.text() and "D: 25% real" in page.words.text()
    page.view.chosen.emit(3)
    assert len(gone) == 1 and "real image: 3." in page.words.text()
    page.real_box.setChecked(True)
    page.real_box.setChecked(False)
    QTest.mouseClick(page.view, LEFT, pos=page.view.point_of(3).toPoint())
    assert page.view.current is None, "a real image that is not shown cannot be chosen"
    page.view.surrounded.emit(np.zeros((3, 2)))
    assert "2 samples" in page.words.text() and page.view.marked.tolist() == [1, 2]
    qtbot.mouseClick(page.average_button, LEFT)
    assert opened == [([1, 1.5], 1)]
    for index in range(page.color_box.count()):
        page.color_box.setCurrentIndex(index)
        assert page.view.grab().toImage().pixelColor(page.view.point_of(3).toPoint()).isValid()


def test_where_no_class_can_be_asked_for_the_map_tells_what_is_read(qtbot):
    page = shown(qtbot, MapPage(), 900, 500)
    set_by_hand(page.color_box, "labels")
    page.set_read_names(("3", "8"))
    page.set_model(2, ())
    assert page.color_box.currentData() == "readings", "what was asked for is no color of it"
    assert not page.color_box.model().item(page.color_box.findData("labels")).isEnabled()
    page.show_map(three_samples_and_a_real_image(labels=np.array([-1, -1, -1, 0])))
    page.view.chosen.emit(1)
    assert "“8” (50%)" in page.words.text() and "Asked for" not in page.words.text()
    page.pictures_box.setChecked(False)
    seen = page.view.grab().toImage()
    three, eight, again, real = (seen.pixelColor(page.view.point_of(at).toPoint()) for at in range(4))
    assert three == again != eight and real == theme.color("real") not in (three, eight)


def test_colors_tell_what_there_is_and_again_what_a_person_chose(qtbot):
    page = shown(qtbot, MapPage(), 900, 500)
    page.set_model(2, ("3", "8"))
    set_by_hand(page.color_box, "verdicts")
    for untold, colored in ((("verdicts", "readings"), "labels"), (("verdicts",), "readings"), ((), "verdicts")):
        found = three_samples_and_a_real_image()
        for name in untold:
            setattr(found, name, None)
        page.show_map(found)
        assert page.color_box.currentData() == colored, "no color without a meaning"
        assert page.scale.isVisible() == (colored == "verdicts")
    assert (page.scale.low.text(), page.scale.high.text()) == ("26% real", "88% real")
    set_by_hand(page.color_box, "thickness")
    assert (page.scale.low.text(), page.scale.high.text()) == ("1.1 pixels", "3.9 pixels")
    page.pictures_box.setChecked(False)
    thin, thick = (page.view.grab().toImage().pixelColor(page.view.point_of(at).toPoint()) for at in (0, 2))
    assert abs(thin.lightness() - page.palette().window().color().lightness()) < abs(thick.lightness() - 128)


def test_another_run_is_shown_after_a_map_without_readings(qtbot):
    page = MapPage()
    qtbot.addWidget(page)
    page.set_model(2, ("3", "8"))
    page.show_map(made_up_map())
    page.set_model(2, ())
    assert page.map is None and page.color_box.currentData() == "readings"


def test_a_map_is_made_of_the_run_shown(window, tiny_gan, tmp_path, qtbot, monkeypatch):
    from engine.latent import plane_layout, sample_map

    monkeypatch.setattr(plane_layout, "layouts", lambda features: (features[:, :2] * part for part in (1, 2)))
    monkeypatch.setattr(plane_layout, "principal_components", lambda features: features[:, :2])
    monkeypatch.setattr(sample_map.lay_out, "__defaults__", (None, None, 40, 0))
    path = trained_run(tmp_path / "run", 1)
    page = explore(qtbot, window, path, MapPage)
    qtbot.waitUntil(lambda: page.map is not None and page.make_button.isVisible())
    assert page.map is not None and len(page.map.places) == 40 and page.map.verdicts is not None
    assert page.make_button.isVisible() and not page.work.isVisible()
    page.view.chosen.emit(7)
    point = window.workspace.explored.point
    assert np.array_equal(point.z, page.map.z[7]) and point.label == page.map.labels[7]
    page.view.chosen.emit(8)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.view.current == 7, "where it went back to"
    qtbot.mouseClick(page.keep_button, LEFT)
    page.view.mark(np.array([3, 7, 9]))
    qtbot.mouseClick(page.keep_button, LEFT)
    kept = window.workspace.explored.kept
    assert [it.numbers for it in kept] == [tuple(map(float, page.map.z[index])) for index in (7, 3, 9)]


def test_the_map_tells_of_the_sample_at_the_point_or_of_none(qtbot):
    page = shown(qtbot, MapPage(), 900, 500)
    page.set_read_names(("3", "8"))
    page.set_model(2, ("3", "8"))
    page.show_map(three_samples_and_a_real_image())
    usual = page.words.text()

    def seen():
        return page.view.current, "“8” (50%)" in page.words.text(), page.picture.picture is not None

    page.show_point(LatentPoint(np.float32([0, 1]), 1))
    assert seen() == (1, True, True) and page.keep_button.isEnabled()
    page.show_point(LatentPoint(np.float32([0, 1]), 0))
    assert seen() == (None, False, False) and page.words.text() == usual and not page.keep_button.isEnabled()
    page.show_point(LatentPoint(np.float32([0, 1]), 1))
    page.view.mark(np.array([0, 1]))
    page.view.marks_changed.emit()
    page.show_point(LatentPoint(np.float32([7, 7]), 1))
    assert seen() == (None, False, False) and "2 samples are marked" in page.words.text(), "which is no point"
    page.hide()
    page.show_point(LatentPoint(np.float32([0, 1]), 1))
    assert seen()[0] is None
    page.show()
    assert seen() == (1, True, True), "who did not look is told"


@pytest.mark.usefixtures("restless")
def test_a_map_is_made_by_itself_says_of_which_epoch_it_is_and_follows(qtbot):
    page = MapPage()
    wanted = []
    page.map_requested.connect(wanted.append)
    page.set_model(2, ("3", "8"))
    assert page.view.placeholder.startswith("Make the map")
    page.render_again(SnapshotRef(12, 12))
    settle()
    assert not wanted, "nobody looks"
    shown(qtbot, page, 900, 600)
    qtbot.waitUntil(lambda: wanted == [False])
    page.show_progress(None)
    page.render_again(SnapshotRef(12, 12))
    settle()
    settle()
    assert wanted == [False] and not page.stale_line.isVisible(), "canceled or gone wrong: it waits to be asked"
    qtbot.mouseClick(page.make_button, LEFT)
    page.show_map(made_up_map())
    assert page.stale_line.text() == "Map of: Generator of epoch 12." and len(wanted) == 2
    page.render_again(SnapshotRef(20, 20))
    assert "Generator of epoch 12. Shown now: Generator of epoch 20." in page.stale_line.text()
    assert page.make_button.text() == "Show epoch 20"
    qtbot.waitUntil(lambda: len(wanted) == 3)
    before = page.map
    page.show_map(SimpleNamespace(places=np.zeros((0, 2), np.float32), sample_count=0))
    assert page.map is before, "nobody waits before an empty page"
    page.show_map(made_up_map())
    assert page.stale_line.text() == "Map of: Generator of epoch 20." and page.make_button.text() == "Make the map"
    page.render_again()
    assert "Newest generator" in page.stale_line.text() and len(wanted) == 3, "a training goes on: it would never end"
    page.show_progress(0.5)
    assert page.view.placeholder.startswith("Drawing 2,000")
    page.follow_box.setChecked(True)
    assert len(wanted) == 3, "one is being made"
    page.show_progress(None)
    qtbot.waitUntil(lambda: len(wanted) == 4)
    assert page.meaning.isVisible() and "heap" in page.meaning.text()
    page.map.sample_count = len(page.map.places)
    page.real_box.setChecked(True)
    assert wanted[-1], "with real images it is another map"


def made_up_map():
    z = np.float32([[1, 0], [0, 1], [2, 2]])
    return SimpleNamespace(
        places=CORNERS,
        pictures=np.zeros((4, 8, 8), np.uint8),
        sample_count=3,
        z=z,
        labels=np.array([0, 1, 1, 0]),
        readings=None,
        certainty=None,
        verdicts=None,
        thickness=np.arange(4.0),
    )
