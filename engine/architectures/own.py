"""The architectures that come with Duelo, in one visible table. Knows no torch: each names the module of its networks.

``grace_steps`` were measured on five seeds of each recipe on the embedded digits (``pytest -m slow`` repeats that no
alarm is false), ``channels_last`` with bfloat16 on two cores: a step takes 4 % (`dcgan-fashion`) to 16 % (`multiscale`)
less, `pixelshuffle` and `progressive` would take 15 % more.
"""

from __future__ import annotations

from typing import Any

from engine.architectures.spec import Architecture
from engine.i18n import mark

_RECORDED = frozenset({"cuda_graph"})


def _adam(learning_rate: float, beta1: float, beta2: float = 0.999) -> dict[str, float]:
    """Return the options of one Adam for both players."""
    rates = {"g_lr": learning_rate, "d_lr": learning_rate}
    return rates | {"g_beta1": beta1, "d_beta1": beta1, "g_beta2": beta2, "d_beta2": beta2}


_KERAS = {"adam_epsilon": 1e-7}  # of those whose source is written in Keras and keeps its Adam

# What textbooks do not have: averaging, decay, penalties and class losses.
_TEXTBOOK: dict[str, Any] = {
    "ema_halflife_kimg": 0.0,
    "lr_decay_start": 1.0,
    "r1_gamma": 0.0,
    "aux_classifier_weight": 0.0,
    "g_batch_source": "new",
    "z_dim": 100,
}
_PYRAMID: dict[str, Any] = _adam(2e-3, 0.0, 0.99) | {"g_channels": 64, "d_channels": 64, "lr_decay_start": 0.6}

OWN = (
    Architecture(
        "pixelshuffle",
        mark("patches, conditional by projection"),
        "engine.architectures.pixelshuffle",
        grace_steps=150,
        help=mark("Few, wide convolutions on patches of 4×4 pixels: made for a CPU. You say which class."),
        is_conditional=True,
        reads_classes=True,
        fast_paths=_RECORDED,
    ),
    Architecture(
        "pixelshuffle-deep",
        mark("patches on three grids, for pictures of 64×64"),
        "engine.architectures.pixelshuffle_deep",
        grace_steps=1_000,
        help=mark(
            "The same with a coarser grid, on which a whole face is seen, and a finer one for its lines. You say "
            "which class."
        ),
        defaults={"g_lr": 3e-3, "r1_gamma": 4.0},
        is_conditional=True,
        reads_classes=True,
        fast_paths=_RECORDED,
    ),
    Architecture(
        "pixelshuffle-fine",
        mark("patches in two stages, conditional by projection"),
        "engine.architectures.pixelshuffle_fine",
        grace_steps=150,
        help=mark("Patches of 4×4 pixels by way of 2×2, so that strokes hold together. You say which class."),
        defaults={"d_lr": 2.4e-3, "d_beta2": 0.95},
        is_conditional=True,
        reads_classes=True,
        fast_paths=_RECORDED,
    ),
    Architecture(
        "mlp",
        mark("MLP"),
        "engine.architectures.mlp",
        grace_steps=11_000,
        help=mark("Three plain layers for each player, without convolutions: the oldest kind of GAN, and the fastest."),
        defaults=_TEXTBOOK
        | _adam(3e-4, 0.9)
        | {"g_channels": 150, "d_channels": 150, "z_dim": 30, "data_range": "0..1", "output": "none"}
        | {"d_loss_over": "mean", "batch_size": 32},
        fast_paths=_RECORDED | {"manual_mlp"},
    ),
    Architecture(
        "mlp-points",
        mark("MLP for points"),
        "engine.architectures.mlp",
        grace_steps=1_500,
        help=mark("Three plain layers for each player, for points in the plane and rows of a table."),
        defaults=_TEXTBOOK
        | _adam(1e-3, 0.5)
        | {"g_channels": 128, "d_channels": 128, "z_dim": 16, "output": "none", "batch_size": 128}
        | {"sample_rows": 16, "sample_columns": 32},
        takes_points=True,
        fast_paths=_RECORDED | {"manual_mlp"},
    ),
    Architecture(
        "dcgan-3-8",
        mark("DCGAN “3 and 8”"),
        "engine.architectures.dcgan_3_8",
        grace_steps=320,
        help=mark("Convolutions without batch norm in D, and dropout instead."),
        defaults=_TEXTBOOK
        | _KERAS
        | _adam(5e-4, 0.5)
        | {"g_channels": 128, "d_channels": 64, "d_dropout": 0.3, "g_batch_source": "double"},
        channels_last=True,
        fast_paths=_RECORDED,
    ),
    Architecture(
        "dcgan-tutorial",
        mark("DCGAN “tutorial”"),
        "engine.architectures.dcgan_tutorial",
        grace_steps=2_500,
        help=mark("The well-known first DCGAN, wide and without frills."),
        defaults=_TEXTBOOK
        | _KERAS
        | _adam(1e-4, 0.9)
        | {"g_channels": 256, "d_channels": 64, "d_dropout": 0.3, "batch_size": 256}
        | {"update_order": "simultaneous", "g_batch_source": "same"},
        channels_last=True,
        fast_paths=_RECORDED,
    ),
    Architecture(
        "dcgan-fashion",
        mark("DCGAN “fashion”"),
        "engine.architectures.dcgan_fashion",
        grace_steps=1_250,
        help=mark("A small DCGAN with batch norm in both players."),
        defaults=_TEXTBOOK
        | _adam(3e-4, 0.9)
        | {"g_channels": 128, "d_channels": 64, "d_loss_over": "mean", "eval_opponent": True, "batch_size": 32},
        batch_norm_in_d=True,
        channels_last=True,
        fast_paths=_RECORDED,
    ),
    Architecture(
        "embedding",
        mark("DCGAN, conditional by embedding"),
        "engine.architectures.embedding",
        grace_steps=1_200,
        help=mark("A DCGAN whose input is multiplied by a vector that each class learns. You say which class."),
        defaults=_TEXTBOOK
        | _adam(2e-4, 0.5)
        | {"g_channels": 256, "d_channels": 32, "concat_real_fake": False, "batch_size": 128},
        is_conditional=True,
        batch_norm_in_d=True,
        channels_last=True,
        fast_paths=_RECORDED,
    ),
    Architecture(
        "progressive",
        mark("progressive growing"),
        "engine.architectures.progressive",
        grace_steps=250,
        help=mark("Both players begin with small pictures and fade in finer layers. You say which class."),
        # at twice as much D's loss leapt to 50 now and then, and digits fell apart with it
        defaults=_PYRAMID | {"d_lr": 1e-3},
        is_conditional=True,
        is_progressive=True,
    ),
    Architecture(
        "multiscale",
        mark("multi-scale gradients"),
        "engine.architectures.multiscale",
        grace_steps=200,
        help=mark("G draws each picture in every size, and D judges all sizes together. You say which class."),
        defaults=_PYRAMID,
        is_conditional=True,
        is_multi_scale=True,
        channels_last=True,
        fast_paths=_RECORDED,
    ),
)
