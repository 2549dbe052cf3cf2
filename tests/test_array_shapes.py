"""Whoever calls a function with arrays reads in its docstring which shapes they have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests import sources
from tests.sources import ROOT

FILES = sources.of("engine", "studio")
ARRAYS = {"NDArray", "ndarray", "Tensor"}
A_SHAPE = re.compile(r"\[[^\]]*\]|\bscalars?\b|\bany shape\b|\bshape")


def _words(node: ast.expr | None) -> set[str]:
    return set(re.findall(r"\w+", ast.unparse(node))) if node is not None else set()


def _aliases(module: ast.Module, known: set[str]) -> Iterator[tuple[str, bool]]:
    """Yield the types that ``module`` names and that hold arrays, and whether a line below tells their shape."""
    for node, below in zip(module.body, [*module.body[1:], None], strict=True):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        elif isinstance(node, ast.AnnAssign) and "TypeAlias" in _words(node.annotation):
            name = ast.unparse(node.target)
        else:
            continue
        if isinstance(node.value, ast.Subscript) and known & _words(node.value):
            yield name, isinstance(below, ast.Expr) and bool(A_SHAPE.search(ast.unparse(below)))


def _array_types(module: ast.Module) -> set[str]:
    """Return the names under which ``module`` knows arrays whose shape their type does not tell."""
    found = ARRAYS | {name for name, told in _aliases(module, ARRAYS) if not told}
    told = {name for name, told in _aliases(module, ARRAYS) if told}
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("engine", "studio")):
            source = ROOT / f"{str(node.module).replace('.', '/')}.py"
            others = dict(_aliases(sources.tree(source), ARRAYS)) if source.is_file() else {}
            found |= {alias.name for alias in node.names if others.get(alias.name) is False}
    return found - told


def _public(body: Iterable[ast.stmt], place: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _public(node.body, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield place + node.name, node


def _signature(function: ast.FunctionDef) -> set[str]:
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return _words(function.returns).union(*(_words(argument.annotation) for argument in every))


def untold(module: ast.Module) -> list[str]:
    """Return the public functions of ``module`` that take or give arrays and tell no shape."""
    arrays = _array_types(module)
    return [
        name
        for name, function in _public(module.body)
        if arrays & _signature(function) and not A_SHAPE.search(ast.get_docstring(function) or "")
    ]


def test_every_public_function_with_arrays_tells_their_shapes():
    assert {sources.name(path): names for path in FILES if (names := untold(sources.tree(path)))} == {}


def test_the_scan_finds_what_tells_no_shape():
    code = '''
Curve = NDArray[np.float64]
"""``[N]``, ascending."""
Bare = NDArray[np.uint8]
def told(x: Tensor) -> Tensor:
    """Return ``x`` ``[N, C]`` twice."""
def by_its_type(x: Curve) -> float:
    """Return its mean."""
def untold(x: Tensor) -> Tensor:
    """Return ``x`` twice."""
class Net:
    def bare(self) -> list[Bare]:
        """Return the pictures."""
    def _private(self, x: Tensor) -> None:
        """Take it."""
'''
    assert untold(ast.parse(code)) == ["untold", "Net.bare"]
