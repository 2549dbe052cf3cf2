"""The bands of troubles on the curves: where the evidence is, and where it was before its cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from engine.i18n import tr
from studio import language
from studio.model.findings import findings_of
from studio.model.run_data import RunData
from studio.widgets.layouts.lazy_widget import LazyWidget
from studio.widgets.plots.class_bars import ClassBars
from studio.widgets.plots.plot_spans import fitting
from studio.widgets.plots.quality_curves import QualityCurves
from studio.widgets.plots.time_plot import TimePlot
from studio.workspaces.train.quality_panel import QualityPanel
from tests.studio.courses import (
    CURVES,
    EPOCH,
    FEW,
    health_tab,
    judged,
    looks,
    opened,
    recorded,
    rows,
    show,
    shown_run,
    spans,
)
from tests.studio.hands import shown

# ---------------------------------------------------------------- the curves


def test_evidence_is_shaded_on_the_curve_that_shows_it(window):
    plot = window.loss_plot
    upper, lower = plot.findChildren(TimePlot)
    plot.show_findings(findings_of(*CURVES["d-wins"]()))
    assert not spans(upper)
    (span,) = spans(lower)
    assert (span.first, span.last) == (0.1, 30.0) and span.texts[1] == "D wins" and "100%" in span.texts[0]
    language.switch("es")
    assert spans(lower)[0].texts[1] == tr("D wins")
    plot.show_findings(findings_of(*CURVES["rate-too-high"]()))
    assert spans(upper) and not spans(lower)
    plot.grab()
    plot.set_run_data(RunData())
    assert not spans(upper) and not spans(lower)


def test_what_is_not_finite_has_its_mark_already(window):
    info, history = CURVES["not-finite"]()
    window.loss_plot.set_run_data(history)
    window.loss_plot.show_findings(findings_of(info, history))
    upper, _ = window.loss_plot.findChildren(TimePlot)
    assert not spans(upper) and upper.marks_item.marks.troubles == (30.0,)


def test_a_shade_is_seen_and_its_name_too(window, qapp):
    plot = window.loss_plot
    info, history = CURVES["rate-too-high"]()
    plot.set_run_data(history)
    upper, _ = plot.findChildren(TimePlot)
    before = upper.grab().toImage()
    plot.show_findings(findings_of(info, history))
    after = upper.grab().toImage()
    area = upper.plotting_area(upper)
    column = round(area.left() + area.width() * 15 / 40)
    colors = [[image.pixelColor(column, round(area.top()) + y) for y in range(30)] for image in (before, after)]
    paper, shade = (max(each, key=each.count) for each in colors)  # most of it is beside the curves
    assert paper != shade and shade.blue() < paper.blue() and shade.red() >= paper.red() - 8


@pytest.mark.parametrize(
    ("room", "expected"), [(100, ("abcdefgh", 8)), (7.5, ("abc", 3)), (2, ("abc", 2)), (-5, ("abc", 0))]
)
def test_a_name_takes_the_fullest_text_that_has_room(room, expected):
    assert fitting(("abcdefgh", "abc"), room, len) == expected


@pytest.fixture
def quality(qtbot):
    return shown(qtbot, QualityPanel(), 368, 1400)


def draw(panel):
    panel.findChild(LazyWidget).draw()
    QApplication.processEvents()


@pytest.mark.parametrize(
    ("trouble", "plot"), [("no-learning", 0), ("oscillation", 0), ("mode-collapse", 1), ("labels-ignored", 2)]
)
def test_the_curves_of_quality_are_shaded(quality, trouble, plot):
    info, history = CURVES[trouble]()
    quality.set_run_data(history)
    quality.show_findings(findings_of(info, history))
    draw(quality)
    plots = quality.findChild(QualityCurves).findChildren(TimePlot)
    assert [bool(spans(each)) for each in plots] == [number == plot for number in range(3)]
    assert spans(plots[plot])[0].last == 30.0
    quality.grab()
    quality.show_findings(None)
    draw(quality)
    assert not any(spans(each) for each in plots)


def test_classes_that_are_hardly_drawn_are_shaded_in_the_epochs_concerned(quality):
    info, history = recorded([*looks(5), *(judged(e, recall=0.0, histogram=FEW) for e in range(6, 31))])
    quality.set_run_data(history)
    quality.show_findings(findings_of(info, history))
    draw(quality)
    bars = quality.findChild(ClassBars)
    assert bars.missing == tuple(range(3, 10)) and bars.warning[0].startswith("Only 3 of 10 classes are drawn (since")
    bars.grab()
    quality.show_epoch(5)
    draw(quality)
    assert bars.missing == () and bars.warning == ()


def test_the_band_of_a_trouble_stays_after_its_cure(window):
    info, history = CURVES["d-wins"]()
    history.changes = [(30 * EPOCH, "d_lr", 0.0001)]
    history.append(rows(epochs=2, first=30))
    shown_run(window, info, history)
    (span,) = spans(window.loss_plot.findChildren(TimePlot)[1])
    assert (span.first, span.last, span.texts[1]) == (0.1, 30.0, "D wins")
    assert health_tab(window) == "Health", "but nothing is wrong now"


def test_the_band_of_a_trouble_stays_after_it_passed_by_itself(window, tmp_path, qtbot):
    info, history = CURVES["d-wins"]()
    history.append(rows(epochs=10, first=30))
    history.qualities += [judged(epoch) for epoch in range(31, 41)]
    show(window, opened(tmp_path, info, history))
    lower = window.loss_plot.findChildren(TimePlot)[1]
    for epoch in (40, 3, 35):  # now, and looking back
        history.add_grid(epoch, Path("absent.png"))
        window.epoch_strip.choose(epoch)
        (span,) = spans(lower)
        assert span.first == 0.1 and 30 <= span.last < 32
        assert span.texts[0].endswith("(epochs 0.1 to 30).") and span.texts[1] == "D wins"
    assert health_tab(window) == "Health", "but nothing is wrong now"
