"""When the suite is shared among workers: for whole folders, and where nobody wants to look on."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import conftest

HERE = Path(__file__).parent


def workers(monkeypatch, cores=2, args=(str(HERE),), **options):
    monkeypatch.setattr(conftest, "usable_cores", lambda: list(range(cores)))
    plain = {"keyword": "", "markexpr": "not slow", "capture": "fd", "collectonly": False}
    config = SimpleNamespace(args=list(args), option=SimpleNamespace(**(plain | options)))
    return conftest.pytest_xdist_auto_num_workers(config)


@pytest.mark.parametrize(("cores", "expected"), [(1, 0), (2, 2), (6, 6), (64, 8)])
def test_the_whole_suite_has_a_worker_on_each_core(monkeypatch, cores, expected):
    assert workers(monkeypatch, cores) == expected


@pytest.mark.parametrize("args", [[__file__], [f"{__file__}::test_x"], [str(HERE / "engine"), __file__]])
def test_named_tests_begin_at_once(monkeypatch, args):
    assert workers(monkeypatch, args=args) == 0


@pytest.mark.parametrize(
    "options", [{"keyword": "digits"}, {"markexpr": "gpu"}, {"capture": "no"}, {"collectonly": True}], ids=str
)
def test_so_does_what_is_chosen_or_looked_at(monkeypatch, options):
    assert workers(monkeypatch, **options) == 0
