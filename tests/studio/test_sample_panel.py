"""Looking closely at a sample: selecting it, what is found out about it, and how that is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from engine.datasets.info import POINTS, ROWS
from engine.evaluation.sample_inspector import GeneratorUpdate, SampleReport
from studio import language, theme
from studio.model.sample import InspectedSample
from studio.model.snapshot import SnapshotRef
from studio.widgets.pictures.picture_columns import PictureColumns
from studio.workspaces.train.sample_panel import SamplePanel
from tests.studio.samples import DIGITS, sample, words
from tests.studio.shouting import shout

# The panel


def examination(seed=0, **changes):
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256, (28, 28), dtype=np.uint8)
    pushes = tuple(GeneratorUpdate(steps, picture, verdict) for steps, verdict in ((1, 0.5), (5, 0.625), (20, 0.875)))
    known = SampleReport(
        image=picture,
        label=3,
        verdict=0.25,
        reading=(3, 0.99),
        neighbor=picture,
        neighbor_index=7,
        neighbor_label=5,
        neighbor_distance=0.01,
        usual_distance=0.2,
        saliency=random.uniform(-1, 1, (28, 28)).astype(np.float32),
        updates=pushes,
    )
    return replace(known, **changes)


@pytest.fixture
def panel(qtbot):
    panel = SamplePanel()
    qtbot.addWidget(panel)
    panel.set_names(DIGITS)
    panel.resize(368, 900)
    panel.show()
    QApplication.processEvents()
    return panel


def part(panel, name):
    return panel.findChild(QWidget, name)


@pytest.fixture
def wanted(panel):
    found = []
    panel.inspection_requested.connect(found.append)
    return found


def test_before_a_click_it_says_what_to_do(panel, wanted):
    assert "Click a sample" in words(panel) and "Return" in words(panel)
    panel.show_sample(None)
    assert wanted == []
    language.speak_of(POINTS)  # as they are planned, before any run
    assert "Rest the pointer" in words(panel)
    language.speak_of(ROWS)  # no single row is told in the plots of a wider table
    assert "Explore" in words(panel) and "Rest the pointer" not in words(panel)


def test_at_once_it_shows_the_tile_and_asks(panel, wanted):
    one = sample()
    panel.show_sample(one)
    assert wanted == [one]
    assert "Sample 14 · asked for “3” · epoch 12" in words(panel) and "Looking…" in words(panel)
    assert np.array_equal(part(panel, "sample_pictures").pictures[0].picture, one.picture)
    assert not part(panel, "sample_findings").isVisible(), "there is nothing yet to fill it"


def test_a_report_tells_everything(panel):
    one = sample()
    panel.show_sample(one)
    panel.show_inspected(InspectedSample(one, SnapshotRef(12, 10), examination()))
    said = words(panel)
    for text in (
        "Generator of epoch 10, the nearest kept",
        "D: 25.0% real",
        "“5” · image 8",
        "The judge reads “3” (99.0% sure), as asked.",
        "A copy, learned by heart.",
        "brighter here would look more real",
        "darker here would look more real",
        "A push is one step",
        "after 20",
        "87.5%",
    ):
        assert text in said
    assert [picture.verdict for picture in part(panel, "sample_pushes").pictures] == [0.25, 0.5, 0.625, 0.875]
    assert part(panel, "sample_pushes").pictures[3].accessibleName() == "after 20"
    assert part(panel, "sample_pushes").pictures[3].accessibleDescription() == "D: 87.5% real"
    assert part(panel, "sample_heat").picture.shape == (28, 28, 3) and part(panel, "sample_findings").isEnabled()


def test_a_long_name_of_a_class_may_break(panel):
    one = sample()
    panel.set_names([40 * "w"] * 10)
    panel.show_sample(one)
    panel.show_inspected(InspectedSample(one, SnapshotRef(12, 10), examination()))
    assert max(map(len, words(panel).replace("\u200b", "\n").split())) < 40


def test_without_players_only_what_needs_none_is_shown(panel):
    one = sample()
    panel.show_sample(one)
    found = examination(updates=(), reading=None, verdict=None)
    panel.show_inspected(InspectedSample(one, SnapshotRef(12, 12), found, ("D was not kept.",)))
    assert "D was not kept." in words(panel) and "A copy" in words(panel) and "Generator of" not in words(panel)
    assert (
        not part(panel, "sample_heat").isVisible()
        and not part(panel, "sample_pushes").isVisible()
        and "D: " not in words(panel)
    )
    panel.show_inspected(InspectedSample(one, SnapshotRef(12, 12), examination()))
    assert part(panel, "sample_heat").isVisible() and "D was not kept." not in words(panel)


def test_a_report_without_neighbor_or_classes_is_shown(panel):
    panel.set_names(())
    one = sample()
    panel.show_sample(one)
    nobody = dict.fromkeys(
        ("neighbor", "neighbor_index", "neighbor_label", "neighbor_distance", "usual_distance", "reading")
    )
    panel.show_inspected(InspectedSample(one, SnapshotRef(12, 12), examination(label=-1, **nobody)))
    assert part(panel, "sample_pictures").pictures[1].picture is None and "copy" not in words(panel)


def test_another_epoch_waits_until_the_slider_rests_and_another_tile_does_not(panel, wanted, qtbot):
    first, second, third = sample(), sample(epoch=13), sample(epoch=14)
    panel.show_sample(first)
    panel.show_inspected(InspectedSample(first, SnapshotRef(12, 12), examination()))
    panel.show_sample(second)
    panel.show_sample(third)
    QApplication.processEvents()
    assert wanted == [first] and "epoch 14" in words(panel) and not part(panel, "sample_findings").isEnabled()
    qtbot.waitUntil(lambda: len(wanted) == 2)
    assert wanted[1] is third
    other = sample(epoch=14, tile=2)
    panel.show_sample(other)
    assert not panel.findChild(QTimer).isActive()
    qtbot.waitUntil(lambda: wanted[-1] is other)


def test_a_report_on_another_sample_comes_too_late(panel):
    first, second = sample(), sample(tile=2)
    panel.show_sample(first)
    panel.show_sample(second)
    panel.show_inspected(InspectedSample(first, SnapshotRef(12, 12), examination()))
    assert "Looking…" in words(panel)
    panel.show_sample(None)
    panel.show_inspected(InspectedSample(second, SnapshotRef(12, 12), examination()))
    assert "Click a sample" in words(panel)


def test_it_asks_only_while_it_is_seen(panel, wanted, qtbot):
    panel.hide()
    panel.show_sample(sample())
    assert wanted == []
    panel.show()
    qtbot.waitUntil(lambda: len(wanted) == 1)
    panel.hide()
    panel.show()
    panel.repaint()
    QApplication.processEvents()
    assert len(wanted) == 1


def test_a_defect_ends_the_waiting(panel):
    panel.show_sample(sample())
    panel.stop_waiting()
    assert "Looking…" not in words(panel)


def test_every_text_follows_the_language(panel, monkeypatch):
    shout(monkeypatch, panel)
    assert all(text.startswith("¡") for text in words(panel).split(" | "))
    one = sample()
    panel.show_sample(one)
    panel.show_inspected(InspectedSample(one, SnapshotRef(12, 12), examination()))
    monkeypatch.undo()
    QApplication.sendEvent(panel, QEvent(QEvent.Type.LanguageChange))
    assert "¡" not in words(panel) and "Generated" in words(panel)
    shout(monkeypatch, panel)
    assert "¡after 20!" in words(panel) and part(panel, "sample_heat").accessibleName().startswith("¡")
    monkeypatch.undo()


def test_pictures_enlarge_with_the_panel_and_colors_follow_the_theme(panel):
    rows = panel.findChildren(PictureColumns)
    assert len(rows) == 2 and all(row.layout().contentsMargins().isNull() for row in rows), "flush with what is around"
    one = sample()
    panel.show_sample(one)
    panel.show_inspected(InspectedSample(one, SnapshotRef(12, 12), examination()))
    QApplication.processEvents()
    before = part(panel, "sample_pictures").pictures[0].scale
    panel.resize(900, 1200)
    for _ in range(3):
        QApplication.processEvents()
    assert part(panel, "sample_pictures").pictures[0].scale > before >= 3
    theme.set_scheme("dark")
    QApplication.processEvents()
    picture = part(panel, "sample_pictures").pictures[0]
    bar = picture.picture_rect()
    shot = picture.grab().toImage()
    assert shot.pixelColor(round(bar.left()) + 3, round(bar.bottom()) + 6) == theme.color("discriminator")
    assert shot.pixelColor(round(bar.center().x()), round(bar.bottom()) + 6) != theme.color("discriminator")
