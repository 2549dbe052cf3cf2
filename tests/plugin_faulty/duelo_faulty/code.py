"""Networks that lack a method, a loss and a source that fail when they are asked."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from engine.architectures.generator import LabeledGenerator
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.datasets.source import Embedded
from engine.losses.formulas import NONSATURATING


def generator(_config: Config, _facts: DatasetInfo) -> nn.Module:
    """Return a generator, or try to."""
    return _Featureless()


discriminator = generator


class _Featureless(LabeledGenerator):
    """Has an entrance and nothing behind it."""

    @property
    def entrance(self) -> nn.Linear:
        return nn.Linear(1, 1)


def _divide(real: Tensor, _fake: Tensor, _smoothing: float) -> Tensor:
    return real.sum() * (1 // 0)


def _die() -> Any:
    raise KeyError("the images")


DIVIDING = NONSATURATING._replace(discriminator=_divide)
DYING = Embedded(_die)
