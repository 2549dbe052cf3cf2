"""What the players are paid for, and what keeps D fair: what is known of each loss stands in ``LOSSES``, without torch.

Formulas, penalties and augmentation are in modules of their own.
"""

from engine.losses.own import OWN
from engine.losses.spec import Loss
from engine.registry import Registry

__all__ = ["LOSSES", "Loss"]

LOSSES = Registry("duelo.losses", Loss, OWN)
