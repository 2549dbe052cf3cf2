"""The one way to let something long happen beside the window: a job in a thread, told in the UI thread.

A job is a generator of events with a result. It is paused by not asking for the next event, and canceled by closing
it, so that it can put in order what it began. Knows neither the engine nor any widget.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.once_painted import once_painted
from studio.workers.bridge import Bridge
from studio.workers.failure import Failure, failure

E = TypeVar("E")
R = TypeVar("R")


_PATIENCE_SECONDS = 0.5  # with a window that is busy otherwise


def _nothing(*_told: object) -> None:
    pass


@dataclass(frozen=True)
class Listeners(Generic[E, R]):
    """What is called in the UI thread as a job goes on: ``end`` comes last, whatever the reason."""

    event: Callable[[E], object] = _nothing
    result: Callable[[R], object] = _nothing
    failed: Callable[[Failure], object] = _nothing
    paused: Callable[[], object] = _nothing
    resumed: Callable[[], object] = _nothing
    end: Callable[[], object] = _nothing


_NOBODY: Listeners[Any, Any] = Listeners()


class RunningJob(threading.Thread, Generic[E, R]):
    """A job under way. It rests by itself at events of the types ``rests_at``, and goes on when it is resumed.

    One that ``keeps_pace`` goes on only when the window has shown what it told: a thread that computes in Python takes
    the lock from the window each time Qt asks it for something, a thousand times while a table is painted. One that
    ``is_kept`` is done whoever cancels it: something would be lost.
    """

    def __init__(
        self,
        name: str,
        make_job: Callable[[], Generator[E, None, R]],
        bridge: Bridge,
        listeners: Listeners[E, R] = _NOBODY,
        rests_at: type[Any] | tuple[type[Any], ...] = (),
        keeps_pace: bool = False,
        is_kept: bool = False,
        steady: type[Any] | tuple[type[Any], ...] = (),
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._steady = steady
        self.is_kept = is_kept
        self._keeps_pace, self._is_shown = keeps_pace, threading.Event()
        self._make_job, self._bridge, self._listeners, self._rests_at = make_job, bridge, listeners, rests_at
        self._until: type[Any] | tuple[type[Any], ...] = ()
        self._may_go = threading.Event()
        self._may_go.set()
        self._must_end = threading.Event()

    def pause(self) -> None:
        """Rest at the next event; ``paused`` tells when it does."""
        self._may_go.clear()

    def resume(self, until: type[Any] | tuple[type[Any], ...] = ()) -> None:
        """Go on; with ``until``, to the next event of these types, where it rests as if it had been paused there."""
        self._until = until
        self._may_go.set()

    def cancel(self, *, silently: bool = False) -> None:
        """Close the job at the next event; ``silently``: nothing more is told, not even what has happened by now."""
        if silently:
            self._listeners = _NOBODY
        if not self.is_kept:
            self._must_end.set()
        self._may_go.set()
        self._is_shown.set()

    def run(self) -> None:
        """Do the job; an exception never leaves the thread unreported."""
        try:
            make_job, self._make_job = self._make_job, _spent  # which may hold other jobs
            job = make_job()
            try:
                self._drain(job)
            finally:
                job.close()
        except Exception as error:  # whatever it is, the person is told and the window lives on
            self._tell("failed", failure(error))
        finally:
            self._tell("end")

    def _drain(self, job: Generator[E, None, R]) -> None:
        while not self._must_end.is_set():
            try:
                event = next(job)
            except StopIteration as done:
                self._tell("result", done.value)
                return
            if isinstance(event, (self._rests_at, self._until)):
                self._until = ()
                self._may_go.clear()
            self._is_shown.clear()
            put = self._bridge.put_along if isinstance(event, self._steady) else self._bridge.put
            put(self._hear, "event", event)
            if self._keeps_pace and not self._must_end.is_set():
                self._is_shown.wait(_PATIENCE_SECONDS)
            self._rest(event)

    def _rest(self, event: E) -> None:
        """Wait where a person paused, or where the job cannot go on by itself."""
        if self._may_go.is_set():
            return
        if not isinstance(event, self._rests_at):
            self._tell("paused")
        if not self._must_end.is_set():  # an end that came before the rest has already let go
            self._may_go.wait()
        if not self._must_end.is_set():
            self._tell("resumed")

    def _tell(self, what: str, *arguments: object) -> None:
        self._bridge.put(self._hear, what, *arguments)

    def _hear(self, what: str, *arguments: object) -> None:
        if not _is_gone(listener := getattr(self._listeners, what)):
            listener(*arguments)
        if self._keeps_pace:
            once_painted(self._bridge, self._is_shown.set)
        if what == "end":
            self._listeners = _NOBODY  # which hold this job, too


def _is_gone(listener: Callable[..., object]) -> bool:
    """Whether it is a method of an object that Qt has deleted meanwhile, as of a dialog that was closed."""
    while isinstance(listener, partial):
        listener = listener.func
    owner = getattr(listener, "__self__", None)
    return isinstance(owner, QObject) and not isValid(owner)


class JobRunner(QObject):
    """Starts jobs, knows those under way, and ends them all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bridge = Bridge(self)
        self._jobs: list[RunningJob[Any, Any]] = []
        self._last: dict[str, RunningJob[Any, Any]] = {}

    def start(
        self,
        name: str,
        make_job: Callable[[], Generator[E, None, R]],
        listeners: Listeners[E, R] = _NOBODY,
        rests_at: type[Any] | tuple[type[Any], ...] = (),
        *,
        keeps_pace: bool = False,
        until: type[Any] | tuple[type[Any], ...] = (),
        steady: type[Any] | tuple[type[Any], ...] = (),
    ) -> RunningJob[E, R]:
        """Begin a job in a thread called ``name``, in which it is made, too; ``until`` as in its ``resume``.

        Events of the types ``steady`` come all the time, and are told with others or a fifth of a second later.
        """
        job = RunningJob(name, make_job, self.bridge, listeners, rests_at, keeps_pace, steady=steady)
        job.resume(until)
        return self._begin(job)

    def do(
        self, name: str, work: Callable[[], R], listeners: Listeners[None, R] = _NOBODY, *, after: str = ""
    ) -> RunningJob[None, R]:
        """Do ``work``, which tells nothing before its result, in the same way.

        What was asked for by now to be done in turn under the name ``after`` is done first: so it sees its changes.
        """
        before = self._last.get(after)
        return self._begin(RunningJob(name, partial(_as_job, _after(before, work)), self.bridge, listeners))

    def in_turn(self, name: str, work: Callable[[], R], listeners: Listeners[None, R] = _NOBODY) -> RunningJob[None, R]:
        """Do ``work`` once all earlier work of this ``name`` is done: what is changed twice must end as asked for last.

        Whatever reads what it changes is done in the same turn, or ``after`` it, or it may not know the last change.
        """
        return self._in_turn(name, work, listeners, is_kept=False)

    def keep(self, name: str, work: Callable[[], R], listeners: Listeners[None, R] = _NOBODY) -> RunningJob[None, R]:
        """Do ``work`` in turn that keeps what a person made: it is done also where the window closes meanwhile."""
        return self._in_turn(name, work, listeners, is_kept=True)

    def _in_turn(
        self, name: str, work: Callable[[], R], listeners: Listeners[None, R], *, is_kept: bool
    ) -> RunningJob[None, R]:
        in_turn = partial(_as_job, _after(self._last.get(name), work))
        job: RunningJob[None, R] = RunningJob(name, in_turn, self.bridge, listeners, is_kept=is_kept)
        self._last[name] = job
        return self._begin(job)

    def _begin(self, job: RunningJob[E, R]) -> RunningJob[E, R]:
        self._jobs = [each for each in self._jobs if each.is_alive()]
        self._jobs.append(job)
        job.start()
        return job

    def stop(self) -> None:
        """Let every job end at its next event, but what is kept; nothing more is told. Does not wait."""
        for job in self._jobs:
            job.cancel(silently=True)
        self.bridge.stop()

    def wait_until_kept(self, end: float) -> None:
        """Wait until all that is kept is kept, or ``time.monotonic()`` is ``end``."""
        _join((job for job in self._jobs if job.is_kept), end)

    def wait(self, end: float) -> None:
        """Wait until every job has ended, or ``time.monotonic()`` is ``end``."""
        _join(self._jobs, end)


def _join(jobs: Iterable[RunningJob[Any, Any]], end: float) -> None:
    for job in jobs:
        job.join(max(end - time.monotonic(), 0))


def _spent() -> Generator[Any, None, Any]:
    raise RuntimeError("A job runs once.")


def _after(before: RunningJob[Any, Any] | None, work: Callable[[], R]) -> Callable[[], R]:
    """Return ``work`` that waits for what comes before it."""

    def then() -> R:
        if before is not None:
            before.join()
        return work()

    return then


def _as_job(work: Callable[[], R]) -> Generator[None, None, R]:
    return work()
    yield
