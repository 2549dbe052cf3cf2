"""The performance tables of this machine, part by part. A machine is measured alone: nothing else may compute."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

from engine.bench import beside_others, beside_textbook, explore, minute, plane, recipes, search, style
from engine.bench.part import Measured, Part, PartStep
from engine.errors import UserError
from engine.i18n import tr, trn

PARTS = (
    minute.PART,
    beside_textbook.PART,
    recipes.PART,
    plane.PART,
    beside_others.PART,
    search.PART,
    explore.PART,
    style.PART,
)

Watch = Callable[[Sequence[PartStep]], AbstractContextManager[Iterator[PartStep]]]
"""Shows how far the steps have come while they are taken from it."""


def choose(names: Sequence[str], parts: Sequence[Part]) -> list[Part]:
    """Return the parts called ``names``, in their own order; where none is, all short ones. Raises ``UserError``."""
    known = [part.name for part in parts]
    for name in names:
        if name not in known:
            raise UserError(
                tr("“{name}” is no part of the benchmark.", name=name),
                tr("Parts are: {names}.", names=", ".join(known)),
            )
    return [part for part in parts if part.name in names or not (names or part.only_by_name)]


def run(parts: Sequence[Part], watch: Watch) -> dict[str, list[Measured]]:
    """Take every step of ``parts``; return what each found, by the part's name."""
    steps = [(part.name, step) for part in parts for step in part.steps()]
    found: dict[str, list[Measured]] = {part.name: [] for part in parts}
    with watch([step for _, step in steps]) as watched:
        for (name, _), step in zip(steps, watched, strict=True):
            found[name].append(step.measure())
    return found


def circumstances() -> dict[str, str]:
    """Return what figures mean nothing without: machine, torch and date."""
    import torch

    from engine import device

    cores, using = trn("{count} core", "{count} cores", device.cores()), device.describe(device.resolve("auto"))
    return {
        "machine": f"{_processor()}, {cores}, {using}, torch {torch.__version__}",
        "date": date.today().isoformat(),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
