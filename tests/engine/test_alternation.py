"""Two processes that take the machine in turns: what is suspended when, and what is counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import psutil
import pytest

from engine.bench import alternation

_COUNTS = """
    import time
    for images in range(10**9):
        print(time.perf_counter(), 100 * images, flush=True)
        time.sleep(0.005)
"""


def script(text):
    return [sys.executable, "-c", textwrap.dedent(text)]


class Told:
    """Keeps what is asked of a process."""

    def __init__(self, name, log):
        self._name, self._log = name, log

    def suspend(self):
        self._log.append(f"{self._name} rests")

    def resume(self):
        self._log.append(f"{self._name} works")


def test_each_works_while_the_other_rests_and_is_left_as_it_was(monkeypatch):
    log, clock = [], [0.0]
    monkeypatch.setattr(alternation.time, "perf_counter", lambda: clock[0])

    def sleep(seconds):
        clock[0] += seconds

    own, other = alternation.alternate(Told("window", log), Told("training", log), 4.0, sleep)
    assert log == ["window rests", "training works", "training rests", "window works"] * 2
    assert (own, other) == ([(0.0, 2.0), (4.0, 6.0)], [(2.0, 4.0), (6.0, 8.0)])


def test_a_speed_is_of_the_seconds_that_it_worked_and_of_images_that_both_saw():
    """Both from 200 to 1000: the window in 3 + 2 of its seconds, the training in 4 + 3."""
    window = [(10.0, 100), (11.0, 200), (14.0, 500), (18.5, 600), (20.0, 1000), (22.0, 1200)]
    training = [(9.0, 100), (14.0, 200), (16.0, 600), (18.0, 700), (22.0, 750), (25.0, 1000), (26.0, 1010)]
    own, others = [(10.0, 14.0), (18.0, 22.0)], [(14.0, 18.0), (22.0, 25.0)]
    assert alternation.speeds(window, own, training, others) == pytest.approx(
        ((1000 - 200) / (3.0 + 2.0), (1000 - 200) / (4.0 + 3.0))
    )


def test_trainings_that_saw_nothing_in_common_have_no_speeds():
    slices = [(0.0, 1.0)]
    with pytest.raises(ValueError, match="in common"):
        alternation.speeds([(0.0, 0), (1.0, 10)], slices, [(0.0, 10), (1.0, 20)], slices)


def test_a_program_is_held_against_a_training_that_rests_but_for_its_turns(monkeypatch):
    """With real processes: what one counts in its turns is all that it counts."""
    monkeypatch.setattr(alternation, "TRAINING", script(_COUNTS))
    monkeypatch.setattr(alternation, "SLICE_SECONDS", 0.1)
    program = script("""
        import json, time
        from engine.bench import alternation
        counts = []
        end = time.perf_counter() + alternation.ask("training", 0.2)
        while time.perf_counter() < end:
            counts.append((time.perf_counter(), 1000 * len(counts)))
            time.sleep(0.005)
        print(json.dumps({"counts training": counts, "other": 3}))
    """)
    found = alternation.measure_beside(program, dict(os.environ), "LAUNCHED")
    assert set(found) == {"training", "headless training", "other"} and found["other"] == 3
    assert found["training"] > 0 and found["headless training"] > 0
    assert not [each for each in psutil.Process().children() if each.is_running()], "nothing is left, not even asleep"


def test_what_fails_is_told_and_leaves_no_process_behind(monkeypatch):
    monkeypatch.setattr(alternation, "TRAINING", script(_COUNTS))
    with pytest.raises(subprocess.CalledProcessError):
        alternation.measure_beside(script("raise SystemExit(3)"), dict(os.environ), "LAUNCHED")
    monkeypatch.setattr(alternation, "TRAINING", script("raise SystemExit(4)"))
    with pytest.raises(subprocess.CalledProcessError) as failure:
        alternation.measure_beside(script("print('{}')"), dict(os.environ), "LAUNCHED")
    assert failure.value.returncode == 4
    assert not psutil.Process().children()


def test_a_process_asks_by_one_line_and_waits_for_its_turns_and_the_others(capsys):
    assert alternation.ask("exploring", 20.0) == 40.0
    line = capsys.readouterr().out
    assert json.loads(line[line.index("{") :]) == {"name": "exploring", "seconds": 20.0}
