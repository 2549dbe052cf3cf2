"""Puts other code in the place of a module when it is imported, so that no file is touched."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, ModuleType

from tests.mutations.operators import ROOT

_NOTE = "__note__"

Note = Callable[[str, int], None]


def module_name(path: str) -> str:
    """Return the name under which the file ``path`` is imported."""
    return path.removesuffix(".py").replace("/", ".")


def swap(trees: Mapping[str, ast.Module], note: Note | None = None) -> None:
    """Let the modules of these paths be ``trees``; ``note`` hears path and line of what runs in a ``watched`` one."""
    sys.meta_path.insert(0, _Finder({module_name(path): (path, tree) for path, tree in trees.items()}, note))


def watched(path: str) -> ast.Module:
    """Return the module ``path`` such that it notes the line of each statement in a function before it runs."""
    tree = ast.parse((ROOT / path).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            _watch(node, path)
    return ast.fix_missing_locations(tree)


def _watch(node: ast.AST, path: str) -> None:
    for block in ("body", "orelse", "finalbody", "handlers"):
        statements = getattr(node, block, None)
        if not isinstance(statements, list):
            continue
        for statement in statements:
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                _watch(statement, path)
        if statements and isinstance(statements[0], ast.stmt):
            noted = [part for each in statements for part in (*_noting(path, each), each)]
            setattr(node, block, noted)


def _noting(path: str, statement: ast.stmt) -> list[ast.stmt]:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return []  # documentation must stay the first statement
    return [ast.Expr(ast.Call(ast.Name(_NOTE, ast.Load()), [ast.Constant(path), ast.Constant(statement.lineno)], []))]


class _Finder:
    def __init__(self, trees: Mapping[str, tuple[str, ast.Module]], note: Note | None) -> None:
        self._trees = trees
        self._note = note

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if name not in self._trees:
            return None
        path, tree = self._trees[name]
        file = str(ROOT / path)
        return spec_from_file_location(name, file, loader=_Loader(name, file, tree, self._note))


class _Loader(SourceFileLoader):
    def __init__(self, name: str, file: str, tree: ast.Module, note: Note | None) -> None:
        super().__init__(name, file)
        self._tree = tree
        self._note = note

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._tree, self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, _NOTE, self._note)
        super().exec_module(module)
