"""The start: what is loaded for good is not looked through for garbage, and the rest is."""

import gc
import sys

import pytest

from studio.workers.torch_thread import import_torch


@pytest.fixture
def _as_at_the_start():
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("_as_at_the_start")
def test_what_is_loaded_by_then_is_not_searched_for_garbage_and_the_rest_is():
    import_torch()
    kept = gc.get_freeze_count()
    assert kept > 100_000, "torch alone brings more"
    assert gc.isenabled()
    assert sum(len(gc.get_objects(generation)) for generation in range(3)) < kept / 10


@pytest.mark.usefixtures("_as_at_the_start")
def test_garbage_is_collected_also_where_torch_cannot_be_imported(monkeypatch):
    monkeypatch.setitem(sys.modules, "engine.trainer", None)
    with pytest.raises(ImportError):
        import_torch()
    assert gc.isenabled()
