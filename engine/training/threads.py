"""How many threads train on the CPU: as many as the machine has free. Knows no torch and no files.

Threads in lockstep wait for whichever of them lost its core: beside one busy program two threads on two cores train
six times slower than one. What other programs, and the other threads of this one, take is read from the system's own
accounts.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Protocol

import psutil

from engine.i18n import tr

ThreadChange = tuple[int, int]
"""From images_seen on, so many threads train."""

_LOOK_SECONDS = 0.5
_TAKEN = 0.4  # of a core: what others may take of it before a thread leaves it to them
_FREE = 0.25  # and before it comes back
_LOOKS_DOWN = 2
_LOOKS_UP = 4


class Load(Protocol):
    """Tells how busy others keep the cores that this process may use."""

    def taken(self) -> float:
        """Return how many cores, on average since the last call, were taken by anything but the calling thread's work.

        What belongs to the training are the calling thread and those that libraries start for it.
        """


class SystemLoad:
    """Reads the system's accounts of CPU time."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before = self._read()

    def taken(self) -> float:
        """Return the cores that others took since the last call, never below 0."""
        before, now = self._before, self._read()
        self._before = now
        moment, others = (b - a for a, b in zip(before, now, strict=True))
        return max(others / moment, 0.0) if moment > 0 else 0.0

    def _read(self) -> tuple[float, float]:
        """Return the time, and the seconds that others have been computing on our cores until then."""
        cores = psutil.cpu_times(percpu=True)
        busy = sum(_busy(cores[core]) for core in usable_cores() if core < len(cores))
        own = self._process.cpu_times()
        return perf_counter(), busy - own.user - own.system + self._beside()

    def _beside(self) -> float:
        """Return the CPU seconds of this program's Python threads other than this one: the window's, for instance."""
        beside = {thread.native_id for thread in threading.enumerate()} - {threading.get_native_id()}
        try:
            return sum(each.user_time + each.system_time for each in self._process.threads() if each.id in beside)
        except psutil.Error:  # some systems only tell an administrator
            return 0.0


def _busy(times: object) -> float:
    """Return the seconds a core was not idle, those that the host of a virtual machine took included."""
    kinds = ("user", "nice", "system", "irq", "softirq", "steal", "interrupt", "dpc")
    return sum(getattr(times, kind, 0.0) for kind in kinds)


def usable_cores() -> list[int]:
    """Return the numbers of the cores that this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))


class ThreadCount:
    """The number of training threads that fits the machine as it is now.

    Goes down when others have taken a core for a second, up when it has been free for two.
    """

    def __init__(self, cores: int, load: Load, clock: Callable[[], float] = time.monotonic) -> None:
        self.threads = self.cores = cores
        self._load = load
        self._clock = clock
        self._looked = clock()
        self._taken: deque[float] = deque(maxlen=_LOOKS_UP)

    def has_changed(self) -> bool:
        """Look at the load, at most twice a second, and tell whether ``threads`` is another number now."""
        if self._clock() - self._looked < _LOOK_SECONDS:
            return False
        self._looked = self._clock()
        self._taken.append(self._load.taken())
        wanted = self._wanted()
        if wanted == self.threads:
            return False
        self.threads = wanted
        self._taken.clear()
        return True

    def _wanted(self) -> int:
        """Return the least that the last looks leave when they agree on fewer, the most that they bear on more."""
        recent = list(self._taken)[-_LOOKS_DOWN:]
        if len(recent) == _LOOKS_DOWN and (fewer := self._left(min(recent), _TAKEN)) < self.threads:
            return fewer
        if len(self._taken) == _LOOKS_UP and (more := self._left(max(self._taken), _FREE)) > self.threads:
            return more
        return self.threads

    def _left(self, taken: float, share: float) -> int:
        """Return how many cores are left when others take ``taken``; less than ``share`` of one does not count."""
        whole = int(taken) + (taken - int(taken) > share)
        return min(max(self.cores - whole, 1), self.cores)


class TrainingThreads:
    """Sets how many threads train: a fixed number, or one that follows the machine and is recorded.

    ``record`` lists (images_seen, threads) in order. Sums come out differently, in their last bits, with another number
    of threads; so a training that goes on from a checkpoint repeats what was recorded before it follows the machine.
    """

    def __init__(self, count: ThreadCount | None, apply: Callable[[int], None]) -> None:
        self.record: list[ThreadChange] = []
        self._count = count
        self._apply = apply
        self._future: deque[ThreadChange] = deque()

    @property
    def in_use(self) -> tuple[int, int] | None:
        """The threads that train and the cores there are; None where the number is fixed."""
        return (self._count.threads, self._count.cores) if self._count else None

    def begin(self, record: Iterable[ThreadChange], images_seen: int) -> None:
        """Stand at ``images_seen`` of a training that recorded ``record``; what comes later in it comes again."""
        if self._count is None:
            return
        self.record = list(record) or [(images_seen, self._count.threads)]
        self._future = deque(self.record)
        self.replay(images_seen)

    def replay(self, images_seen: int) -> None:
        """Make the recorded changes up to ``images_seen``."""
        while self._future and self._future[0][0] <= images_seen:
            self._set(self._future.popleft()[1])

    def follow(self, images_seen: int) -> bool:
        """Follow the machine, unless a recorded change is still to come, and tell whether the record has grown."""
        if self._count is None or self._future or not self._count.has_changed():
            return False
        self.record.append((images_seen, self._count.threads))
        self._apply(self._count.threads)
        return True

    def _set(self, threads: int) -> None:
        assert self._count is not None
        self._count.threads = min(threads, self._count.cores)  # the record may be of a larger machine
        self._apply(self._count.threads)


def describe(threads: int, cores: int) -> str:
    """Say that fewer threads train than there are cores, and why; nothing where all do."""
    if threads >= cores:
        return ""
    return tr("{threads} of {cores} threads: other programs are busy", threads=threads, cores=cores)
