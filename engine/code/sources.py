"""Our own formulas as a script shows them: the function that trains, with another name, without types. Knows no run."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any


def source_of(function: Callable[..., Any], name: str = "", words: str = "") -> str:
    """Return the text of ``function`` under the name ``name``, explained by ``words``.

    Numbers that its module names stand as they are, and what it calls of that module has to be shown beside it.
    """
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(node, ast.FunctionDef)
    plain = _Plain(vars(inspect.getmodule(function))).visit(node)
    plain.name = name or function.__name__.lstrip("_")
    rest = node.body[1:] if ast.get_docstring(node) else node.body
    plain.body = [*([ast.Expr(ast.Constant(words))] if words else []), *rest]
    return ast.unparse(ast.fix_missing_locations(plain))


class _Plain(ast.NodeTransformer):
    """Takes types away, and puts numbers where their module names them."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.returns, node.decorator_list = None, []
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        return ast.Assign([node.target], node.value) if node.value is not None else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Kinds of layers stand beside each other where one looks which it is: so everybody can read it."""
        self.generic_visit(node)
        return _tuple_of(node) if isinstance(node.op, ast.BitOr) else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        value = self._names.get(node.id)
        return ast.Constant(value) if type(value) in (int, float) else node


def _tuple_of(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.BinOp):
        left, right = node.left, node.right
        parts = left.elts if isinstance(left, ast.Tuple) else [left]
        return ast.Tuple([*parts, right], ast.Load())
    return node
