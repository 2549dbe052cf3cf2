"""What exploring costs on a run of three minutes: slider, directions, map, finding digits that nobody trained on."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table

from engine.bench.part import Measured, Part, PartStep, environment, table
from engine.i18n import number, tr

if TYPE_CHECKING:
    from engine.evaluation.reader import Reader
    from engine.latent.generator_session import GeneratorSession

_MINUTES = 3.0
_TRAINED_ON = 4_900  # of the 5,000 digits: without MNIST's test set, the last ten of each class are looked for
_LOOKED_FOR = 100
_MOVES = 300
_TEST_SET, _IDX_HEADER, _SIDE = "t10k-images-idx3-ubyte", 16, 28


def _steps() -> list[PartStep]:
    return [PartStep(tr("Three minutes of training, then exploring…"), 60 * _MINUTES + 600, measure)]


def measure(epochs: int | None = None, looked_for: int = _LOOKED_FOR) -> Measured:
    """Train in a process of its own, three minutes or so many epochs, and explore here what came of it."""
    from engine.evaluation.reader import Reader
    from engine.latent.generator_session import open_session
    from engine.runs import RunFolder

    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder) / "run")
        command = [
            *(sys.executable, "-m", "engine.cli", "train"),
            *(("--minutes", f"{_MINUTES:g}") if epochs is None else ("--epochs", str(epochs))),
            *("--set", f"max_images={_TRAINED_ON}", "--run", str(run.path)),
        ]
        subprocess.run(command, check=True, capture_output=True, env=environment())
        info, session = run.info(), open_session(run)
        reader = Reader(info.config, info.facts)
        return {"images": run.images_seen(), **explored(session, reader, held_out()[:looked_for])}


def explored(session: GeneratorSession, reader: Reader, digits: Any) -> Measured:
    """Return what each way of exploring takes, and how many of ``digits`` uint8 ``[N, H, W]`` are found."""
    return {
        "slider_p95_ms": 1000 * float(np.percentile(_slider(session), 95)),
        "directions_seconds": _directions(session),
        "map_seconds": _map(session, reader),
        **_found(session, reader, digits),
    }


def held_out() -> Any:
    """Return 100 digits that nobody trained on: the first of MNIST's test set where it lies in the data folder."""
    from engine.config import Config
    from engine.datasets import places

    test_set = places.data_root(Config()) / "MNIST" / "raw" / _TEST_SET
    if test_set.is_file():
        pixels = np.frombuffer(test_set.read_bytes(), np.uint8, offset=_IDX_HEADER)
        return pixels.reshape(-1, _SIDE, _SIDE)[:_LOOKED_FOR].copy()
    return _not_trained_on()


def _not_trained_on() -> Any:
    from engine.config import Config
    from engine.datasets import catalog

    data = catalog.load(Config(dataset="digits"))
    trained = {image.tobytes() for image in data.subset(_TRAINED_ON).images}
    return np.stack([image[0] for image in data.images if image.tobytes() not in trained])


def _slider(session: GeneratorSession) -> list[float]:
    from engine.latent.sampling import label_cycle, random_z

    z, labels = random_z(_MOVES, session.z_dim, 0), label_cycle(_MOVES, session.class_count)
    taken = []
    for place in range(_MOVES):
        begin = time.perf_counter()
        session.render(z[place : place + 1], labels[place : place + 1])
        taken.append(time.perf_counter() - begin)
    return taken


def _directions(session: GeneratorSession) -> float:
    from engine.job import result_of
    from engine.latent import directions

    begin = time.perf_counter()
    for method in directions.METHODS:
        result_of(directions.find(session, 0, method))
    return (time.perf_counter() - begin) / len(directions.METHODS)


def _map(session: GeneratorSession, reader: Reader) -> float:
    from engine.job import result_of
    from engine.latent import sample_map

    begin = time.perf_counter()
    result_of(sample_map.lay_out(session, reader))
    return time.perf_counter() - begin


def _found(session: GeneratorSession, reader: Reader, digits: Any) -> Measured:
    from engine.job import result_of
    from engine.latent import find

    taken, alike, apart = [], 0, []
    for digit in digits:
        begin = time.perf_counter()
        found = result_of(find.find(session, reader, digit))
        taken.append(time.perf_counter() - begin)
        alike += bool(found.reads_alike)
        apart.append(found.difference)
    return {
        "find_seconds_mean": float(np.mean(taken)),
        "find_seconds_most": float(np.max(taken)),
        "found_alike": alike / len(digits),
        "find_difference": float(np.mean(apart)),
    }


def _tables(found: Sequence[Measured]) -> list[Table]:
    (told,) = found
    rows = [
        (tr("Slider to picture, 95 of 100"), tr("{value} ms", value=number(told["slider_p95_ms"], ".1f")), "≤ 16 ms"),
        (tr("Directions"), tr("{value} s", value=number(told["directions_seconds"], ".1f")), "≤ 5 s"),
        (tr("Map of 2,000 samples"), tr("{value} s", value=number(told["map_seconds"], ".1f")), "≤ 10 s"),
        (tr("Finding a digit, longest"), tr("{value} s", value=number(told["find_seconds_most"], ".1f")), "≤ 10 s"),
        (tr("Found digits that are read alike"), number(told["found_alike"], ".0%"), "≥ 90 %"),
        (tr("Difference of their pixels (0 to 1)"), number(told["find_difference"], ".3f"), ""),
    ]
    return [table(tr("Exploring a run of three minutes"), (tr("What"), tr("Measured"), tr("Bar")), rows)]


PART = Part("explore", _steps, _tables, only_by_name=True)
