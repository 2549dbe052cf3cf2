"""A training as a job: makes the trainer where it runs, in its thread, and passes on what it tells. Knows no Qt."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.config import Config
from engine.events import Event, Started
from engine.runs import RunFolder, UnnamedRun
from studio.model.run import Run
from studio.services.readers import read_record, resident_bytes

if TYPE_CHECKING:
    from engine.trainer import Trainer

_MEASURING_SECONDS = 0.5  # between two looks at the memory


@dataclass
class TrainingJob:
    """Trains ``config`` in ``path``, or in a new folder named after ``name``, with ``changes`` of live options.

    ``trainer`` is there as soon as it is made; ``has_begun`` tells that there is something to save, and no images are
    fetched or read any more. ``kept_images_seen``, the position of the newest checkpoint, comes when all has ended.
    ``parent_record`` is what a run that branched off exactly has from its parent, once it has begun, and ``run_name``
    what a person calls the run.
    ``watched``: its first step is told in stages. ``resident`` is how much memory this process had lately, in bytes.
    ``how`` is what else the trainer is told.
    """

    config: Config
    path: Path | None = None
    name: str = ""
    changes: Mapping[str, float] = field(default_factory=dict)
    how: Mapping[str, Any] = field(default_factory=dict)
    trainer: Trainer | None = None
    has_begun: bool = False
    parent_record: Run | None = None
    run_name: str = ""
    reads_record: bool = False
    watched: bool = False
    resident: int = 0
    kept_images_seen: int | None = None
    _measured: float = 0.0

    def events(self) -> Generator[Event, None, None]:
        """Train; closing this saves the run."""
        from engine.trainer import Trainer

        folder = RunFolder(self.path) if self.path else UnnamedRun(self.name)
        try:
            self.trainer = Trainer(self.config, folder, **self.how)
            for name, value in self.changes.items():
                self.trainer.change(name, value)
            if self.watched:
                self.trainer.request_stages()
            with closing(self.trainer.run()) as events:
                for event in events:
                    if isinstance(event, Started):
                        self._begin(event)
                    self._measure_memory()
                    yield event
        finally:
            self.kept_images_seen = folder.images_seen()

    def _begin(self, event: Started) -> None:
        self.has_begun, self.run_name = True, RunFolder(event.run).given_name()
        branch = self.how.get("branch_of")
        if self.reads_record or (branch is not None and branch.is_exact):
            self.parent_record = read_record(event.run)

    def _measure_memory(self) -> None:
        now = time.monotonic()
        if now >= self._measured + _MEASURING_SECONDS:
            self._measured, self.resident = now, resident_bytes()
