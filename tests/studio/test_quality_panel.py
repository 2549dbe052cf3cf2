"""The quality panel: what it tells of judgments of any kind, which epoch it follows, and what reaches it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QScrollArea, QTabBar, QTabWidget, QWidget

from engine.events import EvaluatorTraining, MetricsRow, QualityReady
from engine.runs import RunFolder, RunInfo
from studio import language
from studio.services.readers import read_run
from studio.text import quality as quality_words
from studio.widgets.layouts.lazy_widget import LazyWidget
from studio.widgets.plots.class_bars import ClassBars
from studio.widgets.plots.confusion_map import ConfusionMap
from studio.widgets.plots.plot_legend import LegendRow
from studio.widgets.plots.quality_curves import QualityCurves
from studio.widgets.plots.time_plot import TimePlot
from studio.workspaces.train.quality_panel import QualityPanel
from tests import tiny
from tests.studio.hands import announced, begin_training, shown
from tests.studio.judgments import BARE, DIGITS, draw, history_of, judged, said, show


@pytest.fixture
def panel(qtbot):
    return shown(qtbot, QualityPanel(), 368, 1400)


def chart(panel, kind):
    """The chart if it is shown."""
    found = panel.findChild(kind)
    is_there = panel.findChild(QTabBar).isVisible() and found is not None and not found.isHidden()
    return found if is_there else None  # whichever page is in front


# ---------------------------------------------------------------- what it says


@pytest.mark.parametrize("code", ["en", "es"])
def test_nothing_is_cut_off_at_the_right(panel, code):
    language.switch(code)
    panel.resize(328, 500)
    show(panel, judged())
    assert panel.findChild(LazyWidget).width() <= panel.findChild(QScrollArea).viewport().width()


def test_a_name_that_has_no_room_is_elided_and_told_below_the_mouse(qtbot):
    row = LegendRow((1, 0))
    qtbot.addWidget(row)
    row.set_name("as many real images", widest="")
    row.show()
    row.resize(row.sizeHint())
    assert not row.toolTip() and row.minimumSizeHint().width() < row.width()
    row.resize(row.minimumSizeHint())
    assert row.toolTip() == "as many real images"
    row.set_name("Loss", widest="1.234")
    assert row.minimumSizeHint() == row.sizeHint()


def test_before_anything_is_judged_it_says_so(panel):
    show(panel)
    assert "Nothing is judged yet" in said(panel)
    assert chart(panel, ClassBars) is None and panel.findChild(QualityCurves) is None


def test_a_judge_that_is_switched_off_is_named(panel):
    show(panel, is_judged=False)
    assert "Time for the judge" in said(panel)


def test_one_judgment_is_told_in_plain_words(panel):
    show(panel, judged())
    text = said(panel)
    assert "Epoch 1, judged by 500 samples" in text
    for part in ("95.0% read as asked", "Fréchet 22.6 (real images: 4.0)", "variety 82.0%, fidelity 90.0%"):
        assert part in text
    assert "Nothing is judged" not in text
    assert chart(panel, ClassBars) and chart(panel, ConfusionMap) and chart(panel, QualityCurves)


@pytest.mark.parametrize(("distance", "is_chance"), [(4.0, True), (1.5, True), (4.5, False)])
def test_a_distance_that_real_images_have_by_chance_is_said_to_tell_no_more(panel, distance, is_chance):
    show(panel, replace(judged(), frechet=distance, frechet_real=4.0))
    assert ("as near to real images as two parts of those are to each other" in said(panel)) == is_chance


def test_every_number_is_explained_with_its_standard_name():
    tips = " ".join(line.tip for line in quality_words.headline(judged()))
    for name in ("accuracy", "Fréchet distance", "precision", "recall", "Inception"):
        assert name in tips


def test_without_wishes_it_tells_what_cannot_be_read(panel):
    show(panel, replace(judged(), accuracy=None, confusion_matrix=None))
    assert "1.0% unreadable" in said(panel) and "read as asked" not in said(panel)
    assert chart(panel, ClassBars) and chart(panel, ConfusionMap) is None
    assert len([plot for plot in panel.findChildren(TimePlot) if plot.isVisible()]) == 3


def test_without_classes_only_distance_and_spread_remain(panel):
    show(panel, BARE, names=())
    assert "Fréchet 22.6" in said(panel) and "unreadable" not in said(panel)
    assert chart(panel, ClassBars) is None and chart(panel, ConfusionMap) is None
    assert len([plot for plot in panel.findChildren(TimePlot) if plot.isVisible()]) == 2
    assert "Inception" not in quality_words.headline(BARE)[0].tip


def test_classes_that_no_judge_can_read_are_told_and_not_shown_as_numbers(panel):
    show(panel, BARE, names=("circles", "squares"))
    assert "No judge can tell the classes of these images apart" in said(panel)
    assert "read as asked" not in said(panel) and not chart(panel, ClassBars) and not chart(panel, ConfusionMap)
    assert "Images without classes" not in quality_words.headline(BARE, ("circles", "squares"))[1].tip


@pytest.mark.parametrize(("share", "verdict"), [(0.0, "as rare as chance"), (0.4, "repeats training images")])
def test_copies_have_a_meaning(share, verdict):
    assert verdict in quality_words.notes(replace(BARE, memorization=share))[0].text


@pytest.mark.parametrize(("share", "verdict"), [(0.02, "as rare as chance"), (1.0, "again and again")])
def test_twins_have_a_meaning(share, verdict):
    assert verdict in quality_words.notes(replace(BARE, duplicates=share))[1].text


def test_classes_without_fitting_names_are_numbers(panel):
    show(panel, judged(classes=3), names=("a", "b"))
    assert "2" in panel.findChild(ClassBars).names


# ---------------------------------------------------------------- which epoch


def test_it_follows_the_epoch_that_is_looked_at(panel):
    show(panel, judged(2, accuracy=0.2), judged(5, accuracy=0.5), judged(9, accuracy=0.9))
    assert "Epoch 9" in said(panel)
    for epoch, expected in ((5, "Epoch 5"), (8, "Epoch 5"), (4, "Epoch 2"), (20, "Epoch 9")):
        panel.show_epoch(epoch)
        draw(panel)
        assert expected in said(panel)
    panel.show_epoch(1)
    draw(panel)
    assert "the first one that is, is epoch 2" in said(panel)


def test_new_judgments_appear_while_the_newest_is_shown(panel):
    history = history_of(judged(1))
    panel.set_run_data(history)
    history.add_quality(judged(2))
    panel.refresh()
    draw(panel)
    assert "Epoch 2" in said(panel)


def test_another_run_starts_over(panel):
    show(panel, judged(3))
    panel.show_epoch(3)
    panel.show_learning(0.5)
    show(panel)
    assert "Nothing is judged yet" in said(panel) and chart(panel, QualityCurves) is None
    assert not panel.findChild(QProgressBar).isVisible()


def test_a_learning_judge_shows_its_progress(panel):
    panel.show_learning(0.35)
    draw(panel)
    bar = panel.findChild(QProgressBar)
    assert bar.isVisible() and bar.text() == "35%" and "learning" in said(panel)
    assert "Nothing is judged" not in said(panel)
    panel.show_learning(1.0)
    draw(panel)
    assert not bar.isVisible() and "Nothing is judged yet" in said(panel)


# ---------------------------------------------------------------- drawing


def test_it_draws_at_most_once_before_it_rested(panel, qtbot):
    page = panel.findChild(LazyWidget)
    drawn = []
    page.due.connect(lambda: drawn.append(1))
    page.ask()
    for _ in range(20):
        page.ask()
    assert len(drawn) <= 1
    qtbot.waitUntil(lambda: len(drawn) >= 1)
    assert len(drawn) <= 2


def test_a_hidden_panel_waits_until_it_is_seen(qtbot):
    tabs, panel = QTabWidget(), QualityPanel()
    qtbot.addWidget(tabs)
    tabs.addTab(QWidget(), "first")
    tabs.addTab(panel, "quality")
    tabs.resize(368, 700)
    with qtbot.waitExposed(tabs):
        tabs.show()
    panel.set_run_data(history_of(judged(4)))
    draw(panel)
    assert "Epoch 4" not in "".join(label.text() for label in panel.findChildren(QLabel))
    tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "Epoch 4" in said(panel))


# ---------------------------------------------------------------- language


def test_the_language_switches_live(panel):
    show(panel, judged())
    language.switch("es")
    draw(panel)
    assert "22,6" in said(panel) and "22.6" not in said(panel)
    assert "," in panel.findChild(ClassBars).read_out


# ---------------------------------------------------------------- data, training, window


def test_a_history_is_cut_where_training_goes_on():
    history = history_of(judged(1), judged(2), judged(3))
    history.truncate(2000)
    assert [quality.epoch for quality in history.qualities] == [1, 2]


def test_a_training_that_begins_again_is_judged_again():
    history = history_of(judged(1), judged(2), judged(3))
    history.add_quality(judged(2, accuracy=0.5))
    assert [(quality.epoch, quality.accuracy) for quality in history.qualities] == [(1, 0.95), (2, 0.5)]


def test_the_training_delivers_what_the_judge_says(services, qtbot):
    shares = []
    services.training.evaluator_training.connect(lambda event: shares.append(event.share))
    begin_training(services.training)
    with announced(qtbot, services.shown.quality_added):
        services.training.hear(EvaluatorTraining(0.5))
        services.training.hear(QualityReady(judged(2)))
    services.training.hear_end()
    assert shares == [0.5]
    assert [quality.epoch for quality in services.shown.data.qualities] == [2]


@pytest.mark.parametrize("code", ["en", "es"])
@pytest.mark.parametrize("width", [330, 250])
def test_legends_of_large_text_are_whole_and_break_where_there_is_little_room(qtbot, code, width):
    language.switch(code)
    view = QualityCurves()
    font = view.font()
    font.setPixelSize(20)
    view.setFont(font)
    view.show_qualities([judged(1), judged(2)], 1000, 2.0)
    shown(qtbot, view, width, 700)
    legends = [row for row in view.findChildren(LegendRow) if row.isVisible()]
    assert len(legends) == 6
    for row in legends:
        assert row.width() >= row.sizeHint().width() and row.geometry().right() < view.width()
    for one, other in itertools.combinations(legends, 2):
        assert not one.geometry().intersects(other.geometry())


@pytest.fixture
def old_run(tmp_path):
    """A run of two epochs, both judged, as its folder keeps it."""
    folder = RunFolder(tmp_path / "run")
    folder.create()
    data = tiny.data()
    folder.save_info(RunInfo(tiny.config(epochs=2), data.facts))
    for epoch in (1, 2):
        folder.append_metrics([MetricsRow(10 * epoch, epoch, 80 * epoch, 1.0 * epoch, 1.0, 1.0, 0.5, 0.5)])
        folder.save_samples(epoch, np.zeros((18, 98), np.uint8))
        folder.append_quality(replace(judged(epoch), images_seen=80 * epoch))
    return folder.path


def test_an_old_run_brings_its_judgments(old_run):
    history = read_run(old_run).run.data
    assert [quality.epoch for quality in history.qualities] == [1, 2]
    assert history.data_classes == DIGITS


def test_the_window_shows_a_reopened_run_and_follows_its_slider(window, qtbot, old_run):
    panel = window.quality_panel
    window.commands.do("show_quality")
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(old_run)
    qtbot.waitUntil(lambda: "Epoch 2, judged" in said(panel))
    window.epoch_strip.choose(1)
    qtbot.waitUntil(lambda: "Epoch 1, judged" in said(panel))
    panel.epoch_picked.emit(2.2)
    assert window.epoch_strip.current_epoch == 2


def test_a_judge_that_learns_is_shown_until_it_speaks_or_training_stops(window, qtbot):
    panel, training = window.quality_panel, window.services.training
    learning = panel.findChild(QProgressBar, "judge_progress")
    window.show_quality() if hasattr(window, "show_quality") else window.commands.do("show_quality")
    for end in (lambda: training.hear(QualityReady(judged())), training.hear_end):
        begin_training(training)
        training.hear(EvaluatorTraining(0.4))
        qtbot.waitUntil(lambda: learning.isVisible() and learning.text() == "40%")
        end()
        qtbot.waitUntil(lambda: not learning.isVisible())
