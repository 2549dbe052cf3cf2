"""Lines, points, map and bars of a search: what is chosen there, and what is drawn when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio import text_size, theme
from studio.workspaces.compare.search.why_panel import CONTOUR, IMPORTANCE, PARALLEL, SLICE, WhyPanel
from tests.engine import searching
from tests.studio.hands import shown
from tests.studio.trials import TRIALS, opened, search_page


@pytest.fixture
def page(window, qtbot, monkeypatch):
    """The page in front of a window, whose machine was measured before."""
    return search_page(window, monkeypatch)


# --- why


@pytest.fixture
def panel(qtbot):
    made = shown(qtbot, WhyPanel(), 800, 300)
    plan = searching.plan("d_lr=1e-4..1e-1:log", "d_steps=1..4")
    trials = [replace(it, values=it.values | {"d_steps": 1 + it.number % 4}) for it in TRIALS]
    made.show_search(plan, trials, {"d_lr": 0.8, "d_steps": 0.2})
    return made


@pytest.mark.parametrize("drawing", [PARALLEL, SLICE, CONTOUR])
def test_a_click_chooses_the_trial_that_is_drawn_there(panel, drawing):
    panel.drawing.setCurrentIndex(drawing)
    QApplication.processEvents()
    assert sorted(panel.plot.numbers) == [0, 1, 2, 3, 4, 5], "those that were judged and are over"
    box = panel.plot.getPlotItem().getViewBox()
    for place, number in enumerate(panel.plot.numbers):
        point = box.mapViewToScene(pg.Point(*panel.plot.lines[place][0]))
        found = panel.plot.nearest(point.x(), point.y())
        assert found is not None and panel.plot.numbers[found] == number
    assert panel.plot.nearest(-500.0, -500.0) is None


def test_many_lines_are_drawn_as_few_curves_the_chosen_one_on_top(panel):
    many = [replace(TRIALS[5], number=number, value=float(number + 1)) for number in range(200)]
    panel.show_search(searching.plan("d_lr=1e-4..1e-1:log"), many, {})
    panel.select([7])
    curves = [item for item in panel.plot.getPlotItem().items if isinstance(item, pg.PlotCurveItem)]
    assert len(curves) <= 9
    lines = [np.isnan(curve.getData()[0]).sum() for curve in curves]
    assert sum(lines) == len(many) and lines[-1] == 1, "no line is led into the next one"
    assert [curve.opts["pen"].widthF() > 2 for curve in curves].index(True) == len(curves) - 1


def test_all_texts_of_the_lines_have_room_however_large_the_text(panel):
    text_size.show(150)
    panel.resize(420, 180)
    QApplication.processEvents()
    plot, axes = panel.plot, 3
    texts = [item for item in plot.getPlotItem().items if isinstance(item, pg.TextItem)]
    assert len(texts) == 2 * axes
    for item in texts:
        place = item.mapRectToScene(item.boundingRect())
        assert plot.sceneRect().contains(place), item.toPlainText()
    text_size.show(text_size.USUAL)


def test_arrows_go_from_trial_to_trial(panel, qtbot):
    chosen = []
    panel.chosen.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(panel.plot, key)
        panel.select(chosen[-1])
    assert chosen == [[0], [1], [0]]


def test_the_axes_that_were_chosen_stay_and_another_search_brings_its_own(panel):
    panel.drawing.setCurrentIndex(SLICE)
    assert panel.x_box.isVisible() and panel.y_box.isHidden()
    panel.x_box.setCurrentIndex(1)
    panel.retranslate()
    assert panel.x_box.currentData() == "d_steps"
    panel.show_search(searching.plan("g_lr", "batch_size"), TRIALS, {})
    assert [panel.x_box.itemData(at) for at in range(panel.x_box.count())] == ["g_lr", "batch_size"]


def test_importance_is_drawn_as_soon_as_it_is_known(panel):
    panel.drawing.setCurrentIndex(IMPORTANCE)
    texts = [item.toPlainText() for item in panel.plot.getPlotItem().items if isinstance(item, pg.TextItem)]
    assert texts == ["80%", "20%"] and panel.x_box.isHidden()
    panel.show_search(searching.plan(), TRIALS, {})
    assert panel.empty.isVisible() and panel.plot.isHidden()
    panel.show_search(None, (), {})
    assert panel.empty.isVisible() and not panel.drawing.isEnabled()


def test_the_drawing_follows_the_theme(panel):
    assert panel.plot.backgroundBrush().color().lightness() > 128
    theme.set_scheme("dark")
    QApplication.processEvents()
    assert panel.plot.backgroundBrush().color().lightness() < 128


def test_what_is_chosen_in_a_drawing_is_chosen_among_the_tiles_and_the_other_way_round(page, window):
    window.services.searching.hear(opened())
    page.why.plot.chosen.emit([0, 5])
    assert sorted(page.sheet.view.numbers()) == [0, 5] and page.why.plot.selected == {0, 5}
    page.sheet.view.choose([2])
    assert page.why.plot.selected == {2}


def test_many_trials_that_change_at_once_are_drawn_once(page, window, monkeypatch):
    service, drawn = window.services.searching, []
    service.plan = searching.plan()
    monkeypatch.setattr(page.why, "show_search", lambda *shown: drawn.append(shown))
    for each in (replace(it, value=1.0) for it in TRIALS):
        service.trials[each.number] = each
        service.trial_changed.emit(each)
    QApplication.processEvents()
    assert len(drawn) == 1 and [it.value for it in drawn[0][1]] == [1.0] * 7
