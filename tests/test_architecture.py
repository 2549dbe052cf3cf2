"""The import rules: data flows one way, and the engine works where Qt is absent."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from tests import sources
from tests.sources import ROOT

QT = {"PySide6", "pyqtgraph", "shiboken6"}
TOP_LEVEL = {"main.py", "README.md", "pyproject.toml", "studio", "engine", "tests", "resources", "LICENSE"}
TORCH = {"torch", "torchvision"}


@cache
def imports(path: Path, *, only_at_import: bool = False) -> frozenset[str]:
    """Return the modules that a file imports; ``only_at_import`` leaves functions and type checking out."""
    found: set[str] = set()
    nodes: list[ast.AST] = [*sources.tree(path).body]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        skipped = (ast.FunctionDef, ast.AsyncFunctionDef) if only_at_import else ()
        guarded = only_at_import and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not isinstance(node, skipped) and not guarded:
            nodes += ast.iter_child_nodes(node)
    return frozenset(found)


def breaches(paths: Iterable[Path], strange: Callable[[set[str]], set[str]]) -> dict[str, set[str]]:
    """Return what is ``strange`` among the imports of each file, for those where something is."""
    found = {sources.name(path): strange(imports(path)) for path in paths}
    return {name: modules for name, modules in found.items() if modules}


def beginning(*starts: str) -> Callable[[set[str]], set[str]]:
    return lambda known: {module for module in known if module.startswith(starts)}


def tops(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def test_the_engine_knows_neither_qt_nor_the_studio():
    assert breaches(sources.of("engine"), lambda known: tops(known) & (QT | {"studio"})) == {}


def test_the_studio_imports_torch_only_in_its_threads():
    allowed = {"studio/app.py"}  # on Windows torch must come before Qt
    assert breaches(sources.of("studio"), lambda known: tops(known) & TORCH).keys() <= allowed


def test_importing_the_window_does_not_import_torch():
    script = "import sys, studio.window; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


WORKSPACES = sorted(path.parent for path in (ROOT / "studio" / "workspaces").glob("*/__init__.py"))
# And presenters: what knows the panels of a workspace.
ARRANGING = ("__init__", "workspace", "page", "commands")
PANELS = [
    *sorted((ROOT / "studio" / "panels").glob("*.py")),
    *(
        path
        for room in WORKSPACES
        for path in sorted(room.rglob("*.py"))
        if path.stem not in ARRANGING and not path.stem.endswith("presenter")
    ),
]


def test_a_panel_knows_no_other_panel_and_no_trainer():
    strange = beginning("studio.panels.", "studio.workspaces.", "studio.window", "engine.trainer")
    assert breaches(PANELS, strange) == {}


@pytest.mark.parametrize("room", WORKSPACES, ids=lambda room: room.name)
def test_a_workspace_knows_no_other_workspace(room):
    own, others = beginning(f"studio.workspaces.{room.name}"), beginning("studio.workspaces.")
    assert breaches(room.rglob("*.py"), lambda known: others(known) - own(known)) == {}


def test_the_model_knows_no_qt_and_nothing_that_works_with_it():
    def strange(known):
        ours = {module for module in beginning("studio.")(known) if module.split(".")[1] not in ("model", "text")}
        return ours | tops(known) & QT

    assert breaches(sources.of("studio/model"), strange) == {}


def test_services_and_workers_know_no_widget():
    qt = ("PySide6.QtWidgets", "PySide6.QtGui", "pyqtgraph")
    strange = beginning(*qt, "studio.widgets", "studio.panels", "studio.workspaces", "studio.window")
    assert breaches(sources.of("studio/services", "studio/workers"), strange) == {}


def test_a_widget_knows_no_panel():
    assert (
        breaches(sources.of("studio/widgets"), beginning("studio.panels", "studio.workspaces", "studio.window")) == {}
    )


def test_the_engine_tests_pass_where_qt_is_absent():
    """Blocks Qt as if it were not installed and imports every module of the engine."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "engine").rglob("*.py")
        if path.name != "__init__.py"
    ]
    block = f"import sys; sys.modules.update(dict.fromkeys({sorted(QT)!r}))\n"
    script = block + "".join(f"import {module}\n" for module in modules) + "import main\n"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, env=os.environ)


def test_nothing_but_the_seven_rooms_stands_at_the_top():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = {name.partition("/")[0] for name in listed.stdout.splitlines()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_no_pickle_and_no_unsafe_loading_anywhere():
    assert breaches(sources.of("engine", "studio"), lambda known: tops(known) & {"pickle", "shelve", "marshal"}) == {}
    loads = [
        line
        for path in sources.of("engine", "studio")
        for line in sources.text(path).splitlines()
        if "torch.load(" in line
    ]
    assert loads and all("weights_only=True" in line for line in loads)
