"""Options drawn at random, of all architectures: each set is refused with a reason, or trains and goes on bit for bit.

``pytest -m slow tests/engine/test_random_options.py`` tries these seeds; ``drawn(seed)`` is what is in one.
"""

import math
import random

import numpy as np
import pytest
import torch
from PIL import Image

from engine.config import OPTIONS, Config
from engine.errors import UserError
from engine.events import Finished, NotFinite, Tick
from engine.runs import RunFolder
from engine.trainer import Trainer
from engine.training.loop import TrainingLoop
from tests.engine.trained import rows_without_seconds, states_equal

SEEDS = range(360)
OF_POINTS = SEEDS[300:]  # learn points instead of pictures
CHANGED = 0.3  # of the options have another value than the one that goes with architecture and loss

# What must stay small so that a training takes a second or two; everything else comes from the whole of its range.
SMALL = {
    "batch_size": (2, 12),
    "g_channels": (4, 12),
    "d_channels": (4, 12),
    "z_dim": (2, 12),
    "d_steps": (1, 3),
    "g_steps": (1, 3),
    "sample_rows": (1, 3),
    "sample_columns": (1, 4),
    "log_every": (1, 5),
    "sample_every": (1, 3),
    "checkpoint_every": (1, 3),
    "r1_interval": (1, 4),
    "image_size": (28, 40),
    "max_snapshot_mb": (10, 20),
}
SIZES = ("batch_size", "g_channels", "d_channels", "z_dim")  # always from there
CHOSEN = ("architecture", "loss", "dataset", "classes", "max_images", "total_images", "eval_time_percent")
ALWAYS = {"device": "cpu", "threads": 1, "data_root": "", "recipe": "studio", "epochs": 2}


def drawn(seed):
    """Return the options of ``seed``, which may make no sense together."""
    chance = random.Random(seed)
    values = {name: chance.choice(OPTIONS[name].choices) for name in ("architecture", "loss") if chance.random() < 0.9}
    others = [name for name in OPTIONS if name not in {*ALWAYS, *CHOSEN, *values}]
    values |= {n: value_of(OPTIONS[n], chance) for n in others if n in SIZES or chance.random() < CHANGED}
    pictures = chance.random() < 0.3
    values |= {"dataset": "pictures" if pictures else "digits", "max_images": chance.choice((17, 24, 40))}
    values["classes"] = () if pictures else chance.choice(((), (3,), (3, 8), (0, 4, 9)))
    values["total_images"] = chance.choice((0, 50, 90))
    values["eval_time_percent"] = 50.0 if chance.random() < 0.1 else 0.0  # it looks at a thousand pictures each time
    return values | ALWAYS | (points(chance) if seed in OF_POINTS else {})


def points(chance):
    """Return what a training of points has otherwise, now and then against the rules."""
    name = chance.choice(("plane-ring", "plane-grid", "plane-moons", "table"))
    classes = () if name == "table" else chance.choice(((), (), (0, 1)))
    architecture = {"architecture": "mlp-points"} if chance.random() < 0.95 else {}
    return {
        "dataset": name,
        "classes": classes,
        "augment": chance.choice(("none",) * 9 + ("translation",)),
    } | architecture


def value_of(spec, chance):
    if spec.kind is bool:
        return chance.random() < 0.5
    if spec.choices:
        return chance.choice(spec.choices)
    low, high = SMALL.get(spec.name, (spec.minimum, spec.maximum))
    if spec.kind is int:
        return chance.randint(int(low), int(high))
    if spec.name in ("g_lr", "d_lr"):
        return 10 ** chance.uniform(math.log10(low), math.log10(high))
    return chance.choice((low, high, chance.uniform(low, high), chance.uniform(low, min(high, 1.0))))


@pytest.fixture
def pictures(tmp_path):
    """Two folders of gray and colored pictures of several shapes."""
    chance = np.random.default_rng(0)
    for number in range(24):
        folder = tmp_path / "pictures" / "ab"[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        shape = (30 + number, 40, 3) if number % 3 else (36, 28 + number)
        Image.fromarray(chance.integers(0, 256, shape, dtype=np.uint8)).save(folder / f"{number}.png")
    return tmp_path / "pictures"


@pytest.fixture
def table(tmp_path):
    """Three columns of numbers, one of which is a whole number now and then, and one is large."""
    rows = np.random.default_rng(0).normal(size=(50, 3)) * (1, 0.01, 1e6)
    (tmp_path / "table.csv").write_text("a,b,c\n" + "\n".join(f"{a:.0f},{b},{c}" for a, b, c in rows) + "\n")
    return tmp_path / "table.csv"


def config_of(seed, **people):
    """Return the options of ``seed`` with what a person brought, by the name of the data set."""
    values = drawn(seed)
    brought = people.get(values["dataset"])
    return Config.of(values | ({"data_root": str(brought)} if brought else {}))


def live_change(config, chance):
    """Return (images_seen, option, value) of a live change that makes sense, and often none."""
    name = chance.choice([name for name, spec in OPTIONS.items() if spec.live])
    value = value_of(OPTIONS[name], chance)
    try:
        config.changed(**{name: value}).check(config)
    except UserError:
        return None
    return chance.randint(1, 60), name, value


def train(folder, config, change, images=math.inf, resume=False):
    """Train until a tick after ``images``, and return the last event; ``change`` is made at its moment, once."""
    trainer = Trainer(config, folder, resume=resume)
    training, last = trainer.run(), None
    for last in training:
        if isinstance(last, Tick):
            if change and last.images_seen >= change[0] and not folder.info().changes:
                trainer.change(*change[1:])
                change = None
            if last.images_seen >= images:
                break
    training.close()
    return last


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_any_options_are_refused_with_a_reason_or_train_and_go_on_exactly(seed, tmp_path, pictures, table, monkeypatch):
    monkeypatch.setattr(
        "engine.training.session.TICK_SECONDS", 1e-6
    )  # each step; in 0 seconds no judge learns anything
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    chance = random.Random(seed)
    try:
        config = config_of(seed, pictures=pictures, table=table)
        config.check()
        change = live_change(config, chance)
        end = train(whole, config, change)
    except UserError as refused:
        assert refused.message and refused.hint
        return
    assert isinstance(end, Finished | NotFinite)
    moment = chance.uniform(0, whole.metrics()[-1].images_seen)
    with monkeypatch.context() as patch:
        if chance.random() < 0.5:  # as kill -9 leaves it
            patch.setattr(TrainingLoop, "_stop", lambda self: None)
        train(broken, config, change, moment)
    torch.rand(3)  # chance of the process is elsewhere by then
    assert type(train(broken, config, change, resume=True)) is type(end)
    assert repr(rows_without_seconds(broken)) == repr(rows_without_seconds(whole))  # NaN is like NaN
    if isinstance(end, Finished):
        assert states_equal(whole, broken)
        first, second = whole.verdicts(), broken.verdicts()
        assert first.keys() == second.keys() and all(np.array_equal(first[e], second[e]) for e in first)
        assert {e: p.read_bytes() for e, p in whole.sample_files().items()} == {
            e: p.read_bytes() for e, p in broken.sample_files().items()
        }


def test_the_draws_reach_every_option_and_most_of_them_may_be_trained():
    sets = [drawn(seed) for seed in SEEDS]
    for name, spec in OPTIONS.items():
        values = {str(values[name]) for values in sets if name in values}
        assert len(values) > 1 or name in ALWAYS, name
        assert set(spec.choices) <= values or name in ALWAYS, name
    refused = 0
    for values in sets:
        try:
            Config.of(values).check()
        except UserError as error:
            assert error.message and error.hint
            refused += 1
    assert len(sets) // 10 < refused < len(sets) * 0.7
