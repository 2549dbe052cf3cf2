"""Whether a run is judged, and whether a judgment is still owed to it. Knows no torch, so that a window may ask."""

from __future__ import annotations

from collections.abc import Collection

from engine.config import Config
from engine.datasets.info import FEWEST_JUDGED
from engine.events import Quality


def judged_share(config: Config, image_count: int) -> float:
    """Return which share (0 to 1) of the time a judge may take; none where there are too few images to compare with."""
    return config.eval_time_percent / 100 if image_count >= FEWEST_JUDGED else 0.0


def owes_verdict(share: float, qualities: Collection[Quality], images_seen: int) -> bool:
    """Whether a training that ended after ``images_seen``, with these ``qualities``, was not judged at its end."""
    return share > 0 and all(quality.images_seen < images_seen for quality in qualities)
