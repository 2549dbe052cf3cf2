"""What is to be seen of a run of points: reads its networks and its data, and asks D what it says of the plane.

For a thread in the background: imports torch when the first networks come, and knows neither Qt nor threads.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Arrays, Points
from engine.datasets import catalog
from engine.datasets.images import ImageData
from engine.errors import UserError
from engine.latent.sampling import random_z
from engine.points.scale import to_own
from engine.runs import RunFolder, RunInfo
from studio.model.scatter import Scatter
from studio.services.readers import no_generator
from studio.services.real_points import blank, some_of

if TYPE_CHECKING:
    from engine.points.field import PlaneField, PlaneSession
    from engine.points.judge import PointJudge

_USUAL = 512  # points where the noise of the run is lost
_PUSHED = 128  # of the points: with more, no arrow could be told from the next one


class RunPoints:
    """Keeps the real points and the networks, so that the next moment is quick."""

    def __init__(self, path: Path, info: RunInfo) -> None:
        self._folder, self._info = RunFolder(path), info

    def at_epoch(self, epoch: int) -> tuple[int, Scatter]:
        """Return the epoch, the one asked for or the nearest that was kept, and its points; raises ``UserError``."""
        kept = self._folder.nearest_snapshot_epoch(epoch)
        if kept is None:
            raise no_generator(self._folder.path)
        return kept, self.of(self._folder.generator(kept), self._folder.discriminator(kept))

    def of(self, generator: Arrays, discriminator: Arrays) -> Scatter:
        """Return what is seen of both players of a moment; raises ``UserError`` where they do not fit."""
        self._session.load(generator, discriminator)
        return self._seen(self._session.field(self._z))

    def _seen(self, field: PlaneField) -> Scatter:
        columns = self._info.facts.columns
        made = to_own(field.points, columns)
        pushed = to_own(field.points[:_PUSHED] + field.push[:_PUSHED], columns) - made[:_PUSHED]
        return replace(self._blank, generated=made, realism=field.opinion, push=pushed, modes=self._modes(field.points))

    def _modes(self, points: Points) -> tuple[int, int] | None:
        """Return how many clouds of the data get their share of ``points`` ``[N, C]``; None where nobody knows any."""
        if self._judge is None:
            return None
        return self._judge.found(points[:, None, None, :])

    @cached_property
    def _judge(self) -> PointJudge | None:
        from engine.points.judge import PointJudge

        return PointJudge(self._data) if self._data is not None and self._data.class_names else None

    @cached_property
    def _data(self) -> ImageData | None:
        """The points of the run, None where they are not at hand, or others by now."""
        try:
            if not catalog.is_at_hand(self._info.config):
                return None
            data = catalog.load(self._info.config)
        except UserError:
            return None
        return data if data.facts == self._info.facts else None

    @cached_property
    def _blank(self) -> Scatter:
        return blank(self._info.facts, None if self._data is None else some_of(self._data))

    @cached_property
    def _session(self) -> PlaneSession:
        from engine.points.field import PlaneSession

        return PlaneSession(self._info.config, self._info.facts, self._data)

    @cached_property
    def _z(self) -> NDArray[np.float32]:
        """The noise of the run ``[N, z_dim]``, so that points move and do not jump from moment to moment."""
        config = self._info.config
        try:
            z = self._folder.noise()["z"]
        except (UserError, KeyError):
            z = np.zeros(0)
        return z if z.shape[1:] == (config.z_dim,) and len(z) else random_z(_USUAL, config.z_dim, config.seed)
