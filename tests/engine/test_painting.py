"""A painting is kept as it stands, goes on as if it had never stopped, and harms nobody who reads it."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file, save_file

from engine.errors import DiskError
from engine.style import painting
from engine.style.events import Losses, Standing, StepUndone, StyleTick
from engine.style.keeper import Keeper
from engine.style.options import StyleOptions
from engine.style.painting import Painting
from engine.style.transfer import StyleTransfer

SIDE = 32
PLAIN = StyleOptions.parse({"size": SIDE, "steps": 6, "precision": "float32", "threads": 1})


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DUELO_HOME", str(tmp_path))
    return tmp_path


def picture(seed):
    return np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


def begun(**options):
    content, losses = picture(0), np.zeros((0, 5))
    return Painting(
        content, (picture(1) // 2,), content, content, PLAIN.changed(**options), ("cat", "waves"), "", 0, 0.0, losses
    )


def painted(first, until=None):
    """Paint ``first`` to its end, or until a step has been told of; return the one that keeps it."""
    standing = Standing(first.picture, first.step, first.seconds, first.state) if first.step else None
    transfer = StyleTransfer(first.content, first.styles, first.options, going_on=standing)
    keeper = Keeper(first, transfer)
    job = transfer.run()
    for event in job:
        keeper.hear(event)
        if isinstance(event, StyleTick) and until is not None and transfer.step >= until:
            break
    job.close()
    return keeper


@pytest.fixture
def each_step_is_told(monkeypatch):
    from engine.style import transfer

    monkeypatch.setattr(transfer, "TICK_SECONDS", 0.0)


@pytest.mark.usefixtures("each_step_is_told")
@pytest.mark.parametrize("start", ["content", "noise"])
def test_what_was_stopped_and_kept_goes_on_as_if_it_never_had(start):
    whole = painted(begun(start=start)).painting()
    painted(begun(start=start), until=3).keep()
    half = painting.kept()
    assert half is not None and half.step == 3 and half.losses[:, 0].tolist() == [0, 1, 2, 3]
    rest = painted(half).painting()
    assert rest.step == whole.step == 6
    assert np.array_equal(rest.picture, whole.picture) and np.array_equal(rest.losses, whole.losses)
    assert np.array_equal(rest.start, whole.start) and not np.array_equal(rest.picture, half.picture)


@pytest.mark.usefixtures("each_step_is_told")
def test_lbfgs_goes_on_from_the_same_pixels_and_gets_further():
    half = painted(begun(optimizer="lbfgs", style_weight=1, steps=4)).painting()
    rest = painted(replace(half, options=half.options.changed(steps=10))).painting()
    assert rest.step == 10 and rest.losses[-1, 4] < half.losses[-1, 4]
    assert rest.losses[4, 4] == pytest.approx(half.losses[4, 4], rel=1e-5)


def test_its_pictures_lie_beside_each_other_and_what_made_no_step_is_no_painting(home):
    keeper = painted(begun(steps=1))
    paths = [keeper.keep(), keeper.keep()]
    assert [path.name for path in paths] == ["cat-waves.png", "cat-waves-2.png"]
    assert np.array_equal(np.asarray(Image.open(paths[1])), keeper.painting().picture)
    strange = replace(begun(), names=("../../a:b", "c\nd"))
    assert painting.file_picture(strange).parent == home / "style"
    again = painting.kept()
    assert painted(again).keep() is None, "it has made all its steps"


def test_an_undone_step_leaves_no_losses():
    transfer = StyleTransfer(picture(0), [picture(1)], PLAIN)
    keeper = Keeper(begun(), transfer)
    for step in range(4):
        keeper.hear(StyleTick(step, 9, picture(step), Losses(1, 2, 3, 4), 0.0, None, 1.0))
    keeper.hear(StepUndone(1, 0.5))
    keeper.hear(StyleTick(2, 9, picture(2), Losses(9, 9, 9, 9), 0.0, None, 1.0))
    job = transfer.run()
    next(job), next(job), next(job)
    assert keeper.painting().losses.tolist() == [[0, 1, 2, 3, 4], [1, 1, 2, 3, 4], [2, 9, 9, 9, 9]]
    job.close()


def test_its_history_has_its_losses_its_beginning_and_how_it_stands():
    losses = np.array([[0, 1, 2, 3, 4], [5, 1, 1, 1, 1], [9, 1, 0.5, 1, 1]], np.float64)
    found = replace(begun(), picture=picture(7), step=9, losses=losses).history()
    assert found.steps.tolist() == [0, 5, 9] and [tick.step for tick in found.ticks] == [0, 9]
    assert np.array_equal(found.ticks[-1].picture, picture(7)) and found.curve("style").tolist() == [2, 1, 0.5]
    assert begun().history().ticks == []


def test_a_damaged_file_is_none_and_a_full_disk_is_said(home, monkeypatch):
    assert painting.kept() is None
    kept = replace(begun(), step=1, picture=picture(3), state={"pixels": np.zeros((1, 3, SIDE, SIDE), np.float32)})
    painting.keep(replace(kept, losses=np.ones((1, 5))))
    path = home / "style" / "last.safetensors"
    whole, chance = path.read_bytes(), random.Random(0)
    assert painting.kept() is not None
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(1200)] = chance.randrange(256)
        path.write_bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])
        painting.kept()  # another picture at worst
    arrays = load_file_of(path, whole)
    about = {"step": 1, "seconds": 0.0, "names": ["a", "b"], "weights_file": "", "options": {}}
    for change, other in (
        ({"picture": np.zeros((8, 8, 3), np.uint8)}, {}),
        ({"losses": np.full((1, 5), np.nan)}, {}),
        ({"losses": np.ones((2, 5))}, {}),
        ({"content": np.zeros((4, 4), np.uint8)}, {}),
        ({}, {"names": ["a"]}),
        ({}, {"step": -1}),
        ({}, {"options": {"size": 9**9}}),
    ):
        save_file({**arrays, **change}, path, {"about": json.dumps({**about, **other})})
        assert painting.kept() is None, (change, other)
    save_file(arrays, path, {"about": json.dumps(about)})
    assert painting.kept() is not None

    def full(path, data, **_how):
        raise DiskError("The disk is full.", "Make room.")

    monkeypatch.setattr(painting.files, "write_atomically", full)
    with pytest.raises(DiskError):
        painting.keep(kept)


def load_file_of(path, data):
    path.write_bytes(data)
    return load_file(path)


def test_pixels_that_are_not_those_of_the_picture_are_not_believed():
    half = painted(begun(steps=1)).painting()
    odd = {**half.state, "pixels": np.full((1, 3, SIDE, SIDE), np.nan, np.float32), "exp_avg": np.zeros(3, np.float32)}
    rest = painted(replace(half, options=PLAIN.changed(steps=2), state=odd)).painting()
    assert rest.step == 2 and np.isfinite(rest.losses).all()
