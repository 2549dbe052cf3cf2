"""Of which epoch the explorer has the generator: that of the run shown, live only where that run is trained."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Signal

from engine.events import GeneratorSnapshot
from engine.runs import RunInfo
from studio.model.run import CurrentRun, Run, ShownRun
from studio.model.run_data import RunData
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.services import readers
from studio.services.snapshot_selector import SnapshotSelector
from tests import tiny


class Training(QObject):
    """Notes when it is asked for its generator; ``busy`` with the run in ``current``."""

    generator_ready = Signal(object)
    stopped = Signal()

    def __init__(self):
        super().__init__()
        self.current, self.busy, self.asked = CurrentRun(), True, 0

    def trains(self, run):
        return run is not None and self.busy and run is self.current.run

    def request_snapshot(self):
        self.asked += 1


class Generator(QObject):
    """Notes what it is given to explore."""

    generator_changed = Signal(object)
    failed = Signal(str)

    def __init__(self):
        super().__init__()
        self.calls, self.loaded = [], None

    def read_generator(self, config, facts, read):
        self.calls.append(read())

    def clear(self):
        self.calls.append("clear")


def run(name, epochs=3):
    data = RunData(image_count=100)
    for epoch in range(epochs + 1):
        data.add_grid(epoch, Path("absent.png"))
    return Run(Path(name), RunInfo(tiny.config(), tiny.data().facts), data, 100 * epochs)


@pytest.fixture
def parts(qtbot, monkeypatch):
    """The run shown, a training, the generator and who selects; readers tell what they are asked for."""
    monkeypatch.setattr(readers, "read_generator", lambda path, epoch, newest: (path.name, epoch, newest))
    monkeypatch.setattr(readers, "read_kept", lambda path, epoch: ("kept", path.name, epoch))
    made = (ShownRun(), Training(), Generator())
    selector = SnapshotSelector(*made)
    yield *made, selector


@pytest.fixture
def live(parts):
    """The same, with a run that is trained and shown."""
    shown, training, generator, _ = parts
    training.current.put(run("live"))
    shown.put(training.current.run)
    assert generator.calls == ["clear", ("kept", "live", 3)] and training.asked == 1
    generator.calls.clear()
    return shown, training, generator


def test_a_moment_after_a_generator_came_the_next_is_asked_for(live, parts):
    _, training, generator = live
    timer = parts[-1].findChild(QTimer)
    assert not timer.isActive()
    generator.generator_changed.emit(NEWEST)
    assert timer.isActive() and timer.isSingleShot()
    before = training.asked
    timer.timeout.emit()
    assert training.asked == before + 1


def test_back_at_the_newest_epoch_a_training_is_asked_for_its_generator(live):
    shown, training, generator = live
    shown.look_at(2)
    assert training.asked == 1 and generator.calls == [("live", 2, False)]
    training.generator_ready.emit(GeneratorSnapshot(1, "weights"))
    assert len(generator.calls) == 1, "a person looks at an older one"
    shown.look_at(3)
    assert training.asked == 2
    assert generator.calls[1:] == [("live", 3, False)], "until the live one comes, the last one kept"
    training.generator_ready.emit(GeneratorSnapshot(1, "weights"))
    assert generator.calls[2:] == [("weights", NEWEST)]


def test_at_the_newest_epoch_nothing_is_read_again(live):
    shown, training, generator = live
    shown.look_at(3)
    assert generator.calls == [] and training.asked == 1


def test_another_run_that_is_shown_is_explored_and_not_what_is_trained(live, parts):
    shown, training, generator = live
    shown.put(run("old"))
    parts[3].begin_with(("old weights", SnapshotRef(3, 3)))
    training.generator_ready.emit(GeneratorSnapshot(1, "live weights"))
    generator.generator_changed.emit(NEWEST)
    parts[3].want_live()
    assert generator.calls == [("old weights", SnapshotRef(3, 3))] and training.asked == 1
    shown.look_at(1)
    shown.look_at(3)
    assert generator.calls[1:] == [("old", 1, False), ("old", 3, True)] and training.asked == 1
    training.stopped.emit()
    assert len(generator.calls) == 3, "what ended is not what is shown"


def test_back_at_the_live_run_its_own_generator_comes_even_while_it_rests(live, parts):
    shown, training, generator = live
    shown.put(run("old"))
    told = []
    parts[3].availability_changed.connect(lambda: told.append(parts[3].why_none))
    parts[3].begin_with(None)
    assert generator.calls == ["clear"] and "Same options again" in told[0], "why there are no pictures, and the mend"
    shown.look_at(1)
    assert generator.calls == ["clear"], "of no epoch either"
    shown.put(training.current.run)
    assert generator.calls[1:] == ["clear", ("kept", "live", 3)] and training.asked == 2 and told[1:] == [""]


def test_a_generator_that_cannot_be_read_is_a_reason_until_one_can(parts):
    shown, _, generator, selector = parts
    assert "Train first" in selector.why_none
    shown.put(run("damaged"))
    generator.loaded = object()
    generator.failed.emit("A picture failed.")
    assert not selector.why_none
    generator.loaded = None
    generator.failed.emit("It is damaged.")
    assert selector.why_none == "It is damaged."
    generator.generator_changed.emit(NEWEST)
    assert not selector.why_none


def test_when_training_ends_what_it_kept_last_is_explored_unless_a_person_looks_back(live):
    shown, training, generator = live
    training.busy = False
    training.stopped.emit()
    assert generator.calls == [("live", 0, True)]
    shown.look_at(1)
    training.stopped.emit()
    assert generator.calls[1:] == [("live", 1, False)]


def test_without_a_run_nothing_is_explored(parts):
    shown, training, generator, _ = parts
    shown.look_at(1)
    training.generator_ready.emit(GeneratorSnapshot(1, "weights"))
    training.stopped.emit()
    assert generator.calls == [] and training.asked == 0
