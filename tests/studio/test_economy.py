"""The window does only what is seen and has changed, and does it once: each turn takes time from the training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QRect, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QTabWidget, QVBoxLayout, QWidget

from engine.diagnosis import hindsight
from engine.events import MetricsRow, Quality
from engine.pictures import tile
from engine.runs import RunInfo
from studio.model import run_data
from studio.model.findings import findings_of
from studio.model.run import Run, ShownRun
from studio.model.run_data import RunData
from studio.services.diagnosis_monitor import DiagnosisMonitor
from studio.widgets.fields.dimension_sliders import DimensionSliders
from studio.widgets.fields.steady_number import SteadyNumber
from studio.widgets.layouts.fitting_label import FittingLabel
from studio.widgets.layouts.lazy_widget import LazyWidget
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.pictures import sample_grid_view
from studio.widgets.pictures.canvas import Canvas
from studio.widgets.pictures.picture_strip import PictureStrip, Slot
from studio.widgets.pictures.sample_grid_view import SampleGridView
from studio.widgets.plots.quality_curves import QualityCurves
from studio.widgets.plots.time_plot import TimePlot
from studio.workers.bridge import Bridge
from studio.workspaces.train.health_panel import HealthPanel
from studio.workspaces.train.loss_plot import LossPlot
from studio.workspaces.train.quality_panel import QualityPanel
from tests import tiny
from tests.studio.hands import Watch, shown

DIGITS = tuple("0123456789")
JUDGED = Quality(1, 1000, 500, 22.6, 20.0, 26.0, 4.0, 0.9, 0.82, 0.01, 0.0)


def area(region):
    return sum(rect.width() * rect.height() for rect in region)


def history_of(rows=50, qualities=()):
    history = RunData(1000, 20_000, data_classes=DIGITS, qualities=list(qualities))
    history.append(MetricsRow(n, 1, 100 * n, 0.0, 1.0, 1.5, 0.6, 0.3) for n in range(1, rows + 1))
    return history


def looks(count):
    return [replace(JUDGED, epoch=epoch, images_seen=1000 * epoch) for epoch in range(1, count + 1)]


# ---------------------------------------------------------------- only what has changed


def test_a_mark_that_moves_paints_nothing_of_the_curves_beside_it(qtbot):
    view = shown(qtbot, LossPlot(), 750, 260)
    view.set_run_data(history_of())
    view.set_cursor_epoch(2.0)
    for plot in view.findChildren(TimePlot):
        watch, whole = Watch(plot.viewport()), plot.box.sceneBoundingRect()
        watch.forget()
        view.set_cursor_epoch(14.0)
        QApplication.processEvents()
        middle = round(whole.center().y())
        for epoch, is_painted in ((2.0, True), (8.0, False), (14.0, True)):
            x = round(whole.left() + epoch / 20 * whole.width())
            assert watch.painted.intersects(QRect(x, middle, 1, 1)) == is_painted
        view.set_cursor_epoch(2.0)


def test_looking_at_another_epoch_draws_no_curve_of_the_quality_again(qtbot, monkeypatch):
    panel, drawn = shown(qtbot, QualityPanel(), 368, 1400), []
    history = history_of(qualities=looks(6))
    panel.set_run_data(history)
    panel.findChild(LazyWidget).draw()
    QApplication.processEvents()
    monkeypatch.setattr(TimePlot, "draw", lambda plot, *_curves: drawn.append(plot))
    panel.show_epoch(3)
    panel.findChild(LazyWidget).draw()
    curves = panel.findChild(QualityCurves)
    assert curves.marks.cursor == 3.0 and not drawn, "the dot moves, the curves stay"
    history.add_quality(replace(JUDGED, epoch=7, images_seen=7000))
    panel.refresh()
    panel.findChild(LazyWidget).draw()
    assert len(drawn) == 3, "one more judgment is drawn once on each plot"


def test_findings_that_shade_nothing_else_draw_nothing(qtbot):
    """They are made once a second, and most of them differ in their moment only."""
    info = RunInfo(tiny.config(), tiny.data().facts)
    history, due = history_of(qualities=looks(3)), []
    panel, plot = shown(qtbot, QualityPanel(), 368, 1400), shown(qtbot, LossPlot(), 750, 260)
    panel.set_run_data(history)
    plot.set_run_data(history)
    panel.show_findings(findings_of(info, history))
    page, watch = panel.findChild(LazyWidget), Watch(*(each.viewport() for each in plot.findChildren(TimePlot)))
    page.due.connect(lambda: due.append(1))
    page.draw()
    watch.forget()
    due.clear()
    history.append([MetricsRow(51, 1, 5_100, 0.0, 1.0, 1.5, 0.6, 0.3)])
    for view in (panel, plot):
        view.show_findings(findings_of(info, history))
    page.draw()
    QApplication.processEvents()
    assert not due and QEvent.Type.Paint not in watch.kinds


def test_a_grid_is_laid_out_once_for_the_same_room(qtbot, monkeypatch):
    grid, chosen = shown(qtbot, SampleGridView(), 700, 400), []
    pictures = [tile(np.full((80, 28, 28), gray, np.uint8), 10) for gray in (40, 200)]
    ways = sample_grid_view.layouts
    monkeypatch.setattr(sample_grid_view, "layouts", lambda *size, **how: chosen.append(size) or ways(*size, **how))
    for picture in pictures:
        grid.set_grid(picture, DIGITS, 28)
    assert len(chosen) == 1 and grid.picture is pictures[1]
    grid.resize(400, 700)
    assert len(chosen) == 2
    grid.set_grid(pictures[0], (), 28)
    assert len(chosen) == 3, "without a line for names there is other room"


def test_the_strip_paints_only_the_pictures_whose_frames_change(qtbot):
    history = RunData(image_count=1000, total_images=8000, class_names=DIGITS)
    for epoch in range(1, 9):
        history.add_grid(epoch, Path("nowhere.png"), tile(np.full((80, 28, 28), 20 * epoch, np.uint8), 10))
    strip = shown(qtbot, PictureStrip(), 800, 62)
    strip.set_run_data(history, 28)
    strip.set_slots([run_slot(place) for place in range(8)])
    strip.set_current(2)
    watch = Watch(strip)
    watch.forget()
    strip.set_current(6)
    QApplication.processEvents()
    assert [watch.painted.intersects(run_slot(place).rect) for place in range(8)] == [
        place in (1, 5) for place in range(8)
    ]


def run_slot(place):
    return Slot(QRect(100 * place, 0, 100, 62), place, place + 1, place + 1)


# ---------------------------------------------------------------- other words move nothing


def test_words_that_change_all_the_time_ask_no_layout(qtbot):
    around, label = QWidget(), FittingLabel()
    QVBoxLayout(around).addWidget(label)
    shown(qtbot, around, 300, 60)
    label.show_parts(["Epoch 1 of 10", "990 images/s"])
    watch, own = Watch(around), Watch(label)
    watch.forget()
    own.forget()
    label.show_parts(["Epoch 2 of 10", "1,040 images/s"])
    QApplication.processEvents()
    assert QEvent.Type.LayoutRequest not in watch.kinds and QEvent.Type.Paint in own.kinds
    own.forget()
    label.show_parts(["Epoch 2 of 10", "1,040 images/s"])
    QApplication.processEvents()
    assert QEvent.Type.Paint not in own.kinds, "nor does it paint the same words again"


def test_content_that_needs_no_more_room_moves_nothing_around_its_panel(qtbot):
    around, panel, content, label = QWidget(), QWidget(), QWidget(), QLabel("D 1.23")
    QVBoxLayout(around).addWidget(panel)
    QVBoxLayout(content).addWidget(label)
    scroll_down(panel, content)
    shown(qtbot, around, 300, 200)
    label.setText("D 3.21")
    watch = Watch(panel)
    watch.forget()
    label.setText("D 4.56")
    QApplication.processEvents()
    assert QEvent.Type.LayoutRequest not in watch.kinds
    label.setText("a word longer than the panel is wide, which makes it wider " * 2)
    qtbot.waitUntil(lambda: around.width() > 700)
    assert QEvent.Type.LayoutRequest in watch.kinds


def test_the_number_of_the_epoch_moves_no_curve(qtbot):
    view, history = shown(qtbot, LossPlot(), 750, 260), history_of(9)
    view.set_run_data(history)
    watch = Watch(view)
    watch.forget()
    history.append(MetricsRow(n, 1, 100 * n, 0.0, 1.0, 1.5, 0.6, 0.3) for n in range(10, 151))
    view.refresh()
    QApplication.processEvents()
    assert "15.00" in view.findChild(QLabel, "curves_epoch").text() and QEvent.Type.LayoutRequest not in watch.kinds


# ---------------------------------------------------------------- only what is seen


@pytest.mark.parametrize("kind", [LossPlot, HealthPanel])
def test_a_panel_behind_another_waits_until_it_is_seen(qtbot, kind):
    tabs, panel = QTabWidget(), kind()
    tabs.addTab(QWidget(), "first")
    tabs.addTab(panel, "second")
    shown(qtbot, tabs, 750, 500)
    before = [label.text() for label in panel.findChildren(QLabel)]
    history = history_of(10)
    panel.set_run_data(history)
    panel.refresh()
    assert [label.text() for label in panel.findChildren(QLabel)] == before
    tabs.setCurrentIndex(1)
    assert [label.text() for label in panel.findChildren(QLabel)] != before


# ---------------------------------------------------------------- looking back, and reading


def test_what_was_named_of_a_moment_is_not_diagnosed_again(qtbot, monkeypatch):
    """The slider goes over the same moments many times."""
    info = RunInfo(tiny.config(epochs=20), tiny.data().facts)
    shown_run = ShownRun()
    monitor = DiagnosisMonitor(shown_run)
    history = history_of(200, looks(20))
    for epoch in range(1, 21):
        history.add_grid(epoch, Path("nowhere.png"))
    shown_run.put(Run(Path("run"), info, history, 20_000))
    monitor.look()
    asked, diagnose = [], hindsight.diagnose
    monkeypatch.setattr(hindsight, "diagnose", lambda curves: asked.append(1) or diagnose(curves))
    monkeypatch.setattr("engine.diagnosis.health.diagnose", lambda curves: asked.append(1) or diagnose(curves))
    for epoch in (19, 18, 19, 18):
        shown_run.look_at(epoch)
        monitor.findChild(QTimer, "back").timeout.emit()
        asked.append(0)
    first, second, third, fourth = "".join(map(str, asked)).split("0")[:4]
    assert len(third) == len(fourth) == 1 <= min(len(first), len(second)), "only of the moment itself"


def test_columns_of_a_run_lie_in_one_piece(monkeypatch):
    monkeypatch.setattr(run_data, "MOST_ROWS", 3000)
    history = RunData()
    for count in (10, 1024, 1500, 2000):
        history.extend(np.ones((count, len(MetricsRow._fields))))
        assert history.series("d_loss").flags.c_contiguous


def test_a_number_beside_a_slider_lays_nothing_out_anew_and_is_never_cut(qtbot):
    view, z = shown(qtbot, DimensionSliders(), 340, 560), np.zeros(8, np.float32)
    view.set_z(z)
    (beside,) = (each for each in view.findChildren(SteadyNumber) if each.y() == view.sliders[2].y())
    around, inside = Watch(view), [Watch(view.sliders[2]), Watch(beside)]
    around.forget()
    view.sliders[2].setValue(-150)
    QApplication.processEvents()
    assert not {QEvent.Type.LayoutRequest, QEvent.Type.Paint} & set(around.kinds), "nor is what it stands in painted"
    assert all(QEvent.Type.Paint in watch.kinds for watch in inside)
    view.set_z(np.where(np.arange(8) == 2, np.float32(-123.4), z))
    (number,) = (each for each in view.findChildren(SteadyNumber) if each.text().endswith("123.40"))
    assert number.width() >= number.sizeHint().width()


def test_what_a_slider_paints_elsewhere_tells_a_canvas_its_ink_once_it_is_seen(qtbot):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    for ground in (0, 255):
        canvas.suit(np.full((1, 8, 8), ground, np.uint8))
    assert canvas.picture().max() == 0
    canvas.show()
    assert canvas.picture().min() == 255


# ---------------------------------------------------------------- from threads to the window


def test_while_nothing_comes_the_bridge_wakes_nobody(qtbot):
    bridge, got = Bridge(), []
    assert not any(timer.isActive() for timer in bridge.findChildren(QTimer))
    bridge.put(got.append, 1)
    qtbot.waitUntil(lambda: got == [1])
    assert not any(timer.isActive() for timer in bridge.findChildren(QTimer))
    bridge.stop()


def test_what_comes_soon_after_each_other_is_done_together(qtbot, monkeypatch):
    bridge, got, turns = Bridge(), [], []
    monkeypatch.setattr("studio.workers.bridge._PERIOD_MS", 60_000)
    bridge.put(turns.append, 0)
    qtbot.waitUntil(lambda: turns == [0])
    for number in range(3):
        bridge.put(got.append, number)
    QApplication.processEvents()
    (timer,) = (timer for timer in bridge.findChildren(QTimer) if timer.isActive())
    assert got == [] and timer.remainingTime() > 0
    bridge.hurry(turns.append, 1)
    QApplication.processEvents()
    assert got == [0, 1, 2] and turns == [0, 1], "a person waits for it"
    bridge.stop()


def test_what_comes_steadily_comes_with_others_in_order_or_after_a_while(qtbot, monkeypatch):
    bridge, got = Bridge(), []
    bridge.put_along(got.append, 1)  # nothing was called lately
    qtbot.waitUntil(lambda: got == [1])
    monkeypatch.setattr("studio.workers.bridge._PATIENCE_SECONDS", 1000)
    bridge.put_along(got.append, 2)
    QApplication.processEvents()
    assert got == [1], "wakes nobody"
    bridge.put(got.append, 3)
    qtbot.waitUntil(lambda: got == [1, 2, 3])
