"""The threads that work for the window: one iterates the trainer, others read runs and data. They know no widgets."""

from __future__ import annotations

import gc
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.errors import UserError
from engine.events import Event, Started, WriteBlocked
from engine.i18n import tr
from engine.runs import NoState

if TYPE_CHECKING:
    from engine.trainer import Trainer


@dataclass(frozen=True)
class Paused:
    """Training rests until it is told to go on."""

    images_seen: int


@dataclass(frozen=True)
class Unpaused:
    """Training goes on."""


@dataclass(frozen=True)
class Failed:
    """Something went wrong. ``details`` is a traceback where it is a defect, empty where a person can mend it.

    ``work`` names what was done in the background, nothing for a training. ``epoch`` is that of the newest generator of
    a run that cannot go on, with which a new one could begin.
    """

    message: str
    hint: str
    details: str = ""
    work: str = ""
    epoch: int | None = None


@dataclass(frozen=True)
class Ended:
    """The worker's thread is about to end, whatever the reason."""


class TrainingWorker(threading.Thread):
    """Makes a trainer in its own thread, iterates it, and passes every event to ``emit``."""

    def __init__(self, make_trainer: Callable[[], Trainer], emit: Callable[[object], None]) -> None:
        super().__init__(name="training", daemon=True)
        self._make_trainer = make_trainer
        self._emit = emit
        self._may_go = threading.Event()
        self._may_go.set()
        self._must_stop = threading.Event()
        self._images_seen = 0
        self.trainer: Trainer | None = None
        self.has_begun = False
        """Whether a training is under way, and there is something to save: images were fetched and read before."""

    def pause(self) -> None:
        """Rest at the next event."""
        self._may_go.clear()

    def unpause(self) -> None:
        """Go on; after a ``WriteBlocked``, try again."""
        self._may_go.set()

    def ask_to_stop(self) -> None:
        """Save and end at the next event."""
        self._must_stop.set()
        self._may_go.set()

    def run(self) -> None:
        """Train until the end, a stop or a failure; an exception never leaves the thread unreported."""
        try:
            self.trainer = self._make_trainer()
            events = self.trainer.run()
            try:
                for event in events:
                    self.has_begun |= isinstance(event, Started)
                    if isinstance(event, WriteBlocked):
                        self._may_go.clear()
                    self._emit(event)
                    self._rest(event)
                    if self._must_stop.is_set():
                        break
            finally:
                events.close()
        except Exception as error:  # whatever it is, the person is told and the window lives on
            self._emit(failure(error))
        finally:
            self._emit(Ended())

    def _rest(self, event: Event) -> None:
        """Wait where a person paused, or where training halted: the next event tries again."""
        self._images_seen = getattr(event, "images_seen", self._images_seen)  # not every event tells
        if self._may_go.is_set():
            return
        if not isinstance(event, WriteBlocked):
            self._emit(Paused(self._images_seen))
        if not self._must_stop.is_set():  # a stop that came before the halt has already let go
            self._may_go.wait()
        if not self._must_stop.is_set():
            self._emit(Unpaused())


def in_background(name: str, work: Callable[[], object], emit: Callable[[object], None]) -> threading.Thread:
    """Run ``work`` in a thread of its own, which is returned, and emit what it returns, or a ``Failed``."""

    def run() -> None:
        try:
            emit(work())
        except Exception as error:  # reported in the window
            emit(replace(failure(error), work=name))

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def failure(error: BaseException) -> Failed:
    """Turn an exception into what a person is shown."""
    if isinstance(error, UserError):
        return Failed(error.message, error.hint, epoch=error.epoch if isinstance(error, NoState) else None)
    details = "".join(traceback.format_exception(error))
    return Failed(
        tr("Something went wrong inside Duelo: {error}.", error=f"{type(error).__name__}: {error}"),
        tr("What was saved is safe. Copy the details and report them, please."),
        details,
    )


def import_torch() -> Any:
    """Import torch, which takes over a second, and what else comes late; returns nothing of interest.

    What is loaded by then stays as long as the process. Python need not look through it for garbage, which stops
    every thread for a tenth of a second.
    """
    try:
        import numpy.ma  # noqa: F401 - ``np.unique`` wants it, in the middle of drawing the first curves
        from PIL import Image

        import engine.trainer

        Image.preinit()
        gc.freeze()
    finally:
        gc.enable()
    return engine.trainer.__name__
