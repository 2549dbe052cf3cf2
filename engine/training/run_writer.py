"""Writes a training into its run and, where the disk refuses, says so and waits. Knows no networks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from engine.arrays import Arrays
from engine.errors import DiskError
from engine.events import Event, MetricsRow, WriteBlocked
from engine.job import Job
from engine.runs import AnyRun
from engine.training.session import Session

_Written = TypeVar("_Written")


class RunWriter:
    """Keeps in ``run`` what a ``session`` makes; nothing is lost, and training waits, while the disk refuses."""

    def __init__(self, run: AnyRun, session: Session, noise: Arrays) -> None:
        self.run = run
        self._session = session
        self._noise = noise
        self._written_step = session.state.step

    def retry_io(self, write: Callable[[], _Written]) -> Job[Event, _Written]:
        """Write, and where the disk refuses, say so and try again whenever asked for the next event."""
        while True:
            try:
                return write()
            except DiskError as error:
                self.log(error.message)
                yield WriteBlocked(self._session.state.images_seen, error.message, error.hint)
                with suppress(DiskError):  # a torn last line goes, and a folder that was removed comes back
                    if not self.run.exists():
                        self.run.restore_folder(self._session.info, self._noise)
                    self.run.truncate_metrics(self._written_step)

    def rows(self, rows: tuple[MetricsRow, ...]) -> Job[Event, None]:
        """Append rows, if there are any."""
        if rows:
            yield from self.retry_io(partial(self.run.append_metrics, rows))
            self._written_step = rows[-1].step

    def info(self) -> Job[Event, None]:
        """Write the run's record."""
        yield from self.retry_io(lambda: self.run.save_info(self._session.info))

    def log(self, text: str) -> None:
        """Append a line to the log, for which nobody waits."""
        log(self.run, text)


def log(run: AnyRun, text: str) -> None:
    """Append a line to the log of ``run``; where it cannot be written, nobody misses it."""
    with suppress(DiskError):
        run.log(text)
