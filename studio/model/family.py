"""Runs and the branches that went off them, as trees with a place for each. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.runs import ListedRun, RunSummary


@dataclass(frozen=True, eq=False)
class Node:
    """A run in its tree: ``depth`` branches from the first, in the line ``row``; ``parent`` is a node's path."""

    run: RunSummary
    depth: int
    row: int
    parent: Path | None


def families(runs: Iterable[ListedRun]) -> list[Node]:
    """Return the runs that branch off another one that is still there, and those, trees below each other.

    Parents come before their branches; those branch by the epoch from which they come. A tree of a stranger's runs
    that bite their own tails is cut.
    """
    readable = {run.path: run for run in runs if isinstance(run, RunSummary)}
    parents = {path: parent for path, run in readable.items() if (parent := _parent(run, readable)) is not None}
    roots = [path for path in readable if path in parents.values() and not _has_end(path, parents)]
    nodes: list[Node] = []
    for root in sorted(roots, key=lambda path: -readable[path].modified):
        _add(nodes, readable, parents, root, 0, None, nodes[-1].row + 1 if nodes else 0)
    return nodes


def _parent(run: RunSummary, readable: dict[Path, RunSummary]) -> Path | None:
    """Return the run that ``run`` comes from, also where all of them were moved."""
    if run.branch_of is None:
        return None
    there = Path(run.branch_of.run)
    found = next((path for path in (there, run.path.parent / there.name) if path in readable), None)
    return None if found == run.path else found


def _has_end(path: Path, parents: dict[Path, Path]) -> bool:
    """Whether ``path`` has a parent that is no descendant of its own; a ring begins at its first run by name."""
    seen = [path]
    while (parent := parents.get(seen[-1])) is not None:
        if parent in seen:
            return min(seen[seen.index(parent) :]) != path
        seen.append(parent)
    return len(seen) > 1


def _add(
    nodes: list[Node],
    readable: dict[Path, RunSummary],
    parents: dict[Path, Path],
    path: Path,
    depth: int,
    parent: Path | None,
    row: int,
) -> int:
    """Add ``path`` and what branches off it, the first in its own line, and return the last line taken."""
    nodes.append(Node(readable[path], depth, row, parent))
    known = {node.run.path for node in nodes}
    children = [child for child, its in parents.items() if its == path and child not in known]
    for number, child in enumerate(sorted(children, key=lambda it: (_epoch(readable[it]), it))):
        row = _add(nodes, readable, parents, child, depth + 1, path, row + bool(number))
    return row


def _epoch(run: RunSummary) -> int:
    return run.branch_of.epoch if run.branch_of else 0


def neighbor(nodes: Sequence[Node], path: Path | None, way: str) -> Path | None:
    """Return the run beside ``path``: "left" its parent, "right" its first branch, "up" and "down" those in line."""
    now = next((node for node in nodes if node.run.path == path), None)
    if now is None:
        return nodes[0].run.path if nodes else None
    if way == "left":
        return now.parent or path
    if way == "right":
        return next((node.run.path for node in nodes if node.parent == path), path)
    ordered = sorted((node for node in nodes if node.depth == now.depth), key=lambda node: node.row)
    at = ordered.index(now) + (1 if way == "down" else -1)
    return ordered[at].run.path if 0 <= at < len(ordered) else path
