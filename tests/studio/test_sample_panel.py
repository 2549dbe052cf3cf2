"""Looking closely at a sample: selecting it, what is found out about it, and how that is told."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QToolTip, QWidget

from engine.datasets import catalog
from engine.evaluation.sample_inspector import GeneratorUpdate, SampleReport
from engine.runs import RunFolder
from engine.trainer import Trainer
from studio import saliency, theme
from studio.model.run import Run, ShownRun
from studio.model.run_data import RunData
from studio.model.sample import InspectedSample, Sample
from studio.model.snapshot import SnapshotRef
from studio.services.inspection import InspectionService
from studio.services.run_inspector import Canceled, RunInspector
from studio.text import sample as sample_words
from studio.widgets.layouts.lazy_widget import LazyWidget
from studio.workspaces.train.sample_panel import SamplePanel
from studio.workspaces.train.sample_view import SampleView
from tests import tiny
from tests.studio.hands import announced, choice, shown, with_commands
from tests.studio.shouting import shout

DIGITS = tuple("0123456789")


# Selecting a tile


@pytest.fixture
def view(qtbot):
    """A sample view with three rows of ten digits of 28 pixels, two device pixels for each."""
    view = with_commands(shown(qtbot, SampleView(), 700, 300))
    show_epoch(view, 1)
    return view


VERDICTS = tuple(np.linspace(0, 1, 30))


def show_epoch(view, epoch, verdicts=VERDICTS, names=DIGITS):
    grid = np.full((88, 298), 10 * epoch, np.uint8)
    view.show_epoch(epoch, 9, grid, names, 28, verdicts)


def told(view):
    found = []
    view.sample_shown.connect(found.append)
    return found


def click(qtbot, view, tile, button=Qt.MouseButton.LeftButton):
    qtbot.mouseClick(view.grid, button, pos=view.grid.tile_rect(tile).center().toPoint())


def pixel(view, x, y):
    return view.grid.grab().toImage().pixelColor(round(x), round(y))


def test_a_click_selects_frames_and_tells_the_sample(view, qtbot):
    found, rect = told(view), view.grid.tile_rect(13)
    with qtbot.waitSignal(view.sample_chosen):
        click(qtbot, view, 13)
    (sample,) = found
    assert (sample.epoch, sample.tile, sample.label) == (1, 13, 3)
    assert sample.verdict == pytest.approx(13 / 29) and sample.picture.shape == (28, 28)
    assert pixel(view, rect.left() - 1, rect.top() + 9) == QColor("white")
    assert "Sample 14" in view.grid.accessibleDescription() and "44.8% real" in view.grid.accessibleDescription()


def test_gaps_other_buttons_and_real_pictures_select_nothing(view, qtbot):
    found, corner = told(view), view.grid.tile_rect(0).topLeft().toPoint()
    qtbot.mouseClick(view.grid, Qt.MouseButton.LeftButton, pos=corner + QPoint(round(28.5 * view.grid.scale), 5))
    qtbot.mouseClick(view.grid, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    click(qtbot, view, 5, Qt.MouseButton.RightButton)
    view.show_real(np.zeros((88, 298), np.uint8), DIGITS, 28)
    click(qtbot, view, 5)
    qtbot.keyClick(view.grid, Qt.Key.Key_Return)
    assert found == [] and view.grid.selected is None


def test_dragging_a_zoomed_picture_selects_nothing(view, qtbot):
    found = told(view)
    for _ in range(5):
        view.grid.zoom_in()
    middle = view.grid.rect().center()
    qtbot.mousePress(view.grid, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(view.grid, middle + QPoint(60, 0))
    qtbot.mouseRelease(view.grid, Qt.MouseButton.LeftButton, pos=middle + QPoint(60, 0))
    assert found == []
    tile = view.grid.tile_at(QPointF(middle))
    qtbot.mouseClick(view.grid, Qt.MouseButton.LeftButton, pos=middle)
    assert tile is not None and [sample.tile for sample in found] == [tile]


def test_by_keyboard_return_selects_arrows_move_and_escape_ends(view, qtbot):
    found, keys = told(view), Qt.Key
    for key in (keys.Key_Left, keys.Key_Return, keys.Key_Right, keys.Key_Down, keys.Key_Left, keys.Key_Up):
        qtbot.keyClick(view.grid, key)
    assert [sample.tile for sample in found] == [0, 1, 11, 10, 0]
    qtbot.keyClick(view.grid, keys.Key_Up)
    assert view.grid.selected == 0
    qtbot.keyClick(view.grid, keys.Key_Escape)
    assert found[-1] is None and view.grid.selected is None
    qtbot.keyClick(view.grid, keys.Key_Enter)
    assert found[-1].tile == 0


def test_the_keyboard_brings_a_zoomed_tile_into_view(view, qtbot):
    for _ in range(3):
        view.grid.zoom_in()
    qtbot.keyClick(view.grid, Qt.Key.Key_Return)
    assert view.grid.contentsRect().contains(view.grid.tile_rect(0).toRect())
    for _ in range(9):
        qtbot.keyClick(view.grid, Qt.Key.Key_Right)
    assert view.grid.contentsRect().contains(view.grid.tile_rect(9).toRect())


def test_the_same_tile_of_the_next_epoch_is_told_and_its_picture_with_it(view, qtbot):
    click(qtbot, view, 4)
    found = told(view)
    show_epoch(view, 2, verdicts=())
    assert (found[0].epoch, found[0].tile, found[0].verdict) == (2, 4, None)
    assert found[0].picture.max() == 20
    view.show_real(np.zeros((88, 298), np.uint8), DIGITS, 28)
    assert found[1:] == [None]
    show_epoch(view, 3)
    assert len(found) == 2


def test_a_grid_that_cannot_be_read_has_no_sample(view, qtbot):
    click(qtbot, view, 4)
    found = told(view)
    view.show_epoch(2, 9, np.full((1, 1), 128, np.uint8), DIGITS, 28, (0.5,) * 30)
    assert found == [None] and view.grid.tile_count == 0
    assert view.grab().height() == 300


def test_without_classes_nothing_was_asked_for(view, qtbot):
    found = told(view)
    show_epoch(view, 2, names=())
    click(qtbot, view, 4)
    assert found[0].label == -1


# Verdicts under the tiles


def test_bars_are_as_long_as_the_verdicts_and_can_be_switched_off(view, qtbot):
    ink, track = theme.ink_on_dark("discriminator"), theme.TRACK_ON_DARK

    def at(tile, share):
        rect = view.grid.tile_rect(tile)
        return pixel(view, rect.left() + share * (rect.width() - 1), rect.bottom() + 1.5)

    assert at(15, 0.4) == ink and at(15, 0.6) == track
    assert at(0, 0) == track and at(19, 0.6) == ink
    last = view.grid.tile_rect(29)  # no gap below: the bar lies on the tile
    assert pixel(view, last.center().x(), last.bottom() - 1.5) == ink
    choice(view, "verdicts").trigger()
    assert at(15, 0.4) not in (ink, track)
    show_epoch(view, 2)
    assert at(15, 0.4) not in (ink, track), "the choice is kept"


def test_runs_without_verdicts_have_neither_bars_nor_their_button(view):
    button = view.findChild(QToolButton, "verdicts_button")
    assert button.isVisible() and button.isChecked()
    show_epoch(view, 2, verdicts=())
    assert not button.isVisible()
    show_epoch(view, 3, verdicts=(0.5,) * 99)
    view.resize(60, 60)
    assert button.isVisibleTo(view) and not view.grab().isNull()


def test_bars_do_not_change_the_picture_that_is_saved(view, tmp_path):
    before = view.grid.picture.copy()
    view.grab()
    assert np.array_equal(view.grid.picture, before)


def test_over_a_tile_a_tip_tells_class_and_verdict(view, monkeypatch):
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, _widget: said.append(text))

    def tip(point):
        QApplication.sendEvent(view.grid, QHelpEvent(QEvent.Type.ToolTip, point, view.grid.mapToGlobal(point)))
        return said[-1]

    middle = view.grid.tile_rect(13).center().toPoint()
    assert tip(middle) == "3\nD: 44.8% real\nClick to look at it closely"
    assert tip(view.grid.headings()[3][1].center()) == "3"
    view.show_real(np.zeros((88, 298), np.uint8), DIGITS, 28)
    assert tip(middle) == "3"


# Words


@pytest.mark.parametrize(
    ("distance", "usual", "words"),
    [
        (0.01, 0.2, "A copy, learned by heart. It differs from its nearest training image by 1.0%;"),
        (0.1, 0.2, "but no copy."),
        (0.19, 0.2, "No copy. It differs from its nearest training image by 19.0%; real images differ from theirs by"),
        (0.0, 0.2, "A copy"),
        (0.1, None, "It differs from its nearest training image by 10.0%."),
        (0.0, 0.0, "No copy."),
    ],
)
def test_whether_it_is_a_copy_is_told_in_words(distance, usual, words):
    assert words in sample_words.copy_words(distance, usual)


def test_nothing_is_said_of_what_is_not_known():
    assert sample_words.copy_words(None, None) == sample_words.verdict_words(None) == ""
    assert sample_words.reading_words(None, 3, DIGITS) == sample_words.neighbor_words(None, None, DIGITS) == ""
    assert sample_words.reading_words((12, 0.5), 3, DIGITS) == ""


def test_the_judge_says_whether_it_reads_what_was_asked_for():
    assert sample_words.reading_words((4, 0.991), 4, DIGITS) == "The judge reads “4” (99.1% sure), as asked."
    assert sample_words.reading_words((9, 0.6), 4, DIGITS).endswith("but “4” was asked for.")
    assert sample_words.reading_words((9, 0.6), -1, DIGITS) == "The judge reads “9” (60.0% sure)."


def test_samples_and_neighbors_are_named():
    sample = Sample(1200, 13, np.zeros((8, 8), np.uint8), 3)
    assert sample_words.heading(sample, DIGITS) == "Sample 14 · asked for “3” · epoch 1,200"
    assert sample_words.heading(replace(sample, label=-1), ()) == "Sample 14 · epoch 1,200"
    assert sample_words.neighbor_words(3, 1974, DIGITS) == "“3” · image 1,975"
    assert sample_words.neighbor_words(-1, 0, ()) == "image 1"


# The heat map


def test_heat_is_yellow_or_violet_and_nothing_of_it_is_the_pale_picture():
    image = np.array([[0, 255, 0, 255]], np.uint8)
    painted = saliency.saliency_picture(image, np.array([[1, -1, 0, 0]], np.float32))
    assert tuple(painted[0, 0]) == saliency.BRIGHTER and tuple(painted[0, 1]) == saliency.DARKER
    black, white = painted[0, 2:]
    assert len(set(black.tolist())) == 1 and black[0] < white[0]
    lightness = [
        QColor(*color).lightness() for color in (saliency.DARKER, tuple(black), tuple(white), saliency.BRIGHTER)
    ]
    assert lightness[0] < lightness[1] < lightness[2] and lightness[3] > lightness[1]


def test_heat_over_a_color_picture_keeps_its_shape():
    image = np.zeros((5, 4, 3), np.uint8)
    assert saliency.saliency_picture(image, np.full((5, 4), np.float32(-0.5))).shape == (5, 4, 3)


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


def sample(epoch=12, tile=13):
    return Sample(epoch, tile, np.full((28, 28), 9, np.uint8), 3, 0.25)


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


def words(panel):
    return " | ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_before_a_click_it_says_what_to_do(panel, wanted):
    assert "Click a sample" in words(panel) and "Return" in words(panel)
    panel.show_sample(None)
    assert wanted == []


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


# Examining a run


@pytest.fixture
def run(tiny_gan, tmp_path):
    """The folder of a finished run of two epochs."""
    path = tmp_path / "run"
    for _event in Trainer(tiny.config(epochs=2), RunFolder(path)).run():
        pass
    return path


def look(run, is_canceled=lambda: False):
    return RunInspector(run, RunFolder(run).info(), is_canceled)


def tile_of(run, epoch, tile):
    picture = RunFolder(run).read_samples(epoch)[:8, 10 * tile : 10 * tile + 8]
    verdict = float(RunFolder(run).verdicts()[epoch][tile])
    return Sample(epoch, tile, picture, tile, verdict)


def drop(run, *names):
    for name in names:
        (run / "checkpoints" / f"{name}.safetensors").unlink()


def test_a_tile_is_examined_with_the_players_of_its_epoch(run):
    looking = look(run)
    for one in (tile_of(run, 1, 4), tile_of(run, 2, 4), tile_of(run, 1, 7)):
        inspected = looking.inspect(one)
        found = inspected.report
        assert (
            inspected.origin == SnapshotRef(one.epoch, one.epoch) and inspected.remarks == () and inspected.has_networks
        )
        assert np.abs(found.image.astype(int) - one.picture).max() <= 1
        assert found.verdict == pytest.approx(one.verdict, abs=1e-4) and found.label == one.label
        assert found.neighbor is not None and [push.steps for push in found.updates] == [1, 5, 20]


def test_the_players_of_the_nearest_epoch_step_in(run):
    drop(run, "generator-0002", "discriminator-0002")
    inspected = look(run).inspect(tile_of(run, 2, 4))
    assert inspected.origin == SnapshotRef(2, 1)
    assert inspected.report.verdict == pytest.approx(tile_of(run, 1, 4).verdict, abs=1e-4)


def test_a_run_that_kept_no_discriminators_still_shows_the_neighbor(run):
    drop(run, "discriminator-0001", "discriminator-0002")
    one = tile_of(run, 1, 4)
    inspected = look(run).inspect(one)
    assert not inspected.has_networks and "discriminator of epoch 1" in inspected.remarks[0]
    assert np.array_equal(inspected.report.image, one.picture) and inspected.report.neighbor is not None
    assert inspected.report.neighbor_distance > 0 and inspected.report.verdict == one.verdict
    last = look(run).inspect(tile_of(run, 2, 4))
    assert last.has_networks, "at its end, the newest discriminator is that of the last epoch"


def test_a_run_without_any_player_shows_picture_and_neighbor(run):
    drop(
        run,
        "generator-0000",
        "discriminator-0000",
        "generator-0001",
        "generator-0002",
        "discriminator-0001",
        "discriminator-0002",
    )
    inspected = look(run).inspect(tile_of(run, 1, 4))
    assert "keeps no generator" in inspected.remarks[0] and inspected.report.neighbor is not None


def test_training_images_that_are_not_at_hand_are_told(run, monkeypatch):
    monkeypatch.setattr(catalog, "is_at_hand", lambda _config: False)
    inspected = look(run).inspect(tile_of(run, 1, 4))
    assert inspected.has_networks and inspected.report.neighbor is None
    assert inspected.remarks == ("The training images are not on this machine, so the nearest one cannot be shown.",)


def test_other_training_images_are_told(run, monkeypatch):
    def other(_config):
        yield from ()
        return tiny.data().subset(40)

    monkeypatch.setattr(catalog, "read", other)
    inspected = look(run).inspect(tile_of(run, 1, 4))
    assert inspected.has_networks and inspected.report.neighbor is None and "has changed" in inspected.remarks[0]


@pytest.mark.parametrize("rubbish", [b"", b"rubbish"])
def test_damaged_noise_is_a_sentence(run, rubbish):
    (run / "samples" / "noise.safetensors").write_bytes(rubbish)
    inspected = look(run).inspect(tile_of(run, 1, 4))
    assert not inspected.has_networks and "noise.safetensors" in inspected.remarks[0]


def test_a_tile_beyond_the_noise_is_a_sentence(run):
    inspected = look(run).inspect(replace(tile_of(run, 1, 4), tile=20))
    assert not inspected.has_networks and "random numbers" in inspected.remarks[0]


def test_reading_the_images_is_given_up_when_nobody_waits(run):
    with pytest.raises(Canceled):
        look(run, is_canceled=lambda: True).inspect(tile_of(run, 1, 4))


# The thread


@pytest.fixture
def examiner(jobs):
    made = InspectionService(ShownRun(), jobs.bridge)
    yield made
    made.worker.stop()
    made.worker.wait(time.monotonic() + 60)


def show_run(examiner, run, info):
    examiner.shown.put(Run(run, info, RunData()))


def test_the_thread_answers_and_another_run_forgets_what_was_asked(examiner, qtbot, run):
    examiner.inspect(tile_of(run, 1, 4))
    assert not examiner.worker.is_begun, "without a run nothing is examined"
    info = RunFolder(run).info()
    show_run(examiner, run, info)
    one = tile_of(run, 1, 4)
    with qtbot.waitSignal(examiner.inspected) as answer:
        examiner.inspect(one)
    assert answer.args[0].sample is one
    answers = []
    examiner.inspected.connect(answers.append)
    examiner.inspect(one)
    show_run(examiner, run, info)
    last = tile_of(run, 2, 5)
    examiner.inspect(last)
    qtbot.waitUntil(lambda: bool(answers))
    assert [report.sample for report in answers] == [last]


def test_a_defect_is_told_and_the_thread_lives_on(examiner, qtbot, run, monkeypatch):
    def fail(self, sample):
        raise ZeroDivisionError

    show_run(examiner, run, RunFolder(run).info())
    with monkeypatch.context() as patch:
        patch.setattr(RunInspector, "inspect", fail)
        with qtbot.waitSignal(examiner.failed) as failed:
            examiner.inspect(tile_of(run, 1, 4))
    assert "ZeroDivisionError" in failed.args[0].message
    with qtbot.waitSignal(examiner.inspected):
        examiner.inspect(tile_of(run, 1, 4))


# The window


def test_a_click_in_the_window_raises_the_panel_and_fills_it(window, qtbot, run):
    window.services.open(run)
    qtbot.waitUntil(lambda: window.epoch_strip.current_epoch == 2 and window.sample_view.grid.picture is not None)
    panel = window.sample_panel
    assert panel.findChild(LazyWidget).visibleRegion().isEmpty()
    click(qtbot, window.sample_view, 4)
    qtbot.waitUntil(lambda: panel.inspected is not None)
    assert not panel.findChild(LazyWidget).visibleRegion().isEmpty() and "Sample 5 · asked for “4” · epoch 2" in words(
        panel
    )
    window.epoch_strip.choose(1)
    qtbot.waitUntil(lambda: panel.inspected.origin == SnapshotRef(1, 1))
    assert "epoch 1" in words(panel)
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(run)
    assert window.sample_view.grid.selected is None and "Click a sample" in words(panel)
