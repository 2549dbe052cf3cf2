"""What is known of each family of networks: one declaration, which rules, form, cures and patience read.

It knows no torch; the networks themselves are in ``engine.architectures``, a module for each name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.i18n import mark


@dataclass(frozen=True)
class Family:
    """``title`` is an English source text; ``defaults`` are the values that are known to work, where they differ.

    ``patience_steps`` are those after which a healthy training draws recognisable and different pictures, with some to
    spare: measured on five seeds of each recipe on the embedded digits (``pytest -m slow`` repeats that no alarm is
    false). ``is_conditional``: G draws the label it is asked for. ``reads_classes``: D says which class it sees, so
    that a class loss can be followed. ``grows``: the networks change in the course of the training.
    ``batch_norm_in_d``: one verdict depends on the others of its batch. ``is_multi_scale``: D sees each picture in
    every size at once. ``channels_last``: trains faster where the channels of a pixel lie side by side in memory; with
    bfloat16 on two cores a step takes 4 % (`dcgan-fashion`) to 16 % (`multiscale`) less, `shuffle` and `growing` would
    take 15 % more.
    """

    title: str
    patience_steps: int
    defaults: Mapping[str, Any] = field(default_factory=dict)
    is_conditional: bool = False
    reads_classes: bool = False
    grows: bool = False
    batch_norm_in_d: bool = False
    is_multi_scale: bool = False
    channels_last: bool = False


def _adam(learning_rate: float, beta1: float, beta2: float = 0.999) -> dict[str, float]:
    """Return the options of one Adam for both players."""
    rates = {"g_lr": learning_rate, "d_lr": learning_rate}
    return rates | {"g_beta1": beta1, "d_beta1": beta1, "g_beta2": beta2, "d_beta2": beta2}


_KERAS = {"adam_epsilon": 1e-7}  # of the families whose source is written in Keras and keeps its Adam

# What textbooks do not have: averaging, decay, penalties and class losses.
_TEXTBOOK: dict[str, Any] = {
    "ema_halflife_kimg": 0.0,
    "decay_start": 1.0,
    "r1_gamma": 0.0,
    "class_weight": 0.0,
    "g_noise": "new",
    "z_dim": 100,
}
_PYRAMID: dict[str, Any] = _adam(2e-3, 0.0, 0.99) | {"g_channels": 64, "d_channels": 64, "decay_start": 0.6}

FAMILIES: dict[str, Family] = {
    "shuffle": Family(
        mark("patches, conditional by projection"), patience_steps=150, is_conditional=True, reads_classes=True
    ),
    "shuffle-deep": Family(
        mark("patches on two grids, for pictures of 64×64"),
        patience_steps=1_000,
        defaults={"g_lr": 3e-3, "r1_gamma": 4.0},
        is_conditional=True,
        reads_classes=True,
    ),
    "mlp": Family(
        mark("MLP"),
        patience_steps=11_000,
        defaults=_TEXTBOOK
        | _adam(3e-4, 0.9)
        | {"g_channels": 150, "d_channels": 150, "z_dim": 30, "data_range": "0..1", "output": "none"}
        | {"d_loss_over": "mean", "batch_size": 32},
    ),
    "dcgan-3-8": Family(
        mark("DCGAN “3 and 8”"),
        patience_steps=320,
        defaults=_TEXTBOOK
        | _KERAS
        | _adam(5e-4, 0.5)
        | {"g_channels": 128, "d_channels": 64, "d_dropout": 0.3, "g_noise": "double"},
        channels_last=True,
    ),
    "dcgan-tutorial": Family(
        mark("DCGAN “tutorial”"),
        patience_steps=2_500,
        defaults=_TEXTBOOK
        | _KERAS
        | _adam(1e-4, 0.9)
        | {"g_channels": 256, "d_channels": 64, "d_dropout": 0.3, "batch_size": 256}
        | {"order": "simultaneous", "g_noise": "same"},
        channels_last=True,
    ),
    "dcgan-fashion": Family(
        mark("DCGAN “fashion”"),
        patience_steps=1_250,
        defaults=_TEXTBOOK
        | _adam(3e-4, 0.9)
        | {"g_channels": 128, "d_channels": 64, "d_loss_over": "mean", "eval_opponent": True, "batch_size": 32},
        batch_norm_in_d=True,
        channels_last=True,
    ),
    "embedding": Family(
        mark("DCGAN, conditional by embedding"),
        patience_steps=1_200,
        defaults=_TEXTBOOK
        | _adam(2e-4, 0.5)
        | {"g_channels": 256, "d_channels": 32, "joined_batch": False, "batch_size": 128},
        is_conditional=True,
        batch_norm_in_d=True,
        channels_last=True,
    ),
    "growing": Family(
        mark("progressive growing"), patience_steps=250, defaults=_PYRAMID, is_conditional=True, grows=True
    ),
    "multiscale": Family(
        mark("multi-scale gradients"),
        patience_steps=200,
        defaults=_PYRAMID,
        is_conditional=True,
        is_multi_scale=True,
        channels_last=True,
    ),
}
