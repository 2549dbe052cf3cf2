"""Points in the whole window: chosen, brought as a table, trained on, seen live and at any epoch, explored."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from engine.datasets import catalog
from engine.datasets.info import POINTS
from engine.i18n import PICTURES, noun_spoken_of
from engine.job import Progress
from engine.latent.generator_session import open_session
from engine.points.scale import to_own
from engine.recipes import FIRST_RECIPE, recipe
from engine.runs import RunFolder
from engine.runs.summary import summary
from engine.trainer import Trainer
from studio import language
from studio.help.help_button import HelpButton
from studio.panels.magnifier_dialog import MagnifierDialog
from studio.services import table_reader
from studio.widgets.fields.drop_target import DropTarget
from studio.widgets.pictures.image_view import image_to_picture
from studio.widgets.pictures.picture_strip import PictureStrip
from studio.widgets.pictures.verdict_row import VerdictRow
from studio.workspaces.explore.export_dialog import ExportDialog, ExportWish
from studio.workspaces.explore.points_page import CHANNEL
from tests.nouns import OF_PICTURES
from tests.studio.hands import action, announced, drop, dropped, spoken, trained_run
from tests.studio.judgments import judged

_READ = catalog.read
SMALL = {
    "max_images": 160,
    "epochs": 3,
    "batch_size": 16,
    "g_channels": 8,
    "d_channels": 8,
    "sample_rows": 2,
    "sample_columns": 8,
    "eval_time_percent": 0,
    "threads": 1,
    "device": "cpu",
}


def config(name="plane-ring", **values):
    return recipe(name).config(**(SMALL | values))


@pytest.fixture(autouse=True)
def real_data(window, monkeypatch):
    """The data as they are, and not the tiny digits of other tests."""
    monkeypatch.setattr(catalog, "read", _READ)


@pytest.fixture
def table(tmp_path):
    """A file with three columns of numbers."""
    path = tmp_path / "people.csv"
    random = np.random.default_rng(0)
    rows = "\n".join(f"{a:.1f},{b:.1f},{c:.1f}" for a, b, c in random.uniform(50, 200, (60, 3)))
    path.write_text(f"height,weight,age\n{rows}\n")
    return path


@pytest.fixture
def old(tmp_path):
    """The folder of a finished run of points."""
    run = RunFolder(tmp_path / "old")
    for _event in Trainer(config(), run).run():
        pass
    return run


def open_run(qtbot, window, path):
    with qtbot.waitSignal(window.services.points.seen) as seen:
        window.services.open(path)
    return seen.args[0]


def shows_points(window):
    return window.made.currentWidget() is window.points_view


# --- chosen


def test_what_is_chosen_beside_a_run_is_called_by_its_own_name_and_the_run_by_its_own(window, qtbot, tmp_path, old):
    """Whatever told of the run shown spoke of points as soon as points were chosen for the next training."""
    view, switch = window.points_view, window.points_view.view.legend.buttons["real"]
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(trained_run(tmp_path / "pictures", 1))
    with qtbot.waitSignal(window.services.images.looked_at):
        window.plans.choose_dataset("plane-moons")
    assert shows_points(window) and noun_spoken_of() is PICTURES
    assert view.findChild(QLabel, "points_heading").text() == "Real points for the next training · 10,000"
    assert view.view.plot.accessibleName() == "Points: 10,000 real points" and switch.text() == "Real points"
    assert OF_PICTURES.search(switch.toolTip()) is None
    open_run(qtbot, window, old.path)
    with qtbot.waitSignal(window.services.images.looked_at):
        window.plans.choose_dataset("faces")
    assert not shows_points(window) and noun_spoken_of() is POINTS
    heading = window.findChild(QLabel, "sample_heading").text()
    assert heading.startswith("Real pictures for the next training")


def test_with_points_goes_a_recipe_made_for_them_and_it_can_be_undone(window, qtbot):
    before = window.plans.undo
    with qtbot.waitSignal(window.services.images.looked_at):
        window.plans.choose_dataset("plane-moons")
    assert (window.context.plan.config.recipe, window.context.plan.config.dataset) == ("plane-moons", "plane-moons")
    assert window.context.plan.is_sensible and shows_points(window)
    assert "With these data goes the recipe" in window.message_bar.text
    assert window.points_view.view.plot.accessibleName() == "Points: 10,000 real points"
    window.plans.choose_dataset("plane-grid")
    assert window.context.plan.config.recipe == "plane-moons" and window.context.plan.config.dataset == "plane-grid"
    before.undo()
    before.undo()
    assert (window.context.plan.config.recipe, window.context.plan.config.dataset) == (FIRST_RECIPE, "digits")
    qtbot.waitUntil(lambda: not shows_points(window))


def test_a_table_that_is_dropped_is_shown_as_a_matrix(window, qtbot, table):
    with qtbot.waitSignal(window.services.images.looked_at):
        drop(window, dropped(table))
    planned = window.context.plan.config
    assert (planned.dataset, planned.data_root, planned.recipe) == ("table", str(table), "table")
    assert planned.epochs > recipe("table").config().epochs  # a small table is passed more often
    assert shows_points(window) and window.points_view.view.scatter.names == ("height", "weight", "age")
    assert window.points_view.view.matrix.accessibleName() == "Rows: 60 real rows"


def test_a_table_is_there_again_at_the_next_start_or_it_is_said_why_not(make_window, settings, qtbot, table):
    settings.recipe, settings.table = "table", str(table)
    window = make_window()
    window.plans.begin()
    qtbot.waitUntil(lambda: window.context.plan.config.data_root == str(table))
    assert window.context.plan.config.epochs > recipe("table").config().epochs
    window.close()
    table.rename(table.with_name("away.csv"))
    again = make_window()
    again.plans.begin()
    qtbot.waitUntil(lambda: f"“{table}” cannot be read" in again.message_bar.text)
    assert again.context.plan.config.dataset == "table"


def test_how_far_a_table_is_read_is_told_and_it_can_be_canceled(window, qtbot, table, monkeypatch):
    may_end = threading.Event()

    def slowly(config):
        yield Progress(3, 9, "")
        assert may_end.wait(10)
        yield Progress(9, 9, "")
        return (yield from _READ(config))

    monkeypatch.setattr(catalog, "read", slowly)
    monkeypatch.setattr(table_reader, "_TOLD_EVERY_SECONDS", 0)
    before = window.context.plan.config
    window.plans.take_table(str(table))
    qtbot.waitUntil(lambda: "“people.csv” is read: 3 of 9 rows" in window.message_bar.text)
    action(window).click()
    assert not window.message_bar.text
    may_end.set()
    window.services.jobs.wait(time.monotonic() + 10)
    window.services.jobs.bridge.deliver(10)
    assert window.context.plan.config is before, "what was read after all is none to plan with"


def test_what_is_no_table_is_told_and_changes_nothing(window, qtbot, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("x,y\n1,2\n3,many\n")
    before = window.context.plan.config
    window.plans.take_table(str(path))
    qtbot.waitUntil(lambda: "is no number" in window.message_bar.text)
    assert window.context.plan.config is before and not shows_points(window)


def test_two_tables_or_a_file_of_another_kind_are_refused(window, qtbot, table, tmp_path):
    (tmp_path / "notes.txt").write_text("no table")
    (tmp_path / "more.csv").write_text("x,y\n1,2\n")
    drops = window.findChild(DropTarget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    for paths in ((table, tmp_path / "more.csv"), (tmp_path / "notes.txt",)):
        with qtbot.waitSignal(drops.refused) as told:
            drop(window, dropped(*paths))
        assert "no table" in told.args[0]


# --- trained, live and at any epoch


def test_points_are_seen_live_while_they_are_trained(window, qtbot):
    services = window.services
    with qtbot.waitSignal(services.points.seen, check_params_cb=lambda seen: seen.epoch > 0):
        services.training.start(config(epochs=100_000, sample_every=100_000))
    assert services.points.is_live and shows_points(window)
    scatter = window.points_view.view.scatter
    assert scatter.layers == ("real", "generated", "field", "push")
    assert len(scatter.real) == 160 and scatter.generated.shape == (16, 2) and scatter.modes[1] == 8
    with qtbot.waitSignal(services.training.stopped):
        services.training.stop()


def test_nobody_is_asked_for_what_nobody_sees(window, qtbot):
    services, asked = window.services, []
    window.points_view.hide()
    window.commands.do("go_to_style")
    services.training.request_snapshot, given = lambda **how: asked.append(how), services.training.request_snapshot
    with qtbot.waitSignal(services.training.finished):
        services.training.start(config(epochs=20))
    services.training.request_snapshot = given
    assert {"with_opponent": True} not in asked
    qtbot.waitUntil(lambda: not services.training.is_busy)


def test_an_epoch_shows_the_points_of_its_generator_in_their_own_units(window, qtbot, old):
    assert open_run(qtbot, window, old.path).epoch == 3
    for epoch in (1, 0):
        with qtbot.waitSignal(window.services.points.seen) as told:
            window.services.shown.look_at(epoch)
        seen = told.args[0]
        noise = old.noise()
        made = open_session(old, epoch).render(noise["z"], noise["labels"]).reshape(16, 2)
        assert seen.epoch == epoch
        assert np.allclose(seen.scatter.generated, to_own(made, old.info().facts.columns))
        assert seen.scatter.low == pytest.approx([-3.025, -3.025]) and seen.scatter.names == ("x", "y")
    heading = window.points_view.findChild(QLabel, "points_heading")
    assert "before the first step" in heading.text()
    with qtbot.waitSignal(window.services.points.seen):  # the plan names the same points: nothing lies upon the run
        window.plans.show_config(old.info().config)
    assert "before the first step" in heading.text()
    with qtbot.waitSignal(window.services.images.looked_at):
        window.plans.choose_dataset("plane-grid")
    assert "for the next training" in heading.text() and "of the run “old”" in window.points_view.hint
    with qtbot.waitSignal(window.services.images.looked_at):
        window.plans.choose_dataset("digits")
    window.services.shown.look_at(1)
    assert shows_points(window), "a chosen epoch brings back those of the run"


def test_a_table_that_is_gone_leaves_the_generated_points(window, qtbot, table, tmp_path):
    run = RunFolder(tmp_path / "of the table")
    for _event in Trainer(config("table", data_root=str(table), epochs=1), run).run():
        pass
    table.unlink()
    scatter = open_run(qtbot, window, run.path).scatter
    assert scatter.layers == ("generated",) and scatter.is_matrix and scatter.modes is None


def test_a_run_of_pictures_takes_the_middle_again(window, qtbot, old, tmp_path):
    open_run(qtbot, window, old.path)
    language.switch_unseen()  # the tab of samples hears later of what is spoken
    assert shows_points(window) and "Points are read" in window.sample_panel.findChild(QLabel, "sample_nothing").text()
    with announced(qtbot, window.services.shown.run_changed):
        window.services.training.start(recipe("studio").config(max_images=20, epochs=1, batch_size=4, threads=1))
    assert not shows_points(window) and not window.services.points.is_live
    assert noun_spoken_of() is PICTURES and "real images" in " ".join(spoken(window.loss_plot))
    qtbot.waitUntil(lambda: not window.services.training.is_busy)


def test_all_that_is_said_of_a_run_of_points_is_about_points(window, qtbot, old):
    """Also where one looks closely; and that is so in Spanish, whose words agree with the noun."""
    open_run(qtbot, window, old.path)
    window.services.shown.data.add_quality(judged(epoch=2, classes=8))
    window.show_health()
    parts = (window.health_panel, window.quality_panel, window.loss_plot, window.points_view, window.message_bar)
    for code, word in (("en", "points"), ("es", "puntos")):
        language.switch(code)
        language.switch_unseen()
        said = set().union(*map(spoken, parts)) | {window.run_bar.status.toolTip()}
        assert not {text for text in said if OF_PICTURES.search(text)}
        assert sum(word in text for text in said) > 5


def test_strip_and_table_show_the_whole_picture_of_an_epoch(window, qtbot, old):
    open_run(qtbot, window, old.path)
    strip = window.epoch_strip.findChild(PictureStrip)
    qtbot.waitUntil(lambda: 3 in strip.pictures())
    assert strip.image_of(3).width() == strip.image_of(3).height()
    preview = summary(old.path).preview
    assert preview.shape == (56, 56, 3) and preview.std() > 5


def test_what_was_switched_off_stays_so_at_the_next_start(make_window, window):
    window.points_view.hide_layers(frozenset({"field"}))
    state = window.workspaces["train"].layout_state()
    other = make_window()
    other.workspaces["train"].restore_layout(state)
    assert other.points_view.hidden_layers == {"field"}


def test_under_the_magnifier_each_point_stands_in_a_plane_of_its_own(window, qtbot):
    training = window.services.training
    dialog = MagnifierDialog(training, window)
    dialog.show()
    with qtbot.waitSignal(training.stage_reached, check_params_cb=lambda stage: stage.name == "z"):
        training.start(config(), watched=True)
    with qtbot.waitSignal(training.stage_reached, check_params_cb=lambda stage: stage.name == "generated"):
        training.next_stage()

    def has(name, ink):
        row = dialog.findChild(VerdictRow, f"magnifier_{name}")
        return (image_to_picture(row.grab().toImage())[..., :3].reshape(-1, 3) == ink).all(1).any()

    assert has("generated", [230, 159, 0]), "an orange dot"
    for name in ("d_on_real", "d_on_generated", "d_loss"):
        with qtbot.waitSignal(training.stage_reached, check_params_cb=lambda stage, name=name: stage.name == name):
            training.next_stage()
    assert has("real", [150, 150, 150]) and not has("real", [230, 159, 0]), "gray dots, as everywhere"
    dialog.reject()
    with qtbot.waitSignal(training.stopped):
        training.stop()


# --- explored


def test_in_explore_z_becomes_a_point_and_what_is_about_pictures_says_so(window, qtbot, old):
    explore = window.workspaces["explore"]
    window.show_workspace("explore")
    explore.pages.currentWidget().findChild(HelpButton).setFocus()
    open_run(qtbot, window, old.path)
    page = window.points_page
    assert explore.pages.currentWidget() is page and window.focusWidget() is window
    others = [index for index in range(explore.pages.count()) if explore.pages.widget(index) is not page]
    assert others and not any(explore.pages.isTabEnabled(index) for index in others)
    assert all("This is about pictures" in explore.pages.tabToolTip(index) for index in others)
    assert "makes points" in window.commands["ask_for_class"].why_not()
    assert "makes points" in window.commands["keep_point"].why_not()
    qtbot.waitUntil(lambda: page.view.scatter is not None and page.view.scatter.marked is not None)
    facts, z = old.info().facts, explore.explored.point.z
    made = open_session(old).render(z[None], np.array([-1])).reshape(1, 2)
    assert np.allclose(page.view.scatter.marked, to_own(made, facts.columns)[0], atol=1e-5)
    assert len(page.view.scatter.ways) == 18


def test_a_slider_moves_the_point(window, qtbot, old):
    open_run(qtbot, window, old.path)
    window.show_workspace("explore")
    page = window.points_page
    qtbot.waitUntil(lambda: page.view.scatter.marked is not None)
    before, asked = page.view.scatter.marked, []
    page.pictures_requested.connect(lambda channel, z, labels: asked.append((channel, z[0])))
    page.sliders.number_changed.emit(3, 2.5)
    qtbot.waitUntil(lambda: not np.array_equal(page.view.scatter.marked, before))
    assert asked[0][0] == CHANNEL and asked[0][1][3] == 2.5 and page.told.text().startswith("x: ")


def test_a_run_of_pictures_brings_back_the_pages_of_pictures(window, qtbot, old):
    explore = window.workspaces["explore"]
    open_run(qtbot, window, old.path)
    page = explore.pages.indexOf(window.points_page)
    with announced(qtbot, window.services.shown.run_changed):
        window.services.training.start(recipe("studio").config(max_images=20, epochs=1, batch_size=4, threads=1))
    assert not explore.pages.isTabVisible(page) and explore.pages.currentIndex() == 0
    assert all(explore.pages.isTabEnabled(index) for index in range(explore.pages.count()) if index != page)
    qtbot.waitUntil(lambda: not window.services.training.is_busy)


def test_late_pictures_of_another_run_are_not_taken_for_points(window, qtbot, old):
    open_run(qtbot, window, old.path)
    page = window.points_page
    window.services.generator.pictures_ready.emit(CHANNEL, np.zeros((751, 28, 28), np.uint8))
    assert page.view.scatter is None or page.view.scatter.marked is None


def test_generated_rows_are_exported_as_a_table(window, qtbot, old, tmp_path):
    open_run(qtbot, window, old.path)
    window.commands.do("export_generator")
    dialog = window.findChild(ExportDialog)
    assert dialog.kind == ".csv" and dialog.kind_box.findData(".gif") < 0
    path = tmp_path / "made.csv"
    with qtbot.waitSignal(window.services.exploring.ended):
        dialog.wanted.emit(ExportWish(".csv", path, 25, None, 0, from_point=False))
    lines = path.read_text().splitlines()
    assert lines[0] == "x,y" and len(lines) == 26
    dialog.reject()
