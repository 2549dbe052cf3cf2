"""Tests meet our classes as everybody does: by what is seen, by names of widgets, and by public doors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests import sources

PUBLIC_OF_OTHERS = {"_replace", "_fields", "_asdict"}  # of named tuples
OF_OPTUNA = {"_trial_id", "_storage", "_all_grids"}  # which has no public door to them
OF_LIBRARIES = {"torch", "nn", "os", "sys"}


def private_uses(tree: ast.AST) -> Iterator[ast.Attribute]:
    """Yield each ``thing._name`` where ``thing`` is not the object itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
            is_own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            is_foreign = ast.unparse(node).partition(".")[0] in OF_LIBRARIES
            if not is_own and not is_foreign and node.attr not in PUBLIC_OF_OTHERS | OF_OPTUNA:
                yield node


def test_no_test_uses_private_attributes():
    uses = ((path, use) for path in sources.of("tests") for use in private_uses(sources.tree(path)))
    found = [f"{sources.name(path)}:{use.lineno}: {ast.unparse(use)}" for path, use in uses]
    assert not found, "\n".join(["act through widgets (findChild by name), commands, signals or services:", *found])


def test_the_count_finds_them():
    def count(code):
        return len(list(private_uses(ast.parse(code))))

    assert (
        count("panel._rows") == count("a.b()._rows['x']._default") - 1 == count("panel._form._rows.values()") - 1 == 1
    )
    assert count("self._rows; cls._rows; panel.rows; row._replace(x=1); torch.ops.aten._local; thing.__dict__") == 0
