"""An object is whole once it was made: every attribute is there when ``__init__`` returns."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests import sources

HOUSE = sources.of("engine", "studio")
BUILDERS = ("__init__", "__post_init__", "__new__")


@dataclass
class Class:
    """A class as it is written: its methods, what its body declares, and its bases, as far as they are ours."""

    place: str
    node: ast.ClassDef
    bases: list[Class] = field(default_factory=list)

    def family(self) -> Iterator[Class]:
        yield self
        for base in self.bases:
            yield from base.family()

    def methods(self) -> dict[str, list[ast.FunctionDef]]:
        found: dict[str, list[ast.FunctionDef]] = {}
        for each in self.family():
            for it in each.node.body:
                if isinstance(it, ast.FunctionDef):
                    found.setdefault(it.name, []).append(it)
        return found

    def declared(self) -> set[str]:
        targets = [
            it.target if isinstance(it, ast.AnnAssign) else it.targets[0]
            for each in self.family()
            for it in each.node.body
            if isinstance(it, ast.AnnAssign | ast.Assign)
        ]
        properties = {name for name, them in self.methods().items() if any(it.decorator_list for it in them)}
        return {it.id for it in targets if isinstance(it, ast.Name)} | properties


def set_in(function: ast.FunctionDef) -> set[str]:
    """Return the attributes of the object itself that ``function`` sets."""
    return {it.attr for it in ast.walk(function) if _is_own(it) and isinstance(it.ctx, ast.Store)}


def called_in(function: ast.FunctionDef) -> set[str]:
    return {it.func.attr for it in ast.walk(function) if isinstance(it, ast.Call) and _is_own(it.func)}


def _is_own(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def classes() -> list[Class]:
    """Return all classes of the house; a base is sought in the same file first."""
    found = [
        Class(sources.name(path), node)
        for path in HOUSE
        for node in sources.nodes(path)
        if isinstance(node, ast.ClassDef)
    ]
    by_name = {(it.place, it.node.name): it for it in found} | {(None, it.node.name): it for it in found}
    for each in found:
        names = [ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in each.node.bases]
        bases = [by_name.get((each.place, name)) or by_name.get((None, name)) for name in names]
        each.bases = [base for base in bases if base is not None and base is not each]
    return found


def late(each: Class) -> dict[str, set[str]]:
    """Return what methods of ``each`` set that is not there once it was made, by method."""
    methods, there = each.methods(), each.declared()
    told, todo = set(), [it for name in BUILDERS for it in methods.get(name, ())]
    while todo:
        function = todo.pop()
        if function not in told:
            told.add(function)
            there |= set_in(function)
            todo += [it for name in called_in(function) for it in methods.get(name, ())]
    found = {name: set_in(it) - there for name, them in methods.items() for it in them if it in each.node.body}
    return {name: names for name, names in found.items() if names}


ENTERED = "__enter__"  # a thing that is used in a ``with`` is whole inside of it


def test_every_object_is_whole_once_it_was_made():
    """What is built later is a ``cached_property``, there whenever somebody asks."""
    found = {f"{it.place}: {it.node.name}.{method}": names for it in classes() for method, names in late(it).items()}
    assert {where: names for where, names in found.items() if not where.endswith(ENTERED)} == {}


def test_what_comes_late_is_found_wherever_it_stands():
    code = """
class Base:
    kind: str
    def __init__(self): self.a = 1; self._lay_out()
    def _lay_out(self): pass
class Below(Base):
    def _lay_out(self): self.b = 1
    def act(self): self.a, self.b, self.kind = 2, 2, ""; self.c = 3
    @property
    def d(self): return 4
    def other(self): self.d = self.e = 5
"""
    base, below = (Class("", it) for it in ast.parse(code).body)
    below.bases = [base]
    assert late(base) == {} and late(below) == {"act": {"c"}, "other": {"e"}}
    assert len(classes()) > 500
