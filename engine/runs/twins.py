"""What a run keeps twice, and its one file once: a state to branch off from that is also one to go on from."""

from __future__ import annotations

import filecmp
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TypeVar

_STATE, _BRANCH = "checkpoints/state-", "checkpoints/branch-"
_Fact = TypeVar("_Fact")


def same_files(found: Mapping[str, Path]) -> dict[str, str]:
    """Return the branch states among the files ``found`` that hold what a state holds, each with the state's name."""
    twins: dict[str, str] = {}
    for branch in _kind(found, _BRANCH):
        for state in _kind(found, _STATE):
            if state not in twins.values() and _hold_the_same(found[branch], found[state]):
                twins[branch] = state
                break
    return twins


def told_only(listed: Mapping[str, _Fact], stored: Collection[str]) -> dict[str, str]:
    """Return what is ``listed``, with size and checksum, but not ``stored``, each with the state that it is.

    Raises ``ValueError`` unless each is a branch state, and each the twin of another state: so no small file becomes a
    large one.
    """
    states = {listed[name]: name for name in _kind(stored, _STATE)}
    twins = {name: states.pop(listed[name], "") for name in sorted(listed.keys() - set(stored))}
    if not all(state and name in _kind(twins, _BRANCH) for name, state in twins.items()):
        raise ValueError("files are missing")
    return twins


def _kind(names: Collection[str], beginning: str) -> list[str]:
    return sorted(name for name in names if name.startswith(beginning))


def _hold_the_same(first: Path, second: Path) -> bool:
    try:
        return filecmp.cmp(first, second, shallow=False)
    except OSError:  # whoever reads it, says so
        return False
