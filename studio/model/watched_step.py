"""One step under the magnifier, stage by stage as it was told; a person may look back. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.config import Config
from engine.events import StepStage


@dataclass
class WatchedStep:
    """The ``stages`` of a step under the options ``config`` so far, of which the one at ``place`` is looked at."""

    config: Config
    stages: list[StepStage] = field(default_factory=list)
    place: int = -1
    is_over: bool = False

    @property
    def shown(self) -> StepStage | None:
        """The stage that is looked at, None before there is one."""
        return self.stages[self.place] if self.stages else None

    @property
    def is_at_newest(self) -> bool:
        """Whether the newest stage is looked at."""
        return self.place == len(self.stages) - 1

    def add(self, stage: StepStage) -> None:
        """Take up the next stage, and look at it."""
        self.stages.append(stage)
        self.place = len(self.stages) - 1

    def look(self, way: int) -> bool:
        """Look ``way`` stages further on, or back where it is below 0; tells whether there is one that was told."""
        place = self.place + way
        if not 0 <= place < len(self.stages):
            return False
        self.place = place
        return True
