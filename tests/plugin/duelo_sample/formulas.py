"""The formulas of the loss `saturating-hinge`."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from engine.losses.formulas import Formulas


def _discriminator(real: Tensor, fake: Tensor, _smoothing: float) -> Tensor:
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def _generator(_real: Tensor, fake: Tensor) -> Tensor:
    return F.relu(1 - fake).mean()


def _verdicts(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    return real.sigmoid(), fake.sigmoid()


SATURATING_HINGE = Formulas(_discriminator, _generator, _verdicts)
