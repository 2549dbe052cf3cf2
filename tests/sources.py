"""The files of the house, for the rules that look at them all."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def of(*rooms: str) -> list[Path]:
    """Return all Python files below ``rooms``."""
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def name(path: Path) -> str:
    """Return where ``path`` stands in the house."""
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return all there is in the tree of ``path``: walking it takes longer than whatever is looked for."""
    return tuple(ast.walk(tree(path)))
