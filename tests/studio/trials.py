"""Trials of a search, without one."""

from __future__ import annotations

from engine.search.calibration import Speed
from engine.search.records import (
    Measure,
    TrialRecord,
)
from engine.search.why import Findings
from studio.model.search import OpenedSearch
from tests.engine import searching

SPEED = Speed(images_per_second=100.0, look_seconds=0.5, start_seconds=1.0)


def measure(frechet, share=0.5):
    return Measure(share, 40, 1.0, frechet, frechet, 0.5, 0.5)


def trial(number, state="finished", value=None, **facts):
    measures = (measure(value or 9.0),) if state != "waiting" else ()
    return TrialRecord(number, state, {"d_lr": 0.001 * (number + 1)}, value, measures, **facts)


TRIALS = (
    trial(0, value=20.0, is_start=True),
    trial(1, "trouble", failure_mode="mode-collapse"),
    trial(2, "trouble", failure_mode="d-wins"),
    trial(3, "trouble", failure_mode="not-finite"),
    trial(4, "pruned"),
    trial(5, value=10.0),
    trial(6, "learning"),
)


def opened(plan=None, trials=TRIALS, pictures=None):
    return OpenedSearch("one", plan or searching.plan(), trials, pictures or {}, Findings({}, "Said."))


def known_speed(_config):
    return SPEED
    yield


def search_page(window, monkeypatch):
    """Bring the page that searches to the front; the machine is measured, and its judge known."""
    searching.use_known_judge(monkeypatch)
    monkeypatch.setattr("studio.services.search_jobs.measured", known_speed)
    window.wake()
    window.commands.do("go_to_compare")
    window.workspace.pages.setCurrentWidget(window.searching.page)
    return window.searching
