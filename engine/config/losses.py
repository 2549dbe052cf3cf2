"""What is known of each loss: one declaration, which rules, form, cures and diagnosis read.

The formulas are in ``engine.training.losses``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.i18n import mark


@dataclass(frozen=True)
class Loss:
    """``title`` is an English source text; ``defaults`` are the values that go with it in any family.

    ``has_targets``: D is told to give real images 1 and generated ones 0. ``compares``: a logit alone has no zero
    point, D only says which of two images is more real. ``is_critic``: its marks have no limit either, so that only a
    penalty keeps them small. ``absurd`` is a size that it reaches only when the weights were thrown far away.
    """

    title: str
    absurd: float
    has_targets: bool = False
    compares: bool = False
    is_critic: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)


LOSSES: dict[str, Loss] = {
    "nonsaturating": Loss(mark("non-saturating"), absurd=100.0, has_targets=True),
    "minimax": Loss(mark("minimax"), absurd=100.0, has_targets=True),
    "least_squares": Loss(mark("least squares"), absurd=1e4, has_targets=True),
    "hinge": Loss(mark("hinge"), absurd=1e4),
    "wasserstein": Loss(mark("Wasserstein"), absurd=1e4, compares=True, is_critic=True, defaults={"r1_gamma": 0.0}),
    "relativistic": Loss(mark("relativistic"), absurd=100.0, compares=True),
}
