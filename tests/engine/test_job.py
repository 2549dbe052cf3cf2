"""A job is a generator of events with a result: run, paused, canceled and joined from others in one way."""

from __future__ import annotations

import pytest

from engine.job import Canceled, Progress, result_of, run


def counting(most, tidied):
    try:
        for done in range(most):
            yield Progress(done, most)
    finally:
        tidied.append(most)
    return f"{most} done"


def test_a_job_tells_each_event_and_returns_its_result():
    told, tidied = [], []
    assert run(counting(3, tidied), told.append, lambda: True) == "3 done"
    assert told == [Progress(0, 3), Progress(1, 3), Progress(2, 3)]
    assert tidied == [3] and result_of(counting(2, tidied)) == "2 done"


def test_a_job_is_made_of_jobs_and_closing_reaches_the_innermost():
    tidied, told = [], []

    def both():
        return [(yield from counting(1, tidied)), (yield from counting(9, tidied))]

    with pytest.raises(Canceled):
        run(both(), told.append, lambda: len(told) < 3)
    assert told == [Progress(0, 1), Progress(0, 9), Progress(1, 9)]
    assert tidied == [1, 9]
    assert result_of(both()) == ["1 done", "9 done"]


def test_a_job_whose_listener_fails_is_closed_at_once():
    tidied = []

    def refuse(_event):
        raise RuntimeError("nobody listens")

    with pytest.raises(RuntimeError, match="nobody listens"):
        run(counting(5, tidied), refuse, lambda: True)
    assert tidied == [5]


def test_a_job_that_nobody_began_does_nothing():
    tidied = []
    counting(5, tidied).close()
    assert tidied == []
