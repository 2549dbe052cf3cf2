"""Which small faults a piece of Python may have, found in its syntax tree. Knows no test and runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_COMPARISONS = {ast.Lt: ast.LtE, ast.Gt: ast.GtE, ast.Eq: ast.NotEq, ast.In: ast.NotIn, ast.Is: ast.IsNot}
_COMPARISONS |= {new: old for old, new in _COMPARISONS.items()}
_SUMS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult}
_SUMS |= {ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}
_NAMES = {"min": "max", "any": "all", "argmin": "argmax", "minimum": "maximum", "mean": "sum", "floor": "ceil"}
_NAMES |= {new: old for old, new in _NAMES.items()}
_HARMLESS = ("strict", "stacklevel")  # arguments that only say how loudly something that cannot happen is told

Way = tuple[str, Callable[[], None]]


@dataclass(frozen=True)
class Mutant:
    """The ``number``-th fault of the module ``path``: what is written otherwise, and where.

    ``line`` is that of the fault, ``lines`` from where to where statements run it, ``where`` the function or class
    around it. What defines a global has its ``name`` instead.
    """

    path: str
    number: int
    line: int
    lines: tuple[int, int]
    where: str
    name: str
    change: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} ({self.where or 'module'}): {self.change}"


def mutants(path: str, source: str | None = None) -> list[Mutant]:
    """Return every fault that the module ``path`` may have, in order."""
    tree = ast.parse((ROOT / path).read_text() if source is None else source)
    return [
        Mutant(path, number, node.lineno, place.lines, place.where, place.name, change)
        for number, (node, place, change, _) in enumerate(_faults(tree, _Place()))
    ]


def mutated(path: str, number: int, source: str | None = None) -> ast.Module:
    """Return the tree of the module ``path`` with its ``number``-th fault."""
    tree = ast.parse((ROOT / path).read_text() if source is None else source)
    for index, (_, _, _, make) in enumerate(_faults(tree, _Place())):
        if index == number:
            make()
            return ast.fix_missing_locations(tree)
    raise LookupError(f"{path} has no fault number {number}")


@dataclass(frozen=True)
class _Place:
    lines: tuple[int, int] = (0, -1)
    where: str = ""
    name: str = ""
    in_function: bool = False


def _faults(node: ast.AST, place: _Place) -> Iterator[tuple[ast.expr | ast.stmt, _Place, str, Callable[[], None]]]:
    for child, put in _children(node):
        here = _place_of(child, place)
        if isinstance(child, ast.expr | ast.stmt):
            for change, make in _ways(child, put, here):
                yield child, here, change, make
        yield from _faults(child, here)


def _place_of(node: ast.AST, place: _Place) -> _Place:
    """Return where ``node`` is: defaults run with their function, and what a class holds with all of the class."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        where = f"{place.where}.{node.name}".strip(".")
        is_function = place.in_function or isinstance(node, ast.FunctionDef)
        return _Place((node.lineno, node.end_lineno or node.lineno), where, in_function=is_function)
    if isinstance(node, ast.stmt) and place.in_function:
        return replace(place, lines=(node.lineno, node.lineno))
    if isinstance(node, ast.stmt) and not place.where:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        return _Place(name=target.id if isinstance(target, ast.Name) else "")
    return place


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, Callable[[ast.AST], None]]]:
    """Yield what may be wrong below ``node``, and what puts something else in its place.

    Types, documentation, decorators and assertions do not run, or only say what cannot be.
    """
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        if isinstance(value, ast.AST):
            yield value, lambda new, field=field: setattr(node, field, new)
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, ast.AST) and not _does_not_run(item):
                yield item, lambda new, value=value, index=index: value.__setitem__(index, new)


def _does_not_run(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Assert | ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.keyword) and node.arg in _HARMLESS
    )


def _ways(node: ast.expr | ast.stmt, put: Callable[[ast.AST], None], place: _Place) -> Iterator[Way]:
    """Yield in how many ways ``node`` itself may be wrong."""
    before = ast.unparse(node).partition("\n")[0]

    def otherwise(new: ast.AST) -> Way:
        return f"{before} → {ast.unparse(new)}", lambda: put(new)

    match node:
        case ast.Constant(value=bool(value)):
            yield otherwise(ast.Constant(not value))
        case ast.Constant(value=int(value)):
            yield otherwise(ast.Constant(value + 1))
        case ast.Constant(value=float(value)):
            yield otherwise(ast.Constant(2 * value or 1.0))
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARISONS:
            yield otherwise(ast.Compare(node.left, [_COMPARISONS[type(operator)]()], node.comparators))
        case ast.Compare(ops=[first, *rest]):
            for index, operator in enumerate([first, *rest]):
                operators = [first, *rest]
                operators[index] = _COMPARISONS[type(operator)]()
                yield otherwise(ast.Compare(node.left, operators, node.comparators))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _SUMS:
            yield otherwise(ast.BinOp(left, _SUMS[type(operator)](), right))
        case ast.BoolOp(op=operator, values=values):
            yield otherwise(ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values))
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield otherwise(operand)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield otherwise(ast.IfExp(test, orelse, body))
        case ast.Name(id=name) if name in _NAMES:
            yield otherwise(ast.Name(_NAMES[name], ast.Load()))
        case ast.Attribute(value=value, attr=name) if name in _NAMES:
            yield otherwise(ast.Attribute(value, _NAMES[name], ast.Load()))
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise() if place.in_function:
            yield otherwise(ast.Pass())
        case ast.Return(value=ast.Constant(value=None | False) | ast.Tuple(elts=[]) | ast.List(elts=[])):
            pass  # nothing is as good
        case ast.Return(value=ast.expr()):
            yield otherwise(ast.Return(None))
        case ast.If(test=test):
            yield f"if {ast.unparse(test)} → if not", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), test))
