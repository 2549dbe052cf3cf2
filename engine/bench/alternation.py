"""Two trainings in two processes that take the machine in turns, some seconds each, so that they meet the same machine.

A host that is shared gives more or less from one minute to the next. Two programs that are measured one after the other
are held against different hosts; the one that waits, suspended, while the other works, meets every host that it does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psutil

from engine.bench.part import Measured

SLICE_SECONDS = 2.0
_LOOK_SECONDS = 0.05
_MARK = "in turns with a training: "  # begins the line by which a process asks for it
TRAINING: Sequence[str] = (sys.executable, "-c", "from engine.bench import turns; turns.tell()")

Counts = Sequence[tuple[float, int]]
"""Images that a training had seen, and when: seconds of ``time.perf_counter``, which all processes share."""
Slices = Sequence[tuple[float, float]]
"""From when to when a process worked, in the same seconds."""


def ask(name: str, seconds: float) -> float:
    """Ask to be measured in turns for ``seconds`` of our own, as ``name``; return the seconds to wait until it is over.

    Whoever calls this trains, and prints nothing else until then.
    """
    print(_MARK + json.dumps({"name": name, "seconds": seconds}), flush=True)
    return 2 * seconds


def speeds(one: Counts, slices: Slices, other: Counts, other_slices: Slices) -> tuple[float, float]:
    """Return images per second of two trainings that worked in these slices alone, over the images that both had seen.

    So the ends of as many epochs, with their files, samples and judges, count for both.
    """
    both = [_working(counts, own) for counts, own in ((one, slices), (other, other_slices))]
    first, last = max(course[0][1] for course in both), min(course[-1][1] for course in both)
    if first >= last:
        raise ValueError("the two trainings have no images in common")
    found = []
    for course in both:
        begin, end = (next(count for count in course if count[1] >= images) for images in (first, last))
        found.append((end[1] - begin[1]) / (end[0] - begin[0]))
    return found[0], found[1]


def _working(counts: Counts, slices: Slices) -> list[tuple[float, int]]:
    """Return what was counted in ``slices``, by the seconds that were worked until then."""
    worked, course = 0.0, []
    for begin, end in slices:
        course += [(worked + when - begin, images) for when, images in counts if begin <= when <= end]
        worked += end - begin
    return course


def alternate(
    one: psutil.Process, other: psutil.Process, seconds: float, sleep: Callable[[float], None] = time.sleep
) -> tuple[Slices, Slices]:
    """Let ``one``, which works, and ``other``, which is suspended, work for ``seconds`` each; leave them as they were.

    Returns the slices of both.
    """
    worked: tuple[list[tuple[float, float]], list[tuple[float, float]]] = [], []
    turns = max(1, round(seconds / SLICE_SECONDS))
    for _ in range(turns):
        for mine, (now, then) in zip(worked, ((one, other), (other, one)), strict=True):
            begin = time.perf_counter()
            sleep(seconds / turns)
            mine.append((begin, time.perf_counter()))
            with suppress(psutil.NoSuchProcess):  # which whoever waits for it finds out
                now.suspend()
                then.resume()
    return worked


def measure_beside(command: Sequence[str], environment: Mapping[str, str], launched: str) -> Measured:
    """Run ``command``, which may ``ask`` for turns; return the figures that it prints at its end as JSON.

    What it asked for as ``name`` it tells as ``counts name``; that becomes ``name``, its images per second, and
    ``headless name``, those of the training without a window. ``launched`` is the variable that tells it when it was.
    Raises ``subprocess.CalledProcessError`` where one of the two fails.
    """
    with (
        _training(environment) as (training, counts),
        _started(command, {**environment, launched: repr(time.time())}) as process,
    ):
        slices: dict[str, tuple[Slices, Slices]] = {}
        said = ""
        for line in _lines(process):
            if line.startswith(_MARK):
                asked = json.loads(line.removeprefix(_MARK))
                slices[asked["name"]] = alternate(psutil.Process(process.pid), training, asked["seconds"])
            else:
                said += line
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, command)
    found: dict[str, Any] = json.loads(said)
    for name, (own, headless) in slices.items():
        found[name], found[f"headless {name}"] = speeds(found.pop(f"counts {name}"), own, counts, headless)
    return found


@contextmanager
def _training(environment: Mapping[str, str]) -> Iterator[tuple[psutil.Process, list[tuple[float, int]]]]:
    """Lend a training in a process of its own, which is suspended, and what it has counted."""
    counts: list[tuple[float, int]] = []
    with _started(TRAINING, environment) as process:

        def listen() -> None:
            for line in _lines(process):
                if line.endswith("\n"):  # or it ended while it told
                    when, images = line.split()
                    counts.append((float(when), int(images)))

        listener = threading.Thread(target=listen, name="counts", daemon=True)
        listener.start()
        try:
            while not counts:
                if process.poll() is not None:
                    raise subprocess.CalledProcessError(process.returncode, TRAINING)
                time.sleep(_LOOK_SECONDS)
            training = psutil.Process(process.pid)
            training.suspend()
            yield training, counts
        finally:
            process.kill()
            listener.join()


@contextmanager
def _started(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Lend a process that tells something; it is gone in the end, also where it is suspended."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    yield from process.stdout
