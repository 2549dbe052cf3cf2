"""The benchmark's own bookkeeping: its parts, what it tells while it measures, and what it makes of a course."""

import json
import math
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from engine import bench, cli
from engine.bench import beside_others, explore, plane, turns
from engine.bench.part import Part, PartStep, table
from engine.cli import benchmark
from engine.datasets import places
from engine.errors import UserError
from engine.events import QualityReady, Tick
from engine.recipes import usual


def a_part(name, *findings):
    steps = [PartStep(f"{name} {value}", 90.0, lambda value=value: {"value": value}) for value in findings]
    return Part(name, lambda: steps, lambda found: [table(name, ("value",), [(str(one["value"]),) for one in found])])


@pytest.fixture
def _two_parts(monkeypatch):
    monkeypatch.setattr(bench, "PARTS", (a_part("first", 1, 2),))
    monkeypatch.setattr(bench, "circumstances", lambda: {"machine": "here", "date": "today"})


def test_what_is_told_without_a_window_is_what_a_window_begins_with_once_its_judge_has_looked(monkeypatch, capsys):
    trained = []

    def events(config):
        trained.append(config.recipe)
        for images in (1, 2, 3):
            yield Tick(images, 1, images, 640, 1.0, 64.0, 9.0)
        yield QualityReady(None)
        yield Tick(4, 1, 4, 640, 2.0, 64.0, 8.0)

    monkeypatch.setattr(turns, "_WARM_UP_SECONDS", 0.0)
    monkeypatch.setattr(turns, "Trainer", lambda config, _run: SimpleNamespace(run=lambda: events(config)))
    turns.tell()
    assert trained == [usual("").name]
    ((when, images),) = (line.split() for line in capsys.readouterr().out.splitlines())
    assert images == "4" and 0 < float(when) <= time.perf_counter()


def test_parts_are_measured_in_their_own_order_whatever_is_asked_for_first():
    parts = (a_part("minute"), a_part("engine"), a_part("window"))
    long = replace(a_part("search"), only_by_name=True)
    assert [part.name for part in bench.choose([], parts)] == ["minute", "engine", "window"]
    assert [part.name for part in bench.choose(["window", "minute"], parts)] == ["minute", "window"]
    assert bench.choose([], [long, *parts]) == list(parts) and bench.choose(["search"], [long, *parts]) == [long]
    with pytest.raises(UserError) as refusal:
        bench.choose(["windows"], parts)
    assert "windows" in refusal.value.message and "minute, engine, window" in refusal.value.hint


@pytest.mark.usefixtures("_two_parts")
def test_every_step_is_told_with_the_time_left_and_json_holds_what_was_found(capsys):
    assert cli.main(["bench", "--json"], more_bench=(a_part("second", 3),)) == 0
    out, err = capsys.readouterr()
    expected = {"machine": "here", "date": "today", "first": [{"value": 1}, {"value": 2}], "second": [{"value": 3}]}
    assert json.loads(out) == expected
    assert [line for line in err.splitlines() if line] == [
        "first 1 about 4 minutes left",  # of 4.5, halves go to the even number
        "first 2 about 3 minutes left",
        "second 3 about 2 minutes left",  # of 1.5
    ]


@pytest.mark.usefixtures("_two_parts")
def test_only_what_was_asked_for_is_measured(capsys):
    assert cli.main(["bench", "second"], more_bench=(a_part("second", 3),)) == 0
    out = capsys.readouterr().out
    assert "here, today" in out and "second" in out and "first" not in out
    assert cli.main(["bench", "third"]) == 1


def test_a_bar_on_a_terminal_goes_on_with_the_clock_and_never_beyond_the_step(monkeypatch):
    from rich.progress import Progress

    monkeypatch.setattr(benchmark, "_REFRESH_SECONDS", 0.0)
    progress = Progress(auto_refresh=False)
    seen = []
    for step in benchmark.drawn([PartStep("quick", 1e-9, dict), PartStep("next", 5.0, dict)], progress):
        (task,) = progress.tasks
        while step.told == "quick" and task.completed < 1e-9:
            pass
        seen.append((task.description, task.completed <= sum([1e-9, 5.0][: len(seen) + 1])))
    assert seen == [("quick", True), ("next", True)]


@pytest.mark.parametrize(
    ("speeds", "back"),
    [
        ([100] * 60, 0.0),
        (
            [10] * 20 + [100] * 40,
            1.9,
        ),  # images per tenth of a second; 0.1 s of slowness in a second is 0.91 of the speed
        ([10] * 60, math.inf),
    ],
)
def test_the_training_is_back_when_a_whole_second_is_fast(speeds, back):
    course = [(0.1 * tick, sum(speeds[:tick])) for tick in range(len(speeds) + 1)]
    assert beside_others.seconds_until_fast(course, 0.9 * 1000) == pytest.approx(back)


def test_the_textbook_reads_every_image_once_an_epoch_in_the_range_of_the_networks():
    import torch

    from engine.bench.textbook import Textbook
    from engine.datasets import catalog
    from engine.recipes import recipe

    for name, low in (("mlp-fashion", 0.0), ("dcgan-fashion", -1.0)):
        config = recipe(name).config(dataset="digits", classes=())
        data = catalog.load(config)
        book = Textbook(config, data, torch.device("cpu"))
        seen = torch.cat([images for images, _ in book.loader])
        assert len(seen) == 5000 - 5000 % 32
        assert (seen.min().item(), seen.max().item()) == (low, 1.0)
        d_loss, g_loss = next(iter(book))
        assert 0.3 < d_loss / (2 if config.d_loss_over == "sum" else 1) < 1.2 and 0.3 < g_loss < 1.5  # near ln 2


@pytest.mark.slow
def test_digits_that_nobody_trained_on_are_found():
    """The bar of exploring that depends on no clock: nine of ten digits are found, after as many images as a slow
    machine trains on in three minutes, however busy this one is."""
    found = explore.measure(epochs=30)
    print(found)
    assert found["found_alike"] >= 0.9


def test_what_is_looked_for_is_the_test_set_where_it_is_at_hand(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "data_root", lambda config: tmp_path)
    (tmp_path / "MNIST" / "raw").mkdir(parents=True)
    pixels = np.arange(101 * 784, dtype=np.uint64).astype(np.uint8)
    (tmp_path / "MNIST" / "raw" / "t10k-images-idx3-ubyte").write_bytes(bytes(16) + pixels.tobytes())
    assert np.array_equal(explore.held_out(), pixels.reshape(101, 28, 28)[:100])


def test_what_is_looked_for_was_not_trained_on(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "data_root", lambda config: tmp_path)
    held_out = explore.held_out()
    assert held_out.shape == (100, 28, 28)


def test_points_are_drawn_while_they_train_where_that_is_measured():
    drawn, alone = (plane.measure("plane-ring", is_drawn, 0.2) for is_drawn in (True, False))
    assert drawn["drawings_per_second"] > 0 == alone["drawings_per_second"]
    assert drawn["steps_per_second"] > 0 and alone["steps_per_second"] > 0
