"""The number of training threads follows what others leave free of the machine."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing
from types import SimpleNamespace

import psutil
import pytest

from engine.bench.part import environment
from engine.events import Tick
from engine.trainer import Trainer
from engine.training.threads import SystemLoad, ThreadCount, TrainingThreads
from tests import tiny


class Script:
    """A load and a clock that follow a list: half a second to each entry."""

    def __init__(self, taken):
        self.rest = list(taken)
        self.now = 0.0

    def taken(self):
        return self.rest.pop(0)

    def clock(self):
        return self.now


def follow(cores, taken):
    """Return the threads after each half second."""
    script = Script(taken)
    count = ThreadCount(cores, script, script.clock)
    seen = []
    for _ in taken:
        script.now += 0.5
        before = count.threads
        assert count.has_changed() == (count.threads != before)
        seen.append(count.threads)
    return seen


def test_alone_all_cores_train():
    assert follow(2, [0.0, 0.1, 0.2, 0.0, 0.3, 0.39]) == [2] * 6


def test_one_busy_program_takes_one_thread_within_a_second_and_gives_it_back_after_two():
    assert follow(2, [0.7, 0.7, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]) == [2, 1, 1, 1, 1, 1, 1, 2]


def test_a_short_burst_changes_nothing():
    assert follow(2, [0.9, 0.0, 0.9, 0.0, 0.0]) == [2] * 5
    assert follow(2, [1, 1, 0, 0, 0, 1, 0, 0])[1:] == [1] * 7


def test_a_load_between_the_limits_neither_takes_nor_gives():
    assert follow(2, [0.3] * 8) == [2] * 8
    assert follow(2, [1, 1, *[0.3] * 8])[1:] == [1] * 9


@pytest.mark.parametrize("cores, taken, left", [(1, 5.0, 1), (4, 2.0, 2), (8, 3.6, 4), (16, 0.5, 15), (16, 40.0, 1)])
def test_any_number_of_cores(cores, taken, left):
    assert follow(cores, [taken] * 4)[-1] == left


def test_it_looks_at_most_twice_a_second():
    script = Script([0.0])
    count = ThreadCount(2, script, script.clock)
    for moment in (0.1, 0.2, 0.3, 0.49):
        script.now = moment
        assert not count.has_changed()
    script.now = 0.5
    count.has_changed()
    assert not script.rest


def test_the_systems_accounts_count_others_and_not_this_threads_work(monkeypatch):
    """In 2 s two cores were busy for 3 s, 1.5 of them with this process, of which 0.5 in the window's thread."""
    moment, passed = 100.0, {"cores": 0.0, "own": 0.0, "window": 0.0, "time": 0.0}
    cores, own = psutil.cpu_times(percpu=True)[0], psutil.Process().cpu_times()
    window = threading.Event()
    thread = threading.Thread(target=window.wait)
    thread.start()

    def accounts(_process):
        return [SimpleNamespace(id=thread.native_id, user_time=passed["window"], system_time=0.0)]

    monkeypatch.setattr("engine.training.threads.usable_cores", lambda: [0, 1])
    monkeypatch.setattr(psutil, "cpu_times", lambda percpu: [cores._replace(user=passed["cores"])] * 2)
    monkeypatch.setattr(
        psutil.Process, "cpu_times", lambda _process: own._replace(user=passed["own"] / 3, system=passed["own"] / 1.5)
    )
    monkeypatch.setattr(psutil.Process, "threads", accounts)
    monkeypatch.setattr("engine.training.threads.perf_counter", lambda: moment + passed["time"])
    load = SystemLoad()
    passed.update(cores=1.5, own=1.5, window=0.5, time=2.0)
    assert load.taken() == pytest.approx((3.0 - 1.5 + 0.5) / 2.0)
    assert load.taken() == 0.0
    window.set()
    thread.join()


def training_threads(cores, taken):
    script = Script(taken)
    applied = []
    return TrainingThreads(ThreadCount(cores, script, script.clock), applied.append), script, applied


def test_what_the_machine_leaves_is_recorded_with_its_moment_and_applied():
    threads, script, applied = training_threads(2, [1.0, 1.0, 0, 0, 0, 0])
    threads.begin([], 0)
    grown = []
    for images_seen in range(100, 700, 100):
        script.now += 0.5
        grown.append(threads.follow(images_seen))
        assert threads.in_use == (applied[-1], 2)
    assert threads.record == [(0, 2), (200, 1), (600, 2)]
    assert applied == [2, 1, 2]
    assert grown == [False, True, False, False, False, True]


def test_going_on_repeats_the_record_before_it_follows_the_machine():
    threads, script, applied = training_threads(2, [0.0] * 20)
    threads.begin([(0, 2), (200, 1), (600, 2), (900, 1)], 400)
    assert applied[-1] == 1
    for images_seen in range(400, 900, 100):
        script.now += 0.5
        threads.replay(images_seen)
        assert not threads.follow(images_seen)
        assert applied[-1] == (2 if images_seen >= 600 else 1)
    threads.replay(900)
    for images_seen in range(900, 1300, 100):
        script.now += 0.5
        threads.follow(images_seen)
    assert threads.record[-1] == (1200, 2)


def test_a_record_of_a_larger_machine_takes_what_there_is():
    threads, _, applied = training_threads(2, [])
    threads.begin([(0, 16)], 0)
    assert applied == [2]


def test_a_fixed_number_is_neither_set_nor_recorded():
    applied = []
    threads = TrainingThreads(None, applied.append)
    threads.begin([(0, 1)], 0)
    threads.replay(10)
    assert not threads.follow(10) and threads.record == [] and applied == [] and threads.in_use is None


def test_a_training_writes_what_it_followed_and_repeats_it_when_it_goes_on(folder, tiny_data, monkeypatch):
    """Ended with others busy, it goes on with one thread, though it is alone by then, and takes the second one back."""
    taken, used = 1.0, []
    monkeypatch.setattr("engine.training.threads._LOOK_SECONDS", 0.0)
    monkeypatch.setattr("engine.device.cores", lambda: 2)
    monkeypatch.setattr("engine.trainer.SystemLoad", lambda: SimpleNamespace(taken=lambda: taken))
    monkeypatch.setattr("torch.set_num_threads", used.append)
    with closing(Trainer(tiny.config(threads=0, epochs=50), folder).run()) as run:
        next(event for event in run if isinstance(event, Tick) and event.threads == (1, 2))
    record = folder.info().threads
    assert record[0] == (0, 2) and record[-1][1] == 1 and used[-1] == 1
    taken = 0.0
    used.clear()
    with closing(Trainer(folder.info().config, folder, resume=True).run()) as run:
        first = next(event for event in run if isinstance(event, Tick))
        assert first.threads == (1, 2) and used[-1] == 1
        next(event for event in run if isinstance(event, Tick) and event.threads == (2, 2))
    assert folder.info().threads[: len(record)] == record and folder.info().threads[-1][1] == 2


def test_what_was_recorded_for_later_comes_at_its_moment(folder, tiny_data, monkeypatch):
    used = []
    monkeypatch.setattr("engine.device.cores", lambda: 2)
    monkeypatch.setattr("engine.trainer.SystemLoad", lambda: SimpleNamespace(taken=lambda: 0.0))
    monkeypatch.setattr("torch.set_num_threads", used.append)
    list(Trainer(tiny.config(threads=0, epochs=1), folder).run())
    info = folder.info()
    info.threads = [(0, 2), (120, 1)]
    folder.save_info(info)
    assert 1 not in used
    list(Trainer(tiny.config(threads=0, epochs=2), folder, resume=True).run())
    assert 1 in used


def test_the_first_tensor_of_torch_is_made_before_two_threads_can_make_it_at_once():
    """While it is made, C++ holds a lock of its own and imports; two threads that do so wait for each other."""
    code = """
import builtins, engine.device, torch
found, usual = [], builtins.__import__
builtins.__import__ = lambda name, *more, **how: (found.append(name), usual(name, *more, **how))[1]
torch.tensor(0.5)
print(found)
"""
    told = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]", "nothing is left to be imported inside of it"
