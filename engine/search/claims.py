"""Who works on a trial, and whether its process is gone, so that no trial is lost and none is done twice.

Optuna's own heartbeats work for databases and inside ``Study.optimize`` only; this works for every storage, and on
the same machine tells a killed process at once. Knows no Optuna.
"""

from __future__ import annotations

import os
import platform
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from engine.errors import UserError

BEAT_SECONDS = 15.0
GRACE_SECONDS = 120.0
"""How long a worker on another machine may be silent before its trial is taken up by somebody else."""


@dataclass(frozen=True)
class Worker:
    """A process of a machine. ``born`` tells it from a later one with the same number."""

    host: str
    name: str
    pid: int
    born: float

    def is_gone(self) -> bool | None:
        """Whether the process has ended; None where it is of another machine, and nobody knows."""
        if self.host != _host():
            return None
        try:
            process = psutil.Process(self.pid)
            is_another = abs(process.create_time() - self.born) > 2.0
            return is_another or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:
            return False

    def facts(self) -> dict[str, Any]:
        """Return it as it is kept in a study."""
        return asdict(self)


def here() -> Worker:
    """Return the worker that this process is."""
    return Worker(_host(), platform.node(), os.getpid(), psutil.Process().create_time())


def worker_from(facts: object) -> Worker | None:
    """Return the worker of ``facts``; None where they are something else."""
    if not isinstance(facts, Mapping):
        return None
    try:
        host, name, pid, born = (facts[key] for key in ("host", "name", "pid", "born"))
        return Worker(str(host), str(name), int(pid), float(born))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


@cache
def _host() -> str:
    """Return what tells this machine, or container, from others: two may have the same name."""
    with suppress(OSError):
        return f"{platform.node()}/{uuid.getnode():x}/{Path('/proc/self/ns/pid').readlink()}"
    return f"{platform.node()}/{uuid.getnode():x}"


class Watch:
    """Tells which trials that others work on are stale; to be asked now and then."""

    def __init__(self, grace_seconds: float = GRACE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._grace, self._clock = grace_seconds, clock
        self._seen: dict[int, tuple[Any, float]] = {}

    def is_stale(self, number: int, worker: Worker | None, beat: Any) -> bool:
        """Whether nobody works on the trial ``number`` any more; ``beat`` is what its worker changes all the time."""
        gone = worker.is_gone() if worker else None
        if gone is not None:
            return gone
        now = self._clock()
        last, since = self._seen.get(number, (None, now))
        if number not in self._seen or beat != last:
            self._seen[number] = (beat, now)
            return False
        return now - since > self._grace


@contextmanager
def beating(beat: Callable[[int], object], every: float = BEAT_SECONDS) -> Iterator[None]:
    """Call ``beat`` with a number that grows, every so many seconds, from a thread of its own.

    So a search that is paused, or busy with one long breath, is alive for others.
    """
    over = threading.Event()

    def go_on() -> None:
        count = 0
        while not over.wait(every):
            count += 1
            with suppress(UserError):  # the next one may come through; whoever trains will hear of it, too
                beat(count)

    thread = threading.Thread(target=go_on, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
