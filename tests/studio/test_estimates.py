"""What a training will take, told before Train; and what belongs to the machine and not to a recipe."""

import dataclasses
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from PySide6.QtCore import QTimer

from engine.architectures import ARCHITECTURES
from engine.config import OPTIONS, Config
from engine.cost import cost
from engine.datasets import catalog
from engine.datasets.info import DatasetInfo
from engine.datasets.sets import DATASETS
from engine.events import Finished, Started, StepStage, Tick
from engine.job import Progress
from engine.recipes import FIRST_RECIPE, RECIPES, recipe
from engine.recipes.failures import FAILURES
from engine.recipes.working import WORKING
from studio import app
from studio.model.measurements import Measurements, reference, speed_from_table
from studio.services import readers
from studio.settings import Settings
from studio.text.recipe import takes_sentence
from tests import tiny
from tests.studio.hands import train_to_the_end, written

GRAY = DatasetInfo(5000, tuple("0123456789"), 1, 28)


def raising(error):
    def fail(*_arguments):
        raise error

    return fail


def choose(box, name):
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())


# --- cost and estimate


def test_the_work_is_counted_layer_by_layer():
    small = cost(
        Config(architecture="mlp", g_channels=100, d_channels=100, z_dim=10, g_batch_source="new", r1_gamma=0), GRAY
    )
    wide = cost(
        Config(architecture="mlp", g_channels=100, d_channels=100, z_dim=20, g_batch_source="new", r1_gamma=0), GRAY
    )
    assert wide.flops - small.flops == 2 * 10 * 100 * (3 + 1), "ten more inputs of G's first layer, passed four times"
    assert 45e6 < small.bytes < wide.bytes


@pytest.mark.parametrize("entry", WORKING, ids=lambda entry: entry.name)
def test_a_recipe_is_told_to_run_as_fast_as_the_table_says(entry):
    config = entry.config()
    flops = cost(config, GRAY).flops
    assert reference(config) is entry
    assert speed_from_table(config, flops, flops) == pytest.approx(entry.images_per_second)


def test_options_that_are_heavier_take_longer_and_more_memory():
    usual = recipe("studio").config()
    base = cost(usual, GRAY)
    for heavier in (
        usual.changed(g_channels=96),
        usual.changed(d_channels=96),
        usual.changed(g_batch_source="new", g_steps=3),
    ):
        assert speed_from_table(heavier, cost(heavier, GRAY).flops, base.flops) < 2900
    assert cost(usual.changed(batch_size=1024), GRAY).bytes > 1.5 * base.bytes
    assert reference(usual.changed(architecture="mlp")).name == "mlp-fashion"


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_counting_draws_nothing_and_imports_no_compiler(architecture, monkeypatch):
    for name in ("sympy", "torch._dynamo", "torch.fx.experimental.symbolic_shapes"):
        monkeypatch.setitem(sys.modules, name, None)  # importing it fails
    before = torch.get_rng_state()
    config = recipe("studio").config(architecture=architecture, d_dropout=0.3)
    counted = cost(config, GRAY)
    assert counted.flops > 1e6
    assert torch.equal(torch.get_rng_state(), before)
    assert cost(config.changed(spectral_norm=True), GRAY) == counted, "what holds D back costs little"


def test_measurements_outlive_a_start_and_foreign_text_is_nothing():
    config = recipe("studio").config()
    noted = Measurements().noted(config, 2000.0, 5e8, told=1000.0)
    again = Measurements.parse(noted.text())
    assert again.of(config) == (2000.0, 5e8) and again.of(config.changed(g_channels=8)) is None
    assert again.of(config.changed(epochs=3, g_lr=0.1)) == (2000.0, 5e8), "neither changes the speed"
    assert again.factor(config) == again.factor(config.changed(architecture="mlp")) == 2.0
    assert again.factor(config.changed(threads=7)) is None
    for text in (
        "",
        "{",
        "[1, 2]",
        "[{}, []]",
        '[{"a": [1, -2]}, {}]',
        '[{"a": [0, 1]}, {}]',
        '[{}, {"a": "x"}]',
        "[" * 100_000,
    ):
        assert Measurements.parse(text) == Measurements()
    for number in range(100):
        noted = noted.noted(config.changed(g_channels=4 + number), 1.0, 1.0, 1.0)
    assert len(noted.trainings) == 50


def test_speed_is_measured_while_all_threads_train(window, monkeypatch):
    read = []
    monkeypatch.setattr(window.services.images, "read_cost", lambda config, facts: read.append(config))
    training, estimates, config = window.services.training, window.estimates, recipe("studio").config()

    def train(*ticks, is_finished=False):
        training.hear(Started(Path("run"), "CPU", config, GRAY, 0, 10_000, 1, 1))
        for images, seconds, threads in ticks:
            if not threads:  # somebody looks at the step
                training.stage_reached.emit(StepStage(0, "generated", {}))
            training.hear(Tick(images, 1, images, 10_000, seconds, 0.0, None, threads=(threads or 2, 2)))
        if is_finished:
            training.hear(Finished(1, 10_000, seconds))
        training.hear_end()

    train((0, 0.0, 2), (1000, 10.0, 2), (1050, 11.0, 1), (1100, 12.0, 1), (1110, 12.5, 2), (2110, 22.5, 2))
    assert estimates.measured == (config, 100.0) and read == [config]
    estimates.measured = None
    train((0, 0.0, 2), (100, 1.0, 2), is_finished=True)
    assert estimates.measured == (config, 100.0), "a short training that nobody disturbed"
    estimates.measured = None
    train((0, 0.0, 2), (64, 3.0, 2), (9000, 10.0, 1))
    train((0, 0.0, 2), (64, 3.0, 2))
    assert estimates.measured is None, "its first steps alone would tell an hour for a minute"
    train((0, 0.0, 2), (64, 9.0, 2), (10_000, 50.0, 1), (10_064, 59.0, 2))
    assert estimates.measured is None, "all threads waited for the other program"
    train((0, 0.0, 2), (64, 9.0, 0), (128, 18.0, 0))
    assert estimates.measured is None, "steps under the magnifier took as long as they were looked at"
    train((0, 0.0, 1), (100, 10.0, 1))
    assert estimates.measured is None, "a whole training beside another program tells nothing"


def test_the_run_bar_says_what_a_training_takes_and_follows_the_options(window, qtbot, monkeypatch):
    status, form = window.run_bar.status.label, window.options_form
    with qtbot.waitSignal(
        window.services.images.cost_read, check_params_cb=lambda read: read.image_count == tiny.COUNT
    ):
        window.wake()  # the first estimate may come before the images are counted
    assert "a new training takes about" in status.text()
    before = window.estimates.current
    form.editor("epochs").setValue(4 * form.config().epochs)
    qtbot.waitUntil(lambda: (window.estimates.current or before).config == form.config())
    assert window.estimates.current.seconds == pytest.approx(4 * before.seconds)
    assert "on two cores" in window.run_bar.train_button.toolTip()
    monkeypatch.setattr(window.services.images, "read_cost", lambda *_: None)  # as long as all cores are busy
    window.estimates.findChild(QTimer, "stale").setInterval(0)
    form.editor("epochs").setValue(7)
    qtbot.waitUntil(lambda: "takes about" not in status.text())


def test_after_a_training_its_own_speed_and_memory_are_told_also_at_the_next_start(window, make_window, qtbot):
    form = window.options_form
    form.set_config(form.config().changed(epochs=6))
    window.estimates.refresh()
    qtbot.waitUntil(lambda: window.estimates.current is not None)
    train_to_the_end(qtbot, window)
    qtbot.waitUntil(lambda: window.settings.measurements.of(form.config()) is not None)
    second = make_window()
    second.estimates.refresh()
    qtbot.waitUntil(lambda: second.estimates.current is not None)
    assert second.estimates.current.is_measured
    assert "as trainings on this machine did" in second.run_bar.train_button.toolTip()


def test_a_training_that_ends_with_the_window_tells_the_next_start_how_fast_it_was(window, qtbot, monkeypatch):
    config, training = window.options_form.config(), window.services.training
    monkeypatch.setattr(type(training), "resident", 2**28)
    window.estimates.refresh()
    qtbot.waitUntil(lambda: window.estimates.current is not None)
    training.hear(Started(Path("run"), "CPU", config, GRAY, 0, 10_000, 1, 1))
    for images, seconds in ((0, 0.0), (600, 6.0)):
        training.hear(Tick(images, 1, images, 10_000, seconds, 0.0, None, threads=(2, 2)))
    window.services.is_ending = True  # as when a person closes the window
    training.hear_end()
    assert Settings(window.settings.path).measurements.of(config) == pytest.approx((100.0, 2**28))


# --- before the first training


def estimating(qtbot, window):
    window.estimates.refresh()
    qtbot.waitUntil(lambda: window.estimates.current is not None)


def test_where_nothing_was_trained_yet_a_moment_of_training_tells(window, make_window, qtbot, monkeypatch):
    monkeypatch.setattr(readers, "_TIMED_SECONDS", 0.05)
    estimates, images = window.estimates, window.services.images
    estimates.findChild(QTimer, "unmeasured").setInterval(0)
    estimates.time_where_nothing_is_known()
    with qtbot.waitSignal(images.timed) as timed:
        estimating(qtbot, window)
        assert not estimates.current.is_measured
        assert estimates.current.seconds is None, "what the table of recipes says is no more than a guess"
    config, speed = timed.args
    assert config == window.options_form.config() and speed > 0
    assert estimates.current.is_measured
    assert estimates.current.seconds == pytest.approx(config.epochs * DATASETS["digits"].image_count / speed)
    asked = []
    for other in (window, make_window()):  # in this window, and at the next start
        monkeypatch.setattr(other.services.images, "time_training", asked.append)
        other.estimates.time_where_nothing_is_known()
        estimating(qtbot, other)
        assert not other.estimates.findChild(QTimer, "unmeasured").isActive()
    assert not asked


def test_a_training_that_begins_has_the_cores_for_itself(window, qtbot, monkeypatch):
    left = threading.Event()

    def never_ending(_config):
        try:
            while True:
                yield Progress(0, 0)
                time.sleep(0.001)
        finally:
            left.set()

    monkeypatch.setattr(readers, "time_training", never_ending)
    waits = window.estimates.findChild(QTimer, "unmeasured")
    window.estimates.time_where_nothing_is_known()
    estimating(qtbot, window)
    assert waits.isActive()
    waits.timeout.emit()
    waits.start()
    window.run_bar.train_button.click()
    assert left.wait(10) and not waits.isActive()
    waits.timeout.emit()  # as if it had been due at that moment
    assert not any(thread.name == "timing a training" for thread in threading.enumerate())
    window.services.training.stop()
    qtbot.waitUntil(lambda: not window.services.training.is_busy)
    assert window.estimates.current is None or not window.estimates.current.is_measured


@pytest.mark.parametrize("hindrance", ["no such device", "", "a search is under way"])
def test_where_nobody_can_time_a_training_the_table_tells(hindrance, window, qtbot, monkeypatch):
    if hindrance == "no such device":
        monkeypatch.setattr(catalog, "first", raising(RuntimeError(hindrance)))
    elif hindrance:
        monkeypatch.setattr(window.services.training, "why_not", lambda: hindrance)
    else:
        monkeypatch.setattr(catalog, "is_at_hand", lambda _config: False)
    window.estimates.findChild(QTimer, "unmeasured").setInterval(0)
    window.estimates.time_where_nothing_is_known()
    estimating(qtbot, window)
    qtbot.waitUntil(lambda: window.estimates.current.seconds is not None)
    assert not window.estimates.current.is_measured
    assert "on two cores" in takes_sentence(window.estimates.current)


def test_the_program_begins_to_time_once_its_window_is_whole(window, qtbot, monkeypatch):
    timed = []
    monkeypatch.setattr(window.services.images, "time_training", timed.append)
    window.estimates.findChild(QTimer, "unmeasured").setInterval(0)

    def exec_until_timed():
        qtbot.waitUntil(lambda: bool(timed))
        return 0

    monkeypatch.setattr(app, "build", lambda _arguments: (SimpleNamespace(exec=exec_until_timed), window))
    monkeypatch.setattr(app, "left", lambda code: code)  # which would end this process
    assert app.run() == 0 and timed == [window.options_form.config()]


# --- options of the machine


def test_options_of_the_machine_outlive_recipe_and_start(window, make_window):
    window.options_form.editor("threads").setValue(3)
    assert window.options_form.config().threads == 3
    choose(window.run_bar.recipe_box, "growing")
    assert window.options_form.config().threads == 3 and window.options_form.config().recipe == "growing"
    assert make_window().options_form.config().threads == 3
    window.options_form.rows["threads"].reset.click()
    assert make_window().options_form.config().threads == recipe("growing").config().threads


def test_only_sound_values_of_the_machine_are_taken(tmp_path):
    settings = Settings(tmp_path / "machine.ini")
    assert settings.machine_options() == {}
    for name, value in (("threads", "many"), ("device", "abacus")):
        settings.set_machine_option(name, value)
    assert settings.machine_options() == {}
    settings.set_machine_option("threads", 2)
    settings.set_machine_option("device", "cpu")
    assert settings.machine_options() == {"threads": 2, "device": "cpu"}
    assert {name for name, option in OPTIONS.items() if option.of_machine} == {"threads", "device"}


def test_no_recipe_sets_an_option_of_the_machine():
    assert not [entry.name for entry in (*WORKING, *FAILURES) if {"threads", "device"} & entry.options.keys()]


# --- what does not stay


def test_a_failure_is_not_what_the_next_start_finds(window, make_window):
    choose(window.run_bar.recipe_box, "growing")
    choose(window.run_bar.recipe_box, FAILURES[0].name)
    assert window.options_form.config().recipe == FAILURES[0].name
    assert make_window().options_form.config().recipe == "growing"
    written(window.settings).setValue("recipe", FAILURES[0].name)  # as an older Duelo wrote it
    assert window.settings.recipe == FIRST_RECIPE


def test_the_length_for_few_pictures_does_not_stay_for_other_data(window, monkeypatch):
    monkeypatch.setitem(RECIPES, "studio", dataclasses.replace(next(each for each in WORKING if each.name == "studio")))
    monkeypatch.setattr(window.services.known_images, "count", lambda _config: 300)
    made = recipe("studio").length_on(300)
    assert made["epochs"] > 300
    pictures = recipe("studio").config(dataset="pictures", data_root="/pictures", **made)
    window.plans.show_config(pictures)
    window.plans.choose_dataset("mnist")
    config = window.options_form.config()
    assert (config.epochs, config.sample_every) == (recipe("studio").config().epochs, 1)
    window.plans.show_config(pictures.changed(epochs=77))
    window.plans.choose_dataset("mnist")
    assert window.options_form.config().epochs == 77, "what was set by hand stays"
