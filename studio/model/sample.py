"""A sample that a person looks at closely, and what was found out about it. Knows no Qt and no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.model.snapshot import SnapshotRef

if TYPE_CHECKING:
    from engine.evaluation.sample_inspector import SampleReport


@dataclass(frozen=True, eq=False)
class Sample:
    """What the window knows at once of tile number ``tile`` of an epoch's sample grid.

    ``picture`` uint8 ``[H, W]`` or ``[H, W, 3]``; ``label``: the class asked for, -1 where none was; ``verdict``:
    the probability (0 to 1) of being real that D gave, None where it was not kept.
    """

    epoch: int
    tile: int
    picture: NDArray[np.uint8]
    label: int = -1
    verdict: float | None = None


@dataclass(frozen=True, eq=False)
class InspectedSample:
    """What looking closely at ``sample`` found; where D or G were not kept, ``report`` has no updates.

    ``origin``: whose pictures these are; ``remarks``: sentences for the person on what could not be looked at.
    """

    sample: Sample
    origin: SnapshotRef
    report: SampleReport
    remarks: tuple[str, ...] = ()

    @property
    def has_networks(self) -> bool:
        """Whether D and G of the moment could be asked."""
        return bool(self.report.updates)
