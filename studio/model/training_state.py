"""What a training is doing, as the window tells it. Knows no thread and no widget."""

from __future__ import annotations

from enum import Enum, auto


class TrainingState(Enum):
    """What the training is doing; HALTED waits until a person says that the disk can be written again."""

    IDLE = auto()
    PREPARING = auto()
    TRAINING = auto()
    PAUSED = auto()
    HALTED = auto()
    STOPPING = auto()

    @property
    def is_under_way(self) -> bool:
        """Whether steps are taken, or would be if nothing held them up."""
        return self in (TrainingState.TRAINING, TrainingState.PAUSED, TrainingState.HALTED)

    @property
    def rests(self) -> bool:
        """Whether the training waits for a person."""
        return self in (TrainingState.PAUSED, TrainingState.HALTED)
