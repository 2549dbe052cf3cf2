"""Trainings that went wrong in public, as people told of them, set up again with our options and data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class PublicFailure(NamedTuple):
    """``issue`` is where it was told, ``told`` what was seen there; ``trouble`` is its right name.

    ``options`` change ``recipe``; a training of ``images`` shows it, one of ``cured_images`` whether it is cured.
    """

    issue: str
    told: str
    trouble: str
    recipe: str
    options: Mapping[str, Any]
    images: int = 40_000
    cured_images: int = 40_000


_DCGAN: dict[str, Any] = {"g_beta1": 0.5, "d_beta1": 0.5, "r1_gamma": 0.0, "aux_classifier_weight": 0.0}
_WGAN: dict[str, Any] = {"loss": "wgan_gp"}

PUBLIC: dict[str, PublicFailure] = {
    "wgan-2000": PublicFailure(
        "handspeaker/gan_practice#1",
        "WGAN-GP on MNIST: D's loss falls below -2000, G's climbs above 1000",
        "penalty-too-weak",
        "studio",
        _WGAN | {"gp_weight": 0.01, "g_lr": 2e-4, "d_lr": 2e-4},
    ),
    "wgan-10000": PublicFailure(
        "caogang/wgan-gp#54",
        "WGAN-GP with five updates of the critic: D's loss goes to -10,000, the penalty from 10 to 0 and to thousands",
        "penalty-too-weak",
        "studio",
        _WGAN | {"gp_weight": 0.001, "d_steps": 5, "g_lr": 1e-4, "d_lr": 1e-4},
        cured_images=80_000,
    ),
    "all-ones": PublicFailure(
        "wiseodd/generative-models#14",
        "a plain MLP, Adam 1e-3, sigmoid, batches of 128: every sample becomes the same",
        "d-wins",
        "mlp-fashion",
        {"output": "sigmoid", "batch_size": 128, "g_lr": 1e-3, "d_lr": 1e-3},
        images=400_000,
        cured_images=1_600_000,
    ),
    "g-loss-16": PublicFailure(
        "tdeboissiere/DeepLearningImplementations#11",
        "a DCGAN on MNIST: G's loss stays at 16.03 from the first epoch on; a slower D helped",
        "d-wins",
        "studio",
        _DCGAN | {"loss": "minimax", "g_lr": 2e-4, "d_lr": 2e-3},
    ),
    "d-runs-away": PublicFailure(
        "soumith/ganhacks#2",
        "G's error climbs without a spike from 0.76 to 4.97, D's falls from 0.6 to 0.007",
        "d-wins",
        "studio",
        _DCGAN | {"g_lr": 1e-4, "d_lr": 1.2e-3},
    ),
    "g-loss-0": PublicFailure(
        "carpedm20/DCGAN-tensorflow#105",
        "D's loss near 15, G's near 0, and samples that are only noise",
        "g-wins",
        "studio",
        _DCGAN | {"d_lr": 2e-6},
    ),
    "nan": PublicFailure(
        "manicman1999/StyleGAN2-Tensorflow-2.0#4",
        "NaN after a few minutes; a lower learning rate helped",
        "not-finite",
        "studio",
        {"g_lr": 0.1, "d_lr": 0.1},
    ),
    "one-digit": PublicFailure(
        "ratschlab/RGAN#27",
        "almost every picture is the same digit",
        "mode-collapse",
        "studio",
        _DCGAN | {"loss": "hinge", "d_lr": 4e-3},
    ),
}
