"""The one shape of whatever takes long: training, a film, reading pictures, listing runs, judging. Knows no threads.

A ``Job`` is a generator: it yields events, frozen records that tell how far it is, and returns its result. Whoever
wants the work done iterates in the thread that shall do it. So four things come for free, and the same everywhere:

- **pause** is not asking for the next event: nothing moves until somebody does;
- **cancel** is ``close()``, at any event. The job tidies up in its ``finally``: what it had begun to write is whole or
  gone, and a training is saved. It never yields once it was closed;
- **failure** is an exception from ``next``: ``UserError`` for what a person can mend, anything else is a defect;
- **jobs are made of jobs** by ``yield from``, which passes events, results and closing on.

A job begins with the first ``next``: making one costs nothing and changes nothing. It yields often enough that
somebody who waits for it to notice a wish does not get impatient (every 50 to 100 ms where it can), and first of all
before its first long breath. Most yield ``Progress``; a training yields ``engine.events.Event``.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

_Event = TypeVar("_Event")
_Result = TypeVar("_Result")

Job: TypeAlias = Generator[_Event, None, _Result]


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` (0: nobody knows) in ``unit``; ``what`` is a short text for a person, in their language."""

    done: int
    total: int
    what: str = ""
    unit: str = ""


class Canceled(Exception):
    """The job was closed before its end, because somebody wanted no more of it."""


def run(job: Job[_Event, _Result], tell: Callable[[_Event], object], may_go_on: Callable[[], bool]) -> _Result:
    """Do ``job`` to its end, ``tell`` each event, and return the result.

    ``may_go_on`` is asked after each event and may wait as long as it likes, which is a pause; where it says no, or
    anything raises, the job is closed. Raises ``Canceled``, and what the job raises.
    """
    with closing(job):
        while True:
            try:
                event = next(job)
            except StopIteration as end:
                result: _Result = end.value
                return result
            tell(event)
            if not may_go_on():
                raise Canceled


def result_of(job: Job[_Event, _Result]) -> _Result:
    """Do ``job`` to its end in one go and return the result; its events are told to nobody."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            result: _Result = end.value
            return result
