"""What a training, or a search, is doing, as the window tells it. Knows no thread and no widget."""

from __future__ import annotations

from enum import Enum, auto


class WorkState(Enum):
    """What work beside the window is doing; HALTED waits until a person says that the disk can be written again."""

    IDLE = auto()
    PREPARING = auto()
    WORKING = auto()
    PAUSED = auto()
    HALTED = auto()
    STOPPING = auto()

    @property
    def is_under_way(self) -> bool:
        """Whether steps are taken, or would be if nothing held them up."""
        return self in (WorkState.WORKING, WorkState.PAUSED, WorkState.HALTED)

    @property
    def is_at_work(self) -> bool:
        """Whether it computes."""
        return not self.rests and self is not WorkState.IDLE

    @property
    def rests(self) -> bool:
        """Whether the work waits for a person."""
        return self in (WorkState.PAUSED, WorkState.HALTED)

    @property
    def may_pause(self) -> bool:
        """Whether it can be paused, or resumed."""
        return self.rests or self is WorkState.WORKING

    @property
    def may_stop(self) -> bool:
        """Whether there is something to stop."""
        return self not in (WorkState.IDLE, WorkState.STOPPING)
