"""The formulas of the losses. Each takes logits ``[N]`` and returns a scalar mean; ``engine.losses`` names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor
from torch.nn import functional as F


class Formulas(NamedTuple):
    """What each player minimizes, and the verdicts that go with it.

    ``discriminator(real, fake, smoothing)`` and ``generator(real, fake)`` take logits; ``smoothing`` (0 to 0.5) lowers
    the target of real images where there is one. ``verdicts(real, fake)`` are the probabilities ``[N]`` of being
    real that D gives to the real and to the generated images.
    """

    discriminator: Callable[[Tensor, Tensor, float], Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]
    verdicts: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


def _cross_entropy_discriminator(real: Tensor, fake: Tensor, smoothing: float) -> Tensor:
    loss = F.softplus(-real).mean() + F.softplus(fake).mean()
    return loss + smoothing * real.mean() if smoothing else loss  # the cross-entropy with the target 1 - smoothing


def _nonsaturating_generator(_real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(-fake).mean()


def _minimax_generator(_real: Tensor, fake: Tensor) -> Tensor:
    return -F.softplus(fake).mean()


def _least_squares_discriminator(real: Tensor, fake: Tensor, smoothing: float) -> Tensor:
    return 0.5 * ((real - (1 - smoothing)).square().mean() + fake.square().mean())


def _least_squares_generator(_real: Tensor, fake: Tensor) -> Tensor:
    return 0.5 * (fake - 1).square().mean()


def _hinge_discriminator(real: Tensor, fake: Tensor, _smoothing: float) -> Tensor:
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def _wasserstein_discriminator(real: Tensor, fake: Tensor, _smoothing: float) -> Tensor:
    return fake.mean() - real.mean()


def _critic_generator(_real: Tensor, fake: Tensor) -> Tensor:
    return -fake.mean()


def _relativistic_discriminator(real: Tensor, fake: Tensor, _smoothing: float) -> Tensor:
    return F.softplus(fake - real).mean()


def _relativistic_generator(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(real - fake).mean()


def _logistic_verdicts(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    return real.sigmoid(), fake.sigmoid()


def _clamped_verdicts(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    return real.clamp(0, 1), fake.clamp(0, 1)


def _paired_verdicts(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    return (real - fake).sigmoid(), (fake - real).sigmoid()


# Binary cross-entropy; G is paid for images that D takes for real (Goodfellow et al., 2014, section 3).
NONSATURATING = Formulas(_cross_entropy_discriminator, _nonsaturating_generator, _logistic_verdicts)
# The same game as first written down: G minimizes log(1 - D), flat where D is sure (the same paper, eq. 1).
MINIMAX = Formulas(_cross_entropy_discriminator, _minimax_generator, _logistic_verdicts)
# Distance to 1 and 0 (Mao et al., 2017, arXiv:1611.04076, eq. 9); D's output is itself the verdict.
LSGAN = Formulas(_least_squares_discriminator, _least_squares_generator, _clamped_verdicts)
# Lim and Ye, 2017, arXiv:1705.02894; Miyato et al., 2018.
HINGE = Formulas(_hinge_discriminator, _critic_generator, _logistic_verdicts)
# Arjovsky et al., 2017, arXiv:1701.07875. A critic has no zero point, so that verdicts compare pairs.
WGAN = Formulas(_wasserstein_discriminator, _critic_generator, _paired_verdicts)
# D says which of two is more real (Jolicoeur-Martineau, 2018, RpGAN; Huang et al., 2024, arXiv:2501.05441).
RPGAN = Formulas(_relativistic_discriminator, _relativistic_generator, _paired_verdicts)
