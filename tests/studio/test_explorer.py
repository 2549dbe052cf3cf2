"""The explorer thread: newest wish wins, troubles become sentences, and it ends in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from engine.arrays import Arrays
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.latent import generator_session
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.services.generator import GeneratorService
from studio.workers.bridge import Bridge

CONFIG = Config.parse({"z_dim": 4})
FACTS = DatasetInfo(100, ("0", "1"), 1, 2)
Z, LABELS = np.zeros((1, 4), np.float32), np.zeros(1, np.int64)


class FakeExplorer:
    """Paints every pixel with z[0][0] plus the state's level; ``gate`` holds it back, ``renders`` remembers."""

    gate = threading.Event()
    started = threading.Event()
    renders: ClassVar[list[float]] = []
    built: ClassVar[list[Config]] = []
    threads: ClassVar[set[str]] = set()
    can_blend = False

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        FakeExplorer.built.append(config)
        self.z_dim = config.z_dim
        self.level = 0

    def load(self, state: Arrays) -> None:
        if "bad" in state:
            raise UserError("It does not fit.", "Take another one.")
        self.level = int(state["level"][0])

    def fits(self, z: NDArray[np.float32], labels: NDArray[np.int64]) -> bool:
        return z.shape[1] == self.z_dim

    def render(self, z: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.uint8]:
        FakeExplorer.threads.add(threading.current_thread().name)
        FakeExplorer.renders.append(float(z[0, 0]))
        FakeExplorer.started.set()
        assert FakeExplorer.gate.wait(30)
        if z[0, 0] < 0:
            raise ZeroDivisionError("a defect")
        return np.full((len(z), 2, 2), int(z[0, 0]) + self.level, np.uint8)


class Log(QObject):
    """Notes what arrives, and in which thread."""

    def __init__(self, thread: GeneratorService) -> None:
        super().__init__()
        self.pictures: list[tuple[str, int]] = []
        self.failures: list[str] = []
        self.is_ui_thread = True
        thread.pictures_ready.connect(self._on_pictures)
        thread.failed.connect(self.failures.append)

    def _on_pictures(self, channel: str, images: NDArray[np.uint8]) -> None:
        self.is_ui_thread &= QThread.currentThread() is self.thread()
        self.pictures.append((channel, int(images[0, 0, 0])))


@pytest.fixture
def explorer(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[GeneratorService]:
    monkeypatch.setattr(generator_session, "GeneratorSession", FakeExplorer)
    FakeExplorer.renders, FakeExplorer.built, FakeExplorer.threads = [], [], set()
    FakeExplorer.gate.set()
    FakeExplorer.started.clear()
    bridge = Bridge()
    thread = GeneratorService(bridge)
    yield thread
    FakeExplorer.gate.set()
    thread.worker.stop()
    thread.worker.wait(time.monotonic() + 60)
    bridge.stop()


def state(level: int = 0) -> Arrays:
    return {"level": np.array([level], np.float32)}


def z(value: float, z_dim: int = 4) -> NDArray[np.float32]:
    return np.full((1, z_dim), value, np.float32)


def take(explorer: GeneratorService, config: Config, given: Arrays) -> None:
    explorer.read_generator(config, FACTS, lambda: (given, NEWEST))


def load(qtbot: QtBot, explorer: GeneratorService, level: int = 0, config: Config = CONFIG) -> None:
    with qtbot.waitSignal(explorer.generator_changed):
        take(explorer, config, state(level))


def test_pictures_are_made_in_the_thread_and_arrive_in_the_window_s(qtbot: QtBot, explorer: GeneratorService) -> None:
    log = Log(explorer)
    with qtbot.waitSignal(explorer.generator_changed) as changed:
        take(explorer, CONFIG, state(3))
    assert changed.args == [NEWEST]
    with qtbot.waitSignal(explorer.pictures_ready):
        explorer.request("a", z(7), LABELS)
    assert log.pictures == [("a", 10)]
    assert log.is_ui_thread
    assert FakeExplorer.threads == {"explorer"}


def test_without_a_generator_there_is_no_thread_and_no_answer(explorer: GeneratorService) -> None:
    explorer.request("a", Z, LABELS)
    assert not any(thread.name == "explorer" for thread in threading.enumerate())


def test_only_the_newest_wish_of_each_channel_is_answered(qtbot: QtBot, explorer: GeneratorService) -> None:
    log = Log(explorer)
    load(qtbot, explorer)
    FakeExplorer.gate.clear()
    explorer.request("a", z(1), LABELS)
    assert FakeExplorer.started.wait(30)
    for value in (2, 3, 4):
        explorer.request("a", z(value), LABELS)
    explorer.request("b", z(9), LABELS)
    FakeExplorer.gate.set()
    qtbot.waitUntil(lambda: len(log.pictures) == 3)
    assert log.pictures == [("a", 1), ("a", 4), ("b", 9)]
    assert FakeExplorer.renders == [1, 4, 9]


def test_a_busy_channel_does_not_starve_another(qtbot: QtBot, explorer: GeneratorService) -> None:
    log = Log(explorer)
    load(qtbot, explorer)
    FakeExplorer.gate.clear()
    explorer.request("a", z(1), LABELS)
    assert FakeExplorer.started.wait(30)
    explorer.request("b", z(2), LABELS)
    explorer.request("a", z(3), LABELS)
    explorer.request("b", z(4), LABELS)
    FakeExplorer.gate.set()
    qtbot.waitUntil(lambda: len(log.pictures) == 3)
    assert log.pictures == [("a", 1), ("b", 4), ("a", 3)]


def test_the_newest_state_wins_and_the_network_is_built_once(qtbot: QtBot, explorer: GeneratorService) -> None:
    log = Log(explorer)
    load(qtbot, explorer)
    FakeExplorer.gate.clear()
    explorer.request("a", z(0), LABELS)
    assert FakeExplorer.started.wait(30)
    with qtbot.waitSignal(explorer.generator_changed):
        for level in (1, 2, 3):
            take(explorer, CONFIG, state(level))
        FakeExplorer.gate.set()
    explorer.request("a", z(0), LABELS)
    qtbot.waitUntil(lambda: len(log.pictures) == 2)
    assert log.pictures == [("a", 0), ("a", 3)]
    assert len(FakeExplorer.built) == 1


def test_each_generator_gets_a_picture_however_fast_the_next_one_comes(
    qtbot: QtBot, explorer: GeneratorService
) -> None:
    def reader(level: int) -> tuple[Arrays, SnapshotRef]:
        if level < 3:
            explorer.read_generator(CONFIG, FACTS, lambda: reader(level + 1))
        return state(level), SnapshotRef(level, level)

    log, origins = Log(explorer), []
    load(qtbot, explorer)
    explorer.generator_changed.connect(origins.append)
    FakeExplorer.gate.clear()
    explorer.request("a", z(0), LABELS)
    assert FakeExplorer.started.wait(30)
    explorer.read_generator(CONFIG, FACTS, lambda: reader(1))
    explorer.request("a", z(0), LABELS)
    FakeExplorer.gate.set()
    qtbot.waitUntil(lambda: len(origins) == 3)
    assert log.pictures == [("a", 0), ("a", 1)]
    assert origins == [SnapshotRef(1, 1), SnapshotRef(2, 2), SnapshotRef(3, 3)]


def test_generators_that_cannot_be_read_are_told_of_once_until_one_can(
    qtbot: QtBot, explorer: GeneratorService
) -> None:
    def missing() -> tuple[Arrays, SnapshotRef]:
        raise UserError(f"File {len(log.failures)} is missing.", "Restore it.")

    log = Log(explorer)
    load(qtbot, explorer)
    for _ in range(2):
        with qtbot.waitSignal(explorer.failed):
            explorer.read_generator(CONFIG, FACTS, missing)
        explorer.read_generator(CONFIG, FACTS, missing)
        with qtbot.waitSignal(explorer.pictures_ready):
            explorer.request("a", z(1), LABELS)
        load(qtbot, explorer)
    assert len(log.failures) == 2 and "File 0 is missing. Restore it." in log.failures[0]


def test_a_picture_that_fails_is_told_again_once_one_went_well(qtbot: QtBot, explorer: GeneratorService) -> None:
    log = Log(explorer)
    load(qtbot, explorer)
    for _ in range(2):
        with qtbot.waitSignal(explorer.failed):
            explorer.request("a", z(-1), LABELS)
        with qtbot.waitSignal(explorer.pictures_ready):
            explorer.request("a", z(1), LABELS)
    assert len(log.failures) == 2 and log.failures[0] == log.failures[1]


def test_other_options_build_another_network(qtbot: QtBot, explorer: GeneratorService) -> None:
    load(qtbot, explorer)
    load(qtbot, explorer, config=CONFIG.changed(z_dim=5))
    assert [config.z_dim for config in FakeExplorer.built] == [4, 5]


def test_a_generator_may_come_from_the_training_thread(qtbot: QtBot, explorer: GeneratorService) -> None:
    with qtbot.waitSignal(explorer.generator_changed):
        training = threading.Thread(target=take, args=(explorer, CONFIG, state()))
        training.start()
        training.join()


def test_a_wish_for_the_model_before_is_dropped_in_silence(qtbot: QtBot, explorer: GeneratorService) -> None:
    log = Log(explorer)
    load(qtbot, explorer)
    explorer.request("a", z(1, z_dim=9), LABELS)
    explorer.request("b", z(2), LABELS)
    qtbot.waitUntil(lambda: len(log.pictures) == 1)
    assert log.pictures == [("b", 2)]
    assert log.failures == []


def test_clear_forgets_the_generator_and_what_is_under_way(qtbot: QtBot, explorer: GeneratorService) -> None:
    log = Log(explorer)
    load(qtbot, explorer)
    FakeExplorer.gate.clear()
    explorer.request("a", z(1), LABELS)
    assert FakeExplorer.started.wait(30)
    explorer.request("a", z(2), LABELS)
    explorer.clear()
    explorer.request("a", z(3), LABELS)
    FakeExplorer.gate.set()
    load(qtbot, explorer)
    explorer.request("a", z(4), LABELS)
    qtbot.waitUntil(lambda: len(log.pictures) == 1)
    assert log.pictures == [("a", 4)]
    assert FakeExplorer.renders == [1, 4]
    assert len(FakeExplorer.built) == 2


def test_trouble_is_told_once_and_the_thread_lives_on(qtbot: QtBot, explorer: GeneratorService) -> None:
    log = Log(explorer)
    load(qtbot, explorer)
    with qtbot.waitSignal(explorer.failed) as told:
        explorer.request("a", z(-1), LABELS)
    assert "a defect" in told.args[0]
    explorer.request("a", z(-2), LABELS)
    explorer.request("b", z(5), LABELS)
    qtbot.waitUntil(lambda: len(log.pictures) == 1)
    assert log.pictures == [("b", 5)]
    assert len(log.failures) == 1


def test_a_state_that_does_not_fit_is_told_and_the_good_one_stays(qtbot: QtBot, explorer: GeneratorService) -> None:
    log = Log(explorer)
    load(qtbot, explorer, level=2)
    with qtbot.waitSignal(explorer.failed) as told:
        take(explorer, CONFIG, {"bad": np.zeros(1, np.float32)})
    assert "It does not fit. Take another one." in told.args[0]
    with qtbot.waitSignal(explorer.pictures_ready):
        explorer.request("a", z(1), LABELS)
    assert log.pictures == [("a", 3)]


def test_nothing_comes_after_stop_and_stop_may_come_twice(qtbot: QtBot, explorer: GeneratorService) -> None:
    log = Log(explorer)
    load(qtbot, explorer)
    explorer.request("a", z(1), LABELS)
    assert FakeExplorer.started.wait(30)
    explorer.worker.stop()
    explorer.worker.stop()
    explorer.worker.wait(time.monotonic() + 60)
    take(explorer, CONFIG, state())
    explorer.request("a", z(2), LABELS)
    qtbot.wait(1)
    assert log.pictures == []
    assert not any(thread.name == "explorer" for thread in threading.enumerate())
