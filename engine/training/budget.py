"""How many images a training has: as many as the options say, or as many as fit into minutes, which takes measuring."""

from __future__ import annotations

from engine.config import Config
from engine.runs import RunInfo
from engine.training.schedule import EpochSchedule, TrainState, budget_from_minutes

MEASURE_SECONDS = 5.0
_UNKNOWN = 2**62


class Budget:
    """The images of a training, written into its ``info``: ``minutes`` stand there until they have become images."""

    def __init__(self, info: RunInfo) -> None:
        self._info = info
        self._in_steps = 0.0  # seconds since the beginning

    @property
    def is_known(self) -> bool:
        """Whether the number of images is fixed."""
        return self._info.minutes is None

    @property
    def total_images(self) -> int:
        """The real images of the whole training, 0 while they are not known."""
        return self._info.total_images if self.is_known else 0

    @property
    def schedule(self) -> EpochSchedule:
        """The epochs of the training, without an end while that is not known."""
        info = self._info
        return EpochSchedule(info.facts.image_count, self.total_images or _UNKNOWN, tuple(info.extensions))

    def stepped(self, seconds: float) -> None:
        """Note how long the steps of a tick took."""
        self._in_steps += seconds

    def is_measured(self, at: TrainState) -> bool:
        """Whether the minutes can become images by now."""
        if self._info.minutes is None:
            return False
        return at.seconds >= min(MEASURE_SECONDS, 30 * self._info.minutes)

    def resolve(self, config: Config, at: TrainState, seconds_of_lessons: float) -> bool:
        """Turn the minutes into images; whether a schedule should have begun by now, so that all begins again."""
        assert self._info.minutes is not None
        seconds = self._info.minutes * 60
        total, begins_again = budget_from_minutes(seconds, config, at, self._in_steps, seconds_of_lessons)
        self._info.config = self._info.config.changed(total_images=total)
        self._info.minutes = None
        self._in_steps *= not begins_again
        return begins_again

    def seconds_left(self, at: TrainState, images_per_second: float) -> float | None:
        """Return how long the training will still take, None where nobody knows."""
        if self._info.minutes is not None:
            return max(self._info.minutes * 60 - at.seconds, 0.0)
        return max(self.total_images - at.images_seen, 0) / images_per_second if images_per_second else None
