"""The options of a training as they stand at a moment: the run's own, its recorded changes, and what a person wishes.

Knows no files: what changes is noted in the run's record, which whoever trains keeps.
"""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from engine.config import Config
from engine.events import Event, OptionChanged
from engine.runs.info import Change, RunInfo, with_change


class LiveOptions:
    """``config`` is what the next step obeys. ``wish`` may be called from any thread."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._wishes: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()
        self._recorded: deque[Change] = deque()

    def wish(self, name: str, value: float) -> None:
        """Give an option a new value when ``taken`` is asked next."""
        self._wishes.put((name, value))

    def begin(self, config: Config, changes: Iterable[Change], images_seen: int) -> None:
        """Stand at ``images_seen`` of a training with these options, whose ``changes`` come again at their moments."""
        self.config = config
        self._recorded = deque(changes)
        self.replay(images_seen)

    def replay(self, images_seen: int) -> None:
        """Make the recorded changes up to ``images_seen``."""
        while self._recorded and self._recorded[0][0] <= images_seen:
            _, name, value = self._recorded.popleft()
            self.config = self.config.changed(**{name: value})

    def apply(self, info: RunInfo, images_seen: int, write: Callable[[], Iterator[Event]]) -> Iterator[Event]:
        """Make what a person wished for, each a line in the record ``info``, which ``write`` keeps; tell each."""
        for change in self.taken(images_seen):
            info.changes = with_change(info.changes, change)
            yield from write()
            _, name, value = change
            yield OptionChanged(name, value, images_seen)

    def taken(self, images_seen: int) -> Iterator[Change]:
        """Make the changes that were wished for, and yield each.

        What a person wants now outlives what was recorded for later: that belongs to a future that was rolled back.
        """
        while not self._wishes.empty():
            name, value = self._wishes.get()
            self.config = self.config.changed(**{name: value})
            self._recorded = deque(change for change in self._recorded if change[1] != name)
            yield images_seen, name, value
