"""One thread that answers the newest request of each kind: for what a person turns, drags and clicks.

Knows neither the engine nor any widget.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, NamedTuple, TypeVar

from studio.workers.bridge import Bridge

R = TypeVar("R")
IsStale = Callable[[], bool]


class _Request(NamedTuple):
    work: Callable[[IsStale], Any]
    then: Callable[[Any], object]
    otherwise: Callable[[Exception], object]


class LatestOnlyWorker:
    """Owns one thread, which lives from the first request until ``stop`` and begins with ``prepare``.

    Requests are answered in turns, those of a channel in the order of its first one not yet begun; answers come in the
    UI thread. A channel has one of its requests begun in ``pace`` seconds, and may have one before its time, so that
    what is asked for on another occasion is not late. ``forget`` says that nothing asked for so far is wanted any more.
    """

    def __init__(
        self, name: str, bridge: Bridge, prepare: Callable[[], object] = lambda: None, pace: float = 0.0
    ) -> None:
        self._name, self._bridge, self._prepare, self._pace = name, bridge, prepare, pace
        self._news = threading.Condition()
        self._requests: dict[Hashable, _Request] = {}
        self._free_at: dict[Hashable, float] = {}  # when what each channel had begun has had its time
        self._generation = 0
        self._is_stopped = False
        self._thread: threading.Thread | None = None

    def request(
        self,
        channel: Hashable,
        work: Callable[[IsStale], R],
        then: Callable[[R], object],
        otherwise: Callable[[Exception], object],
    ) -> None:
        """Do ``work`` in the thread; replaces the request of ``channel`` that is not yet begun. Any thread may ask.

        ``work`` is given a function that says whether its answer is no longer wanted. ``then`` gets what it returns,
        ``otherwise`` what it raises.
        """
        with self._news:
            if self._is_stopped:
                return
            is_new = channel not in self._requests
            self._requests[channel] = _Request(work, then, otherwise)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            if is_new:  # another is waited for already
                self._news.notify()

    @property
    def is_begun(self) -> bool:
        """Whether anything was asked for yet, so that there is a thread."""
        return self._thread is not None

    def forget(self) -> None:
        """Answer nothing that was asked for until now."""
        with self._news:
            self._generation += 1
            self._requests.clear()

    def stop(self) -> None:
        """End the thread after the work under way; nothing is answered any more. Does not wait."""
        with self._news:
            self._is_stopped = True
            self._generation += 1
            self._requests.clear()
            self._news.notify()

    def wait(self, end: float) -> None:
        """Wait until the thread has ended, or ``time.monotonic()`` is ``end``."""
        if self._thread is not None:
            self._thread.join(max(end - time.monotonic(), 0))

    # --- in the thread

    def _run(self) -> None:
        self._prepare()
        while (taken := self._take()) is not None:
            generation, request = taken
            answer: Callable[[], object]
            try:
                answer = partial(request.then, request.work(partial(self._is_stale, generation)))
            except Exception as error:  # the thread must outlive any work that cannot be done
                answer = partial(request.otherwise, error)
            self._bridge.hurry(self._answer, generation, answer)
            del taken, request, answer  # or this thread would keep what they hold while it waits

    def _take(self) -> tuple[int, _Request] | None:
        """Wait for a request whose time has come; None where there will be none any more."""
        with self._news:
            while not self._is_stopped:
                now = time.monotonic()
                rests = {channel: self._free_at.get(channel, 0.0) - self._pace - now for channel in self._requests}
                for channel, rest in rests.items():
                    if rest <= 0:
                        self._free_at[channel] = max(self._free_at.get(channel, 0.0), now) + self._pace
                        return self._generation, self._requests.pop(channel)
                self._news.wait(min(rests.values(), default=None))
        return None

    def _is_stale(self, generation: int) -> bool:
        return generation != self._generation

    def _answer(self, generation: int, answer: Callable[[], object]) -> None:
        if not self._is_stale(generation):
            answer()
