"""What a benchmark consists of: parts with a name, made of steps that take known times. Knows no torch and no Qt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

Measured = dict[str, Any]
"""What a step found, ready for JSON."""


@dataclass(frozen=True)
class PartStep:
    """One measurement: what it is, in the person's language, and about how many seconds it takes."""

    told: str
    seconds: float
    measure: Callable[[], Measured]


@dataclass(frozen=True)
class Part:
    """Steps that belong together; ``tables`` shows what they found, in their order.

    ``only_by_name``: it takes so long that it is measured only where it is asked for.
    """

    name: str
    steps: Callable[[], Sequence[PartStep]]
    tables: Callable[[Sequence[Measured]], list[Table]]
    only_by_name: bool = False


def table(title: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """Return a table, numbers to the right of the first column."""
    made = Table(title=title)
    for place, heading in enumerate(headings):
        made.add_column(heading, justify="right" if place else "left")
    for row in rows:
        made.add_row(*row)
    return made


def environment() -> dict[str, str]:
    """Return the environment for a process of ours, which finds this very Duelo first, wherever it is started."""
    places = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, places))}
