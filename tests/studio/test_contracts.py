"""Nothing reaches through the window: no object below it leads back to it, and only the program's start imports it."""

from __future__ import annotations

import gc
import types
import weakref
from functools import partial

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from studio.window import MainWindow
from tests.sources import ROOT
from tests.test_architecture import imports


def known_to(thing):
    """Return the objects to which ``thing`` holds a reference in Python, as far as our own code made it."""
    if isinstance(thing, types.MethodType):
        return [thing.__self__, thing.__func__]
    if isinstance(thing, types.FunctionType):
        return [cell.cell_contents for cell in thing.__closure__ or () if cell.cell_contents is not None]
    if isinstance(thing, partial):
        return [thing.func, *thing.args, *thing.keywords.values()]
    if isinstance(thing, dict):
        return [*thing.keys(), *thing.values()]
    if isinstance(thing, list | tuple | set | frozenset):
        return list(thing)
    if type(thing).__module__.startswith("studio"):
        return list(getattr(thing, "__dict__", {}).values())
    return []


def test_no_object_below_the_window_leads_back_to_it(window):
    """So what is built from a context can be built without a window, and the window goes when it is closed."""
    way = {id(part): [name] for name, part in vars(window).items()}
    todo = list(vars(window).values())
    while todo:
        thing = todo.pop()
        for known in known_to(thing):
            assert known is not window, (*way[id(thing)], type(thing).__name__)
            if id(known) not in way:
                way[id(known)] = [*way[id(thing)], type(thing).__name__]
                todo.append(known)
    assert len(way) > 1000, "the walk went through the panels"


def test_a_closed_window_goes_without_help_of_the_garbage_collector(tiny_gan, qtbot, settings):
    gc.collect()
    gc.disable()
    try:
        window = MainWindow(settings)
        window.show()
        window.close()
        window.services.wait(60.0)
        gone = weakref.ref(window)
        window.deleteLater()
        del window
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert gone() is None
    finally:
        gc.enable()


def test_nobody_imports_the_window_but_the_start():
    known = {path for path in (ROOT / "studio").rglob("*.py") if "studio.window" in imports(path)}
    assert known == {ROOT / "studio" / "app.py"}


def test_the_shell_knows_workspaces_by_their_protocol_only():
    shell = [*(ROOT / "studio").glob("*.py"), *(ROOT / "studio" / "presenters").glob("*.py")]
    for path in shell:
        strange = {
            it for it in imports(path) if it.startswith("studio.workspaces.") and it != "studio.workspaces.WORKSPACES"
        }
        assert not strange, path
