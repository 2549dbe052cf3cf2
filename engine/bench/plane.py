"""How fast points are trained on alone, and while another thread draws what both players make of the plane."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from rich.table import Table

from engine.bench.part import Measured, Part, PartStep, table
from engine.i18n import number, tr
from engine.recipes import recipe

if TYPE_CHECKING:
    from engine.config import Config
    from engine.datasets.images import ImageData
    from engine.events import GeneratorSnapshot

_RECIPES = ("plane-ring", "plane-grid")
_TURN_SECONDS = 6.0
_SECONDS = 10.0
_APART = 0.1  # seconds from one drawing to the next


def _steps() -> list[PartStep]:
    return [
        PartStep(tr("{recipe} for some seconds…", recipe=name), _SECONDS, partial(measure, name, is_drawn))
        for name in _RECIPES
        for is_drawn in (False, True)
    ]


def measure(name: str, is_drawn: bool, seconds: float = _TURN_SECONDS) -> Measured:
    """Train with the recipe ``name``; ``is_drawn``: with field, push and scatter ten times a second meanwhile."""
    from engine.datasets import catalog
    from engine.events import GeneratorSnapshot, Tick
    from engine.runs import RunFolder
    from engine.trainer import Trainer

    config = recipe(name).config(epochs=100_000)
    data = catalog.load(config)
    snapshots: SimpleQueue[GeneratorSnapshot | None] = SimpleQueue()
    drawings: list[float] = []
    painter = threading.Thread(target=_draw, args=(config, data, snapshots, drawings))
    painter.start()
    first = newest = None
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(config, RunFolder(Path(folder) / "run"), data=data)
        training, begin, asked = trainer.run(), 0.0, 0.0
        for event in training:
            now = time.perf_counter()
            if isinstance(event, GeneratorSnapshot):
                snapshots.put(event)
            elif isinstance(event, Tick):
                if first is None:
                    first, begin = event, now
                newest = event
                if is_drawn and now - asked >= _APART:
                    trainer.request_snapshot(with_opponent=True)
                    asked = now
                if now - begin >= seconds:
                    break
        took = time.perf_counter() - begin
        training.close()
    snapshots.put(None)
    painter.join()
    assert first is not None and newest is not None
    steps = (newest.step - first.step) / took
    return {"recipe": name, "drawn": is_drawn, "steps_per_second": steps, "drawings_per_second": len(drawings) / took}


def _draw(
    config: Config, data: ImageData, snapshots: SimpleQueue[GeneratorSnapshot | None], drawings: list[float]
) -> None:
    """Draw what each of ``snapshots`` tells, until None comes; note when each of ``drawings`` was done."""
    from engine.device import prepare_helper_thread
    from engine.latent.sampling import random_z
    from engine.points import scatter
    from engine.points.field import PlaneSession
    from engine.points.scale import as_points

    prepare_helper_thread()
    session, real = PlaneSession(config, data.facts, data), as_points(data.images)
    z = random_z(config.sample_rows * config.sample_columns, config.z_dim, config.seed)
    while (snapshot := snapshots.get()) is not None:
        if snapshot.opponent is not None:
            session.load(snapshot.state, snapshot.opponent)
            scatter.draw(real, session.field(z).points)
            drawings.append(time.perf_counter())


def _tables(found: Sequence[Measured]) -> list[Table]:
    rows = (
        (each["recipe"], *(number(each[name], ",.0f") for name in ("steps_per_second", "drawings_per_second")))
        for each in found
    )
    heads = (tr("Recipe"), tr("Steps/s"), tr("Drawings/s"))
    return [table(tr("Points, alone and while the plane is drawn"), heads, rows)]


PART = Part("plane", _steps, _tables)
