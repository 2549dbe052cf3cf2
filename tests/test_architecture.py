"""The import rules: data flows one way, and the engine works where Qt is absent."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
QT = {"PySide6", "pyqtgraph", "shiboken6"}
TOP_LEVEL = {"main.py", "README.md", "pyproject.toml", "studio", "engine", "tests", "resources", "LICENSE"}
TORCH = {"torch", "torchvision"}


def imports(path: Path, *, only_at_import: bool = False) -> set[str]:
    """Return the modules that a file imports; ``only_at_import`` leaves functions and type checking out."""
    found: set[str] = set()
    nodes = [*ast.parse(path.read_text(encoding="utf-8")).body]
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
    return found


def tops(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("path", sorted((ROOT / "engine").rglob("*.py")), ids=str)
def test_the_engine_knows_neither_qt_nor_the_studio(path):
    assert not tops(imports(path)) & (QT | {"studio"})


@pytest.mark.parametrize("path", sorted((ROOT / "studio").rglob("*.py")), ids=str)
def test_the_studio_imports_torch_only_in_its_threads(path):
    allowed = {"app.py"}  # on Windows torch must come before Qt
    assert path.name in allowed or not tops(imports(path)) & TORCH


def test_importing_the_window_does_not_import_torch():
    script = "import sys, studio.window; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


WORKSPACES = sorted(path.parent for path in (ROOT / "studio" / "workspaces").glob("*/__init__.py"))
# And presenters: what knows the panels of a workspace.
ARRANGING = ("__init__", "workspace", "commands")
PANELS = [
    *sorted((ROOT / "studio" / "panels").glob("*.py")),
    *(
        path
        for room in WORKSPACES
        for path in sorted(room.rglob("*.py"))
        if path.stem not in ARRANGING and not path.stem.endswith("presenter")
    ),
]


@pytest.mark.parametrize("path", PANELS, ids=str)
def test_a_panel_knows_no_other_panel_and_no_trainer(path):
    known = imports(path)
    others = {module for module in known if module.startswith(("studio.panels.", "studio.workspaces."))}
    assert not others and not {"engine.trainer", "studio.window", "studio.workers.training_worker"} & known


@pytest.mark.parametrize("room", WORKSPACES, ids=lambda room: room.name)
def test_a_workspace_knows_no_other_workspace(room):
    known = {module for path in room.rglob("*.py") for module in imports(path)}
    others = {module for module in known if module.startswith("studio.workspaces.")}
    assert not {module for module in others if not module.startswith(f"studio.workspaces.{room.name}")}


@pytest.mark.parametrize("path", sorted((ROOT / "studio" / "model").glob("*.py")), ids=str)
def test_the_model_knows_no_qt_and_nothing_that_works_with_it(path):
    known = imports(path)
    assert not tops(known) & QT
    assert not {it for it in known if it.startswith("studio.") and it.split(".")[1] not in ("model", "text")}


@pytest.mark.parametrize("room", ["services", "workers"])
def test_services_and_workers_know_no_widget(room):
    for path in (ROOT / "studio" / room).glob("*.py"):
        known = imports(path)
        assert not {it for it in known if it.startswith(("PySide6.QtWidgets", "PySide6.QtGui", "pyqtgraph"))}, path
        strange = ("studio.widgets", "studio.panels", "studio.workspaces", "studio.window")
        assert not {it for it in known if it.startswith(strange)}, path


@pytest.mark.parametrize("path", sorted((ROOT / "studio" / "widgets").glob("*.py")), ids=str)
def test_a_widget_knows_no_panel(path):
    strange = ("studio.panels", "studio.workspaces", "studio.window")
    assert not {module for module in imports(path) if module.startswith(strange)}


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
    for path in [*(ROOT / "engine").rglob("*.py"), *(ROOT / "studio").rglob("*.py")]:
        assert not tops(imports(path)) & {"pickle", "shelve", "marshal"}, path
        assert "torch.load(" not in path.read_text(encoding="utf-8"), path
