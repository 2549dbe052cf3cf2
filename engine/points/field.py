"""What both players make of the plane: D's opinion of every place in it, and where it pushes each generated point.

Works on copies in eval mode on the CPU, and draws no random numbers: training never notices. Knows no threads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.arrays import Arrays, Points
from engine.config import Config
from engine.datasets.batches import in_range
from engine.datasets.images import ImageData
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.evaluation.discriminator_session import DiscriminatorSession
from engine.i18n import tr
from engine.latent.generator_session import GeneratorSession
from engine.losses import LOSSES
from engine.points.scale import as_points
from engine.points.scatter import REACH

LATTICE = 48
"""Places along each side of the plane at which D is asked."""


@dataclass(frozen=True, eq=False)
class PlaneField:
    """All in units in which the real points lie from -1 to 1; ``engine.points.scale.to_own`` turns them into their own.

    ``opinion`` float32 ``[n, n]`` is the probability (0 to 1) of being real that D gives to places of the plane: rows
    from y = -``REACH`` up to ``REACH``, columns from x alike (``places``); None where there are more or fewer columns
    than two, or D only compares and no real points are at hand. ``points`` ``[M, C]`` are generated, and ``push``
    ``[M, C]`` is where G's loss sends each of them: minus its gradient by the point, through the frozen D. The longest
    is 1 long; ``strength`` is what all were divided by.
    """

    points: Points
    push: Points
    strength: float
    opinion: NDArray[np.float32] | None


def places(count: int = LATTICE) -> NDArray[np.float32]:
    """Return where the rows and the columns of a lattice lie, float32 ``[count]``."""
    return np.linspace(-REACH, REACH, count, dtype=np.float32)


class PlaneSession:
    """Both players of one run of points. ``data`` are its points, None where they are not at hand.

    Raises ``UserError`` where the run is none of points, or ``config`` and ``facts`` make no networks.
    """

    def __init__(self, config: Config, facts: DatasetInfo, data: ImageData | None = None) -> None:
        if not facts.is_points:
            raise UserError(
                tr("This run makes pictures: there is no plane to draw."),
                tr("Choose a run that was trained on points."),
            )
        self._config, self._columns = config, facts.columns
        self._generator = GeneratorSession(config, facts)
        self._opponent = DiscriminatorSession(config, facts, data)
        loss = LOSSES[config.loss]
        self._loss, self._compares = loss.formulas, loss.compares
        self._data = data

    def load(self, generator: Arrays, discriminator: Arrays) -> None:
        """Take over the networks of a moment; raises ``UserError``, and keeps what it had, if one does not fit."""
        self._opponent.load(discriminator)
        self._generator.load(generator)

    def generate(self, z: NDArray[np.float32]) -> Points:
        """Return the points ``[N, C]`` that G makes of ``z`` ``[N, z_dim]``; needs ``load``, raises ``UserError``."""
        labels = np.full(len(z), -1, np.int64)
        self._generator.check(z, labels)
        return as_points(np.asarray(self._generator.render(z, labels), np.float32))

    def field(self, z: NDArray[np.float32], lattice: int = LATTICE) -> PlaneField:
        """Return the points of ``z`` ``[N, z_dim]``, where they are pushed, and D's opinion of the plane at
        ``lattice`` × ``lattice`` places; needs ``load``, raises ``UserError``.
        """
        points = self.generate(z)
        push = self._push(points)
        strength = float(np.sqrt((push**2).sum(1)).max(initial=0.0))
        opinion = self._opinion(lattice) if points.shape[1] == 2 else None
        return PlaneField(points, push / strength if strength > 0 else push, strength, opinion)

    def _opinion(self, lattice: int) -> NDArray[np.float32] | None:
        across, up = np.meshgrid(places(lattice), places(lattice))
        where = np.stack([across, up], axis=2).reshape(-1, 2)
        told = self._opponent.verdicts(self._given(where), _none(len(where)))
        return None if told is None else told.reshape(lattice, lattice)

    def _push(self, points: Points) -> Points:
        """Return minus the gradient of G's loss on each of ``points`` ``[N, C]`` alone by that point."""
        if not len(points) or (self._compares and self._data is None):
            return np.zeros_like(points)
        with torch.enable_grad():
            given = self._given(points).requires_grad_()
            logits = self._opponent.network(given, _none(len(points))).logits
            loss = len(points) * self._loss.generator(self._real_logits(len(points)), logits)
            (gradient,) = torch.autograd.grad(loss, given)
        scale = 0.5 if self._config.data_range == "0..1" else 1.0
        return np.nan_to_num(as_points(gradient.mul(-scale).numpy()), posinf=0, neginf=0)

    @torch.no_grad()
    def _real_logits(self, count: int) -> Tensor:
        """Return D's logits of ``count`` real points for a loss that compares; no other looks at them."""
        if not self._compares or self._data is None:
            return torch.zeros(count)
        chosen = np.resize(np.arange(len(self._data.images)), count)
        real = in_range(torch.from_numpy(np.ascontiguousarray(self._data.images[chosen])), self._config.data_range)
        return self._opponent.network(real, _none(count)).logits

    def _given(self, points: Points) -> Tensor:
        """Return points ``[N, C]`` as D gets them, ``[N, C, 1, 1]`` in the data's range."""
        return in_range(torch.tensor(points)[:, :, None, None], self._config.data_range)


def _none(count: int) -> Tensor:
    return torch.full((count,), -1)
