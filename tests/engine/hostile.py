"""A small run, everything that can be read of one, and ways to damage its files; the caller seeds the chance."""

from __future__ import annotations

import copy
import json
import os
import random
import struct
import tracemalloc
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from engine.architectures import networks
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.events import MetricsRow, Quality
from engine.latent.generator_session import GeneratorSession
from engine.runs import Direction, Favorite, Round, RunFolder, RunInfo, list_runs, summary
from engine.runs.about import About
from tests import tiny

FACTS = DatasetInfo(80, tuple("0123456789"), 1, 8)
CONFIG = tiny.config()
MOST_BYTES = 64 * 2**20
LONGEST_SENTENCE = 10_000
FILES = [
    "config.json",
    "metrics.csv",
    "log.txt",
    "samples/noise.safetensors",
    "samples/epoch-0001.png",
    "samples/epoch-0002.png",
    "quality.jsonl",
    "verdicts.jsonl",
    "checkpoints/generator-0001.safetensors",
    "checkpoints/generator-0002.safetensors",
    "checkpoints/discriminator-0001.safetensors",
    "checkpoints/discriminator-0002.safetensors",
    "checkpoints/branch-0001.safetensors",
    "checkpoints/state-000000000080.safetensors",
    "checkpoints/state-000000000160.safetensors",
    "directions.json",
    "favorites.json",
    "rounds.json",
]
HOSTILE = [
    None,
    True,
    -1,
    0,
    2,
    10**400,
    -(2**63),
    2**64,
    2.5,
    float("nan"),
    float("inf"),
    float("-inf"),
    1e308,
    "",
    "x" * 100_000,
    "\0",
    "\ud800",
    "../../../../etc/passwd",
    "NaN",
    [],
    {},
    [[]],
    [None] * 1000,
    list(range(5000)),
    {"a": {"b": {}}},
    {"__metadata__": {}},
]


def make_run(path: Path) -> RunFolder:
    """Write a small run of every kind of file through the run folder itself."""
    weights = _weights(networks.build_generator(CONFIG, FACTS))
    opponent = _weights(networks.build_discriminator(CONFIG, FACTS))
    run = RunFolder(path)
    run.create()
    run.save_info(RunInfo(CONFIG, FACTS, [(8, "g_lr", 0.01), (40, "d_steps", 2.0), (40, "r1_gamma", 1.0)]))
    run.save_noise({"z": np.zeros((20, 4), np.float32), "labels": np.arange(20) % 10})
    run.append_metrics([MetricsRow(i, 1, 8 * i, 0.5 * i, 1.25, 0.75, 0.6, 0.4, i % 3) for i in range(1, 21)])
    for epoch in (1, 2):
        run.save_samples(epoch, np.arange(40 * 30, dtype=np.uint32).astype(np.uint8).reshape(40, 30))
        run.append_verdicts(epoch, 80 * epoch, np.linspace(0, 1, 20, dtype=np.float32))
        run.append_quality(quality(epoch))
        run.save_snapshot(epoch, weights, opponent)
        state = {f"average.{name}": array for name, array in weights.items()} | {"random.cpu": np.zeros(9, np.uint8)}
        state |= {f"discriminator.{name}": array for name, array in opponent.items()}
        run.save_state(80 * epoch, state, {"step": 10 * epoch, "images_seen": 80 * epoch, "seconds": 1.5})
        if epoch == 1:
            run.keep_for_branching(epoch, 80 * epoch, 10)
    run.save_about(About("A run"))
    run.save_directions([Direction("Slant", "sefa", 1, (0.5,) * 4, 0.1, "slant", 0.7, 0.9)])
    run.save_favorites([Favorite("A seven", 1, (0.5,) * 4, 7), Favorite("Between", 2, (0.0,) * 4, -1, (0.1,) * 10)])
    run.add_round(Round("Ada", 1, 20, 15, 18, 31.5, "2026-11-26T10:00:00"))
    run.log("began")
    return run


def _weights(network: Any) -> dict[str, Any]:
    return {name: tensor.numpy() for name, tensor in network.state_dict().items()}


def quality(epoch: int) -> Quality:
    numbers = dict.fromkeys(("frechet", "frechet_low", "frechet_high", "frechet_real"), 20.0)
    shares = dict.fromkeys(("precision", "recall", "memorization", "duplicates", "low_confidence", "accuracy"), 0.5)
    return Quality(
        epoch, 80 * epoch, 500, **numbers, **shares, histogram=(0.1,) * 10, confusion_matrix=(tuple([0.1] * 10),) * 10
    )


def read_everything(run: RunFolder, only: Set[str] | None = None) -> dict[str, Any]:
    """Return all that can be read, or ``only`` these parts. Nothing but ``UserError`` is caught, and each must be a
    sentence to show.
    """
    found: dict[str, Any] = {}
    for name, read in _parts(run, found):
        if only is None or name in only:
            try:
                found[name] = read()
            except UserError as error:
                assert len(str(error)) < LONGEST_SENTENCE, name
                assert error.message and error.hint, name
                str(error).encode()
    return found


def readers(run: RunFolder) -> dict[str, set[str]]:
    """Return, of each file of an honest ``run``, the parts that read it: nothing else can be harmed by damage to it."""
    readers: dict[str, set[str]] = {}
    place = os.path.realpath(run.path)
    found: dict[str, Any] = {}
    for name, read in _parts(run, found):
        with patch("builtins.open", wraps=open) as opened:
            found[name] = read()
        for path in (Path(call.args[0]) for call in opened.call_args_list):
            if path.is_relative_to(place):
                readers.setdefault(str(path.relative_to(place)), set()).add(name)
    return {file: _with_what_they_need(names) for file, names in readers.items()}


_NEEDS = {"explorer": {"info"}} | {
    f"shown {name}": {"info", "explorer", name} for name in ("newest", "generator 1", "generator 2")
}


def _with_what_they_need(names: set[str]) -> set[str]:
    made_of = names | {name for name, needs in _NEEDS.items() if needs & names}
    return made_of.union(*(_NEEDS.get(name, ()) for name in made_of))


def _parts(run: RunFolder, found: dict[str, Any]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield what there is to read; what was ``found`` by then shows what else there is."""
    yield from {
        "info": run.info,
        "directions": run.directions,
        "favorites": run.favorites,
        "rounds": run.rounds,
        "about": run.about,
        "last quality": run.last_quality,
        "metrics": run.metrics,
        "qualities": run.qualities,
        "verdicts": run.verdicts,
        "noise": run.noise,
        "state": run.state,
        "newest": run.generator,
        "newest opponent": run.discriminator,
        "branch 1": lambda: run.branch_state(1),
    }.items()
    for epoch in {1, 2, *run.sample_files()}:
        yield f"samples {epoch}", lambda epoch=epoch: run.read_samples(epoch)
    for epoch in {1, 2, *run.generator_epochs()}:
        yield f"generator {epoch}", lambda epoch=epoch: run.generator(epoch)
        yield f"opponent {epoch}", lambda epoch=epoch: run.discriminator(epoch)
    yield "summary", lambda: summary(run.path)
    yield "list", lambda: list_runs(run.path.parent)
    if "info" in found:
        yield "explorer", lambda: GeneratorSession(found["info"].config, found["info"].facts)
    for name in ("newest", "generator 1", "generator 2"):
        if "explorer" in found and name in found:
            yield f"shown {name}", lambda name=name: found["explorer"].load(found[name])


@contextmanager
def little_memory() -> Iterator[None]:
    """Fail where more than 64 MiB are taken at once."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


# --- ways to damage the bytes of a file


def flip_bits(data: bytes, chance: random.Random) -> bytes:
    """Turn over from one to eight bits, more often near the beginning, where the formats have their structure."""
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        place = int(len(damaged) * chance.random() ** chance.choice([1, 4]))
        damaged[place] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def truncate(data: bytes, chance: random.Random) -> bytes:
    """Cut the end off."""
    return data[: chance.randrange(len(data))]


def insert(data: bytes, chance: random.Random) -> bytes:
    """Put noise, zeros, or a piece of the file itself somewhere."""
    place = chance.randrange(len(data) + 1)
    start = chance.randrange(len(data))
    what = [chance.randbytes(chance.randint(1, 64)), bytes(chance.randint(1, 5000)), data[start : start + 200]]
    return data[:place] + chance.choice(what) + data[place:]


def remove(data: bytes, chance: random.Random) -> bytes:
    """Take a piece out of the middle."""
    place = chance.randrange(len(data))
    return data[:place] + data[place + chance.randint(1, 40) :]


def change_length(data: bytes, chance: random.Random) -> bytes:
    """Write another number over the first eight bytes, where safetensors says how long its header is."""
    numbers = [0, 1, 7, len(data), 2**20, 2**20 + 1, 10**8, 2**31, 2**63, 2**64 - 1, chance.randrange(len(data))]
    return struct.pack("<Q", chance.choice(numbers)) + data[8:]


def change_json(data: bytes, chance: random.Random) -> bytes:
    """Put hostile values into the JSON that the file is or begins with, or rename an entry of it; leave the rest."""
    if data[:1] in (b"{", b"["):
        return _changed(json.loads(data), chance)
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    if chance.random() < 0.2 and "__metadata__" in header:
        facts = json.loads(header["__metadata__"]["duelo"])
        header["__metadata__"]["duelo"] = _changed(facts, chance).decode()
        text = json.dumps(header).encode()
    else:
        text = _changed(header, chance)
    return struct.pack("<Q", len(text)) + text + data[8 + length :]


def _changed(content: Any, chance: random.Random) -> bytes:
    for _ in range(chance.choice([1, 1, 1, 3])):
        places = list(_places(content))
        if not places:
            break
        parent, key = chance.choice(places)
        if isinstance(parent, dict) and chance.random() < 0.15:
            parent[chance.choice(["", "x" * 500, "\ud800", "/etc/passwd", "beta1", "__metadata__"])] = parent.pop(key)
        else:
            parent[key] = copy.deepcopy(chance.choice([*HOSTILE, [parent[key]], {"a": parent[key]}]))
    return json.dumps(content).encode()


def _places(content: Any) -> Any:
    for key, value in content.items() if isinstance(content, dict) else enumerate(content):
        yield content, key
        if isinstance(value, dict | list):
            yield from _places(value)


def change_cell(data: bytes, chance: random.Random) -> bytes:
    """Write something hostile over one value of a table."""
    lines = data.split(b"\n")
    row = chance.randrange(len(lines) - 1)
    cells = lines[row].split(b",")
    hostile = [
        b"",
        b"9" * 5000,
        b"9" * 900,
        b"-1",
        b"1e999",
        b"nan",
        b"\0",
        b"\xff",
        b"1_0",
        b"0x1",
        b",",
        b'"',
        b"=1+1",
    ]
    cells[chance.randrange(len(cells))] = chance.choice(hostile)
    lines[row] = b",".join(cells)
    return b"\n".join(lines)


def change_line(data: bytes, chance: random.Random) -> bytes:
    """Put hostile values into one line of JSON, or let two lines change places."""
    lines = data.splitlines()
    place = chance.randrange(len(lines))
    if chance.random() < 0.2:
        lines[0], lines[place] = lines[place], lines[0]
    else:
        lines[place] = _changed(json.loads(lines[place]), chance)
    return b"\n".join(lines) + b"\n"


def ways(name: str) -> list[Callable[[bytes, random.Random], bytes]]:
    """Return the ways to damage the file ``name``: those for all files, and those for its kind."""
    kinds = {
        ".json": [change_json] * 5,
        ".csv": [change_cell] * 3,
        ".jsonl": [change_line] * 5,
        ".safetensors": [change_json] * 4 + [change_length],
    }
    return [flip_bits, truncate, insert, remove, *kinds.get(Path(name).suffix, [])]


TRICKY_NAMES = [
    "samples/epoch-9999999999999999999999.png",
    "samples/epoch-999999999999999.png",
    "samples/epoch--001.png",
    "samples/epoch-00007.png",
    "samples/epoch-٠٠٠٣.png",
    "samples/epoch-0003.png",
    "samples/epoch-0003.png\n",
    "samples/.epoch-0001.png.tmp",
    "checkpoints/generator-1e9.safetensors",
    "checkpoints/generator-0003.safetensors",
    "checkpoints/discriminator-0003.safetensors",
    "checkpoints/discriminator-99999999999.safetensors",
    "checkpoints/generator-99999999999.safetensors",
    "checkpoints/state-999999999999999999.safetensors",
    "checkpoints/state-999999999999.safetensors",
    "checkpoints/state-\udcff.safetensors",
]


def swap_names(run: RunFolder, chance: random.Random) -> str:
    """Let two files change places, or copy one to another's name or to a tricky one; return what was done."""
    one, other = chance.sample(FILES, 2)
    if chance.random() < 0.4:
        data = [(run.path / name).read_bytes() for name in (one, other)]
        (run.path / one).write_bytes(data[1])
        (run.path / other).write_bytes(data[0])
        return f"{one} and {other} swapped"
    other = chance.choice([other, *TRICKY_NAMES])
    os.replace(run.path / one, run.path / other)
    return f"{one} renamed to {other!r}"
