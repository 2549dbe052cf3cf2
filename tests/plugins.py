"""Packages that add to Duelo, as if installed: in ``tests/plugin``, and in ``tests/plugin_faulty`` with mistakes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine import registry

HERE = Path(__file__).parent


@contextmanager
def installed(name: str) -> Iterator[Path]:
    """Let the package in the folder ``name`` be found for as long as this lasts."""
    place, before = HERE / name, set(sys.modules)
    sys.path.insert(0, str(place))
    registry.look_again()
    try:
        yield place
    finally:
        sys.path.remove(str(place))
        for module in {each for each in set(sys.modules) - before if each.startswith("duelo_")}:
            del sys.modules[module]
        registry.look_again()
