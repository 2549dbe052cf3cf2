"""Closing has one deadline for all services together, however many of them are stuck."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace

import pytest

from studio.services import all as all_services
from studio.services.searching import SearchService
from studio.services.styling import StylingService
from studio.services.training import TrainingService
from studio.workers.job_runner import JobRunner
from studio.workers.latest_only import LatestOnlyWorker

WAITS = {
    "kept": [
        *((TrainingService, "wait_until_saved"), (JobRunner, "wait_until_kept")),
        *((SearchService, "wait_until_kept"), (StylingService, "wait_until_kept")),
    ],
    "ended": [(JobRunner, "wait"), (LatestOnlyWorker, "wait")],
}
"""What closing waits for: that nothing would be lost, and then that the threads have ended."""


@pytest.fixture
def told(services, monkeypatch):
    """The deadlines that the parts of ``services`` are told, each of which needs a minute of a clock of its own."""
    deadlines, now = defaultdict(dict), [1000.0]

    def of(kind):
        def wait(part, end):
            deadlines[kind][part] = end
            now[0] += 60

        return wait

    with monkeypatch.context() as patch:
        patch.setattr(all_services, "time", SimpleNamespace(monotonic=lambda: now[0]))
        for kind, methods in WAITS.items():
            for owner, name in methods:
                patch.setattr(owner, name, of(kind))
        assert services.searching and services.styling  # made when they are asked for
        services.wait(5.0)
    return deadlines


def test_closing_has_one_deadline_for_all_services(told, services):
    assert told["kept"].keys() == {services.training, services.searching, services.styling, services.jobs}
    for deadlines in told.values():
        assert len(set(deadlines.values())) == 1, "no part begins to count anew when it is its turn"
    assert 1000 < set(told["kept"].values()).pop() < set(told["ended"].values()).pop()


def test_every_thread_of_the_services_is_waited_for(told, services):
    parts = [each for each in vars(services).values() if hasattr(each, "worker")]
    assert len(parts) >= 6
    assert told["ended"].keys() == {services.jobs, *(each.worker for each in parts)}
