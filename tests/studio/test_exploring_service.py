"""Longer work on the generator shown: begun, told, replaced, and ended with the run that it belongs to."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.latent import generator_session
from engine.runs import RunInfo
from studio.model.run import Run, ShownRun
from studio.model.run_data import RunData
from studio.model.snapshot import NEWEST
from studio.services.exploring import ExploringService
from studio.services.generator import GeneratorService
from studio.services.reading import Readers
from studio.workers.job_runner import JobRunner, Listeners

CONFIG, FACTS = Config.parse({"z_dim": 4}), DatasetInfo(100, ("0", "1"), 1, 2)
STATE = {"level": np.ones(1, np.float32)}


class Painter:
    can_blend = False

    def __init__(self, *_):
        pass

    def load(self, state):
        pass


@pytest.fixture
def jobs():
    runner = JobRunner()
    yield runner
    runner.stop()
    runner.wait(time.monotonic() + 60)


@pytest.fixture
def shown():
    return ShownRun()


@pytest.fixture
def generator(jobs, monkeypatch):
    monkeypatch.setattr(generator_session, "GeneratorSession", Painter)
    service = GeneratorService(jobs.bridge)
    yield service
    service.worker.stop()
    service.worker.wait(time.monotonic() + 60)


@pytest.fixture
def exploring(jobs, shown, generator, qtbot, tmp_path):
    info = RunInfo(CONFIG, FACTS)
    shown.put(Run(tmp_path / "run", info, RunData()))
    with qtbot.waitSignal(generator.generator_changed):
        generator.read_generator(CONFIG, FACTS, lambda: (STATE, NEWEST))
    return ExploringService(jobs, shown, generator, Readers())


class Heard:
    def __init__(self):
        self.all = []
        names = {"event": "told", "result": "done", "failed": "failed", "end": "ended"}
        self.listeners = Listeners(
            **{name: lambda *it, word=word: self.all.append((word, *it)) for name, word in names.items()}
        )


def test_work_gets_the_generator_that_paints_in_a_thread_of_its_own(exploring, qtbot, tmp_path):
    heard, threads = Heard(), []

    def work(ground):
        threads.append(threading.current_thread())
        yield "half"
        return ground

    assert exploring.start("map", work, heard.listeners) and exploring.is_busy("map")
    qtbot.waitUntil(lambda: not exploring.is_busy("map"))
    (done,) = [it[1] for it in heard.all if it[0] == "done"]
    assert [it[0] for it in heard.all] == ["told", "done", "ended"]
    assert done.path == tmp_path / "run" and done.generator.state is STATE and done.generator.config == CONFIG
    assert threads != [threading.main_thread()]


def test_without_a_generator_nothing_begins(jobs, generator, qtbot):
    assert not ExploringService(jobs, ShownRun(), generator, Readers()).start(
        "map", lambda ground: iter(()), Listeners()
    )


def test_beginning_again_replaces_and_another_run_ends_it(exploring, shown, qtbot):
    heard, gate = Heard(), threading.Event()

    def endless(_ground):
        while True:
            gate.wait(30)
            yield "old"

    def quick(_ground):
        return "new"
        yield

    exploring.start("find", endless, heard.listeners)
    exploring.start("find", quick, heard.listeners)
    gate.set()
    qtbot.waitUntil(lambda: ("done", "new") in heard.all)
    gate.clear()
    exploring.start("find", endless, heard.listeners)
    shown.run_changed()
    gate.set()
    assert not exploring.is_busy("find")
    assert [it[0] for it in heard.all].count("ended") == 3 and ("told", "old") not in heard.all


def test_what_goes_wrong_is_told_and_ends_the_work(exploring, qtbot):
    heard = Heard()

    def broken(_ground):
        raise UserError("It is broken.", "Mend it.")
        yield

    exploring.start("find", broken, heard.listeners)
    qtbot.waitUntil(lambda: not exploring.is_busy("find"))
    assert [it[0] for it in heard.all] == ["failed", "ended"]
    assert heard.all[0][1].message == "It is broken."
